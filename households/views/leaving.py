"""Households that leave a roll or come to it: 销户, 并户, and moves between villages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households import services
from households.forms.leaving import AcceptForm, DeclineForm, OfferForm, OffRollForm
from households.models import Category, Household, Status, Transfer, TransferState
from households.views.roll import household_or_404
from regions.models import Level, Region

PER_PAGE = 50


@requires(Permission.HOUSEHOLD_EDIT)
def off_roll(request: PostRequest, pk: int) -> HttpResponse:
    """Take a household off the roll: asked how, then asked once more."""
    household = household_or_404(request, pk)
    form = OffRollForm(sent(request), household=household)
    context: dict[str, Any] = {"form": form, "household": household}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        if "confirm" not in request.POST:
            return render(request, "households/off_roll_check.html", context)
        try:
            take_off(household, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{household.head}户已办理{off_words(form)}。")
            return redirect(household)
    status = 422 if form.errors else 200
    return render(request, "households/off_roll.html", context, status=status)


def take_off(household: Household, form: OffRollForm) -> None:
    """Do what a form in order asks for."""
    given = form.cleaned_data
    services.take_off_roll(
        household=household,
        status=Status(given["way"]),
        on=given["on"],
        merged_into=given["merged_into"],
    )


def off_words(form: OffRollForm) -> str:
    """Return what was done, in words."""
    return "并户" if form.cleaned_data["way"] == Status.MERGED else "销户"


@requires(Permission.HOUSEHOLD_EDIT)
@once
def offer(request: PostRequest, pk: int) -> HttpResponse:
    """Offer a household to another village: asked where, then asked once more."""
    household = household_or_404(request, pk)
    form = OfferForm(sent(request), household=household)
    context: dict[str, Any] = {"form": form, "household": household}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        context["to"] = form.village()
        if "confirm" not in request.POST:
            return render(request, "households/offer_check.html", context)
        try:
            services.offer_transfer(
                household=household,
                to=context["to"],
                on=timezone.localdate(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = f"已向{context['to'].full_name}提出，等对方接收。接收以前，这一户还在本村。"
            messages.success(request, words)
            return redirect(household)
    status = 422 if form.errors else 200
    return render(request, "households/offer.html", context, status=status)


@dataclass(frozen=True)
class Listed:
    """One side of a move: the row, the village it stands in, the village over there."""

    row: Transfer
    other: Region | None
    categories: tuple[str, ...]


@requires(Permission.HOUSEHOLD_VIEW)
def transfers(request: PostRequest) -> HttpResponse:
    """Show moves: those to take up, those that wait, those that are settled."""
    post = acting(request)
    rows = Transfer.objects.select_related("region__parent", "household")
    waiting = rows.filter(state=TransferState.OFFERED).order_by("offered_on", "pk")
    settled = rows.exclude(state=TransferState.OFFERED).order_by("-settled_on", "-pk")
    page = Paginator(settled, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "incoming": listed(waiting.filter(is_outgoing=False)),
        "outgoing": listed(waiting.filter(is_outgoing=True)),
        "settled": listed(page),
        "page": page,
        "one_village": post.region.level == Level.VILLAGE,
        "may_edit": post.may(Permission.HOUSEHOLD_EDIT),
    }
    return render(request, "households/transfers.html", context)


def listed(rows: Iterable[Transfer]) -> list[Listed]:
    """Return moves with the names of the villages over there and of the categories."""
    found = list(rows)
    regions = Region.objects.select_related("parent").in_bulk(
        [row.other_region for row in found]
    )
    names = dict(Category.objects.values_list("code", "name"))
    return [
        Listed(
            row,
            regions.get(row.other_region),
            tuple(names[code] for code in row.categories if code in names),
        )
        for row in found
    ]


def incoming_or_404(request: PostRequest, pk: int) -> Transfer:
    """Return an offer to a village of one's range, and put that village on the path."""
    rows = Transfer.objects.filter(is_outgoing=False)
    found = get_object_or_404(rows.select_related("region__parent__parent"), pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


@requires(Permission.HOUSEHOLD_EDIT)
def accept(request: PostRequest, pk: int) -> HttpResponse:
    """Take up an offered household into a group of the village."""
    incoming = incoming_or_404(request, pk)
    form = AcceptForm(sent(request), village=incoming.region)
    if request.method == "POST" and form.is_valid():
        try:
            household = form.take_up(incoming, timezone.localdate())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = f"{household.head}户已迁入，现在还没有联系人，请分配。"
            messages.success(request, words)
            return redirect(household)
    context = {"form": form, "move": listed(Transfer.objects.filter(pk=pk))[0]}
    status = 422 if form.errors else 200
    return render(request, "households/accept.html", context, status=status)


@requires(Permission.HOUSEHOLD_EDIT)
def decline(request: PostRequest, pk: int) -> HttpResponse:
    """Send an offered household back, with a reason."""
    incoming = incoming_or_404(request, pk)
    form = DeclineForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_transfer(
                incoming=incoming,
                on=timezone.localdate(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已退回{incoming.head}户，对方看得到原因。")
            return redirect("households:transfers")
    context = {"form": form, "move": listed(Transfer.objects.filter(pk=pk))[0]}
    status = 422 if form.errors else 200
    return render(request, "households/decline.html", context, status=status)


@requires(Permission.HOUSEHOLD_EDIT)
@require_POST
def withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """Take an offer back that nobody has answered."""
    outgoing = get_object_or_404(Transfer.objects.filter(is_outgoing=True), pk=pk)
    try:
        services.withdraw_transfer(outgoing=outgoing, on=timezone.localdate())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已撤回，{outgoing.head}户仍在本村。")
    return redirect("households:transfers")
