"""What is searched lies in an index beside the region; the history leaves it out."""

from django.db import migrations, models
from django.db.models.functions import Left, Length
from django.db.models.lookups import GreaterThan

from accounts.history import TrackHistory

DROP = [
    f"DROP TRIGGER history_{event} ON sentiment_issue"
    for event in ("insert", "update", "delete")
]


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0007_likeness")]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="is_long",
            field=models.GeneratedField(
                db_persist=True,
                expression=GreaterThan(Length("words"), 300),
                output_field=models.BooleanField(),
                verbose_name="是长文",
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="sought",
            field=models.GeneratedField(
                db_persist=True,
                expression=Left("words", 300),
                output_field=models.CharField(max_length=300),
                verbose_name="检索用",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                fields=["region"],
                include=("id", "sought"),
                name="sent_issue_sought",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("is_long", True)),
                fields=["region"],
                name="sent_issue_long",
            ),
        ),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        TrackHistory("sentiment_issue", unseen=("version", "sought", "is_long")),
    ]
