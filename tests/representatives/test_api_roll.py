"""The roll of representatives for other programs: by the forms and services of the page."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessEntry, Action, Post, SentOnce
from attachments.models import Attachment
from representatives.models import Mandate, Representative
from tests.attachments import making
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import ID_NUMBERS, Rolls, changes, statements

JSON = "application/json"
URL = "/api/v1/representatives/"
PHONE = "13800001111"


def person_url(rolls: Rolls, name: str = "张顺民", part: str = "") -> str:
    """Return the address of one of the people."""
    return f"{URL}{rolls.people[name].pk}/{part}"


def names(client: Client, **asked: Any) -> set[str]:
    """Return who is listed under these filters."""
    answer = client.get(URL, asked)
    assert answer.status_code == HTTPStatus.OK
    return {one["name"] for one in answer.json()["results"]}


def enrolment(rolls: Rolls, **more: Any) -> dict[str, Any]:
    """Return the body that enters 申桂英 for the vacant seat of the third group."""
    return {
        "seat": rolls.seats[3, 2].pk,
        "name": "申桂英",
        "id_number": ID_NUMBERS[0],
        "phone": "13912345678",
        "mode": "households",
        "started_on": today().isoformat(),
        "group_number": 3,
        "offices": ["妇女主任"],
    } | more


# --- reading ----------------------------------------------------------------------------


def test_the_roll_is_masked_and_says_how_everybody_stands(
    cast: Cast, rolls: Rolls
) -> None:
    answer = signed_in(cast.clerk).get(URL)
    assert PHONE not in answer.content.decode()
    rows = {one["name"]: one for one in answer.json()["results"]}
    found = rows["张顺民"]
    assert (found["phone"], found["id_number"]) == ("138****1111", None)
    assert (found["households"], found["state"], found["group_number"]) == (
        17,
        "在任",
        1,
    )
    assert found["mandate"]["seat"] == rolls.seats[1, 1].pk
    assert found["mandate"]["until"] == rolls.term_ends_on.isoformat()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "zsm"}, {"张顺民"}),
        ({"load": "over"}, {"张顺民"}),
        ({"load": "under"}, {"周静霞"}),
        ({"sex": "m"}, {"张顺民"}),
        ({"group": 2}, {"申秋云"}),
        ({"state": "left"}, set()),
        ({"place": "430582113219", "group": 3}, {"周静霞"}),
    ],
)
def test_the_list_is_narrowed_as_on_the_page(
    asked: dict[str, Any], found: set[str], cast: Cast, rolls: Rolls
) -> None:
    assert names(signed_in(cast.township_staff), **asked) == found


def test_what_is_no_filter_of_the_page_is_refused_in_its_words(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    answer = client.get(URL, {"state": "asleep"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    foreign = client.get(URL, {"place": "430582102000"})
    assert "管理的范围内没有" in str(foreign.json()["fields"]["place"])


def test_the_list_takes_the_same_statements_however_long_it_is(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    whole = statements(client, URL)
    assert statements(client, f"{URL}?q=zsm") == whole
    assert statements(client, f"{URL}?sort=-load") == whole


# --- writing ----------------------------------------------------------------------------


def test_a_person_is_entered_for_a_vacant_seat(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    made = client.post(URL, enrolment(rolls), content_type=JSON)
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    assert ID_NUMBERS[0] not in made.content.decode()
    said = made.json()
    assert (said["birth_year"], said["group_number"]) == (1956, 3)
    assert (said["mandate"]["until"], said["sign_in"]) == (
        rolls.term_ends_on.isoformat(),
        "none",
    )
    with at(cast.clerk):
        mandate = Mandate.objects.get(seat=rolls.seats[3, 2])
        assert [one.user for one in changes(mandate, "insert")] == [cast.clerk.user_id]
        assert mandate.representative.offices == ["妇女主任"]
    again = client.post(URL, enrolment(rolls), content_type=JSON)
    assert again.status_code == HTTPStatus.BAD_REQUEST
    assert "seat" in again.json()["fields"]


def test_whom_the_page_refuses_the_api_refuses_in_the_same_words(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    young = enrolment(rolls, id_number="", birth_year=today().year - 9)
    answer = client.post(URL, young, content_type=JSON)
    assert (answer.status_code, "18" in answer.content.decode()) == (400, True)
    nowhere = client.post(URL, enrolment(rolls, group_number=9), content_type=JSON)
    assert "长冲口村没有 9 组" in str(nowhere.json()["fields"]["group_number"])
    taken = {"seat": rolls.seats[1, 1].pk}
    assert client.post(URL, enrolment(rolls, **taken), content_type=JSON).status_code == 400  # fmt: skip
    with at(cast.clerk):
        assert not Representative.objects.filter(name="申桂英").exists()


def test_an_edit_changes_what_was_sent_and_nothing_else(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), person_url(rolls)
    body = {"offices": ["护林员", "组长"], "group_number": 2, "version": 1}
    answer = client.patch(url, body, content_type=JSON)
    assert answer.status_code == HTTPStatus.OK, answer.content.decode()
    said = answer.json()
    assert (said["version"], said["offices"], said["group_number"]) == (2, ["护林员", "组长"], 2)  # fmt: skip
    assert (said["sex"], said["phone"], said["birth_year"]) == (
        "m",
        "138****1111",
        1968,
    )
    with at(cast.clerk):
        [change] = changes(rolls.people["张顺民"])
        assert change.user == cast.clerk.user_id
    cleared = client.patch(url, {"phone": "", "group_number": None}, content_type=JSON)
    assert (cleared.json()["phone"], cleared.json()["group_number"]) == (None, None)
    assert client.patch(url, {}, content_type=JSON).json()["version"] == 3


def test_of_two_who_edit_the_second_is_told(cast: Cast, rolls: Rolls) -> None:
    client, url = signed_in(cast.clerk), person_url(rolls)
    tag = client.get(url).headers["ETag"]
    first = client.patch(url, {"remark": "一", "version": 1}, content_type=JSON)
    assert first.status_code == HTTPStatus.OK
    stale = client.patch(url, {"remark": "二", "version": 1}, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    seen = client.patch(url, {"remark": "三"}, content_type=JSON, headers={"If-Match": tag})  # fmt: skip
    assert (seen.status_code, seen.json()["code"]) == (412, "changed")
    assert client.get(url).json()["remark"] == "一"


def test_a_tag_is_of_what_is_said_however_it_is_laid_out(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), person_url(rolls)
    wide = client.get(url, headers={"Accept": "application/json; indent=4"})
    assert b"\n    " in wide.content
    assert wide.headers["ETag"] == client.get(url).headers["ETag"]
    tag = {"If-Match": wide.headers["ETag"]}
    first = client.patch(url, {"remark": "一"}, content_type=JSON, headers=tag)
    assert first.status_code == HTTPStatus.OK
    late = client.patch(url, {"remark": "二"}, content_type=JSON, headers=tag)
    assert late.status_code == 412


# --- numbers and passwords --------------------------------------------------------------


def test_a_whole_number_is_shown_for_a_reason_and_logged(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), person_url(rolls, part="reveal/")
    body = {"field": "phone", "reason": "打电话联系本人"}
    key = {"Idempotency-Key": "once"}
    answer = client.post(url, body, content_type=JSON, headers=key)
    assert answer.json() == {"value": PHONE}
    again = client.post(url, body, content_type=JSON, headers=key)
    assert again.json() == {"value": None}
    assert PHONE not in str(SentOnce.objects.get(key="once").answer)
    with at(cast.clerk):
        entry = AccessEntry.objects.get(action=Action.REVEALED)
        assert (entry.subject, entry.reason) == ("张顺民 联系电话", "打电话联系本人")
        assert entry.path == url
    nothing = client.post(url, body | {"field": "id_number"}, content_type=JSON)
    assert nothing.status_code == HTTPStatus.NOT_FOUND
    silent = client.post(url, body | {"reason": ""}, content_type=JSON)
    assert silent.status_code == HTTPStatus.BAD_REQUEST


def test_an_initial_password_is_told_once(cast: Cast, rolls: Rolls) -> None:
    client, url = signed_in(cast.secretary), person_url(rolls, part="account/")
    body = {"username": "zhangshunmin"}
    key = {"Idempotency-Key": "open"}
    made = client.post(url, body, content_type=JSON, headers=key)
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    password = made.json()["initial_password"]
    again = client.post(url, body, content_type=JSON, headers=key)
    assert (again.status_code, again.json()["initial_password"]) == (201, None)
    assert password not in str(SentOnce.objects.get(key="open").answer)
    with everywhere():
        user = Representative.objects.get(name="张顺民").user
        assert user is not None
        assert user.check_password(password)
        assert Post.objects.get(user=user).narrowed_to == rolls.people["张顺民"].pk
    assert client.get(person_url(rolls)).json()["sign_in"] == "open"
    twice = client.post(url, body, content_type=JSON)
    assert (twice.status_code, twice.json()["code"]) == (422, "refused")


def test_a_photo_is_put_in_the_place_of_another_and_taken_off(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), person_url(rolls, part="photo/")
    kind = "application/octet-stream"
    done = client.put(f"{url}?name=我.jpg", making.camera_picture(), content_type=kind)
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    said = done.json()
    assert (said["version"], said["photo"] is None) == (1, False)
    torn = client.put(url, b"no photo", content_type=kind)
    assert (torn.status_code, torn.json()["code"]) == (422, "refused")
    with at(cast.clerk):
        kept = Attachment.objects.get(pk=said["photo"])
        assert kept.added_by == cast.clerk.user
    assert client.delete(url).json()["photo"] is None
    with at(cast.clerk):
        kept.refresh_from_db()
        assert kept.withdrawn_at is not None
    other = signed_in(cast.other_secretary)
    assert other.delete(url).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(cast.city_staff).delete(url).status_code == HTTPStatus.FORBIDDEN


# --- who may ----------------------------------------------------------------------------


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, rolls: Rolls
) -> None:
    city, other = signed_in(cast.city_staff), signed_in(cast.other_staff)
    edit = {"remark": "不该写上"}
    assert city.get(person_url(rolls)).status_code == HTTPStatus.OK
    assert city.patch(person_url(rolls), edit, content_type=JSON).status_code == 403
    assert city.post(URL, enrolment(rolls), content_type=JSON).status_code == 403
    assert other.get(person_url(rolls)).status_code == HTTPStatus.NOT_FOUND
    assert other.patch(person_url(rolls), edit, content_type=JSON).status_code == 404
    assert other.post(URL, enrolment(rolls), content_type=JSON).status_code == 404
    assert names(other) == set()
    with at(cast.clerk):
        assert not changes(rolls.people["张顺民"])
