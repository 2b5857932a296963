"""Closing periods: their figures are kept as they were, some days after the end."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from regions.models import Level, Region
from reports.measures import measure_on
from reports.models import ClosedPeriod
from reports.periods import Span, Window, window
from visits.outcomes import Outcome, VillageOutcomes, outcomes_of

LOOK_BACK = {Span.MONTH: 13, Span.QUARTER: 5, Span.YEAR: 1}
"""How many past periods are closed at most when nights were missed: a year and one."""
ARRAYS = ("households", "representatives", "outcomes")


@transaction.atomic
def close(township: Region, on: dt.date) -> int:
    """Close the periods of a township's villages that are over by `on`; return how many.

    Needs a scope over it. What is closed already stays as it is, so that a second run,
    or two at once, add nothing; a night that was missed is caught up by the next.
    """
    villages = _villages(township)
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


def closed_of(
    place: Region, seen: Window, *, households: bool = False
) -> list[ClosedPeriod]:
    """Return a past period of the villages that have closed it.

    With `households` their lists are read too.
    """
    rows = ClosedPeriod.objects.inside(place)
    rows = rows.filter(span=seen.span.value, first=seen.first)
    return list(rows if households else rows.defer(*ARRAYS, "by_day"))


def periods_of(
    place: Region, seen: Window, *, households: bool = False
) -> list[ClosedPeriod]:
    """Return a past period of a place's villages: as closed, else as it is now.

    Two statements, a third where something is not closed.
    """
    closed = closed_of(place, seen, households=households)
    known = {row.region_id for row in closed}
    missing = [code for code in _villages(place) if code not in known]
    return closed + (as_they_are(missing, seen) if missing else [])


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
        seen=found.outcomes.count(Outcome.SEEN),
        unseen=found.outcomes.count(Outcome.UNSEEN),
        excused=found.outcomes.count(Outcome.EXCUSED),
        free=found.outcomes.count(Outcome.FREE),
        nobody=found.outcomes.count(Outcome.NOBODY),
        by_day=found.by_day(seen.days),
        households=list(found.households),
        representatives=list(found.representatives),
        outcomes=found.outcomes,
    )


def _villages(place: Region) -> list[int]:
    if place.level == Level.VILLAGE:
        return [place.code]
    below = Region.objects.current().villages().within(place.scope)
    return list(below.order_by("code").values_list("code", flat=True))
