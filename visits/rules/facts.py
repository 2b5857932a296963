"""What the due rule is told: links, categories, counted visits, waivers, settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from ui.words import full_day
from visits.rules.periods import ONE_DAY, Cadence, Span, joined

AT_THE_DOOR = "door"
BY_PHONE = "phone"


@dataclass(frozen=True)
class Policy:
    """The city's settings of one kind of duty, in force from a day until the next.

    `cadence` is owed by everybody; `key` names the categories that make a household
    重点 and the cadence of each. A household in several categories owes the most
    frequent one (domain 3.2). `ways` are the ways of visiting that count (design
    section 5: at the door only, unless the city decides otherwise); `phone_when_away`
    lets a telephone call count for a household that is marked 外出 (domain 2.3).
    `soon_days` says how many days before the end reminders begin.
    """

    effective_from: date
    cadence: Cadence = field(hash=False)
    key: Mapping[str, Cadence] = field(default_factory=dict, hash=False)
    ways: frozenset[str] = field(default=frozenset({AT_THE_DOOR}), hash=False)
    phone_when_away: bool = field(default=False, hash=False)
    soon_days: Mapping[Cadence, int] = field(
        default_factory=lambda: {Cadence.MONTH: 7, Cadence.QUARTER: 15}, hash=False
    )


@dataclass(frozen=True, order=True, slots=True)
class Category:
    """A household's membership of a category; `name` is shown, `code` is matched."""

    code: str
    name: str
    span: Span


@dataclass(frozen=True, order=True, slots=True)
class Waiver:
    """A reason (外出, 住院, 拒访…) why no visit is owed from `first` to `last`, inclusive.

    The last day is required (design section 5: "with reason and end date").
    Raises ValueError when it would end before it begins.
    """

    first: date
    last: date
    reason: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(
                f"免访截止日期{full_day(self.last)}早于开始日期{full_day(self.first)}，请更正日期。"
            )

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True, slots=True)
class Contact:
    """One recorded contact with a household: the day it happened and the way."""

    on: date
    way: str


@dataclass(frozen=True)
class Facts:
    """Everything that one duty follows from.

    `links` are the spans during which somebody is answerable: of a household, its
    contact links; of a representative's 恳谈会, the mandates; of a village's
    民情分析会, the time the village exists. `visits` are the days that count
    (`counted_days`), in any order; a day given twice is one day.
    """

    links: tuple[Span, ...]
    policies: tuple[Policy, ...]
    visits: tuple[date, ...] = ()
    categories: tuple[Category, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "visits", tuple(sorted(set(self.visits))))

    @cached_property
    def chains(self) -> tuple[Span, ...]:
        """The unbroken runs of links under a policy, across changes of representative.

        The duty belongs to the household: when one representative hands over to the
        next without a day between, nothing begins anew and nothing owed is forgotten.
        There is no duty before the first policy.
        """
        if not self.policies:
            return ()
        ruled = Span(min(policy.effective_from for policy in self.policies))
        return tuple(filter(None, (link.overlap(ruled) for link in joined(self.links))))

    @cached_property
    def monthly(self) -> tuple[Span, ...]:
        """The runs of days on which the cadence is monthly, linked or not."""
        return joined(self._monthly_parts())

    def _monthly_parts(self) -> Iterator[Span]:
        for policy, window in _windows(self.policies):
            if policy.cadence is Cadence.MONTH:
                yield window
                continue
            for category in self.categories:
                shared = category.span.overlap(window)
                if shared and policy.key.get(category.code) is Cadence.MONTH:
                    yield shared

    def without_visits_after(self, on: date) -> Facts:
        """Return the same facts without visits after `on`."""
        if not self.visits or self.visits[-1] <= on:
            return self
        return replace(self, visits=tuple(day for day in self.visits if day <= on))

    def seen_from(self, on: date) -> Facts:
        """Return the facts as far as they had happened by the end of `on`.

        What began later is left out, and an end that lay ahead is not an end yet.
        """
        return replace(
            self.without_visits_after(on),
            links=tuple(_begun(self.links, on)),
            policies=tuple(p for p in self.policies if p.effective_from <= on),
            categories=tuple(
                replace(category, span=span)
                for category in self.categories
                for span in _begun((category.span,), on)
            ),
            waivers=tuple(w for w in self.waivers if w.first <= on),
        )


def _begun(spans: Iterable[Span], on: date) -> Iterator[Span]:
    for span in spans:
        if span.first <= on:
            ended = span.last is not None and span.last <= on
            yield span if ended else Span(span.first)


@lru_cache(maxsize=64)
def _windows(policies: tuple[Policy, ...]) -> tuple[tuple[Policy, Span], ...]:
    """Return each policy with the days it is in force; of two for one day, the later."""
    by_day = {policy.effective_from: policy for policy in policies}
    days = sorted(by_day)
    lasts = [*(day - ONE_DAY for day in days[1:]), None]
    return tuple(
        (by_day[day], Span(day, last)) for day, last in zip(days, lasts, strict=True)
    )


def policy_on(policies: Iterable[Policy], day: date) -> Policy | None:
    """Return the policy in force on `day`, or None before the first."""
    windows = _windows(tuple(policies))
    return next((policy for policy, window in windows if day in window), None)


def key_categories(facts: Facts, day: date) -> tuple[Category, ...]:
    """Return the categories that make this a key household (重点联系户) on `day`."""
    policy = policy_on(facts.policies, day)
    if policy is None:
        return ()
    return tuple(c for c in facts.categories if day in c.span and c.code in policy.key)


def cadence_on(facts: Facts, day: date) -> Cadence:
    """Return the cadence that applies on `day`: the most frequent of those in force."""
    is_monthly = any(day in span for span in facts.monthly)
    return Cadence.MONTH if is_monthly else Cadence.QUARTER


def counted_days(
    contacts: Iterable[Contact],
    policies: tuple[Policy, ...],
    away: tuple[Span, ...] = (),
) -> tuple[date, ...]:
    """Return the days with a contact that counts, each day once, in order.

    Whether a way counts is decided by the policy in force on the day of the contact,
    so that a change of the settings never rewrites the past. `away` are the spans in
    which the household is marked 外出.
    """
    return tuple(sorted({c.on for c in contacts if _counts(c, policies, away)}))


def _counts(
    contact: Contact, policies: tuple[Policy, ...], away: tuple[Span, ...]
) -> bool:
    policy = policy_on(policies, contact.on)
    if policy is None:
        return False
    if contact.way in policy.ways:
        return True
    is_away = any(contact.on in span for span in away)
    return policy.phone_when_away and contact.way == BY_PHONE and is_away
