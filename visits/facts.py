"""Facts for the pure rule, read in a fixed number of statements for any households."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import OuterRef, Subquery

from households.models import CategoryTag, ContactLink, Household
from visits import rules
from visits.models import Policy, Visit, Waiver
from visits.models.policy import Content
from visits.models.waivers import Reason

ONE_DAY = dt.timedelta(days=1)
T = TypeVar("T")


def policies() -> tuple[rules.Policy, ...]:
    """Return the city's settings as the rules want them."""
    return tuple(
        as_rule(policy) for policy in Policy.objects.order_by("effective_from")
    )


def as_rule(policy: Content) -> rules.Policy:
    """Return one row of settings as a rule value."""
    return rules.Policy(
        policy.effective_from,
        rules.Cadence(policy.cadence),
        {code: rules.Cadence(c) for code, c in policy.categories.items()},
        frozenset(policy.ways),
        policy.phone_when_away,
        {
            rules.Cadence.MONTH: policy.soon_days_month,
            rules.Cadence.QUARTER: policy.soon_days_quarter,
        },
    )


def facts_of(
    households: Sequence[int], *, latest_on: dt.date | None = None
) -> dict[int, rules.Facts]:
    """Return the facts of each household by its id; all five reads are set-based.

    With `latest_on` of its visits only the latest up to that day: how it stands that
    day follows from no other, and what is read does not grow with the years.
    """
    ruled = policies()
    links = _grouped(
        (household, _span(first, end))
        for household, first, end in ContactLink.objects.filter(
            household__in=households
        ).values_list("household_id", "started_on", "ended_on")
    )
    categories = _grouped(_categories(households))
    visits = _grouped(
        _visits(households) if latest_on is None else _latest(households, latest_on)
    )
    waivers = _grouped(_waivers(households))
    return {
        household: rules.Facts(
            links=tuple(links[household]),
            policies=ruled,
            visits=tuple(visits[household]),
            categories=tuple(categories[household]),
            waivers=tuple(waivers[household]),
        )
        for household in households
    }


def _categories(
    households: Sequence[int],
) -> Iterable[tuple[int, rules.Category | None]]:
    """Yield the categories of each household, in the order that the city gave them."""
    tags = CategoryTag.objects.filter(household__in=households)
    for household, code, name, first, end in tags.order_by(
        "category__order", "started_on"
    ).values_list(
        "household_id", "category_id", "category__name", "started_on", "ended_on"
    ):
        span = _span(first, end)
        yield household, rules.Category(code, name, span) if span else None


def _waivers(households: Sequence[int]) -> Iterable[tuple[int, rules.Waiver]]:
    held = Waiver.objects.filter(household__in=households, withdrawn_at=None)
    for household, first, last, reason in held.values_list(
        "household_id", "first", "last", "reason"
    ):
        yield household, rules.Waiver(first, last, str(Reason(reason).label))


def _visits(households: Sequence[int]) -> Iterable[tuple[int, dt.date]]:
    counted = Visit.objects.standing().filter(household__in=households, counts=True)
    return counted.values_list("household_id", "visited_on")


def _latest(
    households: Sequence[int], on: dt.date
) -> Iterable[tuple[int, dt.date | None]]:
    """Return each household's last visit: one look into the index for each."""
    counted = Visit.objects.standing().filter(
        household=OuterRef("pk"),
        region=OuterRef("region"),
        counts=True,
        visited_on__lte=on,
    )
    last = Subquery(counted.order_by("-visited_on").values("visited_on")[:1])
    homes = Household.objects.filter(pk__in=households).annotate(last=last)
    return homes.order_by().values_list("pk", "last")


def _grouped(pairs: Iterable[tuple[int, T | None]]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for household, value in pairs:
        if value is not None:
            grouped[household].append(value)
    return grouped


def _span(first: dt.date, end: dt.date | None) -> rules.Span | None:
    """Return the days from `first` to the day before `end`; None if there are none."""
    if end is None:
        return rules.Span(first)
    return rules.Span(first, end - ONE_DAY) if end > first else None
