"""Setting up the second factor, and confirming a session with it."""

from base64 import b32encode

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.access import signed_in, signing_in
from accounts.forms.signing import CodeForm
from accounts.middleware import PostRequest, is_verified, unfinished_step
from accounts.services import Refused
from accounts.views.layout import layout
from accounts.views.signing import safe_next

QR_COLOUR = "#0e3568"


@signing_in
@sensitive_post_parameters()
def second_factor(request: PostRequest) -> HttpResponse:
    """Confirm this session with a code, or set the second factor up."""
    if unfinished_step(request) == "accounts:password":
        return redirect("accounts:password")
    if services.has_second_factor(request.user) and not is_verified(request):
        return confirm(request)
    return enrol(request)


def confirm(request: PostRequest) -> HttpResponse:
    """Ask for the code that the person's phone shows now."""
    form = CodeForm(request.POST or None)
    form.fields[
        "code"
    ].help_text = "手机验证器上的 6 位数字；手机不在身边，用一个恢复码。"
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            services.verify(user=request.user, code=code, request=request)
        except Refused as wrong:
            form.add_error("code", str(wrong))
        else:
            step = unfinished_step(request)
            return redirect(step or safe_next(request) or "reports:home")
    return _render(request, "accounts/second-factor.html", {"form": form})


def enrol(request: PostRequest) -> HttpResponse:
    """Show the secret as QR code and letters; take the first code; show recovery codes."""
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = "手机验证器上现在显示的 6 位数字。"
    del form.fields["code"].widget.attrs["autofocus"]  # read first, then type
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            codes = services.enrol(user=request.user, code=code, request=request)
        except Refused as wrong:
            form.add_error("code", str(wrong))
        else:
            return show_codes(request, codes)
    device = services.offered_device(request.user)
    context = {
        "form": form,
        "qr": segno.make(device.config_url, error="m").svg_data_uri(
            scale=5, border=2, dark=QR_COLOUR
        ),
        "secret": grouped_secret(device),
        "required": services.is_required(request.posts),
        "replacing": services.has_second_factor(request.user),
    }
    return _render(request, "accounts/second-factor-new.html", context)


def show_codes(request: PostRequest, codes: list[str]) -> HttpResponse:
    """Show new recovery codes, this once: they are not kept in clear."""
    context = {"layout": layout(request), "codes": codes, "person": request.user}
    return render(request, "accounts/recovery-codes.html", context)


@signed_in
@require_POST
def codes_renew(request: PostRequest) -> HttpResponse:
    """Make new recovery codes; the old ones end."""
    if not is_verified(request):
        return redirect("accounts:second-factor")
    codes = services.renew_codes(user=request.user, request=request)
    return show_codes(request, codes)


@signed_in
def second_factor_remove(request: PostRequest) -> HttpResponse:
    """Ask whether to do without a second factor, then do."""
    if request.method == "POST":
        try:
            services.remove(user=request.user, posts=request.posts, request=request)
        except Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, "二次验证已关闭，以后只用密码登录。")
        return redirect("accounts:me")
    return _render(request, "accounts/second-factor-remove.html", {})


def grouped_secret(device: TOTPDevice) -> str:
    """Return the secret in groups of four letters, for typing it in by hand."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def _render(
    request: PostRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    form = context.get("form")
    status = 422 if isinstance(form, CodeForm) and form.errors else 200
    context |= {"layout": layout(request)}
    return render(request, template, context, status=status)
