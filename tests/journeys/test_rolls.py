"""A township's first morning: two workbooks in, mended, handed out, and out again.

The site knows the divisions and the accounts and nothing else. There is no worker: the
test does what waits, as the worker would, between two looks at the page.
"""

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from jobs.services import waiting_jobs
from jobs.tasks import run
from regions.scoping import EVERYWHERE_HI, Scope, scope
from reports.demo.accounts import open_accounts
from tests.cast import VILLAGE, everywhere
from tests.journeys.conftest import PHONE, WIDE, Visit, look, served, within
from tests.workbooks.desk import FILES, number_of

ONE_IMPORT = re.compile(r"/imports/[0-9a-f-]{36}/$")
COUNTS = ("新增", "更新", "不变", "退回")
WHY = {
    212: "没有找到这个村（社区）",
    238: "不是电话号码",
    418: "身份证号校验不对",
    441: "身份证号按数字保存，已丢失末位",
}
"""What is wrong with the refused rows of the roll of representatives (key.json)."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: Any) -> Path:
    """Return the folder in which the site keeps its files."""
    made: Path = tmp_path_factory.mktemp("empty")
    return made


@pytest.fixture(scope="module")
def database() -> str:
    """Return the name of the database that `site` serves."""
    return f"lianhu_empty_{os.getpid()}"


@pytest.fixture(scope="module")
def site(database: str, template_database: str, work: Path) -> Iterator[str]:
    """Serve divisions without rolls; return the address."""
    with served(template_database, database, work) as address:
        yield address


@pytest.fixture
def office(
    site: str, database: str, work: Path, django_db_blocker: Any, monkeypatch: Any
) -> Iterator[None]:
    """Open the accounts, and let the test be the worker."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", work / "media")
    with within(database, django_db_blocker, monkeypatch):
        with everywhere():
            open_accounts()
        yield


def do_what_waits(page: Page) -> None:
    """Do all jobs that wait, and look at the page again."""
    with scope(Scope(0, EVERYWHERE_HI, why="test worker")):
        jobs = waiting_jobs()
    for job in jobs:
        run(str(job.pk), region=job.region_id)
    page.reload()


def hand_in(page: Page, kind: str, path: Path) -> None:
    """Upload a workbook and wait for the preview."""
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_role("link", name="导入一份表").first.click()
    page.locator(f"input[value={kind}]").check()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    expect(page).to_have_url(ONE_IMPORT)
    do_what_waits(page)
    expect(page.get_by_role("heading", name="检查结果")).to_be_visible()


def confirm(page: Page) -> None:
    """Import what is good, with what had to be looked at ticked."""
    page.get_by_role("link", name="先导入没错的").click()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="确认导入").click()
    expect(page).to_have_url(ONE_IMPORT)
    do_what_waits(page)
    expect(page.get_by_text("导入好了")).to_be_visible()


def balance(page: Page) -> tuple[int, ...]:
    """Return how many rows are new, changed, the same and refused."""
    cells = {
        cell.locator("dt").inner_text(): cell.locator("dd").inner_text()
        for cell in page.locator(".tally > div").all()
    }
    return tuple(int(cells[name].replace(",", "")) for name in COUNTS)


def reasons(page: Page) -> dict[int, str]:
    """Return why each listed row is refused."""
    rows = page.get_by_role("region", name="逐行结果表").locator("tr.bad").all()
    return {
        int(row.locator("td.num").inner_text()): row.locator(".why").inner_text()
        for row in rows
    }


def download(page: Page, name: str, path: Path) -> Path:
    """Save what a link hands out."""
    with page.expect_download() as handed:
        page.get_by_role("link", name=name).first.click()
    handed.value.save_as(path)
    return path


def look_on_both(page: Page) -> None:
    """Check a page at the desk and on the phone."""
    for width, height in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": height})
        look(page)


def mend_three(path: Path) -> None:
    """Mend the error workbook: a number, a name, one of two equal rows.

    The household whose head had no name comes back without a representative.
    """
    book = load_workbook(path)
    sheet = book.active
    titles = [cell.value for row in sheet.iter_rows(max_row=4) for cell in row]
    assert "错误说明" in titles
    for row in sheet.iter_rows(min_row=5):
        if row[5].value == "四口":
            row[5].value = 4
        if row[3].value is None:
            row[3].value, row[10].value, row[11].value = "曾桂英", None, None
    twin = next(
        r[0].row for r in sheet.iter_rows(min_row=5) if "第 1065 行" in r[14].value
    )
    sheet.delete_rows(twin)
    book.save(path)


def test_a_township_brings_its_rolls_in_and_takes_them_out_again(
    visit: Visit, office: None, tmp_path: Path
) -> None:
    page = visit("township", path="/imports/")
    expect(page.get_by_text("还没有导入过")).to_be_visible()

    hand_in(page, "representatives", FILES["representatives"])
    assert balance(page) == (547, 0, 0, 4)
    found = reasons(page)
    assert found.keys() == WHY.keys()
    assert all(WHY[number] in why for number, why in found.items())
    look_on_both(page)
    confirm(page)

    hand_in(page, "households", FILES["households"])
    assert balance(page) == (4885, 0, 0, 37)
    assert len(reasons(page)) == 37
    confirm(page)

    path = download(page, "下载退回的行", tmp_path / "refused.xlsx")
    mend_three(path)
    hand_in(page, "households", path)
    assert balance(page) == (3, 0, 0, 33)
    confirm(page)

    hand_out_what_is_left(page)
    take_out_and_in_again(page, tmp_path / "roll.xlsx")
    tell_a_stranger_nothing(visit, tmp_path / "foreign.csv")


def hand_out_what_is_left(page: Page) -> None:
    """Let the proposal give everyone left in the village to somebody."""
    page.goto(f"/links/{VILLAGE}/")
    free = page.locator(".kpi", has_text="没有联系人").locator(".v")
    expect(free).to_have_text(re.compile("^1"))
    look_on_both(page)
    page.get_by_role("link", name="自动建议").click()
    expect(page.get_by_role("heading", name="建议调整 1 户")).to_be_visible()
    look(page)
    page.get_by_role("button", name="照勾选的办").click()
    for name in ("没有联系人", "户数偏多", "户数偏少"):
        figure = page.locator(".kpi", has_text=name).locator(".v")
        expect(figure).to_have_text(re.compile("^0"))


def take_out_and_in_again(page: Page, path: Path) -> None:
    """Export the village's roll and import it as it is: nothing changes."""
    page.goto("/households/?place=魏家桥镇 长冲口村")
    page.get_by_role("link", name="导出", exact=True).click()
    look_on_both(page)
    with page.expect_download() as handed:
        page.get_by_role("button", name="导出").click()
    handed.value.save_as(path)
    hand_in(page, "households", path)
    assert balance(page) == (0, 0, 286, 0)


def tell_a_stranger_nothing(visit: Visit, path: Path) -> None:
    """Another township names a household that exists and one that does not."""
    known = list(load_workbook(FILES["households"]).active.values)[-10]
    rows = [
        ("村", "组别", "户主姓名", "户主身份证号"),
        (known[1], known[2], known[3], known[4]),
        (known[1], "1组", "无此人", number_of(3)),
        ("不存在村", "1组", "无此人", number_of(4)),
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    page = visit("outsider", path="/imports/")
    hand_in(page, "households", path)
    assert balance(page) == (0, 0, 0, 3)
    assert set(reasons(page).values()) == {"没有找到这个村（社区）"}
    assert len(reasons(page)) == 3
