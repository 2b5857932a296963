"""When a line of a dashboard is 正常, 关注 or 预警, and the sentence printed below it.

Lights point at places that need help; they order nothing but "exceptions first", and no
page orders persons by a figure (国办函〔2026〕12 号).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.parts import LIGHT_WORDS, Tone

if TYPE_CHECKING:
    from reports.dashboard import Sums
    from reports.periods import Window

BEHIND_BAD = 20.0  # 个百分点 behind 时序进度; 以上 includes the number itself
BEHIND_WARN = 5.0
OVERDUE_BAD = 5.0  # percent of the households looked after
FEW = 10  # below this a rate jumps by more than ten points with each household

PLACE_RULE = (
    f"预警：走访率比时序进度慢 {BEHIND_BAD:.0f} 个百分点以上，或超期户超过联系户的 "
    f"{OVERDUE_BAD:.0f}%；关注：慢 {BEHIND_WARN:.0f} 个百分点以上，或有超期超过 30 天的户，"
    f"或有户没人联系；正常：都没有。不到 {FEW} 户的不看走访率。"
)
PERSON_RULE = "预警：有超期超过 30 天的户；关注：有超期的户；正常：没有超期的户。"


@dataclass(frozen=True)
class Light:
    """A tone, the word beside it, and the tone of the rate's own bar."""

    tone: Tone
    words: str
    bar: Tone | str = ""


def light_of(sums: Sums, seen: Window) -> Light:
    """Return the light of a division by PLACE_RULE."""
    if not sums.households:
        return _light("off")
    behind = _behind(sums, seen)
    bar = "bad" if behind >= BEHIND_BAD else "warn" if behind >= BEHIND_WARN else ""
    share = sums.overdue * 100 / (sums.looked_after or 1)
    if bar == "bad" or share > OVERDUE_BAD:
        return _light("bad", bar)
    if bar or sums.long_overdue or sums.nobody:
        return _light("warn", bar)
    return _light("ok", bar)


def light_of_person(sums: Sums) -> Light:
    """Return the light of a representative's line by PERSON_RULE."""
    if sums.long_overdue:
        return _light("bad")
    return _light("warn" if sums.overdue else "ok")


def worst_first(tone: Tone) -> int:
    """Return the place of a light in the order "exceptions first"."""
    return {"bad": 0, "warn": 1}.get(tone, 2)


def _behind(sums: Sums, seen: Window) -> float:
    rate = sums.rate(seen.span)
    if rate is None or sums.owing(seen.span) < FEW:
        return 0.0
    return seen.elapsed - rate


def _light(tone: Tone, bar: str = "") -> Light:
    return Light(tone, LIGHT_WORDS[tone], bar)
