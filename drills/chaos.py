"""`make chaos`: every misfortune of the list while people work, and what it cost.

After each the reconciliation must come out empty: nothing acknowledged is lost, nothing
is there twice, nothing computed disagrees. What needs another machine is listed as not
done, by name. `FAULTS=F05,F09` runs some of them.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import django

from bench.proof import VERDICTS, Row, conclude
from drills import site as sites
from drills.faults import FAULTS, Fault, Stage
from drills.load import furnished
from drills.people import Crowd
from drills.reconciling import reconciled
from drills.site import Site, say, until
from launcher import ports

PEOPLE, HOUSEHOLDS, VISITS = 60, 6_000, 30_000
THINK = (0.5, 2.0)
CALM, RECOVERED = 2.0, 10.0  # seconds: before a fault, and until errors must be over
ELSEWHERE = {
    "F19": "restore drill: `make restore-drill`",
    "F23": "packet loss and slow clients: needs a second machine and its network",
    "F24": "keys missing at boot: `doctor`, and tests/policy/test_deploy_secrets.py",
}


def main() -> int:
    """Run every fault, one after the other, over one site; 1 if one was not survived."""
    django.setup()
    wanted = os.environ.get("FAULTS", "").split(",") if os.environ.get("FAULTS") else []
    people = sites.whole("PEOPLE", PEOPLE)
    homes, visits = sites.whole("HOUSEHOLDS", HOUSEHOLDS), sites.whole("VISITS", VISITS)
    with sites.own_site() as site:
        made = furnished(site, homes, visits, people)
        rows = list(suffered(site, made["people"], wanted or sorted(FAULTS)))
    left_out = [Row(f"{key} not done here", why) for key, why in ELSEWHERE.items()]
    size = f"{len(made['people'])} people, {made['households']:,} households"
    return conclude("make chaos", size, [*rows, *left_out])


def suffered(
    site: Site, people: list[dict[str, Any]], wanted: list[str]
) -> Iterator[Row]:
    """Yield two rows for each fault: what it cost, and the reconciliation."""
    port = ports.free_port()
    stage = Stage(site, port, people)
    stage.open()
    for key in wanted:
        say(f"{key} {FAULTS[key].what}……")
        for row in lived_through(stage, key):
            say(f"{VERDICTS[row.kept]} {row.measured}")
            yield row


def lived_through(stage: Stage, key: str) -> Iterator[Row]:
    """Let people work, make the misfortune, mend, and let them work on."""
    pause = threading.Event().wait
    with Crowd(stage.people, stage.port, THINK) as crowd:
        stage.crowd = crowd
        until(lambda: crowd.answers.count > len(stage.people), "people work", 120)
        pause(CALM)
        began = time.monotonic()
        told, failure = happened(stage, FAULTS[key])
        stage.mend()
        ended = time.monotonic()
        pause(RECOVERED + CALM)
    try:
        stage.settle()
    except AssertionError as unsettled:
        failure = failure or str(unsettled)
    yield verdict(key, crowd, (began, ended), told, failure)
    yield from reconciled(stage.site, crowd.answers, key)


def happened(stage: Stage, fault: Fault) -> tuple[str, str]:
    """Make the fault; return what it saw, or why it was not survived."""
    try:
        return fault.happen(stage), ""
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        return why, why


def verdict(
    key: str,
    crowd: Crowd,
    during: tuple[float, float],
    told: str,
    failure: str,
) -> Row:
    """Return what a fault cost: errors meanwhile, and errors after recovery."""
    (began, ended), outage = during, FAULTS[key].outage
    times = [at for at, _, _ in crowd.answers.failures]
    meanwhile = sum(began <= at <= ended + RECOVERED for at in times)
    later = sum(at > ended + RECOVERED for at in times)
    before = sum(at < began for at in times)
    share = meanwhile / max(1, crowd.answers.count)
    said = (
        f"{told}; {crowd.answers.count:,} requests, {meanwhile} failed meanwhile, "
        f"{later} later, {ended - began:.0f} s"
    )
    allowed = outage or share <= 0.001
    bar = "0 after 10 s" + ("" if outage else ", ≥ 99.9 % meanwhile")
    kept = not failure and not later and not before and allowed
    return Row(f"{key} {FAULTS[key].what}", said.lstrip("; "), bar, kept=kept)


if __name__ == "__main__":
    sys.exit(main())
