"""A place without rolls is told what to do first, one click each, by whoever may do it."""

from typing import Any

import pytest

from households.models import Household
from regions.models import VillagerGroup
from representatives.models import Constituency, Seat
from tests.accounts.pages import words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import today

LINKS = [
    "/imports/templates/representatives/",
    "/imports/new/?kind=representatives",
    "/imports/templates/households/",
    "/imports/new/?kind=households",
]


def seat() -> None:
    """Bring in a roll of representatives."""
    unit = Constituency.objects.create(region_id=VILLAGE, name="1组", mode="households")
    Seat.objects.create(
        region_id=VILLAGE, constituency=unit, number=1, opened_on=today()
    )


def household() -> None:
    """Bring in a roll of households."""
    group = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    Household.objects.create(
        region_id=VILLAGE,
        group=group,
        head="刘桂英",
        registered_on=today(),
    )


@pytest.mark.parametrize("name", ["township_lead", "township_staff", "secretary"])
def test_an_empty_place_offers_both_workbooks_in_one_click_each(
    cast: Cast, name: str
) -> None:
    client = signed_in(getattr(cast, name))
    page = client.get("/")
    html = page.content.decode()
    assert "先做这几步" in words(page)
    assert "走访情况表" not in html
    for link in LINKS:
        assert f'href="{link}"' in html
        assert client.get(link).status_code == 200
    chosen = client.get(LINKS[1]).context["form"]
    assert chosen["kind"].value() == "representatives"


def steps(cast: Cast) -> list[tuple[bool, str]]:
    """Return the township's steps: whether done, and what is offered."""
    board: Any = signed_in(cast.township_lead).get("/").context["board"]
    return [(step.is_done, step.action) for step in board.steps]


def test_the_steps_follow_what_was_brought_in_and_go(cast: Cast) -> None:
    assert steps(cast) == [(False, "导入"), (False, "导入"), (False, "")]
    with everywhere():
        seat()
    assert steps(cast) == [(True, "导入"), (False, "导入"), (False, "")]
    with everywhere():
        household()
    assert steps(cast) == []


def test_whoever_does_not_import_there_is_not_told_to(cast: Cast) -> None:
    client = signed_in(cast.city_lead)
    for code in (CITY, TOWNSHIP):
        assert "先做这几步" not in words(client.get(f"/d/{code}/"))
