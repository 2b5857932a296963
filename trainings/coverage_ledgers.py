"""Ledger 8 on its way out: 培训覆盖情况表, and the list of who was trained and who not.

Computed from mandates and attendances, as the pages are; nothing in it is ever typed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.permissions import Permission
from accounts.places import children_of
from regions.forms import PlaceField
from regions.models import Level as Tier
from regions.models import Region
from representatives.ledgers import number_words
from trainings.coverage import Line, counts_of, trainings_of
from trainings.forms import PeopleFilter
from trainings.ledgers import number_column, text_column
from trainings.listing import matching, shown
from trainings.models import Level
from trainings.rules import counted_on
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind


class CoverageFilter(PlainWords, forms.Form):
    """A place, and the year of the coverage."""

    place = PlaceField(label="乡镇、村", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=2000, max_value=2100
    )


class CoverageTable:
    """培训覆盖情况表: a line for each township or village of a place."""

    kind = "training_coverage"
    title = "村（居）民代表培训覆盖情况表"
    unit = "个单位"
    has_numbers = False
    permission = Permission.TRAINING_VIEW
    columns: tuple[Column, ...] = (
        text_column("unit", "单位", 14),
        number_column("serving", "代表总数"),
        number_column("trained", "已训人数"),
        text_column("rate", "覆盖率", 9),
        number_column("missing", "没参加"),
        number_column("never", "从没参加"),
        *(
            number_column(level.value, level.label, "各级参训人数", 10)
            for level in Level
        ),
        number_column("women", "妇女代表", "妇女"),
        number_column("women_trained", "已训", "妇女"),
        number_column("new", "新任代表", "新任"),
        number_column("new_trained", "已训", "新任"),
        number_column("trainings", "期数", width=6),
        number_column("sent", "到村授课"),
    )

    def __init__(self, place: Region) -> None:
        self._place, self._year = place, 0

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> CoverageFilter:
        """Return the form of the filters."""
        return CoverageFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the codes of the divisions below, in administrative order."""
        self._year = wanted.get("year") or on.year
        if self._place.level == Tier.VILLAGE:
            return [self._place.code]
        return list(children_of(self._place).values_list("code", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, in a fixed number of statements, and add them up."""
        found = counts_of(self._place, self._year, counted_on(self._year, on))
        held = trainings_of(self._place, self._year)
        names = dict(Region.objects.filter(code__in=keys).values_list("code", "name"))
        lines = [Line(names[key], key, found[key] + held[key]) for key in keys]
        for line in lines:
            totals.update(line.counts)
        return [cells_of(line) for line in lines]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        keys = [column.key for column in self.columns]
        cells = dict(zip(keys, cells_of(Line("合计", counts=totals)), strict=True))
        del cells["unit"]
        return cells


def cells_of(line: Line) -> Sequence[object]:
    """Return a line of the coverage table."""
    rate = line.all.rate
    return (
        line.name,
        line.all.serving,
        line.all.trained,
        "" if rate is None else f"{rate:.1f}%",
        line.all.missing,
        line.never,
        *(number for _, number in line.by_level),
        line.women.serving,
        line.women.trained,
        line.new.serving,
        line.new.trained,
        line.trainings,
        line.sent,
    )


class UntrainedRoll:
    """代表参训名单: the people of the list page, those never trained first."""

    kind = "untrained"
    title = "村（居）民代表参训情况名单"
    unit = "人"
    has_numbers = True
    permission = Permission.TRAINING_VIEW
    columns: tuple[Column, ...] = (
        text_column("township", "乡镇(街道)"),
        text_column("village", "村(社区)", 11),
        text_column("group", "小组", 7),
        Column("name", ("姓名",), Kind.NAME, width=9),
        text_column("sex", "性别", 6),
        text_column("politics", "政治面貌"),
        Column("phone", ("联系电话",), Kind.PHONE, width=14),
        text_column("new", "今年新任"),
        text_column("standing", "今年培训", 12),
        Column("last_on", ("上次培训",), Kind.DATE, width=14),
        text_column("last_topic", "培训名称", 20),
    )

    def __init__(self, place: Region) -> None:
        self._place = place

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> PeopleFilter:
        """Return the form of the list page's filters."""
        return PeopleFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the people whom the filters describe, in order."""
        return list(matching(wanted, on).values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, in a fixed number of statements, and add them up."""
        people: list[Any] = list(shown(keys, on))
        totals["people"] += len(people)
        totals["never"] += sum(not person.was_trained for person in people)
        return [self._row(person, full=full) for person in people]

    def _row(self, person: Any, *, full: bool) -> Sequence[object]:
        township = person.region.parent
        return (
            township.name if township else "",
            person.region.name,
            str(person.group or ""),
            person.name,
            person.get_sex_display(),
            person.get_politics_display(),
            number_words(person.phone, full=full),
            "是" if person.is_new else "",
            standing_of(person),
            person.last_on,
            person.last_topic or "",
        )

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "name": f"{totals['people']} 人",
            "standing": f"从没参加 {totals['never']}",
        }


def standing_of(person: Any) -> str:
    """Return whether somebody was trained this year, as a word."""
    if person.is_trained:
        return "参加过"
    return "还没参加" if person.was_trained else "从没参加过"
