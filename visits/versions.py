"""The versions of the settings in words, and the effect of a new one as a table."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from households.models import Category
from regions.models import Region
from ui.parts import Change
from visits.effects import KINDS, STANDINGS
from visits.models import CadenceChoice, Policy, Way
from visits.models.policy import Content


@dataclass(frozen=True)
class Version:
    """One version as a person reads it; `until` is its last day, if one is known."""

    row: Content
    state: str
    until: dt.date | None
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls,
        row: Content,
        today: dt.date,
        until: dt.date | None = None,
        names: Mapping[str, str] | None = None,
    ) -> "Version":
        """Return a version in words; `names` are those of the categories."""
        if row.effective_from > today:
            state = "later"
        else:
            state = "past" if until is not None and until < today else "now"
        known = category_names() if names is None else names
        return cls(row, state, until, tuple(_pairs(row, known)))

    @property
    def in_force(self) -> bool:
        """Whether it is what applies today."""
        return self.state == "now"

    def changes(self, other: "Version | None") -> list[Change]:
        """Return what differs from another version."""
        before = dict(other.pairs) if other else {}
        return [
            Change(label, before.get(label), words)
            for label, words in self.pairs
            if before.get(label) != words
        ]


def versions(rows: Iterable[Policy], today: dt.date) -> list[Version]:
    """Return all versions, the latest first; each lasts until the next one's day."""
    names = category_names()
    ordered = sorted(rows, key=lambda row: row.effective_from)
    ends = [row.effective_from - dt.timedelta(days=1) for row in ordered[1:]]
    found = [
        Version.of(row, today, until, names)
        for row, until in zip(ordered, [*ends, None], strict=True)
    ]
    return found[::-1]


def category_names() -> dict[str, str]:
    """Return the names of the categories by their codes, in the city's order."""
    return dict(Category.objects.order_by("order", "code").values_list("code", "name"))


def _pairs(row: Content, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    yield "普通户", f"{CadenceChoice(row.cadence).label}至少走访 1 次"
    for choice in CadenceChoice:
        held = [n for code, n in names.items() if row.categories.get(code) == choice]
        yield f"重点户，{choice.label}", "、".join(held) or "没有"
    yield (
        "算数的走访方式",
        "、".join(str(Way(way).label) for way in Way if way in row.ways),
    )
    yield "外出户电话联系", "算" if row.phone_when_away else "不算"
    yield (
        "提前提醒",
        f"月底前 {row.soon_days_month} 天，季末前 {row.soon_days_quarter} 天",
    )


@dataclass(frozen=True)
class EffectRow:
    """One line of the effect: a township and a kind, before and after by standing."""

    name: str
    kind: str
    cells: tuple[tuple[str, int, int], ...]

    @property
    def changes(self) -> bool:
        """Whether any number differs."""
        return any(now != then for _, now, then in self.cells)


@dataclass(frozen=True)
class EffectTable:
    """The effect on the whole city and on each township."""

    heads: tuple[str, ...]
    totals: tuple[EffectRow, ...]
    rows: tuple[EffectRow, ...]
    sooner: int
    later: int

    @classmethod
    def of(
        cls, effects: Mapping[str, Mapping[str, Any]], places: Sequence[Region]
    ) -> "EffectTable":
        """Return the table; townships without a household are left out."""
        rows = [
            row
            for place in places
            if (effect := effects.get(str(place.code)))
            for row in _rows(place.name, effect)
        ]
        return cls(
            tuple(STANDINGS.values()),
            tuple(_total(rows, kind) for kind in KINDS.values()),
            tuple(rows),
            sum(effect["sooner"] for effect in effects.values()),
            sum(effect["later"] for effect in effects.values()),
        )


def _rows(name: str, effect: Mapping[str, Any]) -> Iterable[EffectRow]:
    for kind, label in KINDS.items():
        counted = effect["kinds"][kind]
        cells = tuple((STANDINGS[s], *counted[s]) for s in STANDINGS)
        if any(now or then for _, now, then in cells):
            yield EffectRow(name, label, cells)


def _total(rows: Sequence[EffectRow], kind: str) -> EffectRow:
    same = [row for row in rows if row.kind == kind]
    cells = tuple(
        (
            head,
            sum(row.cells[i][1] for row in same),
            sum(row.cells[i][2] for row in same),
        )
        for i, head in enumerate(STANDINGS.values())
    )
    return EffectRow("全市", kind, cells)
