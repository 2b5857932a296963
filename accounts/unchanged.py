"""ETag and If-Match for every endpoint: who edits an old state is told before he does.

The tag of a resource is the digest of what GET answers. It is compared in the
transaction of the write; where two write at the same moment, the services' own versions
and locks decide.
"""

import hashlib
from typing import TYPE_CHECKING, Any

from rest_framework import exceptions, permissions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

WRITING = frozenset({"PUT", "PATCH", "DELETE", "POST"})


class Changed(exceptions.APIException):
    """The resource is no longer what the caller saw."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "别人刚改过，请重新取一次再改。"
    default_code = "changed"


class Unchanged(permissions.BasePermission):
    """Lets a write through whose If-Match, if it has one, is what GET answers now."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Raise Changed for another state, and for a resource without any."""
        wanted = request.headers.get("If-Match")
        if wanted is None or request.method not in WRITING:
            return True
        if wanted.strip() != "*" and current(request, view) not in tags(wanted):
            raise Changed
        return True


class TaggedRenderer(JSONRenderer):
    """JSON whose answer to GET carries its tag, the same for each indent asked for."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        """Render, and set ETag on what can be asked for again."""
        content: bytes = super().render(data, accepted_media_type, renderer_context)
        response = (renderer_context or {}).get("response")
        request = (renderer_context or {}).get("request")
        if response is not None and request is not None and request.method == "GET":
            is_wide = self.get_indent(accepted_media_type or "", renderer_context)
            plain = super().render(data) if is_wide else content
            response.headers.setdefault("ETag", tag_of(plain))
        return content


def tags(header: str) -> set[str]:
    """Return the tags of an If-Match header; gzip makes them weak on their way."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def current(request: Request, view: "APIView") -> str | None:
    """Return the tag of what GET would answer; None where there is no GET."""
    answer: Any = getattr(view, "get", None)
    if answer is None:
        return None
    data = answer(request, *view.args, **view.kwargs).data
    return tag_of(JSONRenderer().render(data))


def tag_of(content: bytes) -> str:
    """Return the tag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
