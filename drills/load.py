"""`make load`: signed-in people at their screens while the night job and an import run.

A thousand by default, for ten minutes, on the machine that also runs the database and
the client; `PEOPLE=`, `MINUTES=`, `HOUSEHOLDS=` and `VISITS=` make it smaller, and
`THINK=5-15` has them ask faster. At the end three times as many come for a minute.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.proof import Row, conclude
from drills import site as sites
from drills.people import WRITE, Answers, Crowd, is_board, mix, percentile
from drills.reconciling import reconciled
from drills.site import Site, say, until
from drills.spike import LASTS, READ, WRITTEN, spiked
from launcher import ports

PEOPLE, MINUTES = 1000, 10
HOUSEHOLDS, VISITS = 60_000, 300_000
IMPORTED, IMPORTER = 20_000, "importer"
# Seconds between two pages: who reads a list, telephones, or walks to the next door. A
# thousand people then ask for 17 pages a second; with 5 to 15 s it would be a hundred.
THINK = "30-90"
BOARD = 0.800  # p95, as READ and WRITTEN
WORKERS = 3


def main() -> int:
    """Run the crowd with the night and an import beside; 1 when a bar is missed."""
    django.setup()
    people, minutes = sites.whole("PEOPLE", PEOPLE), sites.whole("MINUTES", MINUTES)
    homes, visits = sites.whole("HOUSEHOLDS", HOUSEHOLDS), sites.whole("VISITS", VISITS)
    think = sites.between("THINK", THINK)
    with sites.own_site() as site:
        made = furnished(site, homes, visits, people)
        crowd, rows = carried(site, made["people"], minutes, think)
    size = (
        f"{len(made['people'])} people thinking {think[0]} to {think[1]} s, "
        f"{minutes} min after each had opened a page, {crowd.answers.count:,} requests, {made['households']:,} "
        f"households, {made['visits']:,} visits; {WORKERS} web processes, database and "
        "client on the same machine"
    )
    return conclude("make load", size, rows)


def furnished(site: Site, homes: int, visits: int, people: int) -> dict[str, Any]:
    """Fill the city, sign people in, and collect the static files."""
    say("正在装入数据……")
    told = site.run(
        *("-m", "drills.city", str(homes), str(visits), str(people)), patience=1800
    )
    site.run("manage.py", "collectstatic", "--noinput", "-v0")
    site.rows("ANALYZE")
    made: dict[str, Any] = json.loads(told.splitlines()[-1])
    return made


def carried(
    site: Site, people: list[dict[str, Any]], minutes: int, think: tuple[int, int]
) -> tuple[Crowd, list[Row]]:
    """Let the people in for so many minutes; return them and what is to be proved."""
    port = ports.free_port()
    site.web(port, workers=WORKERS)
    site.worker()
    beside = [night, imported]
    rows: list[Row] = []

    def run(job: Callable[[Site], Row]) -> None:
        rows.append(job(site))

    with Crowd(people, port, think) as crowd:
        crowd.answers.warm = False
        works = [threading.Thread(target=run, args=(job,)) for job in beside]
        until(lambda: crowd.answers.count > len(people), "everybody has come", 300)
        crowd.answers.warm = True
        for work in works:
            work.start()
        watch(crowd, minutes * 60)
        for work in works:
            work.join(600)
        found = [*judged(crowd.answers)]
        say(f"再来两倍的人，{LASTS} 秒……")
        found += spiked(crowd, people, port, think)
    if len(rows) < len(beside):
        rows.append(Row("night and import ended", "no", "yes", kept=False))
    return crowd, [*found, *rows, *reconciled(site, crowd.answers)]


def watch(crowd: Crowd, seconds: float) -> None:
    """Log once in a while how it goes."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(30, left))
        answers = crowd.answers
        say(
            f"{answers.count:,} 次请求，{len(answers.failures)} 次出错，剩 {left:.0f} 秒"
        )


def night(site: Site) -> Row:
    """Judge the whole city's due dates, as the night does."""
    started = time.monotonic()
    site.run("manage.py", "flag_overdue", patience=900)
    return Row(
        "night job beside", f"{time.monotonic() - started:.0f} s, done", "", None
    )


def imported(site: Site) -> Row:
    """Import a workbook of 20,000 rows, preview and apply, in another process."""
    wanted = sites.whole("IMPORT_ROWS", IMPORTED)
    path = str(site.instance.dir / "roll.xlsx")
    site.run("-m", "drills.roll", path, str(wanted), IMPORTER, patience=900)
    command = ("manage.py", "import_ledger", "households", path, "--as", IMPORTER)
    started = time.monotonic()
    try:
        site.run(*command, patience=900)
        told = json.loads(site.run(*command, "--apply", patience=900))
    except (subprocess.SubprocessError, ValueError) as error:
        return Row(f"import of {wanted:,} rows beside", str(error), "done", kept=False)
    seconds = time.monotonic() - started
    said = f"{seconds:.0f} s, {told['created']:,} created, {told['refused']:,} refused"
    return Row(
        f"import of {told['read']:,} rows beside",
        said,
        "all created",
        kept=told["created"] == told["read"] == wanted,
    )


def judged(answers: Answers) -> Iterator[Row]:
    """Yield p50, p95 and p99 of every page, the mix, and the errors."""
    for page, taken in sorted(answers.seconds.items()):
        p50, p95, p99 = (percentile(taken, share) for share in (0.5, 0.95, 0.99))
        said = f"p50 {p50 * 1000:.0f}, p95 {p95 * 1000:.0f}, p99 {p99 * 1000:.0f} ms"
        bar = bar_of(page)
        yield Row(
            page,
            f"{said} ({len(taken):,})",
            f"p95 ≤ {bar * 1000:.0f} ms",
            kept=p95 <= bar,
        )
    shares = ", ".join(f"{name} {share} %" for name, share in mix(answers).items())
    yield Row("mix of requests", shares, "70/25/5")
    failures = len(answers.failures)
    told = sorted({f"{page} {status}" for _, page, status in answers.failures})
    yield Row(
        "errors",
        f"{failures} of {answers.count:,}"
        + (f": {', '.join(told[:5])}" if told else ""),
        "0",
        kept=not failures,
    )


def bar_of(page: str) -> float:
    """Return the seconds that 95 of 100 answers of a page may take."""
    if page == WRITE:
        return WRITTEN
    return BOARD if is_board(page) else READ


if __name__ == "__main__":
    sys.exit(main())
