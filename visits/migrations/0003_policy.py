"""The visiting duty as the city's report states it, in force from the first of 2022."""

import datetime as dt

from django.db import migrations

from accounts.history import TrackHistory


def add_policy(apps, schema_editor):
    """Key households monthly, the others quarterly, at the door (L31, L32)."""
    codes = apps.get_model("households", "Category").objects.filter(is_key=True)
    apps.get_model("visits", "Policy").objects.create(
        effective_from=dt.date(2022, 1, 1),
        cadence="quarter",
        categories=dict.fromkeys(codes.values_list("code", flat=True), "month"),
        ways=["door"],
    )


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_scope")]

    operations = [
        migrations.RunPython(add_policy, migrations.RunPython.noop),
        TrackHistory("visits_policy", region=None),
    ]
