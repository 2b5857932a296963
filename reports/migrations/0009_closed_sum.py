"""The sums of closed periods by township, under the scope, kept by triggers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from regions.operations import EVERYWHERE, EnableScope, NarrowToRepresentative
from regions.scoping import scope
from reports.summing import CREATE, DROP, FILL


def count(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add up what is closed already."""
    with scope(EVERYWHERE), editor.connection.cursor() as cursor:
        cursor.execute(FILL)


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_scope"),
        ("reports", "0008_running_pace"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedSum",
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
                (
                    "span",
                    models.CharField(
                        choices=[("month", "月"), ("quarter", "季"), ("year", "年")],
                        max_length=8,
                        verbose_name="周期",
                    ),
                ),
                ("first", models.DateField(verbose_name="第一天")),
                ("seen", models.PositiveIntegerField(verbose_name="已走访")),
                ("unseen", models.PositiveIntegerField(verbose_name="没走访")),
                (
                    "by_day",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        size=None,
                        verbose_name="每天走访",
                    ),
                ),
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
                "verbose_name": "关账合计",
                "verbose_name_plural": "关账合计",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "span", "first"),
                        name="reports_closed_sum_once",
                    )
                ],
            },
        ),
        EnableScope("ClosedSum", writes="none"),
        NarrowToRepresentative("ClosedSum", "false"),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
