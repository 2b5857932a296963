"""Handed records under the scope, and their history.

Apart from the table's own migration: its foreign keys are made when that one ends, and
under row-level security they could not be checked without a scope.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_handed")]

    operations = [
        EnableScope("HandedVisit"),
        NarrowToRepresentative("HandedVisit", "representative_id = {own}"),
        TrackHistory("visits_handedvisit"),
    ]
