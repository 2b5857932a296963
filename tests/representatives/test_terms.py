"""The end of a term: what is due before it, by village and above."""

import datetime as dt

import pytest

from representatives.models import ByElection, CommitteeTerm, Mandate, Vacancy
from representatives.rules.terms import NEAR_DAYS, TermFacts, due_before_end
from representatives.terms import facts_of
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import today, yesterday
from tests.elections import started
from tests.rolls import Rolls, set_up_sibling, statements, text_of

DAY = dt.date(2026, 6, 1)
FAR, NEAR = DAY + dt.timedelta(days=NEAR_DAYS + 1), DAY + dt.timedelta(days=NEAR_DAYS)
PAST = DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        (TermFacts(None), ("录入本届届期，代表的任期按它算",)),
        (TermFacts(FAR), ()),
        (TermFacts(FAR, vacant=2), ("2 席出缺，启动补选",)),
        (TermFacts(FAR, running=2), ("办完 2 件补选",)),
        (TermFacts(FAR, vacant=1, running=1), ("办完 1 件补选", "1 席出缺，启动补选")),
        (TermFacts(NEAR), ("定名额，准备换届推选",)),
        (TermFacts(NEAR, has_next=True), ()),
        (
            TermFacts(NEAR, has_next=True, vacant=1),
            ("1 席出缺：现在补选，或者留到换届一起推选",),
        ),
        (TermFacts(FAR, other_until=1), ("1 名代表的任期和届期不一致，核对改正",)),
        (
            TermFacts(PAST, expired=3),
            ("3 名代表任期已满，办理离任", "录入新一届届期"),
        ),
    ],
)
def test_l06_l18_what_is_due_before_a_term_ends(
    facts: TermFacts, due: tuple[str, ...]
) -> None:
    assert due_before_end(facts, DAY) == due


def test_the_page_says_when_a_term_ends_and_what_is_open(
    cast: Cast, rolls: Rolls
) -> None:
    started(cast, rolls)
    with everywhere():
        rolls.mandates["张顺民"].until = rolls.term_ends_on - dt.timedelta(days=1)
        rolls.mandates["张顺民"].save()
    page = text_of(signed_in(cast.township_staff).get(f"/terms/{TOWNSHIP}/"))
    assert "办完 1 件补选" in page
    assert "1 名代表的任期和届期不一致" in page
    assert "没有录入" in page
    village = text_of(signed_in(cast.clerk).get("/terms/", follow=True))
    assert rolls.term_ends_on.isoformat() in village
    assert signed_in(cast.clerk).get(f"/terms/{TOWNSHIP}/").status_code == 404


def test_a_term_that_is_over_stands_in_front(cast: Cast, rolls: Rolls) -> None:
    set_up_sibling()
    with everywhere():
        CommitteeTerm.objects.filter(region=VILLAGE).update(ends_on=yesterday())
    page = signed_in(cast.township_staff).get(f"/terms/{TOWNSHIP}/")
    known = [line for line in page.context["lines"] if line.left is not None]
    assert known[0].village.code == VILLAGE
    assert "已届满" in text_of(page)


def test_the_city_adds_up_and_the_statements_do_not_grow(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.city_staff)
    first = statements(browser, f"/terms/{CITY}/")
    set_up_sibling()
    assert statements(browser, f"/terms/{CITY}/") == first
    sums = browser.get(f"/terms/{CITY}/").context["sums"]
    ours = next(one for one in sums if one.place.code == TOWNSHIP)
    assert len(ours.lines) - ours.unknown == 2


def test_a_seat_is_counted_once_among_what_is_to_be_settled(
    cast: Cast, rolls: Rolls
) -> None:
    started(cast, rolls)  # one of two seats of the constituency
    with everywhere():
        running = ByElection.objects.get()
        end = {"ended_on": yesterday(), "end_cause": "death"}
        Mandate.objects.filter(pk=rolls.mandates["周静霞"].pk).update(**end)
        Vacancy.objects.create(
            region_id=VILLAGE,
            by_election=running,
            seat=rolls.seats[3, 1],
            since=yesterday(),
            evidence="死亡证明",
        )
        Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(**end)
        Mandate.objects.filter(pk=rolls.mandates["申秋云"].pk).update(until=yesterday())
        facts = facts_of(rolls.village, today())[VILLAGE]
    assert (facts.running, facts.vacant, facts.expired) == (1, 1, 1)
    assert due_before_end(facts, today()) == (
        "1 名代表任期已满，办理离任",
        "办完 1 件补选",
        "1 席出缺，启动补选",
    )
