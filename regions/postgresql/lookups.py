"""Comparisons that Django has not, on every field and every reference."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`pk__any_of=ids`: what `in` asks, with all ids as one value of the statement.

    For lists of hundreds: `in` handles each id by itself, and each length is a statement
    of its own to the database.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> list[Any]:
        """Return the ids as the driver sends an array."""
        return list(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Return the comparison with the array."""
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s)", (*values, self.rhs)
