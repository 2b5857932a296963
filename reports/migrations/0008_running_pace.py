"""The pace of running periods, under the scope: it is no representative's."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_scope"),
        ("reports", "0007_narrowing_planned"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunningPace",
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
                ("through", models.DateField(verbose_name="截至")),
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
                "verbose_name": "走访进度",
                "verbose_name_plural": "走访进度",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "span"), name="reports_pace_once"
                    )
                ],
            },
        ),
        EnableScope("RunningPace"),
        NarrowToRepresentative("RunningPace", "false"),
    ]
