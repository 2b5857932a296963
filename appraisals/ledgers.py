"""代表履职评议表 and 优秀代表汇总表 (ledger 9), and the list of honours, on their way out."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.permissions import Permission
from appraisals import summary
from appraisals.facts import Known
from appraisals.models import AppraisalResult, Honour
from appraisals.rules.appraisals import Grade, Input, Measured, Part
from regions.models import Region, inside
from representatives.election_ledgers import PeriodFilter
from workbooks.declaration import Column, Kind
from workbooks.writing import Sectioned


def _text(key: str, title: str, width: float = 10, group: str = "") -> Column:
    return Column(key, (title,), Kind.TEXT, width=width, group=group)


def _number(key: str, title: str, width: float = 9) -> Column:
    return Column(key, (title,), Kind.INTEGER, width=width)


YEAR = Column("year", ("年度",), Kind.YEAR, width=7)
"""In each line of a person: the files of several years are laid together."""


class OfYear(Sectioned):
    """What the three ledgers share: a place, a year, no numbers of persons."""

    has_numbers = False

    def __init__(self, place: Region) -> None:
        self._place, self._year = place, timezone.localdate().year

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> PeriodFilter:
        """Return the form of the filters."""
        return PeriodFilter(data)

    def take(self, wanted: Mapping[str, Any], on: dt.date) -> Region:
        """Remember the year that was asked for; return the place."""
        self._year = wanted.get("year") or on.year
        place = wanted.get("place")
        return place if isinstance(place, Region) else self._place


class AppraisalTable(OfYear):
    """代表履职评议表: one line for each person of the confirmed appraisals of a year."""

    kind = "appraisals"
    note = "只收村务监督委员会已经确认的评议；开完会还没确认的，在评议页打印评议表。"
    title = "村（居）民代表履职评议表"
    unit = "人"
    permission = Permission.APPRAISAL_VIEW
    columns: tuple[Column, ...] = (
        _text("township", "乡镇（街道）"),
        _text("village", "村（社区）", 11),
        YEAR,
        _text("name", "姓名", 9),
        _text("group", "小组", 7),
        _number("visits", "走访（户次）"),
        _text("key", "重点户月访达标率", 9),
        _text("ordinary", "普通户季访达标率", 9),
        _text("talks", "恳谈会次数", 8),
        _number("collected", "收集民意"),
        _number("resolved", "办结"),
        _text("meetings", "参会率", 8),
        _text("trainings", "培训", 7),
        *(_text(part.value, part.label, 9, "得分") for part in Part),
        _text("total", "总评", 8, "得分"),
        _text("grade", "等次", 9),
        _text("remark", "备注", 14),
    )

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the confirmed results, as in the roll: never by score."""
        place = self.take(wanted, on)
        rows = AppraisalResult.objects.confirmed().filter(appraisal__year=self._year)
        rows = inside(rows, place.scope)
        return self.divided(list(rows.in_order().values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, 小计 by village, in one statement."""
        found = (
            AppraisalResult.objects.select_related(
                "region__parent", "representative__group", "appraisal__plan"
            )
            .defer("rows")
            .in_bulk(list(keys))
        )
        lines = []
        for one in (found[key] for key in keys if key in found):
            figures = {"people": 1, "excellent": int(one.grade == Grade.EXCELLENT)}
            lines.append((_line(one), figures))
        return self.laid(lines, totals, taken=len(keys))

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "name": f"{totals['people']} 人",
            "grade": f"优秀 {totals['excellent']}",
        }


def _line(one: AppraisalResult) -> Sequence[object]:
    known, scheme = Known.of_kept(one.inputs), one.appraisal.plan.scheme
    measured, extras = known.measured, known.extras
    return (
        one.region.parent.name if one.region.parent else "",
        one.region.name,
        one.appraisal.year,
        one.representative.name,
        str(one.representative.group or ""),
        extras["visits"],
        _rate(measured[Input.KEY]),
        _rate(measured[Input.ORDINARY]),
        _of(measured[Input.TALKS]),
        extras["collected"],
        extras["resolved"],
        _rate(measured[Input.MEETINGS]),
        _of(measured[Input.TRAININGS]),
        *(one.parts.get(part.value, "") for part in Part),
        "" if one.total is None else str(one.total),
        scheme.of(Grade(one.grade)).name if one.grade else "",
        f"不参评：{one.unrated}" if one.unrated else one.words,
    )


def _rate(measured: Measured) -> str:
    return "" if measured.rate is None else f"{measured.rate:.1f}%"


def _of(measured: Measured) -> str:
    return f"{measured.done}/{measured.due}" if measured.due else ""


class OutstandingSummary(OfYear):
    """优秀代表汇总表: one line for each village, with the names."""

    kind = "outstanding"
    note = "没有评议的村也列出来；优秀人数只算已经确认的。"
    title = "优秀村（居）民代表汇总表"
    unit = "个村（社区）"
    permission = Permission.APPRAISAL_VIEW
    names = 1
    columns: tuple[Column, ...] = (
        _text("township", "乡镇（街道）"),
        _text("village", "村（社区）", 11),
        _number("serving", "代表总数"),
        _number("rated", "参评"),
        _number("excellent", "优秀人数"),
        _text("share", "比例", 8),
        _text("names", "名单", 36),
        _text("stage", "到哪一步", 11),
    )

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the codes of villages with representatives, in administrative order."""
        rows = summary.villages_of(self.take(wanted, on), self._year, on)
        return self.divided(sorted(row.village.code for row in rows))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, 小计 by township, in a fixed number of statements."""
        place, wanted = self._place, set(keys)
        names = summary.excellent_names(place, self._year)
        lines = summary.villages_of(place, self._year, on)
        found = {one.village.code: one for one in lines if one.village.code in wanted}
        laid = []
        for one in (found[code] for code in keys if code in found):
            best = names.get(one.village.code, [])
            figures = {
                "serving": one.serving, "rated": one.rated, "excellent": len(best),
            }  # fmt: skip
            laid.append((_village_line(one, best), figures))
        return self.laid(laid, totals, taken=len(keys))

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        counts = {name: totals[name] for name in ("serving", "rated", "excellent")}
        return counts | {"share": _share(totals["excellent"], totals["rated"])}


def _village_line(row: summary.VillageRow, names: Sequence[str]) -> Sequence[object]:
    village = row.village
    return (
        village.parent.name if village.parent else "",
        village.name,
        row.serving,
        row.rated,
        len(names),
        _share(len(names), row.rated),
        "、".join(names),
        row.stage.label if row.stage else "还没评议",
    )


def _share(excellent: int, rated: int) -> str:
    return f"{excellent * 100 / rated:.1f}%" if rated else ""


class HonourRoll(OfYear):
    """优秀代表表彰名单: plaque, what was given, who took it when."""

    kind = "honours"
    title = "优秀村（居）民代表表彰名单"
    unit = "人"
    permission = Permission.HONOUR_VIEW
    columns: tuple[Column, ...] = (
        _text("township", "乡镇（街道）"),
        _text("village", "村（社区）", 11),
        YEAR,
        _text("name", "姓名", 9),
        _text("group", "小组", 7),
        _text("plaque", "号牌编号", 14),
        Column("awarded_on", ("表彰日期",), Kind.DATE, width=14),
        Column("amount", ("奖金（元）",), Kind.AMOUNT, width=11),
        _text("gift", "纪念品", 14),
        Column("received_on", ("领取日期",), Kind.DATE, width=14),
        _text("receiver", "领取人", 9),
        _text("signature", "签字", 12),
    )

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the honours, as in the roll."""
        place = self.take(wanted, on)
        rows = inside(Honour.objects.all(), place.scope).of_year(self._year)
        return self.divided(list(rows.values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines, 小计 by village, in one statement."""
        found = Honour.objects.select_related(
            "region__parent", "representative__group"
        ).in_bulk(list(keys))
        lines = []
        for one in (found[key] for key in keys if key in found):
            figures = {"people": 1, "cents": int((one.amount or 0) * 100)}
            lines.append((_honour_line(one), figures))
        return self.laid(lines, totals, taken=len(keys))

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        whole = Decimal(totals["cents"]) / 100
        return {"name": f"{totals['people']} 人", "amount": whole}


def _honour_line(one: Honour) -> Sequence[object]:
    return (
        one.region.parent.name if one.region.parent else "",
        one.region.name,
        one.year,
        one.representative.name,
        str(one.representative.group or ""),
        one.plaque,
        one.awarded_on,
        one.amount,
        one.gift,
        one.received_on,
        one.receiver,
        "",
    )
