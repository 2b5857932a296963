"""The month's 民情分析会: what the secretary is spared from typing (domain 3.5).

Pure values and sentences. Whoever prepares a review finds person, deadline and
conclusion filled in by the decision he takes, and changes only what is different.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sentiment.rules.terms import Terms
from sentiment.rules.words import Holder, Way


class Decision(StrEnum):
    """What the meeting decides on an issue; the values of `sentiment.models.Decision`."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    EXPLAIN = "explain"
    ASSEMBLY = "assembly"

    @property
    def way(self) -> Way:
        """How the issue is dealt with from then on."""
        return Way[self.name]


# --- what a decision fills in ---------------------------------------------------------


@dataclass(frozen=True)
class Filled:
    """Person, deadline and conclusion of one decision."""

    person: str = ""
    due_on: dt.date | None = None
    conclusion: str = ""


@dataclass(frozen=True)
class Suggesting:
    """What suggestions are made from: who, where, since when, the city's days.

    `person` is whoever was last responsible for the category, or who heard the issue.
    """

    person: str
    township: str
    on: dt.date
    terms: Terms

    def filled(self, decision: str, given: Filled) -> Filled:
        """Return what was given, with the suggestion where nothing was."""
        if not decision:
            return given
        person = given.person or self.person
        due_on = given.due_on or self.due(Decision(decision))
        conclusion = given.conclusion or self.conclusion(decision, person, due_on)
        return Filled(person, due_on, conclusion)

    def due(self, decision: Decision) -> dt.date:
        """Return the last day by the city's terms (domain 3.4)."""
        if decision is Decision.ASSEMBLY:
            return self.terms.due_at_assembly(self.on)
        holder = Holder.TOWNSHIP if decision is Decision.TOWNSHIP else Holder.VILLAGE
        return self.terms.due(holder, self.on)

    def conclusion(self, decision: str, person: str, due_on: dt.date) -> str:
        """Return the words that the household will be told; none for 解释说明.

        What is explained only people know.
        """
        day = f"{due_on.month}月{due_on.day}日"
        return {
            Decision.VILLAGE: f"由{person or '村里'}负责，{day}前办好，办完告诉大家。",
            Decision.TOWNSHIP: f"已报{self.township}协调，镇里答复后由代表告诉大家。",
            Decision.EXPLAIN: "",
            Decision.ASSEMBLY: f"列入村民代表会议议题，{day}前开会商定，会后告诉大家。",
        }[Decision(decision)]

    def refilled(
        self, before: tuple[str, Filled], decision: str, given: Filled
    ) -> Filled:
        """Return the suggestion for another decision, keeping what a person wrote.

        What still is the suggestion of `before` (decision and values) was not written
        by anybody and gives way.
        """
        old, stored = before
        mine = given
        if (
            old
            and given.due_on == self.due(Decision(old))
            and given.due_on == stored.due_on
        ):
            mine = Filled(mine.person, None, mine.conclusion)
        if (
            old
            and stored.due_on
            and given.conclusion == self.conclusion(old, stored.person, stored.due_on)
        ):
            mine = Filled(mine.person, mine.due_on, "")
        return self.filled(decision, mine)


# --- who was there ----------------------------------------------------------------------

MEMBERS = re.compile(r"^党员(\d+)人$")
PEOPLE, GUESTS = "代表：", "列席："


@dataclass(frozen=True)
class Attendance:
    """Who came: representatives by name, party members by number, guests in words."""

    people: tuple[str, ...] = ()
    members: int = 0
    guests: str = ""

    @property
    def words(self) -> str:
        """As the minutes say it: 代表：张顺民、李红英；党员18人；列席：驻村干部。"""
        parts = []
        if self.people:
            parts.append(PEOPLE + "、".join(self.people))
        if self.members:
            parts.append(f"党员{self.members}人")
        if self.guests:
            parts.append(GUESTS + self.guests)
        return "；".join(parts)

    @classmethod
    def read(cls, words: str) -> "Attendance":
        """Return what `words` say; what is not understood stays with the guests."""
        people: tuple[str, ...] = ()
        members, guests = 0, []
        for part in filter(None, words.split("；")):
            if part.startswith(PEOPLE):
                people = tuple(part.removeprefix(PEOPLE).split("、"))
            elif found := MEMBERS.match(part):
                members = int(found[1])
            else:
                guests.append(part.removeprefix(GUESTS))
        return cls(people, members, "；".join(guests))


# --- the same thing in a past year ------------------------------------------------------

ALIKE = 0.34
NOISE = re.compile(r"[^一-鿿]+")


def pairs_of(words: str) -> frozenset[str]:
    """Return the two-character pieces of the Chinese in a text."""
    found: set[str] = set()
    for run in NOISE.split(words):
        found |= {run[n : n + 2] for n in range(len(run) - 1)}
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the shorter text stands in the longer one: 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= 2 else 0.0


def most_alike(words: str, past: Mapping[int, frozenset[str]]) -> int | None:
    """Return the key of the past text that says the same, None if none does."""
    own = pairs_of(words)
    best = max(past, key=lambda key: likeness(own, past[key]), default=None)
    if best is None or likeness(own, past[best]) < ALIKE:
        return None
    return best


# --- sentences that the page begins with --------------------------------------------------


@dataclass(frozen=True)
class Done:
    """What became of an item of the last meeting."""

    words: str
    decision: str
    state: str
    is_settled: bool


def last_month_words(items: Sequence[Done]) -> str:
    """Return 上次事项落实情况: a sum, then those that are not settled."""
    if not items:
        return ""
    settled = sum(item.is_settled for item in items)
    lines = [
        f"上次会议定了 {len(items)} 件，已办结 {settled} 件，还在办 {len(items) - settled} 件。"
    ]
    lines += [
        f"{short(item.words)}（{item.decision}）：{item.state}。"
        for item in items
        if not item.is_settled
    ]
    return "\n".join(lines)[:1000]


def conclusion_words(decided: Mapping[str, int], *, urgent: Iterable[str] = ()) -> str:
    """Return the meeting's conclusion: how many of which decision, what comes first."""
    total = sum(decided.values())
    if not total:
        return "本月没有需要研判的民情。"
    parts = "，".join(
        f"{label} {count} 件" for label, count in decided.items() if count
    )
    first = [short(words) for words in urgent]
    more = f"重点办好：{'；'.join(first)}。" if first else ""
    return f"本月研判民情 {total} 件：{parts}。{more}"[:1000]


def heard_words(said: Sequence[str], most: int = 8) -> str:
    """Return what people said of something, one line each."""
    lines = [f"{n}. {short(words, 60)}" for n, words in enumerate(said[:most], 1)]
    more = [f"另有 {len(said) - most} 条。"] if len(said) > most else []
    return "\n".join(lines + more)


def short(words: str, most: int = 24) -> str:
    """Return a text as it fits into a line: its first sentence, or its beginning."""
    line = re.split(r"[。！？\n]", words.strip(), maxsplit=1)[0]
    return line if len(line) <= most else line[: most - 1] + "…"


# --- what was said of 双约双评 -----------------------------------------------------------

ABOUT_COVENANTS = ("双约", "双评", "村规民约", "文明家庭", "文明模范", "积分", "评议")
"""Words by which people mean it; there is no source for a list (domain 1.2)."""
