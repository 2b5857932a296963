"""民情走势: what a month tells of a village, a township, the city."""

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, children_of, stand_in
from regions.models import Level, Region
from sentiment import trends
from sentiment.trends import Compared, Month, Numbers
from ui.asked import asked_month
from ui.charts import Column, Columns, Series
from ui.parts import Delta, Kpi, Segment

MOODS = (
    Series("满意", "s-good"),
    Series("一般", "s-mid"),
    Series("不满", "s-poor"),
    Series("没有问", "s5"),
)


@requires(Permission.ISSUE_VIEW)
@require_safe
def trends_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the trends of the place where his post stands."""
    return redirect("sentiment:trends", acting(request).region_id)


@requires(Permission.ISSUE_VIEW)
@require_safe
def trends_of(request: PostRequest, code: int) -> HttpResponse:
    """Show what a month tells of a place; every figure leads to its issues."""
    place, today = stand_in(request, code), timezone.localdate()
    if acting(request).role == "representative":
        return redirect("sentiment:to-tell")
    month = Month(asked_month(request.GET.get("month", ""), today))
    links = Links(place, acting(request).region_id, month)
    numbers = trends.months(place, month)
    found = trends.words(place, month)
    children = Region.objects.none()
    if place.level != Level.VILLAGE:
        children = children_of(place).select_related("parent")
    below = {child.code: child for child in children}
    context = {
        "place": place,
        "month": month,
        "months": switch(month, today),
        "kpis": kpis(numbers, links),
        "chart": chart(numbers),
        "every": numbers[-1].every,
        "topics": [
            (row, change(row), links.to(topic=row.label))
            for row in trends.topics(place, month)
        ],
        "places": [
            (row, change(row), trends.is_hot(row), links.of(below[row.code]))
            for row in trends.places(place, month, below.values())
        ],
        "ages": [
            (words, number, links.aged(first, last))
            for words, number, first, last in trends.ages(place, today)
        ],
        "words": [
            (title, [(one, links.to(said=one.word)) for one in rows])
            for title, rows in (
                ("比前三个月多", found.lately),
                ("比去年同月多", found.yearly),
            )
        ],
        "now": timezone.now(),
    }
    return render(request, "sentiment/trends.html", context)


def switch(month: Month, today: dt.date) -> tuple[Segment, ...]:
    """Return the switch between this month, the one before and the same one last year."""
    running = Month.of(today)
    offered = [
        ("本月", running),
        ("上月", running.ago(1)),
        ("去年同月", running.ago(12)),
    ]
    return tuple(
        Segment(label, f"?month={one.key}", current=one == month)
        for label, one in offered
    )


class Links:
    """Addresses of the list of issues behind the figures of a month."""

    def __init__(self, place: Region, own: int, month: Month) -> None:
        self.place, self.own, self.month = place, own, month

    def to(self, **filters: str) -> str:
        """Return the list of the month's issues with these filters."""
        return self._list(
            self.place, {"state": "heard", "month": self.month.key, **filters}
        )

    def of(self, child: Region) -> tuple[str, str]:
        """Return the lists of a place below: of the month, and what is not finished."""
        month = {"state": "heard", "month": self.month.key}
        return self._list(child, month), self._list(child, {"state": "due"})

    def aged(self, first: dt.date | None, last: dt.date) -> str:
        """Return the list of unfinished issues heard between two days."""
        days = {"last": last.isoformat()}
        if first:
            days["first"] = first.isoformat()
        return self._list(self.place, {"state": "due", **days})

    def _list(self, place: Region, filters: dict[str, str]) -> str:
        if place.pk != self.own:
            filters["place"] = place.full_name
        return f"{reverse('sentiment:issues')}?{urlencode(filters)}"


def kpis(numbers: list[Numbers], links: Links) -> list[Kpi]:
    """Return the month's figures beside those of the month before."""
    before, now = numbers[-2], numbers[-1]
    content = now.content * 100 / now.answered if now.answered else None
    return [
        Kpi(
            "收集民情", f"{now.every:,}", "件", links.to(),
            deltas=(Delta(now.every - before.every, "件", "none", "比上月"),),
        ),
        Kpi(
            "当时不满", f"{now.bad:,}", "件", links.to(satisfaction="bad"),
            tone="bad" if now.bad else "",
            deltas=(Delta(now.bad - before.bad, "件", "down", "比上月"),),
        ),
        Kpi(
            "已经办结", f"{now.resolved:,}", "件",
            notes=(f"办结率 {now.resolved * 100 / now.every:.1f}%",) if now.every else (),
        ),
        Kpi(
            "群众评价满意", None if content is None else f"{content:.1f}", "%",
            notes=(f"已反馈 {now.answered} 件",),
        ),
    ]  # fmt: skip


def chart(numbers: list[Numbers]) -> Columns:
    """Return six months of issues, by how people felt."""
    return Columns(
        "近六个月收集的民情",
        MOODS,
        tuple(
            Column(
                f"{one.month.first.month}月",
                (
                    one.good,
                    one.fair,
                    one.bad,
                    one.every - one.good - one.fair - one.bad,
                ),
            )
            for one in numbers
        ),
    )


def change(row: Compared) -> Delta:
    """Return how much more or less than in the month before."""
    return Delta(row.now - row.before, "件", "none")
