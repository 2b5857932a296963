"""One door for every request: who asks, from which post, and may he."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import audit, services
from accounts.access import Access, declared
from accounts.models import Action, Device, Post, User
from regions.scoping import Scope, scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GetResponse = Callable[[HttpRequest], HttpResponse]


class PostRequest(HttpRequest):
    """A request as views see it: signed in, with the active post."""

    user: User
    posts: list[Post]
    post: Post | None


class AccessMiddleware:
    """Opens the active post's scope around the view and enforces its declaration."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the active post, open its scope, answer, and record a refusal."""
        number = uuid.uuid4().hex
        request.number = number  # type: ignore[attr-defined]
        request.posts, request.post = [], None  # type: ignore[attr-defined]
        with audit.answering(request):
            with scope(enter(request)):
                response = self.get_response(request)
            if response.status_code == 403:
                record_refusal(request)
        response.headers["X-Request-Id"] = number
        if request.user.is_authenticated:
            # A shared computer must not show the page again after signing out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Refuse, send to sign-in, or let the view answer."""
        access = declared(view)
        if access is None:
            name = f"{view.__module__}.{getattr(view, '__qualname__', view)}"
            raise ImproperlyConfigured(f"{name} does not declare its access")
        if not access.signed_in:
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if by_token(request):
            refuse_writing(request)
        elif not access.unfinished and (step := unfinished_step(request)):
            return ask_to_finish(request, step)
        return refuse_without_permission(request, access)


def enter(request: HttpRequest) -> Scope | None:
    """Find the posts of whoever asks; return the scope of the active one, or None."""
    if services.tokens.is_presented(request):
        return enter_by_token(request)
    if not request.user.is_authenticated:
        return None
    posts = request.user.held
    if not keep_session(request, posts):
        return None
    post = active_post(request, posts)
    request.posts, request.post = posts, post  # type: ignore[attr-defined]
    return post.scope(request=request.number) if post else None  # type: ignore[attr-defined]


def enter_by_token(request: HttpRequest) -> Scope | None:
    """Let a program read for whoever made its token; None for one that is not valid.

    A session that came along does not count: the token is all that was shown.
    """
    post = services.tokens.acting_for(request, timezone.now())
    request.user = post.user if post else AnonymousUser()
    request.by_token = post is not None  # type: ignore[attr-defined]
    if post is None:
        return None
    request.posts, request.post = [post], post  # type: ignore[attr-defined]
    return post.scope(request=request.number)  # type: ignore[attr-defined]


def refuse_without_permission(
    request: HttpRequest, access: Access
) -> HttpResponse | None:
    """Raise PermissionDenied unless the active post carries the permission."""
    post: Post | None = request.post  # type: ignore[attr-defined]
    if access.permission is None or (post and post.may(access.permission)):
        return None
    raise PermissionDenied(f"您现在的职务没有“{access.permission.label}”这项权限。")


def by_token(request: HttpRequest) -> bool:
    """Say whether a program asks, by a token, and not a person in a session."""
    return bool(getattr(request, "by_token", False))


def refuse_writing(request: HttpRequest) -> None:
    """Raise PermissionDenied where a program wants to do more than read."""
    if request.method not in SAFE:
        raise PermissionDenied("接口令牌只能读取，不能改动。")


def active_post(request: HttpRequest, posts: list[Post]) -> Post | None:
    """Return the post chosen in this session, else the oldest; never a union."""
    chosen = request.session.get("post")
    matching = [post for post in posts if post.pk == chosen]
    held = matching or posts
    return held[0] if held else None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer 401 to programs and htmx, and send browsers to the sign-in page."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"code": "not_authenticated", "message": "请先登录。", "fields": {}},
            status=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    sign_in = reverse(settings.LOGIN_URL)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in})
    return HttpResponseRedirect(f"{sign_in}?{urlencode({'next': way_back(request)})}")


def way_back(request: HttpRequest) -> str:
    """Return the page to go on with after signing in.

    Of a form that was sent too late it is the page the form stood on: its own address
    may not be one that can be opened. The sign-in page checks what it is given.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else "/"


def ask_to_finish(request: HttpRequest, step: str) -> HttpResponse:
    """Send a browser to what must be done first; tell a program."""
    if request.path.startswith("/api/"):
        message = "请先在网页上修改初始密码或完成二次验证。"
        said = {"code": "unfinished", "message": message, "fields": {}}
        return JsonResponse(said, status=403)
    if request.method != "GET":
        return redirect(step)
    target = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse(step)}?{target}")


def is_verified(request: HttpRequest) -> bool:
    """Return whether this session was confirmed with a second factor."""
    user: Any = request.user  # django_otp adds the method
    return bool(user.is_verified())


def unfinished_step(request: HttpRequest) -> str:
    """Return the URL name of what the person must do first, or an empty string.

    A second factor that is set up comes before the password: whoever has only the
    password must not be able to change it.
    """
    user: Any = request.user
    verified = is_verified(request)
    if not verified and user.has_factor:
        return "accounts:second-factor"
    if user.must_change_password:
        return "accounts:password"
    if not verified and services.is_required(request.posts):  # type: ignore[attr-defined]
        return "accounts:second-factor"
    return ""


def keep_session(request: HttpRequest, posts: list[Post]) -> bool:
    """Slide the idle time-out once a minute; end the session after its longest life.

    Sliding writes the session row, which once a minute is often enough.
    """
    now = timezone.now()
    began = request.session.get("began", now.timestamp())
    remembered = request.session.get("remembered", False)
    endless = remembered and services.may_be_remembered(posts)
    if not endless and now.timestamp() - began > settings.SESSION_ABSOLUTE_SECONDS:
        services.sign_out(request)
        return False
    seen = request.session.get("seen", 0.0)
    if now.timestamp() - seen >= 60:
        request.session["seen"] = now.timestamp()
        touch_device(request.session.session_key, now)
    return True


def touch_device(session_key: str | None, now: dt.datetime) -> None:
    """Note when a signed-in browser was last used."""
    Device.objects.filter(session_key=session_key or "").update(seen_at=now)


def record_refusal(request: HttpRequest) -> None:
    """Write a refusal to the access log, under the division of the person's post."""
    if not request.user.is_authenticated:
        return
    post: Post | None = request.post  # type: ignore[attr-defined]
    audit.record(
        Action.REFUSED,
        region=post.region_id if post else audit.city_code(),
        by=request.user,
        request=request,
    )
