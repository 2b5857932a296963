"""A round's steps: strike, agree, confirm, put on view, file; placing and telling."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import NotYours, Refused
from evaluations.announcing import announcement
from evaluations.forms.ratings import PlaceForm, SettingForm, StepForm, TellForm
from evaluations.models import HouseholdRating, VillageSetting
from evaluations.papers import letter, paper_or_404
from evaluations.rules.covenants import WARNING, risky_words
from evaluations.rules.rounds import TABLE, Act, Stage
from evaluations.rules.scores import allowed
from evaluations.services import entries as entry_services
from evaluations.services import rounds as services
from evaluations.views.notices import written
from evaluations.views.ratings import desk_of, round_or_404
from papers.answers import answer
from regions.models import Level
from representatives.services import ActedMeanwhile


@requires(Permission.RATING_VIEW)
def step(request: PostRequest, pk: int, act: str) -> HttpResponse:
    """Check what a step means, and take it; who may take it, the table says."""
    desk = desk_of(request, pk)
    lines = [line for line in TABLE if line.act == act]
    if not lines:
        raise Http404
    if not any(acting(request).may(line.who) for line in lines):
        raise PermissionDenied
    at = [line for line in lines if line.stage is desk.round.at]
    if not at:
        messages.error(request, f"现在是“{desk.stage.label}”，不用“{Act(act).label}”。")
        return redirect(desk.round)
    form = StepForm(sent(request), line=at[0], initial={"version": desk.round.version})
    status = 200
    if request.method == "POST":
        status = taken(request, desk.round, Act(act), form)
        if status == 302:
            messages.success(request, f"“{Act(act).label}”办好了。")
            return redirect(desk.round)
    context = {"desk": desk, "row": desk.round, "form": form, "act": Act(act)}
    return render(request, "evaluations/rating_step.html", context, status=status)


def taken(request: PostRequest, round_: Any, act: Act, form: StepForm) -> int:
    """Take a step if the form is in order; return the status of the answer."""
    if not form.is_valid():
        return 422
    try:
        services.step(
            round_=round_,
            act=act,
            words=form.cleaned_data["words"],
            version=form.cleaned_data["version"],
            on=timezone.localdate(),
            by=acting(request),
        )
    except NotYours as refused:
        raise PermissionDenied from refused
    except ActedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return 422
    return 302


def result_or_404(request: PostRequest, pk: int) -> HouseholdRating:
    """Return a household's result with its round; its village goes on the path."""
    rows = HouseholdRating.objects.select_related("household__group", "tier")
    row = get_object_or_404(rows, pk=pk)
    row.round = round_or_404(request, row.round_id)
    return row


@requires(Permission.RATING_KEEP)
def place(request: PostRequest, pk: int) -> HttpResponse:
    """The panel gives a household one of the grades that it may have."""
    row = result_or_404(request, pk)
    if row.round.at is not Stage.REVIEW:
        messages.error(request, f"现在是“{row.round.at.label}”，等次不能再调整。")
        return redirect(row.round)
    tiers = allowed(row.round.scheme.edition(), row.standing)
    initial = {"version": row.round.version, "tier": row.tier_id, "reason": row.placing}
    form = PlaceForm(sent(request), tiers=tiers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.place(rating=row, by=acting(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{row.household.head}家的等次定好了。")
            return redirect(f"{row.round.get_absolute_url()}?kind=tied")
    desk = desk_of(request, row.round_id)
    context = {
        "form": form,
        "rating": row,
        "row": row.round,
        "desk": desk,
        "tiers": tiers,
    }
    status = 422 if form.errors else 200
    return render(request, "evaluations/place.html", context, status=status)


@requires(Permission.RATING_KEEP)
def tell(request: PostRequest, pk: int) -> HttpResponse:
    """Note that a household was told in private what to mend; print its letter."""
    row = private_or_404(request, pk)
    today = timezone.localdate()
    form = TellForm(
        sent(request), initial={"mend": row.mend, "on": row.told_on or today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.tell(rating=row, by=acting(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if words := risky_words(form.cleaned_data["mend"]):
                messages.warning(request, f"告知书里有{'、'.join(words)}。{WARNING}")
            messages.success(request, f"{row.household.head}家已告知，记好了。")
            return redirect(f"{row.round.get_absolute_url()}?kind=untold")
    context = {"form": form, "rating": row, "row": row.round}
    status = 422 if form.errors else 200
    return render(request, "evaluations/tell.html", context, status=status)


def private_or_404(request: PostRequest, pk: int) -> HouseholdRating:
    """Return a result of the last grade; Http404 for others, and outside the village."""
    row = result_or_404(request, pk)
    if row.tier.threshold is not None or acting(request).region.level != Level.VILLAGE:
        raise Http404
    return row


@requires(Permission.RATING_KEEP)
@require_safe
def rating_letter(request: PostRequest, pk: int) -> HttpResponse:
    """The letter that is handed to a household of the last grade, and to nobody else."""
    row = private_or_404(request, pk)
    return answer(
        request, letter(row, timezone.localdate()), back=row.round.get_absolute_url()
    )


@requires(Permission.RATING_KEEP)
def notice(request: PostRequest, pk: int) -> HttpResponse:
    """Write the notice of the praised households."""
    round_ = round_or_404(request, pk)
    content = announcement(round_)
    return written(
        request,
        round_,
        content,
        lambda terms: services.draft_notice(
            round_=round_,
            content=content,
            terms=terms,
            version=round_.version,
            on=timezone.localdate(),
        ),
    )


@requires(Permission.RATING_VIEW)
@require_safe
def paper(request: PostRequest, pk: int, slug: str) -> HttpResponse:
    """Show a paper of a round as it prints, or hand it out as .docx."""
    desk = desk_of(request, pk)
    return answer(request, paper_or_404(desk, slug), back=desk.round.get_absolute_url())


@requires(Permission.RATING_KEEP)
def setting(request: PostRequest) -> HttpResponse:
    """Decide whether one's village may print its last grade, by household numbers."""
    post = acting(request)
    held = VillageSetting.objects.filter(region=post.region_id).first()
    known = {"prints_last": held.prints_last, "basis": held.basis} if held else None
    form = SettingForm(sent(request), initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            entry_services.set_printing(
                village=post.region,
                on=timezone.localdate(),
                by=post,
                **form.cleaned_data,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "设置已保存。")
            return redirect("evaluations:ratings")
    status = 422 if form.errors else 200
    context = {"form": form, "held": held}
    return render(request, "evaluations/setting.html", context, status=status)
