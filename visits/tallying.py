"""How a city's duties are counted without reading them: in SQL, beside the due rule.

Whatever writes `visits_duty` notes in the same statement what it takes from one heap of
households and adds to another. Notes are only added, so that two who record visits in
one village never wait for each other; the night sums them up again (ADR 0019).
"""

from visits.triggers import TRANSITIONS

HEAP = "region_code, is_held, cadence, due_on, seen_in"
OF_DUTY = (
    "region_code, representative_id IS NOT NULL AS is_held, cadence, due_on, "
    "date_trunc('month', last_visit_on)::date AS seen_in"
)
CHANGED = {  # what a statement adds to the heaps, and takes off them
    "insert": "SELECT {duty}, 1 AS households FROM new_rows",
    "update": (
        "SELECT {duty}, 1 AS households FROM new_rows "
        "UNION ALL SELECT {duty}, -1 FROM old_rows"
    ),
    "delete": "SELECT {duty}, -1 AS households FROM old_rows",
}
NOTE = """
CREATE FUNCTION visits_tally_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO visits_dutytally ({heap}, households)
    SELECT {heap}, sum(households) FROM ({changed}) changed
    GROUP BY {heap} HAVING sum(households) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_{event} AFTER {event} ON visits_duty {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION visits_tally_{event}();
"""

# Duties and notes are read by one statement, thus as of one moment: of a change that is
# not committed by then neither is seen, and its note stays. Two summing up a township at
# once would both write the sum; the second waits for the first, and looks only then.
SUM_UP = f"""
CREATE FUNCTION visits_tally_anew() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    wrong bigint;
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    PERFORM set_config('app.representative', '', true);
    PERFORM pg_advisory_xact_lock(hashtext('visits_dutytally'), township) FROM (
        SELECT DISTINCT (code / 1000)::int AS township FROM regions_region
        WHERE code >= scope_lo() AND code < scope_hi() ORDER BY 1
    ) summed;
    WITH gone AS (
        DELETE FROM visits_dutytally RETURNING {HEAP}, households
    ), counted AS (
        SELECT {HEAP}, count(*) AS households
        FROM (SELECT {OF_DUTY} FROM visits_duty) duty GROUP BY {HEAP}
    ), written AS (
        INSERT INTO visits_dutytally ({HEAP}, households)
        SELECT {HEAP}, households FROM counted
    ), differing AS (
        SELECT sum(households) AS households FROM (
            SELECT {HEAP}, households FROM counted
            UNION ALL SELECT {HEAP}, -households FROM gone
        ) both_sides GROUP BY {HEAP}
    )
    SELECT count(*) INTO wrong FROM differing WHERE households <> 0;
    PERFORM set_config('app.representative', narrowed, true);
    RETURN wrong;
END $$;
"""  # noqa: S608 - our own names

CREATE = [
    *(
        NOTE.format(
            event=event,
            heap=HEAP,
            changed=changed.format(duty=OF_DUTY),
            transition=TRANSITIONS[event],
        )
        for event, changed in CHANGED.items()
    ),
    SUM_UP,
]
DROP = [
    "DROP FUNCTION visits_tally_anew()",
    *(
        f"DROP TRIGGER tally_{event} ON visits_duty; DROP FUNCTION visits_tally_{event}()"
        for event in CHANGED
    ),
]
