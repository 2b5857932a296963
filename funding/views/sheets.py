"""误工补贴 by the month: the village's desk, the steps of a sheet, who pays below."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from accounts.services import Meanwhile, Refused
from funding import papers, services, subsidy_board
from funding.announcing import announcement
from funding.forms.subsidies import (
    BackForm,
    MonthForm,
    PayForm,
    SignForm,
    VersionForm,
    VoidForm,
)
from funding.models import (
    Resolution,
    SheetAct,
    SheetState,
    SubsidySheet,
    standards,
)
from funding.models.subsidy import month_words
from funding.rules import StandardKind
from funding.sheet_desk import Desk
from funding.views.funds import files_of, frame, year_asked
from notices.forms import TermsForm, contact_before
from notices.rules import Kind
from papers.answers import answer
from regions.models import Level, Region

MONTHS = 12
DAY = dt.timedelta(days=1)
DONE = {
    "refresh": "已按现在的任职和走访重新计算。",
    "check": "已核对。下一步：提交公示。",
    "post": "已公示。请打印出来贴在村务公开栏；期满没有异议再锁定。",
    "back": "已退回，可以重新计算。",
    "void": "已作废，这个月不发。",
    "lock": "已锁定，表上的金额不再变。以后有变动，算在下个月的表上。",
    "pay": "已登记发放。下一步：打印补贴表，请大家签字。",
    "sign": "已签收，这个月办完了。",
}


@requires(Permission.FUND_VIEW)
@require_safe
def subsidies(request: PostRequest) -> HttpResponse:
    """Show the months of one's own village, or who pays below."""
    return place_page(request, acting(request).region)


@requires(Permission.FUND_VIEW)
@require_safe
def subsidies_below(request: PostRequest, code: int) -> HttpResponse:
    """The same of a place below."""
    return place_page(request, stand_in(request, code))


def place_page(request: PostRequest, place: Region) -> HttpResponse:
    """Show a village's months and resolutions, or the board of a place above."""
    if place.level == Level.VILLAGE:
        return months_page(request, place)
    year = year_asked(request)
    rows = subsidy_board.board(place, year)
    context = frame(request, place, year) | {
        "rows": rows,
        "total": sum(row.amount for row in rows),
        "now": timezone.now(),
    }
    return render(request, "funding/subsidies.html", context)


def months_page(request: PostRequest, village: Region) -> HttpResponse:
    """Show the last months with what can be done about each, and the resolutions."""
    today = timezone.localdate()
    resolutions = list(
        Resolution.objects.filter(region=village.pk).order_by("-starts_on", "-pk")
    )
    context = frame(request, village, today.year) | {
        "months": months_of(village, today, resolutions),
        "resolutions": resolutions,
        "in_force": next(
            (r for r in resolutions if not r.withdrawn_on and r.starts_on <= today),
            None,
        ),
    }
    return render(request, "funding/months.html", context)


def months_of(
    village: Region, today: dt.date, resolutions: list[Resolution]
) -> list[dict[str, Any]]:
    """Return the months that may have a sheet, the latest first."""
    begun = [one.starts_on for one in resolutions if not one.withdrawn_on]
    sheets = {
        one.month: one
        for one in SubsidySheet.objects.filter(region=village.pk).select_related(
            "resolution"
        )
    }
    last = (today + DAY).replace(day=1) - DAY  # the last day of a month has come
    months: list[dict[str, Any]] = []
    month = last.replace(day=1)
    first = min(begun, default=dt.date.max)
    while month >= min([first, *sheets]) and len(months) < MONTHS:
        if month >= first or month in sheets:
            months.append({"month": month, "sheet": sheets.get(month)})
        month = (month - DAY).replace(day=1)
    return months


@requires(Permission.FUND_KEEP)
@require_POST
def sheet_make(request: PostRequest) -> HttpResponse:
    """生成 the sheet of a month."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂是哪个月，请在下面点“生成”。")
        return redirect("funding:subsidies")
    month, post = form.cleaned_data["month"], acting(request)
    try:
        made = services.make(
            village=post.region, month=month, on=timezone.localdate(), by=post
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("funding:subsidies")
    words = f"{month_words(made.month)}的补贴表已生成，请核对。"
    messages.success(request, words)
    return redirect(made)


def sheet_or_404(request: PostRequest, pk: int) -> SubsidySheet:
    """Return a sheet of one's range, and put its village on the path."""
    rows = SubsidySheet.objects.select_related(
        "region__parent__parent", "resolution", "notice"
    )
    found = get_object_or_404(rows, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


@requires(Permission.FUND_VIEW)
@require_safe
def sheet(request: PostRequest, pk: int) -> HttpResponse:
    """Show a sheet and what is to be done about it."""
    return sheet_page(request, sheet_or_404(request, pk), None)


def sheet_page(
    request: PostRequest,
    found: SubsidySheet,
    form: forms.Form | None,
    status: int = 200,
) -> HttpResponse:
    """Draw a sheet; `form` is a step's that was sent and is not in order."""
    desk = Desk(found, timezone.localdate(), acting(request))
    context = {
        "desk": desk,
        "sheet": found,
        "form": form or next_form(desk),
        "failed": form if form is not None else None,
        "scans": list(found.scans.standing()),
        "month": month_words(found.month),
        "least": notice_days(desk.on)[0],
        "content": announcement(found) if found.state == SheetState.CHECKED else None,
    }
    return render(request, "funding/sheet.html", context, status=status)


def notice_days(on: dt.date) -> tuple[int, str]:
    """Return how many days a sheet is on view at least, and by whose word."""
    standard = standards().at(StandardKind.NOTICE_DAYS, on)
    return int(standard.amount), standard.basis


def next_form(desk: Desk) -> forms.Form | None:
    """Return the form of the step that comes next, as it is first shown."""
    sheet, version = desk.sheet, {"version": desk.sheet.version}
    if sheet.state == SheetState.CHECKED:
        return post_form(None, sheet)
    if sheet.state == SheetState.LOCKED:
        return PayForm(initial=version)
    return SignForm(initial=version) if sheet.state == SheetState.PAID else None


def post_form(data: Any, found: SubsidySheet) -> TermsForm:
    """Return the form of a notice's days, whom to tell filled in from the last one."""
    least, basis = notice_days(timezone.localdate())
    village = found.region_id
    known = contact_before(village, Kind.PAYMENT) or contact_before(village, None)
    return TermsForm(data, least=least, basis=basis, initial=known)


@requires(Permission.FUND_KEEP)
def sheet_step(request: PostRequest, pk: int, step: str) -> HttpResponse:
    """Take a step on a sheet; what the form or the rules refuse is said beside it."""
    found = sheet_or_404(request, pk)
    if step in REASONED and request.method != "POST":
        form = REASONED[step](initial={"version": found.version})
        return reason_page(request, found, step, form)
    if step not in STEPS or request.method != "POST":
        return redirect(found)
    return taken(request, found, step)


def taken(request: PostRequest, found: SubsidySheet, step: str) -> HttpResponse:
    """Take a step that was sent; 409 if somebody was faster, 422 if it is refused."""
    build, do = STEPS[step]
    version = VersionForm(request.POST)
    form, status = build(request, found), 422
    if version.is_valid() and form.is_valid():
        try:
            do(request, found, form, version.cleaned_data["version"])
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409 if isinstance(refused, Meanwhile) else 422
        else:
            messages.success(request, DONE[step])
            return redirect(found)
    if step in REASONED:
        return reason_page(request, found, step, form, status)
    return sheet_page(request, found, form, status=status)


def reason_page(
    request: PostRequest,
    found: SubsidySheet,
    step: str,
    form: forms.Form,
    status: int = 200,
) -> HttpResponse:
    """Ask for the reason of a step that undoes something."""
    context = {
        "form": form,
        "act": SheetAct(step),
        "sheet": found,
        "month": month_words(found.month),
    }
    return render(request, "funding/sheet-undo.html", context, status=status)


def _plain(request: PostRequest, found: SubsidySheet) -> forms.Form:
    return VersionForm(request.POST)


def _say(request: PostRequest) -> dict[str, Any]:
    return {"on": timezone.localdate(), "by": acting(request)}


Build = Callable[[PostRequest, SubsidySheet], forms.Form]
Do = Callable[[PostRequest, SubsidySheet, Any, int], Any]
STEPS: dict[str, tuple[Build, Do]] = {
    "refresh": (
        _plain,
        lambda request, found, form, version: services.refresh(
            sheet=found, version=version, **_say(request)
        ),
    ),
    "check": (
        _plain,
        lambda request, found, form, version: services.check(
            sheet=found, version=version, **_say(request)
        ),
    ),
    "post": (
        lambda request, found: post_form(request.POST, found),
        lambda request, found, form, version: services.post_up(
            sheet=found, terms=form.terms(), version=version, **_say(request)
        ),
    ),
    "back": (
        lambda request, found: BackForm(request.POST),
        lambda request, found, form, version: services.back(
            sheet=found, words=form.cleaned_data["words"], version=version,
            **_say(request),
        ),
    ),
    "void": (
        lambda request, found: VoidForm(request.POST),
        lambda request, found, form, version: services.void(
            sheet=found, words=form.cleaned_data["words"], version=version,
            **_say(request),
        ),
    ),
    "lock": (
        _plain,
        lambda request, found, form, version: services.lock(
            sheet=found, version=version, **_say(request)
        ),
    ),
    "pay": (
        lambda request, found: PayForm(request.POST),
        lambda request, found, form, version: services.pay(
            sheet=found, paid_on=form.cleaned_data["paid_on"],
            words=form.cleaned_data["words"], version=version, **_say(request),
        ),
    ),
    "sign": (
        lambda request, found: SignForm(request.POST, files_of(request)),
        lambda request, found, form, version: services.sign(
            sheet=found, files=form.cleaned_data["scans"],
            signed_on=form.cleaned_data["signed_on"], version=version, **_say(request),
        ),
    ),
}  # fmt: skip
"""Each step: the form that it is sent by, and the service that takes it."""
REASONED: dict[str, type[BackForm]] = {"back": BackForm, "void": VoidForm}
"""Steps with a page of their own, which asks for the reason."""


@requires(Permission.FUND_VIEW)
@require_safe
def sheet_paper(request: PostRequest, pk: int) -> HttpResponse:
    """误工补贴发放表 (ledger 11) with the column to sign, to print or as a document."""
    found = sheet_or_404(request, pk)
    desk = Desk(found, timezone.localdate())
    return answer(request, papers.sheet_paper(desk), back=found.get_absolute_url())
