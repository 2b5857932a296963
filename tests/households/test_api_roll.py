"""The roll of households for other programs: by the forms and services of the page."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessEntry, Action
from households.models import CategoryTag, Household
from regions.models import VillagerGroup
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.rolls import (
    ID_NUMBERS,
    Rolls,
    changes,
    holder,
    statements,
)

JSON = "application/json"
URL = "/api/v1/households/"


def url_of(household: Household, part: str = "") -> str:
    """Return the address of a household."""
    return f"{URL}{household.pk}/{part}"


def entry(**more: Any) -> dict[str, Any]:
    """Return the body that enters a household of a group that is not there yet."""
    return {
        "region": VILLAGE,
        "head": "申大明",
        "group_number": 9,
        "members": 4,
        "residents": 2,
        "id_number": ID_NUMBERS[0],
        "phone": "13912345678",
        "registered_on": today().isoformat(),
        "categories": ["dibao"],
        "source": "低保名单",
    } | more


def post(client: Client, url: str, body: Any = None) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body or {}, content_type=JSON)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 36),
        ({"contact": "no"}, 2),
        ({"representative": "周静霞"}, 3),
        ({"group": 2}, 8),
        ({"category": "*"}, 0),
        ({"status": "moved"}, 0),
        ({"q": "无联系甲", "place": str(VILLAGE)}, 1),
    ],
)
def test_the_list_is_narrowed_as_on_the_page(
    asked: dict[str, Any], count: int, cast: Cast, rolls: Rolls
) -> None:
    answer = signed_in(cast.township_staff).get(URL, asked)
    assert answer.json()["count"] == count


def test_the_list_says_who_looks_after_whom_and_takes_the_same_statements(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    [row] = client.get(URL, {"q": "赵家周3"}).json()["results"]
    assert row["representative"] == rolls.people["周静霞"].pk
    assert (row["group_number"], row["phone"], row["categories"]) == (3, None, [])
    before = statements(client, URL)
    assert statements(client, f"{URL}?q=赵家周3&sort=-members") == before


def test_a_household_is_entered_with_its_group_category_and_contact(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    body = entry(representative=rolls.people["周静霞"].pk)
    made = post(client, URL, body)
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    said = made.json()
    assert ID_NUMBERS[0] not in made.content.decode()
    assert (said["phone"], said["group_number"]) == ("139****5678", 9)
    assert (said["categories"], said["tags"][0]["source"]) == (["dibao"], "低保名单")
    with at(cast.clerk):
        row = Household.objects.get(head="申大明")
        assert holder(row) == "周静霞"
        assert changes(row, "insert")[0].user == cast.clerk.user_id
    again = post(client, URL, entry(group_number=8))
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    with at(cast.clerk):
        # nothing of what is refused stays
        assert not VillagerGroup.objects.filter(number=8).exists()


def test_what_the_page_refuses_the_api_refuses_in_the_same_words(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    more = post(client, URL, entry(residents=9))
    assert "常住人口不能多于人口" in str(more.json()["fields"]["residents"])
    late = post(client, URL, entry(registered_on="2100-01-01"))
    assert "不能晚于今天" in str(late.json()["fields"]["registered_on"])
    kind = post(client, URL, entry(categories=["nobody"]))
    assert "categories" in kind.json()["fields"]


def test_an_edit_changes_what_was_sent_and_of_two_the_second_is_told(
    cast: Cast, rolls: Rolls
) -> None:
    client, row = signed_in(cast.clerk), rolls.households["无联系甲"]
    body = {"is_away": True, "group_number": 1, "phone": "13912345678", "version": 1}
    done = client.patch(url_of(row), body, content_type=JSON)
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    said = done.json()
    assert (said["is_away"], said["group_number"], said["members"]) == (True, 1, 4)
    assert (said["phone"], said["version"]) == ("139****5678", 2)
    stale = client.patch(url_of(row), body | {"members": 9}, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    unknown = client.patch(url_of(row), {"group_number": 77}, content_type=JSON)
    assert "没有 77 组" in str(unknown.json()["fields"])
    with at(cast.clerk):
        assert len(changes(row)) == 1


def test_categories_begin_and_end_and_labels_are_written(
    cast: Cast, rolls: Rolls
) -> None:
    client, row = signed_in(cast.clerk), rolls.held_by("周静霞")[0]
    day = today().isoformat()
    begun = {"categories": ["dibao", "disability"], "on": day, "source": "第 3 批"}
    done = post(client, url_of(row, "categories/"), begun)
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    assert sorted(done.json()["categories"]) == ["dibao", "disability"]
    ended = post(client, url_of(row, "categories/"), {"categories": [], "on": day})
    assert ended.json()["categories"] == []
    with at(cast.clerk):
        assert CategoryTag.objects.filter(household=row, ended_on=today()).count() == 2
    labels = {"party_member": "申党员", "grid": "第一网格"}
    labelled = post(client, url_of(row, "labels/"), labels).json()["links"]
    assert [one["party_member"] for one in labelled] == ["申党员"]
    alone = rolls.households["无联系甲"]
    assert post(client, url_of(alone, "labels/"), labels).status_code == 404


def test_a_whole_number_is_shown_for_a_reason_and_logged(
    cast: Cast, rolls: Rolls
) -> None:
    client, row = signed_in(cast.clerk), rolls.households["无联系甲"]
    client.patch(url_of(row), {"phone": "13912345678"}, content_type=JSON)
    asked = {"field": "phone", "reason": "打电话联系本人"}
    assert post(client, url_of(row, "reveal/"), asked).json()["value"] == "13912345678"
    with at(cast.clerk):
        assert AccessEntry.objects.get(action=Action.REVEALED).reason == asked["reason"]
    staff = signed_in(cast.city_staff)
    assert post(staff, url_of(row, "reveal/"), asked).status_code == 403


def test_the_citys_categories(cast: Cast, rolls: Rolls) -> None:
    city, village = signed_in(cast.city_staff), signed_in(cast.clerk)
    listed = village.get("/api/v1/categories/").json()["results"]
    assert "dibao" in {one["code"] for one in listed}
    made = post(city, "/api/v1/categories/", {"name": "新类别"})
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    url = f"/api/v1/categories/{made.json()['code']}/"
    edit = {"name": "改名类别", "is_key": False, "order": 9, "retired": True}
    done = city.put(url, edit, content_type=JSON)
    assert (done.json()["name"], done.json()["retired_on"]) == ("改名类别", today().isoformat())  # fmt: skip
    twice = city.put(url, edit | {"name": listed[0]["name"]}, content_type=JSON)
    assert (twice.status_code, twice.json()["code"]) == (422, "refused")
    assert post(village, "/api/v1/categories/", {"name": "村里的"}).status_code == 403
    assert village.put(url, edit, content_type=JSON).status_code == 403


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.households["无联系甲"]
    city, other = signed_in(cast.city_staff), signed_in(cast.other_staff)
    assert city.get(url_of(row)).status_code == HTTPStatus.OK
    for part in ("categories/", "labels/", "off-roll/", "offer/"):
        assert post(city, url_of(row, part)).status_code == HTTPStatus.FORBIDDEN
        assert post(other, url_of(row, part)).status_code == HTTPStatus.NOT_FOUND
    assert city.patch(url_of(row), {}, content_type=JSON).status_code == 403
    assert other.patch(url_of(row), {}, content_type=JSON).status_code == 404
    assert other.get(URL).json()["count"] == 0
    foreign = post(other, URL, entry())
    assert "不在您的管理范围内" in str(foreign.json()["fields"]["region"])
