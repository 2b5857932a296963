"""The words of an issue: its states, who has it, what is done to it.

The values are those of `sentiment.models`, whose labels a test compares with these.
"""

from ui.words import Labelled


class State(Labelled):
    """Where an issue stands (domain 3.4)."""

    COLLECTED = "collected", "已收集"
    ACCEPTED = "accepted", "村已受理"
    IN_HAND = "in_hand", "办理中"
    RESOLVED = "resolved", "已办结，待反馈"
    TOLD = "told", "已反馈"
    CLOSED = "closed", "已销号"
    MERGED = "merged", "已并入"
    WITHDRAWN = "withdrawn", "已撤回"


class Holder(Labelled):
    """Who has an issue now: exactly one of them."""

    VILLAGE = "village", "村（社区）"
    TOWNSHIP = "township", "乡镇（街道）"
    CITY = "city", "市级"


class Way(Labelled):
    """How an issue is dealt with."""

    ON_SPOT = "on_spot", "现场办结"
    VILLAGE = "village", "村内限期办理"
    TOWNSHIP = "township", "报镇里协调"
    CITY = "city", "转市级部门"
    EXPLAIN = "explain", "解释说明"
    ASSEMBLY = "assembly", "提交代表会议"


class Answer(Labelled):
    """What the household says once it was told (群众评价)."""

    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"


class Action(Labelled):
    """What a step does."""

    COLLECT = "collect", "收集"
    ACCEPT = "accept", "受理"
    DECIDE = "decide", "研判决定"
    RAISE = "raise", "上报"
    SEND_BACK = "send_back", "退回"
    NOTE = "note", "记录进展"
    RESOLVE = "resolve", "办结"
    TELL = "tell", "反馈群众"
    CLOSE = "close", "销号"
    REOPEN = "reopen", "退回重办"
    MERGE = "merge", "并入"
    SPLIT = "split", "拆出"
    WITHDRAW = "withdraw", "撤回"
    AMEND = "amend", "更正"


UNRESOLVED = frozenset({State.COLLECTED, State.ACCEPTED, State.IN_HAND})
OPEN = UNRESOLVED | {State.RESOLVED, State.TOLD}
