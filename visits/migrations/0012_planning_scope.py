"""Plans of new settings, the night's checks and 催办 under the scope."""

from django.db import migrations

from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("visits", "0011_planning")]

    operations = [
        EnableScope("DutyCheck"),
        EnableScope("PolicyPlan"),
        EnableScope("Urging"),
    ]
