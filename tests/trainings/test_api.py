"""Trainings for other programs: the pages' services, said in codes."""

import uuid
from http import HTTPStatus
from typing import Any

from django.test import Client

from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, Cast, signed_in
from tests.days import today
from tests.rolls import Rolls, statements
from tests.trainings.stage import held, listed, planned, signs

JSON = "application/json"
BODY = {"host": TOWNSHIP, "topic": "走访怎么走", "place": "镇政府", "hours": 4}


def put(client: Client, number: uuid.UUID, **more: Any) -> Any:
    body = BODY | {"held_on": today().isoformat()} | more
    return client.put(f"/api/v1/trainings/{number}/", body, content_type=JSON)


def test_a_training_is_kept_once_under_the_callers_id(cast: Cast) -> None:
    client, number = signed_in(cast.township_staff), uuid.uuid4()
    assert put(client, number).status_code == HTTPStatus.CREATED
    again = put(client, number)
    assert (again.status_code, again.json()["level"]) == (200, "township_general")
    other = put(client, number, place="别处")
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    refused = put(client, uuid.uuid4(), host=OTHER_TOWNSHIP)
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    listed = client.get("/api/v1/trainings/").json()
    assert [one["id"] for one in listed["results"]] == [str(number)]
    assert put(signed_in(cast.auditor), uuid.uuid4()).status_code == 403


def test_roster_and_sign_in(cast: Cast, rolls: Rolls) -> None:
    training = planned(cast.township_staff)
    client, url = signed_in(cast.township_staff), f"/api/v1/trainings/{training.pk}/"
    people = [rolls.people["张顺民"].pk, rolls.people["李红英"].pk]
    body: dict[str, Any] = {"people": people}
    client.post(f"{url}roster/", body, content_type=JSON)
    listed = client.post(f"{url}roster/", body, content_type=JSON).json()
    assert sorted(one["representative"] for one in listed) == sorted(people)
    ill = {"representative": people[1], "sign": "leave"}
    body = {"version": 1, "marks": [ill]}
    refused = client.post(f"{url}sign-in/", body, content_type=JSON)
    assert "写明原因" in refused.json()["message"]
    body = {"version": 1, "marks": [ill | {"reason": "生病"}]}
    done = client.post(f"{url}sign-in/", body, content_type=JSON)
    assert (done.status_code, done.json()["state"]) == (200, "held")
    stale = client.post(f"{url}sign-in/", body, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert signs(training) == {"张顺民": ("present", ""), "李红英": ("leave", "生病")}


def test_a_mark_of_somebody_who_is_not_on_the_roster_is_refused(
    cast: Cast, rolls: Rolls
) -> None:
    """Else it were lost, and whom it was meant for had come."""
    training = listed(
        cast.township_staff, planned(cast.township_staff), rolls.people["张顺民"]
    )
    mark = {"representative": rolls.people["李红英"].pk, "sign": "absent"}
    refused = signed_in(cast.township_staff).post(
        f"/api/v1/trainings/{training.pk}/sign-in/",
        {"version": 1, "marks": [mark]},
        content_type=JSON,
    )
    assert refused.status_code == 422
    assert "有 1 个不在名单上" in refused.json()["message"]
    assert signs(training) == {"张顺民": ("listed", "")}


def test_a_village_reads_of_its_own_people_only(cast: Cast, rolls: Rolls) -> None:
    training = held(cast.township_staff, rolls, "张顺民")
    clerk = signed_in(cast.clerk)
    [own] = clerk.get("/api/v1/attendances/").json()["results"]
    assert (own["topic"], own["sign"]) == ("走访怎么走", "present")
    for part in ("", "roster/"):
        answer = clerk.get(f"/api/v1/trainings/{training.pk}/{part}")
        assert answer.status_code == HTTPStatus.NOT_FOUND
    other = signed_in(cast.other_staff).get("/api/v1/attendances/").json()
    assert other["results"] == []


def test_the_lists_take_the_same_statements(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.township_staff)
    held(cast.township_staff, rolls, "张顺民")
    urls = ("/api/v1/trainings/", "/api/v1/attendances/")
    before = [statements(client, url) for url in urls]
    held(cast.township_staff, rolls, "张顺民", "李红英")
    assert [statements(client, url) for url in urls] == before


def test_a_training_is_corrected_and_called_off_and_people_taken_off(
    cast: Cast, rolls: Rolls
) -> None:
    training = planned(cast.township_staff)
    client, url = signed_in(cast.township_staff), f"/api/v1/trainings/{training.pk}/"
    body = {"people": [rolls.people["张顺民"].pk]}
    client.post(f"{url}roster/", body, content_type=JSON)
    assert client.delete(f"{url}roster/", body, content_type=JSON).json() == []
    facts = {name: BODY[name] for name in ("topic", "hours")}
    facts |= {"held_on": today().isoformat(), "place": "别处", "version": 1}
    changed = client.patch(url, facts, content_type=JSON)
    assert (changed.status_code, changed.json()["place"]) == (200, "别处")
    stale = client.patch(url, facts, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    reason = {"version": 2, "reason": "下大雪"}
    assert signed_in(cast.auditor).patch(url, facts, content_type=JSON).status_code == 403  # fmt: skip
    gone = client.post(f"{url}cancel/", reason, content_type=JSON)
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
