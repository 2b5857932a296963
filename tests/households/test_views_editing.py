"""Entering a household, correcting it, its categories: nothing typed is lost."""

from typing import Any

import pytest
from django.urls import reverse

from households.models import CategoryTag, Household
from households.services import assign, edit
from representatives.services import sealed_identity
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, sibling_code, signed_in
from tests.days import today
from tests.representatives.test_views_people import filled, resent
from tests.rolls import ID_NUMBERS, Rolls, households, set_up_sibling, text_of


def url(name: str, household: Household) -> str:
    """Return an address about a household."""
    return reverse(f"households:{name}", args=[household.pk])


# --- entering -----------------------------------------------------------------------


def new_url(code: int = VILLAGE) -> str:
    """Return the address where a household is entered."""
    return reverse("households:new", args=[code])


def entry(rolls: Rolls, **typed: Any) -> dict[str, Any]:
    """Return what is typed for a new household."""
    given = {
        "head": "刘桂英",
        "group": rolls.groups[2].pk,
        "members": "3",
        "registered_on": today().isoformat(),
        "phone": "139 1234 5678",
    }
    return given | typed


def test_a_household_is_entered_with_categories_and_representative(
    cast: Cast, rolls: Rolls
) -> None:
    typed = entry(
        rolls,
        categories=["dibao", "elderly"],
        source="名单",
        representative=rolls.people["申秋云"].pk,
    )
    response = signed_in(cast.clerk).post(new_url(), typed, follow=True)

    text = text_of(response)
    assert "刘桂英户已入册" in text
    assert "低保户" in text
    assert "由申秋云联系" in text
    with at(cast.clerk):
        row = Household.objects.get(head="刘桂英")
        assert row.phone
        assert row.phone.reveal() == "13912345678"


def test_one_more_can_be_entered_at_once(cast: Cast, rolls: Rolls) -> None:
    response = signed_in(cast.clerk).post(new_url(), entry(rolls, again="1"))
    assert response.headers["Location"] == new_url()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"head": ""}, "请填写"),
        ({"group": ""}, "请选小组"),
        ({"members": "0"}, "不能小于 1"),
        ({"residents": "5"}, "常住人口不能多于人口 3"),
        ({"registered_on": "2100-01-01"}, "入册日期不能晚于今天"),
        ({"representative": "0"}, "没有这一项"),
        ({"id_number": ID_NUMBERS[4]}, "已经有了"),
    ],
)
def test_a_wrong_entry_is_explained_and_nothing_typed_is_lost(
    cast: Cast, rolls: Rolls, typed: dict[str, str], words: str
) -> None:
    with at(cast.clerk):
        households(rolls, ["早在册"], 1, **sealed_identity(id_number=ID_NUMBERS[4]))
    response = signed_in(cast.clerk).post(
        new_url(), entry(rolls, remark="不要丢掉", **typed)
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert "不要丢掉" in response.content.decode()
    with at(cast.clerk):
        assert not Household.objects.filter(remark="不要丢掉").exists()


def test_a_village_without_groups_gets_its_first_one_on_the_way(cast: Cast) -> None:
    typed = {
        "head": "刘桂英",
        "new_group": "1",
        "members": "3",
        "registered_on": today().isoformat(),
    }
    browser, url = signed_in(cast.sibling_secretary), new_url(sibling_code())
    assert "本村还没有小组" in text_of(browser.get(url))
    assert browser.post(url, {**typed, "new_group": ""}).status_code == 422
    browser.post(url, typed)
    with at(cast.sibling_secretary):
        assert Household.objects.get().group.number == 1


def test_above_a_village_one_chooses_where_first(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    home = browser.get(reverse("households:new-home"))
    assert home.headers["Location"] == new_url(TOWNSHIP)
    response = browser.get(new_url(TOWNSHIP))
    assert new_url() in response.content.decode()
    assert dict(response.context["rows"])[rolls.village] == 36


@pytest.mark.parametrize(
    ("part", "code", "status"),
    [
        ("city_staff", VILLAGE, 403),
        ("other_staff", VILLAGE, 404),
        ("clerk", TOWNSHIP, 404),
        ("township_staff", CITY, 404),
    ],
)
def test_nobody_else_enters_households(
    cast: Cast, rolls: Rolls, part: str, code: int, status: int
) -> None:
    browser = signed_in(getattr(cast, part))
    assert browser.post(new_url(code), entry(rolls)).status_code == status


# --- correcting ---------------------------------------------------------------------


def test_an_edit_saves_what_was_changed(cast: Cast, rolls: Rolls) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    address = url("edit", household)
    sent = filled(
        browser, address, group=rolls.groups[1].pk, is_away="on", head="吴连喜"
    )
    response = browser.post(address, sent, follow=True)
    assert "吴连喜户的资料已保存" in text_of(response)
    with at(cast.clerk):
        household.refresh_from_db()
        assert (household.group, household.is_away) == (rolls.groups[1], True)


def test_the_second_editor_of_a_household_sees_both_versions(
    cast: Cast, rolls: Rolls
) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    address = url("edit", household)
    opened = filled(browser, address, members="7", situation="我写的")
    with at(cast.secretary):
        edit(
            household=household,
            changes={"members": 6, "group": rolls.groups[1], "is_away": True},
            version=1,
        )
    response = browser.post(address, opened)

    assert response.status_code == 409
    found = {
        clash.label: (clash.opened, clash.theirs, clash.mine)
        for clash in response.context["clashes"]
    }
    assert found == {
        "组别": ("3 组", "1 组", None),
        "人口": ("4", "6", "7"),
        "外出或空户": ("否", "是", None),
    }
    browser.post(address, resent(response))
    with at(cast.clerk):
        household.refresh_from_db()
        assert (household.members, household.situation) == (7, "我写的")
        assert (household.group, household.is_away) == (rolls.groups[1], True)


def test_a_group_of_another_village_is_not_offered(cast: Cast, rolls: Rolls) -> None:
    sibling = set_up_sibling()
    browser, address = (
        signed_in(cast.township_staff),
        url("edit", rolls.households["无联系甲"]),
    )
    sent = filled(browser, address, group=sibling.groups[1].pk)
    response = browser.post(address, sent)
    assert response.status_code == 422
    assert "没有这一项" in text_of(response)


def test_categories_are_ticked_from_a_day_on(cast: Cast, rolls: Rolls) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    typed = {"categories": ["dibao"], "on": today().isoformat(), "source": "名单"}
    browser.post(url("categories", household), typed)
    assert "低保户" in text_of(browser.get(url("detail", household)))

    late = browser.post(url("categories", household), {**typed, "on": "2100-01-01"})
    assert late.status_code == 422
    assert "不能晚于今天" in text_of(late)
    browser.post(url("categories", household), {"on": today().isoformat()})
    with at(cast.clerk):
        assert not CategoryTag.objects.active(today()).filter(household=household)


# --- what a link is labelled with ---------------------------------------------------


def test_labels_are_saved_shown_and_outlast_a_change_of_representative(
    cast: Cast, rolls: Rolls
) -> None:
    household, browser = rolls.held_by("李红英")[0], signed_in(cast.clerk)
    typed = {"party_member": "申党员", "patch": "河西片", "grid": "第 3 网格"}
    page = browser.post(url("labels", household), typed, follow=True)
    assert all(words in text_of(page) for words in typed.values())

    with at(cast.clerk):
        assign(
            households=[household],
            representative=rolls.people["周静霞"],
            on=today(),
            by=cast.clerk,
        )
        link = household.links.get(ended_on=None)
    assert (link.patch, link.grid) == ("河西片", "第 3 网格")
    assert link.party_member == "", "another representative, another party member"


def test_what_nobody_looks_after_has_no_labels(cast: Cast, rolls: Rolls) -> None:
    alone = rolls.households["无联系甲"]
    assert signed_in(cast.clerk).get(url("labels", alone)).status_code == 404
