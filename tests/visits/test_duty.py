"""The stored due date against the pure rule, on random histories.

One household lives through a random history of links, categories, visits and waivers,
written as the services write them; then the trigger's answer, the set-based one and
`visits.rules` must be the same date.
"""

import datetime as dt
import os
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import Category, CategoryTag, ContactLink, Household
from regions.models import VillagerGroup
from regions.scoping import Scope, scope
from representatives.models import Representative
from tests.cast import TOWNSHIP, VILLAGE, Cast
from tests.days import days_ago, today
from visits import rules
from visits.models import Duty, Policy, Visit, Waiver
from workbooks.loading import Batch, insert_together, reserve_ids

HISTORIES = int(os.environ.get("HISTORIES", "0"))
"""How many random histories a test lives through where its own number is not enough."""
PAST = st.integers(0, 500).map(days_ago)
LENGTH = st.integers(1, 200)


@st.composite
def histories(draw: Any) -> dict[str, Any]:
    """Draw links one after the other, and overlapping categories, waivers, visits."""
    links, day = [], draw(PAST)
    for _ in range(draw(st.integers(1, 3))):
        end = day + dt.timedelta(days=draw(LENGTH))
        links.append((day, end))
        day = end + dt.timedelta(days=draw(st.sampled_from([0, 0, 1, 20])))
    if draw(st.booleans()):
        links[-1] = (links[-1][0], None)
    spans = st.tuples(PAST, st.one_of(st.none(), LENGTH))
    return {
        "links": [span for span in links if span[0] <= today()],
        "tags": draw(st.lists(spans, max_size=2)),
        "visits": draw(st.lists(PAST, max_size=4)),
        "waivers": draw(st.lists(st.tuples(PAST, LENGTH), max_size=1)),
    }


@pytest.fixture
def stage(cast: Cast) -> Any:
    """Open our township's scope with a group, a representative and two categories."""
    with scope(Scope(TOWNSHIP, TOWNSHIP + 1000, user=cast.clerk.user_id)):
        group = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        person = Representative.objects.create(region_id=VILLAGE, name="张顺民")
        codes = list(Category.objects.order_by("order").values_list("code", flat=True))
        yield group, person, codes, cast.clerk.user


@settings(
    max_examples=HISTORIES or 150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories())
def test_stored_due_date_is_the_rules_due_date(stage: Any, history: Any) -> None:
    group, person, codes, user = stage
    household = Household.objects.create(
        region_id=VILLAGE, group=group, head="刘桂英", registered_on=dt.date(2022, 1, 1)
    )
    live_through(household, person, codes, user, history)

    stored = Duty.objects.get(household=household)
    facts = as_facts(household)

    assert stored.due_on == rules.due_on(facts, today())
    assert stored.cadence == rules.cadence_on(facts, today())
    assert stored.is_key == bool(rules.key_categories(facts, today()))
    assert stored.last_visit_on == rules.last_visit_on(facts, today())
    assert refreshed([household.pk]) == 0, "the set-based answer differs"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_household_link_and_category_of_one_statement_are_judged_together(
    stage: Any, order: tuple[int, int, int]
) -> None:
    group, person, codes, user = stage
    (pk,) = reserve_ids(Household, 1)
    since, known = dt.date(2022, 1, 1), ("region_code", "household_id", "started_on")
    home = Household(
        pk=pk, region_id=VILLAGE, group=group, head="刘桂英", registered_on=since
    )
    names = [f.column for f in Household._meta.local_concrete_fields]
    values = [[home.__dict__[f.attname] for f in Household._meta.local_concrete_fields]]
    linked = (*known, "representative_id", "entered_by_id", "end_reason")
    linked += ("party_member", "patch", "neighbourhood", "grid")
    link = (VILLAGE, pk, since, person.pk, user.pk, *[""] * 5)
    tagged = (VILLAGE, pk, since, codes[0], "")
    batches = (
        Batch(ContactLink, linked, [link]),
        Batch(CategoryTag, (*known, "category_id", "source"), [tagged]),
        Batch(Household, names, values),
    )

    assert insert_together(*(batches[n] for n in order)) == 3

    duty = Duty.objects.get(household=pk)
    assert duty.representative_id == person.pk
    assert duty.due_on == rules.due_on(as_facts(Household.objects.get(pk=pk)), today())
    assert refreshed([pk]) == 0


def live_through(
    household: Household,
    person: Representative,
    codes: list[str],
    user: Any,
    history: Any,
) -> None:
    """Write the history row by row, in the order it was drawn."""
    for first, last in history["links"]:
        ContactLink.objects.create(
            region_id=VILLAGE,
            household=household,
            representative=person,
            started_on=first,
            ended_on=last,
            end_reason="reassigned" if last else "",
        )
    for code, (first, days) in zip(codes, history["tags"], strict=False):
        CategoryTag.objects.create(
            region_id=VILLAGE,
            household=household,
            category_id=code,
            started_on=first,
            ended_on=first + dt.timedelta(days=days) if days else None,
        )
    for day in history["visits"]:
        visit(household, person, user, day)
    for first, days in history["waivers"]:
        Waiver.objects.create(
            region_id=VILLAGE,
            household=household,
            first=first,
            last=first + dt.timedelta(days=days),
            reason="hospital",
            entered_by=user,
        )


def visit(
    household: Household, person: Representative, user: Any, day: dt.date
) -> None:
    """Record one visit at the door."""
    Visit.objects.create(
        id=uuid.uuid4(),
        region_id=VILLAGE,
        household=household,
        representative=person,
        visited_on=day,
        counts=True,
        entered_by=user,
        captured_at=timezone.now(),
        received_at=timezone.now(),
        fingerprint="",
    )


def as_facts(household: Household) -> rules.Facts:
    """Return the household's rows as the pure rule wants them."""
    return rules.Facts(
        links=tuple(
            span
            for link in household.links.all()
            if (span := half_open(link.started_on, link.ended_on))
        ),
        policies=tuple(
            rules.Policy(
                policy.effective_from,
                rules.Cadence(policy.cadence),
                {code: rules.Cadence(c) for code, c in policy.categories.items()},
            )
            for policy in Policy.objects.all()
        ),
        visits=tuple(household.visits.values_list("visited_on", flat=True)),
        categories=tuple(
            rules.Category(tag.category_id, "", span)
            for tag in household.tags.all()
            if (span := half_open(tag.started_on, tag.ended_on))
        ),
        waivers=tuple(
            rules.Waiver(w.first, w.last, w.reason) for w in household.waivers.all()
        ),
    )


def half_open(first: dt.date, end: dt.date | None) -> rules.Span | None:
    """Return the days from `first` to the day before `end`; None if there are none."""
    if end is None:
        return rules.Span(first)
    return rules.Span(first, end - dt.timedelta(days=1)) if end > first else None


def refreshed(ids: list[int]) -> int:
    """Recompute set-based; return how many stored answers it changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT visits_refresh(%s)", [ids])
        return int(cursor.fetchone()[0])
