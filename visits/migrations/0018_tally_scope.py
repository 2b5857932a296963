"""The counts of duties under the scope, kept by triggers, and what there is counted."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from regions.operations import EVERYWHERE, EnableScope, NarrowToRepresentative
from regions.scoping import scope
from visits.tallying import CREATE, DROP


def count(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count the duties of a database that has some."""
    with scope(EVERYWHERE), editor.connection.cursor() as cursor:
        cursor.execute("SELECT visits_tally_anew()")


class Migration(migrations.Migration):
    dependencies = [("visits", "0017_tally")]

    operations = [
        EnableScope("DutyTally", writes="none"),
        NarrowToRepresentative("DutyTally", "false"),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
