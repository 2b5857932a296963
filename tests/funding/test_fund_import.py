"""Ledger 12 on its way in: lines of books, never beyond the balance; undone by 冲销."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AccessEntry, Action
from funding import services
from funding.models import CarryOver, EntryKind, FundEntry, WorkFund
from funding.services import many
from regions.models import Region
from reports import exports
from reports.centre import files
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import dated, in_days, this_year, today
from tests.funding.stage import opened, spent
from tests.workbooks import desk
from tests.workbooks.desk import (
    bring_in,
    confirm,
    counts,
    hand_in,
    refusals,
    roll,
    take_back,
    work_on,
)
from workbooks.models import RowVerdict, Stage, Upload

uploads = desk.uploads
TITLES = (
    "村", "日期", "类型", "事项", "收入", "支出金额", "凭证号", "经手", "审批", "备注",
)  # fmt: skip


def new_year() -> str:
    return f"{this_year()}-01-01"


PAID: dict[str, Any] = {
    "村": "长冲口村", "日期": new_year, "事项": "恳谈会茶水", "支出金额": "120.50",
    "凭证号": "001", "经手": "申文书", "审批": "周书记",
}  # fmt: skip
CAME: dict[str, Any] = {
    "村": "长冲口村",
    "日期": new_year,
    "事项": "市财政拨付",
    "收入": "2000",
}


def line(given: dict[str, Any], **cells: str) -> list[str]:
    return [dated(given | cells).get(title, "") for title in TITLES]


def book(*rows: list[str]) -> bytes:
    return roll(TITLES, *rows)


def two() -> bytes:
    return book(line(CAME), line(PAID))


@pytest.fixture(autouse=True)
def handed_in_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books hold lines of today: a file that is read before them lies in the past."""
    monkeypatch.setattr(desk, "TODAY", today())
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


@pytest.fixture(scope="module")
def fund(cast: Cast) -> WorkFund:
    """This year's fund, opened and empty."""
    with at(cast.secretary):
        return opened(cast.secretary, received="")


def now(fund: WorkFund) -> WorkFund:
    with everywhere():
        return WorkFund.objects.get(pk=fund.pk)


def lines(fund: WorkFund) -> list[tuple[str, D, str]]:
    with everywhere():
        rows = FundEntry.objects.filter(fund=fund).in_order()
        return [(one.kind, one.amount, one.purpose) for one in rows]


def test_past_lines_are_ordinary_lines_of_the_book(cast: Cast, fund: WorkFund) -> None:
    assert counts(bring_in("funds", two(), cast.clerk)) == (2, 0, 0, 0)

    with at(cast.clerk):
        came, paid = FundEntry.objects.in_order()
        logged = AccessEntry.objects.get(action=Action.IMPORTED)
    assert (came.kind, came.amount) == (EntryKind.RECEIVED, D("2000.00"))
    assert (paid.kind, paid.amount, paid.voucher) == (
        EntryKind.SPENT, D("-120.50"), "001",
    )  # fmt: skip
    assert (paid.handled_by, paid.approved_by) == ("申文书", "周书记")
    assert (paid.region_id, paid.entered_by) == (VILLAGE, cast.clerk.user)
    assert now(fund).balance == D("1879.50")
    assert logged.reason == "新增 2，更新 0，退回 0"


def test_lines_of_one_day_keep_the_order_of_the_file(
    cast: Cast, fund: WorkFund
) -> None:
    rows = [
        line(PAID, 凭证号=f"{n:03}", 事项=f"第{n}笔", 支出金额="1") for n in range(9)
    ]
    bring_in("funds", book(line(CAME), *rows), cast.clerk)

    assert [one[2] for one in lines(fund)[1:]] == [f"第{n}笔" for n in range(9)]


def test_the_same_file_again_adds_nothing(cast: Cast, fund: WorkFund) -> None:
    bring_in("funds", two(), cast.clerk)
    assert counts(hand_in("funds", two(), cast.clerk)) == (0, 0, 2, 0)


# --- out and in again -------------------------------------------------------------------


def exported(cast: Cast, year: int) -> bytes:
    """Return ledger 12 as it is downloaded."""
    wanted = exports.Request("funds", {"year": str(year)}, full=False, reason="")
    with at(cast.secretary):
        job = exports.ask(
            wanted, by=cast.secretary, on=today(), token=str(uuid.uuid4())
        )
    with at(cast.secretary):
        desk.perform(job.pk)
        return files.path_of(job.pk).read_bytes()


def test_what_goes_out_comes_in_as_the_same(cast: Cast, fund: WorkFund) -> None:
    odd = line(PAID, 凭证号="A－2", 事项="=资料  打印（A4），2 份", 支出金额="80")
    bring_in("funds", book(line(CAME), line(PAID), odd), cast.clerk)
    with at(cast.secretary):
        wrong = spent(fund, cast.secretary, "33.00", "009", purpose="'=全角１２　茶")
        services.take_back(
            entry=wrong, entry_id=uuid.uuid4(), reason="多写一笔", on=today(),
            by=cast.secretary,
        )  # fmt: skip
    whole = exported(cast, fund.year)

    upload = hand_in("funds", whole, cast.clerk, name="工作经费台账.xlsx")

    assert counts(upload) == (0, 0, 5, 0), refusals(upload)
    assert len(lines(fund)) == 5


def test_a_year_that_was_carried_over_comes_in_as_the_same(cast: Cast) -> None:
    last = carried(cast)
    for year in (last.year, last.year + 1):
        upload = hand_in("funds", exported(cast, year), cast.clerk, name="台账.xlsx")
        assert upload.refused == upload.created == 0, refusals(upload)
        assert upload.unchanged >= 1


def carried(cast: Cast, content: bytes = b"") -> WorkFund:
    """Return last year's fund after what is left of it was carried over."""
    last = last_year(cast)
    content = content or book(line(CAME, 日期=f"{last.year}-02-01"))
    bring_in("funds", content, cast.clerk)
    carry(cast, last)
    return last


def last_year(cast: Cast) -> WorkFund:
    with at(cast.secretary):
        year = this_year() - 1
        services.open_year(place=cast.secretary.region, year=year, by=cast.secretary)
        return WorkFund.objects.get(region=VILLAGE, year=year)


def carry(cast: Cast, fund: WorkFund) -> None:
    with at(cast.secretary):
        services.carry_over(
            fund=fund, decided_on=today(), decision="镇财政所批复", on=today(),
            by=cast.secretary,
        )  # fmt: skip


# --- what is refused --------------------------------------------------------------------

BAD: dict[str, Callable[[], tuple[list[str], str, str]]] = {
    "village": lambda: (line(PAID, 村="没有这个村"), "unknown_village", "请核对村名"),
    "no day": lambda: (line(PAID, 日期=""), "missing_booked_on", "请补填"),
    "tomorrow": lambda: (
        line(PAID, 日期=f"{in_days(400)}"), "future_date", "",
    ),
    "year without a book": lambda: (
        line(PAID, 日期="2019-03-05"), "no_fund", "更早的不用导，留好原来的台账",
    ),
    "last year not opened": lambda: (
        line(PAID, 日期=f"{this_year() - 1}-03-05"), "no_fund",
        f"请先在“工作经费”里选 {this_year() - 1} 年建账",
    ),
    "purpose": lambda: (line(PAID, 事项=""), "missing_purpose", "请补填"),
    "voucher": lambda: (line(PAID, 凭证号=""), "missing_voucher", "请对照凭证补填"),
    "handled": lambda: (line(PAID, 经手=""), "missing_handled_by", "请对照凭证补填"),
    "approved": lambda: (line(PAID, 审批=""), "missing_approved_by", "请对照凭证补填"),
    "no amount": lambda: (line(PAID, 支出金额=""), "one_amount", "到账的填在“收入”里"),
    "two amounts": lambda: (line(PAID, 收入="5"), "one_amount", "到账的填在“收入”里"),
    "other side": lambda: (line(PAID, 类型="到账"), "wrong_side", "花出去的填在“支出金额”里"),
    "red figures": lambda: (line(PAID, 支出金额="-5"), "spent_out_of_range", "请核对后改正"),
    "beyond the balance (L28)": lambda: (
        line(PAID, 支出金额="2000.01"), "beyond_balance",
        "请核对金额；钱还没到账的，先登记到账；到账也在这份表里的，把到账的行移到前面",
    ),
    "beyond the allotment (L28)": lambda: (
        line(CAME, 收入="3000.01"), "beyond_allotment",
        "请核对金额",
    ),
    "carried": lambda: (line(CAME, 类型="结转"), "not_by_import", "请由书记在“工作经费”里办结转"),
    "reversal": lambda: (
        line(CAME, 类型="冲销"), "not_by_import", "请和被冲销的那一行一起删去",
    ),
    "undone": lambda: (
        line(PAID, 备注="已冲销"), "not_by_import", "请和冲销它的那一行一起删去",
    ),
    "received twice": lambda: (
        line(CAME, 事项="拨款"), "receipt_booked", "请在“工作经费”里登记到账",
    ),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_bad_row_is_refused_with_what_to_do_and_good_ones_are_kept(
    cast: Cast, fund: WorkFund, bad: str
) -> None:
    row, code, mend = BAD[bad]()
    good = line(PAID, 凭证号="777", 支出金额="10")
    upload = bring_in("funds", book(line(CAME), row, good), cast.clerk)

    assert refusals(upload) == {3: {code}}
    assert counts(upload) == (2, 0, 0, 1)
    assert now(fund).balance == D("1990.00")
    with at(cast.clerk):
        [problem] = RowVerdict.objects.get(upload=upload, verdict="refused").problems
    assert mend in problem["hint"]
    assert problem["message"]
    if code == "beyond_balance":
        assert problem["value"] == "2000.01"


def test_a_voucher_is_booked_once(cast: Cast, fund: WorkFund) -> None:
    rows = (line(PAID), line(PAID, 事项="别的", 支出金额="5"), line(PAID))
    upload = bring_in("funds", book(line(CAME), *rows), cast.clerk)

    assert refusals(upload) == {4: {"voucher_booked"}, 5: {"voucher_booked"}}
    with at(cast.clerk):
        [problem] = RowVerdict.objects.filter(upload=upload, number=4).get().problems
    assert problem["message"] == (
        f"凭证号 001 已经有一笔：{new_year()} 恳谈会茶水 120.50 元"
    )


def test_a_line_that_was_taken_back_by_hand_does_not_return_by_import(
    cast: Cast, fund: WorkFund
) -> None:
    bring_in("funds", two(), cast.clerk)
    with at(cast.secretary):
        services.take_back(
            entry=FundEntry.objects.get(kind=EntryKind.SPENT), entry_id=uuid.uuid4(),
            reason="付错了", on=today(), by=cast.secretary,
        )  # fmt: skip
    assert refusals(hand_in("funds", two(), cast.clerk)) == {3: {"taken_back"}}


def test_what_was_spent_since_the_preview_is_refused_in_words(
    cast: Cast, fund: WorkFund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of a chunk and its writing: the database is the judge."""
    upload = confirm(hand_in("funds", two(), cast.clerk), cast.clerk)
    book_many = many.book_many

    def after_somebody_else(**given: Any) -> None:
        if not FundEntry.objects.filter(voucher="001").exists():
            services.receive(
                fund=fund, entry_id=uuid.uuid4(), amount=D(3000), booked_on=today(),
                purpose="拨付", by=cast.secretary,
            )  # fmt: skip
            spent(fund, cast.secretary, "1", "001")
        book_many(**given)

    monkeypatch.setattr(services, "book_many", after_somebody_else)
    done = work_on(upload)

    assert counts(done) == (1, 0, 0, 1)
    assert refusals(done) == {3: {"conflict"}}
    with at(cast.clerk):
        [problem] = RowVerdict.objects.get(upload=done, verdict="refused").problems
        assert FundEntry.objects.filter(voucher="001").count() == 1
    assert problem["message"].startswith("余额、安排或凭证号刚刚有变动")


def test_statements_do_not_grow_with_the_rows(cast: Cast, fund: WorkFund) -> None:
    def asked(first: int, size: int) -> int:
        numbers = range(first, first + size)
        rows = [line(PAID, 凭证号=f"{n}", 支出金额="1") for n in numbers]
        upload = hand_in("funds", book(*rows), cast.clerk)
        with CaptureQueriesContext(connection) as seen:
            done = work_on(confirm(upload, cast.clerk))
        assert counts(done) == (size, 0, 0, 0)
        return len(seen)

    bring_in("funds", book(line(CAME)), cast.clerk)
    assert asked(100, 3) == asked(200, 60)


# --- taken back -------------------------------------------------------------------------


def test_an_undo_writes_counter_entries_that_say_why(
    cast: Cast, fund: WorkFund
) -> None:
    with at(cast.secretary):
        services.receive(
            fund=fund, entry_id=uuid.uuid4(), amount=D(500), booked_on=today(),
            purpose="先到的", by=cast.secretary,
        )  # fmt: skip
    done = bring_in("funds", two(), cast.clerk, name="老账.csv")
    undone = take_back(done, cast.secretary)

    assert undone.stage == Stage.UNDONE, undone.facts
    assert now(fund).balance == D("500.00")
    assert [one[1] for one in lines(fund)][-2:] == [D("120.50"), D("-2000.00")]
    with at(cast.clerk):
        counters = FundEntry.objects.filter(kind=EntryKind.REVERSAL)
        by_entry = {one.reverses.purpose: one for one in counters if one.reverses}
        logged = AccessEntry.objects.get(action=Action.IMPORT_UNDONE)
    assert {name: one.amount for name, one in by_entry.items()} == {
        "市财政拨付": D("-2000.00"), "恳谈会茶水": D("120.50"),
    }  # fmt: skip
    tea = by_entry["恳谈会茶水"]
    assert tea.purpose == "冲销：撤销导入“老账.csv”（恳谈会茶水）"
    assert (tea.voucher, tea.entered_by) == ("001", cast.secretary.user)
    assert tea.booked_on == today()
    assert (logged.reason, logged.user) == ("冲销 2 条", cast.secretary.user)


def test_what_was_undone_can_be_imported_again(cast: Cast, fund: WorkFund) -> None:
    take_back(bring_in("funds", two(), cast.clerk), cast.clerk)
    mended = book(line(CAME), line(PAID, 支出金额="120"))
    assert counts(bring_in("funds", mended, cast.clerk)) == (2, 0, 0, 0)
    assert now(fund).balance == D("1880.00")
    whole = exported(cast, fund.year)
    assert counts(hand_in("funds", whole, cast.clerk, name="台账.xlsx")) == (0, 0, 6, 0)


def test_a_line_taken_back_by_hand_is_not_taken_back_twice(
    cast: Cast, fund: WorkFund
) -> None:
    done = bring_in("funds", two(), cast.clerk)
    with at(cast.secretary):
        paid = FundEntry.objects.get(kind=EntryKind.SPENT)
        services.take_back(
            entry=paid, entry_id=uuid.uuid4(), reason="付错了", on=today(),
            by=cast.secretary,
        )  # fmt: skip
    undone = take_back(done, cast.clerk)
    assert undone.facts["undone"]["reversed"] == 1
    assert now(fund).balance == D("0.00")


def test_later_lines_do_not_forbid_an_undo_that_leaves_enough(
    cast: Cast, fund: WorkFund
) -> None:
    done = bring_in("funds", book(line(CAME)), cast.clerk)
    with at(cast.secretary):
        services.receive(
            fund=fund, entry_id=uuid.uuid4(), amount=D(300), booked_on=today(),
            purpose="再拨", by=cast.secretary,
        )  # fmt: skip
        spent(fund, cast.secretary, "200")
    assert take_back(done, cast.clerk).stage == Stage.UNDONE
    assert now(fund).balance == D("100.00")


def test_an_undo_is_refused_where_the_money_was_spent(
    cast: Cast, fund: WorkFund
) -> None:
    done = bring_in("funds", book(line(CAME)), cast.clerk)
    with at(cast.secretary):
        spent(fund, cast.secretary, "0.01")

    kept = take_back(done, cast.clerk)

    assert told(kept) == (
        f"工作经费 {fund.year} 年", "长冲口村",
        (
            "导入的到账后来花了：全部冲销要退 2,000.00 元，余额只有 1,999.99 元。"
            "请先冲销后来记的支出"
        ),
    )  # fmt: skip
    assert len(lines(fund)) == 2


def test_an_undo_is_refused_where_the_year_was_carried_over(cast: Cast) -> None:
    last = last_year(cast)
    day = f"{last.year}-02-01"
    rows = (line(CAME, 日期=day), line(PAID, 日期=day))
    done = bring_in("funds", book(*rows), cast.clerk)
    carry(cast, last)

    what, where, why = told(take_back(done, cast.clerk))

    assert (what, where) == (f"工作经费 {last.year} 年", "长冲口村")
    assert why == (
        f"导入以后，结余已转入 {last.year + 1} 年，账不能整批退回去。"
        "确实记错的，在台账上一笔一笔冲销"
    )
    with everywhere():
        assert CarryOver.objects.count() == 1
        assert not FundEntry.objects.filter(kind=EntryKind.REVERSAL).exists()


def test_an_undo_that_somebody_overtakes_changes_nothing_and_says_so(
    cast: Cast, fund: WorkFund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between what is in its way and what it writes: the database is the judge."""
    done = bring_in("funds", two(), cast.clerk)
    take_back_many = many.take_back_many

    def after_somebody_else(**given: Any) -> None:
        entries = list(given["entries"])
        services.take_back(
            entry=entries[-1], entry_id=uuid.uuid4(), reason="记错", on=today(),
            by=cast.secretary,
        )  # fmt: skip
        take_back_many(**given | {"entries": entries})

    monkeypatch.setattr(services, "take_back_many", after_somebody_else)
    what, _, why = told(take_back(done, cast.clerk))

    assert (what, why) == (
        "工作经费", "刚刚又有了收支或冲销。请看过台账，再撤销一次",
    )  # fmt: skip
    assert now(fund).balance == D("1879.50")


def test_of_a_year_that_is_over_the_counter_entries_stay_in_it(cast: Cast) -> None:
    last = last_year(cast)
    done = bring_in("funds", book(line(CAME, 日期=f"{last.year}-02-01")), cast.clerk)
    take_back(done, cast.clerk)
    with at(cast.clerk):
        [counter] = FundEntry.objects.filter(kind=EntryKind.REVERSAL)
    assert counter.booked_on == dt.date(last.year, 12, 31)


def told(kept: Upload) -> tuple[str, str, str]:
    """Return the one thing that an undo says is in its way."""
    assert kept.stage == Stage.APPLIED
    [blocker] = kept.facts["blockers"]
    return blocker["what"], blocker["where"], blocker["why"]


# --- the pages --------------------------------------------------------------------------


def test_who_keeps_the_books_finds_it_on_the_import_page(
    cast: Cast, fund: WorkFund
) -> None:
    title = "工作经费台账（以前记的）"
    for post, may in (
        (cast.clerk, True),
        (cast.secretary, True),
        (cast.township_staff, False),
    ):
        page = signed_in(post).get("/imports/new/").content.decode()
        assert (title in page) is may
    empty = signed_in(cast.clerk).get(f"/funds/{fund.pk}/").content.decode()
    assert "/imports/new/?kind=funds" in empty


def test_the_pages_of_an_undo_speak_of_counter_entries(
    cast: Cast, fund: WorkFund
) -> None:
    browser = signed_in(cast.clerk)
    done = bring_in("funds", two(), cast.clerk)
    asks = desk.page(browser, done, "undo").content.decode()
    assert "每行加一笔相反的" in asks
    assert "会删去" not in asks
    shown = desk.page(browser, take_back(done, cast.clerk)).content.decode()
    assert "冲销 2 条。原来登记的留在账上" in shown


def test_last_years_book_can_be_opened_where_there_is_none(cast: Cast) -> None:
    browser, year = signed_in(cast.clerk), today().year - 1
    page = browser.get(f"/funds/?year={year}").content.decode()
    assert "建立去年的账" in page
    browser.post("/funds/open/", {"year": year})
    with at(cast.clerk):
        assert WorkFund.objects.filter(year=year).count() == 1
    before = browser.get(f"/funds/?year={year - 1}").content.decode()
    assert f"{year - 1} 年没有建账" in before


def test_the_exported_ledger_says_which_lines_do_not_stand(
    cast: Cast, fund: WorkFund, tmp_path: Path
) -> None:
    take_back(bring_in("funds", book(line(CAME)), cast.clerk), cast.clerk)
    path = tmp_path / "out.xlsx"
    path.write_bytes(exported(cast, fund.year))
    sheet = load_workbook(path).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "已冲销" in cells
    assert f"冲销 {new_year()} 的“市财政拨付”" in cells


def test_a_village_reads_its_own_books_only(cast: Cast, fund: WorkFund) -> None:
    with everywhere():
        other = Region.objects.get(pk=cast.sibling_secretary.region_id)
    upload = hand_in("funds", book(line(CAME, 村=other.name)), cast.clerk)
    assert refusals(upload) == {2: {"unknown_village"}}
