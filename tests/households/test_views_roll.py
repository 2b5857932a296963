"""The roll of households, the page of one, entering, correcting, categories."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import AccessEntry, Action, Post
from households.listing import SORTS, Line, ids
from households.models import Household, Status
from households.services import (
    assign,
    edit,
    offer_transfer,
    set_categories,
    take_off_roll,
)
from households.templatetags.roll import GONE, roll_lines
from regions.models import Level
from regions.postgresql.paging import KeptIds
from representatives.models import Mandate
from representatives.services import sealed_identity
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import (
    ID_NUMBERS,
    Rolls,
    households,
    long_ago,
    set_up_other,
    set_up_sibling,
    statements,
    text_of,
)

LIST = reverse("households:list")


def heads(response: Any) -> list[str]:
    """Return the heads of a list's rows, in order."""
    return [row.head for row in response.context["rows"]]


@pytest.mark.parametrize(
    "asked", [*SORTS, *(f"-{key}" for key in SORTS), "", "nothing"]
)
@pytest.mark.parametrize("whole_city", [True, False])
def test_statements_that_are_kept_list_whom_the_others_list(
    rolls: Rolls, asked: str, *, whole_city: bool
) -> None:
    """The roll as it opens goes by kept statements, what is filtered by none (ADR 0022)."""
    with everywhere():
        kept = ids({}, today(), asked, whole_city=whole_city)
        same = {"status": Status.LIVING}
        others = ids(same, today(), asked, whole_city=whole_city)

        assert isinstance(kept, KeptIds)
        assert kept[0:3] == list(others[0:3])
        assert kept[3:500] == list(others[3:500])
        assert kept.count() == others.count() > 3


def test_each_level_lists_the_households_of_its_range(cast: Cast, rolls: Rolls) -> None:
    set_up_sibling()
    set_up_other()
    counts = {
        part: signed_in(getattr(cast, part)).get(LIST).context["page"].paginator.count
        for part in ("secretary", "township_staff", "other_staff", "city_staff")
    }
    assert counts == {
        "secretary": 36,
        "township_staff": 72,
        "other_staff": 36,
        "city_staff": 108,
    }


@pytest.fixture
def varied(cast: Cast, rolls: Rolls) -> Rolls:
    """Return the stage with one household of each kind that the filters know."""
    with at(cast.clerk):
        identity = sealed_identity(id_number=ID_NUMBERS[0], phone="13912345678")
        rows = households(rolls, ["甲"], 1, is_away=True, **identity)
        rows += households(rolls, ["乙", "丙", "丁"], 1)
        set_categories(household=rows[0], codes=["dibao"], on=long_ago())
        take_off_roll(household=rows[1], status=Status.DISSOLVED, on=today())
        assign(
            households=rows[2:],
            representative=rolls.people["申秋云"],
            on=today(),
            by=cast.clerk,
        )
        Mandate.objects.filter(pk=rolls.mandates["申秋云"].pk).update(until=long_ago())
    return rolls


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=无联系", {"无联系甲", "无联系乙"}),
        ("q=wlxj", {"无联系甲"}),
        ("q=13912345678", {"甲"}),
        (f"q={ID_NUMBERS[0]}", {"甲"}),
        ("group=3&contact=no", {"无联系甲", "无联系乙"}),
        ("category=dibao", {"甲"}),
        ("category=*", {"甲"}),
        ("category=-&contact=no", {"无联系甲", "无联系乙"}),
        ("away=yes", {"甲"}),
        ("status=dissolved", {"乙"}),
        ("representative=李红&q=赵家李1", {"赵家李1"}),
        ("contact=idle&group=1", {"丙", "丁"}),
        ("contact=yes&q=无联系", set()),
        ("category=nonsense", set()),
    ],
)
def test_filters_find_the_households_they_describe(
    cast: Cast, varied: Rolls, query: str, found: set[str]
) -> None:
    assert set(heads(signed_in(cast.secretary).get(f"{LIST}?{query}"))) == found


def test_a_place_narrows_the_list_of_a_township(cast: Cast, rolls: Rolls) -> None:
    sibling = set_up_sibling()
    browser = signed_in(cast.township_staff)
    page = browser.get(f"{LIST}?place={sibling.village.name}").context["page"]
    assert page.paginator.count == 36
    outside = browser.get(f"{LIST}?place=430582102000")
    assert outside.context["page"].paginator.count == 0
    assert "您管理的范围内没有" in text_of(outside)


def test_households_without_anyone_are_said_above_the_list(
    cast: Cast, varied: Rolls
) -> None:
    text = text_of(signed_in(cast.secretary).get(LIST))
    assert "3 户没有联系人 ， 10 户的联系人已不在任" in text


@pytest.mark.parametrize(
    ("sort", "group", "initials"),
    [
        ("group", 1, "cjz1"),
        ("-group", 3, "zjz3"),
        ("head", 1, "cjz1"),
        ("-head", 3, "zjz3"),
        ("nonsense", 1, "cjz1"),
    ],
)
def test_the_list_is_sorted_as_asked(
    cast: Cast, rolls: Rolls, sort: str, group: int, initials: str
) -> None:
    response = signed_in(cast.secretary).get(f"{LIST}?sort={sort}")
    first = response.context["rows"][0]
    with at(cast.secretary):
        found = Household.objects.get(pk=first.pk, group__number=group)
    assert (first.group, found.initials) == (f"{group} 组", initials)


def test_the_list_costs_the_same_for_more_rows(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    with at(cast.clerk):
        for household in rolls.held_by("李红英")[:2]:
            set_categories(household=household, codes=["dibao"], on=today())
    browser.get(LIST)
    few = statements(browser, f"{LIST}?q=赵家")
    set_up_sibling()
    assert statements(browser, LIST) == few


def test_a_line_says_who_looks_after_whom_and_what_is_wrong(
    cast: Cast, varied: Rolls
) -> None:
    browser = signed_in(cast.secretary)
    rows = browser.get(f"{LIST}?contact=idle&group=1").context["rows"]
    assert {(row.person, row.serves, row.tone) for row in rows} == {
        ("申秋云", False, "bad")
    }
    page = browser.get(f"{LIST}?contact=idle&group=1").content.decode()
    assert f"申秋云</a>{GONE}</td>" in page
    assert "没有联系人" in text_of(browser.get(f"{LIST}?q=无联系"))
    [gone] = browser.get(f"{LIST}?status=dissolved").context["rows"]
    assert (gone.person, gone.tone) == (None, "gone")
    [kept] = browser.get(f"{LIST}?category=dibao").context["rows"]
    assert (kept.categories, kept.is_away) == (["低保户"], True)


def test_what_people_typed_is_escaped_in_the_lines() -> None:
    typed = """<b>"'&"""
    line = Line(
        1, typed, 3, None, False, Status.LIVING, None, Level.VILLAGE, typed, typed,
        1, typed, [typed], 1, typed, False,
    )  # fmt: skip
    drawn = roll_lines([line], one_village=False)
    assert "<b>" not in drawn
    assert drawn.count(escape(typed)) == 6


def test_pages_of_fifty(cast: Cast, rolls: Rolls) -> None:
    set_up_sibling()
    browser = signed_in(cast.township_staff)
    assert len(heads(browser.get(LIST))) == 50
    assert len(heads(browser.get(f"{LIST}?page=2"))) == 22


# --- one of them ------------------------------------------------------------------


def url(name: str, household: Household) -> str:
    """Return an address about a household."""
    return reverse(f"households:{name}", args=[household.pk])


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("clerk", 200),
        ("township_staff", 200),
        ("city_staff", 200),
        ("sibling_secretary", 404),
        ("other_lead", 404),
        ("auditor", 403),
        ("representative", 403),
    ],
)
def test_a_household_is_shown_within_the_range_and_does_not_exist_outside(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    post: Post = getattr(cast, part)
    page = signed_in(post).get(url("detail", rolls.households["无联系甲"]))
    assert page.status_code == status


def test_the_page_tells_the_whole_past_newest_first(cast: Cast, rolls: Rolls) -> None:
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        set_categories(household=household, codes=["dibao"], on=today(), source="名单")
        assign(
            households=[household],
            representative=rolls.people["周静霞"],
            on=today(),
            by=cast.clerk,
        )
        edit(household=household, changes={"address": "老屋院子"}, version=1)
        other = set_up_other()
        offer_transfer(household=household, to=other.village, on=today(), reason="搬家")
    response = signed_in(cast.clerk).get(url("detail", household))

    titles = [event.title for event in response.context["events"]]
    assert titles[0] == "修改"
    assert titles[-2:] == ["由李红英联系", "登记入册"]
    for title in ("由周静霞联系", "不再由李红英联系（调整联系人）", "列为低保户"):
        assert title in titles
    assert f"迁往{other.village.full_name}：等待接收" in titles
    assert "依据：名单" in text_of(response)
    assert "老屋院子" in text_of(response)


def test_a_day_of_an_earlier_year_says_its_year(cast: Cast, rolls: Rolls) -> None:
    household = rolls.held_by("李红英")[0]
    with everywhere():
        Household.objects.filter(pk=household.pk).update(registered_on="2019-05-01")
    [*_, first] = signed_in(cast.clerk).get(url("detail", household)).context["events"]
    assert (first.title, first.text) == ("登记入册", "2019 年")


def test_the_page_costs_the_same_for_a_longer_past(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    short, long = rolls.held_by("李红英")[:2]
    with at(cast.clerk):
        for household, names in (
            (short, ["周静霞"]),
            (long, ["周静霞", "申秋云", "张顺民"]),
        ):
            for n, name in enumerate(names, start=1):
                set_categories(
                    household=household, codes=["dibao"][: n % 2], on=today()
                )
                assign(
                    households=[household],
                    representative=rolls.people[name],
                    on=today(),
                    by=cast.clerk,
                )
                edit(household=household, changes={"members": n + 1}, version=n)
    browser.get(url("detail", short))
    assert statements(browser, url("detail", short)) == statements(
        browser, url("detail", long)
    )


def test_a_number_of_the_head_is_shown_for_a_reason_and_logged(
    cast: Cast, varied: Rolls
) -> None:
    address = reverse(
        "households:reveal", args=[varied.households["甲"].pk, "id_number"]
    )
    browser = signed_in(cast.clerk)
    assert browser.post(address, {"reason": ""}).status_code == 422
    response = browser.post(address, {"reason": "核对身份证件"})
    assert ID_NUMBERS[0] in text_of(response)
    with at(cast.secretary):
        [line] = AccessEntry.objects.filter(action=Action.REVEALED)
        assert line.subject == "甲 户主身份证号"
    assert (
        signed_in(cast.other_lead).post(address, {"reason": "核对"}).status_code == 404
    )
    assert (
        signed_in(cast.city_staff).post(address, {"reason": "核对"}).status_code == 403
    )
