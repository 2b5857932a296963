"""Whose statements keep their plans (docs/adr/0021).

A plan that is kept was made for a range that it does not know: PostgreSQL takes it for a
two-hundredth of a table. That is near enough for a township, and far from it for the city
or for what reads a table as a whole, which are planned each time for what they ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from regions.scoping import current_scope

WIDEST = 1_000
"""The codes of one township."""

_kept: ContextVar[bool] = ContextVar("plans are kept", default=False)


@contextmanager
def keeping() -> Iterator[None]:
    """Let the block's statements be prepared, as far as its scope is narrow."""
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def anew() -> Iterator[None]:
    """Neither take nor keep a plan for the block."""
    token = _kept.set(False)
    try:
        yield
    finally:
        _kept.reset(token)


def are_kept() -> bool:
    """Return whether the next statement may be prepared."""
    opened = current_scope()
    return _kept.get() and (opened is None or opened.hi - opened.lo <= WIDEST)
