"""What the sheet says: who and how many today, twelve months, what people talk about."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Post
from households.models import CategoryTag, Household, Status
from regions.models import Level, Region, VillagerGroup, inside
from reports.centre.naming import reporting_unit
from reports.periods import Span, window
from reports.setup import keepers_of
from reports.summary.table import Summary, summary_of
from reports.summary.trend import Month, months_to
from representatives.models import Mandate, Politics, Sex
from sentiment.models import Issue, State
from ui.charts import Value
from ui.figures import NONE, count_words, rate_words

TOPICS = 6
"""So many categories of issues are named."""


@dataclass(frozen=True)
class Line:
    """One figure through twelve months."""

    label: str
    values: tuple[Value, ...]
    unit: str
    decimals: int = 0

    @property
    def spoken(self) -> str:
        """What the drawing is called."""
        return f"{self.label}近十二个月"

    @property
    def first(self) -> str:
        """The earliest month that is known."""
        return self._words(next((v for v in self.values if v is not None), None))

    @property
    def last(self) -> str:
        """The latest month, or — where it was not closed."""
        return self._words(self.values[-1])

    def _words(self, value: Any) -> str:
        if value is None:
            return NONE
        return rate_words(value) if self.decimals else count_words(value)


@dataclass(frozen=True)
class Portrait:
    """All that stands on the sheet."""

    place: Region
    on: dt.date
    facts: tuple[tuple[tuple[str, str], ...], ...]
    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    year: Summary
    topics: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    keepers: Sequence[Post]

    @property
    def unit(self) -> str:
        """Whose sheet it is, as its seal has it."""
        return reporting_unit(self.place)

    @property
    def year_so_far(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The figures of the running year, as the summary of it has them."""
        counts = self.year.total
        words = {figure.key: figure.words(counts) for figure in self.year.figures}
        talks = f"{words['talks_met']} / {words['talks_owed']}"
        reviews = f"{words['reviews_met']} / {words['reviews_owed']}"
        return (
            (
                ("走访过的户", f"{words['seen']} / {words['owing']}"),
                ("完成率", f"{words['seen_rate']}%"),
                ("收集民情", f"{words['heard']} 件"),
            ),
            (
                ("恳谈会 已开 / 应开", talks),
                ("民情分析会 已开 / 应开", reviews),
                (
                    "办结率 / 满意率",
                    f"{words['resolved_rate']}% / {words['content_rate']}%",
                ),
            ),
        )


def portrait_of(place: Region, on: dt.date) -> Portrait:
    """Return the sheet of a place as of a day; a constant number of statements."""
    months = months_to(place, window(Span.MONTH, on).before.last)
    year = summary_of(place, window(Span.YEAR, on))
    keepers = keepers_of(place, on) if place.level == Level.VILLAGE else []
    return Portrait(
        place,
        on,
        _facts(place, on, year),
        _lines(months),
        months,
        year,
        _topics(place, year.seen.first, on),
        _categories(place, on),
        keepers,
    )


def _facts(
    place: Region, on: dt.date, year: Summary
) -> tuple[tuple[tuple[str, str], ...], ...]:
    counts, homes, people = year.total, _homes(place), _people(place, on)
    where = (
        ("村（居）民小组", f"{homes['groups']} 个")
        if place.level == Level.VILLAGE
        else ("村（社区）", f"{counts['villages']} 个")
    )
    households = count_words(counts["households"])
    return (
        (where, ("联系户", f"{households} 户"), ("人口", f"{count_words(homes['members'])} 人")),
        (
            ("代表", f"{count_words(counts['representatives'])} 名"),
            ("其中女 / 党员", f"{people['women']:,} / {people['party']:,} 名"),
            ("缺额", f"{counts['vacant']} 名"),
        ),
        (
            ("重点户", f"{count_words(counts['key'])} 户"),
            ("超期民情", f"{counts['late']} 件"),
            ("今年补选", f"{counts['elected']} 名"),
        ),
    )  # fmt: skip


def _homes(place: Region) -> dict[str, int]:
    homes = inside(Household.objects.living(), place.scope)
    groups = inside(VillagerGroup.objects.all(), place.scope).filter(ended_on=None)
    members = homes.aggregate(members=Sum("members", default=0))["members"]
    return {"members": members, "groups": groups.count()}


def _people(place: Region, on: dt.date) -> dict[str, int]:
    party = (Politics.MEMBER, Politics.PROBATIONARY)
    serving = inside(Mandate.objects.active(on), place.scope)
    found: dict[str, int] = serving.aggregate(
        women=Count("pk", filter=Q(representative__sex=Sex.FEMALE)),
        party=Count("pk", filter=Q(representative__politics__in=party)),
    )
    return found


def _lines(months: tuple[Month, ...]) -> tuple[Line, ...]:
    def each(read: Callable[[Month], Value]) -> tuple[Value, ...]:
        return tuple(read(month) for month in months)

    return (
        Line("重点户走访率", each(lambda m: m.share("seen", "owing")), "%", 1),
        Line("收集民情", each(lambda m: m.get("heard")), "件"),
        Line("民情办结率", each(lambda m: m.share("resolved", "heard")), "%", 1),
        Line("恳谈会（本季已开）", each(lambda m: m.get("talks_met")), "名"),
        Line("民情分析会", each(lambda m: m.get("reviews_met")), "场"),
        Line("代表缺额", each(lambda m: m.get("vacant")), "名"),
    )


def _topics(place: Region, first: dt.date, on: dt.date) -> tuple[tuple[str, int], ...]:
    heard = inside(Issue.objects.exclude(state=State.WITHDRAWN), place.scope)
    rows = heard.filter(heard_on__range=(first, on)).order_by()
    counted = rows.values_list("topic").annotate(n=Count("pk")).order_by("-n", "topic")
    return tuple(counted[:TOPICS])


def _categories(place: Region, on: dt.date) -> tuple[tuple[str, int], ...]:
    tags = inside(CategoryTag.objects.key(on), place.scope).order_by()
    # Who leaves the roll keeps his tags.
    tags = tags.filter(household__status=Status.LIVING)
    named = tags.values_list("category__name").annotate(
        n=Count("household", distinct=True)
    )
    return tuple(named.order_by("category__order"))
