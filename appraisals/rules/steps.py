"""The steps of a yearly appraisal: who acts next, and what is still missing.

草拟 → 评议会 → 村监委确认 → 公示 → 镇备案. Chaired by the 村务监督委员会 (村民委员会组织法
2018 art. 33); only the 优秀 are put on view. A stage is the step to be done now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from representatives.rules.by_elections import Actor
from ui.words import Labelled


class Stage(Labelled):
    """The step that has to be done now; the value is stable, the label is shown."""

    DRAFT = "draft", "草拟"
    MEETING = "meeting", "评议会"
    CONFIRM = "confirm", "村监委确认"
    NOTICE = "notice", "公示"
    FILING = "filing", "镇备案"
    DONE = "done", "已备案"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self is not Stage.DONE

    @property
    def is_frozen(self) -> bool:
        """Whether figures and grades are fixed."""
        return self in (Stage.NOTICE, Stage.FILING, Stage.DONE)

    @property
    def position(self) -> int:
        """Its place among the steps."""
        return list(Stage).index(self)


STEPS = tuple(stage for stage in Stage if stage.is_open)


class Act(StrEnum):
    """What moves an appraisal on, or back."""

    CONVENE = "convene"
    SUBMIT = "submit"
    RECOUNT = "recount"
    CONFIRM = "confirm"
    CONFIRM_NONE = "confirm_none"
    REOPEN = "reopen"
    FILE = "file"


_MOVES: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.DRAFT, Act.CONVENE): Stage.MEETING,
    (Stage.MEETING, Act.SUBMIT): Stage.CONFIRM,
    (Stage.CONFIRM, Act.RECOUNT): Stage.MEETING,
    (Stage.CONFIRM, Act.CONFIRM): Stage.NOTICE,
    (Stage.CONFIRM, Act.CONFIRM_NONE): Stage.FILING,
    (Stage.NOTICE, Act.REOPEN): Stage.CONFIRM,
    (Stage.FILING, Act.REOPEN): Stage.CONFIRM,
    (Stage.NOTICE, Act.FILE): Stage.DONE,
    (Stage.FILING, Act.FILE): Stage.DONE,
}
MOVES = tuple((stage.value, to.value) for (stage, _), to in _MOVES.items())
"""From where to where a stage may change; the database holds the same list."""


def may(stage: Stage, act: Act) -> bool:
    """Return whether an act can be done at a stage."""
    return (stage, act) in _MOVES


def after(stage: Stage, act: Act) -> Stage:
    """Return the stage that an act leads to; raise ValueError where it cannot be done."""
    if not may(stage, act):
        raise ValueError(f"{act} cannot be done at {stage}")
    return _MOVES[stage, act]


def stage_on(stage: Stage, notice_ends: date | None, on: date) -> Stage:
    """Return the step that has to be done on `on`: filing is due once a notice is over.

    `notice_ends` is None while no notice stands.
    """
    is_over = notice_ends is not None and on > notice_ends
    return Stage.FILING if stage is Stage.NOTICE and is_over else stage


def actor_of(stage: Stage) -> Actor:
    """Return who has to act: the township files, the village does the rest."""
    if stage is Stage.FILING:
        return Actor.TOWNSHIP
    return Actor.VILLAGE if stage.is_open else Actor.NOBODY


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an appraisal when one asks what is missing."""

    people: int
    has_chair: bool = False
    met_on: date | None = None
    ballots: int = 0
    wanted_ballots: int = 3
    without_self: int = 0
    has_minutes: bool = False
    ungraded: int = 0
    notice_ends: date | None = None
    open_objections: int = 0


def missing(stage: Stage, known: Known, on: date) -> tuple[str, ...]:
    """Return what stands in the way of the next step on the day `on`, in words."""
    if stage is Stage.DRAFT:
        return _missing_to_convene(known)
    if stage is Stage.MEETING:
        return _missing_to_submit(known, on)
    if stage is Stage.CONFIRM and known.ungraded:
        return (f"还有 {known.ungraded} 人没有定等次。",)
    if stage in (Stage.NOTICE, Stage.FILING):
        return _missing_to_file(known, on)
    return ()


def _missing_to_convene(known: Known) -> tuple[str, ...]:
    found = []
    if not known.people:
        found.append("名单里没有参评的代表。")
    if not known.has_chair:
        found.append("还没有填主持人。评议由村务监督委员会主持。")
    if known.met_on is None:
        found.append("还没有定开会的日期。")
    return tuple(found)


def _missing_to_submit(known: Known, on: date) -> tuple[str, ...]:
    found = []
    if known.met_on and known.met_on > on:
        found.append(f"评议会定在 {known.met_on}，开完会再录票数。")
    if left := known.wanted_ballots - known.ballots:
        found.append(f"还有 {left} 组票数没有录入。")
    if known.without_self:
        found.append(f"还有 {known.without_self} 人没有自评。")
    if not known.has_minutes:
        found.append("还没有写会议记录。")
    return tuple(found)


def _missing_to_file(known: Known, on: date) -> tuple[str, ...]:
    found = []
    if known.notice_ends and on <= known.notice_ends:
        found.append(f"公示到 {known.notice_ends} 为止，期满才能备案。")
    if known.open_objections:
        found.append(f"还有 {known.open_objections} 条异议没有处理。")
    return tuple(found)
