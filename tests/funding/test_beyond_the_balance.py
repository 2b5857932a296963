"""Issue 7: a cent more than there is goes nowhere, whichever way it is sent."""

import uuid
from http import HTTPStatus

import pytest
from django.db import IntegrityError

from funding.models import FundEntry, Overdraw
from tests.cast import Cast, at, signed_in
from tests.funding.stage import D, opened
from tests.funding.test_api import put
from tests.funding.test_services_books import insert
from tests.funding.test_views import paid_form

REFUSED = "余额只有 5,000.00 元，这一笔 5,000.01 元，超出 0.01 元，不能登记。"


def test_issue_7_5000_01_is_refused_by_page_api_and_database(cast: Cast) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
    browser = signed_in(cast.secretary)

    page = browser.post(f"/funds/{fund.pk}/spend/", paid_form(amount="5000.01"))
    told = put(browser, fund, uuid.uuid4(), amount="5000.01")
    with at(cast.secretary), pytest.raises(IntegrityError, match="not_overdrawn"):
        insert(fund, amount=D("-5000.01"))

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert REFUSED in page.content.decode()
    assert told.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told.json()["message"].startswith(REFUSED)
    with at(cast.secretary):
        fund.refresh_from_db()
        assert fund.balance == D("5000.00")
        assert Overdraw.objects.count() == 2
        assert not FundEntry.objects.filter(kind="spent").exists()
    spent = put(browser, fund, uuid.uuid4(), amount="5000.00")
    assert spent.status_code == HTTPStatus.CREATED
