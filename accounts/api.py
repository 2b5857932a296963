"""What every endpoint shares: session sign-in, declared access, one shape of error."""

from typing import TYPE_CHECKING, Any

from rest_framework import authentication, exceptions, permissions, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import declared
from accounts.answers import refusal
from accounts.middleware import by_token
from accounts.services import Refused

if TYPE_CHECKING:
    from rest_framework.views import APIView


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session; answers 401 rather than 403 to those who are not signed in."""

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which makes DRF answer 401."""
        return "Session"


class TokenAuthentication(authentication.BaseAuthentication):
    """A program's token, which the middleware has looked up already."""

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        """Return whoever the program reads for."""
        if not by_token(request._request):
            return None
        return request._request.user, "token"

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which makes DRF answer 401."""
        return "Bearer"


class DeclaredAccess(permissions.BasePermission):
    """The endpoint's declaration, as the middleware already enforced it."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Refuse an endpoint that declares nothing."""
        access = declared(view)
        if access is None:
            return False
        if not access.signed_in:
            return True
        post = getattr(request._request, "post", None)
        return request.user.is_authenticated and (
            access.permission is None or bool(post and post.may(access.permission))
        )


CODES = {
    status.HTTP_400_BAD_REQUEST: ("invalid", "提交的内容有误。"),
    status.HTTP_401_UNAUTHORIZED: ("not_authenticated", "请先登录。"),
    status.HTTP_403_FORBIDDEN: ("forbidden", "您的职务没有这项权限。"),
    status.HTTP_404_NOT_FOUND: ("not_found", "没有找到，或不在您的管理范围内。"),
    status.HTTP_405_METHOD_NOT_ALLOWED: ("method_not_allowed", "不支持这种操作。"),
    status.HTTP_409_CONFLICT: ("conflict", "别人刚改过，请刷新后再试。"),
    status.HTTP_406_NOT_ACCEPTABLE: ("not_acceptable", "这里只有 JSON。"),
    status.HTTP_412_PRECONDITION_FAILED: ("changed", "别人刚改过，请重新取一次再改。"),
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: ("too_large", "提交的内容太大。"),
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: (
        "unsupported",
        "请用 JSON 提交，写明 Content-Type: application/json。",
    ),
    status.HTTP_429_TOO_MANY_REQUESTS: ("throttled", "操作太频繁，请稍后再试。"),
    status.HTTP_500_INTERNAL_SERVER_ERROR: ("error", "系统出错了，没有保存。"),
    status.HTTP_503_SERVICE_UNAVAILABLE: ("away", "系统暂时不能用，请稍后再试。"),
}


def explain(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every error as `{"code", "message", "fields"}`.

    What a service refuses is told as its class says: 422, or 403 and 409.
    """
    from rest_framework.views import exception_handler

    if isinstance(exc, Refused):
        return refusal(exc.status, exc.code, str(exc))
    response = exception_handler(exc, context)
    if response is None:
        return None
    code, message = CODES.get(response.status_code, ("error", "没有完成。"))
    fields = response.data if isinstance(exc, exceptions.ValidationError) else {}
    response.data = {"code": code, "message": message, "fields": fields}
    return response
