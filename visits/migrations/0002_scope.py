"""Visits and duties under the scope, their history, and the due rule's triggers."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative
from visits.triggers import CREATE, DROP


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("households", "0003_categories")]

    operations = [
        EnableScope("Visit"),
        EnableScope("Waiver"),
        EnableScope("Duty", writes="none"),
        EnableScope("OverdueFlag"),
        NarrowToRepresentative("Visit", "representative_id = {own}"),
        NarrowToRepresentative("Duty", "representative_id = {own}"),
        NarrowToRepresentative(
            "Waiver",
            "EXISTS (SELECT FROM visits_duty mine WHERE mine.representative_id = {own}"
            " AND mine.household_id = visits_waiver.household_id)",
        ),
        NarrowToRepresentative(
            "OverdueFlag",
            "EXISTS (SELECT FROM visits_duty mine WHERE mine.representative_id = {own}"
            " AND mine.household_id = visits_overdueflag.household_id)",
        ),
        TrackHistory("visits_waiver"),
        migrations.RunSQL(CREATE, DROP),
    ]
