"""五必访、五必记: offered once the city has switched one on, kept in its words."""

import uuid

import pytest

from accounts.models import RowChange
from tests.accounts.pages import words
from tests.cast import Cast, everywhere, signed_in
from tests.days import days_ago, today
from tests.visits.stage import Walker, body, make_walker
from visits.models import Mark, Visit

LIST = "/visits/marks/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with one household."""
    with everywhere():
        return make_walker("walker", ("刘桂英",), since=days_ago(40))


def test_nothing_is_offered_until_the_city_switches_it_on(
    cast: Cast, walker: Walker
) -> None:
    phone, clerk = signed_in(walker.post), signed_in(cast.clerk)
    desk = f"/visits/desk/{walker.person.pk}/"
    for client, url in ((phone, "/visits/matter/"), (clerk, desk)):
        assert "必访" not in words(client.get(url))
    with everywhere():
        mark = Mark.objects.order_by("pk")[0]
        assert not mark.is_on
    city = signed_in(cast.city_staff)
    sent = {"kind": mark.kind, "name": "老党员必访", "order": 1, "is_on": "on"}
    assert city.post(f"{LIST}{mark.pk}/", {**sent, "name": ""}).status_code == 422
    assert city.post(f"{LIST}{mark.pk}/", sent).status_code == 302
    assert "老党员必访" in words(city.get(LIST))
    for client, url in ((phone, "/visits/matter/"), (clerk, desk)):
        assert "老党员必访" in words(client.get(url))
    with everywhere():
        assert RowChange.objects.filter(table="visits_mark").count() == 1


def test_desk_and_phone_keep_the_words(cast: Cast, walker: Walker) -> None:
    with everywhere():
        Mark.objects.create(kind="visit", name="老党员必访", order=1, is_on=True)
    home, fresh = walker.homes["刘桂英"], str(uuid.uuid4())
    sent = {
        "visited_on": str(today()),
        "numbers": "",
        f"h{home.pk}-id": fresh,
        f"h{home.pk}-seen": "on",
        f"h{home.pk}-marks": "老党员必访",
    }
    desk = signed_in(cast.clerk).post(f"/visits/desk/{walker.person.pk}/", sent)
    assert desk.status_code == 302
    url = f"/api/v1/visits/{uuid.uuid4()}/"
    phone = signed_in(walker.post)
    answer = phone.put(url, body(home, marks=["老党员必访"]), "application/json")
    assert answer.status_code == 201
    with everywhere():
        assert [v.marks for v in Visit.objects.all()] == [["老党员必访"]] * 2


def test_an_item_is_added_once(cast: Cast) -> None:
    city = signed_in(cast.city_staff)
    sent = {"kind": "record", "name": "返乡必记", "order": 9, "is_on": "on"}
    assert city.post(f"{LIST}new/", sent).status_code == 302
    assert city.post(f"{LIST}new/", sent).status_code == 422
    with everywhere():
        assert Mark.objects.filter(name="返乡必记").count() == 1
