"""Tokens by which other programs read: made by a lead, for a year at most."""

import datetime as dt
import hashlib
import secrets

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.held import held_posts
from accounts.models import TOKEN_DAYS, Action, Post, Token
from accounts.permissions import Permission as P
from accounts.services.refusals import Refused
from regions.models import Region

PREFIX = "lianhu_"
SECRET_BYTES = 32
SCHEME = "Bearer "
API = "/api/"
SEEN_EVERY = dt.timedelta(minutes=1)
MOST = 20
"""Living tokens of one post; more is a list nobody looks after."""
READABLE = frozenset(
    {
        P.OVERVIEW_VIEW,
        P.REPRESENTATIVE_VIEW,
        P.HOUSEHOLD_VIEW,
        P.VISIT_VIEW,
        P.NOTICE_VIEW,
        P.TRAINING_VIEW,
        P.ISSUE_VIEW,
        P.TALK_VIEW,
        P.REVIEW_READ,
        P.RATING_VIEW,
        P.APPRAISAL_VIEW,
        P.HONOUR_VIEW,
        P.FUND_VIEW,
        P.REPORT_VIEW,
    }
)
"""What a program may do: look at lists and ledgers, numbers masked."""


@transaction.atomic
def issue(
    *, by: Post, name: str, place: Region, expires_on: dt.date, on: dt.date
) -> tuple[Token, str]:
    """Make a token; return it and its secret, which nobody sees again.

    Raises Refused outside the range, for more than a year, and for too many.
    """
    if place.pk not in by.scope():
        raise Refused("只能开放您管的范围，请重新选择地方。")
    if not on < expires_on <= on + dt.timedelta(days=TOKEN_DAYS):
        raise Refused("有效期要在明天以后、一年以内，到期可以再开一个。")
    if living(by).count() >= MOST:
        raise Refused(f"在用的令牌最多 {MOST} 个，请先停用不用的。")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = Token.objects.create(
        name=name,
        digest=digest(secret),
        hint=secret[-4:],
        user=by.user,
        post=by,
        place=place,
        made_on=on,
        expires_on=expires_on,
    )
    audit.record(
        Action.TOKEN_MADE,
        region=by.region_id,
        by=by.user,
        subject=f"{name}，读{place.full_name}，到 {expires_on}",
    )
    return token, secret


def living(by: Post) -> "models.QuerySet[Token]":
    """Return the tokens of a post that can still be used."""
    today = timezone.localdate()
    return Token.objects.filter(post=by, ended_at=None, expires_on__gte=today)


@transaction.atomic
def end(*, token: Token, by: Post, at: dt.datetime) -> None:
    """End a token from the next request on; ending twice is ending once."""
    ended = Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at)
    if ended:
        audit.record(
            Action.TOKEN_ENDED, region=by.region_id, by=by.user, subject=token.name
        )


def digest(secret: str) -> str:
    """Return what is kept of a secret: it is random, so that a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_presented(request: HttpRequest) -> bool:
    """Say whether a request shows a token; only the API takes them."""
    shown = request.headers.get("Authorization", "").startswith(SCHEME)
    return shown and request.path.startswith(API)


def acting_for(request: HttpRequest, now: dt.datetime) -> Post | None:
    """Return the post that a token reads for, narrowed; None for one that is not valid."""
    secret = request.headers["Authorization"].removeprefix(SCHEME).strip()
    found = Token.objects.select_related("user", "place__parent")
    token = found.filter(digest=digest(secret), ended_at=None).first()
    today = timezone.localdate(now)
    if token is None or token.expires_on < today:
        return None
    for post in held_posts(token.user, today):
        if post.pk == token.post_id and post.user.is_active:
            _note_use(token, now)
            post.region, post.limited_to = token.place, READABLE
            return post
    return None


def _note_use(token: Token, now: dt.datetime) -> None:
    """Note the last use, once a minute: a feed asks more often than anybody looks."""
    if token.used_at is None or now - token.used_at >= SEEN_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
