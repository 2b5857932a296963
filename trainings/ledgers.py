"""Ledger 8 on its way out: 培训情况登记表, 签到表, 覆盖情况表, and who was not trained.

All are computed from trainings, attendances and mandates; nothing in them is ever typed.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.permissions import Permission
from regions.forms import PlaceField
from regions.models import Level as Tier
from regions.models import Region
from representatives.announcing import member_word
from representatives.ledgers import number_words
from representatives.places import children_of
from trainings.coverage import Line, counts_of, trainings_of
from trainings.forms import ANY, PeopleFilter
from trainings.listing import Tally, matching, shown, tallies
from trainings.models import Attendance, Level, Sign, State, Training
from trainings.rules import counted_on
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind

SIGNED = (Sign.PRESENT.label, Sign.LEAVE.label, Sign.ABSENT.label)


def _number(key: str, title: str, group: str = "", width: float = 8) -> Column:
    return Column(key, (title,), Kind.INTEGER, group=group, width=width)


def _text(key: str, title: str, width: float = 10) -> Column:
    return Column(key, (title,), width=width)


SHEET_COLUMNS = (
    Column("topic", ("培训名称",), width=20),
    Column("level", ("级别",), Kind.CHOICE, choices=tuple(Level.labels), width=10),
    Column("held_on", ("时间",), Kind.DATE, width=14),
    Column("place", ("地点",), width=14),
    Column("speakers", ("主讲",), width=12),
    Column("hours", ("课时",), Kind.INTEGER, width=6),
    Column("township", ("乡镇(街道)",), width=10),
    Column("village", ("村(社区)",), width=11),
    Column("name", ("姓名",), Kind.NAME, width=9),
    Column("office", ("职务",), width=12),
    Column("phone", ("电话",), Kind.PHONE, width=14),
    Column("sign", ("签到",), Kind.CHOICE, choices=SIGNED, width=8),
    Column("reason", ("没到的原因",), width=14),
)
"""The columns of a sign-in sheet: what goes out comes in again (`trainings.resources`)."""


class TrainingFilter(PlainWords, forms.Form):
    """A place, a year, a level."""

    place = PlaceField(label="乡镇、村", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=2000, max_value=2100
    )
    level = forms.ChoiceField(
        label="级别", required=False, choices=[ANY, *Level.choices]
    )


class TrainingRegister:
    """培训情况登记表: one line for each training."""

    kind = "training_register"
    title = "村（居）民代表培训情况登记表"
    unit = "期"
    has_numbers = False
    permission = Permission.TRAINING_VIEW
    columns: tuple[Column, ...] = (
        _text("topic", "培训名称", 22),
        _text("level", "级别"),
        _text("kind", "形式", 11),
        _text("host", "主办单位", 16),
        Column("held_on", ("时间",), Kind.DATE, width=14),
        _text("place", "地点", 14),
        _text("speakers", "主讲", 14),
        _text("sent_by", "派员单位"),
        _number("hours", "课时", width=6),
        _number("expected", "应到", "人数", 6),
        _number("present", "实到", "人数", 6),
        _number("leave", "请假", "人数", 6),
        _number("absent", "缺席", "人数", 6),
        _text("host_village", "观摩的村", 16),
        _text("remark", "备注", 14),
    )

    def __init__(self, place: Region) -> None:
        self._place = place

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> TrainingFilter:
        """Return the form of the filters."""
        return TrainingFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[uuid.UUID]:
        """Return the ids of the trainings, the earliest first."""
        rows = Training.objects.all()
        if isinstance(place := wanted.get("place"), Region):
            inside = place.scope
            rows = rows.filter(region_id__gte=inside.lo, region_id__lt=inside.hi)
        if year := wanted.get("year"):
            rows = rows.of_year(year)
        if level := wanted.get("level"):
            rows = rows.filter(level=level)
        ordered = rows.order_by("held_on", "region_id", "entered_at")
        return list(ordered.values_list("pk", flat=True))

    def rows(
        self,
        keys: Sequence[uuid.UUID],
        on: dt.date,
        totals: Counter[str],
        *,
        full: bool,
    ) -> list[Sequence[object]]:
        """Return the lines, in a fixed number of statements, and add them up."""
        related = Training.objects.select_related(
            "region__parent", "sent_by", "host_village__parent"
        )
        found, known = related.in_bulk(list(keys)), tallies(keys)
        lines = []
        for key in keys:
            if row := found.get(key):
                tally = known.get(key, Tally())
                _add_up(row, tally, totals)
                lines.append(_line(row, tally))
        return lines

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        numbers = ("hours", "expected", "present", "leave", "absent")
        return {"topic": f"{totals['trainings']} 期"} | {
            key: totals[key] for key in numbers
        }


def _add_up(row: Training, tally: Tally, totals: Counter[str]) -> None:
    totals["trainings"] += 1
    totals["hours"] += row.hours
    for key in ("expected", "present", "leave", "absent"):
        totals[key] += getattr(tally, key)


def _line(row: Training, tally: Tally) -> Sequence[object]:
    return (
        row.topic,
        row.get_level_display(),
        row.get_kind_display(),
        row.region.full_name,
        row.held_on,
        row.place,
        row.speakers,
        row.sent_by.name if row.sent_by else "",
        row.hours,
        tally.expected,
        tally.present,
        tally.leave,
        tally.absent,
        row.host_village.full_name if row.host_village else "",
        "" if row.state == State.HELD else row.get_state_display(),
    )


class SheetFilter(PlainWords, forms.Form):
    """Which training's sheet it is."""

    training = forms.ModelChoiceField(Training.objects.none(), label="培训")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["training"]
        field.queryset = Training.objects.select_related("region")


class SignInSheet:
    """签到表 of one training, in the form in which it can be brought in again."""

    kind = "training_signs"
    title = "培训签到表"
    unit = "人"
    has_numbers = True
    permission = Permission.TRAINING_VIEW
    columns: tuple[Column, ...] = SHEET_COLUMNS

    def __init__(self, place: Region) -> None:
        self._training: Training | None = None

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> SheetFilter:
        """Return the form of the filters."""
        return SheetFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the attendances, by village, group and name."""
        training: Training = wanted["training"]
        self._training, self.title = training, f"{training.topic}签到表"
        rows = Attendance.objects.of(training.pk).order_by(
            "region_id", "representative__group__number", "representative__initials"
        )
        return list(rows.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, in a fixed number of statements, and add them up."""
        found = Attendance.objects.select_related(
            "region__parent", "representative"
        ).in_bulk(list(keys))
        rows = [found[key] for key in keys if key in found]
        totals.update(row.sign for row in rows)
        return [self._row(row, full=full) for row in rows]

    def _row(self, row: Attendance, *, full: bool) -> Sequence[object]:
        training, person, township = (
            self._training,
            row.representative,
            row.region.parent,
        )
        return (
            row.topic,
            row.get_level_display(),
            row.held_on,
            training.place if training else "",
            training.speakers if training else "",
            row.hours,
            township.name if township else "",
            row.region.name,
            person.name,
            "、".join(person.offices) or member_word(row.region),
            number_words(person.phone, full=full),
            "" if row.sign == Sign.LISTED else row.get_sign_display(),
            row.reason,
        )

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        expected = sum(totals[sign] for sign in Sign)
        return {
            "name": f"应到 {expected}",
            "office": f"实到 {totals[Sign.PRESENT]}",
            "sign": f"请假 {totals[Sign.LEAVE]}",
            "reason": f"缺席 {totals[Sign.ABSENT]}",
        }


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
        _text("unit", "单位", 14),
        _number("serving", "代表总数"),
        _number("trained", "已训人数"),
        _text("rate", "覆盖率", 9),
        _number("missing", "没参加"),
        _number("never", "从没参加"),
        *(_number(level.value, level.label, "各级参训人数", 10) for level in Level),
        _number("women", "妇女代表", "妇女"),
        _number("women_trained", "已训", "妇女"),
        _number("new", "新任代表", "新任"),
        _number("new_trained", "已训", "新任"),
        _number("trainings", "期数", width=6),
        _number("sent", "到村授课"),
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
        _text("township", "乡镇(街道)"),
        _text("village", "村(社区)", 11),
        _text("group", "小组", 7),
        Column("name", ("姓名",), Kind.NAME, width=9),
        _text("sex", "性别", 6),
        _text("politics", "政治面貌"),
        Column("phone", ("联系电话",), Kind.PHONE, width=14),
        _text("new", "今年新任"),
        _text("standing", "今年培训", 12),
        Column("last_on", ("上次培训",), Kind.DATE, width=14),
        _text("last_topic", "培训名称", 20),
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
