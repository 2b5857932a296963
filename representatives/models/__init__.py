"""What is kept of seats and of the people who fill them."""

from representatives.models.by_elections import (
    ByElection,
    Candidate,
    NominatedBy,
    Round,
    SurveyConfirmation,
    Vacancy,
    Vote,
    VoterKind,
)
from representatives.models.people import (
    Education,
    Mandate,
    MandateEnd,
    Politics,
    Representative,
    RepresentativeQuerySet,
    Sex,
)
from representatives.models.seats import (
    CommitteeTerm,
    Constituency,
    Mode,
    Seat,
    SeatTally,
)

__all__ = [
    "ByElection",
    "Candidate",
    "CommitteeTerm",
    "Constituency",
    "Education",
    "Mandate",
    "MandateEnd",
    "Mode",
    "NominatedBy",
    "Politics",
    "Representative",
    "RepresentativeQuerySet",
    "Round",
    "Seat",
    "SeatTally",
    "Sex",
    "SurveyConfirmation",
    "Vacancy",
    "Vote",
    "VoterKind",
]
