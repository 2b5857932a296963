"""The steps of an appraisal, each a form of its own; nothing typed is lost."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from appraisals.board import Board
from appraisals.forms.appraisals import (
    CELLS,
    BallotForm,
    CloseForm,
    GradesForm,
    MeetingForm,
    SelfForm,
)
from appraisals.papers import announcement
from appraisals.rules.appraisals import VOTED, Part
from appraisals.services import appraisals as services
from appraisals.services import drafts, filing
from appraisals.views.appraisals import board_or_404
from notices.forms import TermsForm, contact_before
from notices.rules import Kind
from representatives.forms.by_elections import ReasonForm, Versioned
from representatives.views.by_elections import stepping


def step_page(
    request: PostRequest,
    name: str,
    board: Board,
    form: forms.Form,
    status: int,
    **more: Any,
) -> HttpResponse:
    """Draw the form of a step."""
    context = {"form": form, "board": board, "row": board.row, **more}
    return render(request, f"appraisals/{name}.html", context, status=status)


def version_of(form: forms.Form) -> int:
    """Return the version that the page was opened with."""
    return int(form.cleaned_data["version"])


@requires(Permission.APPRAISAL_KEEP)
def appraisal_arrange(request: PostRequest, pk: int) -> HttpResponse:
    """定评议会: the day, the chair, who does not take part."""
    board = board_or_404(request, pk)
    row = board.row
    names = ("met_on", "place", "chair", "recorder", "counts_until", "version")
    initial = {name: getattr(row, name) for name in names}
    form = MeetingForm(sent(request), board=board, initial=initial)
    taken, status = stepping(
        request,
        form,
        lambda: services.arrange(
            appraisal=row,
            meeting=form.meeting(),
            unrated=form.unrated(),
            version=version_of(form),
            on=board.on,
        ),
        "评议会定好了。可以打印评议票；开完会再录票数。",
    )
    if taken:
        return redirect(row)
    return step_page(request, "appraisal-arrange", board, form, status)


@requires(Permission.APPRAISAL_KEEP)
@require_POST
def appraisal_relist(request: PostRequest, pk: int) -> HttpResponse:
    """Bring the list of a draft up to date with the roll."""
    board = board_or_404(request, pk)
    try:
        added = drafts.relist(
            appraisal=board.row, version=board.row.version, on=board.on
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"名单已按现在的在任代表更新，新增 {added} 人。")
    return redirect(board.row)


@requires(Permission.APPRAISAL_KEEP)
@require_POST
def appraisal_discard(request: PostRequest, pk: int) -> HttpResponse:
    """Take back a draft that was begun by mistake."""
    row = board_or_404(request, pk).row
    try:
        drafts.discard(appraisal=row, version=row.version)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(row)
    messages.success(request, f"{row.year} 年的评议草稿已撤销，可以重新发起。")
    return redirect("appraisals:appraisals")


@requires(Permission.APPRAISAL_KEEP)
def appraisal_ballot(request: PostRequest, pk: int, body: str) -> HttpResponse:
    """录票: the tickets of one body."""
    if body not in VOTED:
        raise Http404
    board, part = board_or_404(request, pk), Part(body)
    people = [one for one in board.results if not one.unrated]
    form = BallotForm(sent(request), people=people, initial=entered(board, part))
    taken, status = stepping(
        request,
        form,
        lambda: services.enter_ballot(
            appraisal=board.row,
            body=part,
            ballot=form.ballot(),
            votes=form.votes(),
            version=version_of(form),
            on=board.on,
        ),
        f"{part.label}的票数已录好。",
    )
    if taken:
        return redirect(board.row)
    names = [rule.name for rule in board.scheme.grades]
    return step_page(
        request, "appraisal-ballot", board, form, status, body=part, names=names
    )


def entered(board: Board, part: Part) -> dict[str, Any]:
    """Return what was entered before, as the form has it."""
    found: dict[str, Any] = {"version": board.row.version}
    held = board.ballots.get(part)
    if held is None:
        return found
    found |= {name: getattr(held, name) for name in ("present", "issued", "returned")}
    for vote in held.votes.all():
        found |= {f"{c}_{vote.result_id}": getattr(vote, c) for c in CELLS}
    return found


@requires(Permission.APPRAISAL_KEEP)
def appraisal_self(request: PostRequest, pk: int) -> HttpResponse:
    """录自评."""
    board = board_or_404(request, pk)
    form = SelfForm(sent(request), board=board, initial={"version": board.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: services.enter_self(
            appraisal=board.row, grades=form.chosen(), version=version_of(form)
        ),
        "自评已录好。",
    )
    if taken:
        return redirect(board.row)
    return step_page(request, "appraisal-self", board, form, status)


@requires(Permission.APPRAISAL_KEEP)
def appraisal_close(request: PostRequest, pk: int) -> HttpResponse:
    """写会议记录: close the meeting."""
    board, post = board_or_404(request, pk), acting(request)
    row = board.row
    initial = {"version": row.version, "minutes": row.minutes}
    form = CloseForm(sent(request), request.FILES or None, initial=initial)
    taken, status = stepping(
        request,
        form,
        lambda: services.submit(
            appraisal=row,
            minutes=form.cleaned_data["minutes"],
            scans=form.cleaned_data["scans"],
            version=version_of(form),
            on=board.on,
            by=post,
        ),
        "会议记录已保存。下一步：村务监督委员会定等次。",
    )
    if taken:
        return redirect(row)
    return step_page(request, "appraisal-close", board, form, status)


@requires(Permission.APPRAISAL_KEEP)
def appraisal_grades(request: PostRequest, pk: int) -> HttpResponse:
    """定等次, within the ratio."""
    board = board_or_404(request, pk)
    initial = {"version": board.row.version}
    form = GradesForm(sent(request), board=board, initial=initial)
    taken, status = stepping(
        request,
        form,
        lambda: services.judge(
            appraisal=board.row,
            grades=form.grades(),
            version=version_of(form),
            on=board.on,
        ),
        "等次已保存。",
    )
    if taken:
        return redirect(board.row)
    chosen = len(board.excellent)
    return step_page(request, "appraisal-grades", board, form, status, chosen=chosen)


@requires(Permission.APPRAISAL_KEEP)
def appraisal_confirm(request: PostRequest, pk: int) -> HttpResponse:
    """核对并确认: what is confirmed is frozen."""
    board, post = board_or_404(request, pk), acting(request)
    form = Versioned(sent(request), initial={"version": board.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: services.confirm(
            appraisal=board.row, version=version_of(form), on=board.on, by=post
        ),
        "结果已确认。",
    )
    if taken:
        return redirect(board.row)
    return step_page(request, "appraisal-confirm", board, form, status)


@requires(Permission.APPRAISAL_KEEP)
@require_POST
def appraisal_recount(request: PostRequest, pk: int) -> HttpResponse:
    """Back to the tickets."""
    board = board_or_404(request, pk)
    try:
        services.recount(appraisal=board.row, version=board.row.version)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已退回录票，改好以后再交村务监督委员会。")
    return redirect(board.row)


@requires(Permission.APPRAISAL_KEEP)
def appraisal_notice(request: PostRequest, pk: int) -> HttpResponse:
    """Write the notice of the 优秀; it is checked and put on view on its own page."""
    board = board_or_404(request, pk)
    plan, content = board.row.plan, announcement(board)
    form = TermsForm(
        sent(request),
        least=plan.notice_days,
        basis="本市履职评议方案",
        initial=contact_before(board.row.region_id, Kind.HONOUR, board.row.notice),
    )
    made = form.made(
        lambda terms: filing.draft_notice(
            appraisal=board.row,
            content=content,
            terms=terms,
            version=board.row.version,
            on=board.on,
        )
    )
    if made:
        return redirect(made)
    status = 422 if form.errors else 200
    return step_page(
        request, "appraisal-notice", board, form, status, content=content, plan=plan
    )


@requires(Permission.APPRAISAL_KEEP)
def appraisal_reopen(request: PostRequest, pk: int) -> HttpResponse:
    """The village takes a confirmed appraisal back: an objection was right."""
    return send_back(request, pk, "已退回定等次，改好以后重新确认、公示。")


@requires(Permission.APPRAISAL_FILE)
def appraisal_return(request: PostRequest, pk: int) -> HttpResponse:
    """The township sends an appraisal back instead of filing it."""
    return send_back(request, pk, "已退回村里，村里会看到您写的原因。")


def send_back(request: PostRequest, pk: int, done: str) -> HttpResponse:
    """Ask for the reason, and take the appraisal back."""
    board, post = board_or_404(request, pk), acting(request)
    form = ReasonForm(sent(request), initial={"version": board.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: services.reopen(
            appraisal=board.row,
            reason=form.cleaned_data["reason"],
            version=version_of(form),
            on=board.on,
            by=post,
        ),
        done,
    )
    if taken:
        return redirect(board.row)
    return step_page(request, "appraisal-reason", board, form, status)


@requires(Permission.APPRAISAL_FILE)
def appraisal_file(request: PostRequest, pk: int) -> HttpResponse:
    """镇备案."""
    board, post = board_or_404(request, pk), acting(request)
    form = Versioned(sent(request), initial={"version": board.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: filing.file(
            appraisal=board.row, version=version_of(form), on=board.on, by=post
        ),
        "已备案，这次评议办结。",
    )
    if taken:
        return redirect(board.row)
    return step_page(request, "appraisal-file", board, form, status)
