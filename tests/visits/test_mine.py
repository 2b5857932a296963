"""我的: one's own month in one's own words, and nobody else's."""

import datetime as dt

import pytest

from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.visits.stage import Walker, make_home, make_key, make_walker, seen
from visits.models import Visit
from visits.rounds import Month, month_of, round_of

HEADS = ("刘桂英", "张志文", "李小红")


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return the cast's representative: two key households and one that is not."""
    with everywhere():
        return make_walker("walker", HEADS, key=2, post=cast.representative)


def test_own_month_counts_households_and_visits_apart(walker: Walker) -> None:
    day = today()
    with everywhere():
        for head in ("刘桂英", "刘桂英", "李小红"):
            seen(walker, head, day)
        seen(walker, "张志文", day.replace(day=1) - dt.timedelta(days=1))
        Visit.objects.filter(household=walker.homes["李小红"]).update(
            has_matter=True, for_village=True
        )
    with at(walker.post):
        found = round_of(walker.person.pk, day)
        month = month_of(walker.person.pk, day)

    assert (found.monthly, found.quarterly) == ((1, 2), (1, 1))
    assert month == Month(visits=3, matters=1, for_village=1)


def test_page_shows_his_own_and_others_have_the_account_page(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        other = make_walker("other", ("别人家",))
        seen(other, "别人家", today())

    page = signed_in(walker.post).get("/visits/mine/")
    clerk = signed_in(cast.clerk).get("/visits/mine/")

    assert "0 / 2" in page.content.decode()
    assert "记了 0 次" in page.content.decode()
    assert clerk["Location"] == "/accounts/me/"


def test_a_household_that_first_owes_the_next_period_is_not_asked_for_in_this_one(
    walker: Walker,
) -> None:
    """As the dashboards have it: his page says that all is seen, and so does 我的."""
    day = today().replace(day=1) - dt.timedelta(days=10)
    with everywhere():
        for head, is_key in (("新重点户", True), ("新普通户", False)):
            home = make_home(walker.person, head, 7, day)
            if is_key:
                make_key(home, day)
    with at(walker.post):
        found = round_of(walker.person.pk, day)

    assert found.households == len(HEADS) + 2
    assert (found.monthly, found.quarterly) == ((0, 2), (0, 1))
