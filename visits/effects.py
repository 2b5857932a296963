"""What new settings would change, before they are in force.

The settings are written, every household is judged by the same SQL functions that keep
the stored dates (`visits.triggers`), and the writing is taken back. Both rules are
judged as of the first day of the new one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from households.models import Household
from regions.postgresql import planner
from visits import rules
from visits.models.policy import Content, Policy
from visits.rules import Cadence, Standing

CHUNK = 5000
KINDS = {"key": "重点户", "ordinary": "普通户"}
STANDINGS = {
    Standing.OVERDUE.value: "超期",
    Standing.DUE.value: "本期待走访",
    Standing.DONE.value: "本期不用走",
    Standing.EXCUSED.value: "免访",
}
JUDGED = """
SELECT j.household_id, j.is_key, j.cadence, j.due_on, j.last_visit_on,
       visits_waived(j.household_id, %(on)s) AS now,
       visits_waived(j.household_id, (
           date_trunc(j.cadence, %(on)s::timestamp)
           + CASE j.cadence WHEN 'month' THEN interval '1 month' ELSE interval '3 months' END
       )::date - 1) AS at_the_end
FROM visits_judged(%(ids)s, %(on)s) j WHERE j.representative_id IS NOT NULL
"""
Effect = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """How one household stands under one rule."""

    kind: str
    standing: str
    due_on: dt.date | None


@transaction.atomic
def effect_of(plan: Content) -> Effect:
    """Return what the settings would change for the open scope, as plain numbers.

    `kinds`: for 重点户 and 普通户 and each standing, the households by today's rule and
    by the new one. `sooner` and `later`: households whose date would move.
    """
    on, ids = (
        plan.effective_from,
        list(Household.objects.living().values_list("pk", flat=True)),
    )
    now, then = _judged(ids, on), {}
    with supposed(plan):
        then = _judged(ids, on)
    moved = [
        (now[pk].due_on or dt.date.max, one.due_on or dt.date.max)
        for pk, one in then.items()
        if pk in now
    ]
    return {
        "kinds": _counted(now.values(), then.values()),
        "sooner": sum(new < old for old, new in moved),
        "later": sum(new > old for old, new in moved),
    }


@contextmanager
def supposed(plan: Content) -> Iterator[None]:
    """Let the settings be in force for the block; nothing of it is kept."""
    with transaction.atomic():
        Policy.objects.create(**plan.content)
        yield
        transaction.set_rollback(True)


def _judged(ids: list[int], on: dt.date) -> dict[int, Verdict]:
    found = {}
    with planner.without("nestloop"), connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            cursor.execute(JUDGED, {"ids": ids[start : start + CHUNK], "on": on})
            for home, *judged in cursor.fetchall():
                found[home] = _verdict(on, *judged)
    return found


@lru_cache(maxsize=4096)
def _verdict(
    on: dt.date,
    is_key: bool,  # noqa: FBT001 - a column of the statement above
    cadence: str,
    due_on: dt.date | None,
    last: dt.date | None,
    *waived: bool,
) -> Verdict:
    """Judge by the pure rule; households alike are judged once."""
    now, at_the_end = waived
    end = Cadence(cadence).period(on).end
    day = on if now else end if at_the_end else None
    waiver = rules.Waiver(day, day, "") if day else None
    judged = rules.standing(due_on, Cadence(cadence), on, waiver, last)
    return Verdict("key" if is_key else "ordinary", judged.standing.value, due_on)


def _counted(now: Any, then: Any) -> dict[str, dict[str, list[int]]]:
    old = Counter((one.kind, one.standing) for one in now)
    new = Counter((one.kind, one.standing) for one in then)
    return {
        kind: {
            standing: [old[kind, standing], new[kind, standing]]
            for standing in STANDINGS
        }
        for kind in KINDS
    }
