"""A POST that is repeated, not knowing whether it arrived, makes one thing.

A program says so by an Idempotency-Key. A page is known by its own CSRF token, which
looks different on each page that is drawn, and by all that was filled in.

The key is written in the transaction of what was asked for, so that either both are
there or none; a second request under it waits for the first and is answered the same.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils import timezone

from accounts.models import SentOnce

KEPT = dt.timedelta(days=2)
LONGEST = 64
REPEATED = "这个 Idempotency-Key 已经发过别的内容，请换一个键。"
TOO_LONG = f"Idempotency-Key 最长 {LONGEST} 个字符，请缩短。"
PAGE_REPEATED = "这一页刚才已经收到，没有重复登记。"
CSRF = "csrfmiddlewaretoken"
View = TypeVar("View", bound=Callable[..., Any])


def once(view: View) -> View:
    """Declare that a page, sent twice as it was, makes one thing.

    For pages that make something and whose form carries no id of it: a second tap, or
    a browser that asks again after an answer was lost, ends where the first did.
    """
    view.is_once = True  # type: ignore[attr-defined]
    return view


def shown_once(response: HttpResponse, *, leads: str) -> HttpResponse:
    """Mark a page with a secret that is not kept: asked for again, it leads on to `leads`."""
    response.leads = leads  # type: ignore[attr-defined]
    return response


class OnceMiddleware:
    """Answers a repeated POST from what was answered before.

    Stands behind the middleware that opens the scope and asks for the right.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the view answer, once for each key of a person."""
        key = _key(request, view) if request.method == "POST" else ""
        if not key or not request.user.is_authenticated:
            return None
        if len(key) > LONGEST:
            return _refused(400, "invalid", TOO_LONG)
        with transaction.atomic():
            return _answer(request, key, lambda: view(request, *args, **kwargs))


def _key(request: HttpRequest, view: Callable[..., Any]) -> str:
    """Return what a request is known by; nothing for one that is done each time."""
    if request.path.startswith("/api/"):
        return request.headers.get("Idempotency-Key", "")
    is_once = getattr(view, "is_once", False) and CSRF in request.POST
    return _digest(request) if is_once else ""


def _answer(request: HttpRequest, key: str, ask: Callable[[], Any]) -> HttpResponse:
    user: Any = request.user
    digest = _digest(request)
    sent, is_new = SentOnce.objects.get_or_create(
        user_id=user.pk,
        key=key,
        defaults={"digest": digest, "at": timezone.now()},
    )
    if not is_new:
        is_same = sent.digest == digest
        return _again(request, sent) if is_same else _refused(409, "key", REPEATED)
    response: HttpResponse = ask()
    if hasattr(response, "render"):
        response.render()
    if not _is_done(request, response):  # the key is free again
        if not transaction.get_rollback():
            sent.delete()
        return response
    sent.answer = _kept(response)
    sent.status = HTTPStatus.FOUND if _leads(response) else response.status_code
    sent.save(update_fields=["status", "answer"])
    return response


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether what was asked for is there: a page then leads on."""
    if request.path.startswith("/api/"):
        return response.status_code < HTTPStatus.BAD_REQUEST
    return bool(_leads(response))


def _leads(response: HttpResponse) -> str:
    """Return where a page leads that has done what was asked for."""
    leads: str = getattr(response, "leads", getattr(response, "url", ""))
    return leads


def _kept(response: HttpResponse) -> Any:
    """Return what a repeated request is answered: no secret is kept in clear."""
    if leads := _leads(response):
        return {"leads": leads}
    answer = json.loads(response.content or "null")
    for name in getattr(response, "told_once", ()):
        answer[name] = None
    return answer


def _digest(request: HttpRequest) -> str:
    """Return what makes two requests the same: where to, and what."""
    where = request.get_full_path().encode()
    return hashlib.sha256(where + b"\n" + _content(request)).hexdigest()


def _content(request: HttpRequest) -> bytes:
    """Return all that was sent; a form's files, read by now, by name and size."""
    if request.path.startswith("/api/"):
        return request.body
    files = [
        (name, [(one.name, one.size) for one in some])
        for name, some in request.FILES.lists()
    ]
    return repr((sorted(request.POST.lists()), sorted(files))).encode()


def _again(request: HttpRequest, sent: SentOnce) -> HttpResponse:
    if sent.answer and sent.status == HTTPStatus.FOUND:
        messages.info(request, PAGE_REPEATED)
        return HttpResponseRedirect(sent.answer["leads"])
    if sent.answer is None:
        return HttpResponse(status=sent.status)
    return JsonResponse(sent.answer, status=sent.status, safe=False)


def _refused(status: int, code: str, message: str) -> HttpResponse:
    said = {"code": code, "message": message, "fields": {}}
    return JsonResponse(said, status=status)


def forget(now: dt.datetime) -> int:
    """Remove what nobody repeats any more; return how many."""
    return SentOnce.objects.filter(at__lt=now - KEPT).delete()[0]
