"""What a village's representatives have earned: facts from mandates and visits, as lines.

Reads alone. A sheet's draft is made of two parts: the month itself, and for each month
of an earlier, final sheet the difference between what it is worth now, by the facts and
the resolution that stand now, and what was paid for it so far. The number of statements does not depend on how many
people or months there are.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db.models import Q

from funding.models import LeftOut, LineKind, Resolution, SubsidyLine, SubsidySheet
from funding.rules import NOUGHT, Difference, Facts, Terms, last_day, settle
from funding.rules.pay import (
    DAY,
    Span,
    adjustment_words,
    counted_visits,
    days_in_office,
)
from representatives.models import Mandate, MandateEnd
from visits.models import Visit

MOST_MONTHS = 24
"""How many of the latest final sheets are held against the facts of now."""

Key = tuple[int, dt.date]
"""A representative and a month."""


class Rolls:
    """What the rolls say now of some months of one village; at most three statements."""

    def __init__(self, village: int, resolutions: Mapping[dt.date, Resolution]) -> None:
        self.village, self.resolutions = village, resolutions
        self.first, self.last = min(resolutions), last_day(max(resolutions))
        self._spans = self._read_spans()
        self._left_out = set(
            LeftOut.objects.filter(
                resolution__in={one.pk for one in resolutions.values()}
            ).values_list("resolution_id", "representative_id")
        )
        self._visits = self._read_visits()

    def facts(self, month: dt.date) -> dict[int, Facts]:
        """Return what is known of each one who was in office in a month and is paid."""
        resolution = self.resolutions[month]
        found = {}
        for person, held in self._spans.items():
            spans = days_in_office(held, month)
            if spans and (resolution.pk, person) not in self._left_out:
                visits = counted_visits(self._visits[person], spans)
                counts = resolution.terms.counts_visits
                found[person] = Facts(
                    month, spans, resolution.terms, visits if counts else ()
                )
        return found

    def unpaid(self, person: int, month: dt.date) -> Facts:
        """Return the facts of somebody whom a month pays nothing.

        He was not in office, or the resolution leaves him out: then it pays him nought.
        """
        spans = days_in_office(self._spans.get(person, ()), month)
        terms = Terms(NOUGHT) if spans else self.resolutions[month].terms
        return Facts(month, spans, terms)

    def _read_spans(self) -> dict[int, list[Span]]:
        rows = Mandate.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=self.first),
            region=self.village,
            started_on__lte=self.last,
            until__gte=self.first,
        ).exclude(end_cause=MandateEnd.ENTRY_ERROR)
        spans: dict[int, list[Span]] = defaultdict(list)
        for person, begun, until, ended in rows.values_list(
            "representative_id", "started_on", "until", "ended_on"
        ):
            spans[person].append((begun, min(until, ended - DAY) if ended else until))
        return spans

    def _read_visits(self) -> dict[int, list[tuple[dt.date, int]]]:
        found: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        if not any(one.terms.counts_visits for one in self.resolutions.values()):
            return found
        rows = Visit.objects.standing().filter(
            region=self.village,
            counts=True,
            visited_on__gte=self.first,
            visited_on__lte=self.last,
        )
        for person, day, home in rows.values_list(
            "representative_id", "visited_on", "household_id"
        ):
            found[person].append((day, home))
        return found


def lines_of(sheet: SubsidySheet) -> list[SubsidyLine]:
    """Return the lines of a sheet by the facts of now, not saved."""
    earlier = _earlier(sheet)
    rolls = Rolls(
        sheet.region_id, {sheet.month: sheet.resolution} | _decided(sheet, earlier)
    )
    paid, was, past = _paid(sheet, [sheet.month, *(one.month for one in earlier)])
    facts = rolls.facts(sheet.month)
    earned = {p: one for p, one in facts.items() if (p, sheet.month) not in past}
    differences: dict[int, list[Difference]] = defaultdict(list)
    for one in earlier:
        for person, found in _differences(one, rolls, paid, was, past):
            differences[person].append(found)
    people = sorted({*earned, *differences})
    return [
        line
        for person in people
        for line in _of_person(sheet, person, earned.get(person), differences[person])
    ]


def _earlier(sheet: SubsidySheet) -> list[SubsidySheet]:
    """Return the final sheets of the months before, the earliest first."""
    rows = SubsidySheet.objects.final().filter(
        region=sheet.region_id, month__lt=sheet.month
    )
    latest = rows.select_related("resolution").order_by("-month")[:MOST_MONTHS]
    return list(reversed(latest))


def _decided(
    sheet: SubsidySheet, earlier: list[SubsidySheet]
) -> dict[dt.date, Resolution]:
    """Return by which resolution each earlier month is paid now.

    One that was written down after a month was locked pays that month as well.
    """
    standing = Resolution.objects.filter(region=sheet.region_id).standing()
    latest = list(standing.order_by("-starts_on"))
    return {
        one.month: next(
            (known for known in latest if known.starts_on <= one.month), one.resolution
        )
        for one in earlier
    }


def _paid(
    sheet: SubsidySheet, months: list[dt.date]
) -> tuple[dict[Key, Decimal], dict[Key, Facts], set[Key]]:
    """Return what was paid for each month, by which facts last, and what of old."""
    paid: dict[Key, Decimal] = defaultdict(lambda: NOUGHT)
    was: dict[Key, Facts] = {}
    past: set[Key] = set()
    rows = SubsidyLine.objects.granted().filter(
        region=sheet.region_id, of_month__in=months
    )
    for line in rows.order_by("pk"):
        key = (line.representative_id, line.of_month)
        if line.kind == LineKind.PAST:
            past.add(key)
        else:
            paid[key] += line.amount
            was[key] = line.reckoned
    return paid, was, past


def _differences(
    earlier: SubsidySheet,
    rolls: Rolls,
    paid: Mapping[Key, Decimal],
    was: Mapping[Key, Facts],
    past: set[Key],
) -> Iterator[tuple[int, Difference]]:
    """Yield whoever an earlier month is worth more or less to than was paid."""
    month = earlier.month
    facts = rolls.facts(month)
    for person in {*facts, *(p for p, m in was if m == month)}:
        key = (person, month)
        now = facts.get(person) or rolls.unpaid(person, month)
        found = Difference(now, paid[key] if key in was else NOUGHT, was.get(key))
        if found.amount and key not in past:
            yield person, found


def _of_person(
    sheet: SubsidySheet, person: int, own: Facts | None, found: list[Difference]
) -> Iterator[SubsidyLine]:
    if own is not None:
        yield _line(sheet, person, LineKind.MONTH, own, amount=own.due, words=own.words)
    for one, amount in settle(own.due if own else NOUGHT, found):
        yield _line(
            sheet, person, LineKind.ADJUSTMENT, one.facts, amount=amount,
            paid_before=one.paid, words=adjustment_words(one, amount),
        )  # fmt: skip


def _line(
    sheet: SubsidySheet,
    person: int,
    kind: LineKind,
    facts: Facts,
    *,
    amount: Decimal,
    words: str,
    paid_before: Decimal = NOUGHT,
) -> SubsidyLine:
    return SubsidyLine(
        region_id=sheet.region_id,
        sheet=sheet,
        representative_id=person,
        kind=kind,
        of_month=facts.month,
        due=facts.due,
        paid_before=paid_before,
        amount=amount,
        facts=facts.kept(),
        words=words,
    )
