"""免访: asked for by the village, the effect said first; seen above, counted alike."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import RowChange
from households.models import Status
from households.services import take_off_roll
from tests.accounts.pages import statements, words
from tests.cast import VILLAGE, Cast, everywhere, signed_in
from tests.days import dated, days_ago, in_days, today, yesterday
from tests.visits.stage import Walker, make_walker
from visits.models import Duty, Policy, Waiver

NEW = "/visits/waivers/new/"
LIST = "/visits/waivers/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with eight overdue households."""
    with everywhere():
        return make_walker("walker", since=days_ago(400))


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


def asked(walker: Walker, *heads: str, **more: Any) -> dict[str, Any]:
    """Return what the form sends for these households."""
    ids = [walker.homes[head].pk for head in heads]
    days = {"first": str(today()), "last": str(in_days(100))}
    return {"ids": ids, "reason": "away", "note": "务工", **days, **more}


def waivers() -> list[Waiver]:
    with everywhere():
        return list(Waiver.objects.order_by("pk"))


def the_dashboard(client: Client) -> str:
    return " ".join(client.get("/").content.decode().split())


def overdue(client: Client) -> int:
    page = client.get("/visits/overdue/")
    return int(page.context["listed"].page.paginator.count)


def test_the_effect_is_shown_and_nothing_saved_before_it_is_confirmed(
    walker: Walker, clerk: Client
) -> None:
    sent = asked(walker, "刘桂英", "李小红")
    page = words(clerk.post(NEW, sent))
    assert "免访期内不计超期" in page
    assert waivers() == []
    assert clerk.post(NEW, {**sent, "back": "1"}).status_code == 200
    assert waivers() == []


def test_households_are_excused_together_and_off_the_overdue_list(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    before = overdue(clerk)
    answer = clerk.post(NEW, asked(walker, "刘桂英", "李小红", confirm="1"))
    assert answer.status_code == 302
    assert [(w.reason, w.note, w.last, w.entered_by) for w in waivers()] == [
        ("away", "务工", in_days(100), cast.clerk.user)
    ] * 2
    assert overdue(clerk) == before - 2


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"last": lambda: in_days(400)}, "最长 6 个月"),
        ({"last": yesterday}, "早于开始日期"),
        ({"last": ""}, "请选日期"),
        ({"reason": "other", "note": ""}, "选“其他”要写明为什么"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    walker: Walker, clerk: Client, more: dict[str, Any], told: str
) -> None:
    answer = clerk.post(NEW, asked(walker, "刘桂英", **dated(more)))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert str(walker.homes["刘桂英"].pk) in answer.content.decode()
    assert waivers() == []


def test_the_longest_waiver_is_the_citys_setting(walker: Walker, clerk: Client) -> None:
    with everywhere():
        Policy.objects.update(waiver_months=1)
    answer = clerk.post(NEW, asked(walker, "刘桂英"))
    assert "最长 1 个月" in answer.content.decode()


def test_of_many_those_that_are_excused_already_are_named_and_left_out(
    walker: Walker, clerk: Client
) -> None:
    clerk.post(NEW, asked(walker, "刘桂英", confirm="1"))
    both = asked(walker, "刘桂英", "李小红")
    answer = clerk.post(NEW, {**both, "confirm": "1"})
    assert "已有免访（外出）" in words(answer)
    assert [home.head for home in answer.context["possible"]] == ["李小红"]
    assert len(waivers()) == 1


def test_a_waiver_ended_early_is_owed_again(walker: Walker, clerk: Client) -> None:
    clerk.post(NEW, asked(walker, "刘桂英", confirm="1", first=str(days_ago(5))))
    (waiver,) = waivers()
    before = overdue(clerk)
    day = yesterday()
    url = f"{LIST}{waiver.pk}/end/"
    assert clerk.post(url, {"last": str(in_days(100))}).status_code == 422
    assert clerk.post(url, {"last": str(day)}).status_code == 302
    assert waivers()[0].last == day
    assert overdue(clerk) == before + 1
    with everywhere():
        change = RowChange.objects.filter(
            table="visits_waiver", operation="update"
        ).get()
    assert change.after == {"last": str(day)}


@pytest.mark.parametrize(
    ("days", "ended", "told"),
    [
        (5, (-6, 5, 400), "要在 {first} 到 {before} 之间"),
        (0, (-6, -5, 0), "只有 {first} 这一天"),
    ],
)  # fmt: skip
def test_a_waiver_ends_early_on_a_day_of_its_own_only(
    walker: Walker, clerk: Client, days: int, ended: tuple[int, ...], told: str
) -> None:
    first, last = today(), in_days(days)
    span = {"first": str(first), "last": str(last)}
    clerk.post(NEW, asked(walker, "刘桂英", confirm="1", **span))
    (waiver,) = waivers()
    said = told.format(first=first, before=last - dt.timedelta(days=1))
    for day in ended:
        page = clerk.post(f"{LIST}{waiver.pk}/end/", {"last": str(in_days(day))})
        assert page.status_code == 422
        assert said in words(page)
    assert waivers()[0].last == last


def test_a_waiver_taken_back_is_as_if_it_had_never_been(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    home = walker.homes["刘桂英"]
    with everywhere():
        before = Duty.objects.get(household=home).due_on
    clerk.post(NEW, asked(walker, "刘桂英", confirm="1"))
    (waiver,) = waivers()
    url = f"{LIST}{waiver.pk}/withdraw/"
    assert clerk.post(url, {"reason": " "}).status_code == 422
    assert clerk.post(url, {"reason": "其实在家"}).status_code == 302
    assert "已经撤销过" in words(clerk.post(url, {"reason": "其实在家"}))
    (waiver,) = waivers()
    assert (waiver.withdrawal, waiver.withdrawn_by) == ("其实在家", cast.clerk.user)
    with everywhere():
        assert Duty.objects.get(household=home).due_on == before
    assert "刘桂英" in words(clerk.get(f"{LIST}?state=withdrawn"))


def test_the_township_sees_them_and_its_figure_is_the_dashboards(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    clerk.post(NEW, asked(walker, "刘桂英", "李小红", confirm="1"))
    township = signed_in(cast.township_lead)
    page = township.get(LIST)
    assert {w.household.head for w in page.context["page"]} == {"刘桂英", "李小红"}
    listed = township.get(page.context["excused_url"]).context["listed"].page
    assert page.context["excused"] == listed.paginator.count == 2
    others = re.search(r"免访（户）.*?<a[^>]*>(\d+)</a>", the_dashboard(township))
    assert others is not None
    assert others[1] == "2"
    assert [(p.value) for p in page.context["by_village"]] == ["2"]
    assert township.get(NEW).status_code == 403
    assert len(township.get(f"{LIST}?place={VILLAGE}").context["page"]) == 2


def test_the_list_costs_the_same_however_many(walker: Walker, clerk: Client) -> None:
    clerk.post(NEW, asked(walker, "刘桂英", confirm="1"))
    few = statements(clerk, LIST)
    clerk.post(NEW, asked(walker, "李小红", "张志文", "刘铁生", confirm="1"))
    assert statements(clerk, LIST) == few


def test_nobody_ticked_is_sent_back_with_a_word(clerk: Client) -> None:
    answer = clerk.get(NEW, follow=True)
    assert "请先勾选要免访的户" in words(answer)


def test_a_household_that_left_the_roll_is_no_longer_excused(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    clerk.post(NEW, asked(walker, "刘桂英", "李小红", confirm="1"))
    with everywhere():
        take_off_roll(
            household=walker.homes["刘桂英"], status=Status.DISSOLVED, on=today()
        )
    township = signed_in(cast.township_lead)
    page = township.get(LIST)
    assert {w.household.head for w in page.context["page"]} == {"李小红"}
    assert page.context["excused"] == 1
    assert [p.value for p in page.context["by_village"]] == ["1"]
    assert "刘桂英" in words(township.get(f"{LIST}?state=ended"))
