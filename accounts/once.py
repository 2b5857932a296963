"""Idempotency-Key: a program that repeats a POST, not knowing whether it arrived.

The key is written in the transaction of what was asked for, so that either both are
there or none; a second request under it waits for the first and is answered the same.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts.models import SentOnce

KEPT = dt.timedelta(days=2)
LONGEST = 64
REPEATED = "这个 Idempotency-Key 已经发过别的内容，请换一个键。"
TOO_LONG = f"Idempotency-Key 最长 {LONGEST} 个字符，请缩短。"
View = Callable[..., Any]


class OnceMiddleware:
    """Answers a repeated POST of the API from what was answered before.

    Stands behind the middleware that opens the scope and asks for the right.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the view answer, once for each key of a person."""
        key = request.headers.get("Idempotency-Key", "")
        is_meant = request.method == "POST" and request.path.startswith("/api/")
        if not key or not is_meant or not request.user.is_authenticated:
            return None
        if len(key) > LONGEST:
            return _refused(400, "invalid", TOO_LONG)
        with transaction.atomic():
            return _answer(request, key, lambda: view(request, *args, **kwargs))


def _answer(request: HttpRequest, key: str, ask: Callable[[], Any]) -> HttpResponse:
    user: Any = request.user
    digest = _digest(request)
    sent, is_new = SentOnce.objects.get_or_create(
        user_id=user.pk,
        key=key,
        defaults={"digest": digest, "at": timezone.now()},
    )
    if not is_new:
        return _again(sent) if sent.digest == digest else _refused(409, "key", REPEATED)
    response: HttpResponse = ask()
    if hasattr(response, "render"):
        response.render()
    if response.status_code >= 400:  # nothing was done: the key is free again
        if not transaction.get_rollback():
            sent.delete()
        return response
    sent.status, sent.answer = response.status_code, _kept(response)
    sent.save(update_fields=["status", "answer"])
    return response


def _kept(response: HttpResponse) -> Any:
    """Return what a repeated request is answered: no secret is kept in clear."""
    answer = json.loads(response.content or "null")
    for name in getattr(response, "told_once", ()):
        answer[name] = None
    return answer


def _digest(request: HttpRequest) -> str:
    """Return what makes two requests the same: where to, and what."""
    said = request.get_full_path().encode() + b"\n" + request.body
    return hashlib.sha256(said).hexdigest()


def _again(sent: SentOnce) -> HttpResponse:
    if sent.answer is None:
        return HttpResponse(status=sent.status)
    return JsonResponse(sent.answer, status=sent.status, safe=False)


def _refused(status: int, code: str, message: str) -> HttpResponse:
    said = {"code": code, "message": message, "fields": {}}
    return JsonResponse(said, status=status)


def forget(now: dt.datetime) -> int:
    """Remove what nobody repeats any more; return how many."""
    return SentOnce.objects.filter(at__lt=now - KEPT).delete()[0]
