"""撤销本次导入: everything or nothing, within a day, and with reasons if not."""

import datetime as dt
import uuid
from collections import Counter

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Action, Post
from accounts.services import Refused
from jobs.models import Job
from jobs.services import ask
from workbooks.importing import LEDGERS, Ledger
from workbooks.loading import one_import_at_a_time
from workbooks.models import Stage, Upload
from workbooks.services.applying import ENDED, close_as_written, is_interrupted
from workbooks.undoing import LISTED, REASON, Blocker, Undoing

UNDO_HOURS = 24
CLOCKS_DIFFER = dt.timedelta(hours=1)
"""The history is dated by the database's clock, the confirmation by the web's."""

DONE = {"deleted": "删去", "restored": "恢复", "reversed": "冲销"}
"""What became of the rows of an import that was taken back."""


def undo_until(upload: Upload) -> dt.datetime:
    """Return until when an import can be taken back."""
    since = upload.applied_at or dt.datetime.fromisoformat(upload.facts["confirmed_at"])
    return since + dt.timedelta(hours=UNDO_HOURS)


def may_undo(upload: Upload, by: Post, now: dt.datetime) -> bool:
    """Return whether `by` may take an import back.

    It was written within a day, by his office or by one below it. One that was written
    only in part, and will not go on, can be taken back too; and one whose undo was given
    up, by whoever asks again.
    """
    is_written = (
        upload.stage == Stage.APPLIED
        or (is_interrupted(upload) and bool(upload.facts.get("applied")))
        or _was_given_up(upload)
    )
    answers_for = upload.region_id in by.scope()
    return answers_for and is_written and now < undo_until(upload)


def _was_given_up(upload: Upload) -> bool:
    """Return whether an undo was asked for, and its job has been given up."""
    job = upload.job
    return upload.stage == Stage.UNDOING and job is not None and job.state in ENDED


@transaction.atomic
def ask_undo(*, upload_id: uuid.UUID, by: Post) -> Upload:
    """Ask for an import of one's office, or of one below, to be taken back.

    Raises Refused.
    """
    locked = Upload.objects.select_for_update(of=("self",)).select_related("job")
    upload = locked.get(pk=upload_id)
    if not may_undo(upload, by, timezone.now()):
        raise Refused(
            f"这次导入不能撤销：只能由导入的单位或者上级在 {UNDO_HOURS} 小时内撤销，"
            "而且只能撤销一次。"
        )
    number = int(upload.facts.get("undos", 0)) + 1
    upload.facts |= {"undos": number, "blockers": [], "blocked": 0}
    if upload.stage != Stage.UNDOING:
        upload.facts["before_undo"] = upload.stage
    upload.stage, upload.message = Stage.UNDOING, ""
    upload.job = ask(
        kind="workbooks.undo",
        title=f"撤销导入：{upload.name}"[:80],
        region=upload.region_id,
        on=timezone.localdate(),
        unique_key=f"workbooks.undo {upload.pk} {number}",
        arguments={"upload": str(upload.pk)},
        by=by,
    )
    upload.save()
    return upload


def run_undo(job: Job) -> str | None:
    """Do a `workbooks.undo`, in one transaction."""
    with transaction.atomic():
        upload = Upload.objects.get(pk=job.arguments["upload"])
    if upload.stage != Stage.UNDOING or upload.job_id != job.pk:
        return None
    try:
        return _take_back(upload, job)
    except IntegrityError:
        return _refuse(upload, [LEDGERS[upload.kind].clash])


@transaction.atomic
def _take_back(upload: Upload, job: Job) -> str:
    one_import_at_a_time()
    ledger = LEDGERS[upload.kind]
    since = dt.datetime.fromisoformat(upload.facts["confirmed_at"]) - CLOCKS_DIFFER
    undoing = Undoing(
        upload.facts["request"],
        since,
        by=job.user or upload.user,
        reason=f"{REASON}“{upload.name}”",
    )
    for model, keys in ledger.untracked(undoing.request):
        undoing.claim(model, keys)
    if blockers := _blockers(ledger, undoing):
        return _refuse(upload, blockers)
    counts = dict(ledger.comes_to(undoing))
    ledger.undo(undoing, on=job.business_date)
    words = "，".join(f"{DONE[what]} {count} 条" for what, count in counts.items())
    upload.facts["undone"] = counts | {
        "at": timezone.now().isoformat(),
        "by": job.user.name if job.user else "",
    }
    Upload.objects.filter(pk=upload.pk).update(stage=Stage.UNDONE, facts=upload.facts)
    audit.record(
        Action.IMPORT_UNDONE,
        region=upload.region_id,
        by=job.user,
        subject=f"{ledger.declaration.title}：{upload.name}",
        reason=words,
    )
    return f"{words}。"


def _blockers(ledger: Ledger, undoing: Undoing) -> list[Blocker]:
    # One row can stand in the way for several reasons; the first is enough.
    found = ledger.blockers(undoing)
    return list({one.row or one.what: one for one in found}.values())


@transaction.atomic
def _refuse(upload: Upload, blockers: list[Blocker]) -> str:
    """Leave what was imported as it is, and say what was built on it."""
    upload.facts |= {
        "blocked": len(blockers),
        "blocked_kinds": Counter(one.what.split()[0] for one in blockers).most_common(),
        "blockers": [blocker.as_json() for blocker in blockers[:LISTED]],
    }
    upload.stage = upload.facts.get("before_undo", Stage.APPLIED)
    if upload.stage == Stage.APPLYING:  # its own job has ended: nobody goes on with it
        close_as_written(upload)
    upload.save()
    return f"没有撤销：有 {len(blockers)} 处后来用到了这次导入的内容。"
