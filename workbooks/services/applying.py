"""The confirmed import: written in chunks, exactly once, as the preview showed it."""

import uuid
from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Action, Post
from accounts.services import Refused
from jobs.models import Job, State
from jobs.services import Abandoned, ask, report
from workbooks import inventory
from workbooks.importing import (
    LEDGERS,
    WRITTEN,
    Checked,
    Import,
    Result,
    Verdict,
    objection,
)
from workbooks.models import RowVerdict, Stage, Upload
from workbooks.models import Verdict as Kept
from workbooks.services.checking import (
    changes_of,
    checked_at,
    finding_of,
    read_again,
    write_verdicts,
)
from workbooks.services.storing import digest_of, refused_path
from workbooks.services.uploading import held
from workbooks.writing import write_mistakes

ENDED = (State.FAILED, State.CANCELLED)


def confirm(
    *,
    upload_id: uuid.UUID,
    sha256: str,
    by: Post,
    without_refused: bool,
    seen_hidden: bool,
    seen_doubts: bool,
) -> Upload:
    """Let a previewed import be written; raises Refused.

    `sha256` is the file that the person saw. Of two confirmations one finds the stage
    moved; of two people with the same file one finds the other's import under way.
    """
    _end_dead_twins(upload_id)
    with transaction.atomic():
        upload = held(upload_id, by, Stage.PREVIEW)
        _refuse_without_post(by)
        if not sha256 == upload.sha256 == digest_of(upload.pk):
            raise Refused(
                "文件和预览时的不一样了，什么也没有写入。请重新上传，再看一遍。"
            )
        _refuse_unseen(upload, seen_hidden=seen_hidden, seen_doubts=seen_doubts)
        if upload.refused and not without_refused:
            raise Refused("有退回的行。请选“先导入没错的”，或者全部改好再导入。")
        if not upload.created + upload.updated:
            raise Refused("没有要写入的内容：每一行都和系统里的一样，或者被退回。")
        _refuse_imported_since(upload)
        _begin(upload, by)
    return upload


def _refuse_without_post(by: Post) -> None:
    """Refuse whoever has lost the post since the upload (case 59)."""
    if not Post.objects.active(timezone.localdate()).filter(pk=by.pk).exists():
        raise Refused("上传时的职务已经免去，不能导入。请由现在的经办人重新上传。")


def _refuse_unseen(upload: Upload, *, seen_hidden: bool, seen_doubts: bool) -> None:
    if upload.facts.get("hidden") and not seen_hidden:
        raise Refused("文件里有隐藏的行，请先打勾确认它们也要导入。")
    if upload.facts.get("doubtful") and not seen_doubts:
        raise Refused("有几处要您核对，请看过以后打勾。")


def _refuse_imported_since(upload: Upload) -> None:
    """Refuse a preview that an import of the same file has overtaken (case 53)."""
    twin = same_file(upload).filter(
        stage=Stage.APPLIED, applied_at__gt=checked_at(upload)
    )
    other = twin.select_related("user").first()
    if other and other.applied_at:
        at = timezone.localtime(other.applied_at)
        raise Refused(
            f"同一份文件已由{other.user.name}在 {at.month} 月 {at.day} 日 {at:%H:%M} 导入，"
            "这次什么也没有写入。点“重新检查”可以看看还有没有不同。"
        )


def same_file(upload: Upload) -> Any:
    """Return the other imports of the same file in the same place."""
    twins = Upload.objects.filter(
        region_id=upload.region_id, kind=upload.kind, sha256=upload.sha256
    )
    return twins.exclude(pk=upload.pk)


def _begin(upload: Upload, by: Post) -> None:
    job = ask(
        kind="workbooks.apply",
        title=f"导入{LEDGERS[upload.kind].declaration.title}",
        region=upload.region_id,
        on=upload.business_date,
        unique_key=f"workbooks.apply {upload.pk} {upload.facts['round']}",
        arguments={"upload": str(upload.pk)},
        by=by,
    )
    upload.stage, upload.job, upload.message = Stage.APPLYING, job, ""
    upload.facts |= {
        "request": job.pk.hex,
        "confirmed_at": timezone.now().isoformat(),
        "previewed": {
            "created": upload.created,
            "updated": upload.updated,
            "unchanged": upload.unchanged,
            "refused": upload.refused,
        },
    }
    try:
        with transaction.atomic():
            upload.save()
    except IntegrityError as taken:
        raise Refused(
            "同一份文件正在由别人导入，这次什么也没有写入。等他办完，再点“重新检查”。"
        ) from taken


@transaction.atomic
def _end_dead_twins(upload_id: uuid.UUID) -> None:
    """Close imports of the same file that began to be written and will not go on.

    What one of them has written stays, is counted and can be taken back; the rest of
    its rows count as refused.
    """
    upload = Upload.objects.get(pk=upload_id)
    dead = same_file(upload).filter(stage=Stage.APPLYING, job__state__in=ENDED)
    for twin in dead.select_for_update(of=("self",)):
        if twin.facts.get("applied") is None:
            twin.stage, twin.message = Stage.ABANDONED, "没有写成，什么也没有写入。"
        else:
            close_as_written(twin)
        twin.save()


def close_as_written(upload: Upload) -> None:
    """Close an import that was written in part: the rest of its rows count as refused.

    The row in memory alone; the caller saves it.
    """
    counts = upload.facts["applied"]["counts"]
    upload.stage, upload.applied_at = Stage.APPLIED, timezone.now()
    upload.created, upload.updated, upload.unchanged = (
        int(counts.get(verdict, 0)) for verdict in ("new", "changed", "same")
    )
    written = upload.created + upload.updated + upload.unchanged
    upload.refused = upload.read - upload.blank - written


def is_interrupted(upload: Upload) -> bool:
    """Return whether an import began to be written and its job has been given up."""
    job = upload.job
    return upload.stage == Stage.APPLYING and job is not None and job.state in ENDED


def written(upload: Upload) -> tuple[int, int]:
    """Return how many rows an import has entered, and how many it has changed.

    Of one that was interrupted that is less than its preview said.
    """
    counts = (upload.facts.get("applied") or {"counts": {}})["counts"]
    return counts.get(Verdict.NEW, 0), counts.get(Verdict.CHANGED, 0)


def run_apply(job: Job) -> str | None:
    """Do a `workbooks.apply`: write what was confirmed, chunk by chunk.

    Each chunk's transaction notes how far it came, so that a run after a crash goes on
    behind the last chunk and the balance stays that of the whole file.
    """
    with transaction.atomic():
        upload = Upload.objects.select_related("user").get(pk=job.arguments["upload"])
    if upload.stage != Stage.APPLYING or upload.job_id != job.pk or job.post is None:
        return None
    try:
        work = read_again(upload)
    except inventory.FileRefused as refused:
        return _stop(upload, refused)
    applying = _Applying(upload, work, job)
    rows = work.apply(
        by=job.post,
        settle=applying.settle,
        written=applying.written,
        skip=applying.done,
    )
    for _ in rows:
        pass  # each chunk has been noted in its own transaction
    return applying.finish()


@transaction.atomic
def _stop(upload: Upload, refused: inventory.FileRefused) -> str:
    """End an import whose file cannot be read any more.

    Raises Abandoned where some of its rows are written already: it stays as it is, so
    that they can be taken back.
    """
    if upload.facts.get("applied"):
        raise Abandoned(refused.message)
    Upload.objects.filter(pk=upload.pk, stage=Stage.APPLYING).update(
        stage=Stage.REFUSED, message=refused.message[:300]
    )
    return refused.message


class _Applying:
    """Holds every row to what its preview said, and counts what it came to."""

    def __init__(self, upload: Upload, work: Import, job: Job) -> None:
        self.upload = upload
        self.work = work
        self.job = job
        before = upload.facts.get("applied") or {"rows": 0, "counts": {}, "drift": 0}
        self.done = int(before["rows"])
        self.drift = int(before["drift"])
        self.counts: Counter[Verdict] = Counter(
            {Verdict(name): n for name, n in before["counts"].items()}
        )
        self._kept: dict[int, RowVerdict] = {}

    def settle(self, chunk: list[Checked]) -> list[Checked]:
        """Refuse what would be written otherwise than it was shown."""
        kept = RowVerdict.objects.filter(
            upload=self.upload,
            number__gte=chunk[0].number,
            number__lte=chunk[-1].number,
        )
        self._kept = {verdict.number: verdict for verdict in kept}
        return [self._agreed(checked) for checked in chunk]

    def _agreed(self, checked: Checked) -> Checked:
        """Return what a row comes to: what was shown, or nothing that was not."""
        kept = self._kept.get(checked.number)
        if kept is not None and kept.verdict == Kept.REFUSED:
            problems = [finding_of(checked.number, one) for one in kept.problems]
            return checked.refused(*problems)
        if checked.verdict not in WRITTEN:
            return checked
        as_shown = kept is not None and kept.verdict == checked.verdict.value
        if as_shown and kept is not None and kept.changes == changes_of(checked):
            return checked
        return checked.refused(
            objection(
                self.work.table,
                checked,
                self.work.table.declaration.columns[0].key,
                code="changed_meanwhile",
                message="预览以后有人改过这一条，没有写入",
                hint="请把这一行再传一次，看过新的变化再导入",
            )
        )

    def written(self, chunk: list[Checked]) -> None:
        """Note a chunk in its own transaction: counts, other verdicts, progress."""
        self.done += len(chunk)
        self.counts.update(checked.verdict for checked in chunk)
        self._keep_other_verdicts(chunk)
        self.upload.facts["applied"] = {
            "rows": self.done,
            "counts": {verdict.value: n for verdict, n in self.counts.items()},
            "drift": self.drift,
        }
        Upload.objects.filter(pk=self.upload.pk).update(facts=self.upload.facts)
        report(self.job, done=self.done, total=self.work.table.tally.data)

    def _keep_other_verdicts(self, chunk: list[Checked]) -> None:
        """Replace the verdicts of rows that came to something else than shown."""
        others = [c for c in chunk if self._shown(c.number) is not c.verdict]
        if not others:
            return
        self.drift += len(others)
        numbers = [checked.number for checked in others]
        old = RowVerdict.objects.filter(upload=self.upload, number__in=numbers)
        old._raw_delete("default")
        write_verdicts(self.upload, others)

    def _shown(self, number: int) -> Verdict:
        kept = self._kept.get(number)
        return Verdict(kept.verdict) if kept else Verdict.SAME

    def finish(self) -> str:
        """Close the import with its balance; the refused rows may be others now."""
        tally = self.work.table.tally
        result = Result(tally.blank, tally.skipped, self.counts)
        if self.drift:
            self._write_refused()
        upload, counts = self.upload, result.as_json()
        words = f"新增 {counts['created']}，更新 {counts['updated']}，退回 {counts['refused']}"
        with transaction.atomic():
            if Upload.objects.filter(pk=upload.pk, stage=Stage.APPLYING).update(
                stage=Stage.APPLIED,
                applied_at=timezone.now(),
                skipped=tally.skipped,
                **counts,
            ):
                audit.record(
                    Action.IMPORTED,
                    region=upload.region_id,
                    by=upload.user,
                    subject=f"{LEDGERS[upload.kind].declaration.title}：{upload.name}",
                    reason=words,
                )
        return f"{words}。"

    def _write_refused(self) -> None:
        with transaction.atomic():
            kept = RowVerdict.objects.filter(upload=self.upload, verdict=Kept.REFUSED)
            refused = {
                verdict.number: [
                    finding_of(verdict.number, problem) for problem in verdict.problems
                ]
                for verdict in kept
            }
        path = refused_path(self.upload.pk)
        if refused:
            write_mistakes(path, self.work.table, refused)
        else:
            path.unlink(missing_ok=True)
