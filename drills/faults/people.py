"""F15 to F18, F20, F21: people at once, phones, the machine, a deployment."""

import json
import os
import signal
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg

from drills.faults.stage import Stage, fault
from drills.outbox import emptied
from drills.people import WRITE, Visitor, now, send
from drills.site import children, until
from launcher.paths import ROOT

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
            with suppress(psycopg.errors.LockNotAvailable):
                run_as_owner(owner, statement)
                break
            time.sleep(0.5)
        else:
            raise AssertionError("the lock was never free")
    return f"2 statements, {tries} tries"


def run_as_owner(url: str, statement: str) -> None:
    """Run one statement as a migration connects: rather not than make others wait."""
    with psycopg.connect(url, options="-c lock_timeout=2s") as line:
        line.execute(statement)


@fault("F21", "a web process is killed in mid-request", outage=True)
def web_killed(stage: Stage) -> str:
    """Kill -9 one of the web's processes under load; its master starts another."""
    pids = children(stage.web.pid)
    os.kill(pids[0], signal.SIGKILL)
    threading.Event().wait(2)
    until(lambda: len(children(stage.web.pid)) >= len(pids), "another is started")
    return f"1 of {len(pids)} killed, {WRITE} went on"
