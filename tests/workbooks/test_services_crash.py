"""Killed workers, restarted servers, two people at once: written exactly once."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from households.models import Household
from jobs.models import Job, State
from jobs.services import perform
from launcher import roles
from regions.scoping import scope, span
from tests.cast import Cast, assemble, at, everywhere, signed_in
from tests.days import today
from tests.policy.database import end_backend
from tests.workbooks import desk
from tests.workbooks.desk import (
    HOUSEHOLDS,
    confirm,
    counts,
    fresh,
    hand_in,
    household,
    job_of,
    page,
    roll,
    take_back,
    work_on,
)
from workbooks import importing, services
from workbooks.models import Stage, Upload
from workbooks.services import applying

uploads = desk.uploads
ROWS = 400
CHUNK = 20  # twenty chunks
ROOT = Path(__file__).parent.parent.parent
NAMES = "一二三四五六七八九十"
# A worker that dies in the transaction of its seventh chunk.
WORKER = """
import os, signal, sys, uuid
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[3]
import workbooks.tasks
from jobs.services import perform
from regions.scoping import scope, span
from workbooks import importing
from workbooks.services import applying
importing.CHUNK = int(sys.argv[4])
written, chunks = applying._Applying.written, []
def dies(self, chunk):
    written(self, chunk)
    chunks.append(len(chunk))
    if len(chunks) == 7:
        os.kill(os.getpid(), signal.SIGKILL)
applying._Applying.written = dies
with scope(span(int(sys.argv[2]))):
    perform(uuid.UUID(sys.argv[1]))
"""


@pytest.fixture
def real_cast(own_database: str) -> Cast:
    """Return the cast in a database whose commits are real."""
    return assemble()


def many() -> bytes:
    rows = [household(f"王{NAMES[i % 10]}", i) for i in range(1, ROWS)]
    return roll(HOUSEHOLDS, *rows, household("没有村", ROWS, 村="不存在村"))


def confirmed(by: Post) -> Upload:
    return confirm(hand_in("households", many(), by), by)


def let_another_worker_take(upload: Upload) -> None:
    """Let the lease of the dead run out, or the pause after a failure pass."""
    past = timezone.now() - dt.timedelta(minutes=1)
    with everywhere():
        job = Job.objects.get(pk=job_of(upload).pk)
        job.not_before = past
        job.lease_until = past if job.state == State.RUNNING else None
        job.save()


def assert_written_once(done: Upload) -> None:
    assert done.stage == Stage.APPLIED
    assert counts(done) == (ROWS - 1, 0, 0, 1)
    assert done.read == ROWS + done.blank
    with everywhere():
        assert Household.objects.count() == ROWS - 1


def test_case_56_a_worker_killed_in_chunk_seven_is_resumed_there(
    real_cast: Cast, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    upload = confirmed(real_cast.clerk)
    job = job_of(upload)
    ended = subprocess.run(
        [
            *(sys.executable, "-c", WORKER),
            *(str(job.pk), str(job.region_id), str(settings.MEDIA_ROOT), str(CHUNK)),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": roles.at(os.environ["DATABASE_URL"], own_database),
            "DJANGO_SETTINGS_MODULE": "shaodong.settings",
        },
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert fresh(upload).facts["applied"]["rows"] == 6 * CHUNK
    assert job_of(upload).state == State.RUNNING
    let_another_worker_take(upload)
    assert_written_once(work_on(upload))


def test_case_57_a_database_that_restarts_in_mid_chunk_loses_nothing(
    real_cast: Cast, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    upload = confirmed(real_cast.clerk)
    original, chunks = applying._Applying.written, []

    def cut_off(self: Any, chunk: Any) -> None:
        chunks.append(len(chunk))
        if len(chunks) == 3:
            end_my_session()
        original(self, chunk)

    monkeypatch.setattr(applying._Applying, "written", cut_off)
    work_on(upload)
    assert len(chunks) == 3
    assert fresh(upload).facts["applied"]["rows"] == 2 * CHUNK
    let_another_worker_take(upload)
    assert_written_once(work_on(upload))


def end_my_session() -> None:
    """End this thread's session from another one, as a restart of the server would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    end_backend(mine)


def test_two_deliveries_of_one_job_write_once(real_cast: Cast) -> None:
    upload = confirmed(real_cast.clerk)
    job = job_of(upload)

    def deliver() -> None:
        with scope(span(job.region_id)):
            perform(job.pk)

    at_once(deliver, deliver)
    assert_written_once(fresh(upload))


def test_case_55_of_two_tabs_one_confirms(real_cast: Cast) -> None:
    upload = hand_in("households", many(), real_cast.clerk)
    refused: list[str] = []

    def press() -> None:
        try:
            confirm(upload, real_cast.clerk)
        except Refused as words:
            refused.append(str(words))

    at_once(press, press)
    assert len(refused) == 1
    assert "正在写入" in refused[0]
    with everywhere():
        assert Job.objects.filter(kind="workbooks.apply").count() == 1
    assert_written_once(work_on(upload))


def test_case_53_of_two_people_with_the_same_file_one_imports(
    real_cast: Cast,
) -> None:
    colleague = colleague_of(real_cast.clerk, real_cast.secretary)
    mine = hand_in("households", many(), real_cast.clerk)
    theirs = hand_in("households", many(), colleague)
    refused: list[str] = []

    def press(upload: Upload, by: Post) -> Callable[[], None]:
        def press_it() -> None:
            try:
                confirm(upload, by)
            except Refused as words:
                refused.append(str(words))

        return press_it

    at_once(press(mine, real_cast.clerk), press(theirs, colleague))
    assert len(refused) == 1
    assert "正在由别人导入" in refused[0]
    confirmed_one = mine if fresh(mine).stage == Stage.APPLYING else theirs
    assert_written_once(work_on(confirmed_one))


def test_a_village_and_its_township_importing_at_once_write_each_row_once(
    real_cast: Cast,
) -> None:
    """Without ID numbers no key would tell that they write the same households."""
    rows = [household(f"王{NAMES[i % 10]}{NAMES[i // 10]}", 0) for i in range(100)]
    content = roll(HOUSEHOLDS, *rows)
    posts = (real_cast.clerk, real_cast.township_staff)
    imports = [confirm(hand_in("households", content, by), by) for by in posts]

    def work(upload: Upload) -> Callable[[], None]:
        return lambda: drop(work_on(upload))

    at_once(*map(work, imports))
    assert sorted(fresh(upload).created for upload in imports) == [0, 100]
    with everywhere():
        assert Household.objects.count() == 100


def drop(_: object) -> None:
    """Do nothing with a result."""


def colleague_of(post: Post, person: Post) -> Post:
    """Return a post like `post`, held by another person."""
    with everywhere():
        made = Post.objects.create(
            user=person.user,
            role=post.role,
            region_id=post.region_id,
            started_on=post.started_on,
        )
        return Post.objects.select_related("user", "region__parent").get(pk=made.pk)


def at_once(*calls: Callable[[], None]) -> None:
    """Run each call in a thread of its own, starting together; fail if one raises."""
    together, raised = Barrier(len(calls)), []

    def run(call: Callable[[], None]) -> None:
        try:
            together.wait(10)
            call()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []


def test_work_that_was_given_up_can_be_gone_on_with(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    upload = confirmed(real_cast.clerk)
    fail_for_good(upload, monkeypatch, after=2)
    stuck = fresh(upload)
    assert services.is_interrupted(stuck)
    assert stuck.facts["applied"]["rows"] == 2 * CHUNK
    with at(real_cast.clerk):
        services.resume(upload_id=upload.pk, by=real_cast.clerk)
    assert_written_once(work_on(upload))


def assert_taken_back(upload: Upload, by: Post) -> None:
    """Take an import back, and see that nothing of it is left."""
    with at(by):
        services.ask_undo(upload_id=upload.pk, by=by)
    assert work_on(upload).stage == Stage.UNDONE
    with everywhere():
        assert Household.objects.count() == 0


def test_what_was_written_in_part_can_be_taken_back(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    upload = confirmed(real_cast.clerk)
    fail_for_good(upload, monkeypatch, after=2)
    with everywhere():
        assert Household.objects.count() == 2 * CHUNK
    assert_taken_back(upload, real_cast.clerk)


def test_what_was_written_in_part_can_be_taken_back_when_its_file_is_gone(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is kept for a week: one confirmed on the last day may be gone by now."""
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    upload = confirmed(real_cast.clerk)
    fail_for_good(upload, monkeypatch, after=2)
    services.stored_path(upload.pk).unlink()
    with at(real_cast.clerk):
        services.resume(upload_id=upload.pk, by=real_cast.clerk)
    assert services.is_interrupted(work_on(upload))
    assert "已经按规定删除" in job_of(upload).message
    assert_taken_back(upload, real_cast.clerk)


def test_a_refused_undo_of_what_was_written_in_part_leads_on(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what forbids it, and neither a second try nor the same file is barred."""
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    clerk = real_cast.clerk
    upload = confirmed(clerk)
    fail_for_good(upload, monkeypatch, after=2)
    with everywhere(), transaction.atomic():
        first = Household.objects.order_by("pk")[0]
        Household.objects.filter(pk=first.pk).update(members=9)
    kept = take_back(upload, clerk)
    assert kept.facts["blocked"] == 1
    shown = page(signed_in(clerk), kept).content.decode()
    assert "挡住撤销的" in shown
    assert "撤销本次导入" in shown
    rest = work_on(confirm(hand_in("households", many(), clerk), clerk))
    assert rest.created == ROWS - 1 - 2 * CHUNK


def test_the_pages_count_what_was_written_and_not_what_was_to_be(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    bad = household("没有村", ROWS, 村="不存在村")
    good = [household(f"王{NAMES[i % 10]}", i) for i in range(1, 3 * CHUNK)]
    content = roll(HOUSEHOLDS, bad, *good)
    upload = confirm(hand_in("households", content, real_cast.clerk), real_cast.clerk)
    fail_for_good(upload, monkeypatch, after=2)
    client = signed_in(real_cast.clerk)
    assert f"已经写入 {2 * CHUNK - 1} 行" in page(client, upload).content.decode()
    asked = page(client, upload, "undo").content.decode()
    assert f"这次新增的 {2 * CHUNK - 1} 行" in asked


def test_what_was_written_in_part_does_not_block_the_same_file(
    real_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", CHUNK)
    stuck = confirmed(real_cast.clerk)
    fail_for_good(stuck, monkeypatch, after=2)
    colleague = colleague_of(real_cast.clerk, real_cast.secretary)
    upload = hand_in("households", many(), colleague)
    assert counts(upload) == (ROWS - 1 - 2 * CHUNK, 0, 2 * CHUNK, 1)
    with at(colleague), pytest.raises(Refused, match="重新检查"):
        services.confirm(
            upload_id=upload.pk,
            sha256=upload.sha256,
            by=colleague,
            without_refused=True,
            seen_hidden=True,
            seen_doubts=True,
        )
    closed = fresh(stuck)
    assert (closed.stage, closed.created) == (Stage.APPLIED, 2 * CHUNK)
    with at(colleague):
        services.check_again(upload_id=upload.pk, by=colleague, on=today())
    work_on(confirm(work_on(upload), colleague))
    with everywhere():
        assert Household.objects.count() == ROWS - 1


def fail_for_good(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, *, after: int
) -> None:
    """Let the job fail in a later chunk until it is given up."""
    original, chunks = applying._Applying.written, []

    def fails(self: Any, chunk: Any) -> None:
        chunks.append(len(chunk))
        if len(chunks) > after:
            raise RuntimeError("disk full")
        original(self, chunk)

    with monkeypatch.context() as broken:
        broken.setattr(applying._Applying, "written", fails)
        for _ in range(5):
            work_on(upload)
            let_another_worker_take(upload)
    assert job_of(upload).state == State.FAILED
    with transaction.atomic(), at(upload.post):
        assert Upload.objects.get(pk=upload.pk).stage == Stage.APPLYING
