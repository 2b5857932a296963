"""The counts of seats, under the scope, kept by triggers; what there is, counted."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from regions.operations import EVERYWHERE, EnableScope, NarrowToRepresentative
from regions.scoping import scope
from representatives.tallying import SEATS


def count(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count the seats of a database that has some."""
    with scope(EVERYWHERE), editor.connection.cursor() as cursor:
        cursor.execute("SELECT representatives_seat_tally_anew()")


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_scope"),
        ("representatives", "0007_covering"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeatTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("is_open", models.BooleanField(verbose_name="没有撤销")),
                ("seats", models.IntegerField(verbose_name="席位数")),
                (
                    "region",
                    models.ForeignKey(
                        db_column="region_code",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="所属区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "席位计数",
                "verbose_name_plural": "席位计数",
                "indexes": [
                    models.Index(
                        fields=["region"],
                        include=("is_open", "seats"),
                        name="reps_seat_tally_region",
                    )
                ],
            },
        ),
        EnableScope("SeatTally", writes="none"),
        NarrowToRepresentative("SeatTally", "false"),
        migrations.RunSQL(SEATS.create, SEATS.drop),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
