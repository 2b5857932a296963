"""The figures a 民情分析会 begins with: counted live, frozen when it is submitted."""

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Q

from sentiment import duties
from sentiment.models import Issue, MeetingDuty, Review, ReviewItem, State
from sentiment.models.states import UNRESOLVED
from sentiment.rules import reviews as rules
from visits.heaps import heaps
from visits.models import Duty, Visit
from visits.outcomes import Outcome, numbers_of
from visits.rules import Cadence, Period, owed_periods
from visits.standings import OPEN_STATES, all_duties
from visits.standings import State as Standing

MONTHS = 6


@dataclass(frozen=True)
class Figures:
    """A village's month in numbers; households, visits and issues."""

    visits: int = 0
    visited: int = 0
    key: int = 0
    key_visited: int = 0
    overdue: int = 0
    heard: int = 0
    unhappy: int = 0
    closed: int = 0
    unresolved: int = 0
    late: int = 0
    leftover: int = 0
    talks: int = 0
    talks_owed: int = 0

    def kept(self) -> dict[str, int]:
        """Return the figures as they are stored with the review."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Figures":
        """Return stored figures; one that was not counted then is 0."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: int(n) for name, n in kept.items() if name in known})


def of_review(review: Review, on: dt.date) -> Figures:
    """Return the figures of a review: those of its submission, or those of today."""
    if review.figures:
        return Figures.read(review.figures)
    return figures_of(review.region_id, review.month, on)


def figures_of(village: int, month: dt.date, on: dt.date) -> Figures:
    """Count a village's month as it stands on the day `on`."""
    period = Cadence.MONTH.period(month)
    days = (period.start, period.end)
    visits = Visit.objects.standing().filter(region=village, visited_on__range=days)
    key_visited, key = _key(village, period, on)
    issues = Issue.objects.filter(region=village).exclude(state=State.WITHDRAWN)
    heard = issues.filter(heard_on__range=days)
    met, owed = _talks(village, Cadence.QUARTER.period(month))
    return Figures(
        visits=visits.count(),
        visited=visits.values("household").distinct().count(),
        key=key,
        key_visited=key_visited,
        overdue=Duty.objects.filter(region=village).overdue(on).count(),
        heard=heard.count(),
        unhappy=heard.filter(satisfaction="bad").count(),
        closed=issues.filter(closed_on__range=days).count(),
        unresolved=issues.filter(state__in=UNRESOLVED).count(),
        late=issues.overdue(on).count(),
        leftover=sum(not item.is_settled for item in outcome_of(village, month)),
        talks=met,
        talks_owed=owed,
    )


def _key(village: int, month: Period, on: dt.date) -> tuple[int, int]:
    """Return how many 重点户 were seen in a month, and how many were owed it.

    As dashboards and the summary of the month have it: who is waived, or first owes the
    next month, is in neither.
    """
    if on > month.end:
        days = (month.start, month.end)
        became = numbers_of([village], Cadence.MONTH, *days)[village]
        seen, missed = became[Outcome.SEEN], became[Outcome.UNSEEN]
        return seen, seen + missed
    monthly = all_duties().filter(region=village, cadence=Cadence.MONTH)
    stand: Counter[str] = Counter()
    for heap in heaps(monthly, on):
        stand[heap.state] += heap.households
    seen = stand[Standing.SEEN]
    return seen, seen + sum(stand[state] for state in OPEN_STATES)


def _talks(village: int, quarter: Period) -> tuple[int, int]:
    """Return how many held their 恳谈会 of a quarter, and how many should have.

    Of the quarter of the review's month: one of September may be submitted in October.
    """
    owing = MeetingDuty.objects.talks().filter(region=village)
    facts = duties.talk_facts(list(owing.values_list("representative", flat=True)))
    met = {p for p, one in facts.items() if any(day in quarter for day in one.visits)}
    days = (quarter.start, quarter.end)
    owed = {p for p, one in facts.items() if owed_periods(one, *days)}
    return len(met), len(met | owed)


def outcome_of(village: int, month: dt.date) -> list[rules.Done]:
    """Return what became of each item of the meeting before `month`.

    While its correction is being written, its decisions are in force all the same.
    """
    held = duties.counting(Review.objects.filter(region=village, month__lt=month))
    last = held.order_by("-month", "-number").first()
    items = (
        ReviewItem.objects.filter(review=last).select_related("issue").order_by("pk")
    )
    return [
        rules.Done(
            item.issue.words,
            item.get_decision_display(),
            item.issue.get_state_display(),
            item.issue.state not in UNRESOLVED,
        )
        for item in items
    ]


def last_month_words(village: int, month: dt.date) -> str:
    """Return 上次事项落实情况 as the minutes begin with it."""
    return rules.last_month_words(outcome_of(village, month))


def covenants(village: int, month: dt.date) -> list[str]:
    """Return what people said of 双约双评 in the month, in their words."""
    period = Cadence.MONTH.period(month)
    days = (period.start, period.end)
    about = Q()
    for word in rules.ABOUT_COVENANTS:
        about |= Q(words__contains=word)
    issues = Issue.objects.filter(about, region=village, heard_on__range=days)
    visits = Visit.objects.standing().filter(
        about, region=village, visited_on__range=days
    )
    said = [
        *issues.exclude(state=State.WITHDRAWN).order_by("heard_on", "pk"),
        *visits.filter(issues=None).order_by("visited_on", "received_at"),
    ]
    return list(dict.fromkeys(one.words for one in said))


def covenant_words(village: int, month: dt.date) -> str:
    """Return the same as the page's text begins with it."""
    return rules.heard_words(covenants(village, month))


def by_month(village: int, month: dt.date) -> list[tuple[dt.date, int]]:
    """Return how many issues were heard in each of the last six months."""
    starts = [month]
    while len(starts) < MONTHS:
        starts.insert(0, (starts[0] - dt.timedelta(days=1)).replace(day=1))
    issues = Issue.objects.filter(
        region=village,
        heard_on__gte=starts[0],
        heard_on__lte=Cadence.MONTH.period(month).end,
    ).exclude(state=State.WITHDRAWN)
    heard = [day.replace(day=1) for day in issues.values_list("heard_on", flat=True)]
    return [(start, heard.count(start)) for start in starts]
