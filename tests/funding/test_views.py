"""The pages of money, as each of those who work with them sees them."""

import datetime as dt
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AccessEntry, Action
from funding import services
from funding.models import (
    FundEntry,
    Overdraw,
    PayAccount,
    Scan,
    SubsidyLine,
    SubsidySheet,
    WorkFund,
)
from representatives.models import Mandate
from tests.attachments.making import pdf
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import in_days, today
from tests.funding.stage import (
    D,
    locked,
    made,
    months_ago,
    opened,
    resolved,
    signed,
    spent,
)
from tests.rolls import Rolls, statements, text_of


@pytest.fixture
def village(cast: Cast) -> Client:
    return signed_in(cast.secretary)


def paid_form(**more: Any) -> dict[str, Any]:
    """Return what the form of a payment sends."""
    return {
        "id": str(uuid.uuid4()), "booked_on": today().isoformat(), "amount": "120.50",
        "purpose": "恳谈会茶水", "voucher": "001", "handled_by": "申文书",
        "approved_by": "周书记",
    } | more  # fmt: skip


# --- the work fund ---------------------------------------------------------------------


def test_a_village_opens_its_year_and_books(cast: Cast, village: Client) -> None:
    assert "还没有建账" in text_of(village.get("/funds/"))
    village.post("/funds/open/", {"year": today().year})
    with at(cast.secretary):
        fund = WorkFund.objects.get()

    came = {"id": str(uuid.uuid4()), "booked_on": today().isoformat(),
            "amount": "5000", "purpose": "市财政拨付"}  # fmt: skip
    village.post(f"/funds/{fund.pk}/receive/", came)
    scan = SimpleUploadedFile("凭证.pdf", pdf(), "application/pdf")
    answer = village.post(f"/funds/{fund.pk}/spend/", paid_form(scans=scan))

    assert answer.status_code == HTTPStatus.FOUND
    page = text_of(village.get("/funds/"))
    assert "余额 4,879.50 元" in page
    assert "恳谈会茶水" in page
    with at(cast.secretary):
        kept = Scan.objects.get()
    assert village.get(kept.get_absolute_url()).status_code == HTTPStatus.OK


def test_5000_01_is_refused_by_the_page_and_nothing_typed_is_lost(
    cast: Cast, village: Client
) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
    answer = village.post(
        f"/funds/{fund.pk}/spend/", paid_form(amount="5000.01", purpose="买电脑")
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "余额只有 5,000.00 元，这一笔 5,000.01 元，超出 0.01 元，不能登记。" in page
    assert 'value="5000.01"' in page
    assert 'value="买电脑"' in page
    with at(cast.secretary):
        assert Overdraw.objects.count() == 1  # kept, although the page refused
        assert not FundEntry.objects.filter(kind="spent").exists()
    township = text_of(signed_in(cast.township_staff).get("/funds/"))
    assert "超出余额的支出被拒 1 次" in township
    city = text_of(signed_in(cast.city_staff).get("/funds/"))
    assert "超出余额的支出被拒 1 次" in city


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amount": "12.345"}, "最多两位小数"),
        ({"amount": "一百"}, "只能填数字"),
        ({"amount": "0"}, "大于 0"),
        ({"voucher": ""}, "请填写"),
        ({"booked_on": "2019-05-01"}, "各年的钱分开记"),
    ],
)
def test_what_a_form_lacks_is_said_beside_it(
    cast: Cast, village: Client, more: dict[str, str], words: str
) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
    answer = village.post(f"/funds/{fund.pk}/spend/", paid_form(**more))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text_of(answer)


def test_a_line_is_taken_back_from_its_page(cast: Cast, village: Client) -> None:
    with at(cast.secretary):
        wrong = spent(opened(cast.secretary), cast.clerk, "300")
    url = f"/funds/entries/{wrong.pk}/reverse/"
    assert "300.00 元" in text_of(village.get(url))
    village.post(url, {"id": str(uuid.uuid4()), "reason": "多写一个零"})

    page = text_of(village.get("/funds/"))
    assert "冲销：多写一个零" in page
    assert "余额 5,000.00 元" in page


def test_the_city_allots_to_everybody_in_one_click(cast: Cast) -> None:
    city = signed_in(cast.city_staff)
    city.post("/funds/allot/", {"year": today().year})
    with at(cast.city_staff):
        count = WorkFund.objects.count()
    page = text_of(city.get("/funds/"))
    assert count == 580
    assert "2,900,000.00" in page
    with at(cast.secretary):
        fund = WorkFund.objects.get()
    below = signed_in(cast.township_staff).get(f"/funds/in/{fund.region_id}/")
    assert f"/funds/{fund.pk}/spend/" not in below.content.decode()


def test_the_boards_take_the_same_statements_however_much_there_is(
    cast: Cast, rolls: Rolls
) -> None:
    city = signed_in(cast.city_staff)
    before = [statements(city, url) for url in ("/funds/", "/subsidies/")]
    with at(cast.secretary):
        resolved(cast.secretary)
        locked(cast.secretary)
        spent(opened(cast.secretary), cast.secretary)
    with at(cast.other_secretary):
        spent(opened(cast.other_secretary), cast.other_secretary)
    after = [statements(city, url) for url in ("/funds/", "/subsidies/")]
    assert before == after


def test_a_book_takes_the_same_statements_however_long(
    cast: Cast, village: Client
) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
        spent(fund, cast.secretary, "1", "1")
    few = statements(village, "/funds/")
    with at(cast.secretary):
        for n in range(2, 8):
            spent(fund, cast.secretary, "1", str(n))
    assert statements(village, "/funds/") == few


# --- 误工补贴 --------------------------------------------------------------------------


def resolution_form(**more: Any) -> dict[str, Any]:
    """Return what the form of a resolution sends."""
    return {
        "meeting": "assembly", "held_on": months_ago(2).isoformat(),
        "studied_on": months_ago(2).isoformat(), "entitled": "30", "present": "26",
        "votes_for": "25", "rate": "150", "starts_on": f"{months_ago(2):%Y-%m}",
    } | more  # fmt: skip


def contact() -> dict[str, str]:
    """Return the days of a notice and whom to tell."""
    last = in_days(4)
    return {
        "first_day": today().isoformat(), "last_day": last.isoformat(),
        "contact_name": "申主任", "contact_phone": "0739-2721234",
    }  # fmt: skip


def test_from_the_resolution_to_a_sheet_on_view_in_four_clicks(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    village.post("/resolutions/new/", resolution_form())
    page = text_of(village.get("/subsidies/"))  # 1: open
    assert "还没生成" in page

    made = village.post("/subsidies/make/", {"month": f"{months_ago(2):%Y-%m}"})  # 2
    url = made["Location"]
    assert "150.00" in text_of(village.get(url))
    for step, more in (("check", {}), ("post", contact())):  # 3 and 4
        with at(cast.secretary):
            version = SubsidySheet.objects.get().version
        answer = village.post(f"{url}step/{step}/", {"version": version} | more)
        assert answer.status_code == HTTPStatus.FOUND

    page = text_of(village.get(url))
    assert "公示到" in page
    assert "期满后才能锁定" in page
    with at(cast.secretary):
        notice = SubsidySheet.objects.get().notice
    public = Client().get(notice.public_path)
    assert "张顺民" in text_of(public)


def test_a_draft_whose_resolution_was_taken_back_is_given_up_in_three_clicks(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    with at(cast.secretary):
        first = resolved(cast.secretary)
        sheet = made(cast.secretary)
        services.withdraw(resolution=first, reason="记错了", on=today())
    url = sheet.get_absolute_url()
    assert url in village.get("/subsidies/").content.decode()  # 1: open
    assert "为什么不发" in text_of(village.get(f"{url}step/void/"))  # 2

    sent = {"version": sheet.version, "words": ""}
    refused = village.post(f"{url}step/void/", sent)
    done = village.post(
        f"{url}step/void/", sent | {"words": "没有决议"}, follow=True
    )  # 3

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = text_of(done)
    assert "这个月不发" in page
    assert "没有决议" in page
    assert "核对无误" not in page
    assert "不发，已作废" in text_of(village.get("/subsidies/"))


def test_a_sheet_without_a_resolution_is_refused_in_words(
    rolls: Rolls, village: Client
) -> None:
    page = village.post(
        "/subsidies/make/", {"month": f"{months_ago(2):%Y-%m}"}, follow=True
    )
    assert "没有生效的补贴决议" in text_of(page)


def test_L24_the_form_of_a_resolution_asks_for_the_reason(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    answer = village.post("/resolutions/new/", resolution_form(rate="260"))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "不在市里定的 100 至 200 元之间" in text_of(answer)
    sent = resolution_form(rate="260", reason="代表大会通过")
    assert village.post("/resolutions/new/", sent).status_code == HTTPStatus.FOUND


def test_the_month_after_shows_the_adjustment_with_its_reason(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        signed(cast.secretary)
        mine = Mandate.objects.filter(pk=rolls.mandates["李红英"].pk)
        mine.update(started_on=months_ago(2).replace(day=11))
    answer = village.post(
        "/subsidies/make/", {"month": f"{months_ago(1):%Y-%m}"}, follow=True
    )

    page = text_of(answer)
    assert "扣回" in page
    assert "在任天数由" in page
    with at(cast.secretary):
        sheet = SubsidySheet.objects.get(month=months_ago(1))
        total = sum(line.amount for line in sheet.lines.all())
    assert f"{total:,.2f}" in page


def test_paying_and_signing_from_the_page(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = locked(cast.secretary)
    url = sheet.get_absolute_url()
    village.post(
        f"{url}step/pay/",
        {"version": sheet.version, "paid_on": today(), "words": "一卡通转账"},
    )
    without = village.post(
        f"{url}step/sign/", {"version": sheet.version + 1, "signed_on": today()}
    )
    assert without.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    scan = SimpleUploadedFile("签字表.pdf", pdf(), "application/pdf")
    sent = {"version": sheet.version + 1, "signed_on": today(), "scans": scan}
    village.post(f"{url}step/sign/", sent)

    page = text_of(village.get(url))
    assert "这个月办完了" in page
    assert "签字表.pdf" in page


def test_a_stale_page_is_told(cast: Cast, rolls: Rolls, village: Client) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
    answer = village.post(f"{sheet.get_absolute_url()}step/check/", {"version": 99})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "别人刚办过这张表" in text_of(answer)


def test_a_clerk_sees_no_button_to_check(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = made(cast.secretary)
    clerk = signed_in(cast.clerk)
    assert "请书记登录后核对" in text_of(clerk.get(sheet.get_absolute_url()))
    answer = clerk.post(
        f"{sheet.get_absolute_url()}step/check/", {"version": sheet.version}
    )
    assert "请村（社区）书记办理" in text_of(answer)


# --- the statement ---------------------------------------------------------------------


def test_a_representative_sees_his_own_on_the_phone_and_nobody_elses(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        signed(cast.secretary)
    with everywhere():
        cast.representative.narrowed_to = rolls.people["张顺民"].pk
        cast.representative.save()
    phone = signed_in(cast.representative)

    page = text_of(phone.get("/subsidies/mine/"))
    assert "已发 150.00 元" in page
    assert "全月在任" in page
    assert "李红英" not in page
    with at(cast.representative):
        assert SubsidyLine.objects.count() == 1
        assert SubsidySheet.objects.count() == 1
        assert not WorkFund.objects.exists()
    other = f"/subsidies/of/{rolls.people['李红英'].pk}/"
    assert phone.get(other).status_code == HTTPStatus.FORBIDDEN


def test_a_sheet_in_work_is_not_shown_to_those_it_pays(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        made(cast.secretary)
    with everywhere():
        cast.representative.narrowed_to = rolls.people["张顺民"].pk
        cast.representative.save()
    page = text_of(signed_in(cast.representative).get("/subsidies/mine/"))
    assert "还没有误工补贴" in page


def test_an_account_is_masked_and_revealed_with_a_reason(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    person = rolls.people["张顺民"]
    url = f"/subsidies/of/{person.pk}/"
    wrong = village.post(f"{url}account/", {"bank": "农商银行", "number": "6217x"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent = {"bank": "邵东农商银行", "number": "6217 9955 5002 3456 789"}
    village.post(f"{url}account/", sent)

    page = village.get(url).content.decode()
    assert "***************6789" in page
    assert "6217995550023456789" not in page
    form = village.get(f"{url}account/").content.decode()
    assert "6217" not in form
    shown = village.post(f"{url}account/reveal/", {"reason": "核对账号"})
    assert "6217995550023456789" in shown.content.decode()
    with at(cast.secretary):
        line = AccessEntry.objects.get(action=Action.REVEALED)
        assert PayAccount.objects.get().tail == "6789"
    assert (line.subject, line.reason) == ("张顺民 一卡通/银行账号", "核对账号")


def test_a_new_standard_holds_from_its_day(cast: Cast) -> None:
    city = signed_in(cast.city_staff)
    begins = dt.date(today().year + 1, 1, 1)
    sent = {"kind": "allotment", "amount": "6000", "effective_from": begins,
            "basis": "邵东财〔2026〕1号"}  # fmt: skip
    city.post("/money/standards/", sent)
    with at(cast.city_staff):
        services.open_year(
            place=cast.secretary.region, year=begins.year, by=cast.city_staff
        )
        assert WorkFund.objects.get().allotted == D("6000.00")
    again = city.post("/money/standards/", sent | {"effective_from": "2024-01-01"})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


# --- papers ----------------------------------------------------------------------------


def test_ledger_11_cites_the_resolution_and_has_room_to_sign(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = locked(cast.secretary)
    url = f"{sheet.get_absolute_url()}paper/"
    page = text_of(village.get(url))

    held = f"{months_ago(2).year}年{months_ago(2).month}月{months_ago(2).day}日"
    for words in (
        held, "领款人签字", "一卡通/银行账号", "600.00", "制表（签字）", "审核（签字）",
        "村务监督委员会主任（签字）", "村（社区）书记（签字）",
    ):  # fmt: skip
        assert words in page
    file = village.get(f"{url}?format=docx")
    assert file["Content-Type"].endswith("wordprocessingml.document")


def test_ledger_12_and_the_statement_print(
    cast: Cast, rolls: Rolls, village: Client
) -> None:
    with at(cast.secretary):
        fund = opened(cast.secretary)
        spent(fund, cast.secretary)
        resolved(cast.secretary)
        locked(cast.secretary)
    book = text_of(village.get(f"/funds/{fund.pk}/paper/"))
    assert "4,879.50" in book
    assert "恳谈会茶水" in book
    person = rolls.people["张顺民"]
    paper = text_of(village.get(f"/subsidies/of/{person.pk}/paper/"))
    assert "全月在任" in paper


def test_the_empty_pages_say_what_to_do(rolls: Rolls, village: Client) -> None:
    assert "还没有补贴决议" in text_of(village.get("/subsidies/"))
    page = text_of(village.get("/funds/?year=2019"))
    assert "这一年没有工作经费的账" in page


def test_whoever_opens_last_years_book_is_led_to_it(cast: Cast) -> None:
    year = today().year - 1
    for by, url in ((cast.clerk, "open"), (cast.city_staff, "allot")):
        done = signed_in(by).post(f"/funds/{url}/", {"year": year}, follow=True)
        assert done.context["year"] == year
