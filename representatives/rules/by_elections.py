"""The stages of a by-election: who acts next, and what is still missing (L10, L14).

摸底 → 方案 → 镇审核 → 推选 → 公示 → 备案. A stage is the step that has to be done now.
The last one is never stored: it follows from the calendar (`stage_on`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """The step that has to be done now; the value is stable, the label is shown."""

    SURVEY = "survey"
    PLAN = "plan"
    REVIEW = "review"
    VOTE = "vote"
    NOTICE = "notice"
    FILING = "filing"
    DONE = "done"
    VOID = "void"

    @property
    def label(self) -> str:
        """The stage as pages name it."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self not in (Stage.DONE, Stage.VOID)

    @property
    def position(self) -> int:
        """Its place among the six steps; what is closed stands behind them."""
        return list(Stage).index(self)


_LABELS = {
    Stage.SURVEY: "摸底",
    Stage.PLAN: "方案",
    Stage.REVIEW: "镇审核",
    Stage.VOTE: "推选",
    Stage.NOTICE: "公示",
    Stage.FILING: "备案",
    Stage.DONE: "已备案",
    Stage.VOID: "已作废",
}
STEPS = tuple(stage for stage in Stage if stage.is_open)


class Act(StrEnum):
    """What moves a by-election on."""

    START = "start"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    ELECT = "elect"
    REPEAT = "repeat"
    FILE = "file"
    CANCEL = "cancel"


class Actor(StrEnum):
    """Who has to act."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """The actor as pages name it."""
        return {"village": "村（社区）", "township": "乡镇（街道）", "nobody": "—"}[
            self.value
        ]


_MOVES: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.SURVEY, Act.START): Stage.PLAN,
    (Stage.PLAN, Act.SUBMIT): Stage.REVIEW,
    (Stage.REVIEW, Act.APPROVE): Stage.VOTE,
    (Stage.REVIEW, Act.RETURN): Stage.PLAN,
    (Stage.VOTE, Act.ELECT): Stage.NOTICE,
    (Stage.NOTICE, Act.REPEAT): Stage.VOTE,
    (Stage.NOTICE, Act.FILE): Stage.DONE,
}


def after(stage: Stage, act: Act) -> Stage:
    """Return the stage that an act leads to; raise ValueError where it cannot be done."""
    if act is Act.CANCEL and stage.is_open:
        return Stage.VOID
    if (stage, act) not in _MOVES:
        raise ValueError(f"{act} cannot be done at {stage}")
    return _MOVES[stage, act]


def stage_on(stage: Stage, notice_ends: date | None, on: date) -> Stage:
    """Return the step that has to be done on the day `on`.

    Nobody presses a button when a notice has run out: from the day after its last one
    the filing is due. `notice_ends` is None while no notice stands.
    """
    if stage is Stage.NOTICE and notice_ends is not None and on > notice_ends:
        return Stage.FILING
    return stage


def may(stage: Stage, act: Act) -> bool:
    """Return whether an act can be done at a stage."""
    return (act is Act.CANCEL and stage.is_open) or (stage, act) in _MOVES


def actor_of(stage: Stage) -> Actor:
    """Return who has to act: the township reviews and files, the village does the rest."""
    if stage in (Stage.REVIEW, Stage.FILING):
        return Actor.TOWNSHIP
    return Actor.VILLAGE if stage.is_open else Actor.NOBODY


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a by-election when one asks what is missing.

    `notice_ends` is the last day of the notice on view, None before there is one.
    """

    seats: int
    candidates: int = 0
    unfit: int = 0
    ties: int = 0
    elected: int = 0
    meets_on: date | None = None
    notice_is_draft: bool = False
    notice_ends: date | None = None
    open_objections: int = 0


def missing(stage: Stage, facts: Facts, on: date) -> tuple[str, ...]:
    """Return what stands in the way of the next step on the day `on`, in words."""
    if stage is Stage.VOTE:
        return _missing_for_vote(facts, on)
    if stage is Stage.NOTICE and facts.notice_is_draft:
        return ("公示还是草稿，请核对后发布。",)
    if stage in (Stage.NOTICE, Stage.FILING):
        return _missing_for_filing(facts, on)
    return ()


def _missing_for_vote(facts: Facts, on: date) -> tuple[str, ...]:
    if facts.ties:
        return (f"有 {facts.ties} 名候选人票数相等，要重新投票。",)
    found = []
    if not facts.candidates:
        found.append("还没有登记候选人。")
    if facts.unfit:
        found.append(f"有 {facts.unfit} 名候选人不符合条件，请更正或者去掉。")
    if facts.meets_on and facts.meets_on > on:
        found.append(f"推选会定在 {facts.meets_on}，开完会再登记结果。")
    return tuple(found)


def _missing_for_filing(facts: Facts, on: date) -> tuple[str, ...]:
    found = []
    if facts.notice_ends is None:
        found.append("结果还没有公示，请先公示。")
    elif on <= facts.notice_ends:
        found.append(f"公示到 {facts.notice_ends} 为止，期满才能备案。")
    if facts.open_objections:
        found.append(f"还有 {facts.open_objections} 条异议没有处理。")
    return tuple(found)


SOON_DAYS = 14
"""How many days before its limit (L16) a vacancy is brought to mind."""


def vacancy_stage(days: int, limit: int) -> str:
    """Return whether a vacancy of so many days is `soon` or `late`, "" if neither.

    `limit` is that of L16; 0 where there is none.
    """
    if not limit or days < limit - SOON_DAYS:
        return ""
    return "late" if days > limit else "soon"


def quarter_of(day: date) -> tuple[int, int]:
    """Return the year and the number of the calendar quarter that a day lies in."""
    return day.year, (day.month + 2) // 3
