"""Closed summaries, presets, schedules and approvals under the scope."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_summaries_and_exports"),
        ("accounts", "0002_scope"),
        ("jobs", "0002_scope"),
    ]

    operations = [
        EnableScope("ClosedSummary", writes="append"),
        NarrowToRepresentative("ClosedSummary", "false"),
        EnableScope("Preset"),
        NarrowToRepresentative("Preset", "false"),
        EnableScope("Schedule"),
        NarrowToRepresentative("Schedule", "false"),
        TrackHistory("reports_schedule"),
        EnableScope("Approval"),
        NarrowToRepresentative("Approval", "false"),
        TrackHistory("reports_approval", unseen=("arguments",)),
    ]
