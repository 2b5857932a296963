"""Scope: the half-open range of region codes that the running code may see.

The scope lives in a ContextVar and is applied by `regions.postgresql` to every
transaction; row-level security compares `region_code` with it. With no scope open,
PostgreSQL answers any question about scoped rows with an error. See docs/adr/0001.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import ProgrammingError

from regions.codes import width_of

EVERYWHERE_HI = 10**12


class NoScope(ProgrammingError):
    """Scoped rows were asked for with no scope open, or outside a transaction."""


@dataclass(frozen=True)
class Scope:
    """Rows with `lo <= region_code < hi`, and who is asking.

    `representative` narrows tables that know representatives to that person's own
    rows. `why` is set where no person asks (commands, jobs, migrations). `merging`
    permits the one operation that moves rows between villages.
    """

    lo: int
    hi: int
    user: int | None = None
    representative: int | None = None
    request: str = ""
    why: str = ""
    merging: bool = False

    def __contains__(self, code: int) -> bool:
        return self.lo <= code < self.hi

    def covers(self, other: "Scope") -> bool:
        """Return whether every region of `other` is also in this scope."""
        return self.lo <= other.lo and other.hi <= self.hi

    def settings(self) -> tuple[str, ...]:
        """Return the values of `SETTINGS`, in that order, as PostgreSQL wants them."""
        return (
            str(self.lo),
            str(self.hi),
            str(self.user or ""),
            str(self.representative or ""),
            self.request,
            self.why,
            "on" if self.merging else "",
        )


SETTINGS = (
    "app.lo",
    "app.hi",
    "app.user",
    "app.representative",
    "app.request",
    "app.why",
    "app.merging",
)
CLOSED = ("",) * len(SETTINGS)

_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """Return the open scope, or None."""
    return _scope.get()


@contextmanager
def scope(wanted: Scope | None) -> Iterator[Scope | None]:
    """Open `wanted` for the block and restore the scope before it; None closes it."""
    token = _scope.set(wanted)
    try:
        yield wanted
    finally:
        _scope.reset(token)


def span(code: int) -> Scope:
    """Return the scope of the division `code`: its own row and all below it."""
    return Scope(code, code + width_of(code))


@contextmanager
def narrowed(code: int) -> Iterator[Scope | None]:
    """Narrow the open scope to the division `code`; it must lie within it."""
    wide = current_scope()
    inner = span(code)
    if wide is None or not wide.covers(inner):
        raise ValueError(f"{code} is not inside the open scope")
    with scope(replace(wide, lo=inner.lo, hi=inner.hi)) as opened:
        yield opened
