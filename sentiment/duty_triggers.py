"""The due rule of meetings in SQL, and the triggers that keep `sentiment_meetingduty` true.

恳谈会: each representative, each quarter (L33). 民情分析会: each village, each month (L34).
The definition is `visits.rules`, with mandates or the village's existence for links and
meetings for visits; a property test proves that both agree (`sentiment.duties`). There
is no duty before the first policy of visits, and no waiver from a meeting: so the due
date is a closed form, `visits_next`.

As with visits, whatever changes a fact refreshes the duties it touches in its own
statement's transaction: talk meetings, reviews, mandates, divisions.
"""

from regions.transitions import TRANSITIONS

OWED = """
-- The end of the first period of a chain that is owed after `seen`; NULL if the chain
-- is known to end before it.
CREATE FUNCTION sentiment_owed(chain daterange, seen date, step interval, period text)
RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN upper_inf(chain) OR next.due < upper(chain) THEN next.due END
    FROM (
        SELECT visits_next(
            COALESCE(seen, lower(chain)), seen IS NOT NULL, step, period) AS due
    ) next
$$;
CREATE FUNCTION sentiment_ruled() RETURNS daterange LANGUAGE sql STABLE AS $$
    SELECT daterange(min(effective_from), NULL) FROM visits_policy
    HAVING min(effective_from) IS NOT NULL
$$;
"""

TALKS = """
CREATE FUNCTION sentiment_judged_talks(ids bigint[], today date) RETURNS TABLE (
    representative_id bigint, region_code bigint, due_on date, last_on date
) LANGUAGE sql STABLE AS $$
    WITH served AS (
        SELECT m.representative_id, m.region_code, range_agg(
            daterange(m.started_on, LEAST(m.ended_on, m.until + 1))) AS spans
        FROM representatives_mandate m WHERE m.representative_id = ANY (ids)
        GROUP BY 1, 2
    ), chained AS (
        SELECT s.representative_id, s.region_code, (
            SELECT span * sentiment_ruled() FROM unnest(s.spans) span
            WHERE upper(span) > today AND NOT isempty(span * sentiment_ruled())
            ORDER BY lower(span) LIMIT 1
        ) AS chain
        FROM served s
    ), met AS (
        SELECT t.representative_id,
               max(t.held_on) FILTER (WHERE t.held_on <@ c.chain) AS in_chain,
               max(t.held_on) FILTER (WHERE t.held_on <= today) AS last
        FROM sentiment_talkmeeting t JOIN chained c USING (representative_id)
        WHERE t.withdrawn_at IS NULL GROUP BY 1
    )
    SELECT c.representative_id, c.region_code,
        sentiment_owed(c.chain, m.in_chain, interval '3 months', 'quarter'), m.last
    FROM chained c LEFT JOIN met m USING (representative_id)
    WHERE c.chain IS NOT NULL
$$;
"""

# A meeting counts from the moment its review is submitted, until the township returns
# it or a corrected version takes its place. It is its own month's, however late: what
# was made up for in December leaves December's owed.
REVIEWS = """
CREATE OR REPLACE FUNCTION sentiment_judged_reviews(codes bigint[], today date) RETURNS TABLE (
    region_code bigint, due_on date, last_on date
) LANGUAGE sql STABLE AS $$
    WITH held AS (
        SELECT r.region_code,
               LEAST(r.held_on, (r.month + interval '1 month')::date - 1) AS day
        FROM sentiment_review r
        WHERE r.region_code = ANY (codes) AND r.submitted_at IS NOT NULL
          AND r.returned_at IS NULL AND NOT EXISTS (
              SELECT FROM sentiment_review n
              WHERE n.corrects_id = r.id AND n.submitted_at IS NOT NULL
          )
    ), met AS (
        SELECT h.region_code,
               max(h.day) FILTER (WHERE h.day <@ sentiment_ruled()) AS ruled,
               max(h.day) FILTER (WHERE h.day <= today) AS last
        FROM held h GROUP BY 1
    )
    SELECT v.code, sentiment_owed(
        sentiment_ruled(), m.ruled, interval '1 month', 'month'), m.last
    FROM regions_region v LEFT JOIN met m ON m.region_code = v.code
    WHERE v.code = ANY (codes) AND v.level = 'village' AND v.ended_on IS NULL
      AND sentiment_ruled() IS NOT NULL
$$;
"""

# Both run as the owner, who alone writes duties, in the caller's range; see
# `visits_refresh` for the narrowing and for the planner.
REFRESH = """
CREATE FUNCTION sentiment_refresh_talks(ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    changed bigint;
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    PERFORM set_config('app.representative', '', true);
    DELETE FROM sentiment_meetingduty d
    WHERE d.representative_id = ANY (ids) AND d.representative_id NOT IN (
        SELECT j.representative_id FROM sentiment_judged_talks(ids, visits_today()) j);
    INSERT INTO sentiment_meetingduty AS d (
        representative_id, region_code, due_on, last_on)
    SELECT j.* FROM sentiment_judged_talks(ids, visits_today()) j
    ON CONFLICT (region_code, representative_id) DO UPDATE SET
        due_on = excluded.due_on, last_on = excluded.last_on
    WHERE (d.due_on, d.last_on) IS DISTINCT FROM (excluded.due_on, excluded.last_on);
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('app.representative', narrowed, true);
    RETURN changed;
END $$;

CREATE FUNCTION sentiment_refresh_reviews(codes bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    changed bigint;
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    PERFORM set_config('app.representative', '', true);
    DELETE FROM sentiment_meetingduty d
    WHERE d.region_code = ANY (codes) AND d.representative_id IS NULL
      AND d.region_code NOT IN (
        SELECT j.region_code FROM sentiment_judged_reviews(codes, visits_today()) j);
    INSERT INTO sentiment_meetingduty AS d (region_code, due_on, last_on)
    SELECT j.* FROM sentiment_judged_reviews(codes, visits_today()) j
    ON CONFLICT (region_code, representative_id) DO UPDATE SET
        due_on = excluded.due_on, last_on = excluded.last_on
    WHERE (d.due_on, d.last_on) IS DISTINCT FROM (excluded.due_on, excluded.last_on);
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('app.representative', narrowed, true);
    RETURN changed;
END $$;
"""

FACT_CHANGED = """
CREATE FUNCTION sentiment_fact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    rows text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT %1$I AS id FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT %1$I AS id FROM old_rows'
        ELSE 'SELECT %1$I AS id FROM new_rows UNION SELECT %1$I FROM old_rows' END;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT id) FROM (' || rows || ') touched',
        TG_ARGV[1]) INTO ids;
    IF ids IS NOT NULL THEN
        EXECUTE format('SELECT %I($1)', TG_ARGV[0]) USING ids;
    END IF;
    RETURN NULL;
END $$;
"""

FACTS = {
    "sentiment_talkmeeting": ("sentiment_refresh_talks", "representative_id"),
    "representatives_mandate": ("sentiment_refresh_talks", "representative_id"),
    "sentiment_review": ("sentiment_refresh_reviews", "region_code"),
    "regions_region": ("sentiment_refresh_reviews", "code"),
}

CREATE = [
    OWED,
    TALKS,
    REVIEWS,
    REFRESH,
    FACT_CHANGED,
    *(
        f"CREATE TRIGGER refresh_meeting_duty_{event} AFTER {event.upper()} ON {table} "
        f"{transition} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION sentiment_fact_changed('{refresh}', '{key}')"
        for table, (refresh, key) in FACTS.items()
        for event, transition in TRANSITIONS.items()
    ),
]
DROP = [
    *(
        f"DROP TRIGGER refresh_meeting_duty_{event} ON {table}"
        for table in FACTS
        for event in TRANSITIONS
    ),
    "DROP FUNCTION sentiment_fact_changed()",
    "DROP FUNCTION sentiment_refresh_talks(bigint[])",
    "DROP FUNCTION sentiment_refresh_reviews(bigint[])",
    "DROP FUNCTION sentiment_judged_talks(bigint[], date)",
    "DROP FUNCTION sentiment_judged_reviews(bigint[], date)",
    "DROP FUNCTION sentiment_ruled()",
    "DROP FUNCTION sentiment_owed(daterange, date, interval, text)",
]
# What was there before the triggers.
FILL_REVIEWS = """SELECT sentiment_refresh_reviews(array_agg(code)) FROM regions_region
    WHERE level = 'village'"""
FILL = [
    """SELECT sentiment_refresh_talks(array_agg(DISTINCT representative_id))
    FROM representatives_mandate""",
    FILL_REVIEWS,
]
