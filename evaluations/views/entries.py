"""Writing down what households did: one household, many at once, on the phone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from attachments import views as attachments
from evaluations import scoring
from evaluations.forms.ratings import BatchForm, DeedForm, ReasonForm, SelfForm
from evaluations.models import Entry, RatingRound, SelfAssessment
from evaluations.rules import scores
from evaluations.rules.rounds import Stage
from evaluations.services import entries as services
from evaluations.views.ratings import round_or_404
from households.models import Household
from ui.asked import asked_id


def is_phone(request: PostRequest) -> bool:
    """Say whether the page is drawn for a representative's phone."""
    return acting(request).role == "representative"


def home_or_404(round_: RatingRound, pk: int) -> Household:
    """Return a household of a round's village; Http404 outside one's range."""
    homes = Household.objects.select_related("group")
    return get_object_or_404(homes, pk=pk, region=round_.region_id)


@requires(Permission.RATING_RECORD)
@require_safe
def mine(request: PostRequest) -> HttpResponse:
    """Show a representative the households he looks after, each with its entries."""
    rounds = RatingRound.objects.recording().filter(region=acting(request).region_id)
    open_ = list(rounds.select_related("scheme").order_by("-first_day"))
    if not is_phone(request):
        return redirect(open_[0] if open_ else "evaluations:ratings")
    homes = list(
        Household.objects.living()
        .select_related("group")
        .order_by("group__number", "head")
    )
    counted = {round_.pk: scoring.marks_by_household(round_) for round_ in open_}
    lines = [
        (round_, [(home, len(counted[round_.pk].get(home.pk, ()))) for home in homes])
        for round_ in open_
    ]
    return render(request, "evaluations/mine.html", {"lines": lines})


@requires(Permission.RATING_RECORD)
def home(request: PostRequest, pk: int, household: int) -> HttpResponse:
    """Show a household's entries and score in a round, and take one more."""
    round_ = round_or_404(request, pk)
    row = home_or_404(round_, household)
    form = DeedForm(sent(request), request.FILES or None, round_=round_)
    if request.method == "POST" and entered(request, round_, [row], form):
        messages.success(
            request, f"{row.head}家：{form.cleaned_data['item']}，记好了。"
        )
        return redirect("evaluations:rating-home", round_.pk, row.pk)
    status = 422 if form.errors else 200
    name = (
        "evaluations/home_phone.html" if is_phone(request) else "evaluations/home.html"
    )
    return render(request, name, shown(round_, row, form), status=status)


def shown(round_: RatingRound, row: Household, form: DeedForm) -> dict[str, Any]:
    """Return what the page of a household needs."""
    rows = Entry.objects.filter(round=round_, household=row).select_related(
        "item__category", "entered_by", "evidence", "withdrawn_by"
    )
    found = list(rows.order_by("-on", "-pk"))
    marks = scoring.marks_by_household(round_).get(row.pk, [])
    score = scores.score(round_.scheme.edition(), marks)
    return {
        "form": form,
        "row": round_,
        "household": row,
        "score": score,
        "top": max((part.cap for part in score.parts), default=1),
        "entries": [(entry, files_of(entry)) for entry in found],
        "self": SelfAssessment.objects.filter(round=round_, household=row).first(),
        "records": round_.at is Stage.RECORD,
    }


def files_of(entry: Entry) -> Any:
    """Return an entry's file as a page draws it."""
    kept = [entry.evidence] if entry.evidence else []
    address = reverse("evaluations:entry-file", args=[entry.pk])
    return attachments.shown(kept, lambda _: address)


def entered(
    request: PostRequest,
    round_: RatingRound,
    homes: list[Household],
    form: DeedForm,
) -> bool:
    """Write an entry if the form is in order; say what is wrong in the form."""
    if not form.is_valid():
        return False
    try:
        services.enter(
            round_=round_,
            households=homes,
            deed=form.deed(),
            evidence=form.cleaned_data["evidence"],
            today=timezone.localdate(),
            by=acting(request),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@requires(Permission.RATING_RECORD)
def batch(request: PostRequest, pk: int) -> HttpResponse:
    """One item for many households: pick it, tick them, done."""
    round_ = round_or_404(request, pk)
    group = asked_id(request.GET.get("group"))
    rows = scoring.rated_households(round_).select_related("group")
    everybody = list(rows)
    groups = sorted({home.group.number for home in everybody})
    if group is not None:
        everybody = [home for home in everybody if home.group.number == group]
    form = BatchForm(
        sent(request), request.FILES or None, round_=round_, homes=everybody
    )
    ticked = form.ticked()
    if request.method == "POST" and entered(request, round_, ticked, form):
        words = f"{len(ticked)} 户：{form.cleaned_data['item']}，记好了。"
        messages.success(request, words)
        return redirect("evaluations:rating-batch", round_.pk)
    context = {
        "form": form,
        "row": round_,
        "homes": everybody,
        "ticked": {home.pk for home in ticked},
        "groups": groups,
        "group": group,
        "records": round_.at is Stage.RECORD,
    }
    status = 422 if form.errors else 200
    return render(request, "evaluations/batch.html", context, status=status)


@requires(Permission.RATING_RECORD)
def entry_withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """Take an entry back, with the reason."""
    rows = Entry.objects.select_related(
        "round__region__parent__parent", "round__scheme", "household", "item"
    )
    entry = get_object_or_404(rows, pk=pk)
    request.place = entry.round.region  # type: ignore[attr-defined]
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                entry=entry, reason=form.cleaned_data["reason"], by=acting(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已经撤回，不再算分。")
            return redirect(
                "evaluations:rating-home", entry.round_id, entry.household_id
            )
    context = {"form": form, "entry": entry, "row": entry.round}
    name = "entry_withdraw_phone" if is_phone(request) else "entry_withdraw"
    status = 422 if form.errors else 200
    return render(request, f"evaluations/{name}.html", context, status=status)


@requires(Permission.RATING_RECORD)
@require_safe
def entry_file(request: PostRequest, pk: int) -> HttpResponse:
    """Answer with the file of an entry that the caller may see."""
    entry = get_object_or_404(Entry.objects.select_related("evidence"), pk=pk)
    if entry.evidence is None:
        raise Http404
    return attachments.answer(request, entry.evidence, preview="preview" in request.GET)


@requires(Permission.RATING_RECORD)
def self_assess(request: PostRequest, pk: int, household: int) -> HttpResponse:
    """Keep what a household says of itself."""
    round_ = round_or_404(request, pk)
    row = home_or_404(round_, household)
    held = SelfAssessment.objects.filter(round=round_, household=row).first()
    known = {"words": held.words, "points": held.points} if held else None
    form = SelfForm(sent(request), initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.assess(
                round_=round_, household=row, by=acting(request), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{row.head}家的自评记好了。")
            return redirect("evaluations:rating-home", round_.pk, row.pk)
    context = {"form": form, "row": round_, "household": row}
    name = "self_assess_phone" if is_phone(request) else "self_assess"
    status = 422 if form.errors else 200
    return render(request, f"evaluations/{name}.html", context, status=status)
