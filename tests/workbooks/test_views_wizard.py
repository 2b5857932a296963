"""The wizard's pages: each stage, each role, the same statements whatever the rows."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry, Action, Post
from households.models import Household
from jobs.models import Job, Pulse, State
from tests.cast import Cast, at, everywhere, signed_in
from tests.workbooks.desk import (  # noqa: F401 - the fixture is used by name
    HOUSEHOLDS,
    bring_in,
    confirm,
    fresh,
    hand_in,
    household,
    job_of,
    number_of,
    representative,
    roll,
    take_back,
    uploads,
    work_on,
)
from workbooks.importing import LEDGERS
from workbooks.models import Stage, Upload

THREE = (household("刘桂英", 1), household("张志文", 2), household("李小红", 3))
ONE_BAD = (*THREE, household("陈一", 4, 村="不存在村"))


def households(*rows: list[object]) -> bytes:
    return roll(HOUSEHOLDS, *rows)


def page(client: Client, upload: Upload, name: str = "upload", query: str = "") -> Any:
    return client.get(reverse(f"workbooks:{name}", args=[upload.pk]) + query)


def post(client: Client, upload: Upload, name: str, **data: Any) -> Any:
    return client.post(reverse(f"workbooks:{name}", args=[upload.pk]), data)


def send(client: Client, kind: str, content: bytes, name: str = "名册.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("workbooks:new"), {"kind": kind, "file": file})


def latest(by: Post) -> Upload:
    with at(by):
        return Upload.objects.latest("uploaded_at")


def said(response: Any) -> str:
    """Return what the page that a response leads to says in messages."""
    return "".join(str(message) for message in response.context["messages"])


# --- the way through ---------------------------------------------------------------


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


# --- questions -------------------------------------------------------------------------


def test_unknown_titles_lead_to_the_column_chooser(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    strange = roll(
        ("村里", "第几组", "当家人", "人口", "随便"),
        ["长冲口村", "1组", "刘桂英", "3", "x"],
    )
    upload = hand_in("households", strange, cast.clerk)
    assert "指定每一列是什么" in page(client, upload).content.decode()
    chooser = page(client, upload, "columns")
    assert chooser.context["form"].fields["D"].initial == "members"
    missing = post(client, upload, "columns", A="village", B="group")
    assert missing.status_code == 422
    assert "户主姓名" in missing.content.decode()
    twice = post(client, upload, "columns", A="village", B="village", C="head")
    assert "已经选给 A 列" in twice.content.decode()
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


# --- what is refused ---------------------------------------------------------------------


def test_a_form_without_kind_or_file_says_so(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(reverse("workbooks:new"))
    assert answer.status_code == 422
    assert "请选一个文件" in answer.content.decode()


def test_a_file_that_is_too_large_is_not_kept(cast: Cast, uploads: Path) -> None:
    large = b"a" * (20 * 1024 * 1024 + 1)
    answer = send(signed_in(cast.clerk), "households", large)
    assert answer.status_code == 422
    assert "超过 20 MB" in answer.content.decode()
    assert not uploads.exists() or not list(uploads.iterdir())


def test_a_file_that_cannot_be_used_leads_back_to_the_upload(cast: Cast) -> None:
    upload = hand_in("households", b"%PDF-1.7 ", cast.clerk)
    shown = page(signed_in(cast.clerk), upload).content.decode()
    assert "这个文件不能用" in shown
    assert f"{reverse('workbooks:new')}?kind=households" in shown


def test_case_55_the_second_tab_is_told(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    upload = hand_in("households", households(*THREE), cast.clerk)
    post(client, upload, "confirm", sha256=upload.sha256)
    address = reverse("workbooks:confirm", args=[upload.pk])
    second = client.post(address, {"sha256": upload.sha256}, follow=True)
    assert "正在写入" in said(second)
    with at(cast.clerk):
        assert Job.objects.filter(kind="workbooks.apply").count() == 1


def test_case_54_a_confirmation_of_another_file_is_told(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    address = reverse("workbooks:confirm", args=[upload.pk])
    answer = signed_in(cast.clerk).post(address, {"sha256": "0" * 64}, follow=True)
    assert "和预览时的不一样" in said(answer)


def test_case_59_without_the_post_the_page_is_closed(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    client = signed_in(cast.clerk)
    with everywhere():
        Post.objects.filter(pk=cast.clerk.pk).update(
            ended_on=timezone.localdate(), ended_by=cast.secretary.user
        )
    assert post(client, upload, "confirm", sha256=upload.sha256).status_code == 403


ACTIONS = ("again", "abandon", "resume", "sheet")


@pytest.mark.parametrize("name", ACTIONS)
def test_buttons_are_not_links(cast: Cast, name: str) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    assert page(signed_in(cast.clerk), upload, name).status_code == 405


def test_a_colleague_looks_and_does_not_decide(cast: Cast) -> None:
    upload = hand_in("households", households(*ONE_BAD), cast.clerk)
    client = signed_in(cast.secretary)
    shown = page(client, upload).content.decode()
    assert "等本人确认" in shown
    assert "先导入没错的" not in shown
    assert page(client, upload, "confirm").status_code == 302
    assert page(client, upload, "refused").status_code == 403
    address = reverse("workbooks:abandon", args=[upload.pk])
    assert "只能由本人办理" in said(client.post(address, follow=True))
    assert fresh(upload).stage == Stage.PREVIEW


@pytest.mark.parametrize(
    "role", ["city_staff", "city_lead", "auditor", "system_admin", "representative"]
)
def test_roles_without_the_right_are_refused(cast: Cast, role: str) -> None:
    client = signed_in(getattr(cast, role))
    upload = hand_in("households", households(*THREE), cast.clerk)
    for name in ("list", "new"):
        assert client.get(reverse(f"workbooks:{name}")).status_code == 403
    assert page(client, upload).status_code == 403


@pytest.mark.parametrize("name", ["upload", "progress", "confirm", "refused", "undo"])
def test_another_townships_import_does_not_exist(cast: Cast, name: str) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    for other in (cast.other_staff, cast.sibling_secretary):
        assert page(signed_in(other), upload, name).status_code == 404


def test_the_township_sees_its_villages_imports(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    listed = signed_in(cast.township_staff).get(reverse("workbooks:list"))
    assert upload.get_absolute_url() in listed.content.decode()


# --- files out ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(LEDGERS))
def test_templates_are_handed_out_and_read_back_as_empty(cast: Cast, kind: str) -> None:
    client = signed_in(cast.clerk)
    answer = client.get(reverse("workbooks:template", args=[kind]))
    assert "attachment" in answer.headers["Content-Disposition"]
    upload = hand_in(kind, answer.content, cast.clerk, name="模板.xlsx")
    assert (upload.stage, upload.refused, upload.created) == (Stage.PREVIEW, 0, 0)


def test_there_is_no_template_of_an_unknown_kind(cast: Cast) -> None:
    address = reverse("workbooks:template", args=["nothing"])
    assert signed_in(cast.clerk).get(address).status_code == 404


def test_the_refused_rows_are_handed_to_the_uploader_and_logged(cast: Cast) -> None:
    upload = hand_in("households", households(*ONE_BAD), cast.clerk, name="名册.xlsx")
    answer = page(signed_in(cast.clerk), upload, "refused")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert rows[0][-1] == "错误说明"
    assert [row[2] for row in rows[1:]] == ["陈一"]
    assert "没有找到这个村" in str(rows[1][-1])
    with at(cast.clerk):
        assert AccessEntry.objects.filter(action=Action.EXPORTED).count() == 1


# --- progress ---------------------------------------------------------------------------------


def ask(client: Client, upload: Upload) -> Any:
    address = reverse("workbooks:progress", args=[upload.pk])
    return client.get(address, headers={"HX-Request": "true"})


def test_the_page_asks_until_the_check_is_done(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    send(client, "households", households(*THREE))
    upload = latest(cast.clerk)
    assert "every 2s" in ask(client, upload).content.decode()
    work_on(upload)
    assert ask(client, upload).headers["HX-Refresh"] == "true"


def test_without_a_script_progress_leads_to_the_page(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    answer = page(signed_in(cast.clerk), upload, "progress")
    assert (answer.status_code, answer.url) == (302, upload.get_absolute_url())


def test_a_silent_worker_is_spoken_of(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    send(client, "households", households(*THREE))
    upload = latest(cast.clerk)
    with everywhere():
        job = job_of(upload)
        job.asked_at = job.asked_at.replace(year=2025)
        job.save()
    assert "后台现在没有响应" in ask(client, upload).content.decode()
    Pulse.objects.create(name="worker", at=fresh(upload).uploaded_at)
    assert "可以离开这一页" in ask(client, upload).content.decode()


def test_work_that_was_given_up_offers_to_go_on(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    upload = hand_in("households", households(*THREE), cast.clerk)
    confirm(upload, cast.clerk)
    with everywhere():
        Job.objects.filter(pk=job_of(upload).pk).update(
            state=State.FAILED, message="多次尝试都没有完成。"
        )
    shown = page(client, upload).content.decode()
    assert "没有完成" in shown
    assert "接着办" in shown
    post(client, upload, "resume")
    assert work_on(upload).stage == Stage.APPLIED


# --- statements ---------------------------------------------------------------------------


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
