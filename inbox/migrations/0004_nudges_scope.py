"""站外提醒 under the scope."""

from django.db import migrations

from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_nudges")]

    operations = [EnableScope("Nudge")]
