"""What is kept of what people say, and of the meetings about it."""

from sentiment.models.exhibits import Exhibit
from sentiment.models.issues import Action, Issue, IssueStep, IssueTerm
from sentiment.models.meetings import (
    MeetingDuty,
    MeetingKind,
    MeetingTally,
    PartyDay,
    PartyDayVisit,
    TalkMeeting,
    TalkPresence,
)
from sentiment.models.reviews import Decision, Review, ReviewItem, ReviewState
from sentiment.models.states import Answer, Holder, Source, State, Way

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
    "MeetingTally",
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
