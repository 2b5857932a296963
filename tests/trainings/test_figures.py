"""Trainings on the dashboards: each number leads to a list with that many people."""

import pytest

from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, signed_in
from tests.reports.test_dashboard import linked_numbers, rows_of
from tests.rolls import Rolls, set_up, set_up_other
from tests.trainings.stage import held


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the village's rolls; one of four was trained, and nobody elsewhere."""
    rolls = set_up()
    set_up_other()
    held(cast.township_staff, rolls, "张顺民")
    return rolls


@pytest.mark.parametrize(
    ("part", "code", "missing"),
    [("city_lead", CITY, 7), ("township_staff", TOWNSHIP, 3), ("clerk", VILLAGE, 3)],
)
def test_who_waits_is_a_list_with_that_many_people(
    cast: Cast, rolls: Rolls, part: str, code: int, missing: int
) -> None:
    client = signed_in(getattr(cast, part))
    page = client.get(f"/d/{code}/")
    [panel] = [one for one in page.context["board"].panels if one.title == "今年培训"]
    pairs = {pair.label: pair for pair in panel.pairs}
    assert pairs["已训 / 在任"].value == f"1 / {missing + 1}"
    assert pairs["还没参加"].value == pairs["从没参加"].value == str(missing)
    shown = [link for link in linked_numbers(page) if link[1].startswith("/trainings/")]
    assert len(shown) >= 2
    for number, url in shown:
        assert rows_of(client, url) == number, url


def test_what_waits_names_the_pile_to_those_who_hold_trainings(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.township_staff)
    todos = {todo.title: todo for todo in client.get("/").context["board"].todos}
    pile = todos["今年还没参加培训的代表"]
    assert pile.count == rows_of(client, pile.url) == 3


def test_a_persons_page_says_whether_he_was_trained(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    for name, words in (("张顺民", "参加过"), ("李红英", "还没参加")):
        page = client.get(f"/d/{VILLAGE}/people/{rolls.people[name].pk}/")
        html = page.content.decode()
        assert "今年培训" in html, name
        assert words in html
