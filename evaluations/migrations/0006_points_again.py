"""A confirmed village may be taken back to its points before it is filed."""

from django.db import migrations

from evaluations.triggers import GUARD_VILLAGE


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0005_imported_villages_checked")]

    operations = [migrations.RunSQL(GUARD_VILLAGE, migrations.RunSQL.noop)]
