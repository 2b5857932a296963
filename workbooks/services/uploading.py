"""A file comes in, and a person says how it is to be read."""

import datetime as dt
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from jobs.models import Job, State
from jobs.services import ask, cancel, publish
from workbooks.headers import Heading
from workbooks.importing import LEDGERS
from workbooks.models import RememberedColumns, Stage, Upload
from workbooks.services.storing import has_file, remove_files, store
from workbooks.writing.mistakes import REASON_TITLE

LONGEST_NAME = 120
NAMELESS = "没有名字的文件"
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that do not show or turn the direction of what follows."""


@transaction.atomic
def receive(
    *, kind: str, name: str, chunks: Iterable[bytes], by: Post, on: dt.date
) -> Upload:
    """Keep an uploaded file and ask for it to be checked.

    `name` is what the browser says the file is called; it is shown and never used as
    a path.
    """
    upload_id = uuid.uuid4()
    sha256, size = store(upload_id, chunks)
    upload = Upload(
        pk=upload_id,
        region_id=by.region_id,
        kind=kind,
        name=shown_name(name),
        sha256=sha256,
        size=size,
        user=by.user,
        post=by,
        uploaded_at=timezone.now(),
        business_date=on,
    )
    upload.save(force_insert=True)
    _ask_check(upload, by)
    return upload


def shown_name(name: str) -> str:
    """Return a file name as a page may show it: one line, no path, nothing unseen."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in UNSEEN).strip()
    if len(kept) > LONGEST_NAME:
        kept = f"{kept[: LONGEST_NAME - 9]}……{kept[-7:]}"
    return kept or NAMELESS


def _ask_check(upload: Upload, by: Post) -> None:
    """Ask for a (further) check; each one is a job of its own."""
    number = int(upload.facts.get("round", 0)) + 1
    upload.facts = {"round": number}
    upload.stage, upload.message = Stage.READING, ""
    upload.job = ask(
        kind="workbooks.check",
        title=f"检查{LEDGERS[upload.kind].declaration.title}",
        region=upload.region_id,
        on=upload.business_date,
        unique_key=f"workbooks.check {upload.pk} {number}",
        arguments={"upload": str(upload.pk)},
        by=by,
    )
    upload.save()


def held(upload_id: uuid.UUID, by: Post, *stages: Stage) -> Upload:
    """Lock an import of one's own that is in one of `stages`; raises Refused."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.post_id != by.pk:
        raise Refused(
            "这份文件是别人上传的，只能由本人办理。要导入的，请自己上传一份。"
        )
    if upload.stage not in stages:
        raise Refused(f"这份文件现在是“{upload.get_stage_display()}”，请看最新的情况。")
    return upload


@transaction.atomic
def choose_sheet(*, upload_id: uuid.UUID, sheet: str, by: Post) -> Upload:
    """Read the named sheet of the file; raises Refused."""
    upload = held(upload_id, by, Stage.COLUMNS, Stage.PREVIEW)
    upload.sheet, upload.mapping = sheet, {}
    _ask_check(upload, by)
    return upload


@transaction.atomic
def choose_columns(
    *, upload_id: uuid.UUID, mapping: Mapping[str, str], by: Post
) -> Upload:
    """Read the file with these columns, and remember them for the next one like it.

    `mapping` is what `workbooks.headers.find_header` takes. Raises Refused.
    """
    upload = held(upload_id, by, Stage.COLUMNS, Stage.PREVIEW)
    headings = [Heading(str(h[0]), str(h[1])) for h in upload.facts.get("headings", [])]
    upload.mapping = dict(mapping)
    RememberedColumns.objects.update_or_create(
        region_id=upload.region_id,
        kind=upload.kind,
        titles=fingerprint(headings),
        defaults={"mapping": upload.mapping},
    )
    _ask_check(upload, by)
    return upload


def fingerprint(headings: Sequence[Heading]) -> str:
    """Return a hash of the titles of a header, under which a choice is remembered.

    Refused rows that are mended have the header of their file, and the reasons behind.
    """
    own = [one for one in headings if one.title != REASON_TITLE]
    text = "\n".join(f"{heading.letters} {heading.title}" for heading in own)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def check_again(*, upload_id: uuid.UUID, by: Post, on: dt.date) -> Upload:
    """Check the same file against what is there now, on the day `on`; raises Refused."""
    upload = held(upload_id, by, Stage.PREVIEW, Stage.COLUMNS)
    if not has_file(upload):
        raise Refused("原文件已经按规定删除，请重新上传。")
    upload.business_date = on
    _ask_check(upload, by)
    return upload


@transaction.atomic
def resume(*, upload_id: uuid.UUID, by: Post) -> Upload:
    """Run the import's job again, which was given up; raises Refused."""
    upload = held(upload_id, by, Stage.READING, Stage.APPLYING, Stage.UNDOING)
    job = upload.job
    failed = Job.objects.filter(pk=job.pk, state=State.FAILED) if job else None
    if (
        job is None
        or failed is None
        or not failed.update(
            state=State.QUEUED, attempts=0, not_before=timezone.now(), finished_at=None
        )
    ):
        raise Refused("这项任务还在办，请等一等。")
    transaction.on_commit(lambda: publish(job))
    return upload


@transaction.atomic
def abandon(*, upload_id: uuid.UUID, by: Post) -> Upload:
    """Give an import up before anything of it is written; raises Refused."""
    stages = (Stage.READING, Stage.COLUMNS, Stage.PREVIEW)
    upload = held(upload_id, by, *stages)
    if upload.job:
        cancel(job=upload.job)
    upload.stage, upload.message = Stage.ABANDONED, "由上传人放弃，什么也没有写入。"
    upload.save()
    transaction.on_commit(lambda: remove_files(upload.pk))
    return upload
