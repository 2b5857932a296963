"""Trainings under the scope, their history, and what an attendance knows of its training.

An attendance lies in the representative's village, its training with the host, often
above what the village may see. The key between the two is therefore the training's id
alone; whoever puts somebody on a roster sees both (`trainings.copies`). A training is
deleted only by an import that is taken back, and takes its roster along.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative
from trainings.copies import DROP, triggers

COPIED = ("topic", "level", "kind", "held_on", "hours", "state")

KEY = """
ALTER TABLE trainings_attendance ADD CONSTRAINT trainings_attendance_training_fk
    FOREIGN KEY (training) REFERENCES trainings_training (id) ON DELETE CASCADE
"""
DROP_KEY = """
ALTER TABLE trainings_attendance DROP CONSTRAINT trainings_attendance_training_fk
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
        migrations.RunSQL(triggers(COPIED), DROP),
        TrackHistory("trainings_training", unseen=("version",)),
        TrackHistory("trainings_attendance", unseen=COPIED),
        TrackHistory("trainings_material"),
    ]
