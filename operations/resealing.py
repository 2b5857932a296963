"""Sealing stored numbers anew under the first of FIELD_KEYS, so that an old key can go.

Rows change while people work: a batch is one short transaction, and a value that
somebody has changed meanwhile is left to the next look. What a number is does not
change, so nothing is written to the row history; the tables' triggers are off for a
batch, which only their owner can do. The history itself is sealed day by day and stays
as it was: what it holds under a key that is gone cannot be opened any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from accounts.sealing import VERSION, Sealed, SealedField
from jobs.models import Job
from regions.owner import without_triggers
from reports.models import Approval

AT_ONCE = 500
ASKED: tuple[type[models.Model], ...] = (Job, Approval)
"""Keep a number that somebody searched for in what was asked (`exports.Request`)."""
ASKED_PATH = "{data,sealed_q}"
ASKED_KIND = "id_number"


@dataclass(frozen=True)
class Place:
    """Where sealed values of one kind are stored: an expression, and how it is set."""

    title: str
    table: str
    key: str
    kind: str
    value: str
    """SQL of the value, on the table `t`."""
    change: str
    """SQL that sets it to `v.fresh`."""


@dataclass
class Counted:
    """What became of the values of a place."""

    sealed: int = 0
    unreadable: int = 0
    """Sealed with a key that is not there; they stay as they are."""


def places() -> Iterator[Place]:
    """Yield every place: each sealed column, and the numbers kept in requests."""
    for model in apps.get_models():
        meta = model._meta
        for field in meta.local_concrete_fields:
            if isinstance(field, SealedField):
                column = f'"{field.column}"'
                yield Place(
                    f"{meta.verbose_name}·{field.verbose_name}",
                    *(meta.db_table, str(meta.pk.column), field.kind),
                    *(f"t.{column}", f"{column} = v.fresh"),
                )
    for model in ASKED:
        meta = model._meta
        yield Place(
            f"{meta.verbose_name}·查找的号码",
            *(meta.db_table, str(meta.pk.column), ASKED_KIND),
            f"t.arguments #>> '{ASKED_PATH}'",
            f"arguments = jsonb_set(t.arguments, '{ASKED_PATH}', to_jsonb(v.fresh))",
        )


def current() -> str:
    """Return the id of the key that seals."""
    return str(settings.FIELD_KEYS[0]).partition(":")[0]


def old_keys() -> list[str]:
    """Return the ids of the keys that only open."""
    return [str(key).partition(":")[0] for key in settings.FIELD_KEYS[1:]]


def waiting(place: Place) -> int:
    """Return how many values of a place are sealed with another key than the first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {place.table} t "  # noqa: S608 - our own names
            f"WHERE {place.value} NOT LIKE %s",
            [f"{VERSION}:{current()}:%"],
        )
        return int(cursor.fetchone()[0])


def reseal(place: Place) -> Counted:
    """Seal what waits in a place anew, a batch at a time.

    Runs in the scope of everything, as the owner of the tables.
    """
    counted, last = Counted(), None
    while batch := _batch(place, last):
        last = batch[-1][0]
        fresh = [(key, old, _renewed(old, place.kind)) for key, old in batch]
        readable = [(key, old, new) for key, old, new in fresh if new]
        counted.unreadable += len(fresh) - len(readable)
        counted.sealed += _written(place, readable)
    return counted


def _batch(place: Place, last: Any) -> list[tuple[Any, str]]:
    after = f'AND t."{place.key}" > %s' if last is not None else ""
    values = [f"{VERSION}:{current()}:%", *([last] if last is not None else [])]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t."{place.key}", {place.value} FROM {place.table} t '  # noqa: S608 - as above
            f"WHERE {place.value} NOT LIKE %s {after} "
            f'ORDER BY t."{place.key}" LIMIT {AT_ONCE}',
            values,
        )
        return list(cursor.fetchall())


def _renewed(token: str, kind: str) -> str:
    """Return a value under the first key; empty if none of the keys opens it."""
    try:
        return Sealed.of(Sealed(token, kind).reveal(), kind).token
    except ValueError:
        return ""


def _written(place: Place, rows: Sequence[tuple[Any, str, str]]) -> int:
    """Write a batch where the old value still stands; return how many rows it was."""
    if not rows:
        return 0
    keys, old, fresh = (list(column) for column in zip(*rows, strict=True))
    with (
        transaction.atomic(),
        without_triggers([place.table]),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE {place.table} t SET {place.change} FROM (SELECT "  # noqa: S608 - as above
            "unnest(%s::text[]) AS key, unnest(%s::text[]) AS old, "
            "unnest(%s::text[]) AS fresh) v "
            f'WHERE t."{place.key}"::text = v.key AND {place.value} = v.old',
            [[str(key) for key in keys], old, fresh],
        )
        return int(cursor.rowcount)
