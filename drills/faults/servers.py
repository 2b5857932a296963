"""F01 to F07, F22: what PostgreSQL and the broker may do to those who need them."""

import json
import os
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from typing import Any

import psycopg
import redis

from drills.faults.stage import IMPORTER, Stage, fault
from drills.site import until
from launcher.paths import ROOT

OUTAGE = 20  # seconds that the database is away; the list says 60, and 20 shows as much


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
    hold = psycopg.connect(stage.site.admin)
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
