"""A preview is confirmed: once, by whoever saw it, as it was seen."""

import datetime as dt
from pathlib import Path

import pytest

from accounts.models import AccessEntry, Action, Post
from accounts.services import Refused
from jobs.models import State
from tests.cast import Cast, at, everywhere
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
    work_on,
)
from workbooks import importing
from workbooks.models import Stage
from workbooks.values import check_character

uploads = desk.uploads


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
            ended_on=today(), ended_by=cast.secretary.user
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
