"""What is next, who has it, and until when: one value, one sentence."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sentiment.rules.steps import Standing
from sentiment.rules.terms import tone
from sentiment.rules.words import UNRESOLVED, Action, Answer, Holder, State, Way


@dataclass(frozen=True)
class Next:
    """The next step: whose it is, what it is, and how it stands with its day."""

    who: str
    what: str
    action: Action | None = None
    by: dt.date | None = None
    tone: str = "off"
    light: str = ""

    @property
    def sentence(self) -> str:
        """Who has to do what until when."""
        until = f"在 {self.by.month} 月 {self.by.day} 日以前" if self.by else ""
        late = f"，{self.light}" if self.tone == "bad" else ""
        return f"{self.who}{until}{self.what}{late}。"


def next_of(now: Standing, on: dt.date) -> Next:
    """Return what is next for an issue on the day `on`."""
    if now.state in UNRESOLVED:
        return _unresolved(now, on)
    if now.state is State.RESOLVED:
        return Next(
            "联系代表或村里",
            "把办理结果告诉群众",
            Action.TELL,
            tone="warn",
            light="待反馈",
        )
    if now.state is State.TOLD:
        return _told(now)
    if now.state is State.MERGED and now.resolved_on and now.told_on is None:
        return Next(
            "联系代表或村里",
            "把办理结果告诉这一户",
            Action.TELL,
            tone="warn",
            light="待反馈",
        )
    ended = {
        State.CLOSED: ("已经办完", "不用再办"),
        State.MERGED: ("已经并入另一件", "跟着那一件一起办"),
        State.WITHDRAWN: ("已经撤回", "不用再办"),
    }
    who, what = ended[now.state]
    return Next(who, f"，{what}", light=now.state.label)


def _unresolved(now: Standing, on: dt.date) -> Next:
    light = days_words(now.due_on, on)
    shown = tone(now.due_on, on)
    if now.state is State.IN_HAND:
        who = now.unit or now.holder.label
        if now.holder is Holder.VILLAGE and now.person:
            who = f"{who}（{now.person}）"
        what = (
            "提交村民代表会议，办完写明结果"
            if now.way is Way.ASSEMBLY
            else "办完并写明结果"
        )
        if now.holder is not Holder.VILLAGE:
            what = "办完答复，或者写明原因退回"
        return Next(who, what, Action.RESOLVE, now.due_on, shown, light)
    return Next(
        Holder.VILLAGE.label,
        "研判，定下怎样办",
        Action.DECIDE,
        now.due_on,
        shown,
        light,
    )


def _told(now: Standing) -> Next:
    if now.answer is Answer.BAD:
        return Next(
            Holder.VILLAGE.label, "退回重办，群众不满意", Action.REOPEN,
            tone="bad", light="不满意",
        )  # fmt: skip
    return Next(Holder.VILLAGE.label, "销号", Action.CLOSE, tone="info", light="可销号")


def days_words(due_on: dt.date, on: dt.date) -> str:
    """Return how far the deadline is: 还剩 3 天, 今天到期, 超期 2 天."""
    left = (due_on - on).days
    if left < 0:
        return f"超期 {-left} 天"
    return f"还剩 {left} 天" if left else "今天到期"


def closes_itself(answers: Iterable[Answer | None]) -> bool:
    """Return whether an issue is closed by what all its households answered.

    `answers` holds None for a household that has not been told, which keeps it open;
    so does one that is not content.
    """
    return all(answer in {Answer.GOOD, Answer.FAIR} for answer in answers)
