"""Accounts of others: opening, closing, unlocking, a new initial password."""

import datetime as dt
import secrets

from axes.utils import reset as reset_failures
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from accounts import audit
from accounts.models import Action, Post, User
from accounts.rules import grant_refusal
from accounts.sealing import Sealed, blind_index
from accounts.services.posts import grant_post, holding
from accounts.services.refusals import NotYours, Refused
from accounts.services.sessions import end_all_devices
from regions.models import Region
from regions.scoping import Scope, scope

# No 0/O, 1/l: an initial password is read out over the phone.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - an alphabet
INITIAL_PASSWORD_LENGTH = 12


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
    user = User(username=username, must_change_password=True)
    user.set_password(password)
    _save_known_by(user, name, phone)
    grant_post(user=user, role=role, region=region, by=by, on=on)
    audit.record(
        Action.ACCOUNT_OPENED,
        region=region.code,
        by=by.user,
        subject=f"{name}（{username}）",
    )
    return user, password


@transaction.atomic
def correct_account(*, user: User, name: str, phone: str, by: Post) -> None:
    """Correct a person's name, and the phone that he signs in by; empty leaves the phone.

    `user` stays as it was read. Raises NotYours where `by` is not over him, Refused where
    the phone is taken.
    """
    post = managed_post(user, by)
    row = User.objects.select_for_update().get(pk=user.pk)
    changed = [f"姓名：{row.name} → {name}"] if name != row.name else []
    _save_known_by(row, name, phone)
    changed += ["手机号"] if phone else []
    audit.record(
        Action.ACCOUNT_CORRECTED,
        region=post.region_id,
        by=by.user,
        subject=f"{name}（{user.username}）",
        reason="，".join(changed),
    )


def _save_known_by(user: User, name: str, phone: str) -> None:
    """Save by which name and phone a person is known. Raises Refused if it is another's."""
    user.name = name
    if phone:
        user.phone = Sealed.of(phone, "phone")
        user.phone_index = blind_index(phone)
    columns = None if user._state.adding else ["name", "phone", "phone_index"]
    try:
        with transaction.atomic():
            user.save(update_fields=columns)
    except IntegrityError as taken:
        raise Refused("用户名或手机号已被使用，请换一个，或联系上级核实。") from taken


def free_username(name: str) -> str:
    """Return a user name made of the pinyin of `name` that nobody has yet."""
    stem = "".join(part for part in lazy_pinyin(name) if part.isascii())
    stem = "".join(letter for letter in stem.lower() if letter.isalpha())[:30]
    stem = stem if len(stem) > 2 else f"{stem}user"
    taken = set(
        User.objects.filter(username__startswith=stem).values_list(
            "username", flat=True
        )
    )
    numbered = (f"{stem}{number}" for number in range(2, len(taken) + 3))
    return next(wanted for wanted in (stem, *numbered) if wanted not in taken)


@transaction.atomic
def reset_password(*, user: User, by: Post) -> str:
    """Give an initial password again, and sign the person out everywhere.

    A lock ends with it: whoever forgot his password has mostly tried too often.
    """
    post = managed_post(user, by)
    password = begin_anew(user)
    record_managed(Action.PASSWORD_RESET, post, by)
    return password


def begin_anew(user: User) -> str:
    """Let a person begin with an initial password, signed out everywhere; return it."""
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    reset_failures(username=user.username)
    end_all_devices(user)
    return password


@transaction.atomic
def unlock(*, user: User, by: Post) -> None:
    """Let a person whose account is locked try again at once."""
    post = managed_post(user, by)
    reset_failures(username=user.username)
    record_managed(Action.UNLOCKED, post, by)


@transaction.atomic
def close_account(*, user: User, by: Post) -> None:
    """Close an account: it cannot sign in, and is signed out everywhere."""
    post = managed_post(user, by)
    shut_out(user)
    record_managed(Action.ACCOUNT_CLOSED, post, by)


def shut_out(user: User) -> None:
    """Let a person sign in no more, and sign him out everywhere."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_all_devices(user)


@transaction.atomic
def reopen_account(*, user: User, by: Post) -> None:
    """Open a closed account again."""
    post = managed_post(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_managed(Action.ACCOUNT_OPENED, post, by)


def initial_password() -> str:
    """Return a random password that can be read out over the phone."""
    letters = [secrets.choice(PASSWORD_LETTERS) for _ in range(INITIAL_PASSWORD_LENGTH)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 12, 4))


def may_manage(user: User, by: Post) -> bool:
    """Return whether `by` may reset, unlock, close or reopen this account."""
    try:
        managed_post(user, by)
    except NotYours:
        return False
    return True


def managed_post(user: User, by: Post) -> Post:
    """Return the person's first post; raise NotYours unless `by` is over all of them.

    All, because whoever resets a password could use every post behind it.
    """
    posts = posts_behind(user, timezone.localdate())
    if user.pk == by.user_id or not posts:
        raise NotYours("这个账号不归您的职务管理，请联系上一级。")
    for post in posts:
        if grant_refusal(holding(by), holding(post), post.region.level):
            raise NotYours("这个账号不归您的职务管理，请联系上一级。")
    return posts[0]


def posts_behind(user: User, on: dt.date) -> list[Post]:
    """Return the posts that a password opens on the day `on` or later.

    Posts that have yet to begin count: who holds the password now will hold it then.
    Of a person without such posts it is the former ones, wherever they were.
    """
    with scope(Scope(0, 0, user=user.pk)), transaction.atomic():
        found = user.posts.select_related("region__parent").order_by("started_on", "id")
        posts = list(found)
    living = [post for post in posts if not post.is_over(on)]
    return living or posts[::-1]


def record_managed(action: Action, post: Post, by: Post) -> None:
    """Write to the log what `by` did to the account of the holder of `post`."""
    audit.record(
        action, region=post.region_id, by=by.user, subject=f"{post.user.name}：{post}"
    )
