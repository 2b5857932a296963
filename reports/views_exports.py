"""Taking a roll out: what, in which form, the file."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts import audit
from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Action, Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from jobs import services as jobs
from jobs.models import Job, State
from reports import exports
from reports.centre import files
from reports.centre.deciders import Second, second_for
from reports.centre.forms import ExportForm
from reports.centre.rolls import unit_of
from reports.measures import measure_on
from reports.models import Approval
from ui.parts import Job as JobPart
from ui.parts import JobState

PER_PAGE = 20
REASONS = ("向上级报送", "办理补贴发放", "核对身份信息", "办理补选登记")
AWAY = "可以离开这一页，办好后在“我的导出”里下载。"
STATES: dict[str, JobState] = {
    State.QUEUED: "queued",
    State.RUNNING: "running",
    State.DONE: "done",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}


@requires(Permission.ROLL_EXPORT)
def export_new(request: PostRequest) -> HttpResponse:
    """Show what would be exported, and take the order."""
    post, today = acting(request), timezone.localdate()
    wanted = wanted_of(request, post)
    form = ExportForm(
        request.POST or None,
        may_full=post.may(Permission.ROLL_EXPORT_FULL)
        and exports.ROLLS[wanted.kind].has_numbers,
        initial={"token": uuid.uuid4(), "numbers": "masked"},
    )
    try:
        found = exports.select(wanted, post, today)
    except Refused as refused:
        words = {"refused": str(refused), "back": back_to(wanted)}
        return render(request, "reports/export_refused.html", words, status=422)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(place_of(asked_of(wanted, form, post)))
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "found": found,
        "count": len(found.keys),
        "second": second_of(form, post, len(found.keys)),
        "unit": unit_of(found.roll),
        "back": back_to(wanted),
        "reasons": REASONS,
        "days": files.KEPT_DAYS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/export_new.html", context, status=status)


def asked_of(wanted: exports.Request, form: ExportForm, post: Post) -> Job | Approval:
    """Ask for what is wanted, as the form in order says; raises Refused."""
    return exports.ask(
        with_answers(wanted, form),
        by=post,
        on=timezone.localdate(),
        token=str(form.cleaned_data["token"]),
    )


def second_of(form: ExportForm, post: Post, count: int | None = None) -> Second | None:
    """Return whose word whole numbers wait for; None where none is needed.

    `count` rows are to be taken, where that is known already.
    """
    limit = measure_on(timezone.localdate()).approval_rows
    if "numbers" not in form.fields or (count is not None and count <= limit):
        return None
    return second_for(post, Permission.ROLL_EXPORT_FULL, rows=limit)


@requires(Permission.ROLL_EXPORT)
@require_safe
def export_list(request: PostRequest) -> HttpResponse:
    """List one's own exports."""
    mine = exports.own(acting(request).user_id)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    post = acting(request)
    asked = Approval.objects.waiting().filter(asked_by=post.user_id)
    context = {
        "page": page,
        "rows": [(job, part_of(job)) for job in page],
        "asked": asked.order_by("-asked_at"),
    }
    return render(request, "reports/export_list.html", context)


@requires(Permission.ROLL_EXPORT)
@require_safe
def export(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an export of one's own: how far it is, then the file."""
    job = own_or_404(request, pk)
    part = part_of(job)
    context = {
        "job": job,
        "part": part,
        "take": part.result_url
        if part.state == "done" and "take" in request.GET
        else "",
        "given": exports.Request.of(job),
        "result": job.arguments.get("result"),
        "until": exports.kept_until(job),
    }
    return render(request, "reports/export.html", context)


@requires(Permission.ROLL_EXPORT)
@require_safe
def export_progress(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer how far an export is; the page is fetched anew when it is over."""
    part = part_of(own_or_404(request, pk))
    if not part.running:
        return HttpResponseClientRefresh()
    return render(request, "components/job.html", {"job": part})


@requires(Permission.ROLL_EXPORT)
@require_POST
def export_cancel(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an export of one's own back while it is not made yet."""
    job = own_or_404(request, pk)
    if not jobs.cancel(job=job):
        messages.info(request, "已经做好了，来不及取消。")
    return redirect("reports:export", pk=job.pk)


@requires(Permission.ROLL_EXPORT)
@require_safe
def export_file(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand the file to whoever asked for it, and write that to the log."""
    job = own_or_404(request, pk)
    result = job.arguments.get("result")
    if result is None or not exports.is_there(job, timezone.now()):
        raise Http404
    if exports.Request.of(job).full and not acting(request).may(
        Permission.ROLL_EXPORT_FULL
    ):
        raise PermissionDenied("这个文件里有完整的号码，您现在的职务不能下载。")
    form = exports.Request.of(job).form
    content = files.path_of(job.pk, form).read_bytes()
    audit.record(
        Action.EXPORTED,
        region=job.region_id,
        by=acting(request).user,
        subject=f"下载 {result['name']}",
        reason=f"SHA-256 {result['sha256']}",
        request=request,
    )
    response = HttpResponse(content, content_type=form.mime)
    disposition = content_disposition_header(
        as_attachment=True, filename=result["name"]
    )
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


def own_or_404(request: PostRequest, pk: uuid.UUID) -> Job:
    """Return an export that the signed-in person asked for; anybody else's is not there."""
    mine = exports.own(acting(request).user_id).select_related("post__region__parent")
    return get_object_or_404(mine, pk=pk)


def wanted_of(request: PostRequest, post: Post) -> exports.Request:
    """Return the roll and filters of the address; raise 404 or 403 for others.

    What the roll does not ask for is left out: a job would keep it.
    """
    kind = request.GET.get("kind", "")
    if kind not in exports.ROLLS:
        raise Http404
    if not post.may(exports.ROLLS[kind].permission):
        raise PermissionDenied
    return exports.Request(kind, exports.known(kind, request.GET, post.region))


def with_answers(wanted: exports.Request, form: ExportForm) -> exports.Request:
    """Return what is wanted in the form that was chosen."""
    full = form.is_full()
    reason = form.cleaned_data.get("reason", "").strip() if full else ""
    return exports.Request(wanted.kind, wanted.data, full, reason)


def place_of(asked: Job | Approval) -> str:
    """Return where whoever asked goes on: to his file, or to what waits for a word.

    The file comes by itself: pressing “导出” was the last thing to do.
    """
    if isinstance(asked, Approval):
        return reverse("reports:approval", args=[asked.pk])
    return f"{reverse('reports:export', args=[asked.pk])}?take=1"


def back_to(wanted: exports.Request) -> str:
    """Return the address of the list that the export was asked for from."""
    lists = {
        "households": "households:list",
        "quotas": "representatives:seats-home",
        "overdue": "visits:overdue",
        "by_election_table": "representatives:survey-home",
        "by_election_register": "representatives:by-elections",
        "untrained": "trainings:people",
        "training_register": "trainings:trainings",
        "training_signs": "trainings:trainings",
        "training_coverage": "trainings:coverage",
        "issues": "sentiment:issues",
        "talks": "sentiment:talks",
        "reviews": "sentiment:reviews",
        "visit_records": "visits:records",
        "representatives": "representatives:list",
        "appraisals": "appraisals:appraisals",
        "outstanding": "appraisals:appraisals",
        "honours": "appraisals:honours",
        "ratings": "evaluations:ratings",
        "village_ratings": "evaluations:village-ratings",
        "subsidies": "funding:subsidies",
        "funds": "funding:funds",
    }
    url = reverse(lists.get(wanted.kind, "reports:centre"))
    if not wanted.data or wanted.kind == "quotas":
        return url
    return f"{url}?{urlencode(wanted.data)}"


def part_of(job: Job) -> JobPart:
    """Return an export as a page shows it."""
    there = exports.is_there(job, timezone.now())
    state = STATES[job.state]
    if state == "done" and not there:
        state = "expired"
    notes = {"expired": "文件已过期删除，请重新导出。", "queued": AWAY, "running": AWAY}
    if job.state == State.CANCELLED:
        notes["failed"] = "您取消了这次导出。"
    return JobPart(
        title=job.title,
        state=state,
        done=job.done,
        total=job.total or None,
        poll_url=reverse("reports:export-progress", args=[job.pk]),
        note=notes.get(state) or job.message,
        result_url=reverse("reports:export-file", args=[job.pk]),
        result_label="下载文件",
    )
