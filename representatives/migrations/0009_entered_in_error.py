"""What was entered in error held nothing: it ends on the day on which it began."""

from django.db import migrations

from regions.operations import EVERYWHERE
from regions.scoping import scope

END = """
UPDATE representatives_mandate SET ended_on = started_on
WHERE end_cause = 'entry_error' AND ended_on <> started_on
"""


def end(apps, schema_editor):
    """End those that were ended later, as they are ended now."""
    with scope(EVERYWHERE):
        schema_editor.execute(END)


class Migration(migrations.Migration):
    dependencies = [("representatives", "0008_seat_tally")]

    operations = [migrations.RunPython(end, migrations.RunPython.noop)]
