"""The night against real processes that die: the flags are those of a calm night.

On a PostgreSQL and a Valkey of their own, because they are killed and restarted: the
worker's child with kill -9 in the middle of a township, the worker itself, a doubled
beat, a flushed broker, a restarted database. And the web: after the restart no request
fails, and a broker that is stopped costs no page its time.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Event
from typing import Any
from urllib import error, request

import psycopg
import pytest
import redis

from drills.site import Site, build, children, end, until
from launcher import ports, roles
from launcher.instance import Instance
from launcher.paths import APP
from tests.databases import OWNER_URL

TOWNSHIPS = 25
FLAGS = """
SELECT household_id, representative_id, cadence, period_start, period_end, flagged_on,
       resolved_on
FROM visits_overdueflag ORDER BY household_id, period_start, cadence
"""
ASK_TWICE = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from visits.tasks import ask_for_flags
with ThreadPoolExecutor(2) as beats:
    print([one.result() for one in [beats.submit(ask_for_flags) for _ in "12"]])
"""


@pytest.fixture(scope="module")
def site(
    template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Both servers, the schema, the divisions, and a village of overdue households."""
    instance = Instance(tmp_path_factory.mktemp("disasters"), "8000")
    instance.create()
    with ExitStack() as stack:
        made = build(instance, stack, durable=False)
        copy(roles.at(OWNER_URL, template_database), made)
        made.run("manage.py", "collectstatic", "--noinput", "-v0")
        made.session = made.run("-m", "tests.visits.night_stage").splitlines()[-1]
        yield made


def copy(template: str, site: Site) -> None:
    """Copy the template of all tests to the other server: quicker than to migrate."""
    programs = site.cluster.arrangement.binaries
    everything = "-c app.lo=0 -c app.hi=1000000000000"
    dump = subprocess.run(
        [programs / "pg_dump", "--enable-row-security", f"--dbname={template}"],
        env={**os.environ, "PGOPTIONS": everything},
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", site.admin],
        input=dump.stdout,
        check=True,
        capture_output=True,
    )


def waits_for_a_lock(site: Site) -> bool:
    """Say whether a worker stands in the middle of a township, unable to write."""
    return bool(
        site.rows(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'sd_app' "
            "AND wait_event_type = 'Lock'"
        )
    )


def calm_night(site: Site) -> list[tuple[Any, ...]]:
    """Return the flags of an undisturbed night, on a copy of the database."""
    site.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with roles.connect(roles.at(site.admin, "postgres")) as db, db.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE calm TEMPLATE {APP}")
    copy = roles.at(site.env["DATABASE_URL"], "calm")
    site.run("manage.py", "flag_overdue", DATABASE_URL=copy)
    return site.rows(FLAGS, database="calm")


def jobs_in(site: Site, *states: str) -> int:
    """Return how many jobs of the night stand so."""
    listed = ", ".join(f"'{state}'" for state in states)
    [(count,)] = site.rows(f"SELECT count(*) FROM jobs_job WHERE state IN ({listed})")  # noqa: S608
    return int(count)


def disturbed_night(site: Site) -> None:
    """Kill child and worker in the middle of a township; flush and restart the servers.

    The lock makes sure that the worker has judged the township and cannot write yet.
    """
    hold = psycopg.connect(site.admin)
    hold.cursor().execute("LOCK TABLE visits_overdueflag IN SHARE ROW EXCLUSIVE MODE")
    assert site.run("-c", ASK_TWICE) == "[25, 25]"
    worker = site.worker()
    until(lambda: waits_for_a_lock(site), "the worker is in the middle of a township")
    for child in children(worker.pid):
        os.kill(child, signal.SIGKILL)
    redis.Redis.from_url(site.env["REDIS_URL"]).flushall()
    with suppress(psycopg.Error):
        hold.close()
    site.restart_database()
    end(worker)


def test_a_night_of_disasters_ends_with_the_flags_of_a_calm_one(site: Site) -> None:
    calm = calm_night(site)
    assert len(calm) > 200

    disturbed_night(site)
    assert jobs_in(site, "queued", "running") > 0

    # A lease later another worker starts, and beat asks once more.
    site.rows(
        "UPDATE jobs_job SET lease_until = now() - interval '1 s', not_before = now() "
        "WHERE state IN ('running', 'queued')"
    )
    site.run("-c", ASK_TWICE)
    site.worker()
    until(lambda: jobs_in(site, "done") == TOWNSHIPS, "every township is done")
    assert site.rows("SELECT count(*) FROM jobs_job") == [(TOWNSHIPS,)]
    assert site.rows(FLAGS) == calm


# --- the web --------------------------------------------------------------------


def fetch(site: Site, port: int, path: str) -> int:
    """Ask for a page as a signed-in person; return its status, 0 for none."""
    asked = request.Request(f"http://127.0.0.1:{port}{path}")
    asked.add_header("Cookie", f"sessionid={site.session}")
    try:
        with request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - ours
            return int(answer.status)
    except error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def test_after_a_restart_of_the_database_no_request_fails_and_no_page_needs_redis(
    site: Site,
) -> None:
    port = ports.free_port()
    site.web(port)
    assert fetch(site, port, "/visits/overdue/") == 200
    over, answered = Event(), []

    def visit() -> None:
        """Ask again and again; note when each request began and how it ended."""
        while not over.is_set():
            began = time.monotonic()
            answered.append((began, fetch(site, port, "/inbox/")))

    with ThreadPoolExecutor(6) as people:
        asking = [people.submit(visit) for _ in range(6)]
        until(lambda: len(answered) > 30, "there is load")
        site.restart_database()
        up = time.monotonic()
        count = len(answered)
        until(lambda: len(answered) > count + 60, "the load goes on")
        over.set()
        for one in asking:
            one.result()
    later = [status for began, status in answered if began > up]
    assert len(later) > 50
    assert set(later) == {200}

    # A broker that takes connections and answers nothing: stopped, not ended.
    broker = site.broker
    os.kill(broker, signal.SIGSTOP)
    try:
        for path in ("/", "/visits/overdue/", "/inbox/", "/visits/urge/"):
            assert fetch(site, port, path) == 200, path
    finally:
        os.kill(broker, signal.SIGCONT)
