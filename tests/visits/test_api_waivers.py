"""免访, 催办, the village's desk and the city's lists for other programs."""

import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEntry, Action
from inbox.models import Message
from tests.cast import VILLAGE, Cast, everywhere, signed_in
from tests.days import days_ago, in_days, today
from tests.rolls import changes, statements
from tests.visits.stage import Walker, make_walker, seen
from visits.models import HandedVisit, Mark, Policy, Topic, Urging, Visit, Waiver

JSON = "application/json"
WAIVERS, URGINGS = "/api/v1/waivers/", "/api/v1/urgings/"
HANDED, TOPICS, MARKS = (
    f"/api/v1/{name}/" for name in ("handed-visits", "topics", "marks")
)


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with eight overdue households."""
    with everywhere():
        return make_walker("walker", since=days_ago(400))


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


def post(client: Client, url: str, **body: Any) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body, content_type=JSON)


def asked(walker: Walker, *heads: str, **more: Any) -> dict[str, Any]:
    """Return the body that excuses these households."""
    return {
        "households": [walker.homes[head].pk for head in heads],
        "reason": "away",
        "note": "务工",
        "first": today().isoformat(),
        "last": in_days(100).isoformat(),
    } | more


# --- waivers ----------------------------------------------------------------------------


def test_households_are_excused_all_of_them_or_none(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    made = post(clerk, WAIVERS, **asked(walker, "刘桂英"))
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    both = post(clerk, WAIVERS, **asked(walker, "刘桂英", "李小红"))
    assert (both.status_code, both.json()["code"]) == (422, "refused")
    assert "刘桂英户" in both.json()["message"]
    with everywhere():
        [row] = Waiver.objects.all()
        assert row.entered_by == cast.clerk.user
        assert changes(row, "insert")[0].user == cast.clerk.user_id
    before = statements(clerk, WAIVERS)
    post(clerk, WAIVERS, **asked(walker, "李小红"))
    listed = clerk.get(WAIVERS, {"reason": "away"}).json()
    assert (listed["count"], statements(clerk, WAIVERS)) == (2, before)
    assert clerk.get(WAIVERS, {"state": "ended"}).json()["count"] == 0


def test_what_the_page_refuses_the_api_refuses_in_the_same_words(
    walker: Walker, clerk: Client
) -> None:
    silent = post(clerk, WAIVERS, **asked(walker, "刘桂英", reason="other", note=""))
    assert "要写明为什么" in str(silent.json()["fields"]["note"])
    last = in_days(400).isoformat()
    long = post(clerk, WAIVERS, **asked(walker, "刘桂英", last=last))
    assert "最长 6 个月" in long.json()["message"]
    nowhere = asked(walker, "刘桂英") | {"households": [987_654_321]}
    assert post(clerk, WAIVERS, **nowhere).status_code == HTTPStatus.NOT_FOUND
    with everywhere():
        assert not Waiver.objects.exists()


def test_a_waiver_ends_early_or_is_taken_back(walker: Walker, clerk: Client) -> None:
    [made] = post(clerk, WAIVERS, **asked(walker, "刘桂英")).json()
    url = f"{WAIVERS}{made['id']}/"
    sooner = in_days(9).isoformat()
    ended = post(clerk, f"{url}end/", last=sooner)
    assert (ended.status_code, ended.json()["last"]) == (200, sooner)
    later = post(clerk, f"{url}end/", last=in_days(100).isoformat())
    assert (later.status_code, later.json()["code"]) == (422, "refused")
    back = post(clerk, f"{url}withdraw/", reason="其实在家")
    assert (back.status_code, back.json()["withdrawal"]) == (200, "其实在家")
    again = post(clerk, f"{url}withdraw/", reason="其实在家")
    assert (again.status_code, again.json()["code"]) == (422, "refused")


# --- urging and the settings ------------------------------------------------------------


def test_villages_are_urged_once_a_day(cast: Cast, walker: Walker) -> None:
    staff = signed_in(cast.township_staff)
    text = "【村】有 【户数】 户，请今天去。"
    told = post(staff, URGINGS, villages=[VILLAGE], text=text)
    assert (told.status_code, told.json()) == (201, {"villages": 1})
    again = post(staff, URGINGS, villages=[VILLAGE])
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    nobody = post(staff, URGINGS, villages=[1])
    assert "没有选中超期的村" in str(nobody.json()["fields"])
    [row] = staff.get(URGINGS).json()["results"]
    assert (row["region"], len(row["households"])) == (VILLAGE, 8)
    with everywhere():
        assert Message.objects.count() == 2
        assert AccessEntry.objects.get(action=Action.URGED).user == cast.township_staff.user  # fmt: skip
        assert Urging.objects.get().text == "长冲口村有 8 户，请今天去。"
    assert post(signed_in(cast.clerk), URGINGS, villages=[VILLAGE]).status_code == 403


def test_everybody_who_visits_reads_the_settings(cast: Cast, walker: Walker) -> None:
    found = signed_in(walker.post).get("/api/v1/policies/").json()["results"]
    with everywhere():
        policy = Policy.objects.order_by("-effective_from")[0]
    assert found[0]["cadence"] == policy.cadence
    assert found[0]["categories"] == policy.categories


# --- the village's desk -----------------------------------------------------------------


def test_a_visit_is_corrected_by_a_new_version(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        visit = seen(walker, "刘桂英", today())
    url = f"/api/v1/visits/{visit.pk}/correct/"
    body = {"visited_on": today().isoformat(), "way": "door", "words": "水管漏水"}
    silent = post(clerk, url, **body)
    assert "reason" in silent.json()["fields"]
    made = post(clerk, url, **body, reason="内容记错了")
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    assert (made.json()["words"], made.json()["has_matter"]) == ("水管漏水", True)
    again = post(clerk, url, **body, reason="内容记错了")
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    with everywhere():
        assert Visit.objects.get(pk=visit.pk).withdrawal == "内容记错了"
        assert Visit.objects.get(corrects=visit).entered_by == cast.clerk.user
    assert post(signed_in(cast.township_staff), url, **body).status_code == 403


def hand(walker: Walker, cast: Cast, head: str = "刘桂英") -> HandedVisit:
    """Hand a record over that the phone could not store."""
    now = timezone.now()
    with everywhere():
        return HandedVisit.objects.create(
            id=uuid.uuid4(),
            region_id=VILLAGE,
            household=walker.homes[head],
            head=head,
            representative=walker.person,
            visited_on=today(),
            refusal="这一户已调整给别人联系",
            captured_at=now,
            handed_at=now,
            handed_by=cast.clerk.user,
        )


def test_what_phones_handed_over_is_taken_or_declined(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    first = hand(walker, cast)
    before = statements(clerk, HANDED)
    second = hand(walker, cast, "李小红")
    assert statements(clerk, HANDED) == before
    listed = clerk.get(HANDED, {"state": "waiting"}).json()["results"]
    assert {one["id"] for one in listed} == {str(first.pk), str(second.pk)}
    taken = post(clerk, f"{HANDED}{first.pk}/take/")
    assert taken.status_code == HTTPStatus.OK, taken.content.decode()
    assert taken.json()["household"] == walker.homes["刘桂英"].pk
    late = post(clerk, f"{HANDED}{first.pk}/decline/", answer="重复")
    assert (late.status_code, late.json()["code"]) == (422, "refused")
    declined = post(clerk, f"{HANDED}{second.pk}/decline/", answer="当天已记过")
    assert (declined.json()["state"], declined.json()["answer"]) == ("declined", "当天已记过")  # fmt: skip
    mine = post(signed_in(walker.post), f"{HANDED}{second.pk}/take/")
    assert mine.status_code == HTTPStatus.FORBIDDEN


# --- the city's lists -------------------------------------------------------------------


def test_the_citys_lists_are_read_by_all_and_kept_by_the_city(
    cast: Cast, clerk: Client
) -> None:
    city = signed_in(cast.city_staff)
    topic = post(city, TOPICS, name="新类别")
    assert (topic.status_code, topic.json()["words"]) == (201, "新类别")
    assert post(city, TOPICS, name="新类别").status_code == 422
    edit = {"words": "大白话", "order": 3, "retired": True}
    done = city.put(f"{TOPICS}新类别/", edit, content_type=JSON)
    assert (done.json()["words"], done.json()["retired_on"]) == ("大白话", today().isoformat())  # fmt: skip
    item = {"kind": "visit", "name": "独居老人", "order": 9}
    mark = post(city, MARKS, **item)
    assert mark.status_code == HTTPStatus.CREATED, mark.content.decode()
    off = city.put(f"{MARKS}{mark.json()['id']}/", item | {"is_on": False}, content_type=JSON)  # fmt: skip
    assert (off.status_code, off.json()["is_on"]) == (200, False)
    assert post(city, MARKS, **item).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    for url in (TOPICS, MARKS):
        assert clerk.get(url).status_code == HTTPStatus.OK
        assert post(clerk, url, name="村里的").status_code == HTTPStatus.FORBIDDEN
    assert Topic.objects.filter(name="新类别").exists()
    assert Mark.objects.get(name="独居老人").is_on is False


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    [made] = post(clerk, WAIVERS, **asked(walker, "刘桂英")).json()
    row = hand(walker, cast)
    staff, other = signed_in(cast.township_staff), signed_in(cast.other_secretary)
    ending = f"{WAIVERS}{made['id']}/end/"
    assert post(staff, WAIVERS, **asked(walker, "李小红")).status_code == 403
    assert post(staff, ending, last=today().isoformat()).status_code == 403
    assert post(other, ending, last=today().isoformat()).status_code == 404
    assert post(other, WAIVERS, **asked(walker, "李小红")).status_code == 404
    assert post(other, f"{HANDED}{row.pk}/take/").status_code == 404
    assert other.get(WAIVERS).json()["count"] == 0
