"""The course of a rating: 记录 → 评议 → 确认 → 公示 → 备案, as a table (domain 1.5).

What the source leaves open is decided so:

1. *A round begins with recording.* There is nothing to prepare: the edition in force and
   the covenants in force are taken when it is begun.
2. *Scores are struck when recording ends.* The panel (评议小组) looks at numbers that
   nobody changes meanwhile; it gives back what is to be mended.
3. *Confirmed is frozen.* From 村“两委” confirming on, scores and grades stay as they are. An
   objection that was right takes the round back to the panel, in the open.
4. *Filing follows from the calendar.* From the day after the notice's last one it is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from accounts.permissions import Permission as P


class Stage(StrEnum):
    """The step that has to be done now; the value is stable, the label is shown."""

    RECORD = "record"
    REVIEW = "review"
    CONFIRM = "confirm"
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
    def is_struck(self) -> bool:
        """Whether scores and grades stand as rows."""
        return self not in (Stage.RECORD, Stage.VOID)

    @property
    def actor(self) -> str:
        """Who has to act, as pages name it."""
        return _ACTORS[self]


_LABELS = {
    Stage.RECORD: "记录",
    Stage.REVIEW: "小组评议",
    Stage.CONFIRM: "“两委”确认",
    Stage.NOTICE: "公示",
    Stage.FILING: "镇备案",
    Stage.DONE: "已备案",
    Stage.VOID: "已作废",
}
_ACTORS = {
    Stage.RECORD: "代表和村里",
    Stage.REVIEW: "评议小组",
    Stage.CONFIRM: "村（社区）“两委”",
    Stage.NOTICE: "村（社区）",
    Stage.FILING: "乡镇（街道）",
    Stage.DONE: "—",
    Stage.VOID: "—",
}
STEPS = tuple(stage for stage in Stage if stage.is_open)


class Act(StrEnum):
    """What moves a round on."""

    STRIKE = "strike"
    GIVE_BACK = "give-back"
    AGREE = "agree"
    SEND_BACK = "send-back"
    CONFIRM = "confirm"
    REDO = "redo"
    FILE = "file"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        """The act as buttons name it."""
        return {
            "strike": "记录完了，交评议小组",
            "give-back": "退回补充记录",
            "agree": "评议完了，交“两委”确认",
            "send-back": "退回评议小组",
            "confirm": "“两委”确认",
            "redo": "异议成立，重新评议",
            "file": "备案",
            "cancel": "作废这一期",
        }[self.value]


@dataclass(frozen=True)
class Transition:
    """One line of the table: at which stage, by which right, to which stage.

    `asks` is what has to be written with it, and the sentence for who leaves it out.
    """

    act: Act
    stage: Stage
    who: P
    to: Stage
    asks: str = ""


_WHY_BACK = "请写明要补什么、改什么。"
TABLE: tuple[Transition, ...] = (
    Transition(Act.STRIKE, Stage.RECORD, P.RATING_KEEP, Stage.REVIEW),
    Transition(Act.GIVE_BACK, Stage.REVIEW, P.RATING_KEEP, Stage.RECORD, _WHY_BACK),
    Transition(
        Act.AGREE, Stage.REVIEW, P.RATING_KEEP, Stage.CONFIRM,
        "请写明评议小组哪些人参加、怎么评的。",
    ),
    Transition(Act.SEND_BACK, Stage.CONFIRM, P.RATING_CONFIRM, Stage.REVIEW, _WHY_BACK),
    Transition(
        Act.CONFIRM, Stage.CONFIRM, P.RATING_CONFIRM, Stage.NOTICE,
        "请写明哪次会议确认的。",
    ),
    Transition(
        Act.REDO, Stage.NOTICE, P.RATING_KEEP, Stage.REVIEW,
        "请写明哪条异议成立、要改什么。",
    ),
    Transition(Act.FILE, Stage.NOTICE, P.RATING_FILE, Stage.DONE),
    *(
        Transition(
            Act.CANCEL, stage, P.RATING_KEEP, Stage.VOID, "请写明为什么作废。"
        )
        for stage in (Stage.RECORD, Stage.REVIEW, Stage.CONFIRM)
    ),
)  # fmt: skip


class Impossible(Exception):
    """A round that stands so cannot take this step, or the step lacks something."""


class NotTheirs(Impossible):
    """The step is somebody else's to take."""


def transition(stage: Stage, act: Act, words: str, rights: Container[P]) -> Transition:
    """Return the line of the table for this step.

    Raises NotTheirs without the right for it, Impossible for anything else; both say why.
    """
    lines = [line for line in TABLE if line.act is act and line.stage is stage]
    if not lines:
        raise Impossible(f"现在是“{stage.label}”，不能“{act.label}”。")
    line = lines[0]
    if line.who not in rights:
        raise NotTheirs(f"您的职务不能“{act.label}”。")
    if line.asks and not words.strip():
        raise Impossible(line.asks)
    return line


def possible(stage: Stage, rights: Container[P]) -> tuple[Transition, ...]:
    """Return the lines of the table that whoever has `rights` may take now."""
    return tuple(line for line in TABLE if line.stage is stage and line.who in rights)


def stage_on(stage: Stage, notice_ends: dt.date | None, on: dt.date) -> Stage:
    """Return the step to be done on the day `on`: nobody presses a button at a notice's end."""
    if stage is Stage.NOTICE and notice_ends is not None and on > notice_ends:
        return Stage.FILING
    return stage


@dataclass(frozen=True)
class Noticed:
    """The notice of a round: nothing to publish, or its last day and open objections."""

    is_needed: bool = True
    ends: dt.date | None = None
    open_objections: int = 0


def missing_for_filing(noticed: Noticed, on: dt.date) -> tuple[str, ...]:
    """Return what stands in the way of filing on the day `on`, in words."""
    if not noticed.is_needed:
        return ()
    found = []
    if noticed.ends is None:
        found.append("结果还没有公示，请先公示。")
    elif on <= noticed.ends:
        found.append(f"公示到 {noticed.ends} 为止，期满才能备案。")
    if noticed.open_objections:
        found.append(f"还有 {noticed.open_objections} 条异议没有处理。")
    return tuple(found)


def period_of(year: int, rounds: int, number: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of round `number` (from 1) of a year.

    Raises ValueError for a number that the year has not.
    """
    if not 1 <= number <= rounds:
        raise ValueError(f"round {number} of {rounds}")
    months = 12 // rounds
    first = dt.date(year, (number - 1) * months + 1, 1)
    following = dt.date(year + (number == rounds), number * months % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def number_on(day: dt.date, rounds: int) -> int:
    """Return the number of the round whose period the day lies in."""
    return (day.month - 1) // (12 // rounds) + 1


def title_of(year: int, rounds: int, number: int) -> str:
    """Return what a round is called: 2026年第3季度, 2026年度."""
    if rounds == 1:
        return f"{year}年度"
    if rounds == 2:
        return f"{year}年{'上下'[number - 1]}半年"
    return f"{year}年第{number}季度" if rounds == 4 else f"{year}年{number}月"


def entry_faults(on: dt.date, period: tuple[dt.date, dt.date], today: dt.date) -> str:
    """Return what is wrong with the day of an entry, "" if nothing is."""
    first, last = period
    if on > today:
        return "日期不能晚于今天。"
    if not first <= on <= last:
        return f"这一期是 {first} 至 {last}，日期不在里面，请核对。"
    return ""


def overdue_since(period_end: dt.date, days: int) -> dt.date:
    """Return the day from which a round that is not filed is behind."""
    return period_end + dt.timedelta(days=days)


BEHIND_AFTER = 45
"""Days after its period by which a round should be filed (inferred: 7 of notice, and time
for two meetings)."""
