"""A village and its representatives know where a training above them is held."""

from django.db import migrations, models

from accounts.history import TrackHistory
from trainings.copies import DROP, triggers

BEFORE = ("topic", "level", "kind", "held_on", "hours", "state")
AFTER = (*BEFORE, "place")
UNTRACK = [
    f"DROP TRIGGER history_{event} ON trainings_attendance"
    for event in ("insert", "update", "delete")
]
FILL = """
UPDATE trainings_attendance a SET place = t.place
FROM trainings_training t WHERE t.id = a.training
"""


class Migration(migrations.Migration):
    dependencies = [("trainings", "0002_scope")]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="place",
            field=models.CharField(
                blank=True, default="", max_length=60, verbose_name="地点"
            ),
        ),
        migrations.RunSQL(UNTRACK, migrations.RunSQL.noop),
        migrations.RunSQL(DROP, triggers(BEFORE)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(triggers(AFTER), DROP),
        TrackHistory("trainings_attendance", unseen=AFTER),
    ]
