"""What may happen to a month's sheet: 草拟 → 核对 → 公示 → 锁定 → 发放 → 签收, as a table.

1. *Only a draft is reckoned.* What was checked stays as it was checked; whoever finds a
   mistake sends it back, with the reason, and it is reckoned, checked, shown anew.
2. *Locked is final.* What changes later is paid or taken back by the next month's sheet.
3. *Locking needs the public.* The notice has run its days and no objection is open.
4. *A month need not be paid.* A draft is given up with its reason, and holds up nothing;
   reckoned anew it is a draft again.
"""

import datetime as dt
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field

from accounts.permissions import Permission as P
from ui.words import Labelled


class SheetState(Labelled):
    """Where a sheet stands."""

    DRAFT = "draft", "草拟"
    CHECKED = "checked", "已核对"
    POSTED = "posted", "公示"
    LOCKED = "locked", "已锁定"
    PAID = "paid", "已发放"
    SIGNED = "signed", "已签收"
    VOID = "void", "已作废"


class SheetAct(Labelled):
    """What is done to a sheet."""

    MAKE = "make", "生成"
    REFRESH = "refresh", "重新计算"
    CHECK = "check", "核对"
    POST = "post", "提交公示"
    BACK = "back", "退回"
    LOCK = "lock", "锁定"
    PAY = "pay", "登记发放"
    SIGN = "sign", "登记签收"
    VOID = "void", "作废"


@dataclass(frozen=True)
class Move:
    """One line of the table. `asks` says what it needs, with the sentence."""

    act: SheetAct
    states: frozenset[SheetState]
    to: SheetState
    who: P
    asks: Mapping[str, str] = field(default_factory=dict)


_S = SheetState
OPEN = frozenset({_S.DRAFT, _S.CHECKED, _S.POSTED})
"""Not final yet. A village has one such sheet at a time."""

TABLE: tuple[Move, ...] = (
    Move(SheetAct.REFRESH, frozenset({_S.DRAFT, _S.VOID}), _S.DRAFT, P.FUND_KEEP),
    Move(
        SheetAct.VOID, frozenset({_S.DRAFT}), _S.VOID, P.FUND_KEEP,
        {"words": "请写明这个月为什么不发。"},
    ),
    Move(SheetAct.CHECK, frozenset({_S.DRAFT}), _S.CHECKED, P.FUND_CHECK),
    Move(SheetAct.POST, frozenset({_S.CHECKED}), _S.POSTED, P.FUND_CHECK),
    Move(
        SheetAct.BACK, frozenset({_S.CHECKED, _S.POSTED}), _S.DRAFT, P.FUND_CHECK,
        {"words": "请写明退回的原因。"},
    ),
    Move(SheetAct.LOCK, frozenset({_S.POSTED}), _S.LOCKED, P.FUND_CHECK),
    Move(
        SheetAct.PAY, frozenset({_S.LOCKED}), _S.PAID, P.FUND_KEEP,
        {"words": "请写明怎样发的。"},
    ),
    Move(SheetAct.SIGN, frozenset({_S.PAID}), _S.SIGNED, P.FUND_KEEP),
)  # fmt: skip


WAYS = ("一卡通转账", "银行转账")
"""How a sheet is paid: each leaves its trace; cash is not among them."""


class Impossible(Exception):
    """A sheet that stands so cannot take this step, or the step lacks something."""


class NotTheirs(Impossible):
    """The step is somebody else's to take."""


def move(
    state: SheetState, act: SheetAct, rights: Container[P], words: str = ""
) -> Move:
    """Return the line of the table for a step; raise Impossible with a sentence."""
    [line] = (one for one in TABLE if one.act is act)
    if line.who not in rights:
        raise NotTheirs(f"您的职务不能{act.label}补贴表，请村（社区）书记办理。")
    if state not in line.states:
        raise Impossible(f"这张表现在是“{state.label}”，不能{act.label}。")
    if "words" in line.asks and not words.strip():
        raise Impossible(line.asks["words"])
    return line


def possible(state: SheetState, rights: Container[P]) -> tuple[SheetAct, ...]:
    """Return the steps that whoever has `rights` may take now."""
    return tuple(
        line.act for line in TABLE if state in line.states and line.who in rights
    )


def blocks_locking(last_day: dt.date | None, objections: int, on: dt.date) -> str:
    """Return why a sheet cannot be locked yet; empty if it can.

    `last_day` None: its notice was taken down.
    """
    if last_day is None:
        return "公示已经撤下，请先退回，改好后重新公示。"
    if objections:
        return f"还有 {objections} 条异议没有处理，处理完才能锁定。"
    if on <= last_day:
        return f"公示到 {last_day} 为止，期满后才能锁定。"
    return ""


def unfinished_month(month: dt.date, on: dt.date) -> str:
    """Return why a month cannot be reckoned yet; empty once its last day has come."""
    last = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    last -= dt.timedelta(days=1)
    if on >= last:
        return ""
    return f"{month.month} 月还没有过完，{last.month} 月 {last.day} 日起可以生成。"


def without_appraisal(
    people: Mapping[int, str], appraised: Collection[int]
) -> tuple[str, ...]:
    """L25: return the names of those paid without an appraisal in the last 12 months.

    `people` are those on the sheet, `appraised` those whom an appraisal chaired by the
    村务监督委员会 has reached (村民委员会组织法 art. 33).
    """
    return tuple(name for pk, name in people.items() if pk not in appraised)


def appraisal_warning(names: Collection[str]) -> Iterator[str]:
    """L25: yield the sentence that the sheet shows above its lines."""
    if names:
        yield (
            f"{'、'.join(names)} 12 个月内没有民主评议记录：领误工补贴的，"
            "每年至少评议一次，由村务监督委员会主持。"
        )
