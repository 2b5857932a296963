"""Covenants: two slots, versions, the dates that L26 and L39 ask for, risky words."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AccessEntry
from accounts.services import Refused
from evaluations.models import Covenant, CovenantVersion
from evaluations.models.covenants import covenants_on
from evaluations.services import covenants as services
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import dated, today, tomorrow
from tests.rolls import Rolls, changes, statements, text_of

DATES = {
    "studied_on": dt.date(2026, 2, 20),
    "adopted_on": dt.date(2026, 3, 1),
    "adopted_by": "villagers",
    "filed_on": dt.date(2026, 3, 9),
}


def entered(cast: Cast, rolls: Rolls, slot: int = 1, **more: object) -> CovenantVersion:
    """Enter a covenant in the scope of the clerk."""
    return services.enter(
        village=rolls.village,
        slot=slot,
        title="村规民约",
        given={"text": "一条", **DATES} | more,
        on=today(),
        by=cast.clerk,
    )


def test_a_covenant_is_entered_revised_and_given_up(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        first = entered(cast, rolls)
        assert changes(first, "insert")
        with pytest.raises(Refused, match="已经登记了公约"):
            entered(cast, rolls)
        second = services.revise(
            covenant=first.covenant, given={"text": "两条"}, on=today(), by=cast.clerk
        )
        assert (second.number, covenants_on(VILLAGE, today())) == (2, [second])
        services.end(covenant=first.covenant, on=today())
        with pytest.raises(Refused, match="已经停用"):
            services.end(covenant=first.covenant, on=today())
        entered(cast, rolls)
        assert Covenant.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"adopted_on": dt.date(2026, 2, 1)}, "早于党组织研究日期"),
        ({"adopted_on": None}, "还要填通过日期"),
        ({"adopted_by": ""}, "由哪个会议通过"),
        ({"filed_on": tomorrow}, "还没有到"),
    ],
)
def test_dates_that_cannot_be_are_refused(
    cast: Cast, rolls: Rolls, change: dict[str, object], words: str
) -> None:
    with at(cast.clerk), pytest.raises(Refused, match=words):
        entered(cast, rolls, **dated(change))


def test_the_text_of_an_adopted_covenant_is_kept_by_the_database(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        row = entered(cast, rolls)
        rows = CovenantVersion.objects.filter(pk=row.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(text="改了")
        rows.update(meeting="应到 60 人，实到 51 人")


def test_a_risky_consequence_is_pointed_out_and_kept(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    sent = {"title": "红白喜事公约", "text": "超过限额的，三年内不得享受村集体福利"}
    made = browser.post("/covenants/new/2/", sent, follow=True)
    page = text_of(made)
    assert "“不得享受”" in page
    assert "不得侵犯" in page
    with at(cast.clerk):
        assert CovenantVersion.objects.get().risky == ("不得享受",)
        assert AccessEntry.objects.filter(subject__contains="里有不得享受").exists()


def test_dates_are_filled_in_later_on_a_page(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        row = entered(cast, rolls, filed_on=None)
    browser = signed_in(cast.clerk)
    assert "没有备案日期" in text_of(browser.get("/covenants/"))
    url = f"/covenants/texts/{row.pk}/dates/"
    sent = {name: f"{day}" for name, day in DATES.items()} | {"version": row.version}
    wrong = browser.post(url, sent | {"filed_on": "2026-02-25"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.post(url, sent).status_code == HTTPStatus.FOUND
    assert browser.post(url, sent).status_code == HTTPStatus.CONFLICT
    assert "手续齐全" in text_of(browser.get("/covenants/"))


def test_a_township_sees_which_villages_lack_what(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    before = statements(browser, "/covenants/")
    with at(cast.clerk):
        entered(cast, rolls, filed_on=None)
        entered(cast, rolls, slot=2)
    assert "没有备案日期" in text_of(browser.get("/covenants/"))
    assert statements(browser, "/covenants/") == before
    other = signed_in(cast.other_staff).get("/covenants/")
    assert "村规民约" not in text_of(other)
