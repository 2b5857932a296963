"""Which requests keep the plans of their statements."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest, HttpResponse

from regions.postgresql import plans


class PlansMiddleware:
    """Keeps them for lists, forms and visits; not for reports and dashboards.

    Those count whole tables, and each figure deserves a plan of its own: kept ones took
    a township's dashboard from 44 ms to 77 ms in the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with plans that are kept, until `process_view` decides otherwise."""
        with plans.kept(True), ExitStack() as stack:
            request.plans = stack  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> None:
        """Have a report, a dashboard or a feed of either planned for what it asks."""
        if getattr(view, "cls", view).__module__.startswith("reports."):
            request.plans.enter_context(plans.kept(False))  # type: ignore[attr-defined]
