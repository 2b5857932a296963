"""People at their screens: what each opens and writes, and how long each answer took.

A person waits between two pages as a reader does. Roles look at their own pages; in
sum 70 of 100 requests read, 25 record a visit and 5 open a dashboard or the exports.
"""

import http.client
import json
import random
import secrets
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

PHONE = ("/visits/", "/visits/mine/", "/inbox/", "/")
VILLAGE = (
    "/visits/overdue/",
    "/households/",
    "/issues/",
    "/visits/records/",
    "/inbox/",
)
TOWN = ("/visits/overdue/", "/households/", "/representatives/", "/issues/", "/inbox/")
READS = {
    "representative": PHONE,
    "village_secretary": VILLAGE,
    "township_staff": TOWN,
    "city_staff": ("/visits/overdue/", "/representatives/", "/notices/"),
}
BOARDS = ("/", "/summary/", "/centre/", "/exports/")
WRITE = "PUT /api/v1/visits/…"
# Of a hundred requests of that role: half of the people are representatives.
WRITES = {"representative": 50}
DASHBOARDS = {"village_secretary": 10, "township_staff": 10, "city_staff": 10}
PATIENCE = 30
TOKEN = secrets.token_hex(16)  # a CSRF cookie and its header have to agree, no more


@dataclass
class Answers:
    """Every answer of a drill; shared by all people."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[tuple[float, str, int]] = field(default_factory=list)
    """When, which page, and the status; 0 where none came."""
    written: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Visits by id that the server acknowledged."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    warm: bool = True
    """False while processes load their code: times are not kept, failures are."""

    def note(self, page: str, seconds: float, status: int) -> None:
        """Keep one answer."""
        with self.lock:
            if self.warm:
                self.seconds[page].append(seconds)
            self.asked += 1
            if status == 0 or status >= 400:
                self.failures.append((time.monotonic(), page, status))

    def lap(self) -> dict[str, list[float]]:
        """Return the times since the last lap, by page, and begin anew."""
        with self.lock:
            taken, self.seconds = self.seconds, defaultdict(list)
        return taken

    @property
    def count(self) -> int:
        """How many requests were answered, or were not."""
        return self.asked


@dataclass
class Visitor:
    """One signed-in person, as `drills.city` prints them."""

    person: dict[str, Any]
    port: int
    answers: Answers
    chance: random.Random

    def go_on(
        self, over: threading.Event, think: tuple[float, float], arriving: float
    ) -> None:
        """Come within so many seconds, and open page after page until it is over."""
        over.wait(self.chance.uniform(0, arriving))
        while not over.is_set():
            self.step()
            over.wait(self.chance.uniform(*think))

    def step(self) -> int:
        """Do one thing, and return how it was answered."""
        luck, role = self.chance.random() * 100, self.person["role"]
        if self.person["homes"] and luck < WRITES.get(role, 0):
            return self.visit()
        pages = BOARDS if luck < DASHBOARDS.get(role, 0) else READS[role]
        page = self.chance.choice(pages)
        return self.ask("GET", page, f"{role}: GET {page}")

    def visit(self, pk: str = "") -> int:
        """Record a visit; keep it as written only when it was acknowledged."""
        pk = pk or str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        body = {
            "household": self.chance.choice(self.person["homes"]),
            "captured_at": now(),
        }
        return self.put(pk, body)

    def put(self, pk: str, body: dict[str, Any]) -> int:
        """Send a visit under its id, the first time or again."""
        status = self.ask("PUT", f"/api/v1/visits/{pk}/", WRITE, json.dumps(body))
        if status in {200, 201}:
            with self.answers.lock:
                self.answers.written[pk] = body
        return status

    def ask(self, method: str, path: str, page: str, body: str | None = None) -> int:
        """Send one request and note how it went; 0 where no answer came."""
        started = time.monotonic()
        status = send(self.port, self.person["session"], method, path, body)
        self.answers.note(page, time.monotonic() - started, status)
        return status


def now() -> str:
    """Return the present as a phone writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def send(
    port: int, session: str, method: str, path: str, body: str | None = None
) -> int:
    """Send one request on a connection of its own; return the status, 0 for none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/json",
        "Accept-Encoding": "gzip",
    }
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.read()
        return int(answer.status)
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


class Crowd:
    """Many people at once, each in a thread; use as a context manager."""

    def __init__(
        self,
        people: Iterable[dict[str, Any]],
        port: int,
        think: tuple[float, float],
        *,
        answers: Answers | None = None,
        arriving: float | None = None,
    ) -> None:
        self.answers = answers or Answers()
        self.arriving = arriving or think[1]
        self.over = threading.Event()
        self.visitors = [
            Visitor(person, port, self.answers, random.Random(number))  # noqa: S311
            for number, person in enumerate(people)
        ]
        self.think = think
        self.threads: list[threading.Thread] = []

    def __enter__(self) -> "Crowd":
        threading.stack_size(256 * 1024)
        for visitor in self.visitors:
            thread = threading.Thread(
                target=visitor.go_on,
                args=(self.over, self.think, self.arriving),
                daemon=True,
            )
            thread.start()
            self.threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + 5)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all do not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def is_board(page: str) -> bool:
    """Say whether a page is a dashboard or the exports; a phone's first page is none."""
    return page.split("GET ")[-1] in BOARDS and not page.startswith("representative")


def mix(answers: Answers) -> dict[str, float]:
    """Return the shares of writes, dashboards and reads, in percent."""
    total = sum(map(len, answers.seconds.values())) or 1
    writes = len(answers.seconds.get(WRITE, ()))
    boards = sum(
        len(taken) for page, taken in answers.seconds.items() if is_board(page)
    )
    shares = {"writes": writes, "dashboards": boards, "reads": total - writes - boards}
    return {name: round(number * 100 / total, 1) for name, number in shares.items()}
