"""How a representative signs in: the account, its post, and when that ends."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Greatest

from accounts import audit
from accounts.models import Action, Post, User
from accounts.services import Refused, grant_post, open_account
from regions.models import Region
from representatives.models import Representative


@transaction.atomic
def open_sign_in(
    *, representative: Representative, username: str, phone: str, by: Post, on: dt.date
) -> str:
    """Open an account for a serving representative; return its initial password.

    Raises Refused where `by` may not, name or phone are taken, or he has one or has
    left office.
    """
    _refuse_unless_serving(representative)
    user, password = open_account(
        username=username,
        name=representative.name,
        phone=phone,
        role="representative",
        region=Region.objects.get(pk=representative.region_id),
        by=by,
        on=on,
    )
    post = Post.objects.get(user=user)
    give_account(representative=representative, user=user, post=post, by=by)
    return password


@transaction.atomic
def renew_sign_in(*, representative: Representative, by: Post, on: dt.date) -> None:
    """Let somebody sign in again who came back to office; account and password stay.

    Raises Refused where there is no account, it was closed, or its post has not ended,
    and for whoever has not come back.
    """
    user = representative.user
    if user is None:
        raise Refused("这位代表还没有登录账号，请先开通。")
    if not user.is_active:
        raise Refused(f"账号 {user.username} 已停用，请先在账号页重新启用。")
    _refuse_unless_serving(representative)
    village = Region.objects.get(pk=representative.region_id)
    post = grant_post(user=user, role="representative", region=village, by=by, on=on)
    post.narrowed_to = representative.pk
    post.save(update_fields=["narrowed_to"])


def _refuse_unless_serving(representative: Representative) -> None:
    if not representative.mandates.unended().exists():
        raise Refused(
            f"{representative.name}已经离任，不能开通登录。又当选的，请先登记当选。"
        )


@transaction.atomic
def give_account(
    *, representative: Representative, user: User, post: Post, by: Post
) -> None:
    """Tie an account and its representative's post to the person on the roll."""
    tied = Representative.objects.filter(pk=representative.pk, user=None)
    if not tied.update(user=user):
        raise Refused("这位代表已经有登录账号。")
    representative.user = user
    post.narrowed_to = representative.pk
    post.save(update_fields=["narrowed_to"])
    audit.record(
        Action.POST_GRANTED,
        region=representative.region_id,
        by=by.user,
        subject=f"{representative.name}：登录账号 {user.username}",
    )


def close_account_post(
    *, representative: Representative, on: dt.date, by: Post
) -> None:
    """End the sign-in post of somebody who left office, and write it to the log."""
    posts = Post.objects.filter(narrowed_to=representative.pk, ended_on=None)
    # An account may be younger than the day from which the mandate is over.
    if posts.update(ended_on=Greatest("started_on", on), ended_by=by.user):
        audit.record(
            Action.POST_ENDED,
            region=representative.region_id,
            by=by.user,
            subject=f"{representative.name}：离任，登录账号停用",
        )
