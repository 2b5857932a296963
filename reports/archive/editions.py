"""Which lines of the city's lists a township's rows refer to, and their numbers.

A line is numbered by what it says, not by when it was made: in another system the same
line may be older or younger than its neighbours.
"""

from collections import defaultdict
from typing import Any

from django.db import models

from regions.scoping import Scope
from reports.archive import tables
from reports.archive.rows import Outward, Row, essence, within

Keys = dict[str, set[Any]]


def needed(place: Scope) -> Keys:
    """Return the keys of the lines that the rows of a division need, by table."""
    keys: Keys = defaultdict(set)
    for model in tables.archived():
        for field in _listed(model):
            found = within(model, place).exclude(**{field.attname: None})
            distinct = found.order_by().values_list(field.attname, flat=True).distinct()
            keys[field.related_model._meta.db_table] |= set(distinct)
    _own_editions(keys, place)
    _add_those_above(keys)
    _add_parts(keys)
    return keys


def _listed(model: tables.Model) -> "list[models.ForeignKey[Any, Any]]":
    return [f for f in tables.references(model) if tables.is_listed(f.related_model)]


def _own_editions(keys: Keys, place: Scope) -> None:
    """Add the editions that the township made and does not use yet."""
    for table in tables.PARTS:
        rows = tables.of_table(table)._base_manager
        own = rows.filter(owner__gte=place.lo, owner__lt=place.hi)
        keys[table] |= set(own.values_list("pk", flat=True))


def _add_those_above(keys: Keys) -> None:
    """Add what the lines themselves refer to, up to the first edition of all."""
    for model in reversed(tables.lists()):
        table, seen = model._meta.db_table, set[Any]()
        while new := keys[table] - seen:
            seen |= new
            for field in _listed(model):
                rows = model._base_manager.filter(pk__in=new)
                above = set(rows.values_list(field.attname, flat=True)) - {None}
                keys[field.related_model._meta.db_table] |= above


def _add_parts(keys: Keys) -> None:
    """Add the parts of each edition: it is loaded whole or not at all."""
    for parts in tables.PARTS.values():
        for part in parts:
            model = tables.of_table(part)
            for field in _listed(model):
                held = {f"{field.name}__in": keys[field.related_model._meta.db_table]}
                rows = model._base_manager.filter(**held)
                keys[part] |= set(rows.values_list("pk", flat=True))


def take(model: tables.Model, keys: set[Any], outward: Outward) -> list[Row]:
    """Return the lines of a list in the order of what they say, numbered."""
    left = list(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    taken: list[Row] = []
    while left:
        ready = [key for key in left if _is_ready(model, key, left)]
        lines = [(key, _line(model, key, outward)) for key in ready]
        for key, row in sorted(lines, key=lambda pair: essence(model, pair[1])):
            if tables.is_numbered(model):
                row[tables.key_of(model)] = len(taken) + 1
                outward.numbers[model._meta.db_table][key] = len(taken) + 1
            taken.append(row)
        left = [key for key in left if key not in ready]
    return taken


def _is_ready(model: tables.Model, key: Any, left: list[Any]) -> bool:
    """Say whether no line that this one refers to is still to come."""
    own = [f.attname for f in tables.references(model) if f.related_model is model]
    row = model._base_manager.filter(pk=key).values(*own, "pk").get()
    return not any(row[name] in left for name in own)


def _line(model: tables.Model, key: Any, outward: Outward) -> Row:
    if tables.is_numbered(model):
        outward.numbers[model._meta.db_table].setdefault(key, 0)
    return next(outward.rows(model, model._base_manager.filter(pk=key)))
