"""How a city's mandates are counted by their holders' last training (`regions.tallying`).

Two tables say when somebody was trained last and since when he serves; each has its
triggers. That one person is signed in at two trainings in the same second is not
reckoned with: the night would mend it.
"""

from regions.tallying import AS_OWNER, WITHHELD, Tally
from regions.transitions import TRANSITIONS

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
        "UNION ALL SELECT * FROM old_rows"
    ),
    "delete": "SELECT * FROM there UNION ALL SELECT * FROM old_rows",
}
TOUCHED = {
    "insert": "SELECT representative_id FROM new_rows",
    "update": (
        "SELECT representative_id FROM new_rows "
        "UNION SELECT representative_id FROM old_rows"
    ),
    "delete": "SELECT representative_id FROM old_rows",
}
ATTENDED = """
CREATE FUNCTION trainings_attended_{event}() RETURNS trigger LANGUAGE plpgsql {as_owner}AS $$
BEGIN
    WITH touched AS (
        SELECT DISTINCT representative_id FROM ({touched}) t
    ), there AS (
        SELECT * FROM trainings_attendance
        WHERE representative_id IN (SELECT representative_id FROM touched)
    ), before AS (
        {before}
    ), latest AS (
        SELECT representative_id, 1 AS mandates,
            max(held_on) FILTER (WHERE {counts}) AS trained_on
        FROM touched LEFT JOIN there USING (representative_id) GROUP BY 1
        UNION ALL
        SELECT representative_id, -1, max(held_on) FILTER (WHERE {counts})
        FROM touched LEFT JOIN before USING (representative_id) GROUP BY 1
    )
    INSERT INTO {tally} ({heap}, mandates)
    SELECT {heap}, sum(mandates) FROM latest
    JOIN representatives_mandate USING (representative_id)
    GROUP BY {heap} HAVING sum(mandates) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_{event} AFTER {event} ON trainings_attendance {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION trainings_attended_{event}();
{withheld}
"""
CREATE = [
    LATEST,
    *SERVICE.create,
    *(
        ATTENDED.format(
            event=event,
            as_owner=AS_OWNER,
            touched=TOUCHED[event],
            before=BEFORE[event],
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
