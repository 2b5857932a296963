"""Terms, constituencies and seats for other programs: by the services of the pages."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.test import Client

from regions.models import VillagerGroup
from representatives.models import CommitteeTerm, Constituency, Seat, SurveyConfirmation
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, changes, long_ago, statements

JSON = "application/json"
UNITS, SEATS, TERMS = (
    f"/api/v1/{name}/" for name in ("constituencies", "seats", "terms")
)
UNIT = {"region": VILLAGE, "name": "新片", "mode": "households", "seats": 2}


def post(client: Client, url: str, **body: Any) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body, content_type=JSON)


def unit_url(rolls: Rolls, group: int, part: str = "") -> str:
    """Return the address of the constituency of a group."""
    return f"{UNITS}{rolls.units[group].pk}/{part}"


def test_constituencies_are_listed_with_their_seats(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    rows = {one["name"]: one for one in client.get(UNITS).json()["results"]}
    assert (rows["3 组片"]["seat_count"], rows["3 组片"]["filled_count"]) == (2, 1)
    vacant = client.get(SEATS, {"vacant": "yes"}).json()["results"]
    assert [one["id"] for one in vacant] == [rolls.seats[3, 2].pk]
    held = client.get(SEATS, {"constituency": rolls.units[3].pk}).json()["results"]
    assert [one["representative"] for one in held] == [rolls.people["周静霞"].pk, None]
    taken = client.get(SEATS, {"vacant": "no"}).json()
    assert taken["count"] == 4


def test_the_lists_take_the_same_statements(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    before = [statements(client, url) for url in (UNITS, SEATS, TERMS)]
    assert post(client, UNITS, **UNIT).status_code == HTTPStatus.CREATED
    assert [statements(client, url) for url in (UNITS, SEATS, TERMS)] == before


def test_a_constituency_is_set_up_with_a_new_group_or_not_at_all(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    made = post(client, UNITS, **UNIT | {"mode": "group", "group_number": 7})
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    assert (made.json()["group_number"], made.json()["seat_count"]) == (7, 2)
    taken = post(client, UNITS, **UNIT | {"name": "3 组片", "group_number": 8})
    assert (taken.status_code, taken.json()["code"]) == (422, "refused")
    nameless = post(client, UNITS, **UNIT | {"name": "又一片", "mode": "group"})
    assert "小组" in str(nameless.json()["fields"])
    with at(cast.clerk):
        assert not VillagerGroup.objects.filter(number=8).exists()
        unit = Constituency.objects.get(name="新片")
        assert changes(unit, "insert")[0].user == cast.clerk.user_id


def test_a_constituency_is_corrected_gets_seats_and_ends(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    body = {"name": "三组片", "decided_on": "2026-01-05", "decision": "村民会议"}
    done = client.put(unit_url(rolls, 3), body, content_type=JSON)
    assert (done.status_code, done.json()["name"]) == (200, "三组片")
    more = post(client, unit_url(rolls, 3, "seats/"), count=2)
    assert (more.status_code, more.json()["seat_count"]) == (201, 4)
    busy = post(client, unit_url(rolls, 3, "end/"))
    assert (busy.status_code, "还有席位" in busy.json()["message"]) == (422, True)
    seat = post(client, f"{SEATS}{rolls.seats[1, 1].pk}/close/")
    assert (seat.status_code, "离任" in seat.json()["message"]) == (422, True)
    new = post(client, UNITS, **UNIT | {"seats": 1}).json()["id"]
    with at(cast.clerk):
        empty = Seat.objects.get(constituency=new)
    closed = post(client, f"{SEATS}{empty.pk}/close/").json()
    assert closed["closed_on"] == today().isoformat()
    ended = post(client, f"{UNITS}{new}/end/").json()
    assert ended["ended_on"] == today().isoformat()
    with at(cast.clerk):
        assert changes(empty)[0].user == cast.clerk.user_id


def test_a_term_is_recorded_and_corrected(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    starts = rolls.term_ends_on + dt.timedelta(days=1)
    body = {"started_on": starts.isoformat(), "ends_on": "2040-12-31", "members": 5, "women": 2}  # fmt: skip
    made = post(client, TERMS, region=VILLAGE, **body)
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    url = f"{TERMS}{made.json()['id']}/"
    better = client.put(url, body | {"members": 7}, content_type=JSON)
    assert (better.status_code, better.json()["members"]) == (200, 7)
    wrong = client.put(url, body | {"women": 9}, content_type=JSON)
    assert "women" in wrong.json()["fields"]
    overlap = body | {"started_on": long_ago().isoformat()}
    refused = client.put(url, overlap, content_type=JSON)
    assert (refused.status_code, "重叠" in refused.json()["message"]) == (422, True)
    with at(cast.clerk):
        assert CommitteeTerm.objects.get(pk=made.json()["id"]).members == 7


def test_the_township_confirms_the_survey(cast: Cast, rolls: Rolls) -> None:
    client, url = signed_in(cast.township_staff), f"/api/v1/survey/{TOWNSHIP}/"
    before = {one["region"]: one for one in client.get(url).json()}
    assert (before[VILLAGE]["seats"], before[VILLAGE]["vacant"]) == (5, 1)
    assert before[VILLAGE]["confirmed"] is False
    after = {one["region"]: one for one in post(client, url).json()}
    assert after[VILLAGE]["confirmed"] is True
    with at(cast.township_staff):
        row = SurveyConfirmation.objects.get(region=VILLAGE)
        assert row.confirmed_by == cast.township_staff.user
    assert post(signed_in(cast.clerk), f"/api/v1/survey/{VILLAGE}/").status_code == 403


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, rolls: Rolls
) -> None:
    city, other = signed_in(cast.city_staff), signed_in(cast.other_staff)
    assert post(city, UNITS, **UNIT).status_code == HTTPStatus.FORBIDDEN
    assert post(city, unit_url(rolls, 3, "end/")).status_code == HTTPStatus.FORBIDDEN
    assert post(other, unit_url(rolls, 3, "end/")).status_code == HTTPStatus.NOT_FOUND
    foreign = post(other, UNITS, **UNIT)
    assert "不在您的管理范围内" in str(foreign.json()["fields"]["region"])
    elsewhere = signed_in(cast.clerk).get(f"/api/v1/survey/{OTHER_TOWNSHIP}/")
    assert elsewhere.status_code == HTTPStatus.NOT_FOUND
    with at(cast.clerk):
        assert Constituency.objects.current().count() == 3
