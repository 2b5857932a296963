"""The city's list of what a matter can be about, begun with the list of domain 3.4."""

from django.db import migrations, models

from accounts.history import TrackHistory
from visits.rules import TOPICS


def add_topics(apps, schema_editor):
    """Begin with the categories that the phones have had all along."""
    topic = apps.get_model("visits", "Topic")
    topic.objects.bulk_create(
        topic(name=name, words=words, order=order)
        for order, (name, words) in enumerate(TOPICS.items(), 1)
    )


class Migration(migrations.Migration):
    dependencies = [("visits", "0014_indexes")]

    operations = [
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="类别",
                    ),
                ),
                ("words", models.CharField(max_length=10, verbose_name="手机上的说法")),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                ),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="停用日期"),
                ),
            ],
            options={
                "verbose_name": "民情类别",
                "verbose_name_plural": "民情类别",
            },
        ),
        migrations.RunPython(add_topics, migrations.RunPython.noop),
        # Only now: before there are divisions, a row has nowhere to enter the history.
        TrackHistory("visits_topic", key="name", region=None),
    ]
