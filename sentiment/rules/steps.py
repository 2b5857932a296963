"""What may happen to an issue, by whom, and what it leads to: domain 3.4 as a table.

已收集 → 村受理 → 现场办结 / 村内限期办理 / 报镇里 / 转市级部门 / 解释说明 → 已办结 →
已反馈群众 → 满意度 → 销号 / 退回重办. What the source leaves open is decided so:

1. *One holder.* An issue is with the village, unless it is in hand at the township or
   the city. Whoever resolves it gives it back: telling is the village's.
2. *One level at a time.* The village asks the township, the township a city department,
   and each sends back to where it came from; so nobody is passed over unasked.
3. *Deciding accepts.* A village that decides at once need not accept first.
4. *Telling closes.* A household that is content needs no further click: the issue is
   closed with its answer. 不满意 stays open until the village redoes it, or closes it
   with a reason.
5. *Merged ones are told too.* They follow the one they went into, but each household is
   told for itself, and the common one closes when all of them know.
"""

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

from accounts.permissions import Permission as P
from sentiment.rules.terms import Terms
from sentiment.rules.words import (
    OPEN,
    UNRESOLVED,
    Action,
    Answer,
    Holder,
    State,
    Way,
)


class Impossible(Exception):
    """An issue that stands so cannot take this step, or the step lacks something.

    `lacks` names what of the step is missing or wrong, if it is one thing.
    """

    def __init__(self, sentence: str, lacks: str = "") -> None:
        super().__init__(sentence)
        self.lacks = lacks


class NotTheirs(Impossible):
    """The step is somebody else's to take."""


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    `holder` None: whoever has it. `to` None: the state stays. `asks` says what the step
    needs and the sentence for whoever leaves it out. `term` is whose days begin to run.
    `afresh` forgets how it was dealt with before: the steps remember.
    """

    action: Action
    states: frozenset[State]
    holder: Holder | None
    who: P
    to: State | None = None
    to_holder: Holder | None = None
    way: Way | None = None
    term: Holder | None = None
    asks: Mapping[str, str] = field(default_factory=dict)
    afresh: bool = False


_V, _T, _C = Holder.VILLAGE, Holder.TOWNSHIP, Holder.CITY
_IN_HAND = frozenset({State.IN_HAND})
_DONE = frozenset({State.RESOLVED, State.TOLD, State.CLOSED})
_STANDING = OPEN | {State.CLOSED, State.MERGED}
_RESULT = {"words": "请写明办理情况，代表要把它告诉群众。"}
_PROGRESS = {"words": "请写明进展。"}
_WORKERS = (
    (_V, P.ISSUE_HANDLE),
    (_T, P.ISSUE_ANSWER_TOWNSHIP),
    (_C, P.ISSUE_ANSWER_CITY),
)
_BACK = {"words": "请写明退回的原因。"}
_AGAIN = {"words": "请写明为什么要重办。"}

TABLE: tuple[Transition, ...] = (
    Transition(
        Action.ACCEPT, frozenset({State.COLLECTED}), _V, P.ISSUE_HANDLE,
        State.ACCEPTED, _V,
    ),
    Transition(
        Action.DECIDE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.RESOLVED, _V,
        Way.ON_SPOT, asks=_RESULT,
    ),
    Transition(
        Action.DECIDE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.RESOLVED, _V,
        Way.EXPLAIN, asks={"words": "请写明怎样解释，代表要把它告诉群众。"},
    ),
    Transition(
        Action.DECIDE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.IN_HAND, _V,
        Way.VILLAGE, _V, asks={"person": "请写明由谁负责办。"},
    ),
    Transition(
        Action.DECIDE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.IN_HAND, _V,
        Way.ASSEMBLY, _V,
    ),
    Transition(
        Action.RAISE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.IN_HAND, _T,
        Way.TOWNSHIP, _T, asks={"words": "请写明要镇里协调什么。"},
    ),
    Transition(
        Action.RAISE, _IN_HAND, _T, P.ISSUE_ANSWER_TOWNSHIP, State.IN_HAND, _C,
        Way.CITY, _C,
        asks={"unit": "请写明转给哪个部门。", "words": "请写明要部门办什么。"},
    ),
    Transition(
        Action.SEND_BACK, _IN_HAND, _T, P.ISSUE_ANSWER_TOWNSHIP, State.ACCEPTED, _V,
        None, _V, asks=_BACK, afresh=True,
    ),
    Transition(
        Action.SEND_BACK, _IN_HAND, _C, P.ISSUE_ANSWER_CITY, State.IN_HAND, _T,
        Way.TOWNSHIP, _T, asks=_BACK, afresh=True,
    ),
    *(
        Transition(
            Action.RESOLVE, _IN_HAND, holder, who, State.RESOLVED, _V, asks=_RESULT
        )
        for holder, who in _WORKERS
    ),
    *(
        Transition(Action.NOTE, _IN_HAND, holder, who, asks=_PROGRESS)
        for holder, who in _WORKERS
    ),
    Transition(Action.NOTE, OPEN, None, P.ISSUE_HANDLE, asks=_PROGRESS),
    Transition(
        Action.TELL, frozenset({State.RESOLVED}), _V, P.ISSUE_TELL, State.TOLD,
        asks={"answer": "请选群众满意不满意。"},
    ),
    Transition(
        Action.TELL, frozenset({State.MERGED}), None, P.ISSUE_TELL,
        asks={"answer": "请选群众满意不满意。"},
    ),
    Transition(
        Action.CLOSE, frozenset({State.TOLD}), _V, P.ISSUE_HANDLE, State.CLOSED
    ),
    *(
        Transition(
            Action.REOPEN, _DONE, _V, who, State.ACCEPTED, _V, None, _V,
            asks=_AGAIN, afresh=True,
        )
        for who in (P.ISSUE_HANDLE, P.ISSUE_ANSWER_TOWNSHIP)
    ),
    Transition(Action.MERGE, UNRESOLVED, _V, P.ISSUE_HANDLE, State.MERGED),
    Transition(
        Action.SPLIT, frozenset({State.MERGED}), None, P.ISSUE_HANDLE,
        State.ACCEPTED, _V, None, _V, afresh=True,
    ),
    Transition(
        Action.WITHDRAW, frozenset({State.COLLECTED, State.ACCEPTED}), _V,
        P.ISSUE_HANDLE, State.WITHDRAWN, asks={"words": "请写明撤回的原因。"},
    ),
    Transition(
        Action.AMEND, _STANDING, None, P.ISSUE_HANDLE,
        asks={"words": "请写明为什么更正。"},
    ),
)  # fmt: skip

DECISIONS = tuple(line.way for line in TABLE if line.action is Action.DECIDE)
"""The ways that the village may decide on by itself."""


@dataclass(frozen=True)
class Standing:
    """How an issue stands: what the steps so far have made of it."""

    heard_on: dt.date
    due_on: dt.date
    state: State = State.COLLECTED
    holder: Holder = Holder.VILLAGE
    has_household: bool = True
    way: Way | None = None
    person: str = ""
    unit: str = ""
    accepted_on: dt.date | None = None
    resolved_on: dt.date | None = None
    result: str = ""
    told_on: dt.date | None = None
    answer: Answer | None = None
    closed_on: dt.date | None = None
    returns: int = 0

    @property
    def last_day(self) -> dt.date:
        """The latest day that the steps so far have named."""
        days = (self.accepted_on, self.resolved_on, self.told_on, self.closed_on)
        return max([self.heard_on, *(day for day in days if day)])


@dataclass(frozen=True)
class Act:
    """A step that somebody wants to take, and all that he says with it."""

    action: Action
    on: dt.date
    words: str = ""
    way: Way | None = None
    person: str = ""
    unit: str = ""
    due_on: dt.date | None = None
    answer: Answer | None = None


def transition(now: Standing, act: Act, rights: Container[P]) -> Transition:
    """Return the line of the table for this step; raise Impossible if there is none."""
    lines = [line for line in TABLE if line.action is act.action]
    if act.action is Action.DECIDE:
        lines = [line for line in lines if line.way is act.way]
        if not lines:
            raise Impossible("请选怎样办理。", "way")
    theirs = [line for line in lines if line.who in rights]
    if not theirs:
        raise NotTheirs(f"您的职务不能{act.action.label}这一件。")
    stands = [line for line in theirs if now.state in line.states]
    if not stands:
        raise Impossible(f"这一件现在是“{now.state.label}”，不能{act.action.label}。")
    for line in stands:
        if line.holder in {None, now.holder}:
            return line
    raise NotTheirs(f"这一件现在由{now.holder.label}办理，您不能{act.action.label}。")


def possible(now: Standing, rights: Container[P]) -> tuple[Transition, ...]:
    """Return the lines of the table that whoever has `rights` may take now."""
    return tuple(
        line
        for line in TABLE
        if line.who in rights
        and now.state in line.states
        and line.holder in {None, now.holder}
        and not (_is_too_early(line, now))
    )


def proceed(now: Standing, act: Act, rights: Container[P], terms: Terms) -> Standing:
    """Return how the issue stands after the step; raise Impossible with a sentence."""
    line = transition(now, act, rights)
    _check(line, now, act)
    then = _afresh(now) if line.afresh else now
    state, holder = line.to or then.state, line.to_holder or then.holder
    then = replace(then, state=state, holder=holder, way=line.way or then.way)
    then = _dealt_with(then, line, act, terms)
    return _dated(then, line, act)


def _check(line: Transition, now: Standing, act: Act) -> None:
    if _is_too_early(line, now):
        raise Impossible("并入的那一件还没有办结，办结以后再反馈。")
    for name, sentence in line.asks.items():
        if name == "answer" and not now.has_household:
            continue
        if not getattr(act, name):
            raise Impossible(sentence, name)
    if act.on < now.last_day:
        raise Impossible(f"日期 {act.on} 早于上一步的 {now.last_day}，请核对。", "on")
    if act.due_on and act.due_on < act.on:
        raise Impossible(f"办理时限 {act.due_on} 早于 {act.on}，请改晚一些。", "due_on")
    if line.action is Action.CLOSE and now.answer is Answer.BAD and not act.words:
        raise Impossible(
            "群众不满意，请退回重办；确实办不了的，写明原因再销号。", "words"
        )


def _is_too_early(line: Transition, now: Standing) -> bool:
    """Return whether a merged issue would be told before the common one is resolved."""
    if line.action is not Action.TELL or now.state is not State.MERGED:
        return False
    return now.resolved_on is None or now.told_on is not None


def _afresh(now: Standing) -> Standing:
    kept = Standing(now.heard_on, now.due_on, now.state, now.holder, now.has_household)
    return replace(kept, accepted_on=now.accepted_on, returns=now.returns)


def _dealt_with(then: Standing, line: Transition, act: Act, terms: Terms) -> Standing:
    """Return it with who deals with it, until when."""
    if line.action in {Action.DECIDE, Action.RAISE}:
        then = replace(then, person=act.person, unit=act.unit)
    if line.term is None:
        return then
    given = act.due_on if line.action is Action.DECIDE else None
    by_rule = terms.due(line.term, act.on)
    if line.way is Way.ASSEMBLY:
        by_rule = terms.due_at_assembly(act.on)
    return replace(then, due_on=given or by_rule)


def _dated(then: Standing, line: Transition, act: Act) -> Standing:
    """Return it with the day of the step where a column keeps it."""
    if then.state in OPEN - {State.COLLECTED} and then.accepted_on is None:
        then = replace(then, accepted_on=act.on)
    if line.to is State.RESOLVED:
        return replace(then, resolved_on=act.on, result=act.words)
    if line.action is Action.TELL:
        return replace(then, told_on=act.on, answer=act.answer)
    if line.action is Action.CLOSE:
        return replace(then, closed_on=act.on)
    if line.action is Action.REOPEN:
        return replace(then, returns=then.returns + 1)
    return then
