"""What can be done with accounts and posts. Every write names who does it."""

import datetime as dt
import secrets

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import user_has_device

from accounts import audit
from accounts.models import Action, Device, Post, User, held_posts
from accounts.rules import Holding, grant_refusal
from accounts.sealing import Sealed, blind_index
from regions.models import Region
from regions.scoping import span

# No 0/O, 1/l: an initial password is read out over the phone.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - an alphabet
INITIAL_PASSWORD_LENGTH = 12


class Refused(Exception):
    """What was asked cannot be done; the message tells the person why."""


def sign_in(*, request: HttpRequest, user: User, remember: bool = False) -> None:
    """Open a session for `user` on this browser and list it among his devices."""
    login(request, user)
    now = timezone.now()
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
        session_key=request.session.session_key,
        label=device_label(request.headers.get("User-Agent", "")),
        address=audit.client_address(request),
        remembered=remember,
        signed_in_at=now,
        seen_at=now,
    )
    audit.record(Action.SIGN_IN, region=home_code(user), by=user, request=request)


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
    """Sign out another browser of the same person."""
    Session.objects.filter(session_key=device.session_key).delete()
    device.delete()
    audit.record(
        Action.DEVICE_ENDED,
        region=home_code(by),
        by=by,
        subject=device.label,
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
    posts = held_posts(user.pk, timezone.localdate())
    return posts[0].region_id if posts else audit.city_code()


@transaction.atomic
def change_password(*, user: User, password: str, request: HttpRequest) -> None:
    """Set a password that the person chose; other browsers are signed out."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    end_all_devices(user, except_session=request.session.session_key)
    audit.record(
        Action.PASSWORD_CHANGED, region=home_code(user), by=user, request=request
    )


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    phone: str,
    role: str,
    region: Region,
    by: Post,
    on: dt.date,
) -> tuple[User, str]:
    """Open an account with its first post; return it and its initial password.

    Raises Refused where `by` may not fill the post, or name or phone are taken. The
    message is the same wherever they are taken, so that it tells nothing of others.
    """
    password = initial_password()
    user = User(username=username, name=name, must_change_password=True)
    if phone:
        user.phone = Sealed.of(phone, "phone")
        user.phone_index = blind_index(phone)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused("用户名或手机号已被使用，请换一个，或联系上级核实。") from taken
    grant_post(user=user, role=role, region=region, by=by, on=on)
    audit.record(
        Action.ACCOUNT_OPENED,
        region=region.code,
        by=by.user,
        subject=f"{name}（{username}）",
    )
    return user, password


@transaction.atomic
def grant_post(*, user: User, role: str, region: Region, by: Post, on: dt.date) -> Post:
    """Fill a post. Raises Refused where `by` may not, or the person holds it."""
    if by.user_id == user.pk:
        raise Refused("不能给自己任命职务。")
    refusal = grant_refusal(holding(by), _holding(role, region.code), region.level)
    if refusal:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                user=user, role=role, region=region, started_on=on, granted_by=by.user
            )
    except IntegrityError as twice:
        raise Refused(f"{user.name}已经担任这个职务。") from twice
    audit.record(
        Action.POST_GRANTED,
        region=region.code,
        by=by.user,
        subject=f"{user.name}：{post}",
    )
    return post


@transaction.atomic
def end_post(*, post: Post, by: Post, on: dt.date) -> None:
    """End a post from the day `on`; its access ends with the next request."""
    _refuse_unless_over(post, by)
    if post.ended_on:
        raise Refused("这个职务已经免去。")
    post.ended_on, post.ended_by = max(on, post.started_on), by.user
    post.save(update_fields=["ended_on", "ended_by"])
    audit.record(
        Action.POST_ENDED,
        region=post.region_id,
        by=by.user,
        subject=f"{post.user.name}：{post}",
    )


@transaction.atomic
def reset_password(*, user: User, by: Post) -> str:
    """Give an initial password again and sign the person out everywhere."""
    post = _managed_post(user, by)
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_all_devices(user)
    _record_managed(Action.PASSWORD_RESET, post, by)
    return password


@transaction.atomic
def unlock(*, user: User, by: Post) -> None:
    """Let a person whose account is locked try again at once."""
    from axes.utils import reset

    post = _managed_post(user, by)
    reset(username=user.username)
    _record_managed(Action.UNLOCKED, post, by)


@transaction.atomic
def close_account(*, user: User, by: Post) -> None:
    """Close an account: it cannot sign in, and is signed out everywhere."""
    post = _managed_post(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_all_devices(user)
    _record_managed(Action.ACCOUNT_CLOSED, post, by)


@transaction.atomic
def reopen_account(*, user: User, by: Post) -> None:
    """Open a closed account again."""
    post = _managed_post(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record_managed(Action.ACCOUNT_OPENED, post, by)


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


def needs_second_factor(user: User, posts: list[Post]) -> bool:
    """Return whether this person must confirm a second factor in this session."""
    required = any(post.kind.level in settings.TOTP_REQUIRED_LEVELS for post in posts)
    return required or user_has_device(user)


def initial_password() -> str:
    """Return a random password that can be read out over the phone."""
    letters = [secrets.choice(PASSWORD_LETTERS) for _ in range(INITIAL_PASSWORD_LENGTH)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 12, 4))


def holding(post: Post) -> Holding:
    """Return the post as `accounts.rules` sees it."""
    return _holding(post.role, post.region_id)


def _holding(role: str, code: int) -> Holding:
    wide = span(code)
    return Holding(role, (wide.lo, wide.hi))


def _managed_post(user: User, by: Post) -> Post:
    """Return the person's first post; raise Refused unless `by` is over all of them.

    All, because whoever resets a password could use every post behind it.
    """
    posts = held_posts(user.pk, timezone.localdate())
    posts = posts or list(user.posts.select_related("region__parent").order_by("-id"))
    if user.pk == by.user_id or not posts:
        raise Refused("这个账号不归您的职务管理，请联系上一级。")
    for post in posts:
        if grant_refusal(holding(by), holding(post), post.region.level):
            raise Refused("这个账号不归您的职务管理，请联系上一级。")
    return posts[0]


def _refuse_unless_over(post: Post, by: Post) -> None:
    refusal = grant_refusal(holding(by), holding(post), post.region.level)
    if refusal:
        raise Refused("这个职务不归您任免，请联系上一级。")


def _record_managed(action: Action, post: Post, by: Post) -> None:
    audit.record(
        action, region=post.region_id, by=by.user, subject=f"{post.user.name}：{post}"
    )
