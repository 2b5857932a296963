"""Whose statements keep their plans (docs/adr/0021).

A plan that is kept was made for a range that it does not know: PostgreSQL takes it for a
two-hundredth of a table. That is near enough for a township, and far from it for the city,
whose statements are planned each time for what they ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from regions.codes import TOWNSHIP_WIDTH
from regions.scoping import current_scope

_kept: ContextVar[bool] = ContextVar("plans are kept", default=False)


@contextmanager
def kept(wanted: bool) -> Iterator[None]:  # noqa: FBT001 - `with kept(True)`
    """Let the block's statements keep their plans, or neither take nor keep one.

    However this is wanted, no scope that is wider than a township keeps any.
    """
    token = _kept.set(wanted)
    try:
        yield
    finally:
        _kept.reset(token)


def are_kept() -> bool:
    """Return whether the next statement may be prepared."""
    opened = current_scope()
    return _kept.get() and (opened is None or opened.hi - opened.lo <= TOWNSHIP_WIDTH)
