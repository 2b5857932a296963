"""The board of links: figures by place, choosing with loads before and after, proposals."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Post
from households.models import ContactLink, Household, Status
from households.services import assign, take_off_roll
from representatives.models import Mandate, Representative
from tests.cast import (
    CITY,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    everywhere,
    sibling_code,
    signed_in,
)
from tests.days import today
from tests.rolls import (
    Rolls,
    households,
    link,
    long_ago,
    set_up_other,
    set_up_sibling,
    statements,
    text_of,
)


def links_url(code: int = VILLAGE) -> str:
    """Return the address of a place's links."""
    return reverse("households:links", args=[code])


def action(name: str) -> str:
    """Return the address of something done on our village's board."""
    return reverse(f"households:{name}", args=[VILLAGE])


def loads(cast: Cast, rolls: Rolls) -> dict[str, int]:
    """Return how many households each of the people looks after."""
    return {name: len(rolls.held_by(name)) for name in rolls.people}


# --- the board --------------------------------------------------------------------


def test_the_board_shows_who_has_nobody_and_whose_load_is_amiss(
    cast: Cast, rolls: Rolls
) -> None:
    response = signed_in(cast.clerk).get(links_url())

    board = response.context["board"]
    assert [household.head for household in board.free] == ["无联系甲", "无联系乙"]
    assert [person.row.name for person in board.over] == ["张顺民"]
    assert [person.row.name for person in board.under] == ["周静霞"]
    text = text_of(response)
    assert text.index("没有联系人") < text.index("代表和他联系的户")
    assert "17 户 偏多" in text
    assert "3 户 偏少" in text


def test_households_of_somebody_whose_term_ran_out_need_somebody_else(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(pk=rolls.mandates["申秋云"].pk).update(until=long_ago())
    response = signed_in(cast.clerk).get(links_url())

    board = response.context["board"]
    assert [person.row.name for person in board.idle] == ["申秋云"]
    assert "8 户 不在任" in text_of(response)
    assert "另有 8 户的联系人已不在任" in text_of(response)


def test_the_last_holder_of_a_household_is_named(cast: Cast, rolls: Rolls) -> None:
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        assign(households=[household], representative=None, on=today(), by=cast.clerk)
    last = dict(signed_in(cast.clerk).get(links_url()).context["last"])
    assert last[household].representative.name == "李红英"
    assert last[rolls.households["无联系甲"]] is None


def test_the_board_costs_the_same_for_more_households(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    browser.get(links_url())
    few = statements(browser, links_url())
    with at(cast.clerk):
        link(rolls, "申秋云", households(rolls, [f"多{n}" for n in range(60)], 2))
    assert statements(browser, links_url()) == few


@pytest.mark.parametrize(
    ("part", "status"),
    [("clerk", 200), ("city_staff", 200), ("auditor", 403), ("other_staff", 404)],
)
def test_the_board_is_seen_within_the_range(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    post: Post = getattr(cast, part)
    response = signed_in(post).get(links_url())
    assert response.status_code == status
    if status == 200:
        may_edit = part == "clerk"
        assert ("看看变化" in text_of(response)) is may_edit
        assert (action("propose") in response.content.decode()) is may_edit


def test_an_empty_village_is_told_how_to_begin(cast: Cast) -> None:
    assert "还没有联系户和代表" in text_of(
        signed_in(cast.sibling_secretary).get(links_url(sibling_code()))
    )


def test_places_with_exceptions_come_first(cast: Cast, rolls: Rolls) -> None:
    sibling = set_up_sibling()
    set_up_other()
    with everywhere():
        Household.objects.filter(
            region=sibling.village, head__contains="无联系"
        ).update(status=Status.DISSOLVED, ended_on=today())
    browser = signed_in(cast.township_staff)
    home = browser.get(reverse("households:links-home"))
    assert home.headers["Location"] == links_url(TOWNSHIP)
    response = browser.get(links_url(TOWNSHIP))

    figures = {
        row.place.code: (row.households, row.free, row.people, row.under, row.over)
        for row in response.context["rows"]
    }
    assert figures[VILLAGE] == (36, 2, 4, 1, 1)
    assert figures[sibling.village.code] == (34, 0, 4, 1, 1)
    first_two = [row.place.code for row in response.context["rows"]][:2]
    assert first_two == [sibling.village.code, VILLAGE]
    city = signed_in(cast.city_staff).get(links_url(CITY)).context["all"]
    assert (city.households, city.people) == (106, 12)


def test_the_figures_of_a_township_cost_the_same_for_more_villages(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.township_staff)
    browser.get(links_url(TOWNSHIP))
    few = statements(browser, links_url(TOWNSHIP))
    set_up_sibling()
    assert statements(browser, links_url(TOWNSHIP)) == few


# --- choosing ---------------------------------------------------------------------


def test_loads_are_shown_before_and_after_and_nothing_moves_yet(
    cast: Cast, rolls: Rolls
) -> None:
    moving = rolls.held_by("张顺民")[:3]
    free = rolls.households["无联系甲"]
    response = signed_in(cast.clerk).post(
        action("assign"),
        {
            "ids": [household.pk for household in moving],
            "free": [free.pk],
            "to": rolls.people["周静霞"].pk,
        },
    )

    shifts = {
        shift.person.name: (shift.before.households, shift.after.households)
        for shift in response.context["shifts"]
    }
    assert shifts == {"张顺民": (17, 14), "周静霞": (3, 7)}
    assert loads(cast, rolls)["周静霞"] == 3


def confirm(response: Any) -> dict[str, Any]:
    """Return what the browser sends when the plan of a page is confirmed."""
    return {"move": [one.token for one in response.context["plan"]]}


def test_a_confirmed_choice_moves_the_households(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    moving = [household.pk for household in rolls.held_by("张顺民")[:3]]
    plan = browser.post(
        action("assign"), {"ids": moving, "to": rolls.people["周静霞"].pk}
    )
    done = browser.post(action("apply"), confirm(plan), follow=True)

    assert "已调整 3 户的联系人" in text_of(done)
    assert loads(cast, rolls) == {
        "张顺民": 14,
        "李红英": 6,
        "申秋云": 8,
        "周静霞": 6,
    }


def test_nobody_can_be_chosen_and_the_page_warns(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    household = rolls.held_by("李红英")[0]
    plan = browser.post(action("assign"), {"ids": [household.pk], "to": "0"})
    assert "这些户会没有联系人" in text_of(plan)
    browser.post(action("apply"), confirm(plan))
    with at(cast.clerk):
        assert household in Household.objects.without_anyone(today())


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"to": "1"}, "请先勾选"),
        ({"ids": ["1"]}, "请选交给哪位代表"),
        ({"ids": ["1"], "to": "987654321"}, "请选交给哪位代表"),
        ({"ids": ["x"], "to": "0"}, "请先勾选"),
    ],
)
def test_an_incomplete_choice_is_told_on_the_board(
    cast: Cast, rolls: Rolls, sent: dict[str, Any], words: str
) -> None:
    response = signed_in(cast.clerk).post(action("assign"), sent, follow=True)
    assert words in text_of(response)


def test_households_of_elsewhere_are_left_out_of_a_plan(
    cast: Cast, rolls: Rolls
) -> None:
    other = set_up_other()
    plan = signed_in(cast.clerk).post(
        action("assign"),
        {"ids": [other.households["无联系甲"].pk], "to": rolls.people["李红英"].pk},
    )
    assert plan.context["plan"] == []
    token = f"{other.households['无联系甲'].pk}::{rolls.people['李红英'].pk}"
    response = signed_in(cast.clerk).post(action("apply"), {"move": [token]})
    assert "不在本村名册上" in text_of(response)
    with everywhere():
        assert not ContactLink.objects.filter(
            household=other.households["无联系甲"]
        ).exists()


# --- the proposal -------------------------------------------------------------------


def test_the_proposal_brings_everybody_within_the_bounds(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    proposal = browser.get(action("propose"))
    assert "建议调整" in text_of(proposal)
    assert all(one.why for one in proposal.context["plan"])

    done = browser.post(action("apply"), confirm(proposal), follow=True)

    assert "的联系人，从今天起算" in text_of(done)
    after = loads(cast, rolls)
    assert sum(after.values()) == 36
    assert all(5 <= load <= 15 for load in after.values())
    assert "不用调整" in text_of(browser.get(action("propose")))


def test_a_proposal_is_accepted_line_by_line(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    plan = browser.get(action("propose")).context["plan"]
    wanted = [one for one in plan if one.household.head == "无联系甲"]
    browser.post(action("apply"), {"move": [one.token for one in wanted]})
    with at(cast.clerk):
        free = Household.objects.without_anyone(today())
        assert [household.head for household in free] == ["无联系乙"]


def test_lines_that_are_out_of_date_are_refused_with_words(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    sent = confirm(browser.get(action("propose")))
    with at(cast.clerk):
        assign(
            households=[rolls.households["无联系甲"]],
            representative=rolls.people["李红英"],
            on=today(),
            by=cast.clerk,
        )
        take_off_roll(
            household=rolls.households["无联系乙"], status=Status.DISSOLVED, on=today()
        )
    response = browser.post(action("apply"), sent)

    text = text_of(response)
    assert "别人已经动过这些户" in text
    assert "刚刚由李红英接手" in text
    assert "已经不在本村名册上" in text
    assert f"已调整 {len(sent['move']) - 2} 户" in text


def test_whoever_leaves_office_while_it_is_applied_takes_over_nothing(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at who serves and the lock on the mandate."""
    browser = signed_in(cast.clerk)
    sent = confirm(browser.get(action("propose")))

    def known(*_: Any) -> dict[int, Representative]:
        everybody = Representative.objects.in_bulk()
        Mandate.objects.update(ended_on=today(), end_cause="moved")
        return everybody

    monkeypatch.setattr("households.services.links._people", known)
    done = text_of(browser.post(action("apply"), sent, follow=True))
    assert "不是在任代表" in done
    assert "什么都没有变" in done


@pytest.mark.parametrize("sent", [{}, {"move": ["nonsense", "1:2", "a:b:c"]}])
def test_nothing_ticked_changes_nothing(
    cast: Cast, rolls: Rolls, sent: dict[str, Any]
) -> None:
    response = signed_in(cast.clerk).post(action("apply"), sent, follow=True)
    assert "没有勾选任何一户" in text_of(response)
    assert loads(cast, rolls)["张顺民"] == 17


def test_what_cannot_be_had_is_said(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        households(rolls, [f"多{n}" for n in range(40)], 2)
    response = signed_in(cast.clerk).get(action("propose"))
    assert "请至少再补选" in text_of(response)
    # 76 households, 4 times 15 places, and 张顺民 keeps the two he has beyond.
    assert len(response.context["unplaced"]) == 14


def test_a_village_without_representatives_has_nothing_to_propose(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(region=VILLAGE).update(until=long_ago())
    text = text_of(signed_in(cast.clerk).get(action("propose")))
    assert "没有在任代表" in text


@pytest.mark.parametrize("name", ["assign", "propose", "apply"])
@pytest.mark.parametrize(("part", "status"), [("city_staff", 403), ("other_lead", 404)])
def test_links_are_changed_by_nobody_else(
    cast: Cast, rolls: Rolls, name: str, part: str, status: int
) -> None:
    browser = signed_in(getattr(cast, part))
    assert browser.post(action(name)).status_code == status
