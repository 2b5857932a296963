"""The check: every row gets its verdict, which is kept for the preview."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.masking import mask_text
from accounts.models import Action
from jobs.models import Job
from jobs.services import report
from workbooks import loading
from workbooks.findings import Finding
from workbooks.guard import inspect
from workbooks.headers import HeaderRefused, Heading
from workbooks.importing import LEDGERS, Checked, Import, Result, Verdict
from workbooks.inventory import FileRefused
from workbooks.ledger import Table
from workbooks.models import RememberedColumns, RowVerdict, Stage, Upload
from workbooks.services.storing import refused_path, stored_path
from workbooks.services.uploading import fingerprint
from workbooks.writing import write_mistakes

BATCH = 5000
"""Rows between two reports of progress."""

LISTED = 100
"""Remarks of one sort that are listed one by one; all are counted."""

VERDICT_COLUMNS = (
    "upload_id",
    "region_code",
    "number",
    "verdict",
    "label",
    "problems",
    "changes",
)
GONE = FileRefused("gone", "原文件已经按规定删除（保留 7 天）。请重新上传。")


def run_check(job: Job) -> str | None:
    """Do a `workbooks.check`: read the file, judge every row, keep the verdicts."""
    with transaction.atomic():
        upload = Upload.objects.get(pk=job.arguments["upload"])
        upload.post = job.post or upload.post
    if upload.stage != Stage.READING or upload.job_id != job.pk:
        return None
    try:
        work = _read_as_known(upload)
    except HeaderRefused as refused:
        return _ask_for_columns(upload, refused)
    except FileRefused as refused:
        return _stop(upload, refused)
    preview = _Preview(upload, work)
    preview.judge(job)
    return preview.finish()


def _read_as_known(upload: Upload) -> Import:
    """Read the file as it was chosen, or as such a file was read last time.

    Raises as `read_again` does.
    """
    try:
        work = read_again(upload)
    except HeaderRefused as refused:
        if not _recalls(upload, refused.seen):
            raise
        return read_again(upload)
    seen = tuple(work.table.header.headings.values())
    return read_again(upload) if _recalls(upload, seen) else work


def _recalls(upload: Upload, seen: Sequence[Heading]) -> bool:
    """Note on the upload what was chosen for a header like this; return whether it was."""
    if upload.mapping:
        return False
    upload.mapping = _remembered(upload, seen) or {}
    return bool(upload.mapping)


def read_again(upload: Upload) -> Import:
    """Read the file as it was chosen.

    Raises `workbooks.inventory.FileRefused`, also for a file that is no longer the one
    that was uploaded.
    """
    path = stored_path(upload.pk)
    if not path.is_file():
        raise GONE
    work = _read(upload, path)
    if work.table.inventory.digest != upload.sha256:
        raise FileRefused(
            "changed", "文件在上传之后变了，为避免导入没看过的内容已停止。请重新上传。"
        )
    return work


def _read(upload: Upload, path: Path) -> Import:
    return Import(
        LEDGERS[upload.kind],
        path,
        on=upload.business_date,
        mapping=dict(upload.mapping),
        sheet=upload.sheet or None,
    )


def _remembered(upload: Upload, seen: Sequence[Heading]) -> dict[str, str] | None:
    """Return what was chosen for a header like this, if its columns still exist."""
    with transaction.atomic():
        found = RememberedColumns.objects.filter(
            region_id=upload.region_id, kind=upload.kind, titles=fingerprint(seen)
        ).first()
    known = {column.key for column in LEDGERS[upload.kind].declaration.columns} | {""}
    return found.mapping if found and known.issuperset(found.mapping.values()) else None


@transaction.atomic
def _ask_for_columns(upload: Upload, refused: HeaderRefused) -> str:
    facts = {
        "headings": [[h.letters, h.title, ""] for h in refused.seen],
        "header_row": refused.row,
    }
    _move(upload, Stage.COLUMNS, refused, facts)
    return refused.message


@transaction.atomic
def _stop(upload: Upload, refused: FileRefused) -> str:
    """Note why the file cannot be used; with several sheets it only takes a choice."""
    if refused.code != "choose_sheet":
        _move(upload, Stage.REFUSED, refused, {})
        return refused.message
    found = inspect(stored_path(upload.pk)).candidates()
    sheets = [[sheet.name, sheet.rows] for sheet in found]
    _move(upload, Stage.COLUMNS, refused, {"sheets": sheets})
    return refused.message


def _move(
    upload: Upload, stage: Stage, refused: FileRefused, facts: dict[str, Any]
) -> None:
    kept = {**upload.facts, **facts, "code": refused.code}
    Upload.objects.filter(pk=upload.pk, stage=Stage.READING).update(
        stage=stage, message=refused.message[:300], facts=kept
    )


class _Preview:
    """Collects what a check finds: verdicts in the table, remarks in the facts."""

    def __init__(self, upload: Upload, work: Import) -> None:
        self.upload = upload
        self.work = work
        self.balance: Result = work.balance()
        self.refused: dict[int, tuple[Finding, ...]] = {}
        self.mends: dict[tuple[str, str], dict[str, Any]] = {}
        self.doubts: list[dict[str, object]] = []
        self.doubtful = self.hidden = 0
        self.beyond: Counter[str] = Counter()

    def judge(self, job: Job) -> None:
        """Walk over the rows once; verdicts are written as they come."""
        total, done = self.work.table.tally.data, 0
        with transaction.atomic():
            # What an interrupted run has left.
            RowVerdict.objects.filter(upload=self.upload)._raw_delete("default")
            verdicts = self.work.check(by=self.upload.post)
        while batch := self._next(verdicts):
            done += len(batch)
            with transaction.atomic():
                write_verdicts(self.upload, batch)
                report(job, done=done, total=total)

    def _next(self, verdicts: Iterator[Checked]) -> list[Checked]:
        batch = []
        with transaction.atomic():
            for checked in islice(verdicts, BATCH):
                self._note(checked)
                batch.append(checked)
        return batch

    def _note(self, checked: Checked) -> None:
        self.balance.counts[checked.verdict] += 1
        if checked.verdict is Verdict.REFUSED:
            self.refused[checked.number] = checked.problems
            known = LEDGERS[self.upload.kind].beyond
            self.beyond.update(p.message for p in checked.problems if p.code in known)
        row = checked.row
        if row is None:
            return
        if row.hidden:
            self.hidden += 1
        for mend in row.mends:
            self._note_mend(mend)
        if row.doubts and checked.verdict in (Verdict.NEW, Verdict.CHANGED):
            self.doubtful += 1
            if len(self.doubts) < LISTED:
                self.doubts += [
                    {**as_kept(d), "label": mask_text(checked.label)}
                    for d in row.doubts
                ]

    def _note_mend(self, mend: Finding) -> None:
        """Count mended cells by column and kind; list the first of each."""
        group = self.mends.setdefault(
            (mend.title, mend.message), {"count": 0, "cells": []}
        )
        group["count"] += 1
        if len(group["cells"]) < LISTED:
            group["cells"].append([mend.address, mend.value])

    def finish(self) -> str:
        """Write the balance and what a person has to know; offer the refused rows."""
        upload, counts = self.upload, self.balance.as_json()
        if self.refused:
            path = refused_path(upload.pk)
            write_mistakes(path, self.work.table, self.refused)
        else:
            refused_path(upload.pk).unlink(missing_ok=True)
        facts = {**upload.facts, **self._facts()}
        with transaction.atomic():
            moved = Upload.objects.filter(
                pk=upload.pk, stage=Stage.READING, job=upload.job
            )
            if moved.update(
                stage=Stage.PREVIEW,
                skipped=self.balance.skipped,
                sheet=self.work.table.sheet.name[:40] if upload.sheet else "",
                mapping=upload.mapping,
                facts=facts,
                **counts,
            ):
                self._log_refusals()
        return f"读到 {counts['read']} 行，退回 {counts['refused']} 行。"

    def _facts(self) -> dict[str, Any]:
        table = self.work.table
        return {
            "checked_at": timezone.now().isoformat(),
            "mends": [
                {"title": title, "message": message, **group}
                for (title, message), group in self.mends.items()
            ],
            "doubts": self.doubts,
            "doubtful": self.doubtful,
            "hidden": self.hidden,
            "remembered": bool(self.upload.mapping),
            **_header_facts(table),
        }

    def _log_refusals(self) -> None:
        """Log refusals behind which may stand rows of another office (case 46)."""
        for message, count in self.beyond.items():
            audit.record(
                Action.REFUSED,
                region=self.upload.region_id,
                by=self.upload.user,
                subject=f"导入{LEDGERS[self.upload.kind].declaration.title}",
                reason=f"{count} 行：{message}",
            )


def _header_facts(table: Table) -> dict[str, Any]:
    """Return what was found around the rows: columns, sheets, rows left out."""
    header = table.header
    keys = {column: key for key, column in header.columns.items()}
    return {
        "header_row": header.last_row,
        "headings": [
            [heading.letters, heading.title, keys.get(column, "")]
            for column, heading in header.headings.items()
        ],
        "unknown": [f"{h.letters} 列“{h.title}”" for h in header.unknown],
        "untitled": list(table.untitled),
        "sheet": table.sheet.name,
        "other_sheets": list(table.other_sheets),
        "hidden_columns": [str(heading) for heading in table.hidden_columns],
        "skipped": [
            [s.number, s.reason.value, mask_text(s.text)]
            for s in table.skipped[:LISTED]
        ],
    }


def write_verdicts(upload: Upload, batch: Sequence[Checked]) -> None:
    """Keep the verdicts of a batch; unchanged rows are only counted."""
    loading.insert_many(
        RowVerdict,
        VERDICT_COLUMNS,
        (
            (
                upload.pk,
                upload.region_id,
                checked.number,
                checked.verdict.value,
                mask_text(checked.label)[:80],
                _json([as_kept(problem) for problem in checked.problems]),
                _json(changes_of(checked)),
            )
            for checked in batch
            if checked.verdict is not Verdict.SAME
        ),
    )


def changes_of(checked: Checked) -> list[dict[str, str]]:
    """Return the changes of a row as they are kept and shown: masked."""
    return [
        {
            "column": change.column,
            "old": mask_text(change.old),
            "new": mask_text(change.new),
        }
        for change in checked.changes
    ]


def as_kept(finding: Finding) -> dict[str, Any]:
    """Return a finding as a row's verdict keeps it, from which it can be made again."""
    return {
        "cell": finding.address,
        "column": finding.title,
        "key": finding.key,
        "value": finding.value,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


def finding_of(number: int, kept: Mapping[str, str]) -> Finding:
    """Return a finding that was kept; a computed suggestion never is."""
    return Finding(
        row=number,
        letters=kept["cell"].rstrip("0123456789"),
        key=kept["key"],
        title=kept["column"],
        code=kept["code"],
        message=kept["message"],
        hint=kept["hint"],
        value=kept["value"],
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def checked_at(upload: Upload) -> dt.datetime:
    """Return when the preview was made."""
    return dt.datetime.fromisoformat(upload.facts["checked_at"])
