"""What is kept of seats and of the people who fill them."""

from representatives.models.people import (
    Education,
    Mandate,
    MandateEnd,
    Politics,
    Representative,
    Sex,
)
from representatives.models.seats import CommitteeTerm, Constituency, Mode, Seat

__all__ = [
    "CommitteeTerm",
    "Constituency",
    "Education",
    "Mandate",
    "MandateEnd",
    "Mode",
    "Politics",
    "Representative",
    "Seat",
    "Sex",
]
