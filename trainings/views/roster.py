"""Who is to come, and who came: the roster by filter, the sign-in by tapping."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from regions.models import Level as Tier
from representatives.models import Representative
from trainings import services
from trainings.forms import PeopleFilter, SignInForm
from trainings.listing import eligible, roster_of, shown
from trainings.models import Attendance, State, Training
from trainings.views.trainings import training_or_404
from ui.asked import asked_ids

PER_PAGE = 100
NOBODY = "一个人也没有勾。请先勾上要来的人，再点“加入勾选的人”。"


@requires(Permission.TRAINING_KEEP)
def roster(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose who is to come, by filter; those never trained stand in front."""
    training = training_or_404(request, pk)
    one_village = training.region.level == Tier.VILLAGE
    filters = PeopleFilter(request.GET, one_village=one_village)
    found, refusal = offered(training, filters), ""
    if request.method == "POST":
        try:
            added = put_on(request, training, found)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"名单加了 {added} 人。")
            return after_choosing(training, added)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "training": training,
        "filters": filters,
        "page": page,
        "rows": shown(list(page.object_list), timezone.localdate()),
        "known": Attendance.objects.of(pk).count(),
        "one_village": one_village,
        "refusal": refusal,
        "picked": set(ticked(request)),
    }
    status = 422 if refusal or filters.errors else 200
    return render(request, "trainings/roster.html", context, status=status)


def offered(training: Training, filters: PeopleFilter) -> Any:
    """Return the ids of those whom the filters describe and who may still be added."""
    if not filters.is_valid():
        return Representative.objects.none().values_list("pk", flat=True)
    found = eligible(training, filters.cleaned_data, timezone.localdate())
    return found.values_list("pk", flat=True)


def put_on(request: PostRequest, training: Training, found: Any) -> int:
    """Put those who were ticked on the roster, or all that the filters describe.

    Raises Refused if that is nobody.
    """
    chosen = list(found) if "all" in request.POST else ticked(request)
    if not chosen:
        raise Refused(NOBODY)
    return services.enrol(training=training, people=chosen, by=acting(request))


def after_choosing(training: Training, added: int) -> HttpResponse:
    """Go on to the sign-in where the day has come, else back to the training."""
    is_due = training.held_on <= timezone.localdate()
    if added and is_due and training.state == State.PLANNED:
        return redirect("trainings:sign-in", training.pk)
    return redirect(training)


def ticked(request: PostRequest) -> list[int]:
    """Return the ids that were ticked; anything else is left out."""
    return asked_ids(request.POST.getlist("ids"))


@requires(Permission.TRAINING_KEEP)
@require_POST
def roster_remove(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Take those who were ticked off the roster."""
    training = training_or_404(request, pk)
    try:
        gone = services.take_off(training=training, people=ticked(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"从名单去掉了 {gone} 人。")
    return redirect(training)


@requires(Permission.TRAINING_KEEP)
def sign_in(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Tap who was not there; everybody else was."""
    training = training_or_404(request, pk)
    people = roster_of(pk)
    form, clashes = SignInForm(sent(request), training=training, roster=people), []
    if request.method == "POST" and form.is_valid():
        try:
            note(form, training, request)
        except EditedMeanwhile as other:
            form = rebased(request, other, pk)
            clashes = form.clashes()
            if not clashes:
                return signed(request, training)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return signed(request, training)
    context = {
        "form": form,
        "training": training,
        "clashes": clashes,
        "is_early": training.held_on > timezone.localdate(),
        "one_village": training.region.level == Tier.VILLAGE,
    }
    code = 409 if clashes else 422 if form.errors else 200
    return render(request, "trainings/sign-in.html", context, status=code)


def note(form: SignInForm, training: Training, request: PostRequest) -> None:
    """Note what was tapped."""
    services.sign_in(
        training=training,
        marks=form.marks(),
        version=form.cleaned_data["version"],
        by=acting(request),
    )


def signed(request: PostRequest, training: Training) -> HttpResponse:
    """Say that it is noted, and go back to the training."""
    messages.success(request, "签到已记好。")
    return redirect(training)


def rebased(request: PostRequest, other: EditedMeanwhile, pk: uuid.UUID) -> SignInForm:
    """Return the form as it was sent, over what somebody else noted first."""
    data = request.POST.copy()
    data["version"] = str(getattr(other.current, "version", 1))
    current: Any = other.current
    form = SignInForm(data, training=current, roster=roster_of(pk))
    form.full_clean()
    return form
