"""A person's own sessions: signing in and out, devices, password, active post."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.held import held_posts
from accounts.models import Action, Device, Post, User
from accounts.services.refusals import NotYours


def sign_in(*, request: HttpRequest, user: User, remember: bool = False) -> None:
    """Open a session for `user` on this browser and list it among his devices.

    The session gets a new key. `remember` counts for representatives alone: others
    work with everybody's data, often on computers that are not theirs.
    """
    login(request, user)
    now = timezone.now()
    remember = remember and may_be_remembered(held_posts(user, timezone.localdate()))
    forget_dead_devices(user, now)
    request.session["began"] = request.session["seen"] = now.timestamp()
    request.session["remembered"] = remember
    request.session.set_expiry(
        settings.SESSION_REMEMBERED_SECONDS
        if remember
        else settings.SESSION_IDLE_SECONDS
    )
    request.session.save()
    Device.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        label=device_label(request.headers.get("User-Agent", "")),
        address=audit.client_address(request),
        remembered=remember,
        signed_in_at=now,
        seen_at=now,
    )
    audit.record(Action.SIGN_IN, region=home_code(user), by=user, request=request)


def may_be_remembered(posts: list[Post]) -> bool:
    """Return whether the holder of these posts is a representative and nothing else."""
    return bool(posts) and all(post.role == "representative" for post in posts)


def living_devices(user: User, now: dt.datetime) -> QuerySet[Device]:
    """Return the browsers in which `user` is signed in, the latest used first."""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    own = Device.objects.filter(user=user, session_key__in=living)
    return own.order_by("-seen_at")


def forget_dead_devices(user: User, now: dt.datetime) -> None:
    """Drop devices whose session has run out; their rows would never be read again."""
    living = living_devices(user, now).order_by().values("pk")
    Device.objects.filter(user=user).exclude(pk__in=living).delete()


def rotate(request: HttpRequest) -> None:
    """Give the session a new key where its rights change; its device goes along."""
    old = request.session.session_key
    request.session.cycle_key()
    _follow(request, old)


def _follow(request: HttpRequest, old: str | None) -> None:
    new = request.session.session_key
    Device.objects.filter(session_key=old or "").update(session_key=new)


def record_failed_sign_in(*, typed: str, reason: str, request: HttpRequest) -> None:
    """Write a failed attempt to the access log, and a lock if it led to one.

    The line stands under the division of the account's post. What was typed for an
    account that does not exist is not kept: it may well be a password.
    """
    user = User.objects.by_login(typed)
    region = home_code(user) if user else audit.city_code()
    subject = user.name if user else "没有这个账号"
    for action, why in _failure_lines(request, reason):
        audit.record(
            action, region=region, by=user, subject=subject, reason=why, request=request
        )


def _failure_lines(request: HttpRequest, reason: str) -> list[tuple[Action, str]]:
    # django-axes leaves both marks on the request; it counts no failure while locked.
    locked = getattr(request, "axes_locked_out", False)
    counted = getattr(request, "axes_failures_since_start", None)
    if locked and counted is None:
        return [(Action.SIGN_IN_FAILED, "账号锁定中，没有核对密码")]
    lines = [(Action.SIGN_IN_FAILED, reason)]
    if locked:
        lines.append((Action.LOCKED, f"连续 {counted} 次输错"))
    return lines


def sign_out(request: HttpRequest) -> None:
    """Close this browser's session."""
    if isinstance(request.user, User):
        Device.objects.filter(session_key=request.session.session_key or "").delete()
        audit.record(
            Action.SIGN_OUT,
            region=home_code(request.user),
            by=request.user,
            request=request,
        )
    logout(request)


@transaction.atomic
def end_device(*, device: Device, by: User, request: HttpRequest) -> None:
    """Sign out another browser of the same person; NotYours if it is somebody else's."""
    if device.user_id != by.pk:
        raise NotYours("只能退出自己的设备。")
    Session.objects.filter(session_key=device.session_key).delete()
    device.delete()
    audit.record(
        Action.DEVICE_ENDED,
        region=home_code(by),
        by=by,
        subject=device.label,
        request=request,
    )


@transaction.atomic
def end_other_devices(*, by: User, request: HttpRequest) -> None:
    """Sign out every other browser of the person who asks."""
    end_all_devices(by, except_session=request.session.session_key)
    audit.record(
        Action.DEVICE_ENDED,
        region=home_code(by),
        by=by,
        subject="其他所有设备",
        request=request,
    )


def end_all_devices(user: User, *, except_session: str | None = None) -> None:
    """Sign out every browser of `user`, but for the session that asks."""
    devices = Device.objects.filter(user=user).exclude(session_key=except_session or "")
    keys = list(devices.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    devices.delete()


def device_label(agent: str) -> str:
    """Return what kind of device a User-Agent header speaks of, in plain words."""
    places = {
        "MicroMessenger": "微信",
        "Android": "安卓手机",
        "iPhone": "苹果手机",
        "iPad": "平板",
        "Windows": "Windows 电脑",
        "Macintosh": "苹果电脑",
        "Linux": "Linux 电脑",
    }
    return next((name for sign, name in places.items() if sign in agent), "其他设备")


def home_code(user: User) -> int:
    """Return the division that a person's own log lines belong to."""
    posts = held_posts(user, timezone.localdate())
    return posts[0].region_id if posts else audit.city_code()


@transaction.atomic
def change_password(*, user: User, password: str, request: HttpRequest) -> None:
    """Set a password that the person chose; other browsers are signed out."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    old = request.session.session_key
    update_session_auth_hash(request, user)  # else this session would end as well
    _follow(request, old)
    end_all_devices(user, except_session=request.session.session_key)
    audit.record(
        Action.PASSWORD_CHANGED, region=home_code(user), by=user, request=request
    )


def set_text_size(*, user: User, size: str) -> None:
    """Keep the 字号 that the person chose."""
    user.text_size = size
    user.save(update_fields=["text_size"])


def switch_post(*, request: HttpRequest, post: Post) -> None:
    """Make another of the person's own posts the active one of this session."""
    request.session["post"] = post.pk
    audit.record(
        Action.POST_SWITCHED,
        region=post.region_id,
        by=post.user,
        subject=str(post),
        request=request,
    )


def end_remembered(user: User) -> None:
    """Sign out the phones that stay signed in: they are for representatives alone."""
    for device in Device.objects.filter(user=user, remembered=True):
        Session.objects.filter(session_key=device.session_key).delete()
        device.delete()
