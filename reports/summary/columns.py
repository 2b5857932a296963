"""Which figures stand in the summary, in the order of ledger 13, and where each leads."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.permissions import Permission
from regions.models import Level, Region
from reports.figures import issues, past, seats, visiting
from reports.figures.domain import Cell, Counts, View
from reports.figures.meetings import reviews_url, talks_url
from reports.periods import Span, Window
from ui.figures import count_words, rate_words
from visits.standings import EVERY

Leads = Callable[[View], str]


PLAIN = ("", "队伍")
"""Groups whose titles need no word of theirs."""


def nowhere(view: View) -> str:
    """Say that a figure has no list of its own."""
    return ""


@dataclass(frozen=True)
class Figure:
    """One column: a count, or the share of a count in another, in percent.

    `share` names part and whole. `leads` returns the address of the list behind a
    number, which has that many rows; empty where there is none.
    """

    key: str
    title: str
    group: str = ""
    share: tuple[str, str] | None = None
    leads: Leads = nowhere
    width: float = 9
    is_of_city: bool = False
    """Left out where each line is a village."""

    @property
    def spoken(self) -> str:
        """The title where it stands alone, without the words above it."""
        about = self.group.partition("（")[0]
        return self.title if about in {*PLAIN, self.title[-2:]} else about + self.title

    def value(self, counts: Counts) -> float | None:
        """Return the number, or the rate to one decimal; None of nothing is no rate."""
        if self.share is None:
            return counts[self.key]
        part, whole = (counts[name] for name in self.share)
        return round(part * 100 / whole, 1) if whole else None

    def words(self, counts: Counts) -> str:
        """Return the number as pages and papers write it."""
        value = self.value(counts)
        return count_words(value) if self.share is None else rate_words(value)

    def cell(self, view: View) -> Cell:
        """Return the number as the page shows it, with its list."""
        words = self.words(view.counts)
        return Cell(words, self.leads(view) if self.share is None else "")


def _households(view: View) -> str:
    return "" if view.seen.is_over else visiting.households(view, EVERY)


def _key(view: View) -> str:
    if view.seen.is_over or not view.may(Permission.HOUSEHOLD_VIEW):
        return ""
    return view.link("households:list", category="*")


def _owing(view: View) -> str:
    return past.households(view, "owing") if view.seen.is_over else ""


def _seen(view: View) -> str:
    if view.seen.is_over:
        return past.households(view, "seen")
    return visiting.seen_url(view, view.seen.span)


def _heard(view: View) -> str:
    if not issues.issues(view, "heard"):
        return ""
    first, last = view.seen.first.isoformat(), view.seen.on.isoformat()
    return view.link("sentiment:issues", state="heard", first=first, last=last)


def _late(view: View) -> str:
    return "" if view.seen.is_over else issues.issues(view, issues.LATE)


def _today(leads: Leads, *spans: Span) -> Leads:
    """Lead to a page that knows today alone, from running periods only.

    `spans` are those whose number the page has: of meetings it has one quarter or month.
    """

    def led(view: View) -> str:
        is_told = not view.seen.is_over and view.seen.span in (spans or Span)
        return leads(view) if is_told else ""

    return led


_talks = _today(talks_url, Span.MONTH, Span.QUARTER)
_reviews = _today(reviews_url, Span.MONTH)


FIGURES: tuple[Figure, ...] = (
    Figure("villages", "村（社区）数", is_of_city=True),
    Figure("representatives", "代表数"),
    Figure("households", "联系户数", leads=_households, width=10),
    Figure("key", "重点户数", leads=_key, width=10),
    Figure("owing", "应走访", "走访（户）", leads=_owing),
    Figure("seen", "已走访", "走访（户）", leads=_seen),
    Figure("seen_rate", "完成率%", "走访（户）", share=("seen", "owing")),
    Figure("talks_owed", "应开", "恳谈会", leads=_talks, width=7),
    Figure("talks_met", "实开", "恳谈会", leads=_talks, width=7),
    Figure("reviews_owed", "应开", "民情分析会", leads=_reviews, width=7),
    Figure("reviews_met", "实开", "民情分析会", leads=_reviews, width=7),
    Figure("heard", "收集", "民情（件）", leads=_heard, width=8),
    Figure("resolved", "办结", "民情（件）", width=8),
    Figure("resolved_rate", "办结率%", "民情（件）", share=("resolved", "heard")),
    Figure("late", "逾期", "民情（件）", leads=_late, width=8),
    Figure("content_rate", "满意率%", "民情（件）", share=("content", "answered")),
    Figure("vacant", "缺额", "队伍", leads=_today(seats.seats_url), width=7),
    Figure("elected", "补选", "队伍", width=7),
    Figure("trained", "培训人次", "队伍", width=9),
)


def figures_for(place: Region) -> tuple[Figure, ...]:
    """Return the columns of a place's table."""
    is_city = place.level == Level.CITY
    return tuple(figure for figure in FIGURES if is_city or not figure.is_of_city)


def notes_for(seen: Window) -> str:
    """Return what the figures of a period mean, as it stands below the table."""
    visits = {
        "month": "走访只算按月走访的户（重点户）",
        "quarter": "走访只算按季走访的户（普通户）",
        "year": "走访算全部联系户，一年内走访过就算",
    }[seen.span.value]
    talks = "恳谈会按季召开，写本季到月末的数；" if seen.span.value == "month" else ""
    return (
        f"{visits}，免访的户和本期不要求走访的户不算；{talks}"
        "办结是本期收集的民情里已经办结的，满意率是本期群众评价里满意和基本满意的；"
        f"代表、联系户、缺额和民情逾期是 {seen.on.month} 月 {seen.on.day} 日的数。"
    )
