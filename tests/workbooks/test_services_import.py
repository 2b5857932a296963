"""An import from hand to roll: checked, confirmed, written as it was shown."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AccessEntry, Action, Post
from accounts.services import Refused
from households.models import ContactLink, Household
from jobs.models import State
from representatives.models import Mandate, Representative
from tests.cast import Cast, at, everywhere
from tests.workbooks.desk import (  # noqa: F401 - the fixture is used by name
    HOUSEHOLDS,
    REPRESENTATIVES,
    bring_in,
    confirm,
    counts,
    fresh,
    hand_in,
    household,
    job_of,
    number_of,
    refusals,
    representative,
    roll,
    uploads,
    work_on,
)
from workbooks import importing, services
from workbooks.models import RowVerdict, Stage, Upload

OTHER_VILLAGE = {"村": "不存在村"}


def households(*rows: list[object]) -> bytes:
    return roll(HOUSEHOLDS, *rows)


def people(*rows: list[object]) -> bytes:
    return roll(REPRESENTATIVES, *rows)


def listed(upload: Upload, by: Post) -> list[RowVerdict]:
    with at(by):
        return list(RowVerdict.objects.filter(upload=upload).order_by("number"))


def heads(by: Post) -> set[str]:
    with at(by):
        return set(Household.objects.values_list("head", flat=True))


THREE = (household("刘桂英", 1), household("张志文", 2), household("李小红", 3))


# --- coming in ------------------------------------------------------------------


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


# --- identity -------------------------------------------------------------------


def test_case_36_one_number_twice_in_a_file_refuses_both_rows(cast: Cast) -> None:
    twice = households(
        household("刘桂英", 1), household("刘桂莲", 1), household("张三", 2)
    )
    upload = hand_in("households", twice, cast.clerk)
    assert refusals(upload) == {2: {"duplicate_in_file"}, 3: {"duplicate_in_file"}}
    assert upload.created == 1


def test_case_36_a_number_that_the_village_knows_is_an_update(cast: Cast) -> None:
    bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    upload = bring_in("households", households(household("刘桂莲", 1)), cast.clerk)
    assert counts(upload) == (0, 1, 0, 0)
    assert heads(cast.clerk) == {"刘桂莲"}


def test_case_36_a_number_of_another_township_is_refused_in_neutral_words(
    cast: Cast,
) -> None:
    village = cast.other_secretary.region.name
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    upload = hand_in(
        "representatives",
        people(
            representative("张顺民", 50, 村=village),
            representative("李四", 51, 村=village),
        ),
        cast.other_staff,
    )
    assert refusals(upload) == {2: {"conflict"}}
    assert upload.created == 1
    (row,) = [r for r in listed(upload, cast.other_staff) if r.verdict == "refused"]
    assert "魏家桥" not in str(row.problems)
    assert "长冲口" not in str(row.problems)
    with at(cast.other_staff):
        assert AccessEntry.objects.filter(action=Action.REFUSED).count() == 1
        assert Representative.objects.count() == 0, "a rehearsal leaves nothing behind"


def test_a_row_that_clashes_only_when_written_is_refused_and_the_others_stay(
    cast: Cast,
) -> None:
    village = cast.other_secretary.region.name
    rows = [
        representative(f"王{n}", 50 + i, 村=village) for i, n in enumerate("一二三四五")
    ]
    upload = hand_in("representatives", people(*rows), cast.other_staff)
    assert upload.created == 5
    bring_in("representatives", people(representative("张顺民", 52)), cast.clerk)
    done = work_on(confirm(upload, cast.other_staff))
    assert counts(done) == (4, 0, 0, 1)
    assert refusals(done) == {4: {"conflict"}}
    with at(cast.other_staff):
        assert Mandate.objects.unended().count() == 4


# --- confirming ------------------------------------------------------------------


def test_what_was_confirmed_is_written_and_logged(cast: Cast) -> None:
    done = bring_in("households", households(*THREE), cast.clerk)
    assert (done.stage, counts(done)) == (Stage.APPLIED, (3, 0, 0, 0))
    assert heads(cast.clerk) == {"刘桂英", "张志文", "李小红"}
    with at(cast.clerk):
        line = AccessEntry.objects.get(action=Action.IMPORTED)
    assert (line.user, line.reason) == (cast.clerk.user, "新增 3，更新 0，退回 0")


def test_case_53_the_same_file_twice_changes_nothing_the_second_time(
    cast: Cast,
) -> None:
    bring_in("households", households(*THREE), cast.clerk)
    again = hand_in("households", households(*THREE), cast.clerk)
    assert counts(again) == (0, 0, 3, 0)
    with pytest.raises(Refused, match="没有要写入的内容"):
        confirm(again, cast.clerk)


def test_case_53_a_preview_that_a_twin_has_overtaken_is_refused(cast: Cast) -> None:
    colleague = second_clerk(cast)
    mine = hand_in("households", households(*THREE), cast.clerk)
    theirs = hand_in("households", households(*THREE), colleague)
    work_on(confirm(mine, cast.clerk))
    with pytest.raises(Refused, match=r"已由clerk先生在 .* 导入"):
        confirm(theirs, colleague)
    assert len(heads(cast.clerk)) == 3


def test_case_53_while_a_twin_is_being_written_the_other_is_refused(
    cast: Cast,
) -> None:
    colleague = second_clerk(cast)
    mine = hand_in("households", households(*THREE), cast.clerk)
    theirs = hand_in("households", households(*THREE), colleague)
    confirm(mine, cast.clerk)
    with pytest.raises(Refused, match="正在由别人导入"):
        confirm(theirs, colleague)
    assert fresh(theirs).stage == Stage.PREVIEW


def second_clerk(cast: Cast) -> Post:
    """Return the post of a second person in the same office."""
    with everywhere():
        user = cast.secretary.user
        post = Post.objects.create(
            user=user,
            role="village_clerk",
            region_id=cast.clerk.region_id,
            started_on=dt.date(2026, 1, 1),
        )
        return Post.objects.select_related("user", "region__parent").get(pk=post.pk)


def test_case_54_a_file_that_changed_after_the_preview_is_refused(
    cast: Cast, uploads: Path
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    (uploads / upload.pk.hex).write_bytes(households(household("别人", 9)))
    with pytest.raises(Refused, match="和预览时的不一样"):
        confirm(upload, cast.clerk)


def test_case_54_a_file_that_changes_after_the_confirmation_is_not_written(
    cast: Cast, uploads: Path
) -> None:
    upload = confirm(hand_in("households", households(*THREE), cast.clerk), cast.clerk)
    (uploads / upload.pk.hex).write_bytes(households(household("别人", 9)))
    stopped = work_on(upload)
    assert stopped.stage == Stage.REFUSED
    assert "变了" in stopped.message
    assert heads(cast.clerk) == set()


def test_case_54_a_confirmation_of_another_file_is_refused(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    with pytest.raises(Refused, match="和预览时的不一样"):
        confirm(upload, cast.clerk, sha256="0" * 64)


def test_case_55_the_second_confirmation_is_refused(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    confirm(upload, cast.clerk)
    with pytest.raises(Refused, match="正在写入"):
        confirm(upload, cast.clerk)


def test_case_59_a_post_that_ended_before_the_confirmation_cannot_confirm(
    cast: Cast,
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    end_post(cast)
    with pytest.raises(Refused, match="职务已经免去"):
        confirm(upload, cast.clerk)


def test_case_59_a_post_that_ended_before_the_worker_came_writes_nothing(
    cast: Cast,
) -> None:
    upload = confirm(hand_in("households", households(*THREE), cast.clerk), cast.clerk)
    end_post(cast)
    work_on(upload)
    job = job_of(upload)
    assert (job.state, "已经免去" in job.message) == (State.FAILED, True)
    assert heads(cast.secretary) == set()


def test_a_dead_import_does_not_block_the_same_file_for_ever(cast: Cast) -> None:
    colleague = second_clerk(cast)
    dead = confirm(hand_in("households", households(*THREE), cast.clerk), cast.clerk)
    end_post(cast)
    work_on(dead)
    done = bring_in("households", households(*THREE), colleague)
    assert (counts(done), fresh(dead).stage) == ((3, 0, 0, 0), Stage.ABANDONED)


def end_post(cast: Cast) -> None:
    """End the clerk's post as of today."""
    with everywhere():
        Post.objects.filter(pk=cast.clerk.pk).update(
            ended_on=timezone.localdate(), ended_by=cast.secretary.user
        )


def test_somebody_else_cannot_confirm(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    with pytest.raises(Refused, match="只能由本人办理"):
        confirm(upload, cast.secretary)


def test_hidden_rows_and_doubts_need_a_tick(cast: Cast) -> None:
    doubtful = household("刘桂英", 0)
    doubtful[3] = ends_in_zeros()
    upload = hand_in("households", households(doubtful), cast.clerk)
    assert upload.facts["doubtful"] == 1
    with pytest.raises(Refused, match="请看过以后打勾"):
        confirm(upload, cast.clerk, seen_doubts=False)
    assert work_on(confirm(upload, cast.clerk)).created == 1


def ends_in_zeros() -> str:
    """Return a valid ID number whose last three characters are zeros."""
    for day in range(1, 29):
        for order in range(0, 1000, 100):
            digits = f"430599197001{day:02d}{order:03d}"
            if digits.endswith("00") and number_ends_in_zero(digits):
                return digits + "0"
    raise AssertionError("no such number")


def number_ends_in_zero(digits: str) -> bool:
    from workbooks.values import check_character

    return check_character(digits) == "0"


@pytest.mark.parametrize("first_the_good_ones", [True, False])
def test_case_58_one_bad_row_leaves_the_choice_to_the_person(
    cast: Cast, first_the_good_ones: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 100)
    rows = [
        household(f"户主{'一二三四五六七八九十'[i % 10]}", i) for i in range(1, 401)
    ]
    rows[200] = household("没有村", 201, **OTHER_VILLAGE)
    upload = hand_in("households", households(*rows), cast.clerk)
    assert counts(upload) == (399, 0, 0, 1)
    if not first_the_good_ones:
        with pytest.raises(Refused, match="全部改好再导入"):
            confirm(upload, cast.clerk, without_refused=False)
        assert len(heads(cast.clerk)) == 0
        return
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (399, 0, 0, 1)
    assert done.read == 400 + done.blank


# --- what happens between the preview and the writing --------------------------------


def test_a_household_that_was_edited_meanwhile_is_not_overwritten(cast: Cast) -> None:
    bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    upload = hand_in(
        "households",
        households(household("刘桂英", 1, 人口="5"), household("张志文", 2)),
        cast.clerk,
    )
    with at(cast.secretary):
        Household.objects.update(members=7)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (1, 0, 0, 1)
    assert refusals(done) == {2: {"changed_meanwhile"}}
    assert done.facts["applied"]["drift"] == 1
    with at(cast.clerk):
        assert Household.objects.get(head="刘桂英").members == 7


def test_a_row_that_somebody_entered_meanwhile_is_unchanged(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    bring_in("households", households(THREE[0]), cast.secretary)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (2, 0, 1, 0)


def test_a_refused_row_stays_refused_though_its_cause_is_gone(cast: Cast) -> None:
    rows = [household("刘桂英", 1, 联系代表="张顺民"), household("张志文", 2)]
    upload = hand_in("households", households(*rows), cast.clerk)
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (1, 0, 0, 1)
    assert refusals(done) == {2: {"was_refused"}}


def test_checking_again_sees_what_has_come_meanwhile(cast: Cast) -> None:
    rows = [household("刘桂英", 1, 联系代表="张顺民"), household("张志文", 2)]
    upload = hand_in("households", households(*rows), cast.clerk)
    assert counts(upload) == (1, 0, 0, 1)
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    with at(cast.clerk):
        services.check_again(upload_id=upload.pk, by=cast.clerk)
    again = work_on(upload)
    assert counts(again) == (2, 0, 0, 0)
    assert counts(work_on(confirm(again, cast.clerk))) == (2, 0, 0, 0)
    with at(cast.clerk):
        assert ContactLink.objects.count() == 1


# --- the error workbook ----------------------------------------------------------------


def test_the_refused_rows_come_back_mended_and_are_created(
    cast: Cast, uploads: Path
) -> None:
    wrong = [
        household("刘桂英", 1, **OTHER_VILLAGE),
        household("张志文", 2, 人口="很多"),
        household("李小红", 3, 组别="不是组"),
    ]
    done = bring_in("households", households(household("陈一", 9), *wrong), cast.clerk)
    assert counts(done) == (1, 0, 0, 3)
    refused = uploads / f"{done.pk.hex}.refused"
    mended = mend(refused, {"不存在村": "长冲口村", "很多": "4", "不是组": "2组"})
    again = bring_in("households", mended, cast.clerk, name="退回的行.xlsx")
    assert counts(again) == (3, 0, 0, 0)
    assert heads(cast.clerk) == {"陈一", "刘桂英", "张志文", "李小红"}


def mend(path: Path, words: dict[str, Any]) -> bytes:
    """Write over cells of an error workbook as a person would; return the file."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in words:
                cell.value = words[cell.value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_without_refusals_has_no_error_workbook(
    cast: Cast, uploads: Path
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    assert not (uploads / f"{upload.pk.hex}.refused").exists()


# --- sheets, columns, giving up ------------------------------------------------------


STRANGE = ("村里", "第几组", "当家人", "身份证号", "人口")


def strange() -> bytes:
    return roll(STRANGE, ["长冲口村", "1组", "刘桂英", number_of(1), "3"])


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


def test_giving_up_removes_the_file_and_cancels_the_job(
    cast: Cast, uploads: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), at(cast.clerk):
        upload = services.receive(
            kind="households",
            name="a.csv",
            chunks=[households(*THREE)],
            by=cast.clerk,
            on=timezone.localdate(),
        )
        services.abandon(upload_id=upload.pk, by=cast.clerk)
    assert work_on(upload).stage == Stage.ABANDONED
    assert job_of(upload).state == State.CANCELLED
    assert list(uploads.iterdir()) == []


def test_files_and_their_rows_go_after_seven_days(cast: Cast, uploads: Path) -> None:
    import os

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
