"""The resolution on 误工补贴: who met, how it was voted, at which rate.

L21 (quorum and majority of the assembly) is the rulebook's; art. 22 for the meeting of
all; L24 and L39 warn. L23, no sheet without a resolution, is a NOT NULL column.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from funding.rules.money import NOUGHT, said
from representatives.rules.assemblies import check_decision, check_quorum
from representatives.rules.book import Share
from ui.words import Labelled

MAJORITY = Share(1, 2)
QUORUM_OF_HOUSEHOLDS = Share(2, 3)
ART_22 = "《村民委员会组织法》（2018年修正）第二十二条"


class MeetingKind(Labelled):
    """Who decides on 误工补贴 (art. 24 of the village law; 居民 by analogy)."""

    ASSEMBLY = "assembly", "村（居）民代表会议"
    ADULTS = "adults", "村（居）民会议（十八周岁以上）"
    HOUSEHOLDS = "households", "村（居）民会议（户的代表）"


@dataclass(frozen=True)
class Counted:
    """Who was entitled, who came, who was in favour."""

    kind: MeetingKind
    held_on: dt.date
    entitled: int
    present: int
    votes_for: int


def refusals(one: Counted) -> Iterator[str]:
    """Yield why a resolution is not valid: numbers, quorum, majority."""
    if one.present > one.entitled:
        yield f"实到 {one.present} 人多于应到 {one.entitled} 人，请核对。"
        return
    if one.votes_for > one.present:
        yield f"同意 {one.votes_for} 人多于实到 {one.present} 人，请核对。"
        return
    yield from _quorum(one)
    found = check_decision(one.votes_for, one.present, one.held_on)
    yield from (f"{broken.problem}{broken.remedy}" for broken in found)


def _quorum(one: Counted) -> Iterator[str]:
    if one.kind is MeetingKind.ASSEMBLY:
        found = check_quorum(one.entitled, one.present, one.held_on)
        yield from (f"{broken.problem}{broken.remedy}" for broken in found)
    elif one.kind is MeetingKind.ADULTS:
        if not MAJORITY.is_exceeded(one.present, one.entitled):
            least = MAJORITY.more_than_of(one.entitled)
            yield _too_few(one, f"没有过半数（至少{least}人）")
    elif not QUORUM_OF_HOUSEHOLDS.is_reached(one.present, one.entitled):
        least = QUORUM_OF_HOUSEHOLDS.at_least_of(one.entitled)
        yield _too_few(one, f"不足{QUORUM_OF_HOUSEHOLDS}（至少{least}户）")


def _too_few(one: Counted, words: str) -> str:
    return (
        f"应到{one.entitled}、实到{one.present}，{words}，会议无效。（依据：{ART_22}）"
    )


def outside_band(rate: Decimal, most: Decimal, band: tuple[Decimal, Decimal]) -> str:
    """L24: return the warning for amounts outside the city's band; empty inside it.

    `rate` is what a whole month is worth, `most` the ceiling with workload.
    """
    low, high = band
    if low <= rate and most <= high:
        return ""
    wrong = rate if rate < low else most
    return (
        f"每月 {said(wrong)}，不在市里定的 {low:,.0f} 至 {high:,.0f} 元之间。"
        "确实要这样定的，请写明原因。"
    )


def wrong_terms(rate: Decimal, per_visit: Decimal, most: Decimal) -> Iterator[str]:
    """Yield what does not fit together in the amounts of a resolution."""
    if rate <= NOUGHT:
        yield "每月标准要大于 0，请核对。"
    if most < rate:
        yield f"每月最高 {said(most)} 低于每月标准 {said(rate)}，请核对。"
    if per_visit == NOUGHT and most > rate:
        yield "不按走访计的，每月最高就是每月标准，请核对。"


def study_warning(studied_on: dt.date | None, held_on: dt.date) -> str:
    """L39: return the warning on the party organisation's study; empty if in order."""
    if studied_on is None:
        return "没有写村（社区）党组织研究的日期：要先由党组织研究，再开会决定。"
    if studied_on > held_on:
        return (
            f"党组织研究日期 {studied_on} 晚于开会日期 {held_on}，应当先研究、后开会。"
        )
    return ""
