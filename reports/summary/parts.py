"""What the summary counts, by village; each part in a constant number of statements.

What the dashboard shows of a running period is counted by the dashboard's own domains,
so that both say the same. What happened (an issue was heard, a meeting held) is counted
by its date, from the first day of the period to the day from which it is seen.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet

from households.models import Category, CategoryTag, Household
from reports.closing import counted
from reports.figures.domain import Counts
from reports.figures.standings import Sums
from reports.figures.standings import standings as by_tallies
from reports.summary import meetings
from reports.summary.villages import (
    ByVillage,
    Villages,
    by_owner,
    gathered,
)
from representatives.models import Mandate, Seat
from sentiment.models import Answer, Issue, State
from sentiment.models.states import overdue
from trainings.models import Attendance
from visits.facts import policies
from visits.rules import Cadence, policy_on
from visits.standings import State as Standing


class Part(ABC):
    """Figures that are counted together."""

    names: ClassVar[tuple[str, ...]]
    """What they are called; one that a village lacks is nought."""
    is_kept: ClassVar[bool] = True
    """Whether a period that is over keeps them in `ClosedSummary`."""

    @abstractmethod
    def counts(self, asked: Villages) -> ByVillage:
        """Return the figures of each village that has any."""


def standings(asked: Villages) -> Mapping[int | None, Counts]:
    """Return households by how they stand, as the dashboard counts them; read once."""
    return asked.once("standings", lambda: by_tallies(asked))


def owed_monthly_are_key(on: dt.date) -> bool:
    """Say whether the monthly households of today are the 重点户 of the roll.

    So it is until the city has some key category visited by the quarter, or everybody
    by the month: then 重点户 are those of their categories still (domain 3.2).
    """
    policy = policy_on(policies(), on)
    if policy is None or policy.cadence is Cadence.MONTH:
        return False
    monthly = {code for code, cadence in policy.key.items() if cadence is Cadence.MONTH}
    return monthly == set(
        Category.objects.filter(is_key=True).values_list("pk", flat=True)
    )


class Rolls(Part):
    """Villages, representatives in office, households and 重点户 on the day."""

    names = ("villages", "representatives", "households", "key")

    def counts(self, asked: Villages) -> ByVillage:
        """Return what the rolls hold on the day from which the period is seen."""
        on = asked.seen.on
        serving = asked.rows(Mandate.objects.active(on))
        alike = not asked.seen.is_over and owed_monthly_are_key(on)
        homes = self._today(asked) if alike else self._on_a_day(asked)
        return gathered(
            ((code, "villages", 1) for code in asked.codes),
            by_owner("representatives", serving),
            homes,
        )

    def _today(self, asked: Villages) -> Iterable[tuple[Any, str, int]]:
        """As `_on_a_day`, from what the dashboard has counted already."""
        for code, counts in standings(asked).items():
            sums = Sums(counts)
            yield code, "households", sums.households
            yield code, "key", sums.of(*Standing.values, cadence="month")

    def _on_a_day(self, asked: Villages) -> Iterable[tuple[Any, str, int]]:
        on = asked.seen.on
        there = Q(ended_on=None) | Q(ended_on__gt=on)
        homes = Household.objects.filter(there, registered_on__lte=on)
        tagged = CategoryTag.objects.key(on).values("household")
        numbers = {"all": Count("pk"), "key": Count("pk", filter=Q(pk__in=tagged))}
        rows: QuerySet[Any] = asked.rows(homes)
        for row in rows.values("owner").annotate(**numbers):
            yield row["owner"], "households", row["all"]
            yield row["owner"], "key", row["key"]


class Visits(Part):
    """应走访 and 已走访, as the dashboard has them; closed periods are kept by visits."""

    names = ("owing", "seen")
    is_kept = False

    def counts(self, asked: Villages) -> ByVillage:
        """Return what the period's rate is made of."""
        if asked.seen.is_over:
            return self._past(asked)
        span = asked.seen.span
        return gathered(
            (code, name, number)
            for code, counts in standings(asked).items()
            for name, number in (
                ("owing", Sums(counts).owing(span)),
                ("seen", Sums(counts).seen(span)),
            )
        )

    def _past(self, asked: Villages) -> ByVillage:
        return {
            village: Counter(owing=then["seen"] + then["unseen"], seen=then["seen"])
            for village, then in counted(asked.place, asked.seen).items()
        }


class Meetings(Part):
    """恳谈会 and 民情分析会, held of those that were owed (L33, L34)."""

    names = ("talks_owed", "talks_met", "reviews_owed", "reviews_met")

    def counts(self, asked: Villages) -> ByVillage:
        """Return the quarters and months that the period touches, added up."""
        return gathered(meetings.counted(asked))


class Issues(Part):
    """社情民意: heard in the period, what became of it, what is late on the day."""

    names = ("heard", "resolved", "late", "answered", "content")

    def counts(self, asked: Villages) -> ByVillage:
        """Return issues by the dates of their steps; one statement."""
        wanted = issue_conditions(asked)
        rows: QuerySet[Any] = asked.rows(Issue.objects.exclude(state=State.WITHDRAWN))
        found = rows.values("owner").annotate(
            **{name: Count("pk", filter=one) for name, one in wanted.items()}
        )
        return gathered(
            (row["owner"], name, row[name]) for row in found for name in wanted
        )


def issue_conditions(asked: Villages) -> dict[str, Q]:
    """Return what each figure of issues counts.

    办结 is a part of what was heard in the period, so that 办结率 is a share; 满意 of what
    was answered in it. 逾期 is the dashboard's: not resolved on the day, and its term over.
    """
    seen = asked.seen
    heard = Q(heard_on__range=(seen.first, seen.on))
    answered = Q(told_on__range=(seen.first, seen.on)) & ~Q(answer="")
    return {
        "heard": heard,
        "resolved": heard & Q(resolved_on__lte=seen.on),
        "late": _late_then(asked) if seen.is_over else overdue(seen.on),
        "answered": answered,
        "content": answered & Q(answer__in=(Answer.GOOD, Answer.FAIR)),
    }


def _late_then(asked: Villages) -> Q:
    """Return what was late on the last day of a period that is over, by the dates."""
    on = asked.seen.on
    unresolved = Q(resolved_on=None) | Q(resolved_on__gt=on)
    return unresolved & ~Q(state=State.MERGED) & Q(heard_on__lte=on, due_on__lt=on)


class Posts(Part):
    """Vacant seats on the day, and who was elected by by-elections in the period."""

    names = ("vacant", "elected")

    def counts(self, asked: Villages) -> ByVillage:
        """Return both; two statements."""
        seen = asked.seen
        elected = Mandate.objects.filter(
            is_by_election=True, started_on__range=(seen.first, seen.on)
        )
        return gathered(
            by_owner("vacant", asked.rows(Seat.objects.vacant(seen.on))),
            by_owner("elected", asked.rows(elected)),
        )


class Trainings(Part):
    """培训人次: who came to a training that was held in the period, each time he came."""

    names = ("trained",)

    def counts(self, asked: Villages) -> ByVillage:
        """Return it; one statement."""
        days = (asked.seen.first, asked.seen.on)
        came = Attendance.objects.counting().filter(held_on__range=days)
        return gathered(by_owner("trained", asked.rows(came)))


PARTS: tuple[Part, ...] = (
    Rolls(), Visits(), Meetings(), Issues(), Posts(), Trainings(),
)  # fmt: skip
