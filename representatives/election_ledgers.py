"""Ledgers of by-elections on their way out: 统计表 (ledger 6) and 补选登记表.

Both are computed from mandates, votes and notices; nothing in them is ever typed.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from accounts.permissions import Permission
from regions.forms import PlaceField
from regions.models import Level, Region, inside
from representatives.assembly import in_error
from representatives.counting import counted_round
from representatives.models import (
    Candidate,
    CommitteeTerm,
    Mandate,
    MandateEnd,
    Politics,
    Representative,
    Round,
    Seat,
    Sex,
    Vacancy,
)
from representatives.survey import vacant_places
from ui.asked import told_on
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind

YOUNG = 35
CAUSES = (
    ("death", "死亡"),
    ("moved", "迁出"),
    ("job", "工作变动"),
    ("resigned", "辞职"),
    ("recalled", "罢免"),
)
OTHER = "other"
PARTY = (Politics.MEMBER, Politics.PROBATIONARY)


def _number(key: str, title: str, group: str = "", width: float = 8) -> Column:
    return Column(key, (title,), Kind.INTEGER, group=group, width=width)


def _text(key: str, title: str, width: float = 10) -> Column:
    return Column(key, (title,), Kind.TEXT, width=width)


class PeriodFilter(PlainWords, forms.Form):
    """A place, and the year of the by-elections."""

    place = PlaceField(label="乡镇、村", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=2000, max_value=2100
    )


class ByElectionTable:
    """代表补选情况统计表: one line for each village, of one year."""

    kind = "by_election_table"
    title = "村（居）民代表补选情况统计表"
    unit = "个村（社区）"
    has_numbers = False
    permission = Permission.REPRESENTATIVE_VIEW
    columns: tuple[Column, ...] = (
        _text("township", "乡镇（街道）"),
        _text("village", "村（社区）", 11),
        _number("seats", "应有代表数"),
        _number("before", "现有数"),
        _number("vacant", "缺额数"),
        *(_number(key, word, "出缺原因", 7) for key, word in CAUSES),
        _number(OTHER, "其他", "出缺原因", 7),
        _text("days", "补选时间", 14),
        _number("filled", "补选人数"),
        _number("party", "党员", "其中", 6),
        _number("women", "女", "其中", 6),
        _number("young", "35岁以下", "其中"),
        _number("paid", "组长、护林员、村医", "其中", 10),
        _number("after", "补选后代表数"),
        _text("share", "妇女占比", 9),
        _text("notice", "公示起止", 20),
        _text("remark", "备注", 14),
    )

    def __init__(self, place: Region) -> None:
        self._year = timezone.localdate().year

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> PeriodFilter:
        """Return the form of the filters."""
        return PeriodFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the codes of the villages that have seats, in administrative order."""
        self._year = wanted.get("year") or on.year
        seats = Seat.objects.there(told_on(self._year, on))
        if isinstance(place := wanted.get("place"), Region):
            seats = inside(seats, place.scope)
        return sorted(set(seats.values_list("region_id", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return a line for each village, in a fixed number of statements."""
        day = told_on(self._year, on)
        counted = figures_of(keys, self._year, day)
        days = days_of(keys, self._year)
        terms = CommitteeTerm.objects.filter(
            region__in=keys, started_on__lte=day, ends_on__gte=day
        )
        members = dict(terms.values_list("region_id", "members"))
        villages = Region.objects.select_related("parent").in_bulk(keys)
        rows: list[Sequence[object]] = []
        for code in keys:
            figures = counted[code]
            totals.update(figures)
            rows.append(_line(villages[code], figures, days[code], members.get(code)))
        return rows

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        numbers = [c.key for c in self.columns if c.kind is Kind.INTEGER]
        return {key: totals[key] for key in numbers}


def _line(
    village: Region,
    figures: Counter[str],
    days: dict[str, str],
    members: int | None,
) -> Sequence[object]:
    whole = figures["after"] + (members or 0)
    share = f"{figures['women_now'] * 100 / whole:.1f}%" if whole and members else ""
    remark = "" if members else "委员会成员数没有录入，占比未算"
    return (
        village.parent.name if village.parent else "",
        village.name,
        *(figures[key] for key in ("seats", "before", "vacant")),
        *(figures[key] for key, _ in CAUSES),
        figures[OTHER],
        days["met"],
        *(figures[key] for key in ("filled", "party", "women", "young", "paid")),
        figures["after"],
        share,
        days["notice"],
        remark,
    )


def figures_of(
    villages: Sequence[int], year: int, on: dt.date
) -> dict[int, Counter[str]]:
    """Return the figures of each village: seats, by-elected of the year, vacancies.

    现有数 is what there was before the by-elections of the year, so that 现有数 + 缺额数 =
    应有代表数, and every vacancy, filled or not, stands under one cause.
    """
    figures: dict[int, Counter[str]] = defaultdict(Counter)
    seats = Seat.objects.there(on).filter(region__in=villages).order_by()
    for code, count in seats.values_list("region_id").annotate(n=Count("pk")):
        figures[code]["seats"] = count
    for mandate in _by_elected(villages, year, on):
        _count_elected(figures[mandate.region_id], mandate, year)
    serving = Mandate.objects.active(on).filter(region__in=villages).order_by()
    for code, sex, count in serving.values_list(
        "region_id", "representative__sex"
    ).annotate(n=Count("pk")):
        figures[code].update(after=count, women_now=count * (sex == Sex.FEMALE))
    sitting = Mandate.objects.active(on).filter(seat=OuterRef("pk"))
    vacant = Seat.objects.there(on).filter(~Exists(sitting), region__in=list(villages))
    for code, places in vacant_places(vacant, on).items():
        for place in places:
            figures[code][_cause(place.last)] += 1
    for held in figures.values():
        held["before"] = held["after"] - held["filled"]
        held["vacant"] = held["seats"] - held["before"]
    return figures


def _by_elected(villages: Sequence[int], year: int, on: dt.date) -> list[Mandate]:
    """Return the mandates of the year's by-elections that are still in force."""
    rows = Mandate.objects.active(on).filter(
        region__in=villages, is_by_election=True, started_on__year=year
    )
    before = Mandate.objects.order_by("-started_on", "-pk")
    related = rows.select_related("representative", "seat")
    return list(related.prefetch_related(Prefetch("seat__mandates", before)))


def _count_elected(figures: Counter[str], mandate: Mandate, year: int) -> None:
    person = mandate.representative
    before = [m for m in mandate.seat.mandates.all() if m.pk != mandate.pk]
    before = [m for m in before if not in_error(m)]
    earlier = [m for m in before if m.started_on <= mandate.started_on]
    born = person.birth_year
    figures["filled"] += 1
    figures["party"] += person.politics in PARTY
    figures["women"] += person.sex == Sex.FEMALE
    figures["young"] += born is not None and year - born <= YOUNG
    figures["paid"] += person.draws_allowance or bool(person.offices)
    figures[_cause(earlier[0] if earlier else None)] += 1


def _cause(last: Mandate | None) -> str:
    known = {key for key, _ in CAUSES}
    cause = last.end_cause if last else ""
    return cause if cause in known else OTHER


def days_of(villages: Sequence[int], year: int) -> dict[int, dict[str, str]]:
    """Return the days of the votes and of the notices of the year, by village."""
    found: dict[int, dict[str, list[str]]] = defaultdict(
        lambda: {"met": [], "notice": []}
    )
    rows = Vacancy.objects.filter(
        region__in=villages, mandate__started_on__year=year
    ).select_related("by_election__notice")
    standing = Round.objects.filter(set_aside_on=None).order_by("number")
    rows = rows.prefetch_related(Prefetch("by_election__rounds", standing))
    for row in rows.order_by("by_election__filed_on", "pk"):
        voted = [one.held_on for one in row.by_election.rounds.all()]
        met = voted[-1] if voted else row.by_election.meets_on
        notice = row.by_election.notice
        days = found[row.region_id]
        if met and f"{met:%m-%d}" not in days["met"]:
            days["met"].append(f"{met:%m-%d}")
        if notice:
            span = f"{notice.first_day:%m-%d}至{notice.last_day:%m-%d}"
            if span not in days["notice"]:
                days["notice"].append(span)
    joined: dict[int, dict[str, str]] = defaultdict(lambda: {"met": "", "notice": ""})
    for code, days in found.items():
        joined[code] = {key: "、".join(texts) for key, texts in days.items()}
    return joined


class ByElectionRegister:
    """补选登记表: one line for each person that a by-election brought to office."""

    kind = "by_election_register"
    title = "村（居）民代表补选登记表"
    unit = "人"
    has_numbers = False
    permission = Permission.REPRESENTATIVE_VIEW
    columns: tuple[Column, ...] = (
        _text("township", "乡镇（街道）"),
        _text("village", "村（社区）", 11),
        _text("constituency", "推选单元", 12),
        _text("name", "姓名", 9),
        _text("sex", "性别", 6),
        Column("birth_year", ("出生年份",), Kind.YEAR, width=9),
        _text("politics", "政治面貌"),
        _text("offices", "兼任", 14),
        _text("former", "接替", 9),
        _text("cause", "出缺原因", 9),
        Column("held_on", ("推选日期",), Kind.DATE, width=14),
        _number("entitled", "应到", "到会"),
        _number("present", "实到", "到会"),
        _number("issued", "发出票", "票数"),
        _number("returned", "收回票", "票数"),
        _number("valid", "有效票", "票数"),
        _number("votes", "得票", "票数"),
        _text("notice", "公示起止", 14),
        Column("filed_on", ("备案日期",), Kind.DATE, width=14),
        Column("until", ("任期至",), Kind.DATE, width=14),
        _text("archive", "档案号", 12),
    )

    def __init__(self, place: Region) -> None:
        self._own = place.level == Level.VILLAGE

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> PeriodFilter:
        """Return the form of the filters."""
        return PeriodFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the vacancies that were filled, the first filing in front."""
        rows = Vacancy.objects.filter(mandate__isnull=False)
        if isinstance(place := wanted.get("place"), Region):
            rows = inside(rows, place.scope)
        if year := wanted.get("year"):
            rows = rows.filter(by_election__filed_on__year=year)
        ordered = rows.order_by("region_id", "by_election__filed_on", "pk")
        return list(ordered.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, in a fixed number of statements."""
        found = {row.pk: row for row in _filled(keys)}
        totals["people"] += len(found)
        return [_register_line(found[key], totals) for key in keys if key in found]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "name": f"{totals['people']} 人",
            "sex": f"女 {totals['women']}",
            "politics": f"党员 {totals['party']}",
        }


def _filled(keys: Sequence[int]) -> QuerySet[Vacancy]:
    standing = Round.objects.filter(set_aside_on=None).order_by("number")
    rounds = Prefetch(
        "by_election__rounds", standing.prefetch_related("votes__candidate")
    )
    return (
        Vacancy.objects.filter(pk__in=keys)
        .select_related(
            "region__parent",
            "former",
            "mandate__representative",
            "by_election__constituency",
            "by_election__notice",
        )
        .prefetch_related(rounds)
    )


def _register_line(row: Vacancy, totals: Counter[str]) -> Sequence[object]:
    person, election = row.mandate.representative, row.by_election
    totals["women"] += person.sex == Sex.FEMALE
    totals["party"] += person.politics in PARTY
    notice, last, votes = election.notice, *_last_vote(row)
    numbers = (
        (
            last.held_on,
            last.entitled,
            last.present,
            last.issued,
            last.returned,
            last.valid,
        )
        if last
        else (None,) * 6
    )
    return (
        row.region.parent.name if row.region.parent else "",
        row.region.name,
        election.constituency.name,
        person.name,
        person.get_sex_display(),
        person.birth_year,
        person.get_politics_display(),
        "、".join(person.offices),
        row.former.name if row.former else "",
        MandateEnd(row.cause).label if row.cause else "新设席位",
        *numbers,
        votes,
        f"{notice.first_day:%m-%d}至{notice.last_day:%m-%d}" if notice else "",
        election.filed_on,
        row.mandate.until,
        election.archive_number,
    )


def _last_vote(row: Vacancy) -> tuple[Round | None, int | None]:
    """Return the round in which the person was elected, and the votes for the person."""
    rounds = list(row.by_election.rounds.all())
    elected = _elected_as(row.mandate.representative, rounds)
    for one in reversed(rounds):
        for candidate, tally in counted_round(one, one.seats).lines:
            if candidate == elected:
                return one, tally.votes_for
    return None, None


def _elected_as(person: Representative, rounds: Sequence[Round]) -> Candidate | None:
    """Return the candidate that somebody was, whatever the roll calls him since."""
    stood = {vote.candidate for one in rounds for vote in one.votes.all()}
    elected = [candidate for candidate in stood if candidate.is_elected]
    marks: tuple[Callable[[Candidate], bool], ...] = (
        lambda one: one.former_id == person.pk,
        lambda one: bool(one.id_index) and one.id_index == person.id_index,
        lambda one: one.name == person.name,
        lambda _: len(elected) == 1,
    )
    return next((one for mark in marks for one in elected if mark(one)), None)
