"""`make hostile`: files that mean harm, bodies that mean nothing, lines that break.

The 64 cases as the suite has them; a thousand files mutated from them by a seed, all
met by one worker; nonsense for every endpoint of the API as every role; and ten
thousand offline visits from fifty phones, shuffled, doubled and cut off.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import django

from bench.proof import Row, conclude
from drills import site as sites
from drills.load import furnished
from drills.mutating import MEET, mutated
from drills.nonsense import told_nonsense
from drills.outbox import emptied
from drills.people import Answers, Crowd, Visitor
from drills.reconciling import reconciled
from drills.site import Site, say
from launcher import ports
from launcher.paths import ROOT

FILES, PHONES, QUEUE, BODIES = 1000, 50, 200, 3000
CASES = 64
MOST_OWN, MOST_CHILD, MOST_SECONDS = 150, 1024, 5  # reliability 5
CASE = re.compile(r"def test_cases?((?:_\d\d)+)")


def main() -> int:
    """Run all four; 1 when one was not withstood."""
    django.setup()
    phones = sites.whole("PHONES", PHONES)
    with sites.own_site() as site:
        rows = [*cases(site), *files(site), *attacked(site, phones)]
    count, queue = sites.whole("FILES", FILES), sites.whole("QUEUE", QUEUE)
    size = f"{count} files, {phones} phones of {queue} visits"
    return conclude("make hostile", size, rows)


# --- files ----------------------------------------------------------------------


def cases(site: Site) -> Iterator[Row]:
    """Run the suite's tests of the 64 cases."""
    found = {path: numbers(path) for path in (ROOT / "tests").rglob("test_*.py")}
    chosen = sorted(str(path) for path, numbered in found.items() if numbered)
    covered = set().union(*found.values())
    say(f"{len(covered)} 种情形的测试，在 {len(chosen)} 个文件里……")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "test_case", *chosen],
        cwd=ROOT, env={**site.env, "NO_BROWSER": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    last = (done.stdout.strip().splitlines() or ["no output"])[-1]
    kept = done.returncode == 0 and len(covered) == CASES
    yield Row(
        "cases of the corpus",
        f"{len(covered)} of {CASES}: {last}",
        "all pass",
        kept=kept,
    )


def numbers(path: Path) -> set[int]:
    """Return which cases the tests of a file are named after."""
    named = CASE.findall(path.read_text(encoding="utf-8"))
    return {int(number) for group in named for number in group.strip("_").split("_")}


def files(site: Site) -> Iterator[Row]:
    """Let one worker meet all mutated files; it must answer each, and stay small."""
    folder, count = site.instance.dir / "hostile", sites.whole("FILES", FILES)
    folder.mkdir()
    say(f"正在制作 {count} 个文件……")
    mutated(folder, count)
    done = subprocess.run(
        [sys.executable, "-c", MEET, str(folder)],
        cwd=ROOT, env=site.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        yield Row(
            "mutated files", done.stderr.strip()[-200:], "worker alive", kept=False
        )
        return
    told = json.loads(done.stdout.splitlines()[-1])
    outcomes = Counter(told["outcomes"])
    said = ", ".join(f"{name} {number}" for name, number in outcomes.most_common(6))
    answered = sum(outcomes.values())
    yield Row(
        "mutated files answered by one worker",
        f"{answered} ({said})",
        f"{count}, 0 crashes",
        kept=answered == count and not outcomes["crash"],
    )
    for what, found, bar, unit in (
        ("most memory of the worker", told["own"], MOST_OWN, "MB"),
        ("most memory of its reading child", told["child"], MOST_CHILD, "MB"),
        ("slowest file", told["slowest"], MOST_SECONDS, "s"),
    ):
        yield Row(what, f"{found:.1f} {unit}", f"≤ {bar} {unit}", kept=found <= bar)


# --- the web --------------------------------------------------------------------


def attacked(site: Site, phones: int) -> Iterator[Row]:
    """Send nonsense to the API, and storms of visits."""
    made = furnished(site, phones * 90, phones * 300, max(30, phones * 2))
    port = ports.free_port()
    site.web(port, workers=2)
    yield from told_nonsense(port, made["people"], sites.whole("BODIES", BODIES))
    yield from stormed(site, port, made["people"], phones)


def stormed(
    site: Site, port: int, people: list[dict[str, Any]], phones: int
) -> Iterator[Row]:
    """Empty the outboxes of so many phones, and compare what is stored."""
    crowd = Crowd(people, port, (1, 1))
    walkers = [one for one in crowd.visitors if one.person["homes"]][:phones]
    queue = sites.whole("QUEUE", QUEUE)
    say(f"{len(walkers)} 部手机各送 {queue} 次走访……")

    def empty(numbered: tuple[int, Visitor]) -> int:
        return emptied(*numbered, size=queue)

    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(empty, enumerate(walkers)))
    seconds = time.monotonic() - started
    yield from stored(site, crowd.answers, sent, seconds)
    yield from reconciled(site, crowd.answers)


def stored(site: Site, answers: Answers, sent: int, seconds: float) -> Iterator[Row]:
    """Compare how many were captured, acknowledged and stored, and what went wrong."""
    [(there,)] = site.rows("SELECT count(*) FROM visits_visit WHERE NOT on_behalf")
    asked = answers.count
    yield Row(
        "offline visits",
        f"{sent:,} captured, {there:,} stored, {asked:,} sendings, {seconds:.0f} s",
        "0 lost, 0 doubled",
        kept=sent == there == len(answers.written),
    )
    wrong = [failure for failure in answers.failures if failure[2] >= 500]
    yield Row("answers of 500 and above", str(len(wrong)), "0", kept=not wrong)


if __name__ == "__main__":
    sys.exit(main())
