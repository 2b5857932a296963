"""Refreshing many duties no longer plans the checks of foreign keys row by row."""

from django.db import migrations

from visits.triggers import REFRESH


class Migration(migrations.Migration):
    dependencies = [("visits", "0015_topic")]

    operations = [migrations.RunSQL(REFRESH, migrations.RunSQL.noop)]
