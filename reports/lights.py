"""When a line of a dashboard is 正常, 关注 or 预警.

Lights point at places that need help; they order nothing but "exceptions first", and no
page orders persons by a figure (国办函〔2026〕12 号).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ui.parts import LIGHT_WORDS, Tone

ORDER: tuple[Tone, ...] = ("bad", "warn", "ok", "off")


@dataclass(frozen=True)
class LightRule:
    """From which figures on a place is an exception; a number itself is included.

    `behind_*` are 个百分点 behind 时序进度, `overdue_*` percent of the households looked
    after (`person_bad`: of one representative's), `nobody_warn` of those on the roll
    that nobody looks after, `few` the households below which a rate is not judged.
    """

    behind_bad: float = 20.0
    behind_warn: float = 10.0
    overdue_bad: float = 5.0
    overdue_warn: float = 2.0
    person_bad: float = 33.0
    nobody_warn: float = 1.0
    few: int = 10  # each household moves such a rate by more than ten points


@dataclass(frozen=True)
class Worry:
    """One reason for a light."""

    tone: Tone
    words: str


@dataclass(frozen=True)
class Light:
    """A tone, the word beside it, and the reasons for it."""

    tone: Tone
    words: str
    reasons: tuple[str, ...] = ()


def light_of(worries: Iterable[Worry], *, is_empty: bool = False) -> Light:
    """Return the light that some worries give; without any figures it is off."""
    if is_empty:
        return Light("off", LIGHT_WORDS["off"])
    found = list(worries)
    shown: list[Tone] = [tone for tone in ORDER if any(w.tone == tone for w in found)]
    tone = shown[0] if shown else "ok"
    reasons = tuple(worry.words for worry in found if worry.tone == tone)
    return Light(tone, LIGHT_WORDS[tone], reasons)


def worst_first(tone: Tone) -> int:
    """Return the place of a light in the order "exceptions first"."""
    return {"bad": 0, "warn": 1}.get(tone, 2)
