"""The same figure a period ago and a year ago, from what was kept when they closed."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from regions.models import Region
from regions.postgresql.compiled import ValuesList, rows_of
from reports.models import closed_in
from reports.past import year_behind
from reports.periods import Span, Window
from representatives.models import Representative
from ui.parts import Delta
from visits.outcomes import Outcome

KEPT = ("span", "first", "seen", "unseen", "by_day")


@dataclass(frozen=True)
class Compared:
    """Rates in percent; None where that period is not closed or nothing was owed."""

    previous: float | None = None
    year_ago: float | None = None


@dataclass(frozen=True)
class Kept:
    """A closed period of a division: how many owed a visit, and were seen by each day."""

    owing: int
    by_day: tuple[int, ...]

    def share(self, days: int) -> float | None:
        """Return the share seen in the first so many days, in percent."""
        return sum(self.by_day[:days]) * 100 / self.owing if self.owing else None


def kept_of(place: Region, wanted: tuple[Window, ...]) -> dict[str, Kept]:
    """Return closed periods of a division by their keys; one statement for all.

    One that was not closed is left out.
    """
    parts: dict[tuple[str, dt.date], list[tuple[int, list[int]]]] = defaultdict(list)
    rows = rows_of(_kept, place.level, wanted, code=place.code)
    for span, first, seen, unseen, days in rows:
        parts[span, first].append((seen + unseen, days))
    return {
        seen.key: _added(found)
        for seen in wanted
        if (found := parts.get((seen.span.value, seen.first)))
    }


def _kept(level: str, wanted: tuple[Window, ...], *, code: int) -> ValuesList:
    rows = closed_in(Region(code=code, level=level)).filter(of_any(wanted))
    return rows.values_list(*KEPT)


def _added(parts: Iterable[tuple[int, list[int]]]) -> Kept:
    owing, days = zip(*parts, strict=True)
    return Kept(sum(owing), tuple(map(sum, zip(*days, strict=True))))


def of_any(wanted: Iterable[Window]) -> Q:
    """Return the condition that a closed period is one of these."""
    asked = Q(pk=None)
    for seen in wanted:
        asked |= Q(span=seen.span.value, first=seen.first)
    return asked


def compared(place: Region, seen: Window) -> Compared:
    """Return the whole period before one that is over, and the same of the year before."""
    kept = kept_of(place, (seen.before, seen.year_before))
    year_ago = None if seen.span is Span.YEAR else seen.year_before
    return Compared(
        _share(kept, seen.before, seen.before.days),
        _share(kept, year_ago, year_ago.days) if year_ago else None,
    )


def so_far(kept: dict[str, Kept], seen: Window) -> Compared:
    """Return what the period before, and the year before, had on the same day of theirs."""
    year_ago = (
        None if seen.span is Span.YEAR else _share(kept, seen.year_before, seen.gone)
    )
    return Compared(_share(kept, seen.before, seen.gone), year_ago)


def deltas_of(before: Compared, rate: float, seen: Window) -> tuple[Delta, ...]:
    """Return how many points a rate is ahead of the period before and the last year."""
    before_that = "同比" if seen.span is Span.YEAR else "环比"
    pairs = ((before_that, before.previous), ("同比", before.year_ago))
    return tuple(
        Delta(rate - past, "个百分点", against=name, decimals=1)
        for name, past in pairs
        if past is not None
    )


def on_time(
    place: Region, on: dt.date, person: Representative | None = None
) -> tuple[int, int]:
    """Return the visits owed in the closed periods of a year, and those that were missed.

    Of all of `place`, or of the households that `person` looked after.
    """
    if person is not None:
        return _on_time_of(person, place, on)
    rows = rows_of(_year, place.level, on, ("seen", "unseen"), code=place.code)
    seen, missed = (sum(numbers) for numbers in zip((0, 0), *rows, strict=True))
    return seen + missed, missed


def _year(
    level: str, on: dt.date, columns: tuple[str, ...], *, code: int
) -> ValuesList:
    """Return the closed periods of a year, some columns of each."""
    rows = closed_in(Region(code=code, level=level)).filter(of_any(year_behind(on)))
    return rows.values_list(*columns)


def _on_time_of(person: Representative, place: Region, on: dt.date) -> tuple[int, int]:
    """Count one person's in the lists of a village: some hundred households a period."""
    columns = ("representatives", "outcomes")
    lists = rows_of(_year, place.level, on, columns, code=place.code)
    found = Counter(
        outcome
        for people, outcomes in lists
        for holder, outcome in zip(people, outcomes, strict=True)
        if holder == person.pk
    )
    missed = found[Outcome.UNSEEN]
    return found[Outcome.SEEN] + missed, missed


def _share(kept: dict[str, Kept], seen: Window, days: int) -> float | None:
    found = kept.get(seen.key)
    return found.share(days) if found else None
