"""On a ticket the line of one person may be invalid, and the others count."""

from django.db import migrations, models

from appraisals.triggers import TICKETS


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0003_roll_of_the_year")]

    operations = [
        migrations.AddField(
            "appraisalvote",
            "invalid",
            models.PositiveSmallIntegerField("作废票", default=0, db_default=0),
        ),
        migrations.RunSQL(TICKETS, migrations.RunSQL.noop),
    ]
