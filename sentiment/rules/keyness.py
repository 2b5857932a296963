"""Words that are said more than before: keyness by log-likelihood.

G² of Dunning (1993), as Rayson and Garside (2000) use it to compare two corpora: how
surprising the shares are if both had the same. What is counted are texts that hold a
word, so that each figure is a number of issues.
"""

from collections import Counter
from dataclasses import dataclass
from math import log

CRITICAL = 6.63
"""G² from which a difference is by chance in one case of a hundred (1 degree)."""
FEWEST = 3
"""Texts that have to hold a word: fewer are somebody's own matter."""


@dataclass(frozen=True)
class Rising:
    """A word, in how many texts it is now and was before, and how surprising that is."""

    word: str
    now: int
    before: int
    score: float


def log_likelihood(now: int, before: int, texts_now: int, texts_before: int) -> float:
    """Return G² of a word in `now` of one set of texts and `before` of another."""
    share = (now + before) / (texts_now + texts_before)
    parts = ((now, texts_now * share), (before, texts_before * share))
    return 2 * sum(seen * log(seen / expected) for seen, expected in parts if seen)


def rising(
    now: Counter[str], before: Counter[str], texts_now: int, texts_before: int
) -> list[Rising]:
    """Return the words that are said more than before, the most surprising first.

    With nothing to compare with there is nothing to say.
    """
    if not texts_now or not texts_before:
        return []
    found = [
        Rising(
            word,
            n,
            before[word],
            log_likelihood(n, before[word], texts_now, texts_before),
        )
        for word, n in now.items()
        if n >= FEWEST and n * texts_before > before[word] * texts_now
    ]
    told = [one for one in found if one.score >= CRITICAL]
    return sorted(told, key=lambda one: (-one.score, one.word))
