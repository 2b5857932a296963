"""The pace of running periods under the scope: it is no representative's."""

from django.db import migrations

from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_running_pace")]

    operations = [
        EnableScope("RunningPace"),
        NarrowToRepresentative("RunningPace", "false"),
    ]
