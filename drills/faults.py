"""The faults, F1 to F22 of the list: each makes its misfortune, and says what it saw."""

import json
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg2
import redis

from drills.outbox import emptied
from drills.people import WRITE, Crowd, Visitor, now, send
from drills.site import Site, children, end, until
from launcher.paths import ROOT
from tests.workbooks.making import parts, save, sheet_xml

FAR_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
IMPORTER = "importer"
OUTAGE = 20  # seconds that the database is away; the list says 60, and 20 shows as much
STANDS = """
SELECT pid FROM pg_stat_activity WHERE usename = 'sd_app' AND wait_event_type = 'Lock'
AND query ILIKE '%visits_overdueflag%'
"""
ASKED = "SELECT FROM jobs_job WHERE kind = 'visits.flag_overdue'"
HOLD = "LOCK TABLE visits_overdueflag IN SHARE ROW EXCLUSIVE MODE"
ASK = """
import django; django.setup()
import datetime as dt, sys
from visits.tasks import ask
print(len(ask(dt.date.fromisoformat(sys.argv[1]))))
"""
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


@dataclass
class Stage:
    """The running site of the drill, and what a fault may take hold of."""

    site: Site
    port: int
    people: list[dict[str, Any]]
    web: Any = None
    worker: Any = None
    beat: Any = None
    crowd: Crowd = field(default=None)  # type: ignore[assignment]

    def open(self) -> None:
        """Start web, worker and beat."""
        self.web = self.site.web(self.port, workers=2)
        self.worker, self.beat = self.site.worker(2), self.site.beat()
        opening = str(self.site.instance.dir / "opening.xlsx")
        self.site.run("-m", "drills.roll", opening, "1", IMPORTER)

    def mend(self) -> None:
        """Start what a fault has ended; what runs stays."""
        if self.worker.poll() is not None:
            self.worker = self.site.worker(2)
        if self.beat.poll() is not None:
            self.beat = self.site.beat()
        if self.web.poll() is not None:
            self.web = self.site.web(self.port, workers=2)

    def settle(self) -> None:
        """Wait until every job that was asked for is done: its lease is passed over."""
        self.site.rows(
            "UPDATE jobs_job SET lease_until = now() - interval '1 s', not_before = now() "
            "WHERE state IN ('running', 'queued')"
        )
        with suppress(subprocess.SubprocessError):
            self.site.run(
                "-c",
                "import django; django.setup()\nfrom jobs.tasks import sweep\nsweep()",
            )
        until(lambda: not self.unfinished(), "every job is done", 240)

    def unfinished(self) -> int:
        """Return how many jobs are still to be done."""
        query = "SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running')"
        return int(self.site.rows(query)[0][0])

    def new_night(self) -> str:
        """Forget the last night and ask for it anew: there is all its work to do."""
        self.forget_night()
        return self.ask_night()

    def forget_night(self) -> None:
        """Remove the night's jobs and flags."""
        self.site.rows("DELETE FROM visits_overdueflag")
        self.site.rows("DELETE FROM jobs_job WHERE kind = 'visits.flag_overdue'")

    def ask_night(self, day: str = "") -> str:
        """Ask for a night's work, as beat does."""
        return self.site.run("-c", ASK, day or time.strftime("%Y-%m-%d"))

    def walkers(self) -> list[Visitor]:
        """Return the people who record visits."""
        return [one for one in self.crowd.visitors if one.person["homes"]]


@dataclass(frozen=True)
class Fault:
    """A misfortune: what it is, and how it comes about.

    With `outage` requests may fail while it lasts, and for a moment after.
    """

    what: str
    happen: Callable[[Stage], str]
    outage: bool = False


FAULTS: dict[str, Fault] = {}
Happening = Callable[[Stage], str]


def fault(
    key: str, what: str, *, outage: bool = False
) -> Callable[[Happening], Happening]:
    """Offer a function as the fault `key`."""

    def register(happen: Happening) -> Happening:
        FAULTS[key] = Fault(what, happen, outage)
        return happen

    return register


# --- PostgreSQL -----------------------------------------------------------------


@fault("F01", "PostgreSQL restarts, and again when idle", outage=True)
def restarts(stage: Stage) -> str:
    """Restart between requests: connections are checked before they are used."""
    stage.site.restart_database()
    return "restarted"


@fault("F02", "PostgreSQL is killed in mid-request", outage=True)
def killed_backends(stage: Stage) -> str:
    """Terminate every session of the product, three times, under load."""
    ended = 0
    for _ in range(3):
        ended += len(
            stage.site.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = 'sd_app'"
            )
        )
        time.sleep(0.5)
    stage.site.restart_database()
    return f"{ended} sessions ended, restarted"


@fault("F03", "PostgreSQL restarts in mid-import", outage=True)
def restarted_import(stage: Stage) -> str:
    """Restart while a workbook is being written; a second run brings the same rows."""
    path = str(stage.site.instance.dir / f"import-{uuid.uuid4().hex[:8]}.xlsx")
    stage.site.run("-m", "drills.roll", path, "3000", IMPORTER)
    command = (
        "manage.py",
        "import_ledger",
        "households",
        path,
        "--as",
        IMPORTER,
        "--apply",
    )
    first = subprocess.Popen(
        [stage.site.python, *command],
        cwd=ROOT, env=stage.site.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = households(stage)
    with suppress(AssertionError):
        until(
            lambda: households(stage) > before or first.poll() is not None,
            "rows appear",
            30,
        )
    stage.site.restart_database()
    first.wait(120)
    told = json.loads(stage.site.run(*command))
    again = told["created"] + told["unchanged"]
    if again != told["read"] or households(stage) != before + told["read"]:
        raise AssertionError(f"{households(stage) - before} rows of {told['read']}")
    return f"exit {first.returncode}; again: {told['created']} created, {told['unchanged']} there"


def households(stage: Stage) -> int:
    """Return how many households there are."""
    return int(stage.site.rows("SELECT count(*) FROM households_household")[0][0])


@fault("F04", f"PostgreSQL is away for {OUTAGE} s", outage=True)
def away(stage: Stage) -> str:
    """Stop it; pages say 503 with Retry-After; phones keep what they could not send."""
    stage.site.stop_database()
    walker = stage.walkers()[0]
    kept = [str(uuid.uuid4()) for _ in range(5)]
    statuses = {walker.visit(pk) for pk in kept}
    time.sleep(OUTAGE)
    stage.site.start_database()
    until(
        lambda: all(walker.visit(pk) in {200, 201} for pk in kept), "the outbox empties"
    )
    if not statuses <= {0, 503}:
        raise AssertionError(f"answers without a database: {statuses}")
    return f"answers meanwhile {sorted(statuses)}, 5 kept visits sent afterwards"


@fault("F22", "a long transaction holds locks", outage=True)
def locked(stage: Stage) -> str:
    """Lock the visits for longer than a request waits; the locks' time-out answers."""
    hold = psycopg2.connect(stage.site.admin)
    hold.cursor().execute("LOCK TABLE visits_visit IN EXCLUSIVE MODE")
    time.sleep(8)
    reads = stage.crowd.visitors[0].ask("GET", "/inbox/", "GET /inbox/")
    hold.rollback()
    hold.close()
    return f"held for 8 s; a page beside it answered {reads}"


# --- the broker -----------------------------------------------------------------


@fault("F05", "Redis stops answering connections")
def broker_stops(stage: Stage) -> str:
    """Ask for work while the broker's clients are thrown out and refused."""
    line = broker(stage)
    usual = line.config_get("maxclients")["maxclients"]
    line.config_set("maxclients", 1)
    line.client_kill_filter(_type="normal", skipme=True)
    asked = stage.new_night()
    line.config_set("maxclients", usual)
    return f"{asked} jobs written meanwhile"


@fault("F06", "Redis is a black hole")
def black_hole(stage: Stage) -> str:
    """Stop the process: it takes connections and answers nothing."""
    os.kill(stage.site.broker, signal.SIGSTOP)
    try:
        asked = stage.new_night()
        time.sleep(5)
    finally:
        os.kill(stage.site.broker, signal.SIGCONT)
    return f"{asked} jobs written meanwhile"


@fault("F07", "Redis forgets everything")
def flushed(stage: Stage) -> str:
    """FLUSHALL with jobs in the queue."""
    asked = stage.new_night()
    broker(stage).flushall()
    return f"flushed with {asked} jobs told"


def broker(stage: Stage) -> Any:
    """Return a connection to the broker."""
    return redis.Redis.from_url(stage.site.env["REDIS_URL"])


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
        closing(psycopg2.connect(stage.site.admin)) as hold,
    ):
        asked = beat.submit(stage.ask_night)
        until(lambda: stage.site.rows(ASKED), "the night is asked for", 20)
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


# --- people ---------------------------------------------------------------------


@fault("F15", "two people write the same at once")
def two_editors(stage: Stage) -> str:
    """Send one id with two contents: one is stored, the other is told 409."""
    walker = stage.walkers()[0]
    answers = []
    for _ in range(10):
        pk = str(uuid.uuid4())
        captured = now()
        home, other = walker.person["homes"][:2]
        bodies = [{"household": one, "captured_at": captured} for one in (home, other)]
        with ThreadPoolExecutor(2) as pool:
            sending = [pool.submit(walker_send, walker, pk, body) for body in bodies]
            statuses = [one.result() for one in sending]
        answers.append(sorted(statuses))
    if any(found != [201, 409] for found in answers):
        raise AssertionError(f"answers {answers}")
    return "10 of 10 pairs: one stored, one told 409"


def walker_send(walker: Visitor, pk: str, body: dict[str, Any]) -> int:
    """Send a visit without noting it: a 409 is wanted here."""
    path = f"/api/v1/visits/{pk}/"
    status = send(walker.port, walker.person["session"], "PUT", path, json.dumps(body))
    if status == 201:
        with walker.answers.lock:
            walker.answers.written[pk] = body
    return status


@fault("F16", "one form is sent ten times in parallel")
def pressed_ten_times(stage: Stage) -> str:
    """Send the same visit from ten threads: one is new, nine are known."""
    walker, pk = stage.walkers()[0], str(uuid.uuid4())
    body = {
        "household": walker.person["homes"][0],
        "captured_at": now(),
    }
    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(lambda _: walker.put(pk, body), range(10)))
    if statuses != [200] * 9 + [201]:
        raise AssertionError(f"answers {statuses}")
    return "1 new, 9 known"


@fault("F17", "outboxes of phones: shuffled, doubled, cut off")
def outboxes(stage: Stage) -> str:
    """Send queues in any order, some twice, some with the line cut in mid-request."""
    walkers = stage.walkers()[:50]
    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(lambda pair: emptied(*pair), enumerate(walkers, 1000)))
    return f"{len(walkers)} phones, {sent} visits"


# --- machine and deployment -----------------------------------------------------


@fault("F18", "the disk is full")
def disk_full(stage: Stage) -> str:
    """Let the exports' folder be one without a free byte, then give it back."""
    place = stage.site.instance.dir / "full"
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)],
        capture_output=True, check=False,
    ).returncode == 0  # fmt: skip
    if not mounted:
        return "not done: a small disk may not be mounted here"
    try:
        (place / "filling").write_bytes(b"0" * 60_000)
        done = subprocess.run(
            [stage.site.python, "manage.py", "doctor"],
            cwd=ROOT, env={**stage.site.env, "RUN_DIR": str(place)},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if "磁盘" not in done.stdout or done.returncode == 0:
            raise AssertionError(done.stdout[-300:])
        page = stage.crowd.visitors[0].ask("GET", "/inbox/", "GET /inbox/")
    finally:
        subprocess.run(["umount", str(place)], check=False)
    return f"doctor names it; a page meanwhile answered {page}"


@fault("F20", "a migration is deployed under load")
def migrated(stage: Stage) -> str:
    """Add and drop a column as a migration would, with the lock's time-out."""
    owner = stage.site.env["DATABASE_OWNER_URL"]
    tries = 0
    for statement in (
        "ALTER TABLE visits_visit ADD COLUMN drill integer",
        "ALTER TABLE visits_visit DROP COLUMN drill",
    ):
        for _ in range(20):
            tries += 1
            with suppress(psycopg2.errors.LockNotAvailable):
                run_as_owner(owner, statement)
                break
            time.sleep(0.5)
        else:
            raise AssertionError("the lock was never free")
    return f"2 statements, {tries} tries"


def run_as_owner(url: str, statement: str) -> None:
    """Run one statement as a migration connects: rather not than make others wait."""
    line = psycopg2.connect(url, options="-c lock_timeout=2s")
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement)
    finally:
        line.close()


@fault("F21", "a web process is killed in mid-request", outage=True)
def web_killed(stage: Stage) -> str:
    """Kill -9 one of the web's processes under load; its master starts another."""
    pids = children(stage.web.pid)
    os.kill(pids[0], signal.SIGKILL)
    threading.Event().wait(2)
    until(lambda: len(children(stage.web.pid)) >= len(pids), "another is started")
    return f"1 of {len(pids)} killed, {WRITE} went on"
