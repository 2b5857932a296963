"""What must never be false of schemes and ratings, held by the database itself.

1. An edition is written only from its owner's range, and once in force it and its parts do
   not change: only the word that a newer one took its place.
2. A grade with a quota is never held by more households (villages) than its share, however
   many people give it at the same moment: the round's row is locked before counting.
   Results of the past that come in from a workbook are as they were.
3. Entries come only while a round records, and change only by being taken back. Results are
   struck and placed only while the panel reviews; afterwards only telling goes on.
4. The text of an adopted covenant stays.
5. Once a village is graded its points, and what the township marked by hand, stay.
"""

SCHEMES = """
CREATE FUNCTION evaluations_refuse(sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION evaluations_guard_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept evaluations_scheme := COALESCE(NEW, OLD);
    after_draft text[] := ARRAY['state', 'version'];
BEGIN
    IF kept.owner_code < scope_lo() OR kept.owner_code >= scope_hi() THEN
        PERFORM evaluations_refuse('a scheme is written from its owner''s range only');
    END IF;
    IF TG_OP = 'INSERT' OR OLD.state = 'draft' THEN
        RETURN kept;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft'
       OR to_jsonb(NEW) - after_draft <> to_jsonb(OLD) - after_draft THEN
        PERFORM evaluations_refuse('an edition in force does not change');
    END IF;
    RETURN kept;
END $$;
CREATE TRIGGER guard_scheme BEFORE INSERT OR UPDATE OR DELETE ON evaluations_scheme
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_scheme();

-- The share lock makes an item and "put in force" wait for each other.
CREATE FUNCTION evaluations_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept jsonb := COALESCE(to_jsonb(NEW), to_jsonb(OLD));
    scheme bigint := (kept ->> 'scheme_id')::bigint;
    held record;
BEGIN
    IF scheme IS NULL THEN
        SELECT c.scheme_id INTO scheme FROM evaluations_schemecategory c
        WHERE c.id = (kept ->> 'category_id')::bigint;
    END IF;
    SELECT s.state, s.owner_code INTO held FROM evaluations_scheme s
    WHERE s.id = scheme FOR SHARE;
    IF FOUND AND held.state <> 'draft' THEN
        PERFORM evaluations_refuse('an edition in force does not change');
    END IF;
    IF FOUND AND (held.owner_code < scope_lo() OR held.owner_code >= scope_hi()) THEN
        PERFORM evaluations_refuse('a scheme is written from its owner''s range only');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard_part BEFORE INSERT OR UPDATE OR DELETE ON evaluations_schemecategory
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_part();
CREATE TRIGGER guard_part BEFORE INSERT OR UPDATE OR DELETE ON evaluations_schemeitem
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_part();
CREATE TRIGGER guard_part BEFORE INSERT OR UPDATE OR DELETE ON evaluations_schemetier
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_part();
"""

RATINGS = """
CREATE FUNCTION evaluations_hold_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    share integer;
    is_over boolean;
BEGIN
    SELECT t.quota INTO share FROM evaluations_schemetier t WHERE t.id = NEW.tier_id;
    IF share IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM evaluations_ratinground r
    WHERE r.id = NEW.round_id AND NOT r.is_imported FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT count(*) FILTER (WHERE h.tier_id = NEW.tier_id) > count(*) * share / 100
    INTO is_over FROM evaluations_householdrating h WHERE h.round_id = NEW.round_id;
    IF is_over THEN
        PERFORM evaluations_refuse('more households than the quota of the grade');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_quota AFTER INSERT OR UPDATE OF tier_id
    ON evaluations_householdrating DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION evaluations_hold_quota();

CREATE FUNCTION evaluations_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
    taken_back text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawal'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM evaluations_refuse('entries are taken back, not deleted');
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - taken_back - 'region_code'
                            <> to_jsonb(OLD) - taken_back - 'region_code' THEN
        PERFORM evaluations_refuse('entries are taken back, not changed');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.region_code <> OLD.region_code THEN
        RETURN NEW;
    END IF;
    SELECT r.stage INTO held FROM evaluations_ratinground r
    WHERE r.id = NEW.round_id FOR SHARE;
    IF held IS DISTINCT FROM 'record' THEN
        PERFORM evaluations_refuse('the round takes no entries any more');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_entry BEFORE INSERT OR UPDATE OR DELETE ON evaluations_entry
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_entry();

CREATE FUNCTION evaluations_guard_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept evaluations_householdrating := COALESCE(NEW, OLD);
    telling text[] := ARRAY['mend', 'told_on', 'told_by_id', 'region_code'];
    held record;
BEGIN
    SELECT r.stage, r.is_imported INTO held FROM evaluations_ratinground r
    WHERE r.id = kept.round_id;
    IF held.stage = 'review' OR (TG_OP <> 'UPDATE' AND held.is_imported) THEN
        RETURN kept;
    END IF;
    IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) - telling <> to_jsonb(OLD) - telling THEN
        PERFORM evaluations_refuse('scores and grades are frozen');
    END IF;
    RETURN kept;
END $$;
CREATE TRIGGER guard_rating BEFORE INSERT OR UPDATE OR DELETE
    ON evaluations_householdrating
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_rating();
"""

COVENANTS = """
CREATE FUNCTION evaluations_guard_covenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.adopted_on IS NOT NULL AND NEW.text <> OLD.text THEN
        PERFORM evaluations_refuse('the text of an adopted covenant does not change');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_covenant BEFORE UPDATE ON evaluations_covenantversion
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_covenant();
"""

# Villages of one township share a quota: the advisory lock stands for their common row.
VILLAGES = """
CREATE FUNCTION evaluations_hold_village_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    share integer;
    township bigint := NEW.region_code / 1000;
    given integer;
    villages integer;
BEGIN
    SELECT t.quota INTO share FROM evaluations_schemetier t WHERE t.id = NEW.tier_id;
    IF share IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(
        format('evaluations %s %s', township, NEW.year), 0));
    SELECT count(*) INTO given FROM evaluations_villagerating v
    WHERE v.year = NEW.year AND v.tier_id = NEW.tier_id
      AND v.region_code / 1000 = township;
    SELECT count(*) INTO villages FROM regions_region r
    WHERE r.level = 'village' AND r.ended_on IS NULL AND r.code / 1000 = township;
    IF given > GREATEST(villages * share / 100, 1) THEN
        PERFORM evaluations_refuse('more villages than the quota of the grade');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_quota AFTER INSERT OR UPDATE OF tier_id
    ON evaluations_villagerating DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION evaluations_hold_village_quota();
"""

# A village's row may move on to its notice and its filing; its points stay, but that
# before it is filed they are taken back whole, with a reason. Merging villages changes
# the region alone.
GUARD_VILLAGE = """
CREATE OR REPLACE FUNCTION evaluations_guard_village()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'confirmed' AND NEW.state = 'scoring' AND NEW.remark <> ''
       AND NEW.lines = '[]' AND NEW.notice_id IS NULL
       AND NEW.scheme_id = OLD.scheme_id AND NEW.year = OLD.year THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'scoring' AND (
        NEW.state = 'scoring' OR NEW.lines <> OLD.lines OR NEW.total <> OLD.total
        OR NEW.scheme_id <> OLD.scheme_id OR NEW.year <> OLD.year
        OR NEW.confirmed_on <> OLD.confirmed_on
    ) THEN
        PERFORM evaluations_refuse('the points of a confirmed village are frozen');
    END IF;
    RETURN NEW;
END $$;
"""
GUARDS = """
CREATE TRIGGER guard_village BEFORE UPDATE ON evaluations_villagerating
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_village();

CREATE FUNCTION evaluations_guard_manual() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept evaluations_manualpoints := COALESCE(NEW, OLD);
    held text;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'region_code' = to_jsonb(OLD) - 'region_code'
    THEN
        RETURN NEW;
    END IF;
    SELECT v.state INTO held FROM evaluations_villagerating v
    WHERE v.id = kept.rating_id FOR SHARE;
    IF held IS DISTINCT FROM 'scoring' THEN
        PERFORM evaluations_refuse('the points of a confirmed village are frozen');
    END IF;
    RETURN kept;
END $$;
CREATE TRIGGER guard_manual BEFORE INSERT OR UPDATE OR DELETE
    ON evaluations_manualpoints
    FOR EACH ROW EXECUTE FUNCTION evaluations_guard_manual();
"""
FREEZE = [GUARD_VILLAGE, GUARDS]
THAW = """
DROP TRIGGER guard_village ON evaluations_villagerating;
DROP TRIGGER guard_manual ON evaluations_manualpoints;
DROP FUNCTION evaluations_guard_village();
DROP FUNCTION evaluations_guard_manual();
"""

# Results of the past that come in from a workbook are as they were, as households' are.
PAST = """
DROP TRIGGER hold_quota ON evaluations_villagerating;
CREATE CONSTRAINT TRIGGER hold_quota AFTER INSERT OR UPDATE OF tier_id
    ON evaluations_villagerating DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (NOT NEW.is_imported)
    EXECUTE FUNCTION evaluations_hold_village_quota();
"""
UNPAST = PAST.replace(" WHEN (NOT NEW.is_imported)", "")

CREATE = SCHEMES + RATINGS + COVENANTS + VILLAGES
TABLES = {
    "guard_scheme": ("evaluations_scheme",),
    "guard_part": (
        "evaluations_schemecategory",
        "evaluations_schemeitem",
        "evaluations_schemetier",
    ),
    "hold_quota": ("evaluations_householdrating", "evaluations_villagerating"),
    "guard_entry": ("evaluations_entry",),
    "guard_rating": ("evaluations_householdrating",),
    "guard_covenant": ("evaluations_covenantversion",),
}
FUNCTIONS = (
    "evaluations_guard_scheme()",
    "evaluations_guard_part()",
    "evaluations_hold_quota()",
    "evaluations_guard_entry()",
    "evaluations_guard_rating()",
    "evaluations_guard_covenant()",
    "evaluations_hold_village_quota()",
    "evaluations_refuse(text)",
)
DROP = "".join(
    f"DROP TRIGGER {trigger} ON {table};"
    for trigger, tables in TABLES.items()
    for table in tables
) + "".join(f"DROP FUNCTION {function};" for function in FUNCTIONS)
