"""Look whether the sheets that are there keep the new constraint, in a lock of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("funding", "0006_void_sheets")]

    operations = [
        ValidateConstraint("subsidysheet", name="funding_sheet_posted_with_notice")
    ]
