"""Money on the dashboards: above is the sum of below, exceptions are counted."""

import datetime as dt
from decimal import Decimal

import pytest

from funding import services
from funding.fund_board import board
from funding.models import SubsidyLine, WorkFund
from funding.rules.fund import is_unspent_late
from funding.services import BeyondBalance
from regions.models import Region
from reports.figures.domain import Asked, Counts, total
from reports.figures.money import (
    ALLOTTED,
    AT_WORK,
    LATE,
    OVER,
    SPENT,
    UNRESOLVED,
    Money,
)
from reports.periods import Span, window
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.funding.stage import made, opened, resolved, spent
from tests.rolls import set_up, text_of


def figures(cast: Cast, code: int, on: dt.date | None = None) -> Counts:
    """Return the sums of a place, as the city sees them."""
    with at(cast.city_lead):
        asked = Asked(Region.objects.get(pk=code), window(Span.MONTH, on or today()))
        return total(Money().counts(asked).values())


def test_what_is_spent_refused_and_in_work_adds_up_at_every_level(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        fund = opened(cast.secretary)
        spent(fund, cast.secretary, "1250.50")
        with pytest.raises(BeyondBalance):
            spent(fund, cast.secretary, "9000", "2")
        resolved(cast.secretary)
        made(cast.secretary)
    with at(cast.sibling_secretary):
        opened(cast.sibling_secretary)

    ours, township = figures(cast, VILLAGE), figures(cast, TOWNSHIP)
    assert (ours[ALLOTTED], ours[SPENT]) == (500_000, 125_050)
    assert (ours[OVER], ours[AT_WORK]) == (1, 1)
    assert (township[ALLOTTED], township[SPENT]) == (1_000_000, 125_050)
    assert figures(cast, CITY) == township


def test_a_sheet_that_was_given_up_is_in_nobody_s_work(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
        services.void(
            sheet=sheet, words="不发", version=sheet.version, on=today(),
            by=cast.secretary,
        )  # fmt: skip

    assert figures(cast, VILLAGE)[AT_WORK] == 0


def test_a_village_that_ended_keeps_its_money_and_is_asked_for_nothing(
    cast: Cast,
) -> None:
    """Nor does its fund stand for that of a village that has none yet."""
    with at(cast.secretary):
        spent(opened(cast.secretary), cast.secretary, "1250.50")
    with at(cast.city_lead):
        Region.objects.filter(pk=VILLAGE).update(ended_on=today())
        above = board(Region.objects.get(pk=CITY), today().year, today())
        below = board(Region.objects.get(pk=TOWNSHIP), today().year, today())
    [township] = [row for row in above if row.place.pk == TOWNSHIP]
    [ended] = [row for row in below if row.place.pk == VILLAGE]
    assert (township.opened, township.unopened) == (0, township.villages)
    assert (ended.villages, ended.unopened, ended.words) == (0, 0, "")
    assert township.spent == ended.spent == Decimal("1250.50")


@pytest.mark.parametrize("month", [1, 9, 10, 12])
@pytest.mark.parametrize("amount", ["2499.99", "2500.00"])
def test_idle_funds_are_those_of_the_rule(cast: Cast, month: int, amount: str) -> None:
    with at(cast.secretary):
        spent(opened(cast.secretary), cast.secretary, amount)
        fund = WorkFund.objects.get()
    on = dt.date(today().year, month, 15)
    asked = {"late_month": 10, "late_share": 50}
    wanted = is_unspent_late(fund.used, on.year, on, **asked)
    assert figures(cast, VILLAGE, on)[LATE] == int(wanted)


def test_the_dashboards_show_the_card_with_its_links(cast: Cast) -> None:
    with at(cast.city_staff):
        services.open_year(
            place=Region.objects.get(pk=CITY), year=today().year, by=cast.city_staff
        )
    page = signed_in(cast.city_staff).get("/")
    assert "2,900,000.00" in text_of(page)
    assert (
        f"/funds/in/{TOWNSHIP}/"
        in signed_in(cast.city_staff).get(f"/d/{TOWNSHIP}/").content.decode()
    )


def test_l23_what_was_paid_without_a_resolution_is_an_exception(cast: Cast) -> None:
    rolls = set_up()
    month = today().replace(month=1, day=1)
    with at(cast.secretary):
        for person in rolls.people.values():
            SubsidyLine.objects.create(
                region_id=VILLAGE, representative=person, kind="past", of_month=month,
                due=100, paid_before=0, amount=100, words="以前发的",
            )  # fmt: skip
    assert figures(cast, VILLAGE)[UNRESOLVED] == 1
    assert figures(cast, CITY)[UNRESOLVED] == 1
    page = signed_in(cast.township_staff).get("/")
    assert "发补贴没有决议" in text_of(page)
    with at(cast.secretary):
        resolved(cast.secretary)
    assert figures(cast, TOWNSHIP).get(UNRESOLVED, 0) == 0
