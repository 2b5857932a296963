"""The work fund: a village's book, and its use below a township or the city."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as address_of
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent, stand_in
from accounts.services import Refused
from funding import fund_board, papers, services
from funding.forms.books import (
    CarryForm,
    ReceiveForm,
    ReverseForm,
    SpendForm,
    YearForm,
)
from funding.models import EntryKind, FundEntry, WorkFund
from papers.answers import answer
from regions.models import Level, Region
from ui.figures import money_words
from ui.parts import Kpi, Segment

YEARS = 3


def year_asked(request: PostRequest) -> int:
    """Return the year of the address, this year without one."""
    form = YearForm(request.GET)
    asked = form.cleaned_data["year"] if form.is_valid() else None
    return int(asked or timezone.localdate().year)


def fund_or_404(request: PostRequest, pk: int) -> WorkFund:
    """Return a fund of one's range, and put its village on the path."""
    rows = WorkFund.objects.select_related("region__parent__parent")
    found = get_object_or_404(rows, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


@requires(Permission.FUND_VIEW)
@require_safe
def funds(request: PostRequest) -> HttpResponse:
    """Show one's own fund, or the use of those below."""
    return place_page(request, acting(request).region)


@requires(Permission.FUND_VIEW)
@require_safe
def funds_below(request: PostRequest, code: int) -> HttpResponse:
    """The same of a place below."""
    return place_page(request, stand_in(request, code))


def place_page(request: PostRequest, place: Region) -> HttpResponse:
    """Show a village's book of a year, or the board of a place above."""
    year = year_asked(request)
    if place.level == Level.VILLAGE:
        fund = WorkFund.objects.filter(region=place.pk, year=year).first()
        if fund is not None:
            return book_page(request, fund_or_404(request, fund.pk))
        return render(request, "funding/no-fund.html", frame(request, place, year))
    rows = fund_board.board(place, year, timezone.localdate())
    context = frame(request, place, year) | {
        "rows": rows,
        "total": fund_board.total(rows, place),
        "may_allot": acting(request).may(Permission.FUND_ALLOT),
        "now": timezone.now(),
    }
    return render(request, "funding/funds.html", context)


def frame(request: PostRequest, place: Region, year: int) -> dict[str, Any]:
    """Return what every page of a place and year has."""
    this = timezone.localdate().year
    return {
        "place": place,
        "year": year,
        "years": [
            Segment(f"{one} 年", f"?year={one}", current=one == year)
            for one in range(this - YEARS + 1, this + 1)
        ],
        "is_this_year": year == this,
        "is_last_year": year == this - 1,
        "may_keep": acting(request).may(Permission.FUND_KEEP),
    }


@requires(Permission.FUND_VIEW)
@require_safe
def fund(request: PostRequest, pk: int) -> HttpResponse:
    """Show the book of a fund."""
    return book_page(request, fund_or_404(request, pk))


def book_page(request: PostRequest, found: WorkFund) -> HttpResponse:
    """Draw a fund's bar and its book."""
    post, today = acting(request), timezone.localdate()
    context = frame(request, found.region, found.year) | {
        "fund": found,
        "kpis": kpis_of(found, today),
        "lines": lines_of(found),
        "overdraws": list(found.overdraws.select_related("by").order_by("-at")[:5]),
        "may_carry": post.may(Permission.FUND_CHECK)
        and today.year > found.year
        and found.balance > 0,
    }
    return render(request, "funding/fund.html", context)


def kpis_of(found: WorkFund, on: dt.date) -> list[Kpi]:
    """Return the bar of a fund: what there is, what was spent, what is left."""
    into = f"含上年结转 {money_words(found.carried_in)} 元" if found.carried_in else ""
    waits = found.outstanding
    return [
        Kpi("预算", money_words(found.budget), "元", notes=(into,) if into else ()),
        Kpi(
            "已支出", money_words(found.spent), "元", share=found.used,
            elapsed=year_elapsed(found.year, on), notes=(f"占预算 {found.used}%",),
        ),
        Kpi("余额", money_words(found.balance), "元", notes=("可以支出的",)),
        Kpi(
            "还没到账", money_words(waits), "元", tone="warn" if waits else "",
            notes=("到账后才能支出",) if waits else ("已全部到账",),
        ),
    ]  # fmt: skip


def year_elapsed(year: int, on: dt.date) -> float:
    """Return the share of a year that has passed, in percent (时序进度)."""
    first, last = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    passed = (min(max(on, first), last) - first).days
    return round(passed * 100 / (last - first).days, 1)


def lines_of(found: WorkFund) -> list[dict[str, Any]]:
    """Return the lines of a book with the balance after each and its scans."""
    rows = found.entries.in_order().select_related("entered_by", "reversed_by")
    rows = rows.prefetch_related("scans__attachment")
    balance, lines = type(found.balance)(0), []
    for entry in rows:
        balance += entry.amount
        lines.append(
            {
                "entry": entry,
                "balance": balance,
                "scans": [
                    one
                    for one in entry.scans.all()
                    if one.attachment.withdrawn_at is None
                ],
                "is_undone": hasattr(entry, "reversed_by"),
                "may_undo": entry.kind in (EntryKind.RECEIVED, EntryKind.SPENT)
                and not hasattr(entry, "reversed_by"),
            }
        )
    return lines


@requires(Permission.FUND_VIEW)
@require_safe
def fund_paper(request: PostRequest, pk: int) -> HttpResponse:
    """工作经费台账 (ledger 12), to print or as a document."""
    found = fund_or_404(request, pk)
    return answer(request, papers.fund_ledger(found), back=found.get_absolute_url())


@requires(Permission.FUND_KEEP)
@require_POST
def fund_open(request: PostRequest) -> HttpResponse:
    """Open this year's fund of one's own village."""
    return opened(request, back="funding:funds")


@requires(Permission.FUND_ALLOT)
@require_POST
def funds_allot(request: PostRequest) -> HttpResponse:
    """安排: open the year's fund of every village that has none."""
    return opened(request, back="funding:funds")


def opened(request: PostRequest, back: str) -> HttpResponse:
    """Open the funds of one's range, and say how many."""
    form = YearForm(request.POST)
    year = form.cleaned_data["year"] if form.is_valid() else 0
    try:
        made = services.open_year(
            place=acting(request).region, year=year, by=acting(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(back)
    words = f"已为 {made} 个村（社区）安排 {year} 年工作经费。"
    messages.success(request, words if made else f"{year} 年的都已安排，没有遗漏。")
    return redirect(f"{address_of(back)}?year={year}")


# --- lines of the book ------------------------------------------------------------------

Do = Callable[[Any], Any]


def write(
    request: PostRequest,
    found: WorkFund,
    form: forms.Form,
    do: Do,
    page: dict[str, Any],
    done: str,
) -> HttpResponse:
    """Show a form about a fund; do what it says and return to the book.

    What a service refuses stands above the form, and nothing typed is lost.
    """
    if request.method == "POST" and form.is_valid():
        try:
            do(form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            found.refresh_from_db()
            words = done.format(balance=money_words(found.balance))
            messages.success(request, words)
            return redirect(found)
    context = {"form": form, "fund": found} | page
    status = 422 if form.errors else 200
    return render(request, "funding/book-form.html", context, status=status)


@requires(Permission.FUND_KEEP)
def spend(request: PostRequest, pk: int) -> HttpResponse:
    """登记支出."""
    found = fund_or_404(request, pk)
    form = SpendForm(
        sent(request), files_of(request), fund=found, initial=hands_before(found)
    )
    return write(
        request, found, form,
        lambda given: services.spend(
            fund=found,
            entry_id=given.cleaned_data["id"],
            spending=given.spending(),
            by=acting(request),
            files=given.cleaned_data["scans"],
        ),
        {"title": "登记支出", "save": "记入台账"},
        "支出已记入台账，余额 {balance} 元。",
    )  # fmt: skip


@requires(Permission.FUND_KEEP)
def receive(request: PostRequest, pk: int) -> HttpResponse:
    """登记到账."""
    found = fund_or_404(request, pk)
    form = ReceiveForm(sent(request), files_of(request), fund=found)

    def do(given: Any) -> None:
        names = ("booked_on", "amount", "purpose", "voucher")
        services.receive(
            fund=found,
            entry_id=given.cleaned_data["id"],
            by=acting(request),
            files=given.cleaned_data["scans"],
            **{name: given.cleaned_data[name] for name in names},
        )

    page = {"title": "登记到账", "save": "记入台账"}
    return write(request, found, form, do, page, "到账已记入台账，余额 {balance} 元。")


@requires(Permission.FUND_KEEP)
def reverse(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """冲销 a line: a counter-entry with the reason."""
    entry = get_object_or_404(FundEntry.objects.select_related("fund"), pk=pk)
    found = fund_or_404(request, entry.fund_id)
    form = ReverseForm(sent(request))
    return write(
        request, found, form,
        lambda given: services.take_back(
            entry=entry,
            entry_id=given.cleaned_data["id"],
            reason=given.cleaned_data["reason"],
            on=timezone.localdate(),
            by=acting(request),
        ),
        {"title": "冲销一笔", "save": "冲销", "entry": entry},
        "已冲销，余额 {balance} 元。",
    )  # fmt: skip


@requires(Permission.FUND_CHECK)
@once
def carry(request: PostRequest, pk: int) -> HttpResponse:
    """结转 what is left of a year that is over."""
    found = fund_or_404(request, pk)
    form = CarryForm(sent(request))
    return write(
        request, found, form,
        lambda given: services.carry_over(
            fund=found, on=timezone.localdate(), by=acting(request), **given.cleaned_data
        ),
        {"title": "结转下年", "save": "结转", "carries": True},
        f"{found.year} 年结余已转入 {found.year + 1} 年。",
    )  # fmt: skip


def files_of(request: PostRequest) -> Any:
    """Return the files that a form sent, None for a form that is only shown."""
    return request.FILES if request.method == "POST" else None


def hands_before(found: WorkFund) -> dict[str, str]:
    """Return who handled and approved last, so that it is typed once."""
    last = found.entries.filter(kind=EntryKind.SPENT).order_by("-entered_at").first()
    names = ("handled_by", "approved_by")
    return {name: getattr(last, name) for name in names} if last else {}
