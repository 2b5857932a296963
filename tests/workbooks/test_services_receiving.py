"""A file comes in: kept, checked, asked about, given up."""

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from accounts.models import AccessEntry, Action
from households.models import Household
from jobs.models import State
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.workbooks import desk
from tests.workbooks.desk import (
    OTHER_VILLAGE,
    THREE,
    bring_in,
    confirm,
    counts,
    fresh,
    hand_in,
    heads,
    household,
    households,
    job_of,
    listed,
    number_of,
    page,
    people,
    representative,
    roll,
    work_on,
)
from workbooks import services
from workbooks.models import Stage, Upload

uploads = desk.uploads


def test_a_file_is_kept_under_a_name_that_says_nothing(
    cast: Cast, uploads: Path
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk, name="名册.csv")
    (stored,) = uploads.iterdir()
    assert stored.name == upload.pk.hex
    assert stored.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\桌面\\名册.xlsx", "名册.xlsx"),
        ("a.xlsx\x00.exe", "a.xlsx.exe"),
        ("名册\u202excod.xlsx", "名册xcod.xlsx"),
        ("", "没有名字的文件"),
    ],
)
def test_case_60_a_hostile_file_name_is_only_shown(
    cast: Cast, given: str, shown: str
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk, name=given)
    assert upload.name == shown


def test_a_very_long_file_name_keeps_its_end(cast: Cast) -> None:
    upload = hand_in(
        "households", households(*THREE), cast.clerk, name="长" * 300 + ".csv"
    )
    assert len(upload.name) == 120
    assert upload.name.endswith(".csv")


def test_a_check_writes_nothing_to_the_roll(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    assert (upload.stage, counts(upload)) == (Stage.PREVIEW, (3, 0, 0, 0))
    assert heads(cast.clerk) == set()


def test_a_file_that_cannot_be_used_says_why(cast: Cast) -> None:
    upload = hand_in("households", b"%PDF-1.7 ", cast.clerk)
    assert upload.stage == Stage.REFUSED
    assert "PDF" in upload.message


def test_values_in_the_preview_are_masked(cast: Cast) -> None:
    wrong = household("刘桂英", 0)
    wrong[3] = number_of(7)[:-1] + ("0" if number_of(7)[-1] != "0" else "1")
    upload = hand_in("households", households(wrong), cast.clerk)
    (row,) = listed(upload, cast.clerk)
    assert row.problems[0]["value"] == f"430599********{wrong[3][-4:]}"
    assert wrong[3] not in str(row.problems) + str(upload.facts)


def test_case_46_a_village_outside_the_scope_is_refused_and_logged(cast: Cast) -> None:
    content = households(*THREE)
    upload = hand_in("households", content, cast.other_staff)
    unknown = hand_in(
        "households",
        households(household("王五", 4, **OTHER_VILLAGE)),
        cast.other_staff,
    )
    assert counts(upload) == (0, 0, 0, 3)
    foreign, absent = (
        listed(upload, cast.other_staff)[0],
        listed(unknown, cast.other_staff)[0],
    )
    said = ("code", "message", "hint")
    assert [foreign.problems[0][k] for k in said] == [
        absent.problems[0][k] for k in said
    ]
    with at(cast.other_staff):
        logged = AccessEntry.objects.filter(action=Action.REFUSED)
        assert [line.reason for line in logged.order_by("pk")] == [
            "3 行：没有找到这个村（社区）",
            "1 行：没有找到这个村（社区）",
        ]


def test_case_47_another_townships_representative_is_as_unknown_as_none(
    cast: Cast,
) -> None:
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    rows = [
        household("刘桂英", 1, 村=cast.other_secretary.region.name, 联系代表=name)
        for name in ("张顺民", "没有这个人")
    ]
    rows[1][3] = number_of(2)
    upload = hand_in("households", households(*rows), cast.other_staff)
    said = [
        [problem[k] for k in ("code", "message", "hint")]
        for row in listed(upload, cast.other_staff)
        for problem in row.problems
    ]
    assert said[0] == said[1]
    assert said[0][0] == "unknown_representative"


STRANGE = ("村里", "第几组", "当家人", "身份证号", "人口")


def strange(village: str = "长冲口村") -> bytes:
    return roll(STRANGE, [village, "1组", "刘桂英", number_of(1), "3"])


def test_unknown_titles_ask_for_columns_once_and_are_remembered(cast: Cast) -> None:
    upload = hand_in("households", strange(), cast.clerk)
    assert (upload.stage, upload.facts["code"]) == (Stage.COLUMNS, "missing_column")
    mapping = {"村里": "village", "第几组": "group", "当家人": "head"}
    with at(cast.clerk):
        services.choose_columns(upload_id=upload.pk, mapping=mapping, by=cast.clerk)
    assert counts(work_on(upload)) == (1, 0, 0, 0)
    second = hand_in("households", strange(), cast.clerk)
    assert (second.stage, second.facts["remembered"]) == (Stage.PREVIEW, True)
    elsewhere = hand_in("households", strange(), cast.other_staff)
    assert elsewhere.stage == Stage.COLUMNS, "another township has not said so"


EXTRA = ("村", "组别", "户主姓名", "户主身份证号", "几口人")


def extra() -> bytes:
    """Return a roll that is read as it is, but for one column of a name of its own."""
    return roll(EXTRA, ["长冲口村", "1组", "刘桂英", number_of(1), "4"])


def test_a_column_that_was_named_in_the_preview_is_remembered(cast: Cast) -> None:
    upload = hand_in("households", extra(), cast.clerk)
    assert (upload.stage, upload.facts["unknown"]) == (
        Stage.PREVIEW,
        ["E 列“几口人”"],
    )
    keys = ("village", "group", "head", "id_number", "members")
    mapping = dict(zip(EXTRA, keys, strict=True))
    with at(cast.clerk):
        services.choose_columns(upload_id=upload.pk, mapping=mapping, by=cast.clerk)
    work_on(confirm(work_on(upload), cast.clerk))
    with at(cast.clerk):
        assert Household.objects.get().members == 4
    second = hand_in("households", extra(), cast.clerk)
    assert (second.facts["unknown"], counts(second)) == ([], (0, 0, 1, 0))
    shown = page(signed_in(cast.clerk), second).content.decode()
    assert "按上次认的列" in shown
    assert "重新认列" in shown, "who chose wrongly must be able to choose again"


def test_a_column_that_was_left_out_is_not_put_in_again(cast: Cast) -> None:
    titles = ("村", "组别", "户主姓名", "联系电话", "手机")
    row = ["长冲口村", "1组", "刘桂英", "13800000001", "13800000002"]
    upload = hand_in("households", roll(titles, row), cast.clerk)
    assert upload.facts["code"] == "duplicate_column"
    keys = ("village", "group", "head", "phone", "")
    mapping = dict(zip(titles, keys, strict=True))
    with at(cast.clerk):
        services.choose_columns(upload_id=upload.pk, mapping=mapping, by=cast.clerk)
    assert work_on(upload).stage == Stage.PREVIEW
    form = page(signed_in(cast.clerk), upload, "columns").context["form"]
    assert tuple(field.initial for field in form.fields.values()) == keys


def test_refused_rows_that_come_back_are_read_as_the_file_they_came_from(
    cast: Cast,
) -> None:
    upload = hand_in("households", strange("不存在村"), cast.clerk)
    mapping = {"村里": "village", "第几组": "group", "当家人": "head"}
    with at(cast.clerk):
        services.choose_columns(upload_id=upload.pk, mapping=mapping, by=cast.clerk)
    assert counts(work_on(upload)) == (0, 0, 0, 1)
    path = services.refused_path(upload.pk)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    book.worksheets[0]["A2"] = "长冲口村"
    mended = io.BytesIO()
    book.save(mended)
    again = hand_in("households", mended.getvalue(), cast.clerk, name="退回.xlsx")
    assert (again.stage, counts(again)) == (Stage.PREVIEW, (1, 0, 0, 0))


def test_giving_up_removes_the_file_and_cancels_the_job(
    cast: Cast, uploads: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), at(cast.clerk):
        upload = services.receive(
            kind="households",
            name="a.csv",
            chunks=[households(*THREE)],
            by=cast.clerk,
            on=today(),
        )
        services.abandon(upload_id=upload.pk, by=cast.clerk)
    assert work_on(upload).stage == Stage.ABANDONED
    assert job_of(upload).state == State.CANCELLED
    assert list(uploads.iterdir()) == []


def test_files_and_their_rows_go_after_seven_days(cast: Cast, uploads: Path) -> None:
    old = hand_in("households", households(*THREE), cast.clerk)
    new = hand_in("households", households(THREE[0]), cast.clerk)
    eight_days = timezone.now() - dt.timedelta(days=8)
    with everywhere():
        Upload.objects.filter(pk=old.pk).update(uploaded_at=eight_days)
    os.utime(uploads / old.pk.hex, (eight_days.timestamp(),) * 2)
    with everywhere():
        assert services.tidy(timezone.now()) == 1
    assert [path.name for path in uploads.iterdir()] == [new.pk.hex]
    assert (fresh(old).stage, listed(old, cast.clerk)) == (Stage.ABANDONED, [])
    assert (fresh(new).stage, len(listed(new, cast.clerk))) == (Stage.PREVIEW, 1)
