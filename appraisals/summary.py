"""The appraisals of a place in a year: which village is where, what is missing.

Exceptions first, then administrative order; never by score (design, ui.md).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count

from appraisals.models import Appraisal, AppraisalPlan
from appraisals.rules.appraisals import Grade, limit_of, roll_day
from appraisals.rules.steps import Stage, actor_of, stage_on
from regions.models import Level, Region, inside
from regions.postgresql.compiled import ValuesList, rows_of
from regions.scoping import span
from representatives.by_elections import notice_ends
from representatives.models import Mandate

MISSING, OVER, MINE, DONE = "missing", "over", "mine", "done"
STATES = (
    (MISSING, "还没评议"),
    (MINE, "轮到您办"),
    (OVER, "优秀超过比例"),
    (DONE, "已备案"),
)


@dataclass(frozen=True)
class Standing:
    """How a village stands in a year; `row` is None while it has no appraisal."""

    serving: int
    row: Appraisal | None
    on: dt.date

    @property
    def stage(self) -> Stage | None:
        """The step that has to be done today."""
        if self.row is None:
            return None
        return stage_on(self.row.at, notice_ends(self.row.notice), self.on)

    @property
    def actor(self) -> str:
        """Who has to act."""
        return actor_of(self.stage).label if self.stage else "村（社区）"

    @property
    def rated(self) -> int:
        """How many take part."""
        return getattr(self.row, "rated", 0)

    @property
    def excellent(self) -> int:
        """How many are 优秀."""
        return getattr(self.row, "excellent", 0)

    @property
    def limit(self) -> int:
        """How many may be."""
        if self.row is None:
            return 0
        return limit_of(self.rated, self.row.plan.share, self.row.plan.at_least)

    @property
    def is_missing(self) -> bool:
        """Whether there are representatives and no appraisal."""
        return self.row is None and self.serving > 0

    @property
    def is_over(self) -> bool:
        """Whether more are 优秀 than the ratio allows: brought in from a past year."""
        return self.excellent > self.limit

    @property
    def is_done(self) -> bool:
        """Whether the township has filed it."""
        return self.stage is Stage.DONE


@dataclass(frozen=True)
class VillageRow(Standing):
    """The same with the village, for whoever shows it, and the names of the excellent."""

    village: Region
    names: tuple[str, ...] = ()


@dataclass
class Sum:
    """The appraisals of several villages: a township, or everything below a place."""

    place: Region
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, row: VillageRow) -> None:
        """Add one village."""
        self.counts.update(
            villages=1,
            serving=row.serving,
            rated=row.rated,
            excellent=row.excellent,
            missing=row.is_missing,
            over=row.is_over,
            done=row.is_done,
            running=row.row is not None and not row.is_done,
        )

    @property
    def share(self) -> float | None:
        """优秀 of those who took part, in percent."""
        rated = self.counts["rated"]
        return self.counts["excellent"] * 100 / rated if rated else None


def villages_of(place: Region, year: int, on: dt.date) -> list[VillageRow]:
    """Return every village of a place, those without an appraisal first; four statements."""
    stand = standings_in(place, year, on)
    found = (
        VillageRow(one.serving, one.row, on, village)
        for village in _villages(place)
        if (one := stand.get(village.code))
    )
    return sorted(
        found, key=lambda row: (not row.is_missing, not row.is_over, row.village.code)
    )


def standings_in(
    place: Region, year: int, on: dt.date, serving: Mapping[int, int] | None = None
) -> dict[int, Standing]:
    """Return how each village stands where somebody serves or was appraised; by code.

    `serving` is given by whoever has counted it already.
    """
    rows = inside(Appraisal.objects.all(), place.scope).of_year(year).counted()
    held = {row.region_id: row for row in rows.select_related("plan", "notice")}
    if serving is None:
        serving = serving_in(place, roll_day(year, on))
    return {
        code: Standing(serving.get(code, 0), held.get(code), on)
        for code in serving.keys() | held.keys()
    }


def _villages(place: Region) -> list[Region]:
    if place.level == Level.VILLAGE:
        return [place]
    rows = Region.objects.current().villages().within(place.scope)
    return list(rows.select_related("parent").order_by("code"))


def serving_in(place: Region, on: dt.date) -> dict[int, int]:
    """Return how many representatives serve in each village of a place."""
    return dict(rows_of(_mandates, on, code=place.code))


def _mandates(on: dt.date, *, code: int) -> ValuesList:
    held = inside(Mandate.objects.active(on), span(code))
    return held.order_by().values_list("region_id").annotate(n=Count("pk"))


def townships_of(rows: Iterable[VillageRow]) -> list[Sum]:
    """Return the sums by township, in administrative order."""
    found: dict[int, Sum] = {}
    for row in rows:
        parent = row.village.parent
        if parent is not None:
            found.setdefault(parent.code, Sum(parent)).add(row)
    return [found[code] for code in sorted(found)]


def total_of(place: Region, rows: Iterable[VillageRow]) -> Sum:
    """Return the sum over a place."""
    found = Sum(place)
    for row in rows:
        found.add(row)
    return found


def asked_for(
    rows: Iterable[VillageRow], state: str, mine: Iterable[Stage | None]
) -> list[VillageRow]:
    """Return the rows that a list was asked for; `mine` are the stages one acts at."""
    turns = set(mine)
    if state == MINE:
        return [row for row in rows if row.stage and row.stage in turns]
    name = {MISSING: "is_missing", OVER: "is_over", DONE: "is_done"}.get(state)
    return [row for row in rows if name is None or getattr(row, name)]


def named(rows: Iterable[VillageRow], place: Region, year: int) -> list[VillageRow]:
    """Return the rows with the names of their confirmed 优秀代表; one statement."""
    names = excellent_names(place, year)
    return [replace(row, names=tuple(names.get(row.village.code, ()))) for row in rows]


def excellent_names(place: Region, year: int) -> Mapping[int, list[str]]:
    """Return the names of the confirmed 优秀代表 of a year, by village, as in the roll."""
    rows: Any = inside(Appraisal.objects.all(), place.scope).of_year(year).confirmed()
    named = (
        rows.filter(results__grade=Grade.EXCELLENT)
        .order_by(
            "region_id",
            "results__representative__group__number",
            "results__representative__initials",
        )
        .values_list("region_id", "results__representative__name")
    )
    found: dict[int, list[str]] = {}
    for village, name in named:
        found.setdefault(village, []).append(name)
    return found


def plan_of(year: int, on: dt.date) -> AppraisalPlan | None:
    """Return the edition that a year's appraisals begin under."""
    return AppraisalPlan.objects.of_year(year, on)
