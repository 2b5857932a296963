"""What is answered when a request cannot be: the causes that deserve their own page."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_SECONDS = 10


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to what is too large, else 400."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return static_page(413 if too_large else 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, else 500; neither page asks it anything."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = static_page(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return static_page(500, reference=getattr(request, "number", "")[:8])


def static_page(status: int, **context: str) -> HttpResponse:
    """Render an error page without the request: no session, no user, no database."""
    return HttpResponse(
        loader.get_template(f"{status}.html").render(context), status=status
    )
