"""The migration operations that put a table under the scope."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from regions.scoping import EVERYWHERE_HI, Scope, scope

# The owner is bound by the policies too: PostgreSQL checks a new key as the owner.
EVERYWHERE = Scope(0, EVERYWHERE_HI, why="migration")

SCOPE_FUNCTIONS = """
CREATE FUNCTION scope_lo() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('app.lo')::bigint $$;
CREATE FUNCTION scope_hi() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('app.hi')::bigint $$;
CREATE FUNCTION scope_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.user', true), '')::bigint $$;
CREATE FUNCTION scope_representative() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.representative', true), '')::bigint $$;
CREATE FUNCTION refuse_region_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE(current_setting('app.merging', true), '') <> 'on' THEN
        RAISE EXCEPTION 'a row does not change its region'
            USING ERRCODE = '23514', HINT = 'End it here and begin it there, linked.';
    END IF;
    RETURN NEW;
END $$;
"""
DROP_SCOPE_FUNCTIONS = """
DROP FUNCTION refuse_region_change();
DROP FUNCTION scope_representative();
DROP FUNCTION scope_user();
DROP FUNCTION scope_hi();
DROP FUNCTION scope_lo();
"""

# Not `(SELECT scope_lo())`: inlined, the planner reads the bounds while it plans and
# knows how many rows to expect; from a sub-select it guesses 0.5 % and loops over the
# rest (312,000 households without anyone: 0.56 s against hours). See docs/adr/0001.
IN_SCOPE = "region_code >= scope_lo() AND region_code < scope_hi()"


REFUSED_WRITES = {
    "all": "",
    "append": "UPDATE, DELETE",
    "none": "INSERT, UPDATE, DELETE",
}


def is_scoped(model: type[models.Model]) -> bool:
    """Return whether the model's rows carry `region_code`."""
    return any(field.column == "region_code" for field in model._meta.local_fields)


def scoped_references(
    model: type[models.Model],
) -> Iterator[models.ForeignKey[Any, Any]]:
    """Yield the foreign keys from a scoped model to scoped models."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and is_scoped(field.related_model):
            yield field


class EnableScope(Operation):
    """Put a model's table under row-level security and give it composite keys.

    `own`: a column with the acting user's id whose rows he may always read (a person
    reads his own posts before any scope is known).
    `writes`: what the app role may do besides reading: "all"; "append" (insert, never
    change or remove); "none" (only triggers of the owner role insert).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, *, own: str = "", writes: str = "all") -> None:
        self.model_name = model_name
        self.own = own
        self.writes = writes

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what the migration writer needs to write this operation again."""
        kwargs: dict[str, Any] = {}
        if self.own:
            kwargs["own"] = self.own
        if self.writes != "all":
            kwargs["writes"] = self.writes
        return self.__class__.__name__, [self.model_name], kwargs

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: all of this is the database's own."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create policies, keys and triggers."""
        model = self._model(app_label, to_state.apps)
        with scope(EVERYWHERE):
            for statement in self._forwards(model):
                schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove what `database_forwards` created."""
        model = self._model(app_label, from_state.apps)
        with scope(EVERYWHERE):
            for statement in self._backwards(model):
                schema_editor.execute(statement)

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Enable row-level security on {self.model_name}"

    def _model(self, app_label: str, apps: Apps) -> type[models.Model]:
        return apps.get_model(app_label, self.model_name)

    def _forwards(self, model: type[models.Model]) -> Iterator[str]:
        table, key = model._meta.db_table, model._meta.pk.column
        readable = (
            f"{IN_SCOPE} OR {self.own} = (SELECT scope_user())"
            if self.own
            else IN_SCOPE
        )
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY scope_select ON {table} FOR SELECT USING ({readable})"
        inserted = "true" if self.writes == "none" else IN_SCOPE
        yield f"CREATE POLICY scope_insert ON {table} FOR INSERT WITH CHECK ({inserted})"
        yield (
            f"CREATE POLICY scope_update ON {table} FOR UPDATE "
            f"USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})"
        )
        yield f"CREATE POLICY scope_delete ON {table} FOR DELETE USING ({IN_SCOPE})"
        yield (
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_scope_key "
            f"UNIQUE ({key}, region_code)"
        )
        yield (
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_region_fk FOREIGN KEY "
            "(region_code) REFERENCES regions_region (code) ON UPDATE CASCADE"
        )
        for field in scoped_references(model):
            yield composite_key(table, field)
        yield (
            f"CREATE TRIGGER refuse_region_change BEFORE UPDATE OF region_code ON {table} "
            "FOR EACH ROW WHEN (OLD.region_code IS DISTINCT FROM NEW.region_code) "
            "EXECUTE FUNCTION refuse_region_change()"
        )
        if refused := REFUSED_WRITES[self.writes]:
            yield f"REVOKE {refused} ON {table} FROM sd_app"

    def _backwards(self, model: type[models.Model]) -> Iterator[str]:
        table = model._meta.db_table
        if refused := REFUSED_WRITES[self.writes]:
            yield f"GRANT {refused} ON {table} TO sd_app"
        yield f"DROP TRIGGER refuse_region_change ON {table}"
        for field in scoped_references(model):
            yield f"ALTER TABLE {table} DROP CONSTRAINT {composite_name(table, field)}"
        yield f"ALTER TABLE {table} DROP CONSTRAINT {table}_region_fk"
        yield f"ALTER TABLE {table} DROP CONSTRAINT {table}_scope_key"
        for command in ("select", "insert", "update", "delete"):
            yield f"DROP POLICY scope_{command} ON {table}"
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class AddScopedReference(EnableScope):
    """Give a scoped foreign key that was added later its composite constraint."""

    def __init__(self, model_name: str, field_name: str) -> None:
        super().__init__(model_name)
        self.field_name = field_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what the migration writer needs to write this operation again."""
        return self.__class__.__name__, [self.model_name, self.field_name], {}

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Reference {self.model_name}.{self.field_name} within its region"

    def _field(self, model: type[models.Model]) -> models.ForeignKey[Any, Any]:
        return model._meta.get_field(self.field_name)  # type: ignore[return-value]

    def _forwards(self, model: type[models.Model]) -> Iterator[str]:
        yield composite_key(model._meta.db_table, self._field(model))

    def _backwards(self, model: type[models.Model]) -> Iterator[str]:
        table = model._meta.db_table
        name = composite_name(table, self._field(model))
        yield f"ALTER TABLE {table} DROP CONSTRAINT {name}"


NOBODYS = "(SELECT scope_representative() IS NULL)"
"""Whether whoever asks is no representative, in the policies that narrow to his rows."""


class NarrowToRepresentative(EnableScope):
    """Show a representative only the rows for which `condition` holds.

    `condition` is SQL over the table's columns; `{own}` in it is his id. Everybody
    else is not narrowed. That is asked inside the sub-select: PostgreSQL takes
    `(SELECT …) IS NULL` to hold for one row in two hundred, and plans for so few.
    """

    def __init__(self, model_name: str, condition: str) -> None:
        super().__init__(model_name)
        self.condition = condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what the migration writer needs to write this operation again."""
        return self.__class__.__name__, [self.model_name, self.condition], {}

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Narrow {self.model_name} to a representative's own rows"

    def _forwards(self, model: type[models.Model]) -> Iterator[str]:
        condition = self.condition.format(own="(SELECT scope_representative())")
        yield (
            f"CREATE POLICY narrow_representative ON {model._meta.db_table} "
            f"AS RESTRICTIVE USING ({NOBODYS} OR {condition})"
        )

    def _backwards(self, model: type[models.Model]) -> Iterator[str]:
        yield f"DROP POLICY narrow_representative ON {model._meta.db_table}"


def composite_name(table: str, field: models.ForeignKey[Any, Any]) -> str:
    """Return the constraint's name; PostgreSQL keeps 63 characters."""
    return f"{table}_{field.column}_scope_fk"[:63]


def composite_key(table: str, field: models.ForeignKey[Any, Any]) -> str:
    """Return the statement that ties `field` to a parent of the same region."""
    parent = field.related_model._meta
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {composite_name(table, field)} "
        f"FOREIGN KEY ({field.column}, region_code) "
        f"REFERENCES {parent.db_table} ({parent.pk.column}, region_code) "
        "ON UPDATE CASCADE"
    )
