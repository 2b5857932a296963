"""What an attendance knows of its training: copied by the database, by nobody else.

An attendance lies in the representative's village, its training with the host, often
above what the village may see. The trigger copies what the village may know, refuses a
host that does not cover the village, and keeps the copy true; the app itself cannot
write it.
"""

from collections.abc import Sequence

COPIED = ("topic", "level", "kind", "held_on", "hours", "state", "place")


def triggers(copied: Sequence[str]) -> str:
    """Return the SQL that keeps these columns of an attendance those of its training."""

    def of(row: str) -> str:
        return ", ".join(f"{row}.{name}" for name in copied)

    taken = ", ".join(f"{name} = NEW.{name}" for name in copied)
    return f"""
CREATE FUNCTION trainings_take_copy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    host bigint;
    width bigint;
BEGIN
    SELECT t.region_code, {of("t")} INTO host, {of("NEW")}
        FROM trainings_training t WHERE t.id = NEW.training;
    IF host IS NULL THEN
        RAISE EXCEPTION 'no such training' USING ERRCODE = '23503';
    END IF;
    width := CASE WHEN host % 1000000 = 0 THEN 1000000
        WHEN host % 1000 = 0 THEN 1000 ELSE 1 END;
    IF NEW.region_code < host OR NEW.region_code >= host + width THEN
        RAISE EXCEPTION 'the host does not cover the village' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION trainings_keep_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE trainings_attendance a SET {taken} WHERE a.training = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION trainings_refuse_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an attendance follows its training' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER take_copy BEFORE INSERT ON trainings_attendance
    FOR EACH ROW EXECUTE FUNCTION trainings_take_copy();
CREATE TRIGGER keep_copy AFTER UPDATE ON trainings_training FOR EACH ROW
    WHEN (({of("OLD")}) IS DISTINCT FROM ({of("NEW")}))
    EXECUTE FUNCTION trainings_keep_copy();
CREATE TRIGGER refuse_copy BEFORE UPDATE ON trainings_attendance FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND (OLD.training, OLD.representative_id, {of("OLD")})
        IS DISTINCT FROM (NEW.training, NEW.representative_id, {of("NEW")}))
    EXECUTE FUNCTION trainings_refuse_copy();
"""  # noqa: S608 - our own names


DROP = """
DROP TRIGGER refuse_copy ON trainings_attendance;
DROP TRIGGER keep_copy ON trainings_training;
DROP TRIGGER take_copy ON trainings_attendance;
DROP FUNCTION trainings_refuse_copy();
DROP FUNCTION trainings_keep_copy();
DROP FUNCTION trainings_take_copy();
"""
