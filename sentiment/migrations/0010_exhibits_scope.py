"""Photos and voice notes under the scope, narrowed as what they belong to is."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0009_exhibits")]

    operations = [
        EnableScope("Exhibit"),
        NarrowToRepresentative(
            "Exhibit",
            "EXISTS (SELECT FROM sentiment_issue mine WHERE mine.representative_id = {own}"
            " AND mine.id = sentiment_exhibit.issue_id) OR "
            "EXISTS (SELECT FROM sentiment_talkmeeting mine WHERE"
            " mine.representative_id = {own} AND mine.id = sentiment_exhibit.talk_id)",
        ),
        TrackHistory("sentiment_exhibit"),
    ]
