"""Statements that are put together once, and asked with other codes and ids.

A dashboard asks the same thirty things of every place, and Django takes longer to put a
statement together than PostgreSQL to answer it. Here each is compiled once in a process
for each shape of its question: the day, the level, the columns. Only codes and ids are
put in anew. That nothing else depends on them is found out, not hoped for: a statement is
compiled for two sets of stand-ins, and whatever differs between the two must be a
stand-in, or the end of its range. Nor may it read anything while it is put together, for
it would keep what it read. See docs/adr/0022.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models.sql.compiler import SQLCompiler

from regions.codes import width_of

ValuesList = Any
"""A queryset of tuples; the stubs lose their way in those with annotations."""
Build = Callable[..., ValuesList]
Numbers = Mapping[str, int]
Widths = tuple[tuple[str, int], ...]
"""The numbers that are put in, by name, and the width of the division of each."""
STAND_INS = (931_000, 977_000)
"""Where the two sets begin, in millions: codes of twelve digits, of no province."""
APART = 10
TAILS = {1_000_000: 0, 1_000: 613_000, 1: 613_219}
"""How a stand-in ends, by its width."""


class NotPutIn(Exception):
    """A statement does more with a code or an id than to compare it, or reads meanwhile."""


def rows_of(build: Build, *shape: Hashable, **numbers: int) -> list[tuple[Any, ...]]:
    """Return the rows of `build(*shape, **numbers)`, which gives a `values_list`.

    `build` is a function of a module: statements are kept by it and by `shape`. Into a
    statement goes a number as it is, or, of a division, the end of its range
    (`Scope.hi`). Raises `NotPutIn` if `build` made anything else of it.
    """
    widths = tuple((name, width_of(number)) for name, number in numbers.items())
    statement = _statement(build, shape, widths)
    return statement.rows(numbers) if statement else []


@dataclass(frozen=True)
class Statement:
    """A compiled statement: its text, its values, and where the numbers belong."""

    model: type[models.Model]
    compiler: SQLCompiler
    sql: str
    values: Sequence[Any]
    places: Sequence[tuple[int, str, int]] = ()
    """Which value is which number, and how much is added to it."""

    def rows(self, numbers: Numbers) -> list[tuple[Any, ...]]:
        """Return the rows for these numbers, from the database that reads go to now."""
        using, filled = models.QuerySet(self.model).db, self.filled(numbers)
        if not self.is_plain:
            return self._converted(using, filled)
        with connections[using].cursor() as cursor:
            cursor.execute(self.sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _converted(self, using: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        compiler = copy(self.compiler)
        compiler.using, compiler.connection = using, connections[using]
        filled = self.sql, values
        compiler.as_sql = lambda *_, **__: filled  # type: ignore[method-assign]
        return list(map(tuple, compiler.results_iter(tuple_expected=True)))

    @cached_property
    def is_plain(self) -> bool:
        """Whether values are taken as the driver reads them: no field has its own way."""
        compiler = self.compiler
        read = [expression for expression, *_ in compiler.select[: compiler.col_count]]
        own = compiler.get_converters(read) or compiler.has_composite_fields(read)
        return not own

    def filled(self, numbers: Numbers) -> tuple[Any, ...]:
        """Return the values with these numbers in their places, each of its own type."""
        values = list(self.values)
        for at, name, added in self.places:
            values[at] = type(values[at])(numbers[name] + added)
        return tuple(values)


@lru_cache(maxsize=1024)
def _statement(
    build: Build, shape: tuple[Hashable, ...], widths: Widths
) -> Statement | None:
    """Return the statement of a shape; None if it can have no rows."""
    ones, others = (_stand_ins(widths, first) for first in STAND_INS)
    one, other = (_compiled(build, shape, numbers) for numbers in (ones, others))
    if one is None or other is None:
        return None
    if one.sql != other.sql:
        raise NotPutIn(f"{build.__qualname__}: its text depends on a code or an id")
    meant = {
        (ones[name] + added, others[name] + added): (name, added)
        for name, width in widths
        for added in (0, width)
    }
    pairs = enumerate(zip(one.values, other.values, strict=True))
    differing = {at: pair for at, pair in pairs if pair[0] != pair[1]}
    if strange := [pair[0] for pair in differing.values() if pair not in meant]:
        raise NotPutIn(f"{build.__qualname__}: made {strange} of a code or an id")
    return replace(one, places=[(at, *meant[pair]) for at, pair in differing.items()])


def _stand_ins(widths: Widths, first: int) -> dict[str, int]:
    """Return numbers that nothing has, each as wide as the one that it stands for."""
    return {
        name: (first + APART * nth) * 1_000_000 + TAILS[width]
        for nth, (name, width) in enumerate(widths)
    }


def _compiled(
    build: Build, shape: tuple[Hashable, ...], numbers: Numbers
) -> Statement | None:
    def refuse(*_: Any) -> None:
        raise NotPutIn(f"{build.__qualname__}: reads while it is put together")

    with connection.execute_wrapper(refuse):
        rows = build(*shape, **numbers)
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return None
    return Statement(rows.model, compiler, sql, values)
