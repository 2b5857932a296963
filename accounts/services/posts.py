"""Filling posts and ending them."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Action, Post, User
from accounts.rules import Holding, grant_refusal
from accounts.services.refusals import NotYours, Refused
from accounts.services.sessions import end_remembered
from regions.models import Region
from regions.scoping import span


@transaction.atomic
def grant_post(*, user: User, role: str, region: Region, by: Post, on: dt.date) -> Post:
    """Fill a post from the day `on`.

    Raises Refused where `by` may not, the person holds it, or the division has ended.
    """
    if by.user_id == user.pk:
        raise NotYours("不能给自己任命职务。")
    refusal = grant_refusal(holding(by), _holding(role, region.code), region.level)
    if refusal:
        raise NotYours(refusal)
    if region.ended_on and region.ended_on <= on:
        raise Refused(f"{region.full_name}已经撤销，不能再任命职务。请选现在的区划。")
    try:
        with transaction.atomic():
            post = Post.objects.create(
                user=user, role=role, region=region, started_on=on, granted_by=by.user
            )
    except IntegrityError as twice:
        raise Refused(f"{user.name}已经担任这个职务。") from twice
    if role != "representative":
        end_remembered(user)
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
    post.ended_on, post.ended_by = max(on, post.started_on), by.user
    open_still = Post.objects.filter(pk=post.pk, ended_on=None)
    if not open_still.update(ended_on=post.ended_on, ended_by=by.user):
        raise Refused("这个职务已经免去。")
    audit.record(
        Action.POST_ENDED,
        region=post.region_id,
        by=by.user,
        subject=f"{post.user.name}：{post}",
    )


def may_end(post: Post, by: Post) -> bool:
    """Return whether `by` may end this post."""
    return not grant_refusal(holding(by), holding(post), post.region.level)


def holding(post: Post) -> Holding:
    """Return the post as `accounts.rules` sees it."""
    return _holding(post.role, post.region_id)


def _holding(role: str, code: int) -> Holding:
    wide = span(code)
    return Holding(role, (wide.lo, wide.hi))


def _refuse_unless_over(post: Post, by: Post) -> None:
    if not may_end(post, by):
        raise NotYours("这个职务不归您任免，请联系上一级。")
