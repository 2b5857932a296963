"""At the turn of a year: what of the last one is still begun."""

import pytest

from evaluations.models import RatingRound
from evaluations.rules.schemes import Scope
from evaluations.services import schemes
from tests.cast import Cast, at, signed_in
from tests.days import this_year, today
from tests.rolls import Rolls


def test_the_last_round_of_a_year_is_begun_after_it(cast: Cast, rolls: Rolls) -> None:
    with at(cast.city_staff):
        last = schemes.use_recommended(
            year=this_year() - 1, scope=Scope.HOUSEHOLD, on=today(), by=cast.city_staff
        )
        schemes.put_in_force(
            scheme=last, version=last.version, on=today(), by=cast.city_staff
        )
    browser = signed_in(cast.clerk)
    [(number, title, year), *_] = browser.get("/ratings/").context["offers"]
    assert (number, title) == (4, f"{this_year() - 1}年第4季度")
    page = browser.get("/ratings/").content.decode()
    assert f'name="year" value="{year}"' in page
    made = browser.post("/ratings/begin/", {"number": number, "year": year})
    with at(cast.clerk):
        row = RatingRound.objects.get()
        assert made["Location"] == row.get_absolute_url()
        assert (row.year, row.number) == (this_year() - 1, 4)


@pytest.mark.usefixtures("rolls")
def test_a_township_that_has_begun_last_years_villages_sees_them(cast: Cast) -> None:
    year = this_year() - 1
    with at(cast.city_staff):
        last = schemes.use_recommended(
            year=year, scope=Scope.VILLAGE, on=today(), by=cast.city_staff
        )
        schemes.put_in_force(
            scheme=last, version=last.version, on=today(), by=cast.city_staff
        )
    browser = signed_in(cast.township_staff)
    done = browser.post("/village-ratings/begin/", {"year": year}, follow=True)
    assert done.context["year"] == year
    assert done.context["page"].paginator.count
