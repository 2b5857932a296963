"""Issues, meetings and reviews under the scope, and their history."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

OF_OWN = (
    "EXISTS (SELECT FROM {parent} mine WHERE mine.id = {column}"
    " AND mine.representative_id = {{own}})"
)


class Migration(migrations.Migration):
    dependencies = [
        ("sentiment", "0001_initial"),
        ("households", "0002_scope"),
        ("representatives", "0002_scope"),
        ("visits", "0005_handed_scope"),
    ]

    operations = [
        EnableScope("TalkMeeting"),
        EnableScope("TalkPresence"),
        EnableScope("PartyDay"),
        EnableScope("PartyDayVisit"),
        EnableScope("MeetingDuty", writes="none"),
        EnableScope("Issue"),
        EnableScope("IssueStep", writes="append"),
        EnableScope("Review"),
        EnableScope("ReviewItem"),
        NarrowToRepresentative("TalkMeeting", "representative_id = {own}"),
        NarrowToRepresentative(
            "TalkPresence",
            OF_OWN.format(
                parent="sentiment_talkmeeting",
                column="sentiment_talkpresence.meeting_id",
            ),
        ),
        NarrowToRepresentative("PartyDay", "false"),
        NarrowToRepresentative("PartyDayVisit", "false"),
        NarrowToRepresentative("MeetingDuty", "representative_id = {own}"),
        NarrowToRepresentative("Issue", "representative_id = {own}"),
        NarrowToRepresentative(
            "IssueStep",
            OF_OWN.format(
                parent="sentiment_issue", column="sentiment_issuestep.issue_id"
            ),
        ),
        NarrowToRepresentative("Review", "false"),
        NarrowToRepresentative("ReviewItem", "false"),
        TrackHistory("sentiment_talkmeeting", unseen=("version",)),
        TrackHistory("sentiment_talkpresence"),
        TrackHistory("sentiment_partyday", unseen=("version",)),
        TrackHistory("sentiment_issue", unseen=("version",)),
        TrackHistory("sentiment_review", unseen=("version",)),
        TrackHistory("sentiment_reviewitem"),
    ]
