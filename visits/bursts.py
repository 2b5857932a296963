"""请核实: visits noted all at once, as questions to the village that answers for them.

Computed from the visits whenever the list is opened, so that nothing goes stale when one
is withdrawn, corrected or comes in late; what is stored is the village's answer. Only
what a representative noted himself is asked about: a desk or an import enters many at
once by its nature.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from regions.models import Region
from regions.postgresql.compiled import ValuesList, rows_of
from representatives.models import Representative
from visits import rules
from visits.models import BurstAnswer, Visit
from visits.rules import ONE_DAY, BurstKind, Cadence
from visits.services import withdraw

LONGEST_NOTE = 200


@dataclass(frozen=True)
class Question:
    """One representative's visits that somebody should ask about."""

    person: Representative
    kind: BurstKind
    visits: tuple[Visit, ...]
    first: dt.datetime
    seconds: int

    @property
    def key(self) -> str:
        """Names the question in a form: its kind and its first visit."""
        return f"{self.kind}:{self.visits[0].pk}"

    @property
    def words(self) -> str:
        """What is to be asked, in one sentence."""
        day = timezone.localtime(self.first)
        if self.kind is BurstKind.LAST_DAY:
            on = self.visits[0].visited_on
            return (
                f"{on.month} 月自己记的 {len(self.visits)} 次走访都在最后一天"
                f"（{on.month} 月 {on.day} 日）。"
            )
        return (
            f"{day.month} 月 {day.day} 日 {day:%H:%M} 起 {self.seconds} 秒内"
            f"记了 {len(self.visits)} 户。"
        )


def questions(village: Region, on: dt.date) -> list[Question]:
    """Return the open questions of a village, the latest first.

    The visits are read whole only where there is something to ask.
    """
    found = list(_open(village, on))
    ids = [one.visit for burst in found for one in burst.noted]
    rows = Visit.objects.filter(pk__in=ids) if ids else Visit.objects.none()
    visits = {
        visit.pk: visit
        for visit in rows.prefetch_related("household__group", "representative")
    }
    asked = [_question(burst, visits) for burst in found]
    return sorted(asked, key=lambda question: question.first, reverse=True)


def count_questions(village: Region, on: dt.date) -> int:
    """Return how many open questions a village has; two statements."""
    return sum(1 for _ in _open(village, on))


def looked_back(on: dt.date) -> dt.date:
    """Return since when visits are asked about: the first day of the month before.

    Whole months, for what was noted on a month's last day is odd only where the month
    has nothing else. Who was where longer ago, nobody remembers.
    """
    this = Cadence.MONTH.period(on)
    return Cadence.MONTH.period(this.start - ONE_DAY).start


def _open(village: Region, on: dt.date) -> Iterator[rules.Burst]:
    """Yield the bursts that the village has not answered for."""
    since = looked_back(on)
    by_person: dict[int, list[rules.Noted]] = defaultdict(list)
    for person, pk, day, noted_at in rows_of(_noted, since, village=village.pk):
        by_person[person].append(rules.Noted(pk, day, noted_at))
    answered = _answered(village, since)
    for noted in by_person.values():
        for burst in rules.bursts(noted):
            if not {one.visit for one in burst.noted} <= answered:
                yield burst


def _noted(since: dt.date, *, village: int) -> ValuesList:
    """Return the visits that representatives noted themselves."""
    rows = Visit.objects.standing().filter(
        region=village, visited_on__gte=since, on_behalf=False
    )
    return rows.values_list("representative_id", "pk", "visited_on", "captured_at")


def _answered(village: Region, since: dt.date) -> set[uuid.UUID]:
    rows = BurstAnswer.objects.filter(region=village, answered_at__date__gte=since)
    return {
        visit for visits in rows.values_list("visits", flat=True) for visit in visits
    }


def _question(burst: rules.Burst, visits: dict[uuid.UUID, Visit]) -> Question:
    rows = tuple(visits[one.visit] for one in burst.noted)
    first = burst.noted[0].noted_at
    return Question(rows[0].representative, burst.kind, rows, first, burst.seconds)


def question_of(village: Region, key: str, on: dt.date) -> Question:
    """Return an open question; raise Refused if it is not asked any more."""
    for question in questions(village, on):
        if question.key == key:
            return question
    raise Refused("这一条已经核实过，或者走访已经撤回，请返回重新打开。")


@dataclass(frozen=True)
class Answer:
    """What the village says of a question: which one, and a word."""

    village: Region
    key: str
    note: str
    on: dt.date


@transaction.atomic
def confirm(*, answer: Answer, by: Post) -> None:
    """属实: keep the village's word for these visits; they stand as they are."""
    question = question_of(answer.village, answer.key, answer.on)
    if not answer.note.strip():
        raise Refused("请写一句说明，例如“当天开院落会，会后一起补记”。")
    BurstAnswer.objects.create(
        region=answer.village,
        representative=question.person,
        visits=[visit.pk for visit in question.visits],
        note=answer.note.strip()[:LONGEST_NOTE],
        answered_at=timezone.now(),
        answered_by=by.user,
    )


@transaction.atomic
def reject(*, answer: Answer, chosen: Sequence[str], by: Post) -> int:
    """Withdraw the chosen visits of a question; return how many.

    Those that are left are asked about no more: the village has looked at them.
    """
    question = question_of(answer.village, answer.key, answer.on)
    if not answer.note.strip():
        raise Refused("请写明撤回的原因，代表看得到。")
    gone = [visit for visit in question.visits if str(visit.pk) in set(chosen)]
    if not gone:
        raise Refused("请先勾选没有去、要撤回的户。")
    if len(gone) < len(question.visits):
        confirm(answer=answer, by=by)
    for visit in gone:
        withdraw(visit=visit, reason=answer.note, by=by.user)
    return len(gone)
