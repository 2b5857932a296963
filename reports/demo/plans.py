"""What a generated village consists of, before it has ids: plain values that change."""

import datetime as dt
from dataclasses import dataclass, field

from reports.demo.people import Person

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The demo's dates, all of them relative to the day of loading."""

    today: dt.date

    @property
    def term_start(self) -> dt.date:
        """The first day of the committees' term; it lies a year and a half back at least."""
        return dt.date((self.today - dt.timedelta(days=565)).year, 1, 1)

    @property
    def term_end(self) -> dt.date:
        """The last day of the term (村民委员会组织法 art. 11: five years)."""
        return dt.date(self.term_start.year + 4, 12, 31)

    @property
    def linked_on(self) -> dt.date:
        """The day from which households are looked after: the quarter of a year ago."""
        return dt.date(self.today.year - 1, (self.today.month - 1) // 3 * 3 + 1, 1)

    def ago(self, days: int) -> dt.date:
        """Return the day so many days before."""
        return self.today - dt.timedelta(days=days)


@dataclass(eq=False, slots=True)
class Unit:
    """A constituency: a group, or the households of one that elect by households."""

    group: int
    by_households: bool

    @property
    def name(self) -> str:
        """As the importer would name it."""
        return f"{self.group}组（按户）" if self.by_households else f"{self.group}组"


@dataclass(eq=False, slots=True)
class Seat:
    """A place of a constituency."""

    unit: Unit
    number: int
    opened_on: dt.date


@dataclass(eq=False, slots=True)
class Member:
    """A representative and the one mandate he has or had."""

    person: Person
    seat: Seat
    started_on: dt.date
    politics: str
    education: str
    offices: tuple[str, ...]
    diligence: float
    """The share of the periods in which he comes."""
    is_by_election: bool = False
    ended_on: dt.date | None = None
    cause: str = ""
    evidence: str = ""


@dataclass(eq=False, slots=True)
class Care:
    """A representative looks after a household, from one day until another."""

    member: Member
    started_on: dt.date
    ended_on: dt.date | None = None
    reason: str = ""

    def end(self, on: dt.date, reason: str) -> None:
        """End it, or make it as if it had never been when it had not begun."""
        self.ended_on, self.reason = max(on, self.started_on), reason


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that took place."""

    member: Member
    on: dt.date
    way: str
    words: str


@dataclass(frozen=True, slots=True)
class Excused:
    """Days on which no visit is owed."""

    first: dt.date
    last: dt.date
    reason: str
    note: str


@dataclass(eq=False, slots=True)
class Home:
    """A household."""

    unit: Unit
    head: Person
    members: int
    residents: int
    situation: str = ""
    has_id: bool = True
    has_phone: bool = True
    is_away: bool = False
    tags: list[tuple[str, dt.date, dt.date | None]] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)
    visits: list[Visited] = field(default_factory=list)
    excused: Excused | None = None
    status: str = "living"
    ended_on: dt.date | None = None
    merged_into: "Home | None" = None

    @property
    def care(self) -> Care | None:
        """Who looks after it now."""
        last = self.cares[-1] if self.cares else None
        return last if last and last.ended_on is None else None

    def is_key(self, on: dt.date) -> bool:
        """Whether it was 重点 on the day `on`."""
        return any(
            first <= on and (end is None or on < end) for _, first, end in self.tags
        )


@dataclass(eq=False, slots=True)
class Village:
    """A village with everybody in it."""

    code: int
    name: str
    groups: int
    committee: tuple[int, int]
    """Members of the committee, and women among them."""
    units: list[Unit] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)

    def homes_of(self, member: Member) -> list[Home]:
        """Return the households that somebody looks after now."""
        return [h for h in self.homes if h.care and h.care.member is member]
