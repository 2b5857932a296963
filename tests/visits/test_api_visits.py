"""Every answer of the visits' endpoints."""

import datetime as dt
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import Post
from sentiment.models import Issue
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import dated, today, tomorrow, yesterday
from tests.visits.stage import Walker, body, hand_to, make_walker, seen
from visits.models import Duty, HandedVisit, Visit
from visits.services.handing import take_up


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return the cast's representative with eight households."""
    with everywhere():
        return make_walker("walker", post=cast.representative)


@pytest.fixture
def phone(walker: Walker) -> Client:
    """Return his phone, signed in."""
    return signed_in(walker.post)


def put(phone: Client, sent: Any, pk: uuid.UUID | None = None) -> Any:
    """Send a visit as the outbox does."""
    address = f"/api/v1/visits/{pk or uuid.uuid4()}/"
    return phone.put(address, sent, content_type="application/json")


def post(phone: Client, pk: uuid.UUID, verb: str, sent: Any) -> Any:
    """Ask for something to be done with a visit."""
    address = f"/api/v1/visits/{pk}/{verb}/"
    return phone.post(address, sent, content_type="application/json")


def told(answer: Any) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]


# --- storing once ---------------------------------------------------------------


def test_first_sending_stores_and_every_later_one_says_the_same(
    phone: Client, walker: Walker
) -> None:
    pk, sent = uuid.uuid4(), body(walker.homes["刘桂英"])

    answers = [put(phone, sent, pk) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.content for answer in answers[1:]}) == 1
    with at(walker.post):
        visit = Visit.objects.get()
    assert (visit.pk, visit.visited_on, visit.counts) == (pk, today(), True)
    assert visit.representative_id == walker.person.pk
    assert not visit.on_behalf


def test_stored_visit_moves_the_due_date(phone: Client, walker: Walker) -> None:
    home = walker.homes["刘桂英"]
    with at(walker.post):
        before = Duty.objects.get(household=home).due_on

    put(phone, body(home))

    with at(walker.post):
        after = Duty.objects.get(household=home).due_on
    assert before
    assert after
    assert before < today() < after


def test_day_of_the_visit_is_the_local_day_of_the_tap(
    phone: Client, walker: Walker
) -> None:
    tap = "2026-03-01T00:30:00+08:00"  # still February in UTC

    answer = put(phone, body(walker.homes["刘桂英"], captured_at=tap))

    assert answer.json()["visited_on"] == "2026-03-01"


def test_matter_is_stored_with_everything_that_was_said(
    phone: Client, walker: Walker
) -> None:
    says = {
        "has_matter": True,
        "topics": ["医疗健康", "其他"],
        "words": "要买药",
        "satisfaction": "fair",
        "for_village": True,
        "visited_on": str(yesterday()),
    }

    answer = put(phone, body(walker.homes["刘桂英"], **says))

    assert {name: answer.json()[name] for name in says} == says


@pytest.mark.parametrize("says", [
    {"words": "屋顶漏水"}, {"topics": ["其他"]}, {"for_village": True},
])  # fmt: skip
def test_what_was_said_makes_it_a_matter_as_on_the_pages(
    phone: Client, walker: Walker, says: dict[str, Any]
) -> None:
    """A program may leave `has_matter` out; the village hears of it all the same."""
    answer = put(phone, body(walker.homes["刘桂英"], **says))

    assert answer.json()["has_matter"] is True
    with at(walker.post):
        assert Issue.objects.get().visit_id == uuid.UUID(answer.json()["id"])


REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "other content": ({"words": "还有别的"}, (409, "other_content")),
    "tomorrow": ({"visited_on": tomorrow}, (422, "refused")),
    "before the link": ({"visited_on": "2025-12-31"}, (422, "refused")),
    "a household that is not there": ({"household": 10**12}, (404, "not_his")),
    "no household": ({"household": None}, (400, "invalid")),
    "no moment": ({"captured_at": "今天"}, (400, "invalid")),
    "no such topic": ({"topics": ["天气"]}, (400, "invalid")),
    "no such feeling": ({"satisfaction": "great"}, (400, "invalid")),
    "no such way": ({"way": "dream"}, (400, "invalid")),
    "too many words": ({"words": "长" * 501}, (400, "invalid")),
    "a number beyond the column": ({"household": 2**63}, (400, "invalid")),
    "a NUL": ({"words": "\x00"}, (400, "invalid")),
}


@pytest.mark.parametrize(("changed", "expected"), REFUSED.values(), ids=REFUSED)
def test_refusal_has_a_code_and_words_and_stores_nothing_more(
    phone: Client, walker: Walker, changed: Any, expected: tuple[int, str]
) -> None:
    pk = uuid.uuid4()
    sent = body(walker.homes["刘桂英"])
    if expected[0] == HTTPStatus.CONFLICT:
        put(phone, sent, pk)

    answer = put(phone, sent | dated(changed), pk)

    assert told(answer) == expected
    assert answer.json()["message"].endswith("。")
    with at(walker.post):
        assert Visit.objects.count() == (expected[0] == HTTPStatus.CONFLICT)


def test_household_handed_to_somebody_else_is_no_longer_his(
    phone: Client, walker: Walker
) -> None:
    home = walker.homes["刘桂英"]
    with everywhere():
        hand_to(home, make_walker("heir", ()).person, today())

    answer = put(phone, body(home, visited_on=str(yesterday())))

    assert told(answer) == (404, "not_his")


def test_household_of_a_colleague_is_told_like_one_that_does_not_exist(
    phone: Client, walker: Walker
) -> None:
    with everywhere():
        other = make_walker("other", ("别人家",))

    foreign = put(phone, body(other.homes["别人家"]))
    absent = put(phone, body(other.homes["别人家"], household=10**12))

    assert (foreign.status_code, foreign.json()) == (absent.status_code, absent.json())


def test_id_that_a_colleague_used_is_a_conflict_and_tells_nothing(
    phone: Client, walker: Walker
) -> None:
    with everywhere():
        other = make_walker("other", ("别人家",))
        taken = seen(other, "别人家", today())

    answer = put(phone, body(walker.homes["刘桂英"]), taken.pk)

    assert told(answer) == (409, "other_content")
    assert "别人" not in answer.content.decode()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("secretary", 201),
        ("clerk", 201),
        ("township_staff", 403),
        ("township_lead", 403),
        ("city_lead", 403),
        ("auditor", 403),
        ("sibling_secretary", 404),
        ("other_secretary", 404),
        ("other_staff", 403),
    ],
)
def test_village_records_for_him_and_nobody_above_or_beside(
    cast: Cast, walker: Walker, part: str, expected: int
) -> None:
    answer = put(signed_in(getattr(cast, part)), body(walker.homes["刘桂英"]))

    assert answer.status_code == expected
    if expected == HTTPStatus.CREATED:
        assert answer.json()["on_behalf"]
        assert answer.json()["representative"] == walker.person.pk


def test_nobody_signed_in_is_told_so(walker: Walker) -> None:
    answer = put(Client(), body(walker.homes["刘桂英"]))

    assert told(answer) == (401, "not_authenticated")


def test_phone_without_the_token_is_refused_and_ping_gives_one(walker: Walker) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(walker.user, backend="accounts.backends.NameOrPhoneBackend")
    sent, pk = body(walker.homes["刘桂英"]), uuid.uuid4()

    refused = put(strict, sent, pk)
    token = strict.get("/api/v1/ping/").json()["csrf"]
    stored = strict.put(
        f"/api/v1/visits/{pk}/",
        sent,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )

    assert told(refused) == (403, "forbidden")
    assert stored.status_code == HTTPStatus.CREATED


def test_ping_tells_posts_apart_and_names_nobody(cast: Cast, walker: Walker) -> None:
    mine = signed_in(walker.post).get("/api/v1/ping/").json()
    other = signed_in(cast.clerk).get("/api/v1/ping/").json()

    assert mine["who"] != other["who"]
    assert walker.user.username not in mine["who"]
    assert Client().get("/api/v1/ping/").status_code == HTTPStatus.UNAUTHORIZED


def test_who_came_back_to_office_is_the_same_person_to_his_phone(
    cast: Cast, walker: Walker
) -> None:
    before = signed_in(walker.post).get("/api/v1/ping/").json()["who"]
    with everywhere():
        Post.objects.filter(pk=walker.post.pk).update(
            ended_on=today(), ended_by=cast.clerk.user
        )
        renewed = Post.objects.create(
            user=walker.user,
            role="representative",
            region_id=walker.post.region_id,
            narrowed_to=walker.person.pk,
            started_on=today(),
        )

    phone = signed_in(renewed)
    assert phone.get("/api/v1/ping/").json()["who"] == before
    assert phone.get("/visits/")["X-Visits-Who"] == before


# --- reading ----------------------------------------------------------------------


@pytest.fixture
def history(walker: Walker) -> Walker:
    """Give three visits of different doors and days."""
    with everywhere():
        seen(walker, "刘桂英", dt.date(2026, 3, 1))
        seen(walker, "刘桂英", dt.date(2026, 4, 1))
        seen(walker, "张志文", dt.date(2026, 4, 2))
    return walker


FILTERS = {
    "": ["2026-04-02", "2026-04-01", "2026-03-01"],
    "from=2026-04-01": ["2026-04-02", "2026-04-01"],
    "to=2026-04-01": ["2026-04-01", "2026-03-01"],
    "from=2026-04-01&to=2026-04-01": ["2026-04-01"],
    "household={}": ["2026-04-01", "2026-03-01"],
    "household=0": [],
}


@pytest.mark.parametrize(("query", "days"), FILTERS.items())
def test_list_is_filtered_newest_first(
    history: Walker, query: str, days: list[str]
) -> None:
    asked = query.format(history.homes["刘桂英"].pk)

    answer = signed_in(history.post).get(f"/api/v1/visits/?{asked}").json()

    assert [row["visited_on"] for row in answer["results"]] == days
    assert answer["count"] == len(days)


@pytest.mark.parametrize(
    ("part", "count"),
    [("secretary", 3), ("township_staff", 3), ("city_staff", 3), ("other_lead", 0)],
)
def test_list_holds_what_lies_in_the_range(
    cast: Cast, history: Walker, part: str, count: int
) -> None:
    answer = signed_in(getattr(cast, part)).get("/api/v1/visits/")

    assert answer.json()["count"] == count


def test_list_is_answered_in_pages_of_fifty(walker: Walker) -> None:
    with everywhere():
        for day in range(60):
            seen(walker, "刘桂英", dt.date(2026, 3, 1) + dt.timedelta(days=day))

    answer = signed_in(walker.post).get("/api/v1/visits/").json()

    assert (answer["count"], len(answer["results"])) == (60, 50)
    assert answer["next"]


def test_visit_of_a_colleague_is_absent(walker: Walker) -> None:
    with everywhere():
        taken = seen(make_walker("other", ("别人家",)), "别人家", today())

    assert signed_in(walker.post).get(f"/api/v1/visits/{taken.pk}/").status_code == 404


# --- withdrawing --------------------------------------------------------------------


def test_withdrawn_visit_stays_and_its_duty_is_owed_again(
    phone: Client, walker: Walker
) -> None:
    home, pk = walker.homes["刘桂英"], uuid.uuid4()
    with at(walker.post):
        owed = Duty.objects.get(household=home).due_on
    put(phone, body(home), pk)

    answer = post(phone, pk, "withdraw", {"reason": "点错了"})

    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["withdrawal"] == "点错了"
    with at(walker.post):
        assert Duty.objects.get(household=home).due_on == owed
        assert Visit.objects.count() == 1


def test_withdrawal_asks_for_a_reason_and_happens_once(
    phone: Client, walker: Walker
) -> None:
    pk = uuid.uuid4()
    put(phone, body(walker.homes["刘桂英"]), pk)

    assert told(post(phone, pk, "withdraw", {"reason": ""})) == (400, "invalid")
    assert post(phone, pk, "withdraw", {"reason": "点错了"}).status_code == 200
    assert told(post(phone, pk, "withdraw", {"reason": "点错了"})) == (409, "settled")
    assert told(post(phone, uuid.uuid4(), "withdraw", {"reason": "没有"}))[0] == 404


# --- handing over ---------------------------------------------------------------------


@pytest.fixture
def lost(walker: Walker) -> Iterator[dict[str, Any]]:
    """Give 刘桂英 to somebody else; return what the phone hands over."""
    home = walker.homes["刘桂英"]
    with everywhere():
        hand_to(home, make_walker("heir", ()).person, today())
    day = str(yesterday())
    return body(home, visited_on=day, head="刘桂英", refusal="不归您联系")


def test_refused_record_is_kept_once_for_the_village(
    phone: Client, walker: Walker, lost: dict[str, Any]
) -> None:
    pk = uuid.uuid4()

    answers = [post(phone, pk, "hand-over", lost).status_code for _ in range(2)]

    assert answers == [201, 200]
    with at(walker.post):
        row = HandedVisit.objects.get()
    assert (row.pk, row.head, row.state) == (pk, "刘桂英", "waiting")
    assert row.household_id == walker.homes["刘桂英"].pk
    told_later = phone.get(f"/api/v1/visits/{pk}/hand-over/").json()
    assert told_later["state"] == "waiting"


def test_nothing_that_the_phone_sent_is_lost_on_its_way_to_the_visit(
    cast: Cast, phone: Client, walker: Walker, lost: dict[str, Any]
) -> None:
    """Reliability 4.2, rule 7: what the village takes up is what was handed over."""
    said = {
        "way": "phone", "has_matter": True, "topics": ["其他"], "words": "渠道漏水",
        "answer": "答应去看", "satisfaction": "fair", "for_village": True,
        "marks": ["独居老人必访"],
    }  # fmt: skip
    post(phone, uuid.uuid4(), "hand-over", lost | said)

    with at(cast.clerk):
        visit = take_up(handed=HandedVisit.objects.get(), by=cast.clerk)
        stored = {name: getattr(visit, name) for name in said}
    assert stored == said
    assert not visit.counts


def test_household_of_another_village_is_kept_without_the_reference(
    phone: Client, walker: Walker, lost: dict[str, Any]
) -> None:
    answer = post(phone, uuid.uuid4(), "hand-over", lost | {"household": 10**12})

    assert answer.status_code == HTTPStatus.CREATED
    with at(walker.post):
        assert HandedVisit.objects.get().household_id is None


def test_village_itself_has_nothing_to_hand_over(
    cast: Cast, lost: dict[str, Any]
) -> None:
    answer = post(signed_in(cast.clerk), uuid.uuid4(), "hand-over", lost)

    assert told(answer) == (422, "refused")
