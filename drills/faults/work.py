"""F08 to F14: what may happen to the worker, to beat and to the calendar."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg

from drills.faults.stage import IMPORTER, Stage, fault
from drills.site import children, end, until
from launcher.paths import ROOT
from tests.workbooks.making import parts, save, sheet_xml

FAR_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
STANDS = """
SELECT pid FROM pg_stat_activity WHERE usename = 'sd_app' AND wait_event_type = 'Lock'
AND query ILIKE '%visits_overdueflag%'
"""
ASKED = "SELECT id FROM jobs_job WHERE kind = 'visits.flag_overdue'"
HOLD = "LOCK TABLE visits_overdueflag IN SHARE ROW EXCLUSIVE MODE"
AGAIN = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from jobs.models import Job
from jobs.tasks import run
from django.db import connection
from django.db import transaction
from regions.scoping import EVERYWHERE_HI, Scope, scope
with scope(Scope(0, EVERYWHERE_HI, why="drill")), transaction.atomic():
    jobs = [(str(j.pk), j.region_id) for j in Job.objects.filter(kind="visits.flag_overdue")[:5]]
def twice(job):
    run(job[0], region=job[1]); connection.close()
with ThreadPoolExecutor(5) as workers:
    list(workers.map(twice, jobs * 5))
print(len(jobs) * 5)
"""
CALENDAR = ["2026-02-28", "2026-06-30", "2026-09-30", "2026-12-31", "2028-02-29"]
EDGES = """
import django; django.setup()
import sys, datetime as dt
from visits.rules.periods import Cadence
wrong = 0
for text in sys.argv[1:]:
    day = dt.date.fromisoformat(text)
    for cadence in Cadence:
        here = cadence.period(day)
        after = cadence.period(day + dt.timedelta(days=1))
        wrong += day not in here
        wrong += not (here == after or after.start == here.end + dt.timedelta(days=1))
print(wrong)
"""


# --- the worker -----------------------------------------------------------------


@fault("F08", "a worker's child is killed")
def child_killed(stage: Stage) -> str:
    """Kill -9 the children in the middle of the night's work."""
    return killed_at_night(stage, children(stage.worker.pid))


@fault("F09", "the worker is killed")
def worker_killed(stage: Stage) -> str:
    """Kill -9 the worker with everything it started."""
    told = killed_at_night(stage, [])
    end(stage.worker)
    return told.replace("0 children", "the worker")


def killed_at_night(stage: Stage, pids: list[int]) -> str:
    """Hold the night's table once its jobs are there, so that one is met in the middle.

    Not before: whoever records a visit meanwhile waits for the table too, and no
    request waits for a lock longer than five seconds.
    """
    stage.forget_night()
    with (
        ThreadPoolExecutor(1) as beat,
        closing(psycopg.connect(stage.site.admin)) as hold,
    ):
        asked = beat.submit(stage.ask_night)
        until(lambda: stage.site.rows(ASKED), "the night is asked for", 90)
        hold.cursor().execute(HOLD)
        until(lambda: stage.site.rows(STANDS), "the worker is in the middle", 4)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return f"{asked.result()} jobs asked, {len(pids)} children killed"


@fault("F10", "a file eats the reader's memory")
def bomb(stage: Stage) -> str:
    """Import a workbook whose one cell lies in the last corner: refused, worker alive."""
    path = save(stage.site.instance.dir / "bomb.xlsx", parts(sheet_xml(FAR_CELL)))
    done = subprocess.run(
        [stage.site.python, "manage.py", "import_ledger", "households", str(path), "--as", IMPORTER],
        cwd=ROOT, env=stage.site.env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if stage.worker.poll() is not None or "Traceback" in done.stderr:
        raise AssertionError(done.stderr[-300:])
    return "refused, worker alive"


@fault("F11", "every message is delivered five times at once")
def delivered_again(stage: Stage) -> str:
    """Run the night's jobs five times each, in parallel."""
    stage.new_night()
    return f"{stage.site.run('-c', AGAIN)} deliveries"


@fault("F12", "two beats")
def two_beats(stage: Stage) -> str:
    """Start a second beat, and ask for the same night from two processes."""
    stage.forget_night()
    second = stage.site.beat("second-beat")
    with ThreadPoolExecutor(2) as pool:
        asked = list(pool.map(lambda _: stage.ask_night(), "12"))
    time.sleep(5)
    end(second)
    return f"asked {' and '.join(asked)}"


@fault("F13", "beat is down for three nights")
def missed_nights(stage: Stage) -> str:
    """Stop beat; then ask for tonight: it covers every period missed until now."""
    end(stage.beat)
    asked = stage.new_night()
    until(lambda: not stage.unfinished(), "the night is caught up", 240)
    [(late, flagged)] = stage.site.rows(
        "SELECT (SELECT count(*) FROM visits_duty d WHERE d.due_on < current_date "
        "AND d.representative_id IS NOT NULL), count(DISTINCT household_id) "
        "FROM visits_overdueflag WHERE resolved_on IS NULL"
    )
    return f"{asked} jobs; {late} late duties, {flagged} households flagged"


@fault("F14", "the calendar's edges and a clock that jumps")
def clock_jumps(stage: Stage) -> str:
    """Ask at the ends of months, quarters, leap days; a day ahead, a day back."""
    wrong = stage.site.run("-c", EDGES, *CALENDAR)
    today = time.time()
    asked = [
        stage.ask_night(time.strftime("%Y-%m-%d", time.localtime(today + days * 86400)))
        for days in (1, -1, 0)
    ]
    if wrong.splitlines()[-1] != "0":
        raise AssertionError(f"{wrong} periods do not join")
    return f"{len(CALENDAR)} edges join; asked {', '.join(asked)}"
