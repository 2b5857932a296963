"""Trainings that count have an index of their own."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("regions", "0002_scope"),
        ("representatives", "0007_covering"),
        ("trainings", "0003_place"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="attendance",
            index=models.Index(
                condition=models.Q(("sign", "present"), ("state", "held")),
                fields=["region", "representative", "held_on"],
                name="trainings_att_counting",
            ),
        ),
    ]
