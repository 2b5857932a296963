"""Refreshing many duties at once is planned for as many."""

from django.db import migrations

from visits.triggers import REFRESH


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_handed_scope")]

    operations = [migrations.RunSQL(REFRESH, migrations.RunSQL.noop)]
