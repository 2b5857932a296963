"""The township's ratio is one of those who served in the year that is appraised."""

from django.db import migrations

from appraisals.triggers import HOLD_TOWNSHIP


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0002_scope")]

    operations = [migrations.RunSQL(HOLD_TOWNSHIP, migrations.RunSQL.noop)]
