"""Every way to read and to write a table that Django and SQL offer."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from accounts.models import AccessEntry, Post
from jobs.models import Job
from regions.models import Region, VillagerGroup
from tests.policy.stage import Row, keys

Read = Callable[[QuerySet[Any]], Any]
Ask = Callable[[Any], Any]
Write = Callable[[Any, Any], Any]

# A text column of each staged table, which the writes set to "changed".
TEXT: dict[type[Row], str] = {
    VillagerGroup: "name",
    Post: "role",
    AccessEntry: "subject",
    Job: "title",
}


def spelt(statement: str, model: type[Row]) -> str:
    """Fill in the names of a model's table, key and text column."""
    names = {
        "{table}": model._meta.db_table,
        "{key}": model._meta.pk.column,
        "{text}": TEXT[model],
    }
    for placeholder, name in names.items():
        statement = statement.replace(placeholder, name)
    return statement


def fetched(statement: str, *values: Any) -> list[Any]:
    """Return the rows of a statement sent through a plain cursor."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def executed(statement: str, *values: Any) -> int:
    """Return how many rows a statement sent through a plain cursor touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.rowcount


def copied(statement: str) -> set[str]:
    """Read through COPY, which goes round Django's `execute`."""
    copy = f"COPY ({statement}) TO STDOUT"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(copy) as lines,
    ):
        return {bytes(line).decode().strip() for line in lines}


def changed(model: type[Row], row: Any) -> Any:
    """Set the row's text column in memory."""
    setattr(row, TEXT[model], "changed")
    return row


READS: dict[str, Read] = {
    "list": keys,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "first": lambda rows: rows.order_by("pk").first(),
    "last": lambda rows: rows.order_by("pk").last(),
    "values": lambda rows: set(rows.values_list("region_id", "pk")),
    "distinct": lambda rows: set(rows.values_list("region_id").distinct()),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk"), top=Max("region_id")),
    "in_bulk": lambda rows: set(rows.in_bulk()),
    "server-side cursor": lambda rows: keys(rows.iterator(chunk_size=2)),
    "exclude": lambda rows: keys(rows.exclude(pk=None)),
    "exclude, exists": lambda rows: rows.exclude(region_id=1).exists(),
    "union": lambda rows: keys(rows.union(rows)),
    "select_related": lambda rows: keys(rows.select_related("region__parent")),
    "ordered by a join": lambda rows: keys(rows.order_by("-region__name")),
}
LOCKS: dict[str, Read] = {
    "select_for_update": lambda rows: keys(rows.order_by("pk").select_for_update()),
}
SQL: dict[str, Ask] = {
    "raw queryset": lambda model: keys(
        model.objects.raw(spelt("SELECT * FROM {table}", model))
    ),
    "cursor": lambda model: {
        key for (key,) in fetched(spelt("SELECT {key} FROM {table}", model))
    },
    "COPY": lambda model: copied(spelt("SELECT {key} FROM {table}", model)),
    "_base_manager": lambda model: keys(model._base_manager.all()),
}
JOINS: dict[str, Ask] = {
    "IN": lambda model: keys(
        Region.objects.filter(pk__in=model.objects.values("region_id"))
    ),
    "EXISTS": lambda model: keys(
        Region.objects.filter(Exists(model.objects.filter(region_id=OuterRef("pk"))))
    ),
    "NOT IN": lambda model: keys(
        Region.objects.exclude(pk__in=model.objects.values("region_id"))
    ),
}
CHANGES: dict[str, Write] = {
    "update": lambda model, row: model.objects.filter(pk=row.pk).update(
        **{TEXT[model]: "changed"}
    ),
    "update all": lambda model, row: model.objects.update(**{TEXT[model]: "changed"}),
    "save": lambda model, row: changed(model, row).save(force_update=True),
    "bulk_update": lambda model, row: model.objects.bulk_update(
        [changed(model, row)], [TEXT[model]]
    ),
    "delete": lambda model, row: model.objects.filter(pk=row.pk)._raw_delete("default"),
    "delete all": lambda model, row: model.objects.all()._raw_delete("default"),
    "delete instance": lambda model, row: row.delete(),
    "UPDATE": lambda model, row: executed(
        spelt("UPDATE {table} SET {text} = 'changed' WHERE {key} = %s", model), row.pk
    ),
    "DELETE": lambda model, row: executed(
        spelt("DELETE FROM {table} WHERE {key} = %s", model), row.pk
    ),
}
INSERTS: dict[str, Write] = {
    "create": lambda model, row: row.save(force_insert=True),
    "bulk_create": lambda model, row: model.objects.bulk_create([row]),
    "insert or ignore": lambda model, row: model.objects.bulk_create(
        [row], ignore_conflicts=True
    ),
}
