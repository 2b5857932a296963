"""The scope's functions, and the first table under it."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from regions.operations import DROP_SCOPE_FUNCTIONS, SCOPE_FUNCTIONS, EnableScope


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(SCOPE_FUNCTIONS, DROP_SCOPE_FUNCTIONS),
        EnableScope("VillagerGroup"),
    ]
