"""补贴决议: writing down what a meeting decided, and taking back what was mistyped."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from attachments.examining import Examined
from funding.models import LeftOut, Resolution, standards
from funding.models.subsidy import LOOSE
from funding.rules import NOUGHT, Counted, MeetingKind, StandardKind, yuan
from funding.rules import resolutions as rules
from funding.services.scanning import keep_scans
from regions.models import Level, Region
from representatives.models import Representative


@dataclass(frozen=True)
class Adopted:
    """What a meeting decided, as the form or a program has it.

    `most` None: the rate itself, where workload does not count.
    """

    meeting: str
    held_on: dt.date
    entitled: int
    present: int
    votes_for: int
    rate: Decimal
    starts_on: dt.date
    studied_on: dt.date | None = None
    per_visit: Decimal = NOUGHT
    most: Decimal | None = None
    reason: str = ""
    left_out: tuple[int, ...] = field(default=())

    @property
    def ceiling(self) -> Decimal:
        """The most that a month pays."""
        return yuan(self.most if self.most is not None else self.rate)


@transaction.atomic
def adopt(
    *,
    village: Region,
    content: Adopted,
    on: dt.date,
    by: Post,
    files: Sequence[Examined] = (),
) -> Resolution:
    """Write a resolution down. Raises Refused for one that is not valid (L21, L24).

    Amounts outside the city's band need a reason.
    """
    if village.level != Level.VILLAGE:
        raise Refused("补贴决议由村（社区）登记。")
    _refuse_invalid(content, on)
    try:
        with transaction.atomic():
            made = _written(village, content, by)
    except IntegrityError as taken:
        raise Refused(
            f"{content.starts_on:%Y-%m} 起已经有一个决议。那一个记错了的，先作废再登记。"
        ) from taken
    _leave_out(made, content.left_out)
    keep_scans(made, files, by)
    return made


def _refuse_invalid(content: Adopted, on: dt.date) -> None:
    if content.held_on > on:
        raise Refused(f"开会日期 {content.held_on} 还没有到，请核对。")
    if content.starts_on < content.held_on.replace(day=1):
        raise Refused("补贴从开会的当月起算，不能补发开会以前的月份，请改起始月份。")
    counted = Counted(
        MeetingKind(content.meeting), content.held_on, content.entitled,
        content.present, content.votes_for,
    )  # fmt: skip
    wrong = [
        *rules.refusals(counted),
        *rules.wrong_terms(content.rate, content.per_visit, content.ceiling),
    ]
    if outside := band_warning(content.rate, content.ceiling, content.starts_on):
        wrong += [] if content.reason.strip() else [outside]
    if wrong:
        raise Refused("".join(wrong))


def band_warning(rate: Decimal, most: Decimal, on: dt.date) -> str:
    """L24: return what is outside the city's band of the day; empty inside it."""
    known = standards()
    low = known.at(StandardKind.SUBSIDY_LEAST, on).amount
    high = known.at(StandardKind.SUBSIDY_MOST, on).amount
    return rules.outside_band(rate, most, (low, high))


def _written(village: Region, content: Adopted, by: Post) -> Resolution:
    return Resolution.objects.create(
        region=village,
        meeting=content.meeting,
        held_on=content.held_on,
        studied_on=content.studied_on,
        entitled=content.entitled,
        present=content.present,
        votes_for=content.votes_for,
        rate=yuan(content.rate),
        per_visit=yuan(content.per_visit),
        most=content.ceiling,
        starts_on=content.starts_on.replace(day=1),
        reason=content.reason.strip(),
        entered_by=by.user,
        entered_at=timezone.now(),
    )


def _leave_out(made: Resolution, people: tuple[int, ...]) -> None:
    known = Representative.objects.filter(region=made.region_id, pk__in=people)
    if known.count() != len(set(people)):
        raise Refused("有的代表不在本村名册上，请重新选不发补贴的代表。")
    LeftOut.objects.bulk_create(
        LeftOut(region_id=made.region_id, resolution=made, representative_id=person)
        for person in set(people)
    )


@transaction.atomic
def withdraw(*, resolution: Resolution, reason: str, on: dt.date) -> None:
    """作废: only while nothing but drafts were made by it. Raises Refused.

    A draft is reckoned anew by the resolution that is written down instead, or given up.
    """
    row = Resolution.objects.select_for_update(no_key=True).get(pk=resolution.pk)
    if row.withdrawn_on:
        raise Refused("这个决议已经作废，请返回重新打开。")
    if row.sheets.exclude(state__in=LOOSE).exists():
        raise Refused(
            "按这个决议生成的补贴表已经核对，不能作废。表没有锁定的，先退回；"
            "锁定了的，新的决定请另登记一个决议。"
        )
    if not reason.strip():
        raise Refused("请写明为什么作废。")
    row.withdrawn_on, row.withdrawal = on, reason.strip()[:200]
    row.save(update_fields=["withdrawn_on", "withdrawal"])
