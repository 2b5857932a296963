"""The counts of mandates by the holder's last training, under the scope, kept by triggers."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from regions.operations import EVERYWHERE, EnableScope, NarrowToRepresentative
from regions.scoping import scope
from trainings.tallying import CREATE, DROP


def count(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count the mandates of a database that has some."""
    with scope(EVERYWHERE), editor.connection.cursor() as cursor:
        cursor.execute("SELECT trainings_service_tally_anew()")


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_scope"),
        ("representatives", "0007_covering"),
        ("trainings", "0003_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceTally",
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
                ("started_on", models.DateField(verbose_name="当选时间")),
                ("until", models.DateField(verbose_name="任期至")),
                ("ended_on", models.DateField(null=True, verbose_name="离任日期")),
                ("trained_on", models.DateField(null=True, verbose_name="上次培训")),
                ("mandates", models.IntegerField(verbose_name="任职数")),
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
                "verbose_name": "任职和培训计数",
                "verbose_name_plural": "任职和培训计数",
                "indexes": [
                    models.Index(
                        fields=["region"],
                        include=(
                            "started_on",
                            "until",
                            "ended_on",
                            "trained_on",
                            "mandates",
                        ),
                        name="trainings_tally_region",
                    )
                ],
            },
        ),
        EnableScope("ServiceTally", writes="none"),
        NarrowToRepresentative("ServiceTally", "false"),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
