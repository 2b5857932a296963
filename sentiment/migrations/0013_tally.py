"""The counts of duties to meet, under the scope, kept by triggers; what there is, counted."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from regions.operations import EVERYWHERE, EnableScope, NarrowToRepresentative
from regions.scoping import scope
from sentiment.tallying import MEETINGS


def count(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count the duties of a database that has some."""
    with scope(EVERYWHERE), editor.connection.cursor() as cursor:
        cursor.execute("SELECT sentiment_tally_anew()")


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_scope"),
        ("sentiment", "0012_covering"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingTally",
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
                ("is_talk", models.BooleanField(verbose_name="恳谈会")),
                ("due_on", models.DateField(null=True, verbose_name="应召开截止")),
                ("met_in", models.DateField(null=True, verbose_name="上次召开的月份")),
                ("meetings", models.IntegerField(verbose_name="次数")),
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
                "verbose_name": "会议任务计数",
                "verbose_name_plural": "会议任务计数",
                "indexes": [
                    models.Index(
                        fields=["region"],
                        include=("is_talk", "due_on", "met_in", "meetings"),
                        name="sent_tally_region",
                    )
                ],
            },
        ),
        EnableScope("MeetingTally", writes="none"),
        NarrowToRepresentative("MeetingTally", "false"),
        migrations.RunSQL(MEETINGS.create, MEETINGS.drop),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
