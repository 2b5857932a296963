"""The reconciliation after every misfortune: what must come out empty.

Nothing lost: whatever the server acknowledged is there, as it was sent. Nothing
doubled: nothing is there twice. Nothing half done: what is computed agrees with what
it is computed from, and no job has run under another's name.
"""

from collections.abc import Iterator
from typing import Any

from bench.proof import Row
from drills.people import Answers
from drills.site import Site

DOUBLED = {
    "flags doubled": """
        SELECT household_id, cadence, period_start FROM visits_overdueflag
        GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "jobs asked for twice": """
        SELECT region_code, unique_key FROM jobs_job GROUP BY 1, 2 HAVING count(*) > 1""",
    "jobs that run without a lease": """
        SELECT id FROM jobs_job WHERE state = 'running' AND lease_until IS NULL""",
    "jobs given up": "SELECT id FROM jobs_job WHERE state = 'failed'",
    "late households that a night left unflagged": """
        SELECT d.household_id FROM visits_duty d
        WHERE d.due_on < current_date AND d.representative_id IS NOT NULL
        AND EXISTS (SELECT FROM jobs_job
            WHERE kind = 'visits.flag_overdue' AND state = 'done')
        AND NOT EXISTS (SELECT FROM visits_overdueflag f
            WHERE f.household_id = d.household_id AND f.resolved_on IS NULL)""",
    "visits without their duty": """
        SELECT v.id FROM visits_visit v
        WHERE NOT EXISTS (SELECT FROM visits_duty d WHERE d.household_id = v.household_id)
        AND EXISTS (SELECT FROM households_contactlink l
            WHERE l.household_id = v.household_id AND l.ended_on IS NULL)""",
    "duties that forgot a visit": """
        SELECT d.household_id FROM visits_duty d
        JOIN (SELECT household_id, max(visited_on) AS last FROM visits_visit
            WHERE counts AND withdrawn_at IS NULL GROUP BY 1) v USING (household_id)
        WHERE d.last_visit_on IS NOT NULL AND d.last_visit_on < v.last
        AND EXISTS (SELECT FROM households_contactlink l
            WHERE l.household_id = d.household_id AND l.ended_on IS NULL
            AND l.started_on <= v.last)""",
    "duties that their counts miss": """
        SELECT region_code, due_on FROM (
            SELECT region_code, due_on, 1 AS households FROM visits_duty
            UNION ALL SELECT region_code, due_on, -households FROM visits_dutytally
        ) both_sides GROUP BY 1, 2 HAVING sum(households) <> 0""",
    "meetings that their counts miss": """
        SELECT region_code, due_on FROM (
            SELECT region_code, due_on, 1 AS meetings FROM sentiment_meetingduty
            UNION ALL SELECT region_code, due_on, -meetings FROM sentiment_meetingtally
        ) both_sides GROUP BY 1, 2 HAVING sum(meetings) <> 0""",
    "seats that their counts miss": """
        SELECT region_code FROM (
            SELECT region_code, 1 AS seats FROM representatives_seat
            UNION ALL SELECT region_code, -seats FROM representatives_seattally
        ) both_sides GROUP BY 1 HAVING sum(seats) <> 0""",
    "mandates that their counts miss": """
        SELECT region_code, until FROM (
            SELECT region_code, until, 1 AS mandates FROM representatives_mandate
            UNION ALL SELECT region_code, until, -mandates FROM trainings_servicetally
        ) both_sides GROUP BY 1, 2 HAVING sum(mandates) <> 0""",
    "history written outside a scope": """
        SELECT c.id FROM accounts_rowchange c
        LEFT JOIN regions_region r ON r.code = c.region_code WHERE r.code IS NULL""",
}


def reconciled(site: Site, answers: Answers, after: str = "") -> Iterator[Row]:
    """Yield one row: everything acknowledged is there once, and nothing is left over."""
    found = [*_visits(site, answers.written), *_leftovers(site)]
    what = f"{after}: reconciliation" if after else "reconciliation"
    said = "; ".join(found) or f"empty ({len(answers.written):,} acknowledged writes)"
    yield Row(what, said, "empty", kept=not found)


def _leftovers(site: Site) -> Iterator[str]:
    for name, query in DOUBLED.items():
        if rows := site.rows(query):
            yield f"{len(rows)} {name}"


def _visits(site: Site, written: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Compare what was acknowledged with what is stored."""
    stored = dict(
        site.rows("SELECT id::text, household_id FROM visits_visit WHERE NOT on_behalf")
    )
    lost = written.keys() - stored.keys()
    other = [
        pk
        for pk, sent in written.items()
        if stored.get(pk, sent["household"]) != sent["household"]
    ]
    if lost:
        yield f"{len(lost)} acknowledged visits lost"
    if other:
        yield f"{len(other)} visits stored otherwise"
