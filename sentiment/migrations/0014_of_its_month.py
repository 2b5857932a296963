"""A 民情分析会 is its own month's, however late it was held; duties are judged anew."""

from django.db import migrations

from regions.operations import EVERYWHERE
from regions.scoping import scope
from sentiment.duty_triggers import FILL_REVIEWS, REVIEWS


def judge(apps, schema_editor):
    """Judge the villages that were there before."""
    with scope(EVERYWHERE):
        schema_editor.execute(FILL_REVIEWS)


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0013_tally")]

    operations = [
        migrations.RunSQL(REVIEWS, migrations.RunSQL.noop),
        migrations.RunPython(judge, migrations.RunPython.noop),
    ]
