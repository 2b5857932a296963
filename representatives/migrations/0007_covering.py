"""Who serves, and which seats are open, is counted from indexes alone."""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("regions", "0002_scope"),
        ("representatives", "0006_photo_scope"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="mandate",
            index=models.Index(
                fields=["region", "until"],
                include=("id", "seat", "representative", "started_on", "ended_on"),
                name="reps_mandate_days",
            ),
        ),
        AddIndexConcurrently(
            model_name="seat",
            index=models.Index(
                condition=models.Q(("closed_on", None)),
                fields=["region"],
                include=("id", "constituency", "opened_on"),
                name="reps_seat_open",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="mandate",
            name="reps_mandate_region_until",
        ),
    ]
