"""The counts of duties are added up from their index alone."""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("visits", "0017_tally")]

    operations = [
        AddIndexConcurrently(
            model_name="dutytally",
            index=models.Index(
                fields=["region"],
                include=("is_held", "cadence", "due_on", "seen_in", "households"),
                name="visits_tally_heap",
            ),
        ),
        RemoveIndexConcurrently(model_name="dutytally", name="visits_tally_region"),
    ]
