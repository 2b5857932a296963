"""What the closed periods of a township's villages add up to, kept by triggers (ADR 0019).

A city has 580 villages; to add up their days anew on each look at its page takes longer
than all the rest of it. Closed periods do not change: a township's sum is written when
they are.
"""

from regions.tallying import AS_OWNER, WITHHELD
from regions.transitions import TRANSITIONS, touched

TOUCHED = touched("region_code, span, first")
SUM = """
CREATE FUNCTION reports_sum_closed(township bigint, its_span text, its_first date)
RETURNS void LANGUAGE plpgsql {as_owner}AS $$
BEGIN
    -- Two that close villages of one township: the second adds up what the first wrote.
    PERFORM pg_advisory_xact_lock(
        hashtext('reports_closedsum'), (township / 1000)::int);
    DELETE FROM reports_closedsum
    WHERE region_code = township AND span = its_span AND first = its_first;
    WITH closed AS (
        SELECT seen, unseen, by_day FROM reports_closedperiod
        WHERE region_code > township AND region_code < township + 1000
          AND span = its_span AND first = its_first
    ), days AS (
        SELECT day, sum(number) AS number
        FROM closed, unnest(by_day) WITH ORDINALITY d (number, day) GROUP BY day
    )
    INSERT INTO reports_closedsum (region_code, span, first, seen, unseen, by_day)
    SELECT township, its_span, its_first, sum(seen), sum(unseen),
        ARRAY(SELECT number FROM days ORDER BY day)
    FROM closed HAVING count(*) > 0;
END $$;
"""
CHANGED = """
CREATE FUNCTION reports_closed_{event}() RETURNS trigger LANGUAGE plpgsql {as_owner}AS $$
BEGIN
    PERFORM reports_sum_closed(township, span, first) FROM (
        SELECT DISTINCT region_code - region_code % 1000 AS township, span, first
        FROM ({touched}) rows
    ) touched;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_{event} AFTER {event} ON reports_closedperiod {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION reports_closed_{event}();
{withheld}
"""
FILL = """
SELECT reports_sum_closed(township, span, first) FROM (
    SELECT DISTINCT region_code - region_code % 1000 AS township, span, first
    FROM reports_closedperiod
) closed
"""
CREATE = [
    SUM.format(as_owner=AS_OWNER),
    WITHHELD.format(function="reports_sum_closed(bigint, text, date)"),
    *(
        CHANGED.format(
            event=event,
            as_owner=AS_OWNER,
            touched=TOUCHED[event],
            transition=transition,
            withheld=WITHHELD.format(function=f"reports_closed_{event}()"),
        )
        for event, transition in TRANSITIONS.items()
    ),
]
DROP = [
    *(
        f"DROP TRIGGER sum_{event} ON reports_closedperiod;"
        f"DROP FUNCTION reports_closed_{event}()"
        for event in TRANSITIONS
    ),
    "DROP FUNCTION reports_sum_closed(bigint, text, date)",
]
