"""Where an issue stands, who has it, and the conditions that lists and figures share.

Each condition that an index is made for is written here once, for both.
"""

import datetime as dt

from django.db import models
from django.db.models import Q


class Source(models.TextChoices):
    """Where an issue came from."""

    VISIT = "visit", "走访"
    TALK = "talk", "恳谈会"
    CALLER = "caller", "来访"
    PHONE = "phone", "来电"
    LEDGER = "ledger", "台账导入"


class State(models.TextChoices):
    """Where an issue stands (domain 3.4)."""

    COLLECTED = "collected", "已收集"
    ACCEPTED = "accepted", "村已受理"
    IN_HAND = "in_hand", "办理中"
    RESOLVED = "resolved", "已办结，待反馈"
    TOLD = "told", "已反馈"
    CLOSED = "closed", "已销号"
    MERGED = "merged", "已并入"
    WITHDRAWN = "withdrawn", "已撤回"


class Way(models.TextChoices):
    """How an issue is dealt with, as the village decides."""

    ON_SPOT = "on_spot", "现场办结"
    VILLAGE = "village", "村内限期办理"
    TOWNSHIP = "township", "报镇里协调"
    CITY = "city", "转市级部门"
    EXPLAIN = "explain", "解释说明"
    ASSEMBLY = "assembly", "提交代表会议"


class Holder(models.TextChoices):
    """Who has an issue now."""

    VILLAGE = "village", "村（社区）"
    TOWNSHIP = "township", "乡镇（街道）"
    CITY = "city", "市级"


class Answer(models.TextChoices):
    """What the household says once it was told (群众评价)."""

    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"


OPEN = (State.COLLECTED, State.ACCEPTED, State.IN_HAND, State.RESOLVED, State.TOLD)
OVER = (State.CLOSED, State.MERGED, State.WITHDRAWN)
UNRESOLVED = (State.COLLECTED, State.ACCEPTED, State.IN_HAND)


def untold() -> Q:
    """Return the condition that a household has still to be told a result.

    Of its own issue, or of the one that its issue went into.
    """
    return Q(
        state__in=(State.RESOLVED, State.MERGED),
        resolved_on__isnull=False,
        told_on=None,
    )


def overdue(on: dt.date) -> Q:
    """Return the condition that somebody should have dealt with it before `on`."""
    return Q(state__in=UNRESOLVED, due_on__lt=on)


def answered() -> Q:
    """Return the condition that there is a result, and the issue is not closed yet.

    Of a merged one, until its own household was told. Written as its index has it,
    which grows with the work that waits and not with all that was ever said.
    """
    return Q(state__in=(State.RESOLVED, State.TOLD)) | Q(
        state=State.MERGED, resolved_on__isnull=False, told_on=None
    )


def answered_badly() -> Q:
    """Return the condition that a household was told, and is not content."""
    return Q(state=State.TOLD, answer=Answer.BAD)
