"""站外提醒: people who have not read today's messages are pointed to them, once a day."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from inbox.channels import Channel, channel, quiet
from inbox.models import Message, Nudge, NudgeState

BATCH = 20
"""People who are told before it is written down; a gateway that is down stops it."""
TITLE = "邵东联户：您有 {} 条没看的消息"
END = "请登录平台，在“消息”里查看。"
_WORDED: set[str] = set()


def word(*kinds: str) -> None:
    """Let the titles of these kinds of message be told outside: they name nobody."""
    _WORDED.update(kinds)


def nudge(now: dt.datetime) -> tuple[int, int]:
    """Point people in the open scope to what they have not read of today's messages.

    Returns how many were told, and how many could not be. Whom a run that died had
    begun to tell is not told again: rather not at all than twice. Nothing happens
    without a channel, or in the quiet hours.
    """
    way, at = channel(), timezone.localtime(now)
    if way is None or at.time() in quiet():
        return 0, 0
    told = failed = 0
    while begun := _begin(way, at.date()):
        sent = [one for one in begun if _tell(way, one)]
        _end(begun, sent)
        told, failed = told + len(sent), failed + len(begun) - len(sent)
        if not sent:
            break
    return told, failed


@transaction.atomic
def _begin(way: Channel, on: dt.date) -> list[Nudge]:
    """Write down some of those who are to be told; another run passes them over."""
    unread = Message.objects.unread().filter(business_date=on)
    known = Nudge.objects.filter(day=on).values("recipient")
    waiting = unread.filter(recipient__is_active=True).exclude(recipient__in=known)
    rows: dict[User, Nudge] = {}
    for message in waiting.select_related("recipient").order_by("recipient", "pk"):
        if way.reaches(message.recipient):
            one = rows.setdefault(message.recipient, _new(message, on))
            one.messages += 1
        if len(rows) > BATCH:
            break
    wanted = list(rows.values())[:BATCH]
    Nudge.objects.bulk_create(wanted, ignore_conflicts=True)
    mine = Nudge.objects.filter(pk__in=[one.pk for one in wanted])
    return list(mine.select_related("recipient"))


def _new(message: Message, on: dt.date) -> Nudge:
    return Nudge(
        id=uuid.uuid4(),
        region_id=message.region_id,
        recipient=message.recipient,
        day=on,
        messages=0,
        at=timezone.now(),
    )


def _tell(way: Channel, one: Nudge) -> bool:
    title = TITLE.format(one.messages)
    return way.tell(one.recipient, title, "\n".join([*_titles(one), END]))


@transaction.atomic
def _titles(one: Nudge) -> list[str]:
    unread = Message.objects.unread().filter(
        recipient=one.recipient_id, business_date=one.day, kind__in=_WORDED
    )
    return list(unread.order_by("pk").values_list("title", flat=True))


@transaction.atomic
def _end(begun: Iterable[Nudge], sent: Iterable[Nudge]) -> None:
    done = {one.pk for one in sent}
    for state, ids in (
        (NudgeState.SENT, [one.pk for one in begun if one.pk in done]),
        (NudgeState.FAILED, [one.pk for one in begun if one.pk not in done]),
    ):
        Nudge.objects.filter(pk__in=ids).update(state=state)
