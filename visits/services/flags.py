"""Overdue flags: a missed period of a household, written once, settled by a visit.

Both halves are set-based and safe to repeat. Flags are never undone; whether one is
settled follows from the visits that stand, whichever way they came or went: recorded,
imported, corrected, withdrawn, taken back with an import.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from households.models import ContactLink
from visits import rules
from visits.facts import facts_of
from visits.models import Duty, DutyQuerySet, OverdueFlag

CHUNK = 2000

# The first counted visit from the beginning of the period on: in it (entered late) or
# after it (补访, `rules.Owed.made_up_on`).
SETTLE = """
UPDATE visits_overdueflag f SET resolved_on = seen.first
FROM (
    SELECT open.id, (
        SELECT min(v.visited_on) FROM visits_visit v
        WHERE v.household_id = open.household_id AND v.counts
          AND v.withdrawn_at IS NULL AND v.visited_on >= open.period_start
    ) AS first
    FROM visits_overdueflag open WHERE open.household_id = ANY (%s)
) seen
WHERE f.id = seen.id AND f.resolved_on IS DISTINCT FROM seen.first
"""


@transaction.atomic
def settle(households: Iterable[int]) -> int:
    """Set of each flag by which visit it is settled, if any; return how many changed."""
    ids = sorted(set(households))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [ids])
        return int(cursor.rowcount)


@transaction.atomic
def flag_overdue(on: dt.date) -> dict[str, int]:
    """Write a flag for each missed period of the open scope, and settle what can be.

    Returns the counts. Only households whose due date is past are looked at, so the work follows what is
    due and not the visits ever made. A second run, or two at once, add nothing: the
    flag of a household's period is unique in the database.
    """
    late = list(_late(on).values_list("pk", flat=True))
    flagged = 0
    for start in range(0, len(late), CHUNK):
        flagged += _flag(late[start : start + CHUNK], on)
    unsettled = OverdueFlag.objects.filter(resolved_on=None)
    settled = settle(unsettled.values_list("household_id", flat=True))
    return {"overdue": len(late), "flagged": flagged, "settled": settled}


def flag_before(household: int, visited_on: dt.date) -> int:
    """Flag the periods that a visit about to be recorded makes up for; return how many.

    The night has done so, unless it has not run yet or could not: afterwards nothing
    is overdue any more, and the missed period would be missing from the history.
    """
    if not _late(visited_on).filter(pk=household).exists():
        return 0
    return _flag([household], visited_on)


def _late(on: dt.date) -> DutyQuerySet:
    return Duty.objects.owed().filter(due_on__lt=on)


def _flag(households: Sequence[int], on: dt.date) -> int:
    duties = Duty.objects.in_bulk(households)
    known = set(
        OverdueFlag.objects.filter(household__in=households).values_list(
            "household_id", "cadence", "period_start"
        )
    )
    held = _links(households)
    flags = [
        _as_flag(duties[household], owed, held[household], on)
        for household, facts in facts_of(households).items()
        for owed in rules.missed_periods(facts, on)
        if owed.is_open
        and (household, owed.cadence.value, owed.period.start) not in known
    ]
    return len(OverdueFlag.objects.bulk_create(flags, ignore_conflicts=True))


def _links(households: Sequence[int]) -> dict[int, list[ContactLink]]:
    found: dict[int, list[ContactLink]] = defaultdict(list)
    for link in ContactLink.objects.filter(household__in=households):
        found[link.household_id].append(link)
    return found


def _as_flag(
    duty: Duty, owed: rules.Owed, links: Iterable[ContactLink], on: dt.date
) -> OverdueFlag:
    day = owed.period.end
    held = next(
        (
            link.representative_id
            for link in links
            if link.started_on <= day and (link.ended_on is None or day < link.ended_on)
        ),
        None,
    )
    return OverdueFlag(
        region_id=duty.region_id,
        household_id=duty.household_id,
        representative_id=held,
        cadence=owed.cadence.value,
        period_start=owed.period.start,
        period_end=day,
        flagged_on=on,
    )
