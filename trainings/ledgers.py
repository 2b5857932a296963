"""Ledger 8 on its way out: 培训情况登记表 and 签到表; `coverage_ledgers` has the rest.

Both are computed from trainings and attendances; nothing in them is ever typed.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.permissions import Permission
from regions.forms import PlaceField
from regions.models import Region, inside
from representatives.announcing import member_word
from representatives.ledgers import number_words
from trainings.forms import ANY
from trainings.listing import Tally, tallies
from trainings.models import Attendance, Level, Sign, State, Training
from trainings.models import Kind as Form
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind

SIGNED = (Sign.PRESENT.label, Sign.LEAVE.label, Sign.ABSENT.label)


def number_column(key: str, title: str, group: str = "", width: float = 8) -> Column:
    """Return a column of whole numbers, under an upper head if there is one."""
    return Column(key, (title,), Kind.INTEGER, group=group, width=width)


def text_column(key: str, title: str, width: float = 10) -> Column:
    """Return a column of words."""
    return Column(key, (title,), width=width)


TOUR = Form.TOUR.value
"""Beside the levels, as the switch of the page has it."""

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
        label="级别",
        required=False,
        choices=[ANY, *Level.choices, (TOUR, Form.TOUR.label)],
    )


class TrainingRegister:
    """培训情况登记表: one line for each training."""

    kind = "training_register"
    title = "村（居）民代表培训情况登记表"
    unit = "期"
    has_numbers = False
    permission = Permission.TRAINING_VIEW
    columns: tuple[Column, ...] = (
        text_column("topic", "培训名称", 22),
        text_column("level", "级别"),
        text_column("kind", "形式", 11),
        text_column("host", "主办单位", 16),
        Column("held_on", ("时间",), Kind.DATE, width=14),
        text_column("place", "地点", 14),
        text_column("speakers", "主讲", 14),
        text_column("sent_by", "派员单位"),
        number_column("hours", "课时", width=6),
        number_column("expected", "应到", "人数", 6),
        number_column("present", "实到", "人数", 6),
        number_column("leave", "请假", "人数", 6),
        number_column("absent", "缺席", "人数", 6),
        text_column("host_village", "观摩的村", 16),
        text_column("remark", "备注", 14),
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
            rows = inside(rows, place.scope)
        if year := wanted.get("year"):
            rows = rows.of_year(year)
        if level := wanted.get("level"):
            tour = level == TOUR
            rows = rows.filter(kind=TOUR) if tour else rows.filter(level=level)
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
