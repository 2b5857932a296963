"""The village's desk: visits typed for a representative, and the sheet that he ticks."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from representatives.models import Representative
from ui.asked import asked_id
from visits import desk
from visits.forms.desk import EntrySheet
from visits.rules import ONE_DAY, Cadence, Period
from visits.sheets import month_of, sheet_of, sheets_of

MONTHS_OFFERED = 3


@requires(Permission.VISIT_DESK)
@require_safe
def desk_home(request: PostRequest) -> HttpResponse:
    """List the representatives of a month: type for one, or print the sheets."""
    today = timezone.localdate()
    month = month_of(request.GET.get("month", ""), today)
    context = {
        "sheets": sheets_of(acting(request).region, month),
        "month": month,
        "months": months_offered(month),
        "asked": month_words(month),
    }
    return render(request, "visits/desk.html", context)


def months_offered(month: Period) -> list[tuple[str, str, bool]]:
    """Return the latest months as (value, words, is it the chosen one)."""
    found, day = [], timezone.localdate()
    for _ in range(MONTHS_OFFERED):
        one = Cadence.MONTH.period(day)
        found.append((month_words(one), one.label, one == month))
        day = one.start - ONE_DAY
    return found


def month_words(month: Period) -> str:
    """Return a month as addresses have it: 2026-11."""
    return f"{month.start:%Y-%m}"


@requires(Permission.VISIT_DESK)
def enter(request: PostRequest, pk: int) -> HttpResponse:
    """代录: the sheet of a representative as a form, many households in one save."""
    person = get_object_or_404(Representative.objects.select_related("region"), pk=pk)
    month = month_of(request.GET.get("month", ""), timezone.localdate())
    form = EntrySheet(sheet_of(person, month), sent(request))
    if request.method != "POST":
        return entry_page(request, form)
    if "tick" in request.POST:
        return entry_page(request, form, 422 if form.head.errors else 200)
    return save(request, form)


def save(request: PostRequest, form: EntrySheet) -> HttpResponse:
    """Store the good rows; show the others again with what is wrong with each."""
    is_valid = form.is_valid()
    if not form.head.is_valid():
        return entry_page(request, form, 422)
    day, person = form.head.cleaned_data["visited_on"], form.sheet.person
    entries = [row.entry(day) for row in form.good_rows()]
    if not entries and is_valid:
        form.head.add_error(None, "一户也没有勾。请勾上走访过的户，再保存。")
        return entry_page(request, form, 422)
    outcome = desk.record_all(entries=entries, person=person, by=acting(request))
    for row in form.rows:
        row.refusal = outcome.refused.get(row.line.household.pk, "")
    form.renew(outcome.settled)
    if outcome.refused or not is_valid:
        return entry_page(request, form, 422, outcome)
    messages.success(request, told(outcome))
    return redirect(entry_url(person, form.sheet.month))


def told(outcome: desk.Outcome) -> str:
    """Say what was stored, by name, and what stood there already."""
    parts = []
    if outcome.saved:
        names = "、".join(entry.household.head for entry in outcome.saved)
        parts.append(f"已记下 {len(outcome.saved)} 户：{names}。")
    if outcome.known:
        names = "、".join(entry.household.head for entry in outcome.known)
        parts.append(f"{names}当天已有记录，没有重复记。")
    return "".join(parts)


def entry_url(person: Representative, month: Period) -> str:
    """Return the form of a representative and month."""
    query = urlencode({"month": month_words(month)})
    return f"{reverse('visits:enter', args=[person.pk])}?{query}"


def entry_page(
    request: PostRequest,
    form: EntrySheet,
    status: int = 200,
    outcome: desk.Outcome | None = None,
) -> HttpResponse:
    """Return the page of the form."""
    month = form.sheet.month
    context: dict[str, Any] = {
        "form": form.head,
        "entry": form,
        "sheet": form.sheet,
        "month": month,
        "months": months_offered(month),
        "asked": month_words(month),
        "saved": told(outcome) if outcome and outcome.settled else "",
        "wrong": sum(bool(row.refusal or row.errors) for row in form.rows)
        if outcome
        else 0,  # nothing was stored at all, and the summary says why
    }
    return render(request, "visits/enter.html", context, status=status)


@requires(Permission.VISIT_DESK)
@require_safe
def sheets(request: PostRequest) -> HttpResponse:
    """走访表 on paper: of one representative, or of all in the village in one run."""
    month = month_of(request.GET.get("month", ""), timezone.localdate())
    found = sheets_of(acting(request).region, month)
    asked = asked_id(request.GET.get("person"))
    if asked is not None:
        found = [sheet for sheet in found if sheet.person.pk == asked]
    context = {
        "sheets": [sheet for sheet in found if sheet.lines],
        "month": month,
        "asked": month_words(month),
        "village": acting(request).region,
        "now": timezone.now(),
    }
    return render(request, "visits/sheets.html", context)
