"""What a statement writes for a new household is judged once."""

from django.db import migrations

from visits.triggers import FACT_CHANGED


class Migration(migrations.Migration):
    dependencies = [("visits", "0019_handed_whole")]

    operations = [migrations.RunSQL(FACT_CHANGED, migrations.RunSQL.noop)]
