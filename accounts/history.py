"""The migration operation that records every change of a table's rows.

Statement triggers with transition tables: one insert per statement however many rows
it changed, so that an import of 20,000 rows pays once. The function belongs to the
owner role and is its security definer; the app role may read the log, not write it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from regions.transitions import TRANSITIONS

# The arguments hold SQL that runs as the owner: nobody else may hang the function on a
# table (PostgreSQL asks for EXECUTE when a trigger is made, not when it fires).
RECORD_FUNCTION = """
CREATE FUNCTION record_row_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
DECLARE
    key text := quote_ident(TG_ARGV[0]);  -- primary key column
    region text := TG_ARGV[1];            -- SQL of the row's region code, over alias r
    unseen text[] := string_to_array(TG_ARGV[2], ',');  -- secret or derived columns
    whole text := '(to_jsonb(r) - $2)';
    head text := 'INSERT INTO accounts_rowchange
        (at, "table", row, operation, region_code, before, after, "user", request, why)
        SELECT clock_timestamp(), $1, r.' || key || '::text, %L, ' || region || ',
        %s, %s, scope_user(),
        left(COALESCE(current_setting(''app.request'', true), ''''), 32),
        left(COALESCE(current_setting(''app.why'', true), ''''), 200) ';
    only_in text := 'FROM %I r WHERE NOT EXISTS
        (SELECT FROM %I o WHERE o.' || key || ' = r.' || key || ')';
    moved bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format(head, 'insert', 'NULL', 'NULL') || 'FROM new_rows r'
            USING TG_TABLE_NAME, unseen;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format(head, 'delete', whole, 'NULL') || 'FROM old_rows r'
            USING TG_TABLE_NAME, unseen;
    ELSE
        EXECUTE format(head, 'update', 'd.before', 'd.after') || 'FROM new_rows r
            JOIN old_rows o USING (' || key || ')
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(n.key, p.value) AS before,
                       jsonb_object_agg(n.key, n.value) AS after
                FROM jsonb_each(to_jsonb(r)) n
                JOIN jsonb_each(to_jsonb(o)) p USING (key)
                WHERE n.value IS DISTINCT FROM p.value AND n.key <> ALL ($2)
            ) d WHERE d.after IS NOT NULL'
            USING TG_TABLE_NAME, unseen;
        -- A row that is given another key ends under the old and begins under the new.
        EXECUTE format(head || only_in, 'delete', whole, 'NULL', 'old_rows', 'new_rows')
            USING TG_TABLE_NAME, unseen;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved > 0 THEN
            EXECUTE format(
                head || only_in, 'insert', 'NULL', 'NULL', 'new_rows', 'old_rows'
            ) USING TG_TABLE_NAME, unseen;
        END IF;
    END IF;
    RETURN NULL;
END $fn$;
REVOKE EXECUTE ON FUNCTION record_row_changes() FROM PUBLIC, sd_app;
"""
DROP_RECORD_FUNCTION = "DROP FUNCTION record_row_changes()"

# Rows that belong to no division are recorded where the actor stood, else at the city.
ACTORS_REGION = (
    "COALESCE((SELECT code FROM regions_region WHERE code = "
    "NULLIF(current_setting(''app.lo'', true), '''')::bigint), "
    "(SELECT min(code) FROM regions_region WHERE level = ''city''))"
)


class TrackHistory(Operation):
    """Record inserts, updates and deletes of a table in the row history.

    `region` is the column that holds the row's region code; None for tables outside
    the scope. `unseen` names columns that never enter the history: secrets, and derived
    ones whose change is no news. `events` leaves out inserts where a row itself says
    who wrote it and when, and millions are written.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        table: str,
        *,
        key: str = "id",
        region: str | None = "region_code",
        unseen: Sequence[str] = (),
        events: Sequence[str] = tuple(TRANSITIONS),
    ) -> None:
        self.table = table
        self.key = key
        self.region = region
        self.unseen = unseen
        self.events = events

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what the migration writer needs to write this operation again."""
        kwargs = {
            "key": self.key,
            "region": self.region,
            "unseen": self.unseen,
            "events": self.events,
        }
        return self.__class__.__name__, [self.table], kwargs

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: triggers are the database's own."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create a trigger for each event."""
        region = f"r.{self.region}" if self.region else ACTORS_REGION
        arguments = f"'{self.key}', '{region}', '{','.join(self.unseen)}'"
        for event in self.events:
            schema_editor.execute(
                f"CREATE TRIGGER history_{event} AFTER {event.upper()} ON {self.table} "
                f"{TRANSITIONS[event]} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION record_row_changes({arguments})"
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the triggers."""
        for event in self.events:
            schema_editor.execute(f"DROP TRIGGER history_{event} ON {self.table}")

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Record the history of {self.table}"
