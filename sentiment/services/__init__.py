"""Every write on issues. Each step is one transaction and one row of the timeline."""

from sentiment.services.entering import Heard, amend, collect
from sentiment.services.exhibits import exhibit, exhibited, take_back
from sentiment.services.merging import households_of, merge, split
from sentiment.services.stepping import (
    ChangedMeanwhile,
    Lacking,
    accept,
    close,
    decide,
    note,
    raise_,
    reopen,
    resolve,
    send_back,
    tell,
    withdraw,
)

__all__ = [
    "ChangedMeanwhile",
    "Heard",
    "Lacking",
    "accept",
    "amend",
    "close",
    "collect",
    "decide",
    "exhibit",
    "exhibited",
    "households_of",
    "merge",
    "note",
    "raise_",
    "reopen",
    "resolve",
    "send_back",
    "split",
    "take_back",
    "tell",
    "withdraw",
]
