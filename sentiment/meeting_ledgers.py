"""恳谈会台账 and 民情分析会台账 (ledger 5): one line for each meeting of a period.

What was said stands in the record of each meeting, which the village prints and signs;
the registers say who met, when, where and what came of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Count, QuerySet

from accounts.masking import mask_text
from accounts.permissions import Permission
from regions.forms import PlaceField
from regions.models import Region, inside
from sentiment import duties
from sentiment.models import Review, TalkMeeting
from ui.forms import DateInput, MonthInput, PlainWords
from workbooks.declaration import Column, Kind

TALKS = (
    Column("township", ("乡镇(街道)",), width=11),
    Column("village", ("村(社区)",), width=11),
    Column("held_on", ("时间",), Kind.DATE, width=14),
    Column("kind", ("形式",), width=9),
    Column("place", ("地点",), width=16),
    Column("representative", ("召集代表",), Kind.NAME, width=10),
    Column("recorder", ("记录人",), Kind.NAME, width=10),
    Column("topics", ("议题",), width=28),
    Column("homes", ("到会户",), Kind.INTEGER, width=8),
    Column("others", ("其他到会",), Kind.INTEGER, width=9),
    Column("heard", ("收集民情",), Kind.INTEGER, width=9),
    Column("replies", ("现场答复",), width=28),
)
REVIEWS = (
    Column("township", ("乡镇(街道)",), width=11),
    Column("village", ("村(社区)",), width=11),
    Column("month", ("月份",), width=11),
    Column("held_on", ("时间",), Kind.DATE, width=14),
    Column("place", ("地点",), width=16),
    Column("chair", ("主持人",), Kind.NAME, width=10),
    Column("recorder", ("记录人",), Kind.NAME, width=10),
    Column("expected", ("应到",), Kind.INTEGER, width=7),
    Column("present", ("实到",), Kind.INTEGER, width=7),
    Column("items", ("议事项",), Kind.INTEGER, width=8),
    Column("last_month", ("上次事项落实情况",), width=28),
    Column("conclusion", ("会议结论",), width=28),
)


class MeetingFilter(PlainWords, forms.Form):
    """A place, and the days between which meetings were held."""

    place = PlaceField(label="乡镇、村", required=False)
    first = forms.DateField(label="从哪天起", required=False, widget=DateInput)
    last = forms.DateField(label="到哪天止", required=False, widget=DateInput)


class ReviewFilter(MeetingFilter):
    """The same, or whose months the reviews are of: a late one is held after its own."""

    month = forms.DateField(
        label="哪个月的", required=False, input_formats=["%Y-%m"], widget=MonthInput
    )
    since = forms.DateField(
        label="从哪个月的起", required=False, input_formats=["%Y-%m"], widget=MonthInput
    )
    until = forms.DateField(
        label="到哪个月的止", required=False, input_formats=["%Y-%m"], widget=MonthInput
    )


class _Register:
    """What both registers share: their filters, and which meetings they mean."""

    unit = "场"
    has_numbers = False

    def __init__(self, place: Region) -> None:
        """Take any place: the columns are the same."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> MeetingFilter:
        """Return the form of the place and the days."""
        return MeetingFilter(data)


def within(rows: QuerySet[Any], wanted: Mapping[str, Any]) -> list[Any]:
    """Return the ids of meetings of a place and some days, by village and day."""
    if isinstance(place := wanted.get("place"), Region):
        rows = inside(rows, place.scope)
    if first := wanted.get("first"):
        rows = rows.filter(held_on__gte=first)
    if last := wanted.get("last"):
        rows = rows.filter(held_on__lte=last)
    return list(
        rows.order_by("region_id", "held_on", "pk").values_list("pk", flat=True)
    )


class TalkLedger(_Register):
    """The 恳谈会 that were held; withdrawn ones are left out."""

    kind = "talks"
    title = "村（居）民恳谈会台账"
    permission = Permission.TALK_VIEW
    columns: tuple[Column, ...] = TALKS

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[Any]:
        """Return the ids of the meetings."""
        return within(TalkMeeting.objects.standing(), wanted)

    def rows(
        self, keys: Sequence[Any], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these meetings; one statement."""
        talks = TalkMeeting.objects.select_related("region__parent", "representative")
        found: dict[Any, Any] = talks.counted().in_bulk(list(keys))
        rows = [found[key] for key in keys if key in found]
        for talk in rows:
            totals.update(talks=1, homes=talk.homes, heard=talk.heard)
            totals["others"] += talk.others_present
        return [_talk(talk) for talk in rows]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        counts = {name: totals[name] for name in ("homes", "others", "heard")}
        return {"held_on": f"{totals['talks']} 场", **counts}


def _talk(talk: Any) -> Sequence[object]:
    township = talk.region.parent
    return (
        township.name if township else "",
        talk.region.name,
        talk.held_on,
        talk.get_kind_display(),
        talk.place,
        talk.representative.name,
        talk.recorder,
        mask_text(talk.topics),
        talk.homes or None,
        # With no household either, it was imported without a number: nobody knows.
        talk.others_present or (0 if talk.homes else None),
        talk.heard,
        mask_text(talk.replies),
    )


class ReviewLedger(_Register):
    """The 民情分析会 that count: submitted, not returned, not replaced."""

    kind = "reviews"
    title = "民情分析会台账"
    permission = Permission.REVIEW_READ
    columns: tuple[Column, ...] = REVIEWS

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> ReviewFilter:
        """Return the form of the place, the days and the months."""
        return ReviewFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[Any]:
        """Return the ids of the reviews."""
        rows = duties.counting(Review.objects.all())
        if month := wanted.get("month"):
            rows = rows.filter(month=month)
        if since := wanted.get("since"):
            rows = rows.filter(month__gte=since)
        if until := wanted.get("until"):
            rows = rows.filter(month__lte=until)
        return within(rows, wanted)

    def rows(
        self, keys: Sequence[Any], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these reviews; one statement."""
        reviews = Review.objects.select_related("region__parent")
        counted: QuerySet[Any] = reviews.annotate(decided=Count("items"))
        found: dict[Any, Any] = counted.in_bulk(list(keys))
        rows = [found[key] for key in keys if key in found]
        for review in rows:
            totals.update(reviews=1, items=review.decided)
            totals["expected"] += review.expected or 0
            totals["present"] += review.present or 0
        return [_review(review) for review in rows]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        counts = {name: totals[name] for name in ("expected", "present", "items")}
        return {"held_on": f"{totals['reviews']} 场", **counts}


def _review(review: Any) -> Sequence[object]:
    township = review.region.parent
    return (
        township.name if township else "",
        review.region.name,
        f"{review.month.year}年{review.month.month}月",
        review.held_on,
        review.place,
        review.chair,
        review.recorder,
        review.expected,
        review.present,
        None if review.is_from_paper else review.decided,
        mask_text(review.last_month),
        mask_text(review.conclusion),
    )
