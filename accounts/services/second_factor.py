"""The second factor: a six-digit code from the phone (TOTP), and recovery codes.

The recovery codes are kept as keyed hashes only; each can be used once. django-otp
counts wrong codes and makes the next attempt wait longer each time.
"""

import secrets
import unicodedata

import django_otp
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.models import ThrottlingMixin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import audit
from accounts.models import Action, Post, User
from accounts.sealing import blind_index
from accounts.services.people import PASSWORD_LETTERS, managed_post, record_managed
from accounts.services.refusals import Refused
from accounts.services.sessions import end_all_devices, home_code, rotate

RECOVERY_CODES = 10
RECOVERY_LETTERS = 10
STORED_LETTERS = 16  # what a StaticToken's column holds; 64 bits of the hash
NAME = "手机验证器"
SHORT_WAIT = 2  # seconds: nobody types faster


def needs_second_factor(user: User, posts: list[Post]) -> bool:
    """Return whether this person must confirm a second factor in this session."""
    return is_required(posts) or has_second_factor(user)


def is_required(posts: list[Post]) -> bool:
    """Return whether one of the posts stands at a level that must have one."""
    return any(post.kind.level in settings.TOTP_REQUIRED_LEVELS for post in posts)


def has_second_factor(user: User) -> bool:
    """Return whether this person has set up a second factor."""
    # Recovery codes exist only beside such a device.
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def offered_device(user: User) -> TOTPDevice:
    """Return the device that is being set up: the same secret until it is confirmed."""
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("-id")
    return waiting.first() or TOTPDevice.objects.create(
        user=user, name=NAME, confirmed=False
    )


@transaction.atomic
def enrol(*, user: User, code: str, request: HttpRequest) -> list[str]:
    """Confirm the offered device with its first code; return new recovery codes.

    It replaces the device before it, and signs the person out elsewhere. Raises
    Refused where the code is wrong.
    """
    device = offered_device(user)
    if not device.verify_token(plain_code(code)):
        raise Refused(_why_not(device))
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _confirm_session(request, device)
    end_all_devices(user, except_session=request.session.session_key)
    codes = _new_codes(user)
    _record(user, "开启", request)
    return codes


def verify(*, user: User, code: str, request: HttpRequest) -> None:
    """Confirm this session with a code from the phone or a recovery code.

    Raises Refused where the code is wrong, was used already, or came too soon after
    a wrong one. The count of wrong codes must be kept: do not roll it back.
    """
    typed = plain_code(code)
    with transaction.atomic():
        device = _device_for(user, typed)
        accepted = device is not None and device.verify_token(_token(device, typed))
    if device is None or not accepted:
        _record_wrong(user, request)
        raise Refused(_why_not(device))
    _confirm_session(request, device)
    if isinstance(device, StaticDevice):
        left = device.token_set.count()
        _record(user, f"用了一个恢复码，还剩 {left} 个", request)


@transaction.atomic
def renew_codes(*, user: User, request: HttpRequest) -> list[str]:
    """Replace all recovery codes; return the new ones, which are not kept in clear."""
    codes = _new_codes(user)
    _record(user, "重新生成恢复码", request)
    return codes


@transaction.atomic
def remove(*, user: User, posts: list[Post], request: HttpRequest) -> None:
    """Do without a second factor. Raises Refused where the post must have one."""
    if is_required(posts):
        raise Refused("您的职务按规定必须用二次验证，不能关闭。")
    forget(user)
    _record(user, "关闭", request)


@transaction.atomic
def reset(*, user: User, by: Post) -> None:
    """Take the second factor off an account whose phone and codes are lost."""
    post = managed_post(user, by)
    forget(user)
    end_all_devices(user)
    record_managed(Action.SECOND_FACTOR, post, by)


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    found = StaticDevice.objects.filter(user=user).first()
    return int(found.token_set.count()) if found else 0


def plain_code(typed: str) -> str:
    """Return a code without blanks, dashes and full-width letters."""
    folded = unicodedata.normalize("NFKC", typed).lower()
    return "".join(letter for letter in folded if letter.isalnum())


def stored_code(plain: str) -> str:
    """Return what is kept of a recovery code."""
    return blind_index(f"recovery:{plain}")[:STORED_LETTERS]


def _device_for(user: User, typed: str) -> TOTPDevice | StaticDevice | None:
    kind = TOTPDevice if typed.isdigit() and len(typed) == 6 else StaticDevice
    # Locked, so that two requests cannot both use one code.
    held = kind.objects.select_for_update().filter(user=user, confirmed=True)
    found: TOTPDevice | StaticDevice | None = held.first()
    return found


def _token(device: TOTPDevice | StaticDevice, typed: str) -> str:
    return typed if isinstance(device, TOTPDevice) else stored_code(typed)


def _why_not(device: ThrottlingMixin | None) -> str:
    details = device.verify_is_allowed()[1] if device else None
    until = details.get("locked_until") if details else None
    seconds = int((until - timezone.now()).total_seconds()) + 1 if until else 0
    if seconds <= SHORT_WAIT:
        return "验证码不对，或已经用过。请等手机上换了新的 6 位数字，再输入一次。"
    return f"验证码不对。请等 {seconds} 秒，再输入手机上新的 6 位数字。"


def _confirm_session(request: HttpRequest, device: TOTPDevice | StaticDevice) -> None:
    django_otp.login(request, device)
    rotate(request)


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    plain = [
        "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(RECOVERY_LETTERS))
        for _ in range(RECOVERY_CODES)
    ]
    for code in plain:
        device.token_set.create(token=stored_code(code))
    return [f"{code[:5]}-{code[5:]}" for code in plain]


def forget(user: User) -> None:
    """Take the second factor off, with its recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _record(user: User, what: str, request: HttpRequest) -> None:
    audit.record(
        Action.SECOND_FACTOR,
        region=home_code(user),
        by=user,
        subject=what,
        request=request,
    )


def _record_wrong(user: User, request: HttpRequest) -> None:
    audit.record(
        Action.SIGN_IN_FAILED,
        region=home_code(user),
        by=user,
        subject=user.name,
        reason="二次验证的验证码不对",
        request=request,
    )
