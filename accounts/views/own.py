"""One's own account: who I am, my devices, my password, my posts."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import signed_in, signing_in
from accounts.forms.signing import PasswordForm
from accounts.middleware import PostRequest, unfinished_step
from accounts.models import Device
from accounts.views.layout import layout
from accounts.views.signing import safe_next


@signed_in
def me(request: PostRequest) -> HttpResponse:
    """Show who I am here, where I am signed in, and how my account is protected."""
    context = {
        "layout": layout(request),
        "post": request.post,
        "posts": request.posts,
        "devices": services.living_devices(request.user, timezone.now()),
        "this_key": request.session.session_key,
        "second_factor": services.has_second_factor(request.user),
        "is_required": services.is_required(request.posts),
        "codes_left": services.recovery_codes_left(request.user),
    }
    return render(request, "accounts/me.html", context)


@signing_in
@sensitive_post_parameters()
def password(request: PostRequest) -> HttpResponse:
    """Change my password; an initial one must be changed before anything else."""
    if unfinished_step(request) == "accounts:second-factor":
        return redirect("accounts:second-factor")
    user, due = request.user, request.user.must_change_password
    form = PasswordForm(request.POST or None, user=user, ask_old=not due)
    if request.method == "POST" and form.is_valid() and knows_old(request, form):
        services.change_password(
            user=user, password=form.cleaned_data["new"], request=request
        )
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        after = safe_next(request) or "reports:home"
        return redirect(after if due else "accounts:me")
    context = {"layout": layout(request), "form": form, "due": due}
    status = 422 if form.errors else 200
    return render(request, "accounts/password.html", context, status=status)


def knows_old(request: PostRequest, form: PasswordForm) -> bool:
    """Check the present password the way signing in does: wrong ones are counted."""
    if "old" not in form.fields:
        return True
    username = request.user.username
    old = form.cleaned_data["old"]
    if authenticate(request, username=username, password=old):
        return True
    services.record_failed_sign_in(
        typed=username, reason="改密码时，现在的密码不对", request=request
    )
    form.add_error("old", "现在的密码不对，请重新输入。")
    return False


@signed_in
def posts(request: PostRequest) -> HttpResponse:
    """Choose which of my posts I work from; I never work from two at once."""
    if request.method == "POST":
        chosen = request.POST.get("post", "")
        wanted = [post for post in request.posts if str(post.pk) == chosen]
        if not wanted:
            raise Http404
        services.switch_post(request=request, post=wanted[0])
        messages.success(request, f"现在以“{wanted[0]}”的职务办事。")
        return redirect("reports:home")
    context = {"layout": layout(request), "posts": request.posts, "post": request.post}
    return render(request, "accounts/posts.html", context)


@signed_in
@require_POST
def device_end(request: PostRequest, pk: int) -> HttpResponse:
    """Sign one of my other devices out."""
    device = get_object_or_404(Device, pk=pk, user=request.user)
    if device.session_key == request.session.session_key:
        messages.info(request, "这是您正在用的设备，要退出请点“退出登录”。")
    else:
        services.end_device(device=device, by=request.user, request=request)
        messages.success(request, f"已退出：{device.label}。")
    return redirect("accounts:me")


@signed_in
@require_POST
def devices_end(request: PostRequest) -> HttpResponse:
    """Sign all my other devices out."""
    services.end_other_devices(by=request.user, request=request)
    messages.success(request, "其他设备都已退出。")
    return redirect("accounts:me")
