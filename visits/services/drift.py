"""Whether the stored due dates are what the rule says, and making them so.

Triggers keep them true from one fact to the next; what no fact announces is that a day
has passed: a category or link that ends today, settings that begin. The night judges
every household anew by the same SQL functions. What changed with the day is *turned*;
any other difference is *drift*, a fault of ours, which is reported besides.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from households.models import Household
from regions.postgresql import planner
from visits.models import Duty, DutyCheck
from visits.tallying import DUTIES

log = logging.getLogger("shaodong.visits")
CHUNK = 5000

COMPARED = """
WITH judged AS MATERIALIZED (SELECT * FROM visits_judged(%(ids)s, visits_today()))
SELECT array_agg(id), count(*) FILTER (
    WHERE j.household_id IS NULL OR d.household_id IS NULL
    OR (j.representative_id, j.is_key, j.cadence)
        IS NOT DISTINCT FROM (d.representative_id, d.is_key, d.cadence))
FROM unnest(%(ids)s) id
LEFT JOIN judged j ON j.household_id = id
LEFT JOIN visits_duty d ON d.household_id = id
WHERE (j.household_id, j.representative_id, j.is_key, j.cadence, j.due_on, j.last_visit_on)
    IS DISTINCT FROM
    (d.household_id, d.representative_id, d.is_key, d.cadence, d.due_on, d.last_visit_on)
"""


@dataclass(frozen=True)
class Compared:
    """How many households were judged, and how many of them stood wrong and why."""

    households: int = 0
    drifted: int = 0
    turned: int = 0

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(
            self.households + other.households,
            self.drifted + other.drifted,
            self.turned + other.turned,
        )

    @property
    def words(self) -> str:
        """What was found, in one sentence."""
        if not self.drifted:
            return f"核对 {self.households:,} 户的走访期限，全部一致。"
        return (
            f"核对 {self.households:,} 户的走访期限，"
            f"{self.drifted:,} 户与规则不一致，已改正。"
        )


@transaction.atomic
def verify(*, repair: bool = True) -> Compared:
    """Judge every household of the open scope anew, as of today; mend what differs."""
    ids = sorted(
        set(Household.objects.living().values_list("pk", flat=True))
        | set(Duty.objects.values_list("pk", flat=True))
    )
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum((_verify(chunk, repair=repair) for chunk in chunks), Compared())


@transaction.atomic
def verify_township(code: int) -> Compared:
    """Verify the open scope, a township, and keep what was found; report drift.

    Its counts are summed up anew besides: a year of changes would be long to add up.
    """
    found = verify()
    DUTIES.sum_up()
    DutyCheck.objects.update_or_create(
        region_id=code,
        on=timezone.localdate(),
        defaults={
            "households": found.households,
            "drifted": found.drifted,
            "turned": found.turned,
            "checked_at": timezone.now(),
        },
    )
    if found.drifted:
        log.warning("%s: %s due dates had drifted", code, found.drifted)
    return found


def _verify(ids: Sequence[int], *, repair: bool) -> Compared:
    with connection.cursor() as cursor:
        # Judging a township by loops takes 120 times as long; see visits.triggers.
        with planner.without("nestloop"):
            cursor.execute(COMPARED, {"ids": list(ids)})
            wrong, drifted = cursor.fetchone()
        if wrong and repair:
            cursor.execute("SELECT visits_refresh(%s)", [wrong])
    return Compared(len(ids), drifted, len(wrong or ()) - drifted)


@transaction.atomic
def recompute() -> int:
    """Judge every household of the open scope anew; return how many changed."""
    found = verify()
    return found.drifted + found.turned
