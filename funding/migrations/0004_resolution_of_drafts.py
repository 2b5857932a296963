"""A resolution that only drafts were made by may be taken back."""

from django.db import migrations

from funding.guards import RESOLUTION_OF_DRAFTS


class Migration(migrations.Migration):
    dependencies = [("funding", "0003_guards")]

    operations = [migrations.RunSQL(RESOLUTION_OF_DRAFTS, migrations.RunSQL.noop)]
