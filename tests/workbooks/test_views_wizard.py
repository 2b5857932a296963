"""The way through the wizard, from the file to the result, and its questions."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household
from tests.cast import Cast, at, signed_in
from tests.workbooks import desk
from tests.workbooks.desk import (
    HOUSEHOLDS,
    ONE_BAD,
    THREE,
    bring_in,
    fresh,
    hand_in,
    household,
    households,
    latest,
    number_of,
    page,
    post,
    representative,
    roll,
    said,
    send,
    take_back,
    work_on,
)
from workbooks.models import Stage, Upload

uploads = desk.uploads


def test_a_clerk_goes_from_the_file_to_the_result(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert "还没有导入过" in client.get(reverse("workbooks:list")).content.decode()
    sent = send(client, "households", households(*ONE_BAD))
    upload = latest(cast.clerk)
    assert (sent.status_code, sent.url) == (302, upload.get_absolute_url())
    assert "hx-get" in page(client, upload).content.decode()
    work_on(upload)
    preview = page(client, upload).content.decode()
    assert "读到 4 = 新增 3 + 更新 0 + 不变 0 + 退回 1 + 空行 0" in preview
    assert "没有找到这个村" in preview
    check = page(client, upload, "confirm").content.decode()
    assert "3 行" in check
    assert upload.sha256 in check
    done = post(client, upload, "confirm", sha256=upload.sha256, without_refused="True")
    assert done.status_code == 302
    work_on(upload)
    result = page(client, upload).content.decode()
    assert "导入好了" in result
    assert "撤销本次导入" in result
    assert "已导入" in client.get(reverse("workbooks:list")).content.decode()
    assert "撤销导入" in page(client, upload, "undo").content.decode()
    post(client, upload, "undo")
    work_on(upload)
    assert "删去 4 条" in page(client, upload).content.decode()
    with at(cast.clerk):
        assert Household.objects.count() == 0


@pytest.mark.parametrize("rows", ["refused", "changed", "new", "nonsense"])
def test_rows_are_listed_by_verdict(cast: Cast, rows: str) -> None:
    bring_in("households", households(THREE[0]), cast.clerk)
    content = households(household("刘桂莲", 1), THREE[1], ONE_BAD[3])
    upload = hand_in("households", content, cast.clerk)
    shown = page(signed_in(cast.clerk), upload, query=f"?rows={rows}").content.decode()
    wanted = {"changed": "刘桂莲", "new": "张志文"}.get(rows, "不存在村")
    assert wanted in shown


def test_a_changed_row_shows_old_and_new(cast: Cast) -> None:
    bring_in("households", households(THREE[0]), cast.clerk)
    upload = hand_in("households", households(household("刘桂莲", 1)), cast.clerk)
    shown = page(signed_in(cast.clerk), upload).content.decode()
    assert "<del>" in shown
    assert "刘桂英</del>" in shown
    assert "刘桂莲</ins>" in shown


def test_the_page_speaks_of_an_earlier_import_of_the_file(cast: Cast) -> None:
    bring_in("households", households(*THREE), cast.clerk)
    again = hand_in("households", households(*THREE), cast.clerk)
    shown = page(signed_in(cast.clerk), again).content.decode()
    assert "同一份文件导入过" in shown
    assert "没有要写入的" in shown
    assert "去核对" not in shown


def test_what_stands_in_the_way_of_an_undo_is_listed(cast: Cast) -> None:
    done = bring_in("households", households(*THREE), cast.clerk)
    with at(cast.secretary):
        Household.objects.filter(head="刘桂英").update(members=9)
    take_back(done, cast.clerk)
    shown = page(signed_in(cast.clerk), done).content.decode()
    assert "没有撤销" in shown
    assert "联系户 刘桂英" in shown


def test_unknown_titles_lead_to_the_column_chooser(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    strange = roll(
        ("村里", "第几组", "当家人", "人口", "随便"),
        ["长冲口村", "1组", "刘桂英", "3", "x"],
    )
    upload = hand_in("households", strange, cast.clerk)
    chooser = page(client, upload)
    assert "每一列是什么" in chooser.content.decode()
    assert chooser.context["form"].fields["D"].initial == "members"
    missing = post(client, upload, "columns", A="village", B="group")
    assert missing.status_code == 422
    assert "户主姓名" in missing.content.decode()
    twice = post(client, upload, "columns", A="village", B="village", C="head")
    assert "已经选给 A 列" in twice.content.decode()
    post(client, upload, "columns", A="village", B="group", C="head", D="members")
    checked = work_on(upload)
    assert (checked.stage, checked.created) == (Stage.PREVIEW, 1)


def test_a_title_that_looks_like_the_letters_of_a_column_can_be_named(
    cast: Cast,
) -> None:
    """XM is how databases call a name (姓名), and it is a column of Excel as well."""
    client = signed_in(cast.clerk)
    short = roll(("CM", "ZB", "XM", "人口"), ["长冲口村", "1组", "刘桂英", "3"])
    upload = hand_in("households", short, cast.clerk)
    post(client, upload, "columns", A="village", B="group", C="head", D="members")
    checked = work_on(upload)
    assert (checked.stage, checked.created) == (Stage.PREVIEW, 1)


def test_several_sheets_lead_to_a_choice(cast: Cast, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, head in (("一月", "刘桂英"), ("二月", "张志文")):
        sheet = book.create_sheet(title)
        for row in (HOUSEHOLDS, household(head, 1)):
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    client = signed_in(cast.clerk)
    upload = hand_in("households", out.getvalue(), cast.clerk)
    shown = page(client, upload).content.decode()
    assert upload.stage == Stage.COLUMNS
    assert "二月" in shown
    refused = client.post(reverse("workbooks:sheet", args=[upload.pk]), follow=True)
    assert "请选一张表" in said(refused)
    post(client, upload, "sheet", sheet="二月")
    with at(cast.clerk):
        assert work_on(upload).verdicts.get().label == "张志文"


def test_a_preview_with_unknown_columns_offers_to_name_them(cast: Cast) -> None:
    content = roll((*HOUSEHOLDS, "随便"), [*THREE[0], "x"])
    upload = hand_in("households", content, cast.clerk)
    client = signed_in(cast.clerk)
    assert "指定这些列是什么" in page(client, upload).content.decode()
    assert page(client, upload, "columns").status_code == 200


def test_hidden_rows_are_asked_about(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HOUSEHOLDS, *THREE):
        sheet.append(list(row))
    sheet.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    client = signed_in(cast.clerk)
    upload = hand_in("households", out.getvalue(), cast.clerk, name="名册.xlsx")
    assert "1 行，也会导入" in page(client, upload).content.decode()
    asked = post(client, upload, "confirm", sha256=upload.sha256)
    assert asked.status_code == 422
    assert "隐藏的 1 行" in asked.content.decode()
    post(client, upload, "confirm", sha256=upload.sha256, seen_hidden="on")
    assert fresh(upload).stage == Stage.APPLYING


def test_the_preview_costs_the_same_whatever_the_rows(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.clerk)
    few = hand_in("households", households(*ONE_BAD), cast.clerk)
    names = "一二三四五六七八九十"
    rows = [household(f"王{names[i % 10]}", i, 村="不存在村") for i in range(1, 60)]
    many = hand_in("households", households(*rows), cast.clerk)
    page(client, few)
    assert statements(client, few) == statements(client, many) <= 15


def statements(client: Client, upload: Upload) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert page(client, upload).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_whatever_the_imports(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, costs = signed_in(cast.clerk), []
    client.get(reverse("workbooks:list"))
    for _ in range(2):
        for i in range(3):
            hand_in("households", households(household("刘桂英", i + 1)), cast.clerk)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("workbooks:list"))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12


def test_numbers_are_nowhere_on_the_pages(cast: Cast) -> None:
    wrong = household("陈一", 5, 村="不存在村", 联系电话="13812345678")
    upload = hand_in("households", households(*THREE, wrong), cast.clerk)
    client = signed_in(cast.clerk)
    for query in ("?rows=refused", "?rows=new"):
        shown = page(client, upload, query=query).content.decode()
        assert "13812345678" not in shown
        for sequence in (1, 2, 3, 5):
            assert number_of(sequence) not in shown
    assert representative("张三", 1)
