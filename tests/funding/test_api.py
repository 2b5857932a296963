"""Money for other programs: the same services, the same refusals in plain words."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext

from accounts.models import RowChange
from attachments.rules import MOST_BYTES
from funding import services
from funding.models import (
    FundEntry,
    Overdraw,
    Resolution,
    Scan,
    SubsidySheet,
    WorkFund,
)
from tests.attachments.making import pdf, picture, upload, wav
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today, tomorrow
from tests.funding.stage import (
    DAY,
    locked,
    made,
    months_ago,
    opened,
    resolved,
    signed,
)
from tests.rolls import Rolls

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


def test_a_payment_comes_with_its_voucher(cast: Cast, fund: WorkFund) -> None:
    clerk = signed_in(cast.clerk)
    url = f"/api/v1/funds/{fund.pk}/entries/{uuid.uuid4()}/"
    voucher = SimpleUploadedFile("收据.pdf", pdf())
    body = encode_multipart(BOUNDARY, payment() | {"scans": voucher})
    made = clerk.put(url, body, MULTIPART_CONTENT)
    assert made.status_code == HTTPStatus.CREATED, made.json()
    with at(cast.clerk):
        scan = Scan.objects.get()
    kept = clerk.get(f"/api/v1/money-scans/{scan.pk}/")
    assert kept["Content-Type"] == "application/pdf"


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
        "meeting": "assembly", "held_on": months_ago(2).isoformat(), "entitled": 30,
        "present": 26, "votes_for": 25, "rate": "150", "starts_on": months_ago(2).isoformat(),
    }  # fmt: skip
    early = secretary.post(
        "/api/v1/subsidies/", {"month": months_ago(2).isoformat()}, content_type=JSON
    )
    assert "没有生效的补贴决议" in early.json()["message"]
    kept = secretary.post("/api/v1/resolutions/", sent, content_type=JSON)
    assert kept.status_code == HTTPStatus.CREATED
    sheet = secretary.post(
        "/api/v1/subsidies/", {"month": months_ago(2).isoformat()}, content_type=JSON
    ).json()
    assert (sheet["total"], len(sheet["lines"])) == ("600.00", 4)

    url = f"/api/v1/subsidies/{sheet['id']}/steps/check/"
    version = {"version": sheet["version"]}
    clerk = signed_in(cast.clerk).post(url, version, content_type=JSON)
    assert clerk.status_code == HTTPStatus.FORBIDDEN
    done = secretary.post(url, version, content_type=JSON)
    assert done.json()["state"] == "checked"
    assert secretary.post(url, version, content_type=JSON).status_code == 409


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


def test_an_unknown_step_says_where_the_others_are(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
    answer = signed_in(cast.secretary).post(
        f"/api/v1/subsidies/{sheet.pk}/steps/sign/", {"version": 1}, content_type=JSON
    )
    assert "签收在 signatures/" in answer.json()["message"]
    with at(cast.secretary):
        assert SubsidySheet.objects.get().state == "draft"


def test_a_checked_sheet_is_posted_for_as_long_as_the_standard_says(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
        sheet = services.check(
            sheet=sheet, version=sheet.version, on=today(), by=cast.secretary
        )
    url = f"/api/v1/subsidies/{sheet.pk}/notice/"
    sent = {
        "version": sheet.version, "first_day": today().isoformat(),
        "last_day": (today() + 2 * DAY).isoformat(), "contact_name": "申主任",
        "contact_phone": "0739-2721234",
    }  # fmt: skip
    by = signed_in(cast.secretary)
    short = by.post(url, sent, content_type=JSON)
    assert (short.status_code, short.json()["code"]) == (422, "refused")
    assert signed_in(cast.clerk).post(url, sent, content_type=JSON).status_code == 403
    sent["last_day"] = (today() + 4 * DAY).isoformat()
    long = by.post(url, sent | {"contact_place": "村" * 50}, content_type=JSON)
    assert long.status_code == 400
    shown = by.post(url, sent, content_type=JSON)
    assert (shown.status_code, shown.json()["state"]) == (200, "posted")
    early = by.post(
        f"/api/v1/subsidies/{sheet.pk}/steps/lock/",
        {"version": shown.json()["version"]},
        content_type=JSON,
    )
    assert "期满后才能锁定" in early.json()["message"]


@pytest.mark.parametrize(
    ("words", "told"), [("现金", "一卡通转账、银行转账"), (" ", "怎样发的")]
)
def test_a_program_pays_in_no_other_way_than_the_page(
    cast: Cast, rolls: Rolls, words: str, told: str
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = locked(cast.secretary)
    url, sent = f"/api/v1/subsidies/{sheet.pk}/", {"version": sheet.version}
    by = signed_in(cast.secretary)
    refused = by.post(f"{url}steps/pay/", sent | {"words": words}, content_type=JSON)
    assert refused.status_code == 422
    assert told in refused.json()["message"]
    assert by.get(url).json()["state"] == "locked"


def test_a_paid_sheet_is_signed_by_its_scan(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = locked(cast.secretary)
    by, address = signed_in(cast.secretary), f"/api/v1/subsidies/{sheet.pk}/"
    paid = by.post(
        f"{address}steps/pay/",
        {"version": sheet.version, "words": "一卡通转账"},
        content_type=JSON,
    ).json()
    assert paid["state"] == "paid"
    wrong = SimpleUploadedFile("签字.exe", b"MZ")
    sent = {"version": paid["version"], "scans": wrong}
    assert by.post(f"{address}signatures/", sent).status_code == 422
    sent["scans"] = SimpleUploadedFile("签字.pdf", pdf())
    done = by.post(f"{address}signatures/", sent)
    assert (done.status_code, done.json()["state"]) == (200, "signed")
    with at(cast.secretary):
        assert Scan.objects.get(sheet=sheet).attachment.name == "签字.pdf"


def test_a_year_is_opened_carried_over_and_a_resolution_withdrawn(
    cast: Cast, fund: WorkFund
) -> None:
    clerk, secretary = signed_in(cast.clerk), signed_in(cast.secretary)
    years = "/api/v1/funds/"
    next_year = {"year": today().year + 1}
    assert clerk.post(years, next_year, JSON).json() == {"opened": 1}
    assert clerk.post(years, next_year, JSON).json() == {"opened": 0}
    assert signed_in(cast.auditor).post(years, next_year, JSON).status_code == 403
    carried = {"decided_on": f"{today()}", "decision": "镇财政所批复"}
    early = secretary.post(f"{years}{fund.pk}/carry/", carried, JSON)
    assert "还没有过完" in early.json()["message"]
    with at(cast.secretary):
        resolution = resolved(cast.secretary)
    withdraw = f"/api/v1/resolutions/{resolution.pk}/withdraw/"
    assert clerk.post(withdraw, {"reason": "登记错了"}, JSON).status_code == 200
    again = clerk.post(withdraw, {"reason": "登记错了"}, JSON)
    assert "已经作废" in again.json()["message"]


def test_an_account_is_kept_and_told_hidden_and_a_standard_holds_from_its_day(
    cast: Cast, rolls: Rolls
) -> None:
    clerk = signed_in(cast.clerk)
    address = f"/api/v1/subsidies/of/{rolls.people['张顺民'].pk}/account/"
    assert clerk.get(address).status_code == 404
    sent = {"bank": "邵东农商银行", "number": "6217 9955 5002 3456 789"}
    kept = clerk.put(address, sent, JSON)
    assert (kept.status_code, kept.json()["number"][-4:]) == (200, "6789")
    assert "6217995550023456789" not in clerk.get(address).content.decode()
    assert clerk.put(address, sent | {"number": "12"}, JSON).status_code == 422
    city, standards = signed_in(cast.city_staff), "/api/v1/money-standards/"
    first = {
        "kind": "allotment", "amount": "6000.00", "basis": "某号文",
        "effective_from": f"{today()}",
    }  # fmt: skip
    assert city.post(standards, first, JSON).status_code == 201
    past = city.post(standards, first | {"effective_from": "2020-01-01"}, JSON)
    assert "过去" in past.json()["message"]
    huge = first | {"amount": "100000000.00", "effective_from": f"{tomorrow()}"}
    assert city.post(standards, huge, JSON).status_code == 400
    assert clerk.get(standards).status_code == 403


# --- what a meeting put on paper --------------------------------------------------------

ADDRESS = "/api/v1/resolutions/"


def on_paper() -> dict[str, Any]:
    """Return what a meeting of the month before last decided."""
    day = months_ago(2).isoformat()
    return {
        "meeting": "assembly", "held_on": day, "entitled": 30, "present": 26,
        "votes_for": 25, "rate": "150", "starts_on": day,
    }  # fmt: skip


def test_a_resolution_comes_with_its_scans(cast: Cast, rolls: Rolls) -> None:
    clerk, left_out = signed_in(cast.clerk), rolls.people["李红英"]
    papers = [upload(pdf(), "决议.pdf"), upload(picture(), "签名.jpg")]
    made = clerk.post(
        ADDRESS, on_paper() | {"left_out": [left_out.pk], "scans": papers}
    )
    assert made.status_code == HTTPStatus.CREATED, made.json()
    first, second = made.json()["scans"]
    with at(cast.clerk):
        kept = list(Scan.objects.filter(resolution=made.json()["id"]))
        named = {one.attachment.name for one in kept}
        assert [one.representative for one in kept[0].resolution.left_out.all()] == [
            left_out
        ]
        logged = RowChange.objects.filter(table="funding_scan", operation="insert")
        assert {one.user for one in logged} == {cast.clerk.user_id}
    assert {one.pk for one in kept} == {first, second}
    assert named == {"决议.pdf", "签名.jpg"}
    [told] = clerk.get(ADDRESS).json()["results"]
    assert told["scans"] == [first, second]
    seen = clerk.get(f"/api/v1/money-scans/{first}/")
    assert seen["Content-Type"] == "application/pdf"
    stranger = signed_in(cast.sibling_secretary)
    for address in (f"/api/v1/money-scans/{first}/", f"{ADDRESS}{told['id']}/"):
        assert stranger.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_resolution_without_a_scan_still_comes_as_json(cast: Cast) -> None:
    made = signed_in(cast.clerk).post(ADDRESS, on_paper(), content_type=JSON)
    assert (made.status_code, made.json()["scans"]) == (HTTPStatus.CREATED, [])


BAD_SCANS: dict[str, tuple[Callable[[], list[SimpleUploadedFile]], int, str]] = {
    "wrong type": (lambda: [upload(wav(), "决议.pdf")], 422, "“决议.pdf”不能收，请交照片"),
    "empty": (lambda: [upload(b"", "决议.pdf")], 400, "空"),
    "too large": (
        lambda: [upload(pdf() + bytes(MOST_BYTES), "决议.pdf")], 422, "超过 10 MB",
    ),
    "too many": (lambda: [upload(pdf(), f"{n}.pdf") for n in range(7)], 400, "6"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD_SCANS)
def test_a_scan_that_cannot_be_kept_leaves_no_resolution(cast: Cast, bad: str) -> None:
    papers, status, words = BAD_SCANS[bad]
    told = signed_in(cast.clerk).post(ADDRESS, on_paper() | {"scans": papers()})
    assert told.status_code == status
    assert words in str(told.json())
    with at(cast.clerk):
        assert not Resolution.objects.exists()
        assert not Scan.objects.exists()


def test_who_only_looks_sends_no_resolution(cast: Cast) -> None:
    sent = on_paper() | {"scans": [upload(pdf(), "决议.pdf")]}
    told = signed_in(cast.township_staff).post(ADDRESS, sent)
    assert told.status_code == HTTPStatus.FORBIDDEN


def test_the_list_of_resolutions_asks_no_more_for_more_of_them(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)

    def asked(starts_on: str) -> int:
        sent = on_paper() | {"starts_on": starts_on, "scans": upload(pdf(), "决议.pdf")}
        assert clerk.post(ADDRESS, sent).status_code == HTTPStatus.CREATED
        with CaptureQueriesContext(connection) as seen:
            clerk.get(ADDRESS)
        return len(seen)

    assert asked(months_ago(2).isoformat()) == asked(months_ago(1).isoformat())
