"""How a city's mandates are counted by their holders' last training (`regions.tallying`).

Two tables say when somebody was trained last and since when he serves; each has its
triggers. That one person is signed in at two trainings in the same second is not
reckoned with: the night would mend it.
"""

from regions.tallying import AS_OWNER, WITHHELD, Tally
from regions.transitions import TRANSITIONS, touched

COUNTS = "sign = 'present' AND state = 'held'"
LATEST = f"""
CREATE FUNCTION trainings_latest(person bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT max(held_on) FROM trainings_attendance
    WHERE representative_id = person AND {COUNTS}
$$;
"""  # noqa: S608 - our own names
SERVICE = Tally(
    name="trainings_service_tally",
    tally="trainings_servicetally",
    source="representatives_mandate",
    number="mandates",
    heap={
        "region_code": "region_code",
        "started_on": "started_on",
        "until": "until",
        "ended_on": "ended_on",
        "trained_on": "trainings_latest(representative_id)",
    },
    is_apps=True,
)

# The attendances that were there before the statement, of those it has touched.
BEFORE = {
    "insert": "SELECT * FROM there WHERE id NOT IN (SELECT id FROM new_rows)",
    "update": (
        "SELECT * FROM there WHERE id NOT IN (SELECT id FROM new_rows) "
        "UNION ALL SELECT {columns} FROM old_rows"
    ),
    "delete": "SELECT * FROM there UNION ALL SELECT {columns} FROM old_rows",
}
TOUCHED = touched("representative_id")
# The planner takes what a scope shows for a row or two, and would look through all for
# each: a roster of 4,000 would never end. Hence arrays for the tables, hashes for the join.
ATTENDED = """
CREATE FUNCTION trainings_attended_{event}() RETURNS trigger LANGUAGE plpgsql {as_owner}
SET enable_nestloop = off AS $$
DECLARE
    people bigint[] := ARRAY(SELECT DISTINCT representative_id FROM ({touched}) t);
BEGIN
    WITH there AS (
        SELECT {columns} FROM trainings_attendance WHERE representative_id = ANY (people)
    ), before AS (
        {before}
    ), latest AS (
        SELECT representative_id, 1 AS mandates, max(held_on) AS trained_on FROM (
            SELECT representative_id, held_on FROM there WHERE {counts}
            UNION ALL SELECT unnest(people), NULL
        ) now GROUP BY 1
        UNION ALL
        SELECT representative_id, -1, max(held_on) FROM (
            SELECT representative_id, held_on FROM before WHERE {counts}
            UNION ALL SELECT unnest(people), NULL
        ) earlier GROUP BY 1
    ), service AS (
        SELECT * FROM representatives_mandate WHERE representative_id = ANY (people)
    )
    INSERT INTO {tally} ({heap}, mandates)
    SELECT {heap}, sum(mandates) FROM latest JOIN service USING (representative_id)
    GROUP BY {heap} HAVING sum(mandates) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_{event} AFTER {event} ON trainings_attendance {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION trainings_attended_{event}();
{withheld}
"""
COLUMNS = "id, representative_id, held_on, sign, state"
CREATE = [
    LATEST,
    *SERVICE.create,
    *(
        ATTENDED.format(
            event=event,
            as_owner=AS_OWNER,
            touched=TOUCHED[event],
            before=BEFORE[event].format(columns=COLUMNS),
            columns=COLUMNS,
            counts=COUNTS,
            tally=SERVICE.tally,
            heap=", ".join(SERVICE.heap),
            transition=transition,
            withheld=WITHHELD.format(function=f"trainings_attended_{event}()"),
        )
        for event, transition in TRANSITIONS.items()
    ),
]
DROP = [
    *(
        f"DROP TRIGGER tally_{event} ON trainings_attendance;"
        f"DROP FUNCTION trainings_attended_{event}()"
        for event in TRANSITIONS
    ),
    *SERVICE.drop,
    "DROP FUNCTION trainings_latest(bigint)",
]
