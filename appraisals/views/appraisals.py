"""Appraisals: what is where in a place, one of them, beginning, its papers."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from accounts.services import Refused
from appraisals import summary
from appraisals.board import Board, is_mine
from appraisals.forms.appraisals import YearForm
from appraisals.models import Appraisal
from appraisals.next_steps import next_of
from appraisals.papers import PAPERS, paper_or_404
from appraisals.rules.steps import Stage
from appraisals.services import drafts
from appraisals.summary_papers import outstanding_paper
from attachments import views as attachments
from papers.answers import answer
from regions.models import Level, Region
from representatives.timeline import row_history
from ui.asked import asked_words, asked_year
from ui.links import params_of, with_params
from ui.parts import Segment

YEARS_SHOWN = 3


def board_or_404(request: PostRequest, pk: int) -> Board:
    """Return an appraisal of one's range, and put its village on the path."""
    rows = Appraisal.objects.select_related(
        "region__parent__parent", "plan", "notice", "confirmed_by", "filed_by"
    )
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return Board(row, timezone.localdate())


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def appraisal_list(request: PostRequest) -> HttpResponse:
    """Show the appraisals of one's own place."""
    return place_page(request, acting(request).region)


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def appraisals_below(request: PostRequest, code: int) -> HttpResponse:
    """Show the appraisals of a place inside one's range."""
    return place_page(request, stand_in(request, code))


def place_page(request: PostRequest, place: Region) -> HttpResponse:
    """Draw a place in a year: a village's own, a township's villages, the townships."""
    today, post = timezone.localdate(), acting(request)
    year = asked_year(request.GET.get("year", ""), today)
    state = request.GET.get("state", "")
    if named := asked_words(request.GET.get("place", ""), 40):
        place = narrowed_to(named, place)
    rows = summary.named(summary.villages_of(place, year, today), place, year)
    turns = [stage for stage in Stage if is_mine(stage, post)]
    context: dict[str, Any] = {
        "place": place,
        "year": year,
        "years": years_of(request, year, today.year, Appraisal.objects.years()),
        "states": states_of(request, state),
        "state": state,
        "total": summary.total_of(place, rows),
        "rows": summary.asked_for(rows, state, turns),
        "turns": turns,
        "plan": summary.plan_of(year, today),
        "is_city": place.level == Level.CITY and not state,
        "townships": summary.townships_of(rows) if place.level == Level.CITY else [],
        "begins": post.may(Permission.APPRAISAL_KEEP)
        and post.region_id == place.code
        and place.level == Level.VILLAGE,
        "now": timezone.now(),
    }
    return render(request, "appraisals/appraisals.html", context)


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def summary_paper(request: PostRequest, code: int) -> HttpResponse:
    """优秀代表汇总表 of a place and year, to print or as .docx."""
    place, today = stand_in(request, code), timezone.localdate()
    year = asked_year(request.GET.get("year", ""), today)
    rows = summary.named(summary.villages_of(place, year, today), place, year)
    total = summary.total_of(place, rows)
    back = f"{reverse('appraisals:appraisals-below', args=[code])}?year={year}"
    paper = outstanding_paper(place, year, rows, total, today)
    return answer(request, paper, back=back)


def narrowed_to(named: str, place: Region) -> Region:
    """Return the place below that is named in full (魏家桥镇 长冲口村), else the place."""
    below = Region.objects.within(place.scope).select_related("parent")
    wanted = below.filter(name=named.split()[-1])
    found = [one for one in wanted if one.full_name == named]
    return found[0] if len(found) == 1 else place


def years_of(
    request: PostRequest, year: int, this_year: int, held: Iterable[int] = ()
) -> list[Segment]:
    """Return the switch between the last years and those of which something is held.

    Whatever else the address asks for stays.
    """
    flat = params_of(request.GET)
    last = range(this_year, this_year - YEARS_SHOWN, -1)
    return [
        Segment(f"{one} 年", with_params(flat, {"year": one}), current=one == year)
        for one in sorted({*last, *held}, reverse=True)
    ]


def states_of(request: PostRequest, state: str) -> list[Segment]:
    """Return the switch between all villages and the exceptions."""
    asked = request.GET.copy()
    found = []
    for value, label in (("", "全部"), *summary.STATES):
        asked["state"] = value
        found.append(Segment(label, f"?{asked.urlencode()}", current=value == state))
    return found


@requires(Permission.APPRAISAL_KEEP)
@require_POST
def appraisal_begin(request: PostRequest) -> HttpResponse:
    """Begin the appraisal of a year in one's own village."""
    form, post = YearForm(request.POST), acting(request)
    if not form.is_valid():
        messages.error(request, "没有看懂要评哪一年，请在下面点按钮。")
        return redirect("appraisals:appraisals")
    try:
        row = drafts.begin(
            village=post.region,
            year=form.cleaned_data["year"],
            on=timezone.localdate(),
            by=post,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("appraisals:appraisals")
    messages.success(request, "已经列出全部在任代表。下一步：定评议会。")
    return redirect(row)


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def appraisal(request: PostRequest, pk: int) -> HttpResponse:
    """Show an appraisal: what is done, what is next and whose turn it is."""
    board, post = board_or_404(request, pk), acting(request)
    context = {
        "board": board,
        "row": board.row,
        "stage": board.stage,
        "steps": board.steps(),
        "next": next_of(board, post),
        "papers": papers_of(board),
        "events": row_history(board.row),
        "files": files_of(board.row),
        **offers(board, post),
    }
    return render(request, "appraisals/appraisal.html", context)


def offers(board: Board, post: Post) -> dict[str, bool]:
    """Return what the page offers besides the next step."""
    keeps = post.may(Permission.APPRAISAL_KEEP)
    files = post.may(Permission.APPRAISAL_FILE)
    at = board.row.at
    return {
        "may_relist": keeps and at is Stage.DRAFT,
        "may_put_off": keeps and at is Stage.MEETING,
        "may_correct": keeps and at is Stage.MEETING and bool(board.ballots),
        "may_recount": keeps and at is Stage.CONFIRM,
        "may_regrade": keeps and at is Stage.CONFIRM,
        "may_reopen": (keeps and at is Stage.NOTICE)
        or (files and board.stage is Stage.FILING),
    }


def papers_of(board: Board) -> list[tuple[str, str, bool]]:
    """Return the papers with their addresses, and whether each can be printed yet."""
    return [
        (
            paper.title,
            reverse("appraisals:appraisal-paper", args=[board.row.pk, slug]),
            paper.is_ready(board),
        )
        for slug, paper in PAPERS.items()
    ]


def files_of(row: Appraisal) -> Any:
    """Return the scans as a page draws them."""
    scans = row.scans.filter(attachment__withdrawn_at=None).select_related("attachment")
    return attachments.shown(
        [scan.attachment for scan in scans.order_by("pk")],
        lambda one: reverse("appraisals:appraisal-scan", args=[row.pk, one.pk]),
    )


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def appraisal_scan(request: PostRequest, pk: int, attachment: Any) -> HttpResponse:
    """Answer with a scan of an appraisal."""
    row = board_or_404(request, pk).row
    found = get_object_or_404(
        row.scans.select_related("attachment"), attachment=attachment
    )
    preview = "preview" in request.GET
    return attachments.answer(request, found.attachment, preview=preview)


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def appraisal_paper(request: PostRequest, pk: int, slug: str) -> HttpResponse:
    """Show a paper as it prints, or hand it out as .docx."""
    board = board_or_404(request, pk)
    return answer(request, paper_or_404(board, slug), back=board.row.get_absolute_url())
