"""双约双评 on the dashboard: what waits is what its list shows."""

import datetime as dt

import pytest

from evaluations.models import RatingRound, Scheme
from tests.cast import VILLAGE, Cast, everywhere, signed_in
from tests.reports.test_dashboard import rows_of
from tests.rolls import Rolls, today


@pytest.fixture(scope="module")
def late(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a round whose quarter is long over and that still records."""
    last = today() - dt.timedelta(days=60)
    with everywhere():
        return RatingRound.objects.create(
            region_id=VILLAGE,
            scheme=scheme,
            year=last.year,
            number=1,
            first_day=last - dt.timedelta(days=89),
            last_day=last,
            began_on=last,
            began_by=cast.clerk.user,
        )


@pytest.mark.parametrize("who", ["township_staff", "city_staff"])
def test_a_village_that_is_behind_is_counted_and_listed(
    cast: Cast, late: RatingRound, who: str
) -> None:
    browser = signed_in(getattr(cast, who))
    todos = {todo.title: todo for todo in browser.get("/").context["board"].todos}
    found = todos["评家庭落后的村"]
    assert (found.count, rows_of(browser, found.url)) == (1, 1)
    other = signed_in(cast.other_staff).get("/").context["board"].todos
    assert "评家庭落后的村" not in {todo.title for todo in other}
