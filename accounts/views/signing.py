"""Signing in and out, and the size of the letters, which both sides of it share."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import public, signing_in
from accounts.backends import account_name
from accounts.forms.signing import SignInForm
from accounts.locks import cool_off, locked_until, minutes_until
from accounts.models import TextSize, User

SIZE_COOKIE = "text_size"
SIZE_COOKIE_SECONDS = 365 * 24 * 60 * 60
# The same for every cause: it must not say whether the account exists.
WRONG = "用户名（手机号）或密码不对，请检查后重新输入。"


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name or phone and password, and open a session."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        )
        if isinstance(user, User):
            return enter(request, user, remember=form.cleaned_data["remember"])
        services.record_failed_sign_in(
            typed=form.cleaned_data["username"], reason="密码不对", request=request
        )
        form.add_error(None, WRONG)
    context = {"form": form, "next": safe_next(request)}
    status = 422 if form.errors else 200
    return render(request, "accounts/sign-in.html", context, status=status)


def enter(request: HttpRequest, user: User, *, remember: bool) -> HttpResponse:
    """Open the session and go where the person wanted to."""
    target = safe_next(request) or settings.LOGIN_REDIRECT_URL
    services.sign_in(request=request, user=user, remember=remember)
    if remember and not request.session["remembered"]:
        messages.info(
            request,
            "“记住此手机”只给代表用。您的账号 30 分钟不操作会自动退出。",
        )
    return redirect(target)


def safe_next(request: HttpRequest) -> str:
    """Return the address that was asked for, if it is one of ours; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else ""


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Say that the account is locked, for how long, and who can unlock it.

    django-axes calls this in place of the answer. The same page for names that do not
    exist: they are locked as well, so that it tells nothing.
    """
    now = timezone.now()
    end = locked_until(account_name(request, credentials), now) or now + cool_off()
    context = {
        "minutes": minutes_until(end, now),
        "failures": settings.AXES_FAILURE_LIMIT,
        "again": request.path,
    }
    response = render(request, "accounts/locked.html", context, status=429)
    response.headers["Retry-After"] = str(int((end - now).total_seconds()) + 1)
    return response


@signing_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    services.sign_out(request)
    messages.success(request, "已退出登录。")
    return redirect(settings.LOGIN_URL)


@public
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the chosen 字号: with the person, and on this device for its sign-in page."""
    chosen = request.POST.get("size", "")
    response = HttpResponseRedirect(safe_next(request) or "/")
    if chosen not in TextSize.values:
        return response
    if isinstance(request.user, User):
        services.set_text_size(user=request.user, size=chosen)
    response.set_cookie(
        SIZE_COOKIE,
        chosen,
        max_age=SIZE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
