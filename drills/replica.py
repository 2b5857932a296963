"""`make replica`: reports read from a real streaming replica, right in every respect.

Scope holds there too; a person sees at once what he wrote, though the replica stands
still; others see it as soon as it has come; and when the replica dies, no page does.
"""

import http.client
import json
import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import django
import psycopg

from bench.proof import VERDICTS, Row, conclude
from drills import site as sites
from drills.load import furnished
from drills.people import TOKEN, now, percentile
from drills.restore import call
from drills.site import Site, rows, say, until
from launcher import ports, privileges, roles
from launcher.paths import APP, ROOT
from launcher.postgres import Cluster, Server

HOUSEHOLDS, VISITS, PEOPLE = 6_000, 30_000, 30
MOST_BEHIND = 1.0  # seconds
# What differs each time: masked CSRF tokens, times of day.
VARIABLE = re.compile(rb"[A-Za-z0-9]{64}|\d{1,2}:\d\d")
WRITTEN = re.compile(r'written="?([0-9A-F/]+)')


@dataclass(frozen=True)
class Page:
    """An answer: its status, its content without what differs each time, its cookie."""

    status: int
    content: bytes
    written: str


@dataclass
class Two:
    """The replica, and two webs: one reads from it, the other from the primary alone."""

    site: Site
    standby: Server
    cluster: Cluster
    by_replica: int
    by_primary: int

    @property
    def url(self) -> str:
        """The superuser's address of the product's database on the replica."""
        return roles.at(self.standby.admin_url, APP)


def main() -> int:
    """Build both, and try them; 1 when something was not right."""
    django.setup()
    homes, visits = sites.whole("HOUSEHOLDS", HOUSEHOLDS), sites.whole("VISITS", VISITS)
    with sites.own_site() as site, ExitStack() as stack:
        made = furnished(site, homes, visits, PEOPLE)
        two, began = built(site, stack)
        found = []
        for row in tried(two, made["people"]):
            say(f"{VERDICTS[row.kept]} {row.what}: {row.measured}")
            found.append(row)
    first = Row("base backup until the replica answers", f"{began:.1f} s")
    size = f"{made['households']:,} households, {made['visits']:,} visits, loopback"
    return conclude("make replica", size, [first, *found])


def built(site: Site, stack: ExitStack) -> tuple[Two, float]:
    """Copy the primary, start the copy as its standby, and both webs."""
    say("正在建立只读副本……")
    started = time.monotonic()
    place = site.instance.dir / "standby"
    superuser = roles.at(site.admin, "postgres")
    call(
        site,
        "pg_basebackup",
        "-d",
        superuser,
        "-D",
        str(place / "postgres"),
        "-R",
        "-cfast",
    )
    privileges.give(place / "postgres", site.cluster.arrangement.account)
    cluster = Cluster(place, ROOT, site.cluster.password, durable=True)
    stack.callback(cluster.remove)
    server = cluster.start()
    stack.callback(server.running.stop)
    seconds = time.monotonic() - started
    url = re.sub(r":\d+/", f":{server.port}/", site.env["DATABASE_URL"])
    reading = replace(site, env={**site.env, "REPLICA_URL": url})
    by_replica, by_primary = ports.free_port(), ports.free_port()
    reading.web(by_replica)
    site.web(by_primary)
    return Two(site, server, cluster, by_replica, by_primary), seconds


def tried(two: Two, people: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield a row for each thing that must be so."""
    yield lag(two)
    yield scoped(two, people)
    yield same(two, people)
    yield from own_writes(two, people)
    yield refuses_writes(two)
    yield dies(two, people)


def lag(two: Two) -> Row:
    """Measure how long a committed row takes to be seen there."""
    taken = []
    for number in range(20):
        two.site.rows(
            f"INSERT INTO jobs_pulse (name, at) VALUES ('lag{number}', now())"
        )
        query = f"SELECT 1 FROM jobs_pulse WHERE name = 'lag{number}'"
        started = time.monotonic()
        with roles.connect(two.url) as line, line.cursor() as cursor:
            while time.monotonic() - started < 10:
                cursor.execute(query)
                if cursor.fetchone():
                    break
        taken.append(time.monotonic() - started)
    said = (
        f"p50 {percentile(taken, 0.5) * 1000:.0f} ms, most {max(taken) * 1000:.0f} ms"
    )
    return Row(
        "a committed row is seen there", said, "≤ 1 s", kept=max(taken) <= MOST_BEHIND
    )


def scoped(two: Two, people: list[dict[str, Any]]) -> Row:
    """Ask the replica as the product's role: without a scope, and with a township's."""
    address = re.sub(r":\d+/", f":{two.standby.port}/", two.site.env["DATABASE_URL"])
    clerk = next(one for one in people if one["role"] == "township_staff")
    counted = "SELECT count(*) FROM households_household"
    try:
        rows(address, counted)
        unscoped = "answered"
    except psycopg.Error:
        unscoped = "an error"
    lo, hi = clerk["region"], clerk["region"] + 1000
    bounds = f"set_config('app.lo', '{lo}', false), set_config('app.hi', '{hi}', false)"
    with roles.connect(address) as line, line.cursor() as cursor:
        cursor.execute(f"SELECT {bounds}")
        cursor.execute(counted)
        [inside] = cursor.fetchone() or [0]
    within = f"{counted} WHERE region_code >= {lo} AND region_code < {hi}"
    [(wanted,)] = two.site.rows(within)
    other = fetch(two.by_replica, clerk["session"], f"/d/{lo + 100_000}/").status
    return Row(
        "scope on the replica",
        f"without: {unscoped}; a township: {inside} of {wanted}; another's page: {other}",
        "an error; its own alone; 404",
        kept=unscoped == "an error" and inside == wanted and other == 404,
    )


def same(two: Two, people: list[dict[str, Any]]) -> Row:
    """Compare pages of both webs, role by role."""
    different, seen = [], 0
    for person in people[:12]:
        for path in ("/", f"/d/{person['region']}/", "/summary/"):
            one = fetch(two.by_replica, person["session"], path)
            other = fetch(two.by_primary, person["session"], path)
            seen += 1
            if (one.status, one.content) != (other.status, other.content):
                different.append(f"{person['role']} {path} {one.status}")
    said = f"{seen} compared, {len(different)} different {'; '.join(different[:3])}"
    return Row(
        "pages from replica and primary",
        said.strip(),
        "0 different",
        kept=not different,
    )


def own_writes(two: Two, people: list[dict[str, Any]]) -> Iterator[Row]:
    """Let the replica stand still while somebody records a visit and looks."""
    walker = next(one for one in people if len(one["homes"]) > 1)
    board = f"/d/{walker['region']}/"
    reader = secretary_of(two.site, walker["region"])
    before = fetch(two.by_replica, reader, board)
    rows(two.url, "SELECT pg_wal_replay_pause()")
    written = put(two.by_replica, walker)
    others = fetch(two.by_replica, reader, board)
    own = fetch(two.by_replica, reader, board, written.written)
    truth = fetch(two.by_primary, reader, board)
    rows(two.url, "SELECT pg_wal_replay_resume()")
    yield Row(
        "while the replica stands still, its reader sees the state before",
        "so" if others.content == before.content else "not so",
        "the page really comes from there",
        kept=others.content == before.content != truth.content,
    )
    yield Row(
        "whoever wrote sees it at once (position of the write in his cookie)",
        f"cookie {bool(written.written)}, page as on the primary: {own.content == truth.content}",
        "so",
        kept=bool(written.written) and own.content == truth.content,
    )
    started = time.monotonic()
    until(
        lambda: (
            fetch(two.by_replica, reader, board).content
            == fetch(two.by_primary, reader, board).content
            != before.content
        ),
        "the replica has caught up",
        20,
    )
    seconds = time.monotonic() - started
    yield Row("replay goes on, others see it", f"{seconds:.1f} s", "≤ 20 s", kept=True)


def secretary_of(site: Site, village: int) -> str:
    """Open a secretary of that village; return a session."""
    code = (
        "import django; django.setup()\n"
        "from accounts.audit import system_scope\n"
        "from drills.city import signed_in_as\n"
        "from django.db import transaction\n"
        "with system_scope('演练'), transaction.atomic():\n"
        f"    print(signed_in_as('reader', 'village_secretary', {village}).session)"
    )
    return site.run("-c", code).splitlines()[-1]


def refuses_writes(two: Two) -> Row:
    """Try to write there."""
    try:
        rows(two.url, "DELETE FROM jobs_pulse")
    except psycopg.errors.ReadOnlySqlTransaction:
        return Row("a write there", "refused", "refused", kept=True)
    return Row("a write there", "done", "refused", kept=False)


def dies(two: Two, people: list[dict[str, Any]]) -> Row:
    """Stop the replica: its pages come from the primary."""
    two.standby.running.stop()
    started, statuses = time.monotonic(), []
    for person in people[:10]:
        statuses.append(fetch(two.by_replica, person["session"], "/").status)
    seconds = time.monotonic() - started
    return Row(
        "the replica is stopped; ten pages",
        f"{statuses.count(200)} of 10 answered, {seconds:.1f} s",
        "10",
        kept=statuses.count(200) == 10,
    )


def put(port: int, walker: dict[str, Any]) -> Page:
    """Record a visit."""
    body = json.dumps({"household": walker["homes"][0], "captured_at": now()})
    return ask(port, walker["session"], "PUT", f"/api/v1/visits/{uuid.uuid4()}/", body)


def fetch(port: int, session: str, path: str, written: str = "") -> Page:
    """Open a page."""
    return ask(port, session, "GET", path, None, written)


def ask(
    port: int, session: str, method: str, path: str, body: str | None, written: str = ""
) -> Page:
    """Send one request with its cookies."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    cookie = f"sessionid={session}; csrftoken={TOKEN}"
    headers = {
        "Cookie": f"{cookie}; written={written}" if written else cookie,
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/json",
    }
    line.request(method, path, body, headers)
    answer = line.getresponse()
    content = VARIABLE.sub(b"", answer.read())
    told = WRITTEN.search("".join(answer.headers.get_all("Set-Cookie", [])))
    line.close()
    return Page(answer.status, content, told[1] if told else "")


if __name__ == "__main__":
    sys.exit(main())
