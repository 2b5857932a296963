"""What is kept of what people say, and of the meetings about it."""

from sentiment.models.exhibits import Exhibit
from sentiment.models.issues import (
    Action,
    Answer,
    Holder,
    Issue,
    IssueStep,
    IssueTerm,
    Source,
    State,
    Way,
)
from sentiment.models.meetings import (
    MeetingDuty,
    MeetingKind,
    PartyDay,
    PartyDayVisit,
    TalkMeeting,
    TalkPresence,
)
from sentiment.models.reviews import Decision, Review, ReviewItem, ReviewState

__all__ = [
    "Action",
    "Answer",
    "Decision",
    "Exhibit",
    "Holder",
    "Issue",
    "IssueStep",
    "IssueTerm",
    "MeetingDuty",
    "MeetingKind",
    "PartyDay",
    "PartyDayVisit",
    "Review",
    "ReviewItem",
    "ReviewState",
    "Source",
    "State",
    "TalkMeeting",
    "TalkPresence",
    "Way",
]
