"""The rules of money: pure values and functions, no database, no clock."""

from funding.rules.fund import EntryKind
from funding.rules.money import NOUGHT, said, yuan
from funding.rules.pay import Difference, Facts, Terms, last_day, settle
from funding.rules.resolutions import Counted, MeetingKind
from funding.rules.sheets import (
    OPEN,
    TABLE,
    Impossible,
    NotTheirs,
    SheetAct,
    SheetState,
    move,
    possible,
)
from funding.rules.standards import Standard, StandardKind, Standards

__all__ = [
    "NOUGHT",
    "OPEN",
    "TABLE",
    "Counted",
    "Difference",
    "EntryKind",
    "Facts",
    "Impossible",
    "MeetingKind",
    "NotTheirs",
    "SheetAct",
    "SheetState",
    "Standard",
    "StandardKind",
    "Standards",
    "Terms",
    "last_day",
    "move",
    "possible",
    "said",
    "settle",
    "yuan",
]
