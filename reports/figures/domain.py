"""What a domain is asked for its figures, and what it answers with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django.db.models import F, QuerySet

from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Level, Region, inside
from regions.postgresql.compiled import Build, ValuesList, rows_of
from reports.lights import LightRule, Worry
from reports.periods import Window
from representatives.models import Representative
from ui.links import page_address
from ui.parts import Kpi, Pair, Todo

Counts = Counter[str]
"""The figures of one line, by names that the domain chooses."""

Owner = int | None
"""Whose line: a division's code, in a village a representative's id; None nobody's."""

Read = TypeVar("Read")
Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Asked:
    """Whose figures are wanted: all of `place`, or of one representative in it."""

    place: Region
    seen: Window
    person: Representative | None = None
    _memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, read: Callable[[], Read]) -> Read:
        """Return what `read` gives; a page that needs it twice reads it once."""
        if name not in self._memo:
            self._memo[name] = read()
        found: Read = self._memo[name]
        return found

    def owner_of(self, village: int) -> int:
        """Return whose line a village is, in the table of a place."""
        return self.place.owner_of(village)

    def read(self, build: Build, *shape: Hashable) -> list[tuple[Any, ...]]:
        """Return the rows of `build(asked, *shape)`, a `values_list`.

        It is put together once for all places of a level, and all persons
        (`regions.postgresql.compiled`): `build` is a function of a module.
        """
        numbers = {"code": self.place.code}
        if self.person is not None:
            numbers["person"] = self.person.pk
        kind: Any = type(self)
        shape = (kind, build, self.place.level, self.seen, *shape)
        return rows_of(_about, *shape, **numbers)

    def rows(self, rows: Rows, person: str = "") -> Rows:
        """Return the rows of the place, annotated with `owner`, in no order.

        `person` names the column of the representative. Without one, what a village
        has belongs to the village and to nobody's line.
        """
        return self._inside(rows, person).annotate(owner=self._owner(person)).order_by()

    def by_village(self, rows: Rows, person: str = "") -> Rows:
        """Return `rows` with the village as a city's `owner`; `owner_of` folds it.

        For tables with tens of thousands of rows in a city: indexes begin with the
        village, so that the database counts along them and sorts nothing.
        """
        if self.place.level != Level.CITY:
            return self.rows(rows, person)
        return self._inside(rows, person).annotate(owner=F("region_id")).order_by()

    def _inside(self, rows: Rows, person: str) -> Rows:
        found = inside(rows, self.place.scope)
        if self.person is None:
            return found
        return found.filter(**{person: self.person.pk}) if person else found.none()

    def _owner(self, person: str) -> Any:
        if self.place.level == Level.VILLAGE and person:
            return F(person)
        return self.place.owner_column()


def _about(
    kind: type[Asked],
    build: Build,
    level: str,
    seen: Window,
    *shape: Hashable,
    code: int,
    person: int | None = None,
) -> ValuesList:
    whose = None if person is None else Representative(pk=person)
    return build(kind(Region(code=code, level=level), seen, whose), *shape)


@dataclass(frozen=True)
class View:
    """A line, or the head of a page: its figures, and who looks at them."""

    asked: Asked
    counts: Counts
    post: Post | None
    rule: LightRule
    place: Region | None = None
    """The division whose line it is; None in a representative's, or nobody's."""
    person: Representative | None = None
    is_nobodys: bool = False

    @property
    def seen(self) -> Window:
        """The period that is looked at."""
        return self.asked.seen

    def may(self, permission: Permission) -> bool:
        """Say whether who looks may open the lists behind the figures."""
        return self.post is not None and self.post.may(permission)

    def link(self, url_name: str, **query: str) -> str:
        """Return the address of a list, narrowed to the line by `place` or `representative`."""
        parts = (_encoded(**query), _encoded(**self._narrow()))
        return f"{page_address(url_name)}?{'&'.join(part for part in parts if part)}"

    def _narrow(self) -> dict[str, str]:
        if self.person is not None:
            return {"representative": str(self.person.pk)}
        place = self.place or self.asked.place
        if self.post is None or self.post.region_id == place.code:
            return {}
        return {"place": place.full_name}


@lru_cache(maxsize=1024)
def _encoded(**query: str) -> str:
    """Write a part of an address; the figures of a line share the one, those of a column
    the other."""
    return urlencode(query)


@dataclass(frozen=True)
class Cell:
    """A figure of the table, as it is written, and the list behind it.

    `share` draws a bar of so many percent beside it, with the tick of 时序进度.
    """

    words: str
    url: str = ""
    tone: str = ""
    share: float | None = None

    @property
    def css(self) -> str:
        """The class of the number: its tone, or a nought's."""
        return f"{self.tone}-t" if self.tone else "zero" if self.words == "0" else ""


@dataclass(frozen=True)
class Column:
    """A column of the table. `label` stands before the figure where a phone folds it."""

    head: str
    cell: Callable[[View], Cell]
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """A card beside the table: pairs of words and figures, or a template of its own.

    The template gets `data`. `unit` stands on the right of the title.
    """

    title: str
    pairs: tuple[Pair, ...] = ()
    template: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""


class Domain:
    """A domain with nothing to show; each one overrides what it has."""

    key: ClassVar[str]
    """Under which its counts are kept."""
    knows_past: ClassVar[bool] = False
    """Whether it has figures of a period that is over; most are those of today alone."""
    is_roll: ClassVar[bool] = False
    """Whether it counts what a place must have before it can be judged."""

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return the figures by owner; what no line owns counts in the total alone.

        The number of statements must not depend on how many owners there are.
        """
        return {}

    def kpis(self, view: View) -> Iterable[Kpi]:
        """Return what stands in the strip."""
        return ()

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return the columns of the table, the same for each of its lines."""
        return ()

    def worries(self, view: View) -> Iterable[Worry]:
        """Return what makes a line an exception; the worst of all gives its light."""
        return ()

    def rule(self, asked: Asked, rule: LightRule) -> str:
        """Return the sentence about `worries` that is printed below the table."""
        return ""

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the work that waits; piles of nought and without an action are left out."""
        return ()

    def panels(self, view: View) -> Iterable[Panel]:
        """Return the cards beside the table; a constant number of statements."""
        return ()


def tallied(found: Iterable[tuple[Owner, str, int]]) -> dict[Owner, Counts]:
    """Gather (owner, name of the figure, number) by owner; noughts say nothing."""
    counts: dict[Owner, Counts] = {}
    for owner, name, number in found:
        if not number:
            continue
        if (line := counts.get(owner)) is None:
            line = counts[owner] = Counter()
        line[name] += number
    return counts


def total(counts: Iterable[Counts]) -> Counts:
    """Add up the figures of several lines."""
    added: Counts = Counter()
    for line in counts:
        added.update(line)
    return added
