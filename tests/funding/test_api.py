"""Money for other programs: the same services, the same refusals in plain words."""

import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from funding.models import FundEntry, Overdraw, SubsidySheet, WorkFund
from tests.cast import Cast, at, everywhere, signed_in
from tests.funding.stage import BEFORE, made, opened, resolved, signed
from tests.rolls import Rolls, today

JSON = "application/json"


@pytest.fixture(scope="module")
def fund(cast: Cast) -> WorkFund:
    with at(cast.secretary):
        return opened(cast.secretary)


def payment(**more: Any) -> dict[str, Any]:
    """Return a payment as a program sends it."""
    return {
        "booked_on": today().isoformat(), "amount": "120.50", "purpose": "茶水",
        "voucher": "001", "handled_by": "申文书", "approved_by": "周书记",
    } | more  # fmt: skip


def put(browser: Client, fund: WorkFund, entry: uuid.UUID, **more: Any) -> Any:
    url = f"/api/v1/funds/{fund.pk}/entries/{entry}/"
    return browser.put(url, payment(**more), content_type=JSON)


def test_a_payment_is_booked_once_under_the_callers_id(
    cast: Cast, fund: WorkFund
) -> None:
    clerk, entry = signed_in(cast.clerk), uuid.uuid4()
    first, again = put(clerk, fund, entry), put(clerk, fund, entry)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["amount"] == "-120.50"
    other = put(clerk, fund, entry, amount="7.00")
    assert other.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    book = clerk.get(f"/api/v1/funds/{fund.pk}/").json()
    assert (book["balance"], len(book["entries"])) == ("4879.50", 2)


def test_5000_01_is_refused_in_plain_words_and_counted(
    cast: Cast, fund: WorkFund
) -> None:
    answer = put(signed_in(cast.clerk), fund, uuid.uuid4(), amount="5000.01")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "beyond_balance"
    assert answer.json()["message"].startswith(
        "余额只有 5,000.00 元，这一笔 5,000.01 元，超出 0.01 元，不能登记。"
    )
    with at(cast.secretary):
        assert Overdraw.objects.count() == 1
        assert not FundEntry.objects.filter(kind="spent").exists()


@pytest.mark.parametrize(
    ("more", "status"),
    [({"amount": "1.005"}, 400), ({"amount": "-1"}, 400), ({"voucher": ""}, 400),
     ({"booked_on": "2019-01-01"}, 422), ({"kind": "carried"}, 400)],
)  # fmt: skip
def test_what_is_wrong_with_it_is_refused(
    cast: Cast, fund: WorkFund, more: dict[str, str], status: int
) -> None:
    answer = put(signed_in(cast.clerk), fund, uuid.uuid4(), **more)
    assert answer.status_code == status


def test_a_line_is_taken_back(cast: Cast, fund: WorkFund) -> None:
    clerk, entry = signed_in(cast.clerk), uuid.uuid4()
    put(clerk, fund, entry)
    url = f"/api/v1/fund-entries/{entry}/reverse/"
    answers = [
        clerk.post(url, {"reason": "记错"}, content_type=JSON).status_code
        for _ in range(2)
    ]
    assert answers == [201, 422]


def test_who_only_looks_books_nothing(cast: Cast, fund: WorkFund) -> None:
    assert put(signed_in(cast.township_staff), fund, uuid.uuid4()).status_code == 403
    assert put(signed_in(cast.sibling_secretary), fund, uuid.uuid4()).status_code == 404


def test_a_month_is_resolved_reckoned_and_checked(cast: Cast, rolls: Rolls) -> None:
    secretary = signed_in(cast.secretary)
    sent = {
        "meeting": "assembly", "held_on": BEFORE.isoformat(), "entitled": 30,
        "present": 26, "votes_for": 25, "rate": "150", "starts_on": BEFORE.isoformat(),
    }  # fmt: skip
    early = secretary.post(
        "/api/v1/subsidies/", {"month": BEFORE.isoformat()}, content_type=JSON
    )
    assert "没有生效的补贴决议" in early.json()["message"]
    kept = secretary.post("/api/v1/resolutions/", sent, content_type=JSON)
    assert kept.status_code == HTTPStatus.CREATED
    sheet = secretary.post(
        "/api/v1/subsidies/", {"month": BEFORE.isoformat()}, content_type=JSON
    ).json()
    assert (sheet["total"], len(sheet["lines"])) == ("600.00", 4)

    url = f"/api/v1/subsidies/{sheet['id']}/steps/check/"
    version = {"version": sheet["version"]}
    clerk = signed_in(cast.clerk).post(url, version, content_type=JSON)
    assert clerk.status_code == HTTPStatus.FORBIDDEN
    done = secretary.post(url, version, content_type=JSON)
    assert done.json()["state"] == "checked"
    assert secretary.post(url, version, content_type=JSON).status_code == 422


def test_a_representative_reads_his_own_statement(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        signed(cast.secretary)
    with everywhere():
        cast.representative.narrowed_to = rolls.people["张顺民"].pk
        cast.representative.save()
    mine = signed_in(cast.representative).get("/api/v1/subsidies/mine/").json()
    assert (mine["paid"], len(mine["lines"])) == ("150.00", 1)
    person = rolls.people["李红英"].pk
    seen = signed_in(cast.township_staff).get(f"/api/v1/subsidies/of/{person}/").json()
    assert seen["paid"] == "150.00"


def test_a_step_that_only_the_page_takes_is_said(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
    answer = signed_in(cast.secretary).post(
        f"/api/v1/subsidies/{sheet.pk}/steps/sign/", {"version": 1}, content_type=JSON
    )
    assert "请在页面上办理" in answer.json()["message"]
    with at(cast.secretary):
        assert SubsidySheet.objects.get().state == "draft"
