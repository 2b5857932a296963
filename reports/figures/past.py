"""Visits of a period that is over: as it was closed, and what came later beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection
from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level, Region
from reports.closing import NUMBERS, counted, periods_of, unclosed
from reports.comparing import compared, deltas_of
from reports.figures.domain import (
    Asked,
    Cell,
    Column,
    Counts,
    Domain,
    Owner,
    Panel,
    View,
    tallied,
)
from reports.lights import LightRule, Worry
from reports.periods import Span, Window
from ui.figures import NONE, count_words, rate_words
from ui.parts import Delta, Kpi, Pair
from visits.outcomes import NONE as NOBODY
from visits.outcomes import Outcome, made_up_of

LATE = "late"


class PastVisits(Domain):
    """Shown instead of `Visiting` where the period is over."""

    key = "past"
    knows_past = True
    is_roll = True

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return households by what became of them; seven statements at most."""
        if not asked.seen.is_over:
            return {}
        by_person = asked.person is not None or asked.place.level == Level.VILLAGE
        counts = _by_person(asked) if by_person else _by_place(asked)
        for owner, number in late_by_owner(asked, by_person=by_person).items():
            counts.setdefault(owner, Counter())[LATE] += number
        return counts

    def kpis(self, view: View) -> Iterable[Kpi]:
        """Return the rate against the periods before, and the households behind it."""
        if not view.seen.is_over:
            return
        counts = view.counts
        yield _rate_kpi(view)
        yield Kpi(
            "没走访", count_words(counts["unseen"]), "户", households(view, "unseen"),
            "bad" if counts["unseen"] else "ok", notes=("当期应走访、没有走访的户",),
        )  # fmt: skip
        yield Kpi(
            "后来补访", count_words(counts[LATE]), "户", households(view, LATE),
            notes=("没走访的户里，后来走访过的",),
        )  # fmt: skip
        yield Kpi(
            "免访和不要求", count_words(counts["excused"] + counts["free"]), "户",
            households(view, "others"), notes=("不算在走访率里",),
        )  # fmt: skip

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return the rate, then the households by what became of them."""
        if not asked.seen.is_over:
            return
        yield Column(asked.seen.span.rate_label, _rate_cell, "走访率 %")
        yield Column("应走访", _owing_cell, "应走访")
        yield Column("已走访", _cell_of("seen"), "已走访")
        yield Column("没走访", _cell_of("unseen", "bad"), "没走访")
        yield Column("后来补访", _cell_of(LATE), "后来补访")
        yield Column("没人联系", _cell_of("nobody", "bad"), "没人联系")

    def worries(self, view: View) -> Iterable[Worry]:
        """Return how far a period ended behind."""
        owing, missed = _owing(view.counts), view.counts["unseen"]
        if not view.seen.is_over or not missed or owing < view.rule.few:
            return
        behind = missed * 100 / owing
        if behind >= view.rule.behind_bad:
            yield Worry("bad", f"{rate_words(behind)}% 没走访")
        elif behind >= view.rule.behind_warn:
            yield Worry("warn", f"{rate_words(behind)}% 没走访")

    def rule(self, asked: Asked, rule: LightRule) -> str:
        """Return when a line is an exception, and what the figures are."""
        if not asked.seen.is_over:
            return ""
        return (
            f"预警：应走访的户里 {rule.behind_bad:g}% 以上没走访；关注：{rule.behind_warn:g}% "
            f"以上；应走访不到 {rule.few} 户的不看。"
        )

    def panels(self, view: View) -> Iterable[Panel]:
        """Return what no rate counts."""
        if not view.seen.is_over:
            return
        yield Panel(
            "不算在走访率里的户",
            tuple(
                Pair(f"{label}（户）", count_words(view.counts[name]), url=households(view, name))
                for name, label in (
                    ("excused", "免访"), ("free", "当期不要求"), ("nobody", "没有联系人"),
                )
            ),
        )  # fmt: skip


def _cell_of(name: str, tone: str = "") -> Callable[[View], Cell]:
    """Return what draws one figure of a line and its list."""

    def cell(view: View) -> Cell:
        number = view.counts[name]
        url = households(view, name) if number or not view.is_nobodys else ""
        return Cell(count_words(number), url, tone if number else "")

    return cell


def _owing(counts: Counts) -> int:
    return counts["seen"] + counts["unseen"]


def _rate(counts: Counts) -> float | None:
    owing = _owing(counts)
    return counts["seen"] * 100 / owing if owing else None


def _rate_cell(view: View) -> Cell:
    rate = _rate(view.counts)
    tone = next((str(worry.tone) for worry in PastVisits().worries(view)), "")
    return Cell(NONE if rate is None else rate_words(rate), tone=tone, share=rate)


def _owing_cell(view: View) -> Cell:
    return Cell(count_words(_owing(view.counts)), households(view, "owing"))


def _rate_kpi(view: View) -> Kpi:
    rate, counts = _rate(view.counts), view.counts
    return Kpi(
        {Span.MONTH: "重点户走访率", Span.QUARTER: "普通户走访率", Span.YEAR: "联系户走访率"}[
            view.seen.span
        ],
        None if rate is None else rate_words(rate),
        "%",
        households(view, "owing"),
        share=rate,
        deltas=_deltas(view, rate),
        notes=(f"已走访 {count_words(counts['seen'])} / {count_words(_owing(counts))} 户",),
    )  # fmt: skip


def _deltas(view: View, rate: float | None) -> tuple[Delta, ...]:
    if rate is None or view.person is not None:
        return ()
    return deltas_of(compared(view.asked.place, view.seen), rate, view.seen)


# --- counting -------------------------------------------------------------------


def _by_place(asked: Asked) -> dict[Owner, Counts]:
    return tallied(
        (asked.owner_of(village), name, number)
        for village, counts in counted(asked.place, asked.seen).items()
        for name, number in counts.items()
    )


def _by_person(asked: Asked) -> dict[Owner, Counts]:
    found: dict[Owner, Counts] = {}
    for row in periods_of(asked.place, asked.seen):
        pairs = Counter(zip(row.representatives, row.outcomes, strict=True))
        for (person, letter), number in pairs.items():
            if asked.person is None or person == asked.person.pk:
                line = found.setdefault(person or None, Counter())
                line[NUMBERS[Outcome(letter)]] += number
    return found


def late_by_owner(asked: Asked, *, by_person: bool) -> dict[Owner, int]:
    """Return how many of those not seen have been visited since.

    Three statements, a fourth where something is not closed.
    """
    seen = asked.seen
    with connection.cursor() as cursor:
        cursor.execute(LATER, _values(asked.place, seen))
        rows = cursor.fetchall()
    if open_still := unclosed(asked.place, seen):
        rows += made_up_of(open_still, seen.cadence, seen.first, seen.last)
    found: Counter[Owner] = Counter()
    for village, person, number in rows:
        if asked.person is None or person == asked.person.pk:
            found[(person or None) if by_person else asked.owner_of(village)] += number
    return dict(found)


def _values(place: Region, seen: Window) -> dict[str, Any]:
    return {
        "lo": place.scope.lo,
        "hi": place.scope.hi,
        "span": seen.span.value,
        "first": seen.first,
        "unseen": Outcome.UNSEEN.value,
    }


# Hashed: the planner cannot know how many households the arrays hold.
LATER = """
SELECT c.region_code, u.representative, count(*)
FROM reports_closedperiod c
CROSS JOIN LATERAL unnest(
    c.households, c.representatives, string_to_array(c.outcomes, NULL)
) u (household, representative, outcome)
JOIN visits_duty d ON d.household_id = u.household AND d.region_code = c.region_code
WHERE c.region_code >= %(lo)s AND c.region_code < %(hi)s
  AND c.span = %(span)s AND c.first = %(first)s AND u.outcome = %(unseen)s
  AND d.last_visit_on >= c.first
GROUP BY 1, 2
"""


def households(view: View, name: str) -> str:
    """Return the list of a line's households of a past period; empty without the right."""
    if not view.may(Permission.VISIT_VIEW):
        return ""
    place = view.place or view.asked.place
    query = f"?p={view.seen.key}&outcome={name}"
    if view.person is not None:
        query += f"&representative={view.person.pk}"
    elif view.is_nobodys:
        query += f"&representative={NOBODY}"
    return reverse("reports:past", args=[place.code]) + query
