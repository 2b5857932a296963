"""Visits with a matter become issues by themselves, those of the past included."""

from django.db import migrations

from regions.operations import EVERYWHERE
from regions.scoping import scope
from sentiment.hearing import BACKFILL, CREATE, DROP


def hear_the_past(apps, schema_editor):
    """Make the issues of visits that were recorded before."""
    with scope(EVERYWHERE):
        schema_editor.execute(BACKFILL)


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0005_steps_in_order")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(hear_the_past, migrations.RunPython.noop),
    ]
