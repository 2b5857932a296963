"""A list's ids for a Paginator, by statements that are put together once (ADR 0022)."""

from collections.abc import Hashable, Iterable
from typing import Any

from django.db.models import Func, IntegerField

from regions.postgresql.compiled import Build, ValuesList, rows_of

NUMBER = Func(template="COUNT(*)", output_field=IntegerField())
"""Counts the rows of a statement; an aggregate of Django's would group them first."""


class KeptIds:
    """How many rows `build(*shape)` gives, and the ids of those on a page.

    `build` gives a `values_list` of ids in order. Only for what is asked again and again:
    a list as its page opens, or by one of a few choices, not by what somebody typed.
    """

    def __init__(self, build: Build, *shape: Hashable) -> None:
        self.asked = (build, *shape)

    def count(self) -> int:
        """Return how many there are."""
        return sum(number for (number,) in rows_of(_counted, *self.asked))

    def __getitem__(self, page: slice) -> list[int]:
        """Return the ids from the first row of a page up to the last."""
        return [pk for (pk,) in rows_of(_page, page.start, page.stop, *self.asked)]


def array_of(ids: Iterable[object]) -> str:
    """Return ids as PostgreSQL writes an array, for `%(ids)s::bigint[]`.

    The driver takes as long to write fifty as the whole question takes otherwise.
    """
    return "{" + ",".join(map(str, ids)) + "}"


def _counted(build: Build, *shape: Any) -> ValuesList:
    return build(*shape).order_by().values_list(NUMBER)


def _page(start: int, stop: int, build: Build, *shape: Any) -> ValuesList:
    return build(*shape)[start:stop]
