"""What is answered when a request cannot be: the causes that deserve their own page."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults

from accounts.api import CODES

RETRY_SECONDS = 10


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to what is too large, else 400."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    status = 413 if too_large else 400
    return said(status) if is_program(request) else static_page(status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: to a program in the shape of every error, to people as a page."""
    if is_program(request):
        return said(403, str(exception))
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: to a program in the shape of every error, to people as a page."""
    if is_program(request):
        return said(404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, else 500; neither page asks it anything."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = said(503) if is_program(request) else static_page(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    if is_program(request):
        return said(500)
    return static_page(500, reference=getattr(request, "number", "")[:8])


def is_program(request: HttpRequest) -> bool:
    """Say whether a program asked, which wants no page."""
    return request.path.startswith("/api/")


def said(status: int, message: str = "") -> HttpResponse:
    """Return an error as every endpoint answers it."""
    code, usual = CODES[status]
    body = {"code": code, "message": message or usual, "fields": {}}
    return JsonResponse(body, status=status)


def static_page(status: int, **context: str) -> HttpResponse:
    """Render an error page without the request: no session, no user, no database."""
    return HttpResponse(
        loader.get_template(f"{status}.html").render(context), status=status
    )
