"""What is set up once for a file's tests is as it was set when the next test begins.

Rows are undone by the savepoint round each test. This is for what Python holds: the
people and rows that a fixture returned, in which a test may have changed something.
"""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState


class Kept:
    """A fixture's value with everything that it holds, as it was set.

    Models, dataclasses, dicts and lists are kept with what stands in them; whatever
    else is reached is taken to be a value.
    """

    def __init__(self, value: Any) -> None:
        self._held = list(_holders(value, set()))

    def restore(self) -> None:
        """Put everything back, in the objects themselves."""
        for holder, was in self._held:
            holder.clear()
            holder.update(was) if isinstance(was, dict) else holder.extend(was)


def _holders(value: Any, met: set[int]) -> Iterator[tuple[Any, Any]]:
    """Yield each dict and list that is reached, with a copy of it."""
    if id(value) in met:
        return
    met.add(id(value))
    if is_dataclass(value) or isinstance(value, Model | ModelState):
        yield from _holders(getattr(value, "__dict__", None), met)
    elif isinstance(value, dict):
        yield value, dict(value)
        for inner in list(value.values()):
            yield from _holders(inner, met)
    elif isinstance(value, list):
        yield value, list(value)
        for inner in value:
            yield from _holders(inner, met)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _holders(inner, met)
