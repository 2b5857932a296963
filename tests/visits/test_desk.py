"""代录: many households in one save, by number or by tick; kept twice is stored once."""

import uuid
from typing import Any

import pytest
from django.test import Client

from tests.accounts.pages import statements
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import dated, days_ago, today, tomorrow
from tests.visits.stage import Walker, hand_to, make_walker, seen
from visits.models import Visit
from visits.sheets import numbers_of


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with eight households, linked for long."""
    with everywhere():
        return make_walker("walker", since=days_ago(400))


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


def url(walker: Walker) -> str:
    return f"/visits/desk/{walker.person.pk}/"


def filled(client: Client, walker: Walker, **more: Any) -> dict[str, Any]:
    """Return the form as a browser would send it, with nothing ticked."""
    page = client.get(url(walker)).context["entry"]
    rows = {row.add_prefix("id"): str(uuid.uuid4()) for row in page.rows}
    return {"visited_on": str(today()), "numbers": "", "save": "1", **rows, **more}


def box(walker: Walker, head: str, field: str = "seen") -> str:
    return f"h{walker.homes[head].pk}-{field}"


def stored(cast: Cast) -> list[Visit]:
    with at(cast.clerk):
        rows = Visit.objects.select_related("household", "entered_by")
        return list(rows.order_by("household__head"))


def test_ticked_households_are_stored_with_both_names(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    ticks = {box(walker, "刘桂英"): "on", box(walker, "李小红"): "on"}
    answer = clerk.post(url(walker), filled(clerk, walker, **ticks), follow=True)
    assert "已记下 2 户：" in answer.content.decode()
    visits = stored(cast)
    assert {v.household.head for v in visits} == {"刘桂英", "李小红"}
    assert {(v.representative_id, v.entered_by, v.on_behalf) for v in visits} == {
        (walker.person.pk, cast.clerk.user, True)
    }


def test_the_same_form_sent_twice_stores_once(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    sent = filled(clerk, walker, **{box(walker, "刘桂英"): "on"})
    for _ in range(2):
        assert clerk.post(url(walker), sent).status_code == 302
    assert len(stored(cast)) == 1


def test_numbers_of_the_paper_sheet_tick_the_lines(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    order = [
        line.household.head for line in clerk.get(url(walker)).context["sheet"].lines
    ]
    sent = filled(clerk, walker, numbers="2 5-6")
    answer = clerk.post(url(walker), {**sent, "tick": "1"})
    ticked = [
        row.line.household.head
        for row in answer.context["entry"].rows
        if row["seen"].value()
    ]
    assert ticked == [order[1], order[4], order[5]]
    assert stored(cast) == []
    assert clerk.post(url(walker), sent).status_code == 302
    assert sorted(v.household.head for v in stored(cast)) == sorted(ticked)


@pytest.mark.parametrize(
    ("typed", "numbers", "wrong"),
    [
        ("1 3 5-7", [1, 3, 5, 6, 7], []),
        ("1，3、5", [1, 3, 5], []),
        ("２", [2], []),
        ("3 3 1", [3, 1], []),
        ("0 9 x 7-5", [], ["0", "9", "x", "7-5"]),
        ("", [], []),
    ],
)
def test_numbers_as_people_type_them(
    typed: str, numbers: list[int], wrong: list[str]
) -> None:
    assert numbers_of(typed, 8) == (numbers, wrong)


def test_a_wrong_row_is_told_and_keeps_its_words_while_good_ones_are_saved(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        other = make_walker("other", ())
        hand_to(walker.homes["李小红"], other.person, today())
    sent = filled(
        clerk,
        walker,
        **{
            box(walker, "刘桂英"): "on",
            box(walker, "李小红"): "on",
            box(walker, "李小红", "words"): "门前路灯不亮",
            box(walker, "张志文", "words"): "漏了打勾",
        },
    )
    answer = clerk.post(url(walker), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已记下 1 户：刘桂英" in page
    assert "由other代表联系，不是walker代表" in page
    assert "门前路灯不亮" in page
    assert "填了情况，没有打勾" in page
    assert "漏了打勾" in page
    assert [v.household.head for v in stored(cast)] == ["刘桂英"]


def test_what_the_village_is_to_do_must_be_said(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    """要村里办 alone would be a quiet visit, of which the village never hears."""
    ticks = {box(walker, "刘桂英"): "on", box(walker, "刘桂英", "for_village"): "on"}
    answer = clerk.post(url(walker), filled(clerk, walker, **ticks))
    assert answer.status_code == 422
    assert "还没有写是什么事" in answer.content.decode()
    assert stored(cast) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "一户也没有勾"),
        ({"visited_on": tomorrow}, "还没有到"),
        ({"visited_on": lambda: days_ago(400)}, "不在这个月里"),
        ({"numbers": "99"}, "没有序号“99”"),
    ],
)
def test_a_wrong_head_is_told_in_words(
    cast: Cast, walker: Walker, clerk: Client, more: dict[str, Any], words: str
) -> None:
    answer = clerk.post(url(walker), filled(clerk, walker, **dated(more)))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert stored(cast) == []


def test_nothing_is_said_to_be_stored_where_the_head_is_wrong(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    more = {"visited_on": tomorrow(), box(walker, "张志文", "words"): "漏了打勾"}
    page = clerk.post(url(walker), filled(clerk, walker, **more)).content.decode()
    assert "已经记下的不用再管" not in page
    assert "填了情况，没有打勾" in page
    assert stored(cast) == []


def test_a_matter_sent_again_after_going_back_is_stored_once(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    said = {
        box(walker, "刘桂英"): "on",
        box(walker, "刘桂英", "words"): "门口路灯坏了",
        box(walker, "刘桂英", "for_village"): "on",
    }
    assert clerk.post(url(walker), filled(clerk, walker, **said)).status_code == 302
    again = clerk.post(url(walker), filled(clerk, walker, **said), follow=True)
    assert "刘桂英当天已有记录，没有重复记" in again.content.decode()
    assert len(stored(cast)) == 1
    other = said | {box(walker, "刘桂英", "words"): "水渠也堵了"}
    assert clerk.post(url(walker), filled(clerk, walker, **other)).status_code == 302
    assert len(stored(cast)) == 2


def test_a_quiet_visit_known_already_is_not_stored_again(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        seen(walker, "刘桂英", today())
    sent = filled(clerk, walker, **{box(walker, "刘桂英"): "on"})
    page = clerk.post(url(walker), sent, follow=True).content.decode()
    assert "刘桂英当天已有记录，没有重复记" in page
    assert len(stored(cast)) == 1


def test_a_visit_at_the_door_is_stored_beside_a_call_of_the_day_that_does_not_count(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        called = seen(walker, "刘桂英", today())
        Visit.objects.filter(pk=called.pk).update(way="phone", counts=False)
    sent = filled(clerk, walker, **{box(walker, "刘桂英"): "on"})
    page = clerk.post(url(walker), sent, follow=True).content.decode()
    assert "已记下 1 户：刘桂英" in page
    assert {(v.way, v.counts) for v in stored(cast)} == {
        ("phone", False),
        ("door", True),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("satisfaction", "good"), ("visited_on", lambda: str(today()))],
)
def test_nothing_that_was_filled_in_is_dropped_for_want_of_a_tick(
    cast: Cast, walker: Walker, clerk: Client, field: str, value: Any
) -> None:
    more = dated({box(walker, "张志文", field): value})
    sent = filled(clerk, walker, **{box(walker, "刘桂英"): "on"}, **more)
    answer = clerk.post(url(walker), sent)
    assert answer.status_code == 422
    assert "填了情况，没有打勾" in answer.content.decode()
    assert [v.household.head for v in stored(cast)] == ["刘桂英"]


def test_the_printed_sheet_has_the_numbers_of_the_form(
    walker: Walker, clerk: Client
) -> None:
    form = clerk.get(url(walker)).context["sheet"].lines
    (sheet,) = clerk.get("/visits/desk/sheets/").context["sheets"]
    assert sheet.lines == form


def test_who_came_in_the_month_stands_behind_so_that_numbers_stay(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    before = [
        line.household.pk for line in clerk.get(url(walker)).context["sheet"].lines
    ]
    with everywhere():
        other = make_walker("other", ("阿一",), since=days_ago(400))
        if today().day > 1:
            hand_to(other.homes["阿一"], walker.person, today())
    after = [
        line.household.pk for line in clerk.get(url(walker)).context["sheet"].lines
    ]
    assert after[: len(before)] == before
    assert len(after) == len(before) + (today().day > 1)


def test_the_sheets_of_a_village_take_a_fixed_number_of_statements(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    few = statements(clerk, "/visits/desk/sheets/")
    with everywhere():
        make_walker("more", tuple(f"户主{n}" for n in range(30)), since=days_ago(400))
    assert statements(clerk, "/visits/desk/sheets/") == few
