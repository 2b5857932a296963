"""误工补贴 of one representative for one month: from facts to yuan, with the reason.

A month is paid by the days in office: rate × days ÷ days of the month, rounded half
up. Where the resolution counts workload, each counted visit adds its amount, up to the
month's ceiling. The facts are stored with the line as JSON, so that each figure can be
reckoned again from what was known then.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from funding.rules.money import NOUGHT, said, yuan

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]
"""First and last day in office, both included."""


@dataclass(frozen=True)
class Terms:
    """What a resolution pays: `rate` a month, `per_visit` in addition, `most` in all."""

    rate: Decimal
    per_visit: Decimal = NOUGHT
    most: Decimal = NOUGHT

    @property
    def counts_visits(self) -> bool:
        """Whether workload counts."""
        return self.per_visit > NOUGHT


@dataclass(frozen=True)
class Facts:
    """What is known of one person's month. `visits` are (day, household), each once."""

    month: dt.date
    spans: tuple[Span, ...]
    terms: Terms
    visits: tuple[tuple[dt.date, int], ...] = ()

    @property
    def month_days(self) -> int:
        """Days of the month."""
        return last_day(self.month).day

    @property
    def days(self) -> int:
        """Days in office."""
        return sum((last - first).days + 1 for first, last in self.spans)

    @property
    def base(self) -> Decimal:
        """For the days in office."""
        return yuan(self.terms.rate * self.days / self.month_days)

    @property
    def for_visits(self) -> Decimal:
        """For the counted visits."""
        return yuan(self.terms.per_visit * len(self.visits))

    @property
    def due(self) -> Decimal:
        """What the month is worth, the ceiling applied."""
        whole = self.base + self.for_visits
        return yuan(min(whole, self.terms.most)) if self.terms.counts_visits else whole

    @property
    def words(self) -> str:
        """Every yuan with its reason, in one sentence for each part."""
        return "".join(self._parts())

    def _parts(self) -> Iterable[str]:
        name = f"{self.month.month}月"
        if not self.days:
            yield f"{name}不在任。"
            return
        if self.days == self.month_days:
            yield f"{name}全月在任，{said(self.terms.rate)}。"
        else:
            days = "、".join(_span_words(span) for span in self.spans)
            yield (
                f"{name}在任 {self.days} 天（{days}），{said(self.terms.rate)} × "
                f"{self.days} ÷ {self.month_days} = {said(self.base)}。"
            )
        if self.terms.counts_visits:
            yield (
                f"走访 {len(self.visits)} 户次 × {said(self.terms.per_visit)} = "
                f"{said(self.for_visits)}。"
            )
            if self.base + self.for_visits > self.terms.most:
                yield f"超过每月最高，按 {said(self.terms.most)}计。"

    def kept(self) -> dict[str, Any]:
        """Return the facts as a line keeps them."""
        terms = self.terms
        return {
            "month": self.month.isoformat(),
            "spans": [[one.isoformat() for one in span] for span in self.spans],
            "visits": [[day.isoformat(), home] for day, home in self.visits],
            "rate": str(terms.rate),
            "per_visit": str(terms.per_visit),
            "most": str(terms.most),
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Facts":
        """Return the facts that a line keeps."""
        day = dt.date.fromisoformat
        money = (Decimal(kept[name]) for name in ("rate", "per_visit", "most"))
        return cls(
            day(kept["month"]),
            tuple((day(first), day(last)) for first, last in kept["spans"]),
            Terms(*money),
            tuple((day(on), home) for on, home in kept["visits"]),
        )


def last_day(month: dt.date) -> dt.date:
    """Return the last day of the month that `month` lies in."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _span_words(span: Span) -> str:
    first, last = span
    if first == last:
        return f"{first.month}月{first.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def days_in_office(spans: Iterable[Span], month: dt.date) -> tuple[Span, ...]:
    """Return the days of a month that some of the spans cover, each day once.

    Two mandates that meet on a day (re-election) pay that day once.
    """
    first, last = month.replace(day=1), last_day(month)
    found: list[Span] = []
    for begun, ended in sorted(spans):
        begun, ended = max(begun, first), min(ended, last)
        if begun > ended:
            continue
        if found and begun <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((begun, ended))
    return tuple(found)


def counted_visits(
    visits: Iterable[tuple[dt.date, int]], spans: Sequence[Span]
) -> tuple[tuple[dt.date, int], ...]:
    """Return visits in days of office: two to a household on one day count once."""
    return tuple(
        sorted(
            {
                (day, home)
                for day, home in visits
                if any(first <= day <= last for first, last in spans)
            }
        )
    )


# --- what earlier months turn out to be worth -------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What a month paid before is worth now, against what was paid for it so far."""

    facts: Facts
    paid: Decimal
    was: Facts | None = field(default=None)
    """The facts of the last line that was paid for it; None if none was."""

    @property
    def amount(self) -> Decimal:
        """What is still owed for it; below nought what was paid too much."""
        return self.facts.due - self.paid


def settle(
    earned: Decimal, found: Sequence[Difference]
) -> list[tuple[Difference, Decimal]]:
    """Return what each difference adds to a month's pay, those of nought left out.

    Nobody is paid less than nothing: what was paid too much is taken from what he gets
    this month, as far as it goes, the rest from later months.
    """
    taken = [(one, one.amount) for one in found if one.amount > NOUGHT]
    left = earned + sum((amount for _, amount in taken), NOUGHT)
    for one in found:
        back = min(-one.amount, left)
        if back > NOUGHT:
            taken.append((one, -back))
            left -= back
    return sorted(taken, key=lambda pair: pair[0].facts.month)


def adjustment_words(one: Difference, amount: Decimal) -> str:
    """Return why an earlier month is paid up or taken back."""
    month = one.facts.month
    name = f"{month.year}年{month.month}月"
    act = "补发" if amount > NOUGHT else "扣回"
    rest = one.amount - amount
    more = f"还有 {said(abs(rest))}，以后月份再扣。" if rest else ""
    return (
        f"{name}{_changed(one)}，应为 {said(one.facts.due)}，已发 {said(one.paid)}，"
        f"{act} {said(abs(amount))}。{more}"
    )


def _changed(one: Difference) -> str:
    """Return in words what is different from what was paid by."""
    now, was = one.facts, one.was
    if was is None:
        return f"在任 {now.days} 天，原来没有列入"
    parts = []
    if now.spans != was.spans:
        parts.append(f"在任天数由 {was.days} 天改为 {now.days} 天")
    if now.visits != was.visits:
        parts.append(f"走访由 {len(was.visits)} 户次改为 {len(now.visits)} 户次")
    if now.terms != was.terms:
        parts.append(_redecided(now.terms, was.terms))
    return "，".join(parts) or "还没有结清"


def _redecided(now: Terms, was: Terms) -> str:
    """Return in words what a later resolution changed for a month."""
    if now.rate == NOUGHT:
        return "按新的决议不发"
    if now.rate == was.rate:
        return "按新的决议计算"
    return f"按新的决议，每月标准由 {said(was.rate)}改为 {said(now.rate)}"
