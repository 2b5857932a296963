"""Rows of before are held to the constraint too, without a lock that anybody waits for."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0004_imported_villages"),
    ]

    operations = [
        ValidateConstraint("villagerating", "eval_village_imported_filed"),
    ]
