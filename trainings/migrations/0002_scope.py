"""Trainings under the scope, their history, and what an attendance knows of its training.

An attendance lies in the representative's village, its training with the host, often
above what the village may see. The key between the two is therefore the training's id
alone; whoever puts somebody on a roster sees both. The trigger copies what the village
may know, refuses a host that does not cover the village, and keeps the copy true; the
app itself cannot write it. A training is deleted only by an import that is taken back,
and takes its roster along.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

COPIED = ("topic", "level", "kind", "held_on", "hours", "state")

KEY = """
ALTER TABLE trainings_attendance ADD CONSTRAINT trainings_attendance_training_fk
    FOREIGN KEY (training) REFERENCES trainings_training (id) ON DELETE CASCADE
"""
DROP_KEY = """
ALTER TABLE trainings_attendance DROP CONSTRAINT trainings_attendance_training_fk
"""
COPY = f"""
CREATE FUNCTION trainings_take_copy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    host bigint;
    width bigint;
BEGIN
    SELECT t.region_code, {", ".join(f"t.{name}" for name in COPIED)}
        INTO host, {", ".join(f"NEW.{name}" for name in COPIED)}
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
    UPDATE trainings_attendance a SET {", ".join(f"{name} = NEW.{name}" for name in COPIED)}
        WHERE a.training = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION trainings_refuse_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an attendance follows its training' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER take_copy BEFORE INSERT ON trainings_attendance
    FOR EACH ROW EXECUTE FUNCTION trainings_take_copy();
CREATE TRIGGER keep_copy AFTER UPDATE ON trainings_training FOR EACH ROW
    WHEN (({", ".join(f"OLD.{name}" for name in COPIED)})
        IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in COPIED)}))
    EXECUTE FUNCTION trainings_keep_copy();
CREATE TRIGGER refuse_copy BEFORE UPDATE ON trainings_attendance FOR EACH ROW
    WHEN (pg_trigger_depth() = 0
        AND (OLD.training, OLD.representative_id, {", ".join(f"OLD.{name}" for name in COPIED)})
        IS DISTINCT FROM
        (NEW.training, NEW.representative_id, {", ".join(f"NEW.{name}" for name in COPIED)}))
    EXECUTE FUNCTION trainings_refuse_copy();
"""  # noqa: S608 - our own names
DROP_COPY = """
DROP TRIGGER refuse_copy ON trainings_attendance;
DROP TRIGGER keep_copy ON trainings_training;
DROP TRIGGER take_copy ON trainings_attendance;
DROP FUNCTION trainings_refuse_copy();
DROP FUNCTION trainings_keep_copy();
DROP FUNCTION trainings_take_copy();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0001_initial"),
        ("representatives", "0002_scope"),
        ("attachments", "0002_scope"),
    ]

    operations = [
        EnableScope("Training"),
        EnableScope("Attendance"),
        EnableScope("Material"),
        NarrowToRepresentative("Training", "false"),
        NarrowToRepresentative("Attendance", "representative_id = {own}"),
        NarrowToRepresentative("Material", "false"),
        migrations.RunSQL(KEY, DROP_KEY),
        migrations.RunSQL(COPY, DROP_COPY),
        TrackHistory("trainings_training", unseen=("version",)),
        TrackHistory("trainings_attendance", unseen=COPIED),
        TrackHistory("trainings_material"),
    ]
