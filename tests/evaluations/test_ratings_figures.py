"""双约双评 on the dashboard: what waits is what its list shows."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from evaluations.models import HouseholdRating, RatingRound, Scheme
from tests.cast import TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import days_ago, today
from tests.evaluations import stage
from tests.evaluations.stage import COMPLIANT, MODEL
from tests.reports.test_dashboard import rows_of
from tests.rolls import Rolls


@pytest.fixture(scope="module")
def late(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a round whose quarter is long over and that still records."""
    last = days_ago(60)
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


@pytest.mark.parametrize(("praised", "expected"), [(1, 0), (2, 1)])
def test_an_imported_round_beyond_its_quota_is_counted_and_listed(
    cast: Cast, late: RatingRound, rolls: Rolls, praised: int, expected: int
) -> None:
    homes = rolls.held_by("李红英")[:5]  # a fifth of five is one
    with everywhere():
        late.delete()
        round_ = RatingRound.objects.create(
            region_id=VILLAGE, scheme=late.scheme, year=today().year, number=2,
            first_day=late.first_day, last_day=late.last_day, began_on=today(),
            began_by=cast.clerk.user, is_imported=True, stage="done",
            confirmed_on=today(), filed_on=today(),
        )  # fmt: skip
        best, middle = (stage.tier(round_, name) for name in (MODEL, COMPLIANT))
        HouseholdRating.objects.bulk_create(
            HouseholdRating(
                region_id=VILLAGE, round=round_, household=home, total=100,
                tier=best if nth < praised else middle,
            )
            for nth, home in enumerate(homes)
        )  # fmt: skip
    browser = signed_in(cast.township_staff)
    todos = {todo.title: todo for todo in browser.get("/").context["board"].todos}
    found = todos.get("评家庭名额超过的村")
    assert (found.count if found else 0) == expected
    assert rows_of(browser, "/ratings/?show=over") == expected


def test_another_tab_and_the_export_stay_at_the_place(
    cast: Cast, late: RatingRound
) -> None:
    browser, place = signed_in(cast.city_staff), f"place={TOWNSHIP}"
    page = browser.get(f"/ratings/?show=behind&{place}")
    assert rows_of(browser, "/ratings/") > rows_of(browser, f"/ratings/?{place}")
    every = page.context["segments"][0].url
    assert rows_of(browser, f"/ratings/{every}") == rows_of(
        browser, f"/ratings/?{place}"
    )
    named = urlencode({"place": "魏家桥镇"})
    assert f"?kind=ratings&amp;{named}" in page.content.decode()
