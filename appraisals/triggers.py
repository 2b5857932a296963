"""What the database holds of appraisals and honours, whoever writes.

An edition of the plan that is used does not change; a stage follows the one before it;
tickets add up before the meeting's result stands; what is confirmed is frozen; no more
are 优秀 than the ratio allows, in the village and in the township, two people at once
included: the row of the appraisal, or a lock on township and year, makes them queue.
"""

from appraisals.rules.steps import MOVES

_MOVES = ", ".join(f"('{before}', '{after}')" for before, after in MOVES)

PLAN = """
CREATE FUNCTION appraisals_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_used THEN
        RAISE EXCEPTION 'an edition that is used does not change'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_plan_is_used';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_plan BEFORE UPDATE OR DELETE ON appraisals_appraisalplan
    FOR EACH ROW EXECUTE FUNCTION appraisals_keep_plan();

CREATE FUNCTION appraisals_use_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage <> 'draft' AND NOT NEW.is_imported THEN
        RAISE EXCEPTION 'an appraisal begins as a draft' USING ERRCODE = '23514';
    END IF;
    UPDATE appraisals_appraisalplan SET is_used = true
        WHERE id = NEW.plan_id AND NOT is_used;
    RETURN NULL;
END $$;
CREATE TRIGGER use_plan AFTER INSERT ON appraisals_appraisal
    FOR EACH ROW EXECUTE FUNCTION appraisals_use_plan();
"""

RATIO = """
CREATE FUNCTION appraisals_hold_ratio() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    rated integer;
    best integer;
BEGIN
    SELECT p.share, p.at_least, a.is_imported INTO asked
        FROM appraisals_appraisal a JOIN appraisals_appraisalplan p ON p.id = a.plan_id
        WHERE a.id = NEW.appraisal_id FOR NO KEY UPDATE OF a;
    IF asked.is_imported THEN
        RETURN NULL;
    END IF;
    SELECT count(*) FILTER (WHERE unrated = ''), count(*) FILTER (WHERE grade = 'excellent')
        INTO rated, best
        FROM appraisals_appraisalresult WHERE appraisal_id = NEW.appraisal_id;
    IF best > LEAST(rated, GREATEST(floor(rated * asked.share / 100), asked.at_least)) THEN
        RAISE EXCEPTION '% of % are more than the ratio allows', best, rated
            USING ERRCODE = '23514', CONSTRAINT = 'eval_result_ratio';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hold_ratio AFTER INSERT OR UPDATE OF grade, unrated
    ON appraisals_appraisalresult FOR EACH ROW
    WHEN (NEW.grade = 'excellent' OR NEW.unrated <> '')
    EXECUTE FUNCTION appraisals_hold_ratio();
"""

FROZEN = """
CREATE FUNCTION appraisals_keep_results() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT stage, is_imported INTO held
        FROM appraisals_appraisal WHERE id = OLD.appraisal_id;
    IF TG_OP = 'DELETE' AND held.stage <> 'draft' AND NOT held.is_imported THEN
        RAISE EXCEPTION 'who is appraised is settled' USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'UPDATE' AND held.stage IN ('notice', 'filing', 'done') THEN
        RAISE EXCEPTION 'what is confirmed is frozen'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_result_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_results BEFORE DELETE OR UPDATE OF
    self_grade, unrated, inputs, rows, parts, total, grade, words
    ON appraisals_appraisalresult
    FOR EACH ROW EXECUTE FUNCTION appraisals_keep_results();

CREATE FUNCTION appraisals_keep_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
BEGIN
    IF TG_TABLE_NAME = 'appraisals_appraisalballot' THEN
        SELECT stage INTO held FROM appraisals_appraisal
            WHERE id = COALESCE(NEW.appraisal_id, OLD.appraisal_id);
    ELSE
        SELECT a.stage INTO held FROM appraisals_appraisal a
            JOIN appraisals_appraisalballot b ON b.appraisal_id = a.id
            WHERE b.id = COALESCE(NEW.ballot_id, OLD.ballot_id);
    END IF;
    IF held <> 'meeting' THEN
        RAISE EXCEPTION 'tickets are entered for the meeting, and not changed after it'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_tickets_settled';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_tickets BEFORE INSERT OR DELETE OR UPDATE OF
    body, present, issued, returned ON appraisals_appraisalballot
    FOR EACH ROW EXECUTE FUNCTION appraisals_keep_tickets();
"""

KEEP_VOTES = """
CREATE OR REPLACE TRIGGER keep_tickets BEFORE INSERT OR DELETE OR UPDATE OF
    {columns} ON appraisals_appraisalvote
    FOR EACH ROW EXECUTE FUNCTION appraisals_keep_tickets();
"""
ADD_UP = """
CREATE OR REPLACE FUNCTION appraisals_tickets_add_up(appraisal bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT b.body) = 3 AND bool_and(COALESCE({sum}, -1) = b.returned)
    FROM appraisals_appraisalballot b
    JOIN appraisals_appraisalresult r
        ON r.appraisal_id = b.appraisal_id AND r.unrated = ''
    LEFT JOIN appraisals_appraisalvote v ON v.ballot_id = b.id AND v.result_id = r.id
    WHERE b.appraisal_id = appraisal
$$;
"""


def _tickets(*columns: str) -> str:
    summed = " + ".join(f"v.{column}" for column in columns)
    return KEEP_VOTES.format(columns=", ".join(columns)) + ADD_UP.format(sum=summed)


_GRADES = ("excellent", "competent", "basic", "poor")
TICKETS = _tickets(*_GRADES, "invalid")
"""A line of a ticket that says nothing of somebody counts among those returned."""

HOLD_TOWNSHIP = """
CREATE OR REPLACE FUNCTION appraisals_hold_township(asked appraisals_appraisal) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    lo bigint := asked.region_code / 1000 * 1000;
    -- As rules.appraisals.roll_day: of a year that is over, its last day.
    day date := LEAST(asked.filed_on, make_date(asked.year, 12, 31));
    share numeric;
    fewest integer;
    serving integer;
    best integer;
BEGIN
    IF scope_lo() > lo OR scope_hi() < lo + 1000 THEN
        RAISE EXCEPTION 'only the township files' USING ERRCODE = '23514';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('appraisal ' || lo || ' ' || asked.year, 0));
    SELECT p.township_share, p.at_least INTO share, fewest
        FROM appraisals_appraisalplan p WHERE p.id = asked.plan_id;
    SELECT count(*) INTO serving FROM representatives_mandate
        WHERE region_code >= lo AND region_code < lo + 1000
        AND started_on <= day AND until >= day
        AND (ended_on IS NULL OR ended_on > day);
    SELECT count(*) INTO best
        FROM appraisals_appraisalresult r JOIN appraisals_appraisal a ON a.id = r.appraisal_id
        WHERE a.region_code >= lo AND a.region_code < lo + 1000 AND a.year = asked.year
        AND (a.stage = 'done' OR a.id = asked.id) AND r.grade = 'excellent';
    IF best > GREATEST(floor(serving * share / 100), fewest) THEN
        RAISE EXCEPTION '% of % in the township are more than the ratio allows', best, serving
            USING ERRCODE = '23514', CONSTRAINT = 'eval_township_ratio';
    END IF;
END $$;
"""

STEPS = (
    HOLD_TOWNSHIP
    + """
CREATE FUNCTION appraisals_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.stage, NEW.stage) NOT IN (<moves>) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.stage, NEW.stage
            USING ERRCODE = '23514', CONSTRAINT = 'eval_appraisal_step';
    END IF;
    IF OLD.stage = 'meeting' AND NOT COALESCE(appraisals_tickets_add_up(NEW.id), false) THEN
        RAISE EXCEPTION 'tickets are missing or do not add up'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_tickets_add_up';
    END IF;
    IF OLD.stage = 'confirm' AND NEW.stage <> 'meeting' AND EXISTS (
        SELECT FROM appraisals_appraisalresult r WHERE r.appraisal_id = NEW.id
        AND r.unrated = '' AND (r.grade = '' OR r.total IS NULL)) THEN
        RAISE EXCEPTION 'somebody has no grade' USING ERRCODE = '23514';
    END IF;
    IF NEW.stage = 'done' THEN
        PERFORM appraisals_hold_township(NEW);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step BEFORE UPDATE OF stage ON appraisals_appraisal
    FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage)
    EXECUTE FUNCTION appraisals_step();
""".replace("<moves>", _MOVES)
)

HONOURS = """
CREATE FUNCTION appraisals_check_honour() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM appraisals_appraisalresult r
        JOIN appraisals_appraisal a ON a.id = r.appraisal_id
        WHERE r.id = NEW.result_id AND r.grade = 'excellent' AND a.stage = 'done'
        AND a.year = NEW.year AND r.representative_id = NEW.representative_id) THEN
        RAISE EXCEPTION 'only who is filed as excellent is honoured'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_honour_is_earned';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_honour BEFORE INSERT OR UPDATE OF result_id, representative_id, year
    ON appraisals_honour FOR EACH ROW EXECUTE FUNCTION appraisals_check_honour();

CREATE FUNCTION appraisals_limit_demonstrations() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lo bigint := NEW.region_code / 1000 * 1000;
    most integer;
BEGIN
    IF scope_lo() > lo OR scope_hi() < lo + 1000 THEN
        RAISE EXCEPTION 'only the township chooses' USING ERRCODE = '23514';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('demonstration ' || lo || ' ' || NEW.year, 0));
    SELECT demonstrations INTO most FROM appraisals_appraisalplan
        WHERE year <= NEW.year ORDER BY year DESC, effective_from DESC LIMIT 1;
    IF (SELECT count(*) FROM appraisals_demonstration WHERE year = NEW.year
        AND region_code >= lo AND region_code < lo + 1000) > COALESCE(most, 0) THEN
        RAISE EXCEPTION 'more villages than the plan allows'
            USING ERRCODE = '23514', CONSTRAINT = 'eval_demo_limit';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER limit_demonstrations AFTER INSERT OR UPDATE OF year
    ON appraisals_demonstration FOR EACH ROW
    EXECUTE FUNCTION appraisals_limit_demonstrations();
"""

INSTALL = PLAN + RATIO + FROZEN + STEPS + HONOURS
REMOVE = """
DROP TRIGGER limit_demonstrations ON appraisals_demonstration;
DROP FUNCTION appraisals_limit_demonstrations();
DROP TRIGGER check_honour ON appraisals_honour;
DROP FUNCTION appraisals_check_honour();
DROP TRIGGER step ON appraisals_appraisal;
DROP FUNCTION appraisals_step();
DROP FUNCTION appraisals_hold_township(appraisals_appraisal);
DROP FUNCTION appraisals_tickets_add_up(bigint);
DROP TRIGGER keep_tickets ON appraisals_appraisalvote;
DROP TRIGGER keep_tickets ON appraisals_appraisalballot;
DROP FUNCTION appraisals_keep_tickets();
DROP TRIGGER keep_results ON appraisals_appraisalresult;
DROP FUNCTION appraisals_keep_results();
DROP TRIGGER hold_ratio ON appraisals_appraisalresult;
DROP FUNCTION appraisals_hold_ratio();
DROP TRIGGER use_plan ON appraisals_appraisal;
DROP FUNCTION appraisals_use_plan();
DROP TRIGGER keep_plan ON appraisals_appraisalplan;
DROP FUNCTION appraisals_keep_plan();
"""
