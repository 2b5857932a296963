"""What waits, and how meetings stand, is counted from indexes alone."""

from django.conf import settings
from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("households", "0003_categories"),
        ("regions", "0002_scope"),
        ("representatives", "0007_covering"),
        ("sentiment", "0011_searched"),
        ("visits", "0017_tally"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("state__in", ("collected", "accepted", "in_hand"))),
                fields=["region", "holder", "due_on"],
                include=("id", "representative"),
                name="sent_issue_undone",
            ),
        ),
        AddIndexConcurrently(
            model_name="issue",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("resolved", "told")),
                    models.Q(
                        ("resolved_on__isnull", False),
                        ("state", "merged"),
                        ("told_on", None),
                    ),
                    _connector="OR",
                ),
                fields=["region", "representative"],
                include=("id", "state", "answer", "resolved_on", "told_on"),
                name="sent_issue_answered",
            ),
        ),
        AddIndexConcurrently(
            model_name="meetingduty",
            index=models.Index(
                fields=["region", "due_on"],
                include=("id", "representative", "last_on"),
                name="sent_duty_days",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="issue",
            name="sent_issue_unresolved",
        ),
        RemoveIndexConcurrently(
            model_name="issue",
            name="sent_issue_to_tell",
        ),
        RemoveIndexConcurrently(
            model_name="meetingduty",
            name="sent_duty_region_due",
        ),
    ]
