"""Accounts for other programs: by the forms and services of the pages."""

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import Action, Post, SentOnce, User
from tests.accounts.pages import browser, logged
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import today
from tests.rolls import statements

JSON = "application/json"
URL = "/api/v1/accounts/"
FILLED = {
    "name": "赵 玉兰",
    "phone": "139 0000-2222",
    "role": "village_clerk",
    "region": VILLAGE,
}


@pytest.fixture
def lead(cast: Cast) -> Client:
    """Return the browser of the township's lead."""
    return signed_in(cast.township_lead)


def post(client: Client, url: str, body: Any = None, **headers: str) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body or {}, content_type=JSON, headers=headers)


def url_of(post: Post, part: str = "") -> str:
    """Return the address of the account behind a post."""
    return f"{URL}{post.user_id}/{part}"


def test_accounts_of_the_range_are_listed_and_narrowed(
    cast: Cast, lead: Client
) -> None:
    rows = lead.get(URL).json()["results"]
    found = {one["username"] for one in rows}
    assert {"secretary", "clerk"} <= found
    assert "other_secretary" not in found
    [clerk] = lead.get(URL, {"role": "village_clerk"}).json()["results"]
    assert (clerk["posts"][0]["region"], clerk["state"]) == (VILLAGE, "正常")
    assert "password" not in {name for name in clerk if name != "must_change_password"}
    whole = statements(lead, URL)
    assert statements(lead, f"{URL}?role=village_clerk") == whole


def test_an_account_is_opened_and_its_password_told_once(
    cast: Cast, lead: Client
) -> None:
    made = post(lead, URL, FILLED, **{"Idempotency-Key": "zhao"})
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    said = made.json()
    assert said["username"] == "zhaoyulan"
    again = post(lead, URL, FILLED, **{"Idempotency-Key": "zhao"})
    assert again.json() == said | {"initial_password": None}
    assert said["initial_password"] not in str(SentOnce.objects.get(key="zhao").answer)
    detail = lead.get(f"{URL}{said['id']}/")
    assert said["initial_password"] not in detail.content.decode()
    assert (detail.json()["phone"], detail.json()["state"]) == ("139****2222", "初始密码没改")  # fmt: skip
    assert User.objects.get(pk=said["id"]).check_password(said["initial_password"])
    assert [entry.subject for entry in logged(Action.ACCOUNT_OPENED)] == ["赵玉兰（zhaoyulan）"]  # fmt: skip
    taken = post(lead, URL, FILLED | {"username": "zhaoyulan", "phone": ""})
    assert (taken.status_code, taken.json()["code"]) == (422, "refused")


def test_what_the_page_refuses_the_api_refuses_in_the_same_words(
    cast: Cast, lead: Client
) -> None:
    short = post(lead, URL, FILLED | {"phone": "12345"})
    assert "手机号要 11 位数字" in str(short.json()["fields"]["phone"])
    level = post(lead, URL, FILLED | {"region": TOWNSHIP})
    assert "要任在" in str(level.json()["fields"]["place"])
    above = post(lead, URL, FILLED | {"role": "city_staff"})
    assert "role" in above.json()["fields"]
    foreign = post(lead, URL, FILLED | {"region": OTHER_TOWNSHIP})
    assert "管理的范围内没有" in str(foreign.json()["fields"]["place"])


def test_an_account_is_closed_opened_unlocked_and_reset(
    cast: Cast, lead: Client
) -> None:
    url = url_of(cast.clerk)
    assert post(lead, f"{url}close/").json()["is_active"] is False
    assert post(lead, f"{url}reopen/").json()["is_active"] is True
    assert post(lead, f"{url}unlock/").status_code == HTTPStatus.OK
    assert post(lead, f"{url}second-factor/").json()["second_factor"] is False
    told = post(lead, f"{url}password/", **{"Idempotency-Key": "reset"}).json()
    assert told["username"] == "clerk"
    again = post(lead, f"{url}password/", **{"Idempotency-Key": "reset"}).json()
    assert again["initial_password"] is None
    browser("clerk", told["initial_password"])
    done = [Action.ACCOUNT_CLOSED, Action.ACCOUNT_OPENED, Action.UNLOCKED]
    done += [Action.SECOND_FACTOR, Action.PASSWORD_RESET]
    found = [entry for entry in logged() if entry.action in done]
    assert [entry.action for entry in found] == done
    assert {entry.user_id for entry in found} == {cast.township_lead.user_id}


def test_a_post_is_given_and_ended(cast: Cast, lead: Client) -> None:
    day = today()
    body = {"role": "village_secretary", "region": VILLAGE, "on": day.isoformat()}
    given = post(lead, url_of(cast.clerk, "posts/"), body)
    assert given.status_code == HTTPStatus.CREATED, given.content.decode()
    roles = {one["role"] for one in given.json()["posts"]}
    assert roles == {"village_clerk", "village_secretary"}
    twice = post(lead, url_of(cast.clerk, "posts/"), body)
    assert (twice.status_code, twice.json()["code"]) == (422, "refused")
    past = body | {"on": (day - dt.timedelta(days=1)).isoformat()}
    early = post(lead, url_of(cast.clerk, "posts/"), past)
    assert "不能早于今天" in str(early.json()["fields"]["on"])
    ended = post(lead, url_of(cast.clerk, f"posts/{cast.clerk.pk}/end/"))
    assert ended.status_code == HTTPStatus.OK, ended.content.decode()
    with everywhere():
        row = Post.objects.get(pk=cast.clerk.pk)
        assert (row.ended_on, row.ended_by) == (day, cast.township_lead.user)
    assert [entry.user_id for entry in logged(Action.POST_ENDED)] == [cast.township_lead.user_id]  # fmt: skip
    late = post(lead, url_of(cast.clerk, f"posts/{cast.clerk.pk}/end/"))
    assert (late.status_code, late.json()["code"]) == (422, "refused")


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, lead: Client
) -> None:
    staff, secretary = signed_in(cast.township_staff), signed_in(cast.secretary)
    assert staff.get(URL).status_code == HTTPStatus.FORBIDDEN
    assert post(staff, URL, FILLED).status_code == HTTPStatus.FORBIDDEN
    foreign = url_of(cast.other_secretary)
    assert lead.get(foreign).status_code == HTTPStatus.NOT_FOUND
    for part in ("close/", "password/", "posts/"):
        assert post(lead, f"{foreign}{part}").status_code == HTTPStatus.NOT_FOUND
    mine = post(secretary, url_of(cast.secretary, "password/"))
    assert (mine.status_code, mine.json()["code"]) == (403, "not_yours")
    own = url_of(cast.secretary, f"posts/{cast.secretary.pk}/end/")
    assert post(secretary, own).status_code == HTTPStatus.FORBIDDEN
    assert not logged(Action.PASSWORD_RESET)


def test_name_and_phone_are_corrected_as_on_the_page(cast: Cast, lead: Client) -> None:
    url = url_of(cast.clerk)
    done = lead.patch(url, {"name": "申新秀", "phone": "13900004444"}, JSON)
    alone = lead.patch(url, {"phone": "13900006666"}, JSON)
    short = lead.patch(url, {"phone": "139"}, JSON)
    outside = lead.patch(url_of(cast.other_staff), {"name": "某某"}, JSON)

    assert (done.status_code, done.json()["name"]) == (HTTPStatus.OK, "申新秀")
    assert "4444" in done.json()["phone"]
    assert "13900004444" not in done.content.decode()
    assert (alone.json()["name"], alone.json()["phone"][-4:]) == ("申新秀", "6666")
    assert short.status_code == HTTPStatus.BAD_REQUEST
    assert outside.status_code == HTTPStatus.NOT_FOUND
