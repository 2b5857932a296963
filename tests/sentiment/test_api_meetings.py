"""恳谈会 and 民情分析会 for other programs: the pages' services, said in codes."""

import uuid
from http import HTTPStatus
from typing import Any

from django.test import Client

from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls
from tests.sentiment.meetings import begun, decided, heard, met, month

JSON = "application/json"


def put(client: Client, number: uuid.UUID, body: dict[str, Any]) -> Any:
    return client.put(f"/api/v1/talks/{number}/", body, content_type=JSON)


def test_a_talk_is_kept_once_under_the_callers_id(cast: Cast, rolls: Rolls) -> None:
    client, number = signed_in(cast.clerk), uuid.uuid4()
    home = rolls.held_by("张顺民")[0]
    body = {
        "representative": rolls.people["张顺民"].pk,
        "held_on": today().isoformat(),
        "place": "村部",
        "topics": "用水",
        "present": [home.pk],
        "opinions": [{"words": "水管漏水", "household": home.pk}],
    }
    assert put(client, number, body).status_code == HTTPStatus.CREATED
    again = put(client, number, body)
    assert again.status_code == HTTPStatus.OK
    assert again.json()["present"] == [home.pk]
    assert len(again.json()["issues"]) == 1
    other = put(client, number, body | {"place": "别处"})
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    refused = put(client, uuid.uuid4(), body | {"present": []})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    listed = client.get("/api/v1/talks/").json()
    assert [one["id"] for one in listed["results"]] == [str(number)]
    gone = client.post(
        f"/api/v1/talks/{number}/withdraw/", {"reason": "记错"}, content_type=JSON
    )
    assert gone.json()["withdrawal"] == "记错"
    assert put(signed_in(cast.township_staff), uuid.uuid4(), body).status_code == 403


def test_a_review_is_begun_submitted_and_returned(cast: Cast, rolls: Rolls) -> None:
    heard(rolls, cast.clerk, "水管漏水")
    client, boss = signed_in(cast.secretary), signed_in(cast.township_staff)
    made = client.post("/api/v1/reviews/", {"month": today()}, content_type=JSON)
    assert made.json()["month"] == month().isoformat()
    review = begun(cast.secretary)
    url = f"/api/v1/reviews/{review.pk}/"
    early = client.post(f"{url}submit/", {"version": review.version}, content_type=JSON)
    assert "还没有研判" in early.json()["message"]
    decided(cast.secretary, review)
    met(cast.secretary, review)
    stale = client.post(f"{url}submit/", {"version": 1}, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    with at(cast.secretary):
        review.refresh_from_db()
    done = client.post(f"{url}submit/", {"version": review.version}, content_type=JSON)
    assert done.json()["state"] == "submitted"
    assert boss.get(url).json()["items"][0]["decision"] == "village"
    back = boss.post(f"{url}return/", {"reason": "缺签到"}, content_type=JSON)
    assert back.json()["return_reason"] == "缺签到"
    twice = boss.post(f"{url}return/", {"reason": "再退"}, content_type=JSON)
    assert twice.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
