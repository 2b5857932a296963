"""Values that components show. Views build them; templates only place them.

All are frozen and hold finished facts: no component asks the database.
Percentages run from 0 to 100. `None` as a value means "not known" and shows as —.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Tone = Literal["ok", "warn", "bad", "info", "off"]
Number = int | float | Decimal

LIGHT_WORDS: dict[str, str] = {
    "ok": "正常",
    "warn": "关注",
    "bad": "预警",
    "off": "无数据",
}
"""Default words of the lights; shape and colour follow the same key."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A difference to another period.

    `unit` is 个百分点 between rates, 户/件/人 or % between counts. `better` says which
    direction is good; `against` is the word in front (环比, 同比, 比上月).
    """

    value: Number | None
    unit: str = ""
    better: Literal["up", "down", "none"] = "up"
    against: str = ""
    decimals: int = 0

    @property
    def direction(self) -> Literal["up", "down", "flat"]:
        """Where the arrow points; flat when nothing changed or nothing is known."""
        if self.value is None or round(self.value, self.decimals) == 0:
            return "flat"
        return "up" if self.value > 0 else "down"

    @property
    def verdict(self) -> Literal["good", "bad", "flat"]:
        """The colour: good or bad by `better`, never by direction alone."""
        if self.direction == "flat" or self.better == "none":
            return "flat"
        return "good" if self.direction == self.better else "bad"

    @property
    def size(self) -> str:
        """The amount without its sign, with thousands commas."""
        if self.value is None:
            return "—"
        return f"{abs(self.value):,.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of the strip on top of a page. `url` leads to the list behind it.

    `share` draws a bar (0–100), `elapsed` the tick of 时序进度 on it (0–100).
    """

    label: str
    value: str | None
    unit: str = ""
    url: str = ""
    tone: Tone | Literal[""] = ""
    share: float | None = None
    elapsed: float | None = None
    deltas: tuple[Delta, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice of a segmented switch (本月 / 本季 / 本年)."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process on top of a page."""

    label: str
    note: str = ""
    state: Literal["done", "now", "todo"] = "todo"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """A pile of work: how many, what, the one action. One `primary` per page."""

    count: int
    title: str
    note: str = ""
    tone: Tone = "off"
    action: str = "去处理"
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline: a visit, a change, a message."""

    when: datetime | date
    title: str
    who: str = ""
    text: str = ""
    tone: Tone = "off"
    url: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after. None on either side means it was not there."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, in a list of facts (`kv`) or of figures (`stats`)."""

    label: str
    value: str | None
    tone: Tone | Literal[""] = ""
    url: str = ""


JobState = Literal["queued", "running", "done", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the server as its page shows it. `poll_url` answers this part again.

    `total` None means the amount of work is not known yet.
    """

    title: str
    state: JobState
    done: int = 0
    total: int | None = None
    unit: str = "行"
    poll_url: str = ""
    note: str = ""
    result_url: str = ""
    result_label: str = "下载"

    @property
    def running(self) -> bool:
        """Whether the page should ask again."""
        return self.state in {"queued", "running"}

    @property
    def percent(self) -> int | None:
        """0–100, or None while the amount of work is not known."""
        if self.state == "done":
            return 100
        if not self.total:
            return None
        return max(0, min(100, self.done * 100 // self.total))

    @property
    def words(self) -> str:
        """The state in words, as the heading's tag shows it."""
        return {
            "queued": "排队中",
            "running": "正在办理",
            "done": "已完成",
            "failed": "没有办成",
            "expired": "已过期",
        }[self.state]

    @property
    def tone(self) -> Tone:
        """The colour of the state."""
        tones: dict[JobState, Tone] = {
            "queued": "off",
            "running": "info",
            "done": "ok",
            "failed": "bad",
            "expired": "off",
        }
        return tones[self.state]


@dataclass(frozen=True, slots=True)
class Tally:
    """The balance of an import: every row read is in exactly one of five heaps."""

    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    blank: int
    urls: tuple[tuple[str, str], ...] = ()

    @property
    def balanced(self) -> bool:
        """read = created + updated + unchanged + refused + blank."""
        heaps = (self.created, self.updated, self.unchanged, self.refused, self.blank)
        return self.read == sum(heaps)

    @property
    def heaps(self) -> tuple[tuple[str, int, str, str], ...]:
        """(word, rows, tone, link to these rows) in the order a person checks them."""
        links = dict(self.urls)
        rows = (
            ("新增", self.created, "ok", "created"),
            ("更新", self.updated, "info", "updated"),
            ("不变", self.unchanged, "off", "unchanged"),
            ("错误", self.refused, "bad", "refused"),
            ("空行", self.blank, "off", "blank"),
        )
        return tuple((word, n, tone, links.get(key, "")) for word, n, tone, key in rows)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that belongs to what the page shows: a photo, a voice note, a scan.

    `url` is the owner's address of it, `preview_url` that of its small picture;
    `seconds` how long it sounds; `remove_url` takes it back (a POST).
    """

    kind: str
    name: str
    label: str
    url: str
    preview_url: str = ""
    seconds: int | None = None
    size: int = 0
    remove_url: str = ""

    @property
    def length(self) -> str:
        """How long it sounds, in words: 48 秒, 1 分 20 秒."""
        if self.seconds is None:
            return ""
        minutes, rest = divmod(self.seconds, 60)
        return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"

    @property
    def weight(self) -> str:
        """How large the file is, in words: 320 KB, 1.2 MB."""
        kilobytes = max(1, round(self.size / 1024))
        return (
            f"{kilobytes} KB" if kilobytes < 1000 else f"{self.size / 1048576:.1f} MB"
        )
