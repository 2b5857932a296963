"""Rows of the database as rows of an archive: no number of the database leaves it.

Rows are numbered within their table in the order in which they were made; people go by
their user name; sealed values are opened, since the key stays here. Loading turns each
of these around (`loading`), so that an archive that is loaded and taken out again is
the same.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from accounts.models import User
from accounts.sealing import Sealed
from regions.models import Region, inside
from regions.scoping import Scope
from reports.archive import tables

Row = dict[str, Any]
Cell = Callable[[Any], Any]
NOT_COMPARED = (models.DateTimeField,)
"""When a list's line was written does not make it another line."""


class Outward:
    """Turns what one township's rows say into what an archive says."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[Any, int]] = defaultdict(dict)
        self.people: dict[int, str] = dict(User.objects.values_list("pk", "username"))
        self.named: set[int] = set()

    def number(self, model: tables.Model, place: Scope) -> None:
        """Number the rows of a model, in the order in which they were made."""
        if tables.is_numbered(model):
            keys = within(model, place).order_by("pk").values_list("pk", flat=True)
            found = self.numbers[model._meta.db_table]
            found.update({key: number for number, key in enumerate(keys.iterator(), 1)})

    def rows(
        self, model: tables.Model, chosen: "models.QuerySet[Any]"
    ) -> Iterator[Row]:
        """Yield the rows of a queryset as the archive has them."""
        cells = [
            (tables.name_of(f), self.cell(model, f)) for f in tables.columns(model)
        ]
        for row in raw(model, chosen):
            yield {
                name: None if row[name] is None else cell(row[name])
                for name, cell in cells
            }

    def cell(self, model: tables.Model, field: "models.Field[Any, Any]") -> Cell:
        """Return what turns a value of a column, which is not empty, into the archive's."""
        table, name = model._meta.db_table, tables.name_of(field)
        if (table, name) in tables.BORROWED:
            return bool
        if to := tables.EMBEDDED.get((table, name)):
            return self._embedded(self.numbers[to])
        if kind := getattr(field, "kind", "") if tables.is_sealed(field) else "":
            return lambda token: Sealed(token, kind).reveal()
        if field.primary_key and tables.is_numbered(model):
            return self.numbers[table].__getitem__
        return self._reference(field)

    def _reference(self, field: "models.Field[Any, Any]") -> Cell:
        parent = tables.parent_of(field)
        if parent is User:
            return self._person
        if parent and parent is not Region and tables.is_numbered(parent):
            return self.numbers[parent._meta.db_table].__getitem__
        return _same

    def _embedded(self, numbers: Mapping[Any, int]) -> Cell:
        def turned(value: Any) -> Any:
            if isinstance(value, list):
                return [numbers.get(one, 0) for one in value]
            return numbers.get(value)

        return turned

    def _person(self, key: int) -> str:
        self.named.add(key)
        return self.people[key]

    def line_of_log(self, table: str, values: Row | None) -> Row | None:
        """Return what the history says of a row: masked, without keyed hashes.

        A number of a row that is no longer there stays as it was.
        """
        if values is None:
            return None
        try:
            model = tables.of_table(table)
        except KeyError:  # it has another name by now
            return values
        fields = {one.column: one for one in model._meta.local_concrete_fields}
        said: Row = {}
        for name, value in values.items():
            if (table, name) in tables.INDEXES or (table, name) in tables.BORROWED:
                continue
            field = fields.get(name)
            said[name] = value if field is None else self._said(model, field, value)
        return said

    def _said(self, model: tables.Model, field: Any, value: Any) -> Any:
        if value is None:
            return None
        if tables.is_sealed(field):
            return _masked(value, field.kind)
        try:
            return self.cell(model, field)(value)
        except KeyError:
            return value


def _masked(token: str, kind: str) -> str:
    """Return a sealed value masked; one whose key is gone by now as asterisks alone."""
    try:
        return str(Sealed(token, kind))
    except ValueError:
        return "****"


def _same(value: Any) -> Any:
    return value


def within(model: tables.Model, place: Scope) -> "models.QuerySet[Any]":
    """Return the rows of a scoped model that belong to a division."""
    rows: models.QuerySet[Any] = model._base_manager.all()
    return inside(rows, place)


def raw(model: tables.Model, chosen: "models.QuerySet[Any]") -> Iterator[Row]:
    """Yield rows with their columns, as PostgreSQL writes them, in the order of the key."""
    names = [tables.name_of(f) for f in tables.columns(model)]
    key = tables.key_of(model)
    try:
        inner, values = chosen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    listed = ", ".join(f't."{name}"' for name in names)
    table = model._meta.db_table
    yield from answered(
        f'SELECT {listed} FROM {table} t WHERE t."{key}" IN ({inner}) ORDER BY t."{key}"',  # noqa: S608 - our own names
        values,
    )


def answered(query: str, values: Iterable[Any] = ()) -> Iterator[Row]:
    """Yield the rows of a query as JSON has them, however many they are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(r)::text FROM ({query}) r", list(values))  # noqa: S608 - as above
        for (line,) in cursor:
            yield json.loads(line)


def essence(model: tables.Model, row: Row) -> str:
    """Return what makes a line of a list the same line in another system."""
    left_out = {
        tables.name_of(f)
        for f in tables.columns(model)
        if f.primary_key
        or (model._meta.db_table, f.column) in tables.MARKS
        or isinstance(f, NOT_COMPARED)
        or tables.parent_of(f) is User
    }
    said = {name: value for name, value in row.items() if name not in left_out}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
