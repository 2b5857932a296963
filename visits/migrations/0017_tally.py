"""The counts of duties, under the scope, kept by triggers; what there is, counted."""

import django.db.models.deletion
from django.db import migrations, models
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
    dependencies = [
        ("regions", "0002_scope"),
        ("visits", "0016_refresh"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyTally",
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
                ("is_held", models.BooleanField(verbose_name="有人联系")),
                (
                    "cadence",
                    models.CharField(
                        choices=[("month", "每月"), ("quarter", "每季度")],
                        max_length=8,
                        verbose_name="走访频次",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="应走访截止")),
                ("seen_in", models.DateField(null=True, verbose_name="上次走访的月份")),
                ("households", models.IntegerField(verbose_name="户数")),
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
                "verbose_name": "走访任务计数",
                "verbose_name_plural": "走访任务计数",
                "indexes": [
                    models.Index(fields=["region"], name="visits_tally_region")
                ],
            },
        ),
        EnableScope("DutyTally", writes="none"),
        NarrowToRepresentative("DutyTally", "false"),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
