"""How long a mandate lasts and how it ends, and who was trained: L06, L18, L19, L36."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from representatives.rules.book import Finding, Rulebook
from representatives.rules.statute import RULES
from ui.words import full_day


def mandate_until(committee_term_ends: date) -> date:
    """L06: return the last day of a mandate, which is that of the committee's term.

    A by-elected representative serves the rest of the term, never a full one.
    """
    return committee_term_ends


def check_mandate_until(
    until: date, committee_term_ends: date, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L06: a mandate is entered with the end of the committee's term."""
    rule = book.at("L06", on)
    if rule is None or until == mandate_until(committee_term_ends):
        return ()
    problem = f"任期至{full_day(until)}，与本届村（居）民委员会任期届满日{full_day(committee_term_ends)}不一致。"
    return (Finding(rule, problem, f"请改为{full_day(committee_term_ends)}。"),)


class EndCause(StrEnum):
    """Why a mandate ends (L18). Dismissal by the township does not exist (L19)."""

    DEATH = "death"
    MOVED = "moved"
    JOB = "job"
    RESIGNED = "resigned"
    RECALLED = "recalled"
    INCAPACITY = "incapacity"
    SENTENCED = "sentenced"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The cause as ledger 6 names it."""
        return _CAUSES[self][0]

    @property
    def evidence(self) -> str:
        """What must be on file; empty where the calendar is evidence enough."""
        return _CAUSES[self][1]


_CAUSES = {
    EndCause.DEATH: ("死亡", "死亡证明或户口注销记录"),
    EndCause.MOVED: ("迁出", "户口迁出或长期不在本村居住的说明"),
    EndCause.JOB: ("工作变动", "工作变动的说明"),
    EndCause.RESIGNED: ("辞职", "书面辞职和接受辞职的记录"),
    EndCause.RECALLED: ("罢免", "推选单元罢免表决的记录"),
    EndCause.INCAPACITY: ("丧失行为能力", "认定文书编号"),
    EndCause.SENTENCED: ("被判处刑罚", "判决文书编号"),
    EndCause.EXPIRED: ("届满", ""),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """The proposed end of a mandate that began on `began` and lasts until `until`.

    `ended_on` is the first day without the mandate. `decided_by` names the constituency
    that voted a recall; `constituency` the one that had elected the representative.
    """

    cause: EndCause
    ended_on: date
    began: date
    until: date
    constituency: str
    evidence: str = ""
    decided_by: str | None = None


def check_ending(
    ending: Ending, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L18 and L19: a mandate ends for a cause of the list, proved, and in its time."""
    return (
        *_check_end_day(ending, on, book),
        *_check_evidence(ending, on, book),
        *_check_recall(ending, on, book),
    )


def _check_end_day(ending: Ending, on: date, book: Rulebook) -> tuple[Finding, ...]:
    rule = book.at("L18", on)
    if rule is None:
        return ()
    after_term = ending.until + timedelta(days=1)
    if not ending.began <= ending.ended_on <= after_term:
        problem = (
            f"离任日期{full_day(ending.ended_on)}不在任期"
            f"{full_day(ending.began)}至{full_day(ending.until)}之内。"
        )
        return (Finding(rule, problem, "请更正离任日期。"),)
    if ending.cause is EndCause.EXPIRED and ending.ended_on != after_term:
        problem = f"届满离任的日期应是任期结束的次日{full_day(after_term)}。"
        return (Finding(rule, problem, "请更正离任日期，或另选离任原因。"),)
    return ()


def _check_evidence(ending: Ending, on: date, book: Rulebook) -> tuple[Finding, ...]:
    rule = book.at("L18", on)
    needed = ending.cause.evidence
    if rule is None or not needed or ending.evidence.strip():
        return ()
    problem = f"因{ending.cause.label}离任，还没有填写依据。"
    return (Finding(rule, problem, f"请填写{needed}。"),)


def _check_recall(ending: Ending, on: date, book: Rulebook) -> tuple[Finding, ...]:
    rule = book.at("L19", on)
    if rule is None or ending.cause is not EndCause.RECALLED:
        return ()
    if ending.decided_by == ending.constituency:
        return ()
    decided = f"“{ending.decided_by}”" if ending.decided_by else "没有填写的单位"
    problem = f"罢免由{decided}作出，该代表由推选单元“{ending.constituency}”推选。"
    return (Finding(rule, problem, "请由原推选单元开会表决。"),)


def check_training(
    times_trained: Iterable[tuple[str, int]], on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L36: every serving representative was trained in the year of `on`.

    `times_trained` gives each serving representative's name and trainings this year.
    """
    rule = book.at("L36", on)
    if rule is None:
        return ()
    untrained = [name for name, times in times_trained if times < rule.numbers["times"]]
    if not untrained:
        return ()
    problem = f"{on.year}年还有{len(untrained)}名代表没有培训：{'、'.join(untrained)}。"
    return (Finding(rule, problem, "请安排培训或补训。"),)
