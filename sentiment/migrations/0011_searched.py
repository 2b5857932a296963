"""The index of searches has the column that the policy asks for, and those of the order.

Without `representative_id` in it each text that is compared was read from the table.
"""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sentiment", "0010_exhibits_scope")]

    operations = [
        AddIndexConcurrently(
            model_name="issue",
            index=models.Index(
                fields=["region"],
                include=(
                    "id",
                    "sought",
                    "is_long",
                    "household",
                    "representative",
                    "heard_on",
                    "state",
                    "due_on",
                    "answer",
                ),
                name="sent_issue_searched",
            ),
        ),
        RemoveIndexConcurrently("issue", "sent_issue_sought"),
    ]
