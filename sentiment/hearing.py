"""From a visit on which there was a matter an issue appears by itself.

`visits` lies below and must not know of issues, and visits come by the phone, by the
village, by workbooks and by raw SQL; so the database tells, in the transaction of the
visit, as it does for the due rule (`visits.triggers`). The functions run as whoever
wrote the visit: what a representative records for his own households makes issues of
his own, and the scope binds them like all else.

An issue that nobody has dealt with follows its visit: a withdrawal withdraws it, the
corrected visit brings it back with its words. Once somebody has dealt with it, it is no
longer the visit's: it stays as it is, and a line of its timeline says what became of
the visit. The lines written here carry `BY_VISIT`, by which they are known.
"""

BY_VISIT = "随走访记录"  # as in the functions below

HEARING = """
-- The last day for a holder that gets an issue on `day`: sentiment.rules.terms in SQL.
CREATE FUNCTION sentiment_due(who text, day date) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT day + days FROM sentiment_issueterm WHERE holder = who
    ORDER BY effective_from <= day DESC,
        CASE WHEN effective_from <= day THEN day - effective_from
             ELSE effective_from - day END
    LIMIT 1
$$;
-- What a visit says of its matter; a phone may send categories without a word.
CREATE FUNCTION sentiment_words(v visits_visit) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT COALESCE(NULLIF(btrim((v).words), ''),
        '（没有写明）' || COALESCE(NULLIF(array_to_string((v).topics, '、'), ''), '有情况'))
$$;
CREATE FUNCTION sentiment_topic(v visits_visit) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT COALESCE((v).topics[1], '其他') $$;
-- What else the visit says, for the line of the timeline.
CREATE FUNCTION sentiment_remark(v visits_visit) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT left(concat_ws('；',
        '还说到：' || NULLIF(array_to_string((v).topics[2:], '、'), ''),
        '现场答复：' || NULLIF((v).answer, ''),
        CASE WHEN (v).for_village THEN '要村里办' END,
        CASE WHEN (v).on_behalf THEN '代录' END), 1000)
$$;

-- Two statements: a representative's line may only be put on an issue that he sees. By
-- their ids and one by one: the planner takes the rows under a policy for a handful, and
-- would read whole tables for each of an import's thousands.
CREATE FUNCTION sentiment_hear(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO sentiment_issue (
        region_code, source, visit_id, household_id, group_id, representative_id,
        heard_on, topic, words, satisfaction, entered_by_id, entered_at, state,
        holder, way, unit, person, due_on, result, answer, returns, version)
    SELECT v.region_code, 'visit', v.id, v.household_id,
        (SELECT group_id FROM households_household h WHERE h.id = v.household_id),
        v.representative_id, v.visited_on, sentiment_topic(v), sentiment_words(v),
        v.satisfaction, v.entered_by_id, v.received_at, 'collected', 'village', '',
        '', '', sentiment_due('village', (v.received_at AT TIME ZONE 'Asia/Shanghai')::date),
        '', '', 0, 1
    FROM unnest(ids) one JOIN visits_visit v ON v.id = one
    WHERE v.has_matter AND v.withdrawn_at IS NULL
    ORDER BY v.received_at, v.id;

    INSERT INTO sentiment_issuestep (
        region_code, issue_id, action, state, holder, way, due_on, words, was_topic,
        original, version, "on", at, by_id, by_words)
    SELECT i.region_code, i.id, 'collect', i.state, i.holder, '', i.due_on,
        sentiment_remark(v), '', '', 1,
        (i.entered_at AT TIME ZONE 'Asia/Shanghai')::date, i.entered_at,
        i.entered_by_id, '随走访记录'
    FROM unnest(ids) one
    JOIN visits_visit v ON v.id = one JOIN sentiment_issue i ON i.visit_id = one
$$;
"""

FOLLOWING = """
CREATE FUNCTION sentiment_untouched(one bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM sentiment_issuestep
        WHERE issue_id = one AND by_words <> '随走访记录')
$$;
-- Put a line on an issue: it stands as its columns say now.
CREATE FUNCTION sentiment_step(
    one bigint, what text, said text, who bigint, at timestamptz,
    old_topic text DEFAULT '', old_words text DEFAULT ''
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO sentiment_issuestep (
        region_code, issue_id, action, state, holder, way, due_on, words, was_topic,
        original, version, "on", at, by_id, by_words)
    SELECT region_code, id, what, state, holder, way, due_on, left(said, 1000),
        old_topic, old_words, version, (at AT TIME ZONE 'Asia/Shanghai')::date, at, who,
        '随走访记录'
    FROM sentiment_issue WHERE id = one
$$;

CREATE FUNCTION sentiment_unhear(gone visits_visit) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE one bigint;
BEGIN
    SELECT id INTO one FROM sentiment_issue
    WHERE visit_id = gone.id AND state <> 'withdrawn' FOR UPDATE;
    IF one IS NULL THEN
        RETURN;
    END IF;
    IF sentiment_untouched(one) THEN
        UPDATE sentiment_issue SET state = 'withdrawn', version = version + 1 WHERE id = one;
        PERFORM sentiment_step(one, 'withdraw', '走访记录撤回：' || gone.withdrawal,
            gone.withdrawn_by_id, gone.withdrawn_at);
    ELSE
        UPDATE sentiment_issue SET version = version + 1 WHERE id = one;
        PERFORM sentiment_step(one, 'note', '走访记录撤回：' || gone.withdrawal,
            gone.withdrawn_by_id, gone.withdrawn_at);
    END IF;
END $$;

CREATE FUNCTION sentiment_hear_again(v visits_visit) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE old sentiment_issue;
BEGIN
    SELECT * INTO old FROM sentiment_issue
    WHERE visit_id = v.corrects_id ORDER BY id DESC LIMIT 1 FOR UPDATE;
    IF old.id IS NULL THEN
        PERFORM sentiment_hear(ARRAY[v.id]);
    ELSIF NOT sentiment_untouched(old.id) THEN
        UPDATE sentiment_issue SET visit_id = v.id, version = version + 1 WHERE id = old.id;
        PERFORM sentiment_step(old.id, 'note', '走访记录更正为：' || CASE
            WHEN v.has_matter THEN sentiment_topic(v) || '，' || sentiment_words(v)
            ELSE '平安' END, v.entered_by_id, v.received_at);
    ELSIF v.has_matter THEN
        UPDATE sentiment_issue SET visit_id = v.id, state = 'collected',
            representative_id = v.representative_id, heard_on = v.visited_on,
            topic = sentiment_topic(v), words = sentiment_words(v),
            satisfaction = v.satisfaction, version = version + 1
        WHERE id = old.id;
        PERFORM sentiment_step(old.id, 'amend', concat_ws('；', '走访记录更正',
            NULLIF(sentiment_remark(v), '')), v.entered_by_id, v.received_at,
            old.topic, old.words);
    END IF;
END $$;

CREATE FUNCTION sentiment_visited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
    one visits_visit;
BEGIN
    SELECT array_agg(id) INTO ids FROM new_rows
    WHERE has_matter AND corrects_id IS NULL AND withdrawn_at IS NULL;
    IF ids IS NOT NULL THEN
        PERFORM sentiment_hear(ids);
    END IF;
    FOR one IN SELECT * FROM new_rows WHERE corrects_id IS NOT NULL LOOP
        PERFORM sentiment_hear_again(one);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION sentiment_unvisited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one visits_visit;
BEGIN
    FOR one IN
        SELECT n.* FROM new_rows n JOIN old_rows o USING (id)
        WHERE n.withdrawn_at IS NOT NULL AND o.withdrawn_at IS NULL
    LOOP
        PERFORM sentiment_unhear(one);
    END LOOP;
    RETURN NULL;
END $$;
"""

# An import that is taken back takes its issues along, and with each its first line,
# which the app role may not remove. Runs as the owner; one that somebody has dealt with
# keeps its lines, and they hold it fast.
FORGETTING = """
CREATE FUNCTION sentiment_forget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.version = 1 THEN
        DELETE FROM sentiment_issuestep WHERE issue_id = OLD.id;
    END IF;
    RETURN OLD;
END $$;
REVOKE EXECUTE ON FUNCTION sentiment_forget() FROM PUBLIC, sd_app;
"""

HUNG = """
CREATE TRIGGER hear_insert AFTER INSERT ON visits_visit
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION sentiment_visited();
CREATE TRIGGER hear_update AFTER UPDATE ON visits_visit
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION sentiment_unvisited();
CREATE TRIGGER forget_delete BEFORE DELETE ON sentiment_issue FOR EACH ROW
    EXECUTE FUNCTION sentiment_forget();
"""
CREATE = (HEARING, FOLLOWING, FORGETTING, HUNG)
DROP = (
    "DROP TRIGGER forget_delete ON sentiment_issue",
    "DROP TRIGGER hear_update ON visits_visit",
    "DROP TRIGGER hear_insert ON visits_visit",
    "DROP FUNCTION sentiment_forget()",
    "DROP FUNCTION sentiment_unvisited()",
    "DROP FUNCTION sentiment_visited()",
    "DROP FUNCTION sentiment_hear_again(visits_visit)",
    "DROP FUNCTION sentiment_unhear(visits_visit)",
    "DROP FUNCTION sentiment_step(bigint, text, text, bigint, timestamptz, text, text)",
    "DROP FUNCTION sentiment_untouched(bigint)",
    "DROP FUNCTION sentiment_hear(uuid[])",
    "DROP FUNCTION sentiment_remark(visits_visit)",
    "DROP FUNCTION sentiment_topic(visits_visit)",
    "DROP FUNCTION sentiment_words(visits_visit)",
    "DROP FUNCTION sentiment_due(text, date)",
)
# Visits that were there before issues were.
BACKFILL = """
DO $$
DECLARE ids uuid[];
BEGIN
    SELECT array_agg(id) INTO ids FROM visits_visit WHERE has_matter AND withdrawn_at IS NULL;
    IF ids IS NOT NULL THEN
        PERFORM sentiment_hear(ids);
    END IF;
END $$
"""
