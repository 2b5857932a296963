"""Headers that Django does not set itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# A voice note and a photo are the person's own choice; a position is never asked for.
PERMISSIONS_POLICY = (
    "geolocation=(), camera=(self), microphone=(self), payment=(), usb=()"
)


class PermissionsPolicyMiddleware:
    """Tells the browser which of its devices these pages may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the header."""
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response
