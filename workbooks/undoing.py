"""Taking an import back, from the row history alone.

Rows that the import inserted are deleted, rows that it updated get their old values
back: a few statements a table, children before parents. Whatever was built on them
meanwhile forbids it, and is named (design section 6).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import ForeignKey, ForeignObjectRel
from django.utils import timezone

from accounts.models import User
from regions.models import Region

LISTED = 200
"""Blockers that are named; the others are counted."""

DERIVED: dict[type[models.Model], bool] = {}
"""Models whose rows are computed from others, and whether an undo deletes them itself."""

# One pass over the import's changes: of a column that changed twice, the first value
# before counts, and that is the one `jsonb_object_agg` meets last.
COLLECT = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT c."table", c.row, max(c.id) AS last, bool_or(c.operation = 'insert') AS inserted,
    jsonb_object_agg(e.key, e.value ORDER BY c.id DESC)
        FILTER (WHERE e.key IS NOT NULL) AS before
FROM accounts_rowchange c
LEFT JOIN LATERAL jsonb_each(CASE c.operation WHEN 'update' THEN c.before END) e ON true
WHERE c.request = %(request)s AND c.at >= %(since)s
GROUP BY c."table", c.row
"""
ANALYSE = "ANALYZE undone"  # or joins believe that it is empty
LATER = """
SELECT DISTINCT ON (c."table", c.row)
    c."table", c.row, c.region_code, c.at, c."user", c.operation
FROM undone n JOIN accounts_rowchange c ON c."table" = n."table" AND c.row = n.row
WHERE c.id > n.last ORDER BY c."table", c.row, c.id DESC
"""
DEPENDENT = """
SELECT d."{key}"::text, d.region_code FROM {table} d
JOIN undone n ON n."table" = %s AND n.inserted AND d."{column}" = n.row::{type}
LEFT JOIN undone own ON own."table" = %s AND own.row = d."{key}"::text
WHERE NOT COALESCE(own.inserted OR jsonb_exists(own.before, %s), false)
"""
DELETE = """
DELETE FROM {table} t USING undone n
WHERE n."table" = %s AND n.inserted AND t."{column}" = n.row::{type}
"""
RESTORE = """
UPDATE {table} t SET {sets}
FROM undone n JOIN {table} o ON n."table" = %s AND NOT n.inserted
    AND n.before IS NOT NULL AND o."{key}" = n.row::{type}
CROSS JOIN LATERAL jsonb_populate_record(o, n.before) r
WHERE t."{key}" = o."{key}"
"""


def derived(model: type[models.Model], *, deleted: bool) -> None:
    """Declare that rows of `model` follow from those they point at.

    They do not forbid an undo. With `deleted` it deletes them; else the database's own
    triggers do.
    """
    DERIVED[model] = deleted


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that was built on an import: what, where, and what happened to it.

    `row` tells two of the same name apart.
    """

    what: str
    where: str
    why: str
    row: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the form that the import keeps and its page lists."""
        return {"what": self.what, "where": self.where, "why": self.why}


CLASH = Blocker(
    "导入改过的资料",
    "",
    "原来的值和现在的资料冲突（例如同一个身份证号已登记在别处），恢复不了",
)


REASON = "撤销导入"
"""How every reason of an undo begins."""


class Undoing:
    """What the import that ran as `request` wrote since `since`.

    Lives in one transaction, whose scope must hold every row of the import. `by` asked
    for it; `reason` says why to a ledger that keeps its rows and writes against them.
    """

    def __init__(
        self, request: str, since: dt.datetime, *, by: User, reason: str
    ) -> None:
        self.request, self.by, self.reason = request, by, reason
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.undone")
            cursor.execute(COLLECT, {"request": request, "since": since})
            cursor.execute(ANALYSE)
            cursor.execute('SELECT DISTINCT "table" FROM undone')
            names = {name for (name,) in cursor.fetchall()}
        self._models = [m for m in apps.get_models() if m._meta.db_table in names]

    def claim(self, model: type[models.Model], keys: Sequence[Any]) -> None:
        """Add inserted rows that the row history does not know."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO undone SELECT %s, key, 0, true, NULL FROM unnest(%s::text[]) key",
                [model._meta.db_table, [str(key) for key in keys]],
            )
            cursor.execute(ANALYSE)
        if model not in self._models:
            self._models.append(model)

    def count(self) -> tuple[int, int]:
        """Return how many rows would be deleted, and how many restored."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FILTER (WHERE inserted), "
                "count(*) FILTER (WHERE NOT inserted AND before IS NOT NULL) FROM undone"
            )
            deleted, restored = cursor.fetchone()
        return int(deleted), int(restored)

    def inserted(self, model: type[models.Model]) -> list[Any]:
        """Return the keys of the rows of `model` that the import inserted."""
        return self._keys(model, "inserted", [])

    def restored(self, model: type[models.Model], column: str) -> list[Any]:
        """Return the keys of the rows of `model` whose `column` gets its old value."""
        condition = "NOT inserted AND jsonb_exists(before, %s)"
        return self._keys(model, condition, [column])

    def _keys(
        self, model: type[models.Model], condition: str, values: list[Any]
    ) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT row FROM undone WHERE "table" = %s AND {condition}',  # noqa: S608 - two conditions, above
                [model._meta.db_table, *values],
            )
            return [model._meta.pk.to_python(row) for (row,) in cursor.fetchall()]

    # --- what forbids it -------------------------------------------------------

    def blockers(self) -> Iterator[Blocker]:
        """Yield every later change of the import's rows, and what points at them."""
        yield from self._later_changes()
        for model in self._models:
            for field in _references_to(model):
                yield from self._dependents(model, field)

    def _later_changes(self) -> Iterator[Blocker]:
        with connection.cursor() as cursor:
            cursor.execute(LATER)
            rows = cursor.fetchall()
        people = User.objects.in_bulk({row[4] for row in rows if row[4]})
        by_table = {model._meta.db_table: model for model in self._models}
        labels = _Labels((by_table[table], row, code) for table, row, code, *_ in rows)
        for table, row, code, at, user, operation in rows:
            who = people[user].name if user in people else "系统"
            verb = "删除" if operation == "delete" else "修改"
            when = timezone.localtime(at)
            why = (
                f"导入以后，{who}在 {when.month} 月 {when.day} 日 {when:%H:%M} {verb}过"
            )
            what, where = labels.of(by_table[table], row, code)
            yield Blocker(what, where, why, f"{table} {row}")

    def _dependents(
        self, model: type[models.Model], field: "ForeignKey[Any, Any]"
    ) -> Iterator[Blocker]:
        other = field.model
        statement = DEPENDENT.format(
            table=other._meta.db_table,
            key=other._meta.pk.column,
            column=field.column,
            type=_key_type(model),
        )
        tables = [model._meta.db_table, other._meta.db_table, field.column]
        with connection.cursor() as cursor:
            cursor.execute(statement, tables)
            rows = cursor.fetchall()
        labels = _Labels((other, row, code) for row, code in rows)
        for row, code in rows:
            what, where = labels.of(other, row, code)
            why = f"导入以后登记的，用到了这次导入的“{model._meta.verbose_name}”"
            yield Blocker(what, where, why, f"{other._meta.db_table} {row}")

    # --- taking back -------------------------------------------------------------

    def take_back(self, first: Sequence[type[models.Model]] = ()) -> None:
        """Delete what was inserted and restore what was updated.

        `first` names models that go before those they depend on by other means than a
        foreign key. Raises ``IntegrityError`` when old values clash with what is there now.
        """
        for model in sorted(self._children_first(), key=lambda one: one not in first):
            for field in _references_to(model, derived_only=True):
                if DERIVED[field.model]:
                    self._delete(model, field.model, str(field.column))
            self._delete(model, model, str(model._meta.pk.column))
            self._restore(model)

    def _children_first(self) -> list[type[models.Model]]:
        graph: TopologicalSorter[type[models.Model]] = TopologicalSorter()
        for model in self._models:
            graph.add(model)
            for field in _references_to(model):
                if field.model in self._models and field.model is not model:
                    graph.add(model, field.model)
        return list(graph.static_order())

    def _delete(
        self, model: type[models.Model], table: type[models.Model], column: str
    ) -> None:
        statement = DELETE.format(
            table=table._meta.db_table, column=column, type=_key_type(model)
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [model._meta.db_table])

    def _restore(self, model: type[models.Model]) -> None:
        """Restore whole rows: columns that the import left alone keep their value.

        A counter of edits goes on counting, so that an open form notices.
        """
        keep = {model._meta.pk.column, "region_code", "version"}
        fields = model._meta.local_concrete_fields
        columns = [field.column for field in fields if not field.generated]
        sets = [f'"{c}" = r."{c}"' for c in columns if c not in keep]
        sets += ['"version" = t."version" + 1'] if "version" in columns else []
        statement = RESTORE.format(
            table=model._meta.db_table,
            key=model._meta.pk.column,
            type=_key_type(model),
            sets=", ".join(sets),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [model._meta.db_table])


class _Labels:
    """What rows are called, and where they are: one statement a table."""

    def __init__(self, rows: Iterable[tuple[type[models.Model], str, int]]) -> None:
        keys: dict[type[models.Model], list[str]] = {}
        codes: set[int] = set()
        for model, row, code in list(rows)[:LISTED]:
            keys.setdefault(model, []).append(row)
            codes.add(code)
        self._rows = {
            (model, str(found.pk)): str(found)
            for model, wanted in keys.items()
            for found in model._default_manager.filter(pk__in=wanted)
        }
        self._places = Region.objects.in_bulk(codes)

    def of(self, model: type[models.Model], row: str, code: int) -> tuple[str, str]:
        """Return (what, where) of a row; one that is gone keeps its kind only."""
        name = self._rows.get((model, row), "")
        place = self._places.get(code)
        what = f"{model._meta.verbose_name} {name}".strip()
        return what, place.name if place else ""


def _references_to(
    model: type[models.Model], *, derived_only: bool = False
) -> Iterator["ForeignKey[Any, Any]"]:
    """Yield the foreign keys of other models, and its own, that point at `model`."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        field = relation.field
        if isinstance(field, ForeignKey) and (field.model in DERIVED) == derived_only:
            yield field


def _key_type(model: type[models.Model]) -> str:
    return str(model._meta.pk.rel_db_type(connection))
