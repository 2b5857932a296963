"""The rules of 民情: pure values and functions, no database, no clock."""

from sentiment.rules.following import Next, closes_itself, days_words, next_of
from sentiment.rules.steps import (
    DECISIONS,
    TABLE,
    Act,
    Impossible,
    NotTheirs,
    Standing,
    Transition,
    possible,
    proceed,
    transition,
)
from sentiment.rules.terms import NEAR, Term, Terms, tone
from sentiment.rules.words import (
    OPEN,
    UNRESOLVED,
    Action,
    Answer,
    Holder,
    State,
    Way,
)

__all__ = [
    "DECISIONS",
    "NEAR",
    "OPEN",
    "TABLE",
    "UNRESOLVED",
    "Act",
    "Action",
    "Answer",
    "Holder",
    "Impossible",
    "Next",
    "NotTheirs",
    "Standing",
    "State",
    "Term",
    "Terms",
    "Transition",
    "Way",
    "closes_itself",
    "days_words",
    "next_of",
    "possible",
    "proceed",
    "tone",
    "transition",
]
