"""Payments of before the system on their way in; ledgers 11 and 12 on their way out."""

import datetime as dt
from collections import Counter
from decimal import Decimal as D

import pytest

from funding import services
from funding.ledgers import FUNDS, SUBSIDIES, FundLedger, SubsidyLedger
from funding.models import SubsidyLine
from funding.statements import Statement
from representatives.models import Mandate
from tests.cast import VILLAGE, Cast, at
from tests.days import today
from tests.funding.stage import (
    amounts,
    locked,
    made,
    months_ago,
    opened,
    resolved,
    spent,
)
from tests.rolls import Rolls
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from workbooks.models import Upload

uploads = desk.uploads
TITLES = ("村", "姓名", "小组", "发放月份", "金额")


def row(**cells: object) -> list[object]:
    """Return a row of TITLES: 张顺民 was paid 150 yuan for a month of 2025."""
    given = {"村": "长冲口村", "姓名": "张顺民", "发放月份": "2025年3月", "金额": "150"}
    return [(given | cells).get(title, "") for title in TITLES]


def served_since(rolls: Rolls, name: str, on: dt.date) -> None:
    """Let it turn out that somebody came into office on another day."""
    Mandate.objects.filter(pk=rolls.mandates[name].pk).update(started_on=on)


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("subsidies", roll(TITLES, *rows), cast.clerk)


@pytest.mark.parametrize(
    "month", ["2025年3月", "2025-03", "2025.3", "202503", "2025-03-01", "2025/3"]
)
def test_a_past_payment_stands_in_the_statement(
    cast: Cast, rolls: Rolls, month: str
) -> None:
    assert counts(bring(cast, row(发放月份=month))) == (1, 0, 0, 0)
    with at(cast.clerk):
        line = SubsidyLine.objects.get()
        found = Statement(rolls.people["张顺民"])
        assert found.paid == D("150.00")
        assert found.lines[0].state == "以前发的"
    assert (line.of_month, line.kind, line.region_id) == (
        dt.date(2025, 3, 1),
        "past",
        VILLAGE,
    )


def test_the_same_payment_again_adds_nothing(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row())
    assert counts(bring(cast, row(), row(发放月份="2025年4月"))) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"姓名": "没有这人"}, "unknown_person"),
        ({"发放月份": "三月"}, "not_a_month"),
        ({"发放月份": "2099年1月"}, "not_a_month"),
        ({"金额": "0"}, "not_above_nought"),
        ({"金额": "120"}, "paid_differently"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    cast: Cast, rolls: Rolls, cells: dict[str, object], code: str
) -> None:
    bring(cast, row())
    upload = hand_in("subsidies", roll(TITLES, row(**cells)), cast.clerk)
    assert list(refusals(upload).values()) == [{code}]


def test_a_month_on_a_sheet_is_not_paid_again(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        locked(cast.secretary)
    again = row(发放月份=f"{months_ago(2):%Y-%m}")
    upload = hand_in("subsidies", roll(TITLES, again), cast.clerk)
    assert list(refusals(upload).values()) == [{"month_on_a_sheet"}]


def test_a_month_that_a_later_sheet_made_up_for_is_not_paid_again(
    cast: Cast, rolls: Rolls
) -> None:
    by, missed = cast.secretary, row(发放月份=f"{months_ago(2):%Y-%m}")
    with at(by):
        resolved(by)
        served_since(rolls, "张顺民", months_ago(1))
        locked(by, months_ago(2))
        served_since(rolls, "张顺民", months_ago(2))
        sheet = made(by, months_ago(1))
        assert amounts(sheet)["张顺民", "adjustment"] == D("150.00")
    # A draft is reckoned anew: what was paid on paper leaves it.
    assert not refusals(hand_in("subsidies", roll(TITLES, missed), cast.clerk))
    with at(by):
        services.check(sheet=sheet, version=sheet.version, on=today(), by=by)
    upload = hand_in("subsidies", roll(TITLES, missed), cast.clerk)
    assert list(refusals(upload).values()) == [{"made_up_on_a_sheet"}]


def test_ledger_11_says_the_rate_of_the_month_that_is_made_up_for(
    cast: Cast, rolls: Rolls
) -> None:
    by, later = cast.secretary, months_ago(1)
    with at(by):
        resolved(by)
        served_since(rolls, "张顺民", later)
        locked(by, months_ago(2))
        served_since(rolls, "张顺民", months_ago(2))
        resolved(by, held_on=later, starts_on=later, rate=D(180))
        locked(by, later)
        ledger = SubsidyLedger(rolls.village)
        rows = ledger.rows(ledger.keys({}, "", today()), today(), Counter(), full=False)
    names = [column.key for column in SUBSIDIES]
    lines = [dict(zip(names, cells, strict=True)) for cells in rows]
    mine = {one["month"]: one["rate"] for one in lines if one["name"] == "张顺民"}
    assert mine == {f"{months_ago(2):%Y-%m}": D(150), f"{later:%Y-%m}": D(180)}


def test_ledger_11_is_what_was_paid_with_masked_numbers(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        services.keep_account(
            representative=rolls.people["张顺民"], bank="农商银行",
            number="6217995550023456789", by=cast.secretary,
        )  # fmt: skip
        resolved(cast.secretary)
        locked(cast.secretary)
        ledger, totals = SubsidyLedger(rolls.village), Counter[str]()
        keys = ledger.keys({"year": months_ago(2).year}, "", today())
        rows = ledger.rows(keys, today(), totals, full=False)
        whole = ledger.rows(keys, today(), Counter(), full=True)
    names = [column.key for column in SUBSIDIES]
    mine = dict(zip(names, next(r for r in rows if r[2] == "张顺民"), strict=True))
    assert mine["account"] == "***************6789"
    assert (mine["amount"], mine["rate"]) == (D("150.00"), D("150.00"))
    assert mine["month"] == f"{months_ago(2):%Y-%m}"
    assert "全月在任" in str(mine["remark"])
    assert "6217995550023456789" in {r[8] for r in whole}
    assert ledger.total(totals) == {"name": "4 笔", "amount": D("600.00")}


def test_ledger_12_has_the_balance_after_each_line(cast: Cast) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
        spent(fund, cast.secretary, "120.50")
        ledger, totals = FundLedger(cast.secretary.region), Counter[str]()
        keys = ledger.keys({}, "", today())
        rows = [
            dict(zip([c.key for c in FUNDS], one, strict=True))
            for key in keys  # one chunk for each line: balances go on
            for one in ledger.rows([key], today(), totals, full=False)
        ]
    assert [one["balance"] for one in rows] == [D("5000.00"), D("4879.50")]
    assert rows[1]["spent"] == D("120.50")
    assert ledger.total(totals)["spent"] == D("120.50")


def test_ledger_12_of_a_township_has_a_subtotal_for_each_village(cast: Cast) -> None:
    for secretary, amount in (
        (cast.secretary, "120.50"),
        (cast.sibling_secretary, "80"),
    ):
        with at(secretary):
            spent(opened(secretary), secretary, amount)
    with at(cast.township_staff):
        ledger, totals = FundLedger(cast.township_staff.region), Counter[str]()
        keys = ledger.keys({}, "", today())
        rows = [
            dict(zip([c.key for c in FUNDS], one, strict=True))
            for one in ledger.rows(keys, today(), totals, full=False)
        ]
    sums = [one for one in rows if "小计" in str(one["village"])]
    assert sorted(one["spent"] for one in sums) == [D("80.00"), D("120.50")]
    assert ledger.total(totals)["spent"] == sum(one["spent"] for one in sums)
    assert len(rows) == len(keys) + 2
