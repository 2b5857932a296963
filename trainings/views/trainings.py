"""Trainings: the list, planning one, its page, its papers and files."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from attachments import views as attachments
from attachments.models import Attachment
from papers.answers import answer
from regions.models import Level as Tier
from trainings import papers, services
from trainings.forms import CancelForm, TrainingForm, all_villages
from trainings.listing import (
    copy_of,
    joined_above,
    listed,
    roster_of,
    tally_of,
    trainings_in,
)
from trainings.models import Attendance, Kind, Level, Material, State, Training
from trainings.views.people import rights, tabs
from ui.asked import asked_id
from ui.parts import Attached, Segment

PER_PAGE = 50
ALL = "全部"
TOUR = "tour"


@requires(Permission.TRAINING_VIEW)
@require_safe
def training_list(request: PostRequest) -> HttpResponse:
    """List the trainings of one's range, and those above that its people went to."""
    post = acting(request)
    asked = request.GET.get("level", "")
    wanted = {
        "level": asked if asked in Level.values else "",
        "kind": Kind.TOUR if asked == TOUR else "",
    }
    is_village = post.region.level == Tier.VILLAGE
    page = Paginator(trainings_in(post.region, **wanted), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "tabs": tabs("trainings:trainings"),
        "levels": level_tabs(asked),
        "page": page,
        "rows": listed(page),
        "above": joined_above(post.region, **wanted),
        "asked": asked,
        "one_village": is_village,
        **rights(post),
    }
    return render(request, "trainings/trainings.html", context)


def level_tabs(asked: str) -> list[Segment]:
    """Return the switch between the three levels, and the tours."""
    url = reverse("trainings:trainings")
    choices = [("", ALL), *Level.choices, (TOUR, Kind.TOUR.label)]
    return [
        Segment(str(label), f"{url}?level={key}" if key else url, asked == key)
        for key, label in choices
    ]


@requires(Permission.TRAINING_KEEP)
def training_new(request: PostRequest) -> HttpResponse:
    """Plan a training, or note one that was held; its roster comes next."""
    post = acting(request)
    form = TrainingForm(
        sent(request),
        request.FILES or None,
        own=post.region,
        initial=tour_to(request.GET.get("tour_to", "")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            training, _ = services.plan(
                training_id=form.cleaned_data["id"],
                host=form.holder.code,
                content=form.content(),
                by=post,
                files=form.cleaned_data["handouts"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "培训已登记，接着选名单。")
            return redirect("trainings:roster", training.pk)
    return edit_page(request, form, None)


def tour_to(code: str) -> dict[str, Any]:
    """Return what a form begins with that was opened to note a tour to a village."""
    village = all_villages().filter(pk=asked_id(code) or 0).first()
    if village is None:
        return {}
    return {
        "kind": Kind.TOUR,
        "host_village": village,
        "topic": f"到{village.name}观摩学习",
        "place": f"{village.name}村部",
    }


@requires(Permission.TRAINING_KEEP)
def training_edit(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct what is noted of a training, write up a tour, add files."""
    training, post = training_or_404(request, pk), acting(request)
    form = TrainingForm(
        sent(request), request.FILES or None, own=post.region, training=training
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.amend(
                training=training,
                content=form.content(),
                version=form.cleaned_data["version"] or 0,
                by=post,
                files=form.cleaned_data["handouts"],
            )
        except EditedMeanwhile as other:
            rebase(form, other)
            return edit_page(request, form, training, other)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "培训的资料已保存。")
            return redirect(training)
    return edit_page(request, form, training)


def rebase(form: Any, other: EditedMeanwhile) -> None:
    """Let a form that came too late be sent again over what the other one saved."""
    form.data = form.data.copy()
    form.data["version"] = str(getattr(other.current, "version", 1))


def edit_page(
    request: PostRequest,
    form: TrainingForm,
    training: Training | None,
    clash: EditedMeanwhile | None = None,
) -> HttpResponse:
    """Draw the form of a training; what was typed stays."""
    context = {"form": form, "training": training, "clash": clash}
    code = 409 if clash else 422 if form.errors else 200
    return render(request, "trainings/training-new.html", context, status=code)


@requires(Permission.TRAINING_KEEP)
def training_cancel(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """取消: say why."""
    training, clash = training_or_404(request, pk), None
    form = CancelForm(sent(request), initial={"version": training.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(training=training, by=acting(request), **form.cleaned_data)
        except EditedMeanwhile as other:
            clash = other
            rebase(form, other)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "这期培训已取消，不算参训。")
            return redirect(training)
    context = {"form": form, "training": training, "clash": clash}
    code = 409 if clash else 422 if form.errors else 200
    return render(request, "trainings/training-cancel.html", context, status=code)


@requires(Permission.TRAINING_VIEW)
@require_safe
def training(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a training: what is next, the facts, who came.

    To a village whose people went to a training above it, what it may know of that.
    """
    roster, post = roster_of(pk), acting(request)
    found = trainings().filter(pk=pk).first()
    if found is None:
        return copy_page(request, post, roster)
    today = timezone.localdate()
    request.place = found.region  # type: ignore[attr-defined]
    context = {
        "training": found,
        "roster": roster,
        "tally": tally_of(roster),
        "files": files_of(found, post),
        "is_due": found.state == State.PLANNED and found.held_on <= today,
        "is_tour_open": found.kind == Kind.TOUR
        and found.state == State.HELD
        and not found.lessons,
        "one_village": found.level == Level.VILLAGE_CATCHALL,
        **rights(post),
    }
    return render(request, "trainings/training.html", context)


def copy_page(
    request: PostRequest, post: Post, roster: list[Attendance]
) -> HttpResponse:
    """Show what a place below the host knows of a training; 404 where that is nothing."""
    if not roster:
        raise Http404
    below = roster[0].region if post.region.level == Tier.VILLAGE else post.region
    context = {
        "copy": copy_of(roster[0], below, tally_of(roster)),
        "roster": roster,
        "one_village": post.region.level == Tier.VILLAGE,
    }
    return render(request, "trainings/training-copy.html", context)


@requires(Permission.TRAINING_VIEW)
@require_safe
def training_record(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """培训情况登记表, to print or as a document."""
    found = training_or_404(request, pk)
    paper = papers.training_record(found, roster_of(pk))
    return answer(request, paper, back=found.get_absolute_url())


@requires(Permission.TRAINING_KEEP)
@require_safe
def training_sheet(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """The sheet to sign by hand; its code leads a clerk to the sign-in page."""
    found = training_or_404(request, pk)
    url = request.build_absolute_uri(reverse("trainings:sign-in", args=[pk]))
    paper = papers.sign_in_sheet(found, roster_of(pk), url)
    return answer(request, paper, back=found.get_absolute_url())


# --- files ----------------------------------------------------------------------


@requires(Permission.TRAINING_VIEW)
@require_safe
def training_file(
    request: PostRequest, pk: uuid.UUID, attachment: uuid.UUID
) -> HttpResponse:
    """Answer with a file of a training that the caller may see."""
    tie = material_or_404(pk, attachment)
    preview = "preview" in request.GET
    return attachments.answer(request, tie.attachment, preview=preview)


@requires(Permission.TRAINING_KEEP)
@require_POST
def training_file_remove(
    request: PostRequest, pk: uuid.UUID, attachment: uuid.UUID
) -> HttpResponse:
    """Take a file of a training back."""
    tie = material_or_404(pk, attachment)
    try:
        services.take_away(material=tie, by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "文件已删去。")
    return redirect("trainings:training", pk)


def material_or_404(pk: uuid.UUID, attachment: uuid.UUID) -> Material:
    """Return the tie between a training of the open scope and one of its files."""
    ties = Material.objects.select_related("attachment")
    return get_object_or_404(ties, training=pk, attachment=attachment)


def files_of(found: Training, post: Post) -> tuple[Attached, ...]:
    """Return the files of a training as its page shows them."""
    ties = found.materials.select_related("attachment").filter(
        attachment__withdrawn_at=None
    )
    files = [tie.attachment for tie in ties.order_by("attachment__added_at", "pk")]

    def address(one: Attachment) -> str:
        return reverse("trainings:file", args=[found.pk, one.pk])

    def remove(one: Attachment) -> str:
        return reverse("trainings:file-remove", args=[found.pk, one.pk])

    keeps = post.may(Permission.TRAINING_KEEP) and found.state != State.CANCELLED
    return attachments.shown(files, address, remove if keeps else None)


def trainings() -> Any:
    """Return the trainings of the open scope with what their pages name."""
    return Training.objects.select_related(
        "region__parent__parent",
        "sent_by",
        "host_village__parent",
        "entered_by",
        "signed_by",
        "cancelled_by",
    )


def training_or_404(request: PostRequest, pk: uuid.UUID) -> Training:
    """Return a training of the open scope, and put its host on the path."""
    found: Training = get_object_or_404(trainings(), pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found
