"""主题党日 for other programs: by the form and services of the page."""

from http import HTTPStatus
from typing import Any

from django.test import Client

from sentiment.models import PartyDay
from tests.cast import Cast, at, signed_in
from tests.days import today, yesterday
from tests.rolls import Rolls, changes, statements
from visits.models import Visit

JSON = "application/json"
URL = "/api/v1/party-days/"


def post(client: Client, url: str = URL, **body: Any) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body, content_type=JSON)


def held(**more: Any) -> dict[str, Any]:
    """Return the body of a day."""
    return {"held_on": today().isoformat(), "lesson": "学党章", "present": 20} | more


def test_a_day_is_kept_once_and_corrected(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    made = post(client, **held())
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    other = post(client, **held(lesson="别的"))
    assert (other.status_code, other.json()["code"]) == (422, "refused")
    url = f"{URL}{made.json()['id']}/"
    body = held(film="老片子", version=1)
    done = client.put(url, body, content_type=JSON)
    assert (done.status_code, done.json()["film"]) == (200, "老片子")
    stale = client.put(url, body, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    nothing = client.put(url, body | {"lesson": "", "film": ""}, content_type=JSON)
    assert "至少填一样" in str(nothing.json()["fields"]["lesson"])
    with at(cast.clerk):
        day = PartyDay.objects.get()
        assert day.entered_by == cast.clerk.user
        assert [one.user for one in changes(day)] == [cast.clerk.user_id]


def test_the_visits_of_the_afternoon_count_once(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    day = post(client, **held()).json()["id"]
    first, second, *_ = rolls.held_by("周静霞")
    seen = [{"household": first.pk}, {"household": second.pk, "words": "水管漏水"}]
    for _ in range(2):
        done = post(client, f"{URL}{day}/visits/", seen=seen)
        assert done.status_code == HTTPStatus.OK, done.content.decode()
        assert len(done.json()["visits"]) == 2
    alone = {"household": rolls.households["无联系甲"].pk}
    refused = post(client, f"{URL}{day}/visits/", seen=[alone])
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert "无联系甲家没有记上" in refused.json()["message"]
    with at(cast.clerk):
        assert Visit.objects.filter(visited_on=today()).count() == 2
        assert Visit.objects.get(household=second).for_village


def test_the_list_is_read_above_and_written_by_the_village(
    cast: Cast, rolls: Rolls
) -> None:
    village, township = signed_in(cast.clerk), signed_in(cast.township_staff)
    day = post(village, **held()).json()["id"]
    before = statements(township, URL)
    post(village, **held(held_on=yesterday().isoformat()))
    assert statements(township, URL) == before
    assert township.get(URL).json()["count"] == 2
    assert post(township, **held()).status_code == HTTPStatus.FORBIDDEN
    other = signed_in(cast.other_secretary)
    assert other.get(f"{URL}{day}/").status_code == HTTPStatus.NOT_FOUND
    assert (
        post(
            other, f"{URL}{day}/visits/", seen=[{"household": 987_654_321}]
        ).status_code
        == 404
    )
