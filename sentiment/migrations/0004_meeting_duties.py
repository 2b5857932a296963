"""The due rule of meetings, its triggers, and the duties of what is there already."""

from django.db import migrations

from regions.operations import EVERYWHERE
from regions.scoping import scope
from sentiment.duty_triggers import CREATE, DROP, FILL


def fill(apps, schema_editor):
    """Judge the mandates and villages that were there before the triggers."""
    with scope(EVERYWHERE):
        for statement in FILL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("sentiment", "0003_terms"),
        ("visits", "0005_handed_scope"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
