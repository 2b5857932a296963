"""销户, 并户, and moves between two townships, each of which sees its own side only."""

from typing import Any

import pytest
from django.urls import reverse

from households.models import Household, Status, Transfer, TransferState
from households.services import offer_transfer, set_categories
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import Rolls, set_up_other, statements, text_of

TRANSFERS = reverse("households:transfers")


def url(name: str, row: Household | Transfer) -> str:
    """Return an address about a household or a move."""
    return reverse(f"households:{name}", args=[row.pk])


# --- off the roll -----------------------------------------------------------------


def dissolve(**typed: Any) -> dict[str, Any]:
    """Return what is typed to take a household off the roll."""
    return {"way": "dissolved", "on": today().isoformat()} | typed


def test_a_household_is_taken_off_only_after_asking_once_more(
    cast: Cast, rolls: Rolls
) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    asked = browser.post(url("off-roll", household), dissolve())
    assert "给无联系甲户销户？" in text_of(asked)
    with at(cast.clerk):
        household.refresh_from_db()
        assert household.status == Status.LIVING

    back = browser.post(url("off-roll", household), dissolve(back="1"))
    assert "怎么办理" in text_of(back)
    done = browser.post(url("off-roll", household), dissolve(confirm="1"), follow=True)
    assert "无联系甲户已办理销户" in text_of(done)
    assert "这一户已经不在册" in text_of(done)


def test_a_household_is_merged_into_another(cast: Cast, rolls: Rolls) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    typed = dissolve(way="merged", merged_into=other.pk, confirm="1")
    signed_in(cast.clerk).post(url("off-roll", household), typed)
    with at(cast.clerk):
        household.refresh_from_db()
        assert (household.status, household.merged_into) == (Status.MERGED, other)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"way": ""}, "请选一项"),
        ({"way": "merged"}, "请选并入哪一户"),
        ({"way": "moved"}, "没有这一项"),
        ({"on": "2100-01-01"}, "不能晚于今天"),
        ({"way": "merged", "merged_into": "0"}, "没有这一项"),
    ],
)
def test_what_is_missing_is_asked_for(
    cast: Cast, rolls: Rolls, typed: dict[str, str], words: str
) -> None:
    household = rolls.households["无联系甲"]
    response = signed_in(cast.clerk).post(
        url("off-roll", household), dissolve(confirm="1", **typed)
    )
    assert response.status_code == 422
    assert words in text_of(response)


def test_taking_off_twice_is_refused_in_place(cast: Cast, rolls: Rolls) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    browser.post(url("off-roll", household), dissolve(confirm="1"))
    again = browser.post(url("off-roll", household), dissolve(confirm="1"))
    assert again.status_code == 422
    assert "已经不在册" in text_of(again)


# --- to another village ---------------------------------------------------------------


@pytest.fixture(scope="module")
def other(rolls: Rolls) -> Rolls:
    """Return the rolls of a village of the other township."""
    return set_up_other()


@pytest.fixture
def offered(cast: Cast, rolls: Rolls, other: Rolls) -> Household:
    """Return a household of ours that was offered to the other township."""
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        set_categories(household=household, codes=["dibao"], on=today())
        offer_transfer(
            household=household, to=other.village, on=today(), reason="随儿子住"
        )
    return household


def side(*, is_outgoing: bool) -> Transfer:
    """Return one side of the only move."""
    with everywhere():
        return Transfer.objects.get(is_outgoing=is_outgoing)


def test_an_offer_is_made_only_after_asking_once_more(
    cast: Cast, rolls: Rolls, other: Rolls
) -> None:
    household, browser = rolls.households["无联系甲"], signed_in(cast.clerk)
    typed = {"to": str(other.village.code), "reason": "搬家"}
    asked = browser.post(url("offer", household), typed)
    assert f"迁往{other.village.full_name}？" in text_of(asked)
    with at(cast.clerk):
        assert not Transfer.objects.exists()

    done = browser.post(url("offer", household), typed | {"confirm": "1"}, follow=True)
    assert "等对方接收" in text_of(done)
    again = browser.post(url("offer", household), typed | {"confirm": "1"})
    assert again.status_code == 422
    assert "已经提出迁移" in text_of(again)


@pytest.mark.parametrize("to", ["", "430582113219", "430582113000", "1"])
def test_only_another_village_can_be_chosen(cast: Cast, rolls: Rolls, to: str) -> None:
    household = rolls.households["无联系甲"]
    response = signed_in(cast.clerk).post(
        url("offer", household), {"to": to, "confirm": "1"}
    )
    assert response.status_code == 422


def test_both_sides_see_the_move_and_only_their_own(
    cast: Cast, offered: Household
) -> None:
    ours = signed_in(cast.clerk).get(TRANSFERS)
    assert [move.row.head for move in ours.context["outgoing"]] == [offered.head]
    assert ours.context["incoming"] == []
    theirs = signed_in(cast.other_secretary).get(TRANSFERS)
    assert [move.row.head for move in theirs.context["incoming"]] == [offered.head]
    assert theirs.context["outgoing"] == []
    text = text_of(theirs)
    assert "魏家桥镇 长冲口村" in text
    assert "低保户" in text
    assert "随儿子住" in text
    page = signed_in(cast.other_secretary).get(url("detail", offered))
    assert page.status_code == 404
    banner = text_of(signed_in(cast.other_secretary).get(reverse("households:list")))
    assert "有 1 户从别的村迁来，等本村接收" in banner


def test_an_offer_is_accepted_into_a_group(
    cast: Cast, offered: Household, other: Rolls
) -> None:
    browser = signed_in(cast.other_secretary)
    incoming = side(is_outgoing=False)
    page = text_of(browser.get(url("accept", incoming)))
    assert "138****1111" not in page
    empty = browser.post(url("accept", incoming), {})
    assert empty.status_code == 422
    done = browser.post(
        url("accept", incoming), {"group": other.groups[2].pk}, follow=True
    )

    assert "已迁入，现在还没有联系人" in text_of(done)
    with at(cast.clerk):
        offered.refresh_from_db()
        assert offered.status == Status.MOVED
    again = browser.post(url("accept", incoming), {"group": other.groups[2].pk})
    assert again.status_code == 422
    assert "已经办结" in text_of(again)
    settled = signed_in(cast.clerk).get(TRANSFERS).context["settled"]
    assert [move.row.state for move in settled] == [TransferState.ACCEPTED]


def test_an_offer_is_declined_with_a_reason_that_the_giver_reads(
    cast: Cast, offered: Household
) -> None:
    browser = signed_in(cast.other_secretary)
    incoming = side(is_outgoing=False)
    assert browser.post(url("decline", incoming), {"reason": ""}).status_code == 422
    browser.post(url("decline", incoming), {"reason": "没有搬来本村"})
    assert "没有搬来本村" in text_of(signed_in(cast.clerk).get(TRANSFERS))
    late = browser.post(url("decline", incoming), {"reason": "再退一次"})
    assert late.status_code == 422


def test_an_offer_is_taken_back(cast: Cast, offered: Household) -> None:
    browser = signed_in(cast.clerk)
    assert "正在迁往外村" in text_of(browser.get(url("detail", offered)))
    outgoing = side(is_outgoing=True)
    done = browser.post(url("withdraw", outgoing), follow=True)
    assert "已撤回" in text_of(done)
    assert signed_in(cast.other_secretary).get(TRANSFERS).context["incoming"] == []
    late = browser.post(url("withdraw", outgoing), follow=True)
    assert "已经办结" in text_of(late)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("accept", "clerk"),
        ("decline", "clerk"),
        ("accept", "sibling_secretary"),
        ("withdraw", "other_secretary"),
    ],
)
def test_nobody_acts_on_the_other_side(
    cast: Cast, offered: Household, name: str, part: str
) -> None:
    row = side(is_outgoing=name == "withdraw")
    browser = signed_in(getattr(cast, part))
    assert browser.post(url(name, row), {"reason": "不是我的"}).status_code == 404
    assert side(is_outgoing=True).state == TransferState.OFFERED


def test_the_inbox_costs_the_same_for_more_moves(
    cast: Cast, rolls: Rolls, offered: Household, other: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    browser.get(TRANSFERS)
    few = statements(browser, TRANSFERS)
    with at(cast.clerk):
        for household in rolls.held_by("张顺民")[:4]:
            offer_transfer(household=household, to=other.village, on=today(), reason="")
    assert statements(browser, TRANSFERS) == few


@pytest.mark.parametrize("name", ["off-roll", "offer"])
@pytest.mark.parametrize(("part", "status"), [("city_staff", 403), ("other_lead", 404)])
def test_households_are_let_go_by_nobody_else(
    cast: Cast, rolls: Rolls, name: str, part: str, status: int
) -> None:
    household = rolls.households["无联系甲"]
    response = signed_in(getattr(cast, part)).post(
        url(name, household), dissolve(confirm="1")
    )
    assert response.status_code == status
