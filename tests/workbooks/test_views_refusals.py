"""What the wizard refuses, to whom, and what it hands out."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessEntry, Action, Post
from jobs.models import Job, Pulse, State
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.workbooks import desk
from tests.workbooks.desk import (
    ONE_BAD,
    THREE,
    bring_in,
    confirm,
    fresh,
    hand_in,
    households,
    job_of,
    latest,
    page,
    post,
    said,
    send,
    work_on,
)
from workbooks import services
from workbooks.importing import LEDGERS
from workbooks.models import Stage, Upload

uploads = desk.uploads


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
            ended_on=today(), ended_by=cast.secretary.user
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


@pytest.mark.parametrize("kind", sorted(LEDGERS))
def test_templates_are_handed_out_and_read_back_as_empty(cast: Cast, kind: str) -> None:
    offices = (cast.clerk, cast.township_staff)
    keeper = next(post for post in offices if post.may(LEDGERS[kind].permission))
    answer = signed_in(keeper).get(reverse("workbooks:template", args=[kind]))
    assert "attachment" in answer.headers["Content-Disposition"]
    upload = hand_in(kind, answer.content, keeper, name="模板.xlsx")
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


def test_after_a_week_the_page_says_that_the_rows_are_gone(cast: Cast) -> None:
    upload = bring_in("households", households(*ONE_BAD), cast.clerk)
    with everywhere():
        upload.verdicts.all().delete()
        services.refused_path(upload.pk).unlink()
    shown = page(signed_in(cast.clerk), upload).content.decode()
    assert "明细已经删除" in shown
    assert "下载退回的行" not in shown
