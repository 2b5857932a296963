"""What every endpoint answers with, and who asks it."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting

# Why a request was refused: a code for programs, a sentence for people. Not a class:
# `fields` is what Django REST framework calls something else there.
Problem = inline_serializer(
    "Problem",
    {
        "code": serializers.CharField(),
        "message": serializers.CharField(),
        "fields": serializers.DictField(required=False),
    },
)

BARRED: dict[int, Any] = {403: Problem, 404: Problem}
"""How whatever writes tells that it is not for the caller, where no rule can refuse."""
REFUSED: dict[int, Any] = BARRED | {422: Problem}
"""How whatever writes refuses; in an operation's answers beside the one that it gives."""


def refusal(code: int, reason: str, message: str) -> Response:
    """Return a refusal in the shape of every error of this API.

    What a service refuses needs none: `accounts.api.explain` tells it. This is for what
    an endpoint knows better than the service.
    """
    return Response({"code": reason, "message": message, "fields": {}}, status=code)


def answer(data: Any, *, created: bool) -> Response:
    """Return 201 for what is new and 200 for what was there."""
    code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
    return Response(data, status=code)


def told_once(response: Response, *names: str) -> Response:
    """Mark secrets of an answer: a repeated request under its key is told null.

    What is kept for repeated requests (`accounts.once`) then holds no secret either.
    """
    response.told_once = names  # type: ignore[attr-defined]
    return response


def acting_post(request: Request) -> Post | None:
    """Return the active post of whoever asks."""
    post: Post | None = getattr(request._request, "post", None)
    return post


def acting_with(request: Request, permission: Permission) -> Post:
    """Return the active post if it carries the permission; raise if not."""
    post = acting(request)
    if not post.may(permission):
        raise exceptions.PermissionDenied
    return post
