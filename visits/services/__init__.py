"""Every write on visits: here the records themselves, beside it what follows from them."""

from visits.services.marks import keep_mark
from visits.services.recording import (
    Content,
    OtherContent,
    correct,
    record,
    way_counts,
    withdraw,
)

__all__ = [
    "Content",
    "OtherContent",
    "correct",
    "keep_mark",
    "record",
    "way_counts",
    "withdraw",
]
