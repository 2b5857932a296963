"""A summary that is over stays as it was when it was closed (docs/adr/0010).

What was heard, held or resolved is known by its date, but people enter late and correct
themselves. So the night that closes a period's visits keeps the other figures of each
village too, and a report that was handed upwards says the same for good.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from regions.models import Region, inside
from reports.closing import closable
from reports.figures.domain import Counts
from reports.models import ClosedSummary
from reports.periods import Window
from reports.summary.parts import PARTS, Part
from reports.summary.villages import ByVillage, Villages


@transaction.atomic
def keep(place: Region, on: dt.date) -> int:
    """Keep the summaries of a place's villages that are over by `on`; return how many.

    Needs a scope over it. What is kept already stays; running it again adds nothing.
    """
    return sum(_keep(place, seen) for seen in closable(on))


def _keep(place: Region, seen: Window) -> int:
    known = kept_of(place, seen)
    missing = [code for code in place.village_codes() if code not in known]
    if not missing:
        return 0
    counted = counted_now(Villages(place, seen), [p for p in PARTS if p.is_kept])
    now = timezone.now()
    rows = [
        ClosedSummary(
            region_id=code,
            span=seen.span.value,
            first=seen.first,
            last=seen.last,
            closed_at=now,
            figures=_whole(counted.get(code, Counter())),
        )
        for code in missing
    ]
    return len(ClosedSummary.objects.bulk_create(rows, ignore_conflicts=True))


def _whole(counts: Counts) -> dict[str, int]:
    """Return every kept figure, noughts too: what is not there was not counted then."""
    return {name: counts[name] for part in PARTS if part.is_kept for name in part.names}


def kept_of(place: Region, seen: Window) -> dict[int, dict[str, int]]:
    """Return the kept figures of a period by village; one statement."""
    rows = inside(ClosedSummary.objects.all(), place.scope)
    rows = rows.of(seen.span.value, seen.first).order_by("region_id")
    return dict(rows.values_list("region_id", "figures"))


def counted_now(asked: Villages, parts: Sequence[Part]) -> dict[int, Counts]:
    """Return what some parts count today, by village."""
    found: dict[int, Counts] = {}
    for part in parts:
        for code, counts in part.counts(asked).items():
            found.setdefault(code, Counter()).update(counts)
    return found


def counts_of(asked: Villages) -> tuple[ByVillage, bool]:
    """Return the figures of each village, and whether all of them are closed.

    As kept where the period was closed; a figure that was not counted then, and a
    village that has not closed it, are counted by what is known now.
    """
    kept = kept_of(asked.place, asked.seen) if asked.seen.is_over else {}
    villages = asked.codes
    parts = [part for part in PARTS if not _is_kept(part, villages, kept)]
    found = counted_now(asked, parts)
    for code, figures in kept.items():
        # Noughts too: nothing heard at closing is nothing heard, whatever came later.
        dict.update(found.setdefault(code, Counter()), figures)
    return found, bool(villages) and all(code in kept for code in villages)


def _is_kept(
    part: Part, villages: Sequence[int], kept: Mapping[int, Mapping[str, int]]
) -> bool:
    if not part.is_kept:
        return False
    nothing: Mapping[str, int] = {}
    return all(
        name in kept.get(code, nothing) for code in villages for name in part.names
    )
