"""The running site of a drill, and what a fault is."""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from drills.people import Crowd, Visitor
from drills.site import Site, until

IMPORTER = "importer"
ASK = """
import django; django.setup()
import datetime as dt, sys
from visits.tasks import ask
print(len(ask(dt.date.fromisoformat(sys.argv[1]))))
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
