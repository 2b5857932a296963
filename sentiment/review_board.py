"""Which villages have held and submitted the month's 民情分析会, and which have not.

Exceptions first, then administrative order; the city sees counts for each township.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q, QuerySet

from regions.codes import township_of
from regions.models import Region, inside
from sentiment import duties
from sentiment.models import Decision, Review
from visits.rules import Cadence

MONTHS = 12


class Standing(models.TextChoices):
    """Where a village stands with its month, the worst first."""

    RETURNED = "returned", "镇里退回，等更正"
    NONE = "none", "还没有开"
    DRAFT = "draft", "正在准备"
    SUBMITTED = "submitted", "已提交"


ORDER = list(Standing)
TONES = {
    Standing.RETURNED: "bad",
    Standing.NONE: "bad",
    Standing.DRAFT: "warn",
    Standing.SUBMITTED: "ok",
}


@dataclass(frozen=True)
class VillageLine:
    """A village's month."""

    village: Region
    review: Review | None
    due: str = ""
    """How its duty to meet stands today (`duties.State`)."""

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        if self.review is None:
            return Standing.NONE
        return Standing(self.review.state)

    @property
    def tone(self) -> str:
        """Its light."""
        return TONES[self.standing]

    @property
    def is_readable(self) -> bool:
        """Say whether there is something that was submitted."""
        return self.standing in (Standing.SUBMITTED, Standing.RETURNED)


@dataclass(frozen=True)
class TownshipLine:
    """A township's month: how many of its villages stand where."""

    township: Region
    villages: int
    states: Counter[str]

    @property
    def submitted(self) -> int:
        """How many have submitted."""
        return self.states[Standing.SUBMITTED]

    @property
    def missing(self) -> int:
        """How many have not."""
        return self.villages - self.submitted


def months(place: Region, on: dt.date) -> list[dt.date]:
    """Return the last twelve months and every older one with a review, latest first."""
    found = [on.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    held = inside(Review.objects.current().filter(month__lt=found[-1]), place.scope)
    older = held.order_by("-month").values_list("month", flat=True).distinct()
    return [*found, *older]


def reviews_in(place: Region, month: dt.date) -> QuerySet[Review]:
    """Return the valid version of each village's review of a month, with counts."""
    found = Review.objects.current().of_month(month)
    found = inside(found, place.scope)
    raised = Q(items__decision=Decision.TOWNSHIP)
    return found.select_related("region", "submitted_by").annotate(
        decided=Count("items"), raised=Count("items", filter=raised)
    )


def village_lines(township: Region, month: dt.date, on: dt.date) -> list[VillageLine]:
    """Return the villages of a township, those to push first."""
    held = {review.region_id: review for review in reviews_in(township, month)}
    due = dict(
        inside(duties.review_duties(on), township.scope).values_list(
            "region_id", "state"
        )
    )
    villages = Region.objects.current().villages().filter(parent=township)
    lines = [
        VillageLine(village, held.get(village.code), due.get(village.code, ""))
        for village in villages.order_by("code")
    ]
    return sorted(lines, key=lambda line: ORDER.index(line.standing))


def township_lines(city: Region, month: dt.date) -> list[TownshipLine]:
    """Return the townships of the city, those with missing reviews first."""
    reviews = Review.objects.current().of_month(month).order_by()
    states: dict[int, Counter[str]] = {}
    for code, state in reviews.values_list("region_id", "state"):
        states.setdefault(township_of(code), Counter())[state] += 1
    villages = Counter(
        Region.objects.current().villages().values_list("parent_id", flat=True)
    )
    townships = Region.objects.current().townships().filter(parent=city)
    lines = [
        TownshipLine(one, villages[one.code], states.get(one.code, Counter()))
        for one in townships.order_by("code")
    ]
    return sorted(lines, key=lambda line: not line.missing)


def is_over(month: dt.date, on: dt.date) -> bool:
    """Say whether the month is past."""
    return Cadence.MONTH.period(month).end < on


def total(lines: Iterable[TownshipLine]) -> tuple[int, int]:
    """Return how many villages there are, and how many have submitted."""
    rows = list(lines)
    return sum(line.villages for line in rows), sum(line.submitted for line in rows)
