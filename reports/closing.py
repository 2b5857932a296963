"""Closing periods: their figures are kept as they were, some days after the end."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from regions.models import Region, inside
from reports.measures import measure_on
from reports.models import ClosedPeriod
from reports.periods import Span, Window, window
from visits.outcomes import Outcome, VillageOutcomes, numbers_of, outcomes_of

LOOK_BACK = {Span.MONTH: 13, Span.QUARTER: 5, Span.YEAR: 1}
"""How many past periods are closed at most when nights were missed: a year and one."""
NUMBERS = {outcome: outcome.name.lower() for outcome in Outcome}
"""In which column of `ClosedPeriod` the households of an outcome are counted."""


@transaction.atomic
def close(township: Region, on: dt.date) -> int:
    """Close the periods of a township's villages that are over by `on`; return how many.

    Needs a scope over it. What is closed already stays as it is, so that a second run,
    or two at once, add nothing; a night that was missed is caught up by the next.
    """
    villages = township.village_codes()
    return sum(_close(villages, seen) for seen in closable(on))


def closable(on: dt.date) -> Iterator[Window]:
    """Yield the periods that are to be closed by the day `on`, the latest first."""
    wait = dt.timedelta(days=measure_on(on).closing_days)
    for span, back in LOOK_BACK.items():
        seen = window(span, on)
        for _ in range(back):
            seen = seen.before
            if seen.last + wait <= on:
                yield seen


def _close(villages: Sequence[int], seen: Window) -> int:
    done = ClosedPeriod.objects.filter(span=seen.span.value, first=seen.first)
    known = set(done.filter(region__in=villages).values_list("region_id", flat=True))
    missing = [code for code in villages if code not in known]
    if not missing:
        return 0
    rows = as_they_are(missing, seen)
    return len(ClosedPeriod.objects.bulk_create(rows, ignore_conflicts=True))


def closed_of(place: Region, seen: Window) -> list[ClosedPeriod]:
    """Return a past period, with its households, of the villages that have closed it."""
    return list(_closed(place, seen).defer("by_day"))


def periods_of(place: Region, seen: Window) -> list[ClosedPeriod]:
    """Return a past period of a place's villages: as closed, else as it is now.

    Two statements, a third where something is not closed.
    """
    closed = closed_of(place, seen)
    known = {row.region_id for row in closed}
    missing = [code for code in place.village_codes() if code not in known]
    return closed + (as_they_are(missing, seen) if missing else [])


def unclosed(place: Region, seen: Window) -> list[int]:
    """Return the villages of a place that have not closed a past period."""
    known = set(_closed(place, seen).values_list("region_id", flat=True))
    return [code for code in place.village_codes() if code not in known]


def counted(place: Region, seen: Window) -> dict[int, Counter[str]]:
    """Return what `periods_of` counts of each village, by the names of `NUMBERS`.

    Two statements, a third where something is not closed.
    """
    rows = _closed(place, seen).values_list("region_id", *NUMBERS.values())
    found = {
        code: Counter(dict(zip(NUMBERS.values(), numbers, strict=True)))
        for code, *numbers in rows
    }
    missing = [code for code in place.village_codes() if code not in found]
    return found | (_counted_now(missing, seen) if missing else {})


def _counted_now(villages: Sequence[int], seen: Window) -> dict[int, Counter[str]]:
    found = numbers_of(villages, seen.cadence, seen.first, seen.last)
    return {
        code: Counter({NUMBERS[outcome]: n for outcome, n in numbers.items()})
        for code, numbers in found.items()
    }


def as_they_are(villages: Sequence[int], seen: Window) -> list[ClosedPeriod]:
    """Return a past period of some villages by what is known now; nothing is stored."""
    found = outcomes_of(villages, seen.cadence, seen.first, seen.last)
    by_village = {outcomes.region: outcomes for outcomes in found}
    now = timezone.now()
    nothing = VillageOutcomes(0, (), (), "", ())
    return [_row(code, by_village.get(code, nothing), seen, now) for code in villages]


def _row(
    code: int, found: VillageOutcomes, seen: Window, now: dt.datetime
) -> ClosedPeriod:
    return ClosedPeriod(
        region_id=code,
        span=seen.span.value,
        first=seen.first,
        last=seen.last,
        closed_at=now,
        **{name: found.outcomes.count(outcome) for outcome, name in NUMBERS.items()},
        by_day=found.by_day(seen.days),
        households=list(found.households),
        representatives=list(found.representatives),
        outcomes=found.outcomes,
    )


def _closed(place: Region, seen: Window) -> QuerySet[ClosedPeriod]:
    rows = inside(ClosedPeriod.objects.all(), place.scope).order_by("region_id")
    return rows.filter(span=seen.span.value, first=seen.first)
