"""Leaving office: three steps, every household handed over or visibly without anyone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import ContactLink, Household
from households.services import assign
from representatives.models import Mandate, MandateEnd
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today, yesterday
from tests.rolls import Rolls, set_up_other, text_of

ONE_DAY = dt.timedelta(days=1)


def url(rolls: Rolls, name: str = "周静霞", step: str = "leave") -> str:
    """Return the address of somebody's flow."""
    return reverse(f"households:{step}", args=[rolls.people[name].pk])


def ending(**typed: Any) -> dict[str, Any]:
    """Return what is typed in step 1."""
    given = {
        "cause": "moved",
        "on": today().isoformat(),
        "evidence": "户口迁出证明",
    }
    return given | typed


def proposed(browser: Client, rolls: Rolls, name: str = "周静霞") -> dict[str, Any]:
    """Return what step 2 sends if the proposal is taken as it is."""
    response = browser.post(url(rolls, name), ending(go="heirs"))
    fields = {
        field.html_name: str(field.value()) for _, field, _ in response.context["rows"]
    }
    return ending(heirs="1") | fields


def test_step_one_proposes_the_end_of_a_term_that_ran_out(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(pk=rolls.mandates["周静霞"].pk).update(
            until=today() - 3 * ONE_DAY
        )
    initial = signed_in(cast.clerk).get(url(rolls)).context["ending"].initial
    assert initial == {"cause": MandateEnd.EXPIRED, "on": today() - 2 * ONE_DAY}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"cause": ""}, "离任原因：请选一项"),
        ({"on": ""}, "请选日期"),
        ({"on": "2100-01-01"}, "不能晚于今天"),
        ({"on": "2001-01-01"}, "不在任期"),
        ({"evidence": ""}, "请填写户口迁出"),
        ({"cause": "expired"}, "任期结束的次日"),
        ({"cause": "entry_error", "evidence": ""}, "请写清哪里录错了"),
        ({"cause": "entry_error", "on": "2001-01-01"}, "不能早于当选日期"),
    ],
)
def test_step_one_is_held_against_the_rules(
    cast: Cast, rolls: Rolls, typed: dict[str, str], words: str
) -> None:
    response = signed_in(cast.clerk).post(url(rolls), ending(go="heirs", **typed))
    assert response.status_code == 422
    assert response.context["number"] == 1
    assert words in text_of(response)


def test_step_two_proposes_an_heir_for_every_household(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    response = browser.post(url(rolls), ending(go="heirs"))

    assert response.context["number"] == 2
    rows = response.context["rows"]
    assert {household for household, _, _ in rows} == set(rolls.held_by("周静霞"))
    others = {str(rolls.people[name].pk) for name in ("李红英", "申秋云")}
    # 张顺民 has too many already.
    assert {str(field.value()) for _, field, _ in rows} <= others
    assert "暂时没人" in text_of(response)


def test_step_three_shows_every_answer_and_changes_nothing(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    first = rolls.held_by("周静霞")[0]
    sent = proposed(browser, rolls) | {f"heir_{first.pk}": "0", "go": "check"}
    response = browser.post(url(rolls), sent)

    text = text_of(response)
    assert response.context["number"] == 3
    assert "迁出" in text
    assert "户口迁出证明" in text
    assert "1 户暂时没人接" in text
    with at(cast.clerk):
        assert Mandate.objects.get(pk=rolls.mandates["周静霞"].pk).ended_on is None


def test_going_back_keeps_what_was_chosen(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    first = rolls.held_by("周静霞")[0]
    sent = proposed(browser, rolls) | {f"heir_{first.pk}": "0"}
    back = browser.post(url(rolls), sent | {"go": "start"})
    assert back.context["number"] == 1
    page = back.content.decode()
    assert f'name="heir_{first.pk}" value="0"' in page
    assert 'value="户口迁出证明"' in page
    again = browser.post(url(rolls), sent | {"go": "heirs"})
    assert again.context["number"] == 2
    chosen = {household: heir for household, _, heir in again.context["rows"]}
    assert chosen[first] is None


def test_the_last_step_hands_over_and_names_what_has_nobody(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    first, *others = rolls.held_by("周静霞")
    sent = proposed(browser, rolls) | {f"heir_{first.pk}": "0", "go": "done"}
    response = browser.post(url(rolls), sent, follow=True)

    assert response.redirect_chain[-1][0] == url(rolls, step="left")
    assert response.context["alone"] == [first]
    assert {household for household, _ in response.context["handed"]} == set(others)
    text = text_of(response)
    assert "周静霞已离任" in text
    assert first.head in text
    assert reverse("households:links", args=[rolls.village.code]) in (
        response.content.decode()
    )
    with at(cast.clerk):
        mandate = Mandate.objects.get(pk=rolls.mandates["周静霞"].pk)
        assert (mandate.ended_on, mandate.end_cause) == (today(), "moved")
        assert mandate.end_evidence == "户口迁出证明"
        assert first in Household.objects.without_anyone(today())


def test_the_page_after_tells_the_state_of_today(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    first = rolls.held_by("周静霞")[0]
    sent = proposed(browser, rolls) | {f"heir_{first.pk}": "0", "go": "done"}
    browser.post(url(rolls), sent)
    with at(cast.clerk):
        assign(
            households=[first],
            representative=rolls.people["李红英"],
            on=today(),
            by=cast.clerk,
        )
    assert "户户都有人接" in text_of(browser.get(url(rolls, step="left")))


def test_a_household_given_meanwhile_is_not_forgotten(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    sent = proposed(browser, rolls) | {"go": "done"}
    with at(cast.clerk):
        assign(
            households=[rolls.households["无联系甲"]],
            representative=rolls.people["周静霞"],
            on=today(),
            by=cast.clerk,
        )
    response = browser.post(url(rolls), sent)
    assert response.status_code == 422
    assert response.context["number"] == 2
    assert "这一户是刚分来的" in text_of(response)
    with at(cast.clerk):
        assert Mandate.objects.get(pk=rolls.mandates["周静霞"].pk).ended_on is None


def test_an_heir_who_left_meanwhile_is_refused_in_place(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    sent = proposed(browser, rolls) | {"go": "done"}
    with everywhere():
        Mandate.objects.filter(region=rolls.village).exclude(
            pk=rolls.mandates["周静霞"].pk
        ).update(until=yesterday())
    response = browser.post(url(rolls), sent)
    assert response.status_code == 422
    assert "已经不在任，请另选一位" in text_of(response)


def test_somebody_without_households_leaves_all_the_same(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        ContactLink.objects.filter(representative=rolls.people["周静霞"]).delete()
    browser = signed_in(cast.clerk)
    sent = proposed(browser, rolls)
    assert "没有联系户要交接" in text_of(
        browser.post(url(rolls), sent | {"go": "heirs"})
    )
    response = browser.post(url(rolls), sent | {"go": "done"}, follow=True)
    assert "户户都有人接" in text_of(response)


def test_nobody_leaves_twice(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    sent = proposed(browser, rolls) | {"go": "done"}
    browser.post(url(rolls), sent)
    assert browser.post(url(rolls), sent).status_code == 404
    assert browser.get(url(rolls)).status_code == 404


def test_there_is_nothing_to_tell_of_somebody_who_serves(
    cast: Cast, rolls: Rolls
) -> None:
    assert signed_in(cast.clerk).get(url(rolls, step="left")).status_code == 404


@pytest.mark.parametrize(
    ("part", "status"), [("city_staff", 403), ("auditor", 403), ("other_lead", 404)]
)
def test_nobody_else_ends_a_mandate(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    set_up_other()
    browser = signed_in(getattr(cast, part))
    assert browser.get(url(rolls)).status_code == status
    assert browser.post(url(rolls), ending(go="done", heirs="1")).status_code == status
