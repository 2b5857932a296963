"""Where an import stands: one page that follows it from the check to the result."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from jobs.models import Job, Pulse, State
from ui.parts import Job as JobPart
from ui.parts import JobState, Segment, Step, Tone
from workbooks import services
from workbooks.forms import ColumnsForm, SheetForm
from workbooks.models import RowVerdict, Stage, Upload, Verdict
from workbooks.views.uploads import is_mine, ledger_of, upload_or_404

PER_PAGE = 50
WORKING = (Stage.READING, Stage.APPLYING, Stage.UNDOING)
SILENT = dt.timedelta(minutes=3)
"""After this long without a pulse the page says that the worker does not answer."""

TONES: dict[str, Tone] = {
    Stage.READING: "info",
    Stage.REFUSED: "bad",
    Stage.COLUMNS: "warn",
    Stage.PREVIEW: "warn",
    Stage.APPLYING: "info",
    Stage.APPLIED: "ok",
    Stage.UNDOING: "info",
    Stage.UNDONE: "off",
    Stage.ABANDONED: "off",
}
JOB_STATES: dict[str, JobState] = {
    State.QUEUED: "queued",
    State.RUNNING: "running",
    State.DONE: "done",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}
AWAY = "可以离开这一页，过一会儿回到“导入”里看结果。"
NO_WORKER = "后台现在没有响应。这件事已经记下，恢复以后会自动接着办，不用再传。"


@dataclass(frozen=True)
class Listed:
    """An import on the list: where it stands, and what came of it."""

    upload: Upload
    kind: str
    tone: Tone
    state: str
    counted: bool


def listed(upload: Upload) -> Listed:
    """Return the line of an import."""
    tone, state = TONES[upload.stage], upload.get_stage_display()
    if upload.stage in WORKING and has_failed(upload):
        tone, state = "bad", "没有完成"
    if upload.stage == Stage.PREVIEW and not upload.created + upload.updated:
        tone, state = "off", "没有要写入的"
    return Listed(
        upload,
        ledger_of(upload).declaration.title,
        tone,
        state,
        upload.stage not in (Stage.READING, Stage.REFUSED, Stage.COLUMNS),
    )


def has_failed(upload: Upload) -> bool:
    """Return whether the work on an import has been given up half-way."""
    job = upload.job
    return job is not None and job.state in (State.FAILED, State.CANCELLED)


@requires(Permission.WORKBOOK_IMPORT)
@require_safe
def upload_page(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an import: progress, a question, the preview, or the result."""
    upload = upload_or_404(request, pk)
    now = timezone.now()
    context = {
        **frame(upload),
        "line": listed(upload),
        "mine": is_mine(request, upload),
        "job": part_of(upload, now) if upload.stage in WORKING else None,
        "failed": upload.stage in WORKING and has_failed(upload),
        "written": sum(services.written(upload)),
        "may_undo": services.may_undo(upload, acting(request), now),
        "has_refused": services.refused_path(upload.pk).is_file(),
    }
    if upload.stage == Stage.COLUMNS:
        context |= question_of(upload)
    if upload.stage in (Stage.PREVIEW, Stage.APPLIED):
        context |= rows_context(request, upload)
    if upload.stage == Stage.PREVIEW:
        context["twin"] = twin_of(upload)
        context["writes"] = upload.created + upload.updated
    if may := context["may_undo"]:
        context["undo_until"] = services.undo_until(upload) if may else None
    return render(request, "workbooks/upload.html", context)


def frame(upload: Upload, *, confirming: bool = False) -> dict[str, Any]:
    """Return what every page of an import shows around its content."""
    return {
        "upload": upload,
        "ledger": ledger_of(upload),
        "facts": upload.facts,
        "steps": steps_of(upload, confirming=confirming),
    }


def question_of(upload: Upload) -> dict[str, Any]:
    """Return the form by which a person says how the file is to be read."""
    if upload.facts.get("code") == "choose_sheet":
        return {"sheet_form": SheetForm(sheets=sheets_of(upload))}
    declaration = ledger_of(upload).declaration
    headings = upload.facts.get("headings", [])
    return {"form": ColumnsForm(declaration=declaration, headings=headings)}


def sheets_of(upload: Upload) -> list[tuple[str, int]]:
    """Return the sheets that have content, with their rows."""
    return [(str(name), int(rows)) for name, rows in upload.facts.get("sheets", [])]


@requires(Permission.WORKBOOK_IMPORT)
@require_safe
def progress(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer the page's question how far it is; once done, the page loads anew."""
    upload = upload_or_404(request, pk)
    if not request.headers.get("HX-Request"):
        return redirect(upload)
    if upload.stage not in WORKING or has_failed(upload):
        return HttpResponseClientRefresh()
    context = {"job": part_of(upload, timezone.now())}
    return render(request, "components/job.html", context)


def part_of(upload: Upload, now: dt.datetime) -> JobPart | None:
    """Return the import's job as its page shows it."""
    job: Job | None = upload.job
    if job is None:
        return None
    return JobPart(
        title=job.title,
        state=JOB_STATES[job.state],
        done=job.done,
        total=job.total or None,
        poll_url=reverse("workbooks:progress", args=[upload.pk]),
        note=job.message or waiting_note(job, now),
    )


def waiting_note(job: Job, now: dt.datetime) -> str:
    """Return what somebody who waits should know."""
    if job.state == State.QUEUED and now - job.asked_at > SILENT:
        beats = Pulse.objects.filter(name="worker", at__gte=now - SILENT)
        return AWAY if beats.exists() else NO_WORKER
    return AWAY


def steps_of(upload: Upload, *, confirming: bool) -> tuple[Step, ...]:
    """Return the steps of the wizard and where this import is."""
    asks = upload.stage == Stage.COLUMNS
    labels = ("选文件", "认列" if asks else "检查", "看结果", "核对", "导入")
    at = {
        Stage.READING: 1,
        Stage.REFUSED: 1,
        Stage.COLUMNS: 1,
        Stage.PREVIEW: 3 if confirming else 2,
        Stage.APPLYING: 4,
    }.get(Stage(upload.stage), 5)
    return tuple(
        Step(label, state="done" if i < at else "now" if i == at else "todo")
        for i, label in enumerate(labels)
    )


def twin_of(upload: Upload) -> Upload | None:
    """Return the latest import of the same file that still stands (case 53)."""
    twins = services.same_file(upload).filter(stage=Stage.APPLIED)
    found: Upload | None = twins.select_related("user").order_by("-applied_at").first()
    return found


TABS = (Verdict.REFUSED, Verdict.CHANGED, Verdict.NEW)


def rows_context(request: PostRequest, upload: Upload) -> dict[str, Any]:
    """Return one page of the rows of one verdict, and the switch between them."""
    counts = dict(
        zip(TABS, (upload.refused, upload.updated, upload.created), strict=True)
    )
    first = next((verdict for verdict in TABS if counts[verdict]), Verdict.NEW)
    asked = request.GET.get("rows", "")
    tab = Verdict(asked) if asked in Verdict.values else first
    rows = RowVerdict.objects.filter(upload=upload, verdict=tab).order_by("number")
    words = "已" if upload.stage == Stage.APPLIED else ""
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "tab": tab.value,
        "tabs": [
            Segment(f"{words}{v.label} {counts[v]:,}", f"?rows={v.value}", v == tab)
            for v in TABS
        ],
        "page": page,
        "has_rows": any(counts.values()),
        "are_gone": counts[tab] > 0 and not page.paginator.count,
        "days": services.KEPT_DAYS,
    }
