"""A table's columns by name, for statements that are written out.

Never `*`: a statement whose plan is kept fails when a migration adds a column, since
it would suddenly return more than was promised.
"""

from functools import cache

from django.db import models


def columns(model: type[models.Model], alias: str) -> str:
    """Return the columns of `model` as a SELECT lists them, each under `alias`."""
    return ", ".join(
        f'{alias}."{field.column}"' for field in model._meta.concrete_fields
    )


@cache
def attributes(model: type[models.Model]) -> tuple[str, ...]:
    """Return what `Model.from_db` calls these columns, in the same order."""
    return tuple(field.attname for field in model._meta.concrete_fields)
