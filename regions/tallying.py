"""How rows of a table are counted without reading them: in SQL, by its triggers.

Whatever writes the table notes in the same statement what it takes from one heap of rows
that are alike and adds to another. Notes are only added, so that two who write in one
village never wait for each other; the night sums them up again (ADR 0019).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from regions.scoping import current_scope
from regions.transitions import TRANSITIONS

log = logging.getLogger("shaodong.regions")

CHANGED = {  # what a statement adds to the heaps, and takes off them
    "insert": "SELECT {row}, 1 AS {number} FROM new_rows",
    "update": (
        "SELECT {row}, 1 AS {number} FROM new_rows "
        "UNION ALL SELECT {row}, -1 FROM old_rows"
    ),
    "delete": "SELECT {row}, -1 AS {number} FROM old_rows",
}
NOTE = """
CREATE FUNCTION {name}_{event}() RETURNS trigger LANGUAGE plpgsql {rights}AS $$
BEGIN
    INSERT INTO {tally} ({heap}, {number})
    SELECT {heap}, sum({number}) FROM ({changed}) changed
    GROUP BY {heap} HAVING sum({number}) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_{event} AFTER {event} ON {source} {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_{event}();
"""

# Rows and notes are read by one statement, thus as of one moment: of a change that is
# not committed by then neither is seen, and its note stays. Two summing up a township at
# once would both write the sum; the second waits for the first, and looks only then.
SUM_UP = """
CREATE FUNCTION {name}_anew() RETURNS bigint LANGUAGE plpgsql {as_owner}AS $$
DECLARE
    wrong bigint;
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    PERFORM set_config('app.representative', '', true);
    PERFORM pg_advisory_xact_lock(hashtext('{tally}'), township) FROM (
        SELECT DISTINCT (code / 1000)::int AS township FROM regions_region
        WHERE code >= scope_lo() AND code < scope_hi() ORDER BY 1
    ) summed;
    WITH gone AS (
        DELETE FROM {tally} RETURNING {heap}, {number}
    ), counted AS (
        SELECT {heap}, count(*) AS {number}
        FROM (SELECT {row} FROM {source}) source GROUP BY {heap}
    ), written AS (
        INSERT INTO {tally} ({heap}, {number})
        SELECT {heap}, {number} FROM counted
    ), differing AS (
        SELECT sum({number}) AS {number} FROM (
            SELECT {heap}, {number} FROM counted
            UNION ALL SELECT {heap}, -{number} FROM gone
        ) both_sides GROUP BY {heap}
    )
    SELECT count(*) INTO wrong FROM differing WHERE {number} <> 0;
    PERFORM set_config('app.representative', narrowed, true);
    RETURN wrong;
END $$;
"""
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp "
# A trigger needs no right to fire; who may execute its function could hang it on a table
# of his own and write counts with it.
WITHHELD = "REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, sd_app;"


@dataclass(frozen=True)
class Tally:
    """Counts the rows of `source` in the table `tally`, in a column called `number`.

    `heap` names the columns that make rows alike, each with its expression over a row;
    `name` begins those of the functions. `is_apps` says that the app itself writes the
    source: its triggers then run as the owner, who alone may write the counts.
    """

    name: str
    tally: str
    source: str
    number: str
    heap: Mapping[str, str]
    is_apps: bool = False

    @property
    def create(self) -> list[str]:
        """The statements that make triggers and functions; `NAME_anew()` sums up."""
        names = self._names
        noted = [
            NOTE.format(
                event=event,
                transition=TRANSITIONS[event],
                changed=changed.format(**names),
                **names,
            )
            for event, changed in CHANGED.items()
        ]
        withheld = [
            WITHHELD.format(function=f"{self.name}_{event}()")
            for event in CHANGED
            if self.is_apps
        ]
        return [*noted, *withheld, SUM_UP.format(**names)]

    @property
    def drop(self) -> list[str]:
        """The statements that take them away."""
        return [
            f"DROP FUNCTION {self.name}_anew()",
            *(
                f"DROP TRIGGER tally_{event} ON {self.source};"
                f"DROP FUNCTION {self.name}_{event}()"
                for event in CHANGED
            ),
        ]

    def sum_up(self) -> int:
        """Count the open scope anew; return how many heaps were wrong, and report it."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.name}_anew()")
            wrong = int(cursor.fetchone()[0])
        if wrong:
            log.warning("%s: %s were wrong in %s", self.tally, wrong, current_scope())
        return wrong

    @property
    def _names(self) -> dict[str, str]:
        row = (
            name if name == expression else f"{expression} AS {name}"
            for name, expression in self.heap.items()
        )
        return {
            "name": self.name,
            "tally": self.tally,
            "source": self.source,
            "number": self.number,
            "as_owner": AS_OWNER,
            "rights": AS_OWNER if self.is_apps else "",
            "heap": ", ".join(self.heap),
            "row": ", ".join(row),
        }
