"""The due rule in SQL, and the triggers that keep `visits_duty` true.

Whatever changes a fact (a visit, a waiver, a link, a category, be it one row by the
ORM, a bulk insert or raw SQL) refreshes the duties of the households it touched, in
its own statement's transaction. Apps below `visits` change links and categories and
must not know of it; a trigger is how the database tells.

The definition is `visits.rules.due`; a property test proves that both agree. Joined
links and monthly spans are multiranges, which merge what touches by themselves.

`visits_first_due` is the rule as it is written. Nearly all households need no search:
no waiver, an unbroken open link, and the same cadence for good. For them
`visits_judged` gives the closed form.
"""

from regions.transitions import TRANSITIONS

FIRST_DUE = """
CREATE FUNCTION visits_first_due(
    home bigint, chain daterange, seen date, monthly datemultirange, depth int
) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT min(owed.stop) - 1
    FROM (
        SELECT (first + n * interval '3 months')::date AS start,
               (first + (n + 1) * interval '3 months')::date AS stop
        FROM generate_series(0, depth) n,
             date_trunc('quarter', COALESCE(seen, lower(chain))::timestamp) first
    ) quarter
    CROSS JOIN LATERAL (
        SELECT ARRAY(
            SELECT month::date
            FROM generate_series(
                quarter.start::timestamp, quarter.start + interval '2 months',
                interval '1 month'
            ) month
            CROSS JOIN LATERAL daterange(
                month::date, (month + interval '1 month')::date) days
            WHERE days <@ monthly AND days <@ chain
              AND NOT visits_waived(home, upper(days) - 1)
        ) AS owed
    ) months
    CROSS JOIN LATERAL (
        SELECT month AS start, (month + interval '1 month')::date AS stop
        FROM unnest(months.owed) month
        UNION ALL
        SELECT quarter.start, quarter.stop
        WHERE cardinality(months.owed) = 0
          AND daterange(quarter.start, quarter.stop) <@ chain
          AND NOT visits_waived(home, quarter.stop - 1)
    ) owed
    WHERE seen IS NULL OR seen < owed.start
$$;

"""

# Small parts of the two functions above; they are created first.
PARTS = """
CREATE FUNCTION visits_waived(home bigint, day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM visits_waiver w
        WHERE w.household_id = home AND w.withdrawn_at IS NULL
          AND w.first <= day AND w.last >= day
    )
$$;
-- The end of the first period that begins on or after `since`; after it, if seen.
CREATE FUNCTION visits_next(since date, seen boolean, step interval, period text)
RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (CASE
        WHEN date_trunc(period, since::timestamp)::date = since AND NOT seen
            THEN since + step
        ELSE date_trunc(period, since::timestamp) + 2 * step
    END)::date - 1
$$;
"""

# Nobody plans beyond a few quarters; only a long waiver makes the search go on.
SEARCH = """
CREATE FUNCTION visits_search(
    home bigint, chain daterange, seen date, monthly datemultirange
) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
        visits_first_due(home, chain, seen, monthly, 3),
        visits_first_due(home, chain, seen, monthly, 700)
    )
$$;
"""

JUDGED = """
CREATE FUNCTION visits_judged(ids bigint[], today date) RETURNS TABLE (
    household_id bigint, region_code bigint, representative_id bigint, is_key boolean,
    cadence text, due_on date, last_visit_on date
) LANGUAGE sql STABLE AS $$
    WITH policy AS (
        SELECT daterange(effective_from, lead(effective_from) OVER days) AS span,
               effective_from, cadence, categories
        FROM visits_policy WINDOW days AS (ORDER BY effective_from)
    ), ruled AS (
        SELECT daterange(min(effective_from), NULL) AS span FROM policy
        HAVING min(effective_from) IS NOT NULL
    ), links AS (
        SELECT l.household_id,
               range_agg(daterange(l.started_on, l.ended_on)) AS spans,
               max(l.representative_id) FILTER (
                   WHERE l.started_on <= today AND (l.ended_on IS NULL OR l.ended_on > today)
               ) AS representative_id
        FROM households_contactlink l WHERE l.household_id = ANY (ids) GROUP BY 1
    ), monthly AS (
        SELECT h.household_id, range_agg(h.span) AS spans,
               bool_or(h.span @> today AND h.is_key) AS is_key
        FROM (
            SELECT id AS household_id, p.span, false AS is_key
            FROM unnest(ids) id, policy p WHERE p.cadence = 'month'
            UNION ALL
            SELECT t.household_id, daterange(t.started_on, t.ended_on) * p.span, true
            FROM households_categorytag t
            JOIN policy p ON p.categories ->> t.category_id = 'month'
            WHERE t.household_id = ANY (ids)
        ) h GROUP BY 1
    ), keyed AS (
        SELECT DISTINCT t.household_id
        FROM households_categorytag t
        JOIN policy p ON p.span @> today AND p.categories ? t.category_id
        WHERE t.household_id = ANY (ids) AND daterange(t.started_on, t.ended_on) @> today
    ), chained AS (
        SELECT l.household_id, l.representative_id, (
            SELECT span * r.span FROM unnest(l.spans) span
            WHERE (upper_inf(span) OR upper(span) > today) AND NOT isempty(span * r.span)
            ORDER BY lower(span) LIMIT 1
        ) AS chain
        FROM links l LEFT JOIN ruled r ON true
    ), seen AS (
        SELECT v.household_id,
               max(v.visited_on) FILTER (WHERE v.visited_on <@ c.chain) AS in_chain,
               max(v.visited_on) FILTER (WHERE v.visited_on <= today) AS last
        FROM visits_visit v LEFT JOIN chained c USING (household_id)
        WHERE v.household_id = ANY (ids) AND v.counts AND v.withdrawn_at IS NULL
        GROUP BY 1
    ), fact AS (
        SELECT h.id AS household_id, h.region_code, c.representative_id, c.chain,
               s.in_chain AS seen, s.last,
               COALESCE(m.spans, '{}'::datemultirange) AS monthly,
               k.household_id IS NOT NULL AS is_key,
               COALESCE(s.in_chain, lower(c.chain)) AS since,
               EXISTS (
                   SELECT FROM visits_waiver w
                   WHERE w.household_id = h.id AND w.withdrawn_at IS NULL
               ) AS has_waiver
        FROM households_household h
        LEFT JOIN chained c ON c.household_id = h.id
        LEFT JOIN seen s ON s.household_id = h.id
        LEFT JOIN monthly m ON m.household_id = h.id
        LEFT JOIN keyed k ON k.household_id = h.id
        WHERE h.id = ANY (ids) AND h.status = 'living'
    )
    SELECT f.household_id, f.region_code, f.representative_id, f.is_key,
        CASE WHEN f.monthly @> today THEN 'month' ELSE 'quarter' END,
        CASE
            WHEN f.chain IS NULL THEN NULL
            WHEN f.has_waiver OR NOT upper_inf(f.chain) THEN visits_search(f.household_id, f.chain, f.seen, f.monthly)
            WHEN NOT f.monthly && daterange(date_trunc('quarter', f.since)::date, NULL)
                THEN visits_next(f.since, f.seen IS NOT NULL, interval '3 months', 'quarter')
            WHEN f.monthly @> daterange(date_trunc('quarter', f.since)::date, NULL)
                THEN visits_next(f.since, f.seen IS NOT NULL, interval '1 month', 'month')
            ELSE visits_search(f.household_id, f.chain, f.seen, f.monthly)
        END,
        f.last
    FROM fact f
$$;
"""

TODAY = """
CREATE FUNCTION visits_today() RETURNS date LANGUAGE sql STABLE
    AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

"""

WRITTEN = """
    INSERT INTO visits_duty AS d (
        household_id, region_code, representative_id, is_key, cadence, due_on,
        last_visit_on, judged_on
    )
    SELECT j.*, visits_today() FROM visits_judged({ids}, visits_today()) j
    ON CONFLICT (household_id) DO UPDATE SET
        representative_id = excluded.representative_id, is_key = excluded.is_key,
        cadence = excluded.cadence, due_on = excluded.due_on,
        last_visit_on = excluded.last_visit_on, judged_on = excluded.judged_on
    WHERE (d.representative_id, d.is_key, d.cadence, d.due_on, d.last_visit_on)
        IS DISTINCT FROM (excluded.representative_id, excluded.is_key, excluded.cadence,
            excluded.due_on, excluded.last_visit_on)
"""

# Runs as the owner, who alone writes duties, in the caller's range; and not narrowed
# to a representative, whose household may have been another's before. The policies'
# bounds are unknown to the planner, which takes a township for a dozen rows and
# loops over it; told not to, it hashes (4,885 households: 8.4 s without, 0.07 s with).
# After five calls a plan is kept that knows nothing of the ids and compares each row
# with every one of them; so many are planned for by EXECUTE, for a few that is dearer.
# Not by plan_cache_mode: the checks of the foreign keys would be planned anew for each
# row that is written (20,000 households: 12 s so, 4 s by EXECUTE).
REFRESH = """
CREATE OR REPLACE FUNCTION visits_refresh(ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    changed bigint;
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    PERFORM set_config('app.representative', '', true);
    DELETE FROM visits_duty d USING households_household h
    WHERE d.household_id = ANY (ids) AND h.id = d.household_id AND h.status <> 'living';
    IF cardinality(ids) > 50 THEN
        EXECUTE $many$%(many)s$many$ USING ids;
    ELSE
        %(few)s;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('app.representative', narrowed, true);
    RETURN changed;
END $$;
""".replace("%(many)s", WRITTEN.format(ids="$1")).replace(
    "%(few)s", WRITTEN.format(ids="ids").strip()
)

# A household without a duty is new in this very statement: its own trigger is still to
# come and judges it with all that the statement wrote, once and not for each table.
# Asked without narrowing: a representative does not see the duty of another's household.
FACT_CHANGED = """
CREATE OR REPLACE FUNCTION visits_fact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    narrowed text := COALESCE(current_setting('app.representative', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[0]) INTO ids;
        IF TG_TABLE_NAME IN ('households_contactlink', 'households_categorytag') THEN
            PERFORM set_config('app.representative', '', true);
            SELECT array_agg(d.household_id) INTO ids
            FROM visits_duty d WHERE d.household_id = ANY (ids);
            PERFORM set_config('app.representative', narrowed, true);
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[0]) INTO ids;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM (SELECT %I FROM new_rows '
            'UNION SELECT %I FROM old_rows) both_rows', TG_ARGV[0], TG_ARGV[0], TG_ARGV[0])
            INTO ids;
    END IF;
    IF ids IS NOT NULL THEN
        PERFORM visits_refresh(ids);
    END IF;
    RETURN NULL;
END $$;
"""

FACTS = {
    "households_contactlink": "household_id",
    "households_categorytag": "household_id",
    "households_household": "id",
    "visits_visit": "household_id",
    "visits_waiver": "household_id",
}

CREATE = [
    PARTS,
    FIRST_DUE,
    SEARCH,
    JUDGED,
    TODAY,
    REFRESH,
    FACT_CHANGED,
    *(
        f"CREATE TRIGGER refresh_duty_{event} AFTER {event.upper()} ON {table} "
        f"{transition} FOR EACH STATEMENT EXECUTE FUNCTION visits_fact_changed('{key}')"
        for table, key in FACTS.items()
        for event, transition in TRANSITIONS.items()
    ),
]
DROP = [
    *(
        f"DROP TRIGGER refresh_duty_{event} ON {table}"
        for table in FACTS
        for event in TRANSITIONS
    ),
    "DROP FUNCTION visits_fact_changed()",
    "DROP FUNCTION visits_refresh(bigint[])",
    "DROP FUNCTION visits_today()",
    "DROP FUNCTION visits_judged(bigint[], date)",
    "DROP FUNCTION visits_search(bigint, daterange, date, datemultirange)",
    "DROP FUNCTION visits_first_due(bigint, daterange, date, datemultirange, int)",
    "DROP FUNCTION visits_next(date, boolean, interval, text)",
    "DROP FUNCTION visits_waived(bigint, date)",
]
