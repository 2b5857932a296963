"""Requests keep the plans of their statements."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from regions.postgresql import plans


class PlansMiddleware:
    """Answers with plans that are kept, as far as the scope allows it (docs/adr/0021)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; jobs and commands, which pass no middleware, are planned each time."""
        with plans.kept(True):
            return self.get_response(request)
