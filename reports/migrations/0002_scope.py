"""Closed periods under the scope; measures with their history, and the first of them."""

import datetime as dt

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

FIRST = {
    "behind_warn": 10,
    "behind_bad": 20,
    "overdue_warn": 2,
    "overdue_bad": 5,
    "person_bad": 33,
    "few": 10,
    "closing_days": 5,
}


def add_measure(apps, schema_editor):
    """What holds until the city sets its own; the due rule begins on the same day."""
    measures = apps.get_model("reports", "Measure").objects
    measures.create(effective_from=dt.date(2022, 1, 1), **FIRST)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("accounts", "0002_scope")]

    operations = [
        EnableScope("ClosedPeriod", writes="append"),
        NarrowToRepresentative("ClosedPeriod", "false"),
        migrations.RunPython(add_measure, migrations.RunPython.noop),
        TrackHistory("reports_measure", region=None),
    ]
