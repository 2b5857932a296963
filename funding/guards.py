"""What the database itself guards about money, in SQL.

Four triggers: the book of a work fund keeps its sums (so that two who spend at once
wait for each other, and the second finds too little), a resolution that was used does
not change, a sheet that left the draft does not change but for its last steps, and
neither do its lines. Merging villages moves rows to another region and is let through.
"""

IS_MOVED = "to_jsonb(NEW) - 'region_code' = to_jsonb(OLD) - 'region_code'"

# Runs as the owner, who alone changes the sums of a fund, in the caller's range. The
# UPDATE locks the fund's row until the transaction ends: whoever books next waits.
BOOK = """
CREATE FUNCTION funding_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.received := 0; NEW.carried := 0; NEW.spent := 0; NEW.balance := 0;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_begin BEFORE INSERT ON funding_workfund
    FOR EACH ROW EXECUTE FUNCTION funding_begin();

CREATE FUNCTION funding_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    undone funding_fundentry;
    decided funding_carryover;
    heap text := NEW.kind;
BEGIN
    IF NEW.kind = 'reversal' THEN
        SELECT * INTO undone FROM funding_fundentry WHERE id = NEW.reverses_id;
        IF undone.id IS NULL OR undone.fund_id <> NEW.fund_id
           OR undone.kind NOT IN ('received', 'spent')
           OR undone.amount <> -NEW.amount THEN
            RAISE EXCEPTION 'a counter-entry takes back one whole entry of its fund'
                USING ERRCODE = '23514', CONSTRAINT = 'funding_entry_reversal_fits';
        END IF;
        heap := undone.kind;
    ELSIF NEW.kind = 'carried' THEN
        SELECT * INTO decided FROM funding_carryover WHERE id = NEW.carry_over_id;
        IF NOT ((NEW.fund_id = decided.source_id AND NEW.amount = -decided.amount)
             OR (NEW.fund_id = decided.target_id AND NEW.amount = decided.amount)) THEN
            RAISE EXCEPTION 'what is carried over is what was decided'
                USING ERRCODE = '23514', CONSTRAINT = 'funding_entry_carried_as_decided';
        END IF;
    END IF;
    UPDATE funding_workfund SET
        received = received + CASE heap WHEN 'received' THEN NEW.amount ELSE 0 END,
        spent = spent - CASE heap WHEN 'spent' THEN NEW.amount ELSE 0 END,
        carried = carried + CASE heap WHEN 'carried' THEN NEW.amount ELSE 0 END,
        balance = balance + NEW.amount
    WHERE id = NEW.fund_id AND region_code = NEW.region_code
      AND year = extract(year FROM NEW.booked_on);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry lies in the year of its fund'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_entry_in_its_year';
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION funding_count() FROM PUBLIC, sd_app;
CREATE TRIGGER funding_count BEFORE INSERT ON funding_fundentry
    FOR EACH ROW EXECUTE FUNCTION funding_count();

CREATE FUNCTION funding_next_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM funding_workfund s JOIN funding_workfund t ON t.year = s.year + 1
        WHERE s.id = NEW.source_id AND t.id = NEW.target_id
    ) THEN
        RAISE EXCEPTION 'money is carried over into the next year'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_carry_next_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_next_year BEFORE INSERT ON funding_carryover
    FOR EACH ROW EXECUTE FUNCTION funding_next_year();
"""

FROZEN = """
CREATE FUNCTION funding_keep_resolution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND IS_MOVED THEN RETURN NEW; END IF;
    IF EXISTS (SELECT FROM funding_subsidysheet WHERE resolution_id = OLD.id) THEN
        RAISE EXCEPTION 'a resolution that a sheet was made by does not change'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_resol_used';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER funding_keep_resolution BEFORE UPDATE OR DELETE ON funding_resolution
    FOR EACH ROW EXECUTE FUNCTION funding_keep_resolution();

CREATE FUNCTION funding_keep_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'INSERT' AND NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'a sheet begins as a draft and is not deleted'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_sheet_stays';
    END IF;
    IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
    IF IS_MOVED THEN RETURN NEW; END IF;
    IF (NEW.month, NEW.id) IS DISTINCT FROM (OLD.month, OLD.id)
       OR OLD.state <> 'draft' AND (NEW.total, NEW.resolution_id)
           IS DISTINCT FROM (OLD.total, OLD.resolution_id)
       OR OLD.state IN ('locked', 'paid', 'signed') AND (
           NEW.notice_id IS DISTINCT FROM OLD.notice_id
           OR (OLD.state, NEW.state) NOT IN (('locked', 'paid'), ('paid', 'signed'))
           OR OLD.state = 'paid' AND (NEW.paid_on, NEW.paid_how)
               IS DISTINCT FROM (OLD.paid_on, OLD.paid_how)) THEN
        RAISE EXCEPTION 'a sheet that left the draft does not change'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_sheet_frozen';
    END IF;
    IF OLD.state = 'draft' AND NEW.state <> 'draft' AND NEW.total <> (
        SELECT COALESCE(sum(amount), 0) FROM funding_subsidyline WHERE sheet_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'the total is the sum of the lines'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_sheet_adds_up';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_keep_sheet BEFORE INSERT OR UPDATE OR DELETE
    ON funding_subsidysheet FOR EACH ROW EXECUTE FUNCTION funding_keep_sheet();

-- FOR SHARE: while a line is being written, nobody takes its sheet out of the draft.
CREATE FUNCTION funding_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sheet bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    held text;
BEGIN
    IF TG_OP = 'UPDATE' AND IS_MOVED THEN RETURN NEW; END IF;
    SELECT state INTO held FROM funding_subsidysheet WHERE id = sheet FOR SHARE;
    IF held <> 'draft' OR TG_OP = 'UPDATE' AND OLD.sheet_id IS NOT NULL THEN
        RAISE EXCEPTION 'lines of a sheet that left the draft do not change'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_line_frozen';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER funding_keep_line BEFORE INSERT OR UPDATE OR DELETE
    ON funding_subsidyline FOR EACH ROW EXECUTE FUNCTION funding_keep_line();
"""

CREATE = BOOK + FROZEN.replace("IS_MOVED", IS_MOVED)
DROP = """
DROP TRIGGER funding_keep_line ON funding_subsidyline;
DROP TRIGGER funding_keep_sheet ON funding_subsidysheet;
DROP TRIGGER funding_keep_resolution ON funding_resolution;
DROP TRIGGER funding_next_year ON funding_carryover;
DROP TRIGGER funding_count ON funding_fundentry;
DROP TRIGGER funding_begin ON funding_workfund;
DROP FUNCTION funding_keep_line();
DROP FUNCTION funding_keep_sheet();
DROP FUNCTION funding_keep_resolution();
DROP FUNCTION funding_next_year();
DROP FUNCTION funding_count();
DROP FUNCTION funding_begin();
"""

# A draft holds nobody: it is reckoned anew by the resolution that comes after.
RESOLUTION_OF_DRAFTS = """
CREATE OR REPLACE FUNCTION funding_keep_resolution() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND IS_MOVED THEN RETURN NEW; END IF;
    IF EXISTS (
        SELECT FROM funding_subsidysheet
        WHERE resolution_id = OLD.id AND (
            state <> 'draft' OR TG_OP = 'DELETE'
            OR to_jsonb(NEW) - 'withdrawn_on' - 'withdrawal'
                <> to_jsonb(OLD) - 'withdrawn_on' - 'withdrawal')
    ) THEN
        RAISE EXCEPTION 'a resolution that a sheet was made by does not change'
            USING ERRCODE = '23514', CONSTRAINT = 'funding_resol_used';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
""".replace("IS_MOVED", IS_MOVED)

# Nor does a sheet that was given up.
RESOLUTION_OF_LOOSE = RESOLUTION_OF_DRAFTS.replace(
    "state <> 'draft'", "state NOT IN ('draft', 'void')"
)
