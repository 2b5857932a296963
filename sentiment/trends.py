"""What the month tells of a place: how much, how content, about what, where, how old."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import rjieba
from django.db.models import Count, Q, QuerySet

from households.models import Household
from regions.models import Region, inside
from representatives.models import Representative
from sentiment.models import Answer, Issue, State
from sentiment.models.states import UNRESOLVED
from sentiment.rules.keyness import Rising, rising
from visits.models import Satisfaction

MONTHS = 6
SHOWN = 12
AGES = (
    (0, 7, "7 天以内"),
    (8, 15, "8 至 15 天"),
    (16, 30, "16 至 30 天"),
    (31, None, "30 天以上"),
)
"""Days since an unfinished issue was heard: first, last (None: open), words."""
SAYING = ("n", "v", "a", "z", "t", "s", "l", "i", "j")
"""Parts of speech that say what a matter is about; names (nr) and numbers are none."""


@dataclass(frozen=True)
class Month:
    """A calendar month, by its first day."""

    first: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        """Return the month of a day."""
        return cls(day.replace(day=1))

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return (self.first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(
            days=1
        )

    def ago(self, months: int) -> "Month":
        """Return the month so many months before."""
        number = self.first.year * 12 + self.first.month - 1 - months
        return Month(dt.date(number // 12, number % 12 + 1, 1))

    @property
    def key(self) -> str:
        """How it stands in an address."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Numbers:
    """The issues of one month: all, by how people felt, and what became of them."""

    month: Month
    every: int
    good: int
    fair: int
    bad: int
    resolved: int
    answered: int
    content: int


@dataclass(frozen=True)
class Compared:
    """A figure of the month beside that of the month before."""

    label: str
    now: int
    before: int
    unfinished: int = 0
    code: int = 0


def issues_of(place: Region) -> QuerySet[Issue]:
    """Return the issues of a place that count: a merged one was said as well."""
    rows = Issue.objects.exclude(state=State.WITHDRAWN)
    return inside(rows, place.scope)


def of_month(place: Region, month: Month) -> QuerySet[Issue]:
    """Return the issues of a place that were heard in a month."""
    return issues_of(place).filter(heard_on__gte=month.first, heard_on__lte=month.last)


def months(place: Region, month: Month) -> list[Numbers]:
    """Return the last six months, the asked one last; one statement."""
    first = month.ago(MONTHS - 1).first
    rows = issues_of(place).filter(heard_on__gte=first, heard_on__lte=month.last)
    found = rows.values("heard_on__year", "heard_on__month").annotate(
        every=Count("pk"),
        good=Count("pk", Q(satisfaction=Satisfaction.SATISFIED)),
        fair=Count("pk", Q(satisfaction=Satisfaction.NEUTRAL)),
        bad=Count("pk", Q(satisfaction=Satisfaction.DISSATISFIED)),
        resolved=Count("pk", Q(resolved_on__isnull=False)),
        answered=Count("pk", ~Q(answer="")),
        content=Count("pk", Q(answer__in=(Answer.GOOD, Answer.FAIR))),
    )
    names = ("every", "good", "fair", "bad", "resolved", "answered", "content")
    by_month = {
        dt.date(year, month, 1): figures
        for year, month, *figures in found.order_by().values_list(
            "heard_on__year", "heard_on__month", *names
        )
    }
    nothing = [0] * len(names)
    return [
        Numbers(one, *by_month.get(one.first, nothing))
        for one in (month.ago(n) for n in reversed(range(MONTHS)))
    ]


def topics(place: Region, month: Month) -> list[Compared]:
    """Return the month's categories, the most frequent first, beside the month before."""
    now, before = (_by(of_month(place, one), "topic") for one in (month, month.ago(1)))
    rows = [Compared(topic, n, before.get(topic, 0)) for topic, n in now.items()]
    return sorted(rows, key=lambda row: (-row.now, row.label))


def places(place: Region, month: Month, below: Iterable[Region]) -> list[Compared]:
    """Return the divisions below, exceptions first: where more is said than before.

    Otherwise in administrative order; a place is no competitor of another.
    """
    now, before = (
        _by(of_month(place, one), "region_id") for one in (month, month.ago(1))
    )
    undone = _by(issues_of(place).filter(state__in=UNRESOLVED), "region_id")
    rows = [
        Compared(
            child.name,
            _sum(child, now),
            _sum(child, before),
            _sum(child, undone),
            child.code,
        )
        for child in below
    ]
    return sorted(rows, key=lambda row: (not is_hot(row), row.code))


def is_hot(row: Compared) -> bool:
    """Return whether more is said than before: half as much again, and three at least."""
    return row.now >= row.before + 3 and row.now * 2 >= row.before * 3


def ages(place: Region, on: dt.date) -> list[tuple[str, int, dt.date | None, dt.date]]:
    """Return the unfinished issues by age: words, number, first and last day heard."""
    rows = issues_of(place).filter(state__in=UNRESOLVED)
    spans = [
        (
            words,
            None if most is None else on - dt.timedelta(most),
            on - dt.timedelta(least),
        )
        for least, most, words in AGES
    ]
    counts = rows.aggregate(
        **{
            f"n{n}": Count("pk", _heard(first, last))
            for n, (_, first, last) in enumerate(spans)
        }
    )
    return [(w, counts[f"n{n}"], a, b) for n, (w, a, b) in enumerate(spans)]


def _heard(first: dt.date | None, last: dt.date) -> Q:
    until = Q(heard_on__lte=last)
    return until & Q(heard_on__gte=first) if first else until


def _by(rows: QuerySet[Issue], column: str) -> dict[Any, int]:
    counted = rows.order_by().values_list(column).annotate(n=Count("pk"))
    return dict(counted)


def _sum(child: Region, by_village: dict[int, int]) -> int:
    return sum(n for code, n in by_village.items() if code in child.scope)


# --- words ------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """The words that rise, against the three months before and against last year."""

    lately: list[Rising]
    yearly: list[Rising]


def words(place: Region, month: Month) -> Words:
    """Return the words that are said more this month than in the months compared with.

    Words are for trends alone: segmentation loses names, so no search leans on it.
    """
    now, size = counted(said(of_month(place, month)))
    recent = issues_of(place).filter(
        heard_on__gte=month.ago(3).first, heard_on__lte=month.ago(1).last
    )
    found = [
        rising(now, before, size, texts)
        for before, texts in (
            counted(said(recent)),
            counted(said(of_month(place, month.ago(12)))),
        )
    ]
    named = names_in({one.word for rows in found for one in rows})
    lately, yearly = (
        [one for one in rows if one.word not in named][:SHOWN] for rows in found
    )
    return Words(lately, yearly)


def said(rows: QuerySet[Issue]) -> Iterable[str]:
    """Yield the texts of issues, a chunk at a time."""
    return rows.values_list("words", flat=True).iterator(chunk_size=5000)


def counted(
    texts: Iterable[str], cut: Callable[[str, bool], list[tuple[str, str]]] = rjieba.tag
) -> tuple[Counter[str], int]:
    """Return in how many texts each word is, and how many texts there are."""
    counts: Counter[str] = Counter()
    size = 0
    for text in texts:
        size += 1
        counts.update({word for word, kind in cut(text, True) if tells(word, kind)})
    return counts, size


def tells(word: str, kind: str) -> bool:
    """Return whether a word says what a matter is about: no name, no number, no particle."""
    if len(word) < 2 or any(c.isdigit() or c.isascii() for c in word):
        return False
    return kind[:1] in SAYING and not kind.startswith("nr")


def names_in(found: set[str]) -> set[str]:
    """Return those of some words that are in the name of anybody in the open scope.

    Segmentation takes half a name for a word (张 | 顺民); names are left out of trends.
    """
    if not found:
        return set()
    people = (
        Household.objects.filter(_any("head", found)).values_list("head", flat=True),
        Representative.objects.filter(_any("name", found)).values_list(
            "name", flat=True
        ),
    )
    names = {name for rows in people for name in rows}
    return {word for word in found if any(word in name for name in names)}


def _any(column: str, found: set[str]) -> Q:
    return reduce(or_, (Q(**{f"{column}__contains": word}) for word in sorted(found)))
