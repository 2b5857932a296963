"""Who was on the roll on a day is counted from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("households", "0003_categories"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="household",
            index=models.Index(
                fields=["region"],
                include=("id", "registered_on", "ended_on"),
                name="hh_region_days",
            ),
        ),
    ]
