"""The list of issues: which ones, in which order, and what a line says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.masking import mask_text
from accounts.models import Post
from regions.models import Level, Region, inside
from regions.scoping import current_scope
from sentiment import rules
from sentiment.models import Holder, Issue, State
from sentiment.models.issues import IssueQuerySet
from sentiment.models.states import (
    OPEN,
    OVER,
    answered,
    answered_badly,
    overdue,
    untold,
)
from sentiment.rows import Row, rows_of
from sentiment.standings import next_of
from visits.rules import Cadence

HELD = {Level.VILLAGE: Holder.VILLAGE, Level.TOWNSHIP: Holder.TOWNSHIP}
CITY = Holder.CITY
"""Who a post of a level acts for; everybody else acts for the city."""
AT_ONCE = 10_000
"""Matches of a search up to which their ids are read without being counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One issue of a list: itself, what is next, how many households say it."""

    issue: Row
    next: rules.Next
    households: int
    words: str

    @property
    def tone(self) -> str:
        """The edge of the line."""
        tone = self.next.tone
        return tone if tone in {"bad", "warn"} else ""


def holder_of(post: Post) -> Holder:
    """Return the level at which the holder of a post deals with issues."""
    return HELD.get(Level(post.region.level), CITY)


def holder_here() -> Holder:
    """Return who the open scope acts for, whichever place of it is looked at."""
    opened = current_scope()
    if opened is None:
        return CITY
    width = opened.hi - opened.lo
    return {1: Holder.VILLAGE, 1000: Holder.TOWNSHIP}.get(width, CITY)


def matching(wanted: Mapping[str, Any], holder: Holder, on: dt.date) -> IssueQuerySet:
    """Return the issues that the filters describe."""
    rows = in_state(Issue.objects.all(), wanted.get("state") or "", holder, on)
    if isinstance(place := wanted.get("place"), Region):
        rows = inside(rows, place.scope)
    for name in ("holder", "topic", "source", "representative", "satisfaction"):
        if value := wanted.get(name):
            rows = rows.filter(**{name: value})
    if number := wanted.get("group"):
        rows = rows.filter(group__number=number)
    rows = heard_between(rows, wanted)
    if month := wanted.get("closed"):
        rows = rows.filter(closed_on__range=(month, Cadence.MONTH.period(month).end))
    if typed := (wanted.get("q") or "").strip():
        rows = rows.search(typed)
    if word := wanted.get("said"):
        rows = rows.filter(words__contains=word)
    return rows


def in_state(
    rows: IssueQuerySet, state: str, holder: Holder, on: dt.date
) -> IssueQuerySet:
    """Narrow to a state, or to what waits for somebody."""
    if state == "":
        return rows.open()
    if state == "mine":
        return rows.held_by(holder)
    if state == "due":
        return rows.unresolved()
    if state == "overdue":
        return rows.overdue(on)
    if state == "tell":
        return rows.to_tell()
    if state == "bad":
        return rows.filter(answered_badly())
    if state == "heard":
        return rows.exclude(state=State.WITHDRAWN)
    return rows if state == "all" else rows.filter(state=state)


def heard_between(rows: IssueQuerySet, wanted: Mapping[str, Any]) -> IssueQuerySet:
    """Narrow to a month, or to the days that a link names (both included)."""
    first, last = wanted.get("first"), wanted.get("last")
    if month := wanted.get("month"):
        first = month
        last = Cadence.MONTH.period(month).end
    if first:
        rows = rows.filter(heard_on__gte=first)
    if last:
        rows = rows.filter(heard_on__lte=last)
    return rows


def exceptions_first(rows: IssueQuerySet, on: dt.date) -> IssueQuerySet:
    """Order: overdue and not content, then to tell, then by their day, then the rest.

    What is over comes first here: of all that a search finds it is the most by far,
    and each is compared.
    """
    pressing = Case(
        When(state__in=OVER, then=Value(3)),
        When(state=State.RESOLVED, then=Value(1)),
        When(answered_badly(), then=Value(0)),
        When(overdue(on), then=Value(0)),
        default=Value(2),
        output_field=IntegerField(),
    )
    day = Case(
        When(state__in=(*OVER, State.RESOLVED, State.TOLD), then=Value(None)),
        default=F("due_on"),
        output_field=DateField(),
    )
    return rows.order_by(pressing, day.asc(nulls_last=True), "-heard_on", "-pk")


def ids_in_order(
    rows: IssueQuerySet, wanted: Mapping[str, Any], on: dt.date
) -> QuerySet[Issue, int] | list[int]:
    """Return the ids of what the filters describe, exceptions first, for a paginator.

    A search compares every text of the range: what it finds is read at once, where a
    paginator would have it counted first. Unless it finds nearly everything.
    """
    ids = exceptions_first(rows, on).values_list("pk", flat=True)
    if not (wanted.get("q") or wanted.get("said")):
        return ids
    found = list(ids[: AT_ONCE + 1])
    return found if len(found) <= AT_ONCE else ids


def lines(ids: Sequence[int], post: Post, on: dt.date) -> list[Line]:
    """Return the lines of a page in the order given; the statements do not grow."""
    return [
        Line(row, next_of(row, on), row.households, shown(row.words, post))
        for row in rows_of(ids)
    ]


def shown(words: str, post: Post) -> str:
    """Return what was said; outside the village the numbers in it are masked."""
    return words if post.region.level == Level.VILLAGE else mask_text(words)


@dataclass(frozen=True)
class Counts:
    """How much waits, for the tabs above the list."""

    open: int
    mine: int
    overdue: int
    tell: int
    bad: int


def counts(post: Post, on: dt.date) -> Counts:
    """Count what waits in one's range, in two statements."""
    undone = Issue.objects.unresolved().aggregate(
        open=Count("pk"),
        mine=Count("pk", Q(holder=holder_of(post))),
        overdue=Count("pk", Q(due_on__lt=on)),
    )
    done = Issue.objects.filter(answered()).aggregate(
        open=Count("pk", Q(state__in=OPEN)),
        tell=Count("pk", untold()),
        bad=Count("pk", answered_badly()),
    )
    return Counts(**{**done, **undone, "open": done["open"] + undone["open"]})
