"""By-elections: the list, one of them, starting, the plan, the township's word, calling off."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from papers.answers import answer
from representatives import services
from representatives.assembly import household_counts
from representatives.by_elections import Course, vacant_of
from representatives.candidacy import effect_findings, effect_words
from representatives.forms.by_elections import (
    PlanForm,
    ReasonForm,
    ReviewForm,
    StartForm,
)
from representatives.models import ByElection, Constituency, Mode
from representatives.next_steps import next_of
from representatives.papers import PAPERS, paper_or_404
from representatives.rules.by_elections import Stage
from representatives.services import ActedMeanwhile
from representatives.timeline import row_history
from ui.asked import asked_id


def course_or_404(request: PostRequest, pk: int) -> Course:
    """Return a by-election of one's range, and put its village on the path."""
    rows = ByElection.objects.select_related(
        "region__parent__parent", "constituency__group", "notice", "reviewed_by"
    )
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return Course(row, timezone.localdate())


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def by_election(request: PostRequest, pk: int) -> HttpResponse:
    """Show a by-election: what is done, what is next and whose turn it is."""
    course, post = course_or_404(request, pk), acting(request)
    elected = course.count.elected
    filed = course.stage is Stage.DONE
    context = {
        "course": course,
        "row": course.row,
        "stage": course.stage,
        "steps": course.steps(),
        "next": next_of(course, post),
        "effect": "" if filed else effect_words(course.assembly, elected),
        "findings": []
        if filed or not elected
        else effect_findings(course.assembly, elected, course.on),
        "papers": papers_of(course),
        "events": row_history(course.row, first="启动补选"),
        "may_keep": post.may(Permission.BY_ELECTION_KEEP),
        "edits_candidates": post.may(Permission.BY_ELECTION_KEEP)
        and course.stage in (Stage.PLAN, Stage.REVIEW, Stage.VOTE)
        and not course.count.tied,
        "may_repeat": post.may(Permission.BY_ELECTION_KEEP)
        and course.row.at is Stage.NOTICE,
        "may_open": post.may(Permission.ACCOUNT_MANAGE),
    }
    return render(request, "representatives/by_election.html", context)


def papers_of(course: Course) -> list[tuple[str, str, bool]]:
    """Return the papers with their addresses, and whether each can be printed yet."""
    return [
        (
            paper.title,
            reverse("representatives:by-election-paper", args=[course.row.pk, slug]),
            paper.is_ready(course),
        )
        for slug, paper in PAPERS.items()
    ]


# --- steps ----------------------------------------------------------------------


@requires(Permission.BY_ELECTION_KEEP)
@once
def start(request: PostRequest, pk: int) -> HttpResponse:
    """Begin a by-election for the vacant seats of a constituency (摸底)."""
    units = Constituency.objects.current().select_related("region__parent__parent")
    unit = get_object_or_404(units, pk=pk)
    request.place = unit.region  # type: ignore[attr-defined]
    today = timezone.localdate()
    places = vacant_of(unit, today)
    chosen = asked_id(request.GET.get("seat"))
    form = StartForm(sent(request), places=places, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start(
                constituency=unit,
                vacancies=form.vacancies(),
                on=today,
                by=acting(request),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "补选已启动。下一步：填写方案。")
            return redirect(made)
    context = {
        "form": form,
        "unit": unit,
        "places": places,
        "running": unit.by_elections.running().first(),
    }
    status = 422 if form.errors else 200
    return render(request, "representatives/by_election_start.html", context, status=status)  # fmt: skip


def stepping(
    request: PostRequest,
    form: forms.Form,
    act: Callable[[], object],
    done: str,
) -> tuple[bool, int]:
    """Take a step if the form is in order; return whether it was taken, and the status.

    What was typed stays in the form: 409 where somebody else was first, 422 where the
    form or the rules refuse.
    """
    if request.method != "POST":
        return False, 200
    if not form.is_valid():
        return False, 422
    try:
        act()
    except ActedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return False, 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return False, 422
    messages.success(request, done)
    return True, 302


@requires(Permission.BY_ELECTION_KEEP)
def plan(request: PostRequest, pk: int) -> HttpResponse:
    """Write the plan and send it to the township."""
    course = course_or_404(request, pk)
    form = PlanForm(sent(request), initial=plan_initial(course))
    taken, status = stepping(
        request,
        form,
        lambda: services.submit_plan(
            by_election=course.row,
            plan=form.plan(),
            version=form.cleaned_data["version"],
            on=course.on,
        ),
        "方案已报镇里审核。审核通过以前，可以先登记候选人。",
    )
    if taken:
        return redirect(course.row)
    context = {"form": form, "course": course, "row": course.row}
    return render(
        request, "representatives/by_election_plan.html", context, status=status
    )


def plan_initial(course: Course) -> dict[str, Any]:
    """Return what the form of the plan begins with; households counted where known."""
    row = course.row
    names = ("meets_on", "place", "presider", "voters", "entitled", "plan_note", "version")  # fmt: skip
    held = {name: getattr(row, name) for name in names}
    if held["entitled"] is None:
        own, of_group = household_counts(row.region)
        unit = row.constituency
        by_group = unit.mode == Mode.GROUP
        held["entitled"] = (
            of_group.get(unit.group_id or 0) if by_group else own.get(unit.pk)
        )
    return held


@requires(Permission.BY_ELECTION_REVIEW)
def review(request: PostRequest, pk: int) -> HttpResponse:
    """The township's word on the plan."""
    course = course_or_404(request, pk)
    form = ReviewForm(
        sent(request), initial={"version": course.row.version, "verdict": "approve"}
    )
    taken, status = stepping(
        request,
        form,
        lambda: services.review(
            by_election=course.row,
            approve=form.cleaned_data["verdict"] == "approve",
            words=form.cleaned_data["words"],
            version=form.cleaned_data["version"],
            on=course.on,
            by=acting(request),
        ),
        "审核意见已保存。",
    )
    if taken:
        return redirect(course.row)
    context = {"form": form, "course": course, "row": course.row}
    return render(
        request, "representatives/by_election_review.html", context, status=status
    )


@requires(Permission.BY_ELECTION_KEEP)
def cancel(request: PostRequest, pk: int) -> HttpResponse:
    """Call a by-election off, with a reason."""
    course = course_or_404(request, pk)
    form = ReasonForm(sent(request), initial={"version": course.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: services.cancel(
            by_election=course.row,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            on=course.on,
        ),
        "这次补选已作废，席位还空着，可以重新启动。",
    )
    if taken:
        return redirect(course.row)
    context = {"form": form, "row": course.row, "act": "cancel"}
    return render(
        request, "representatives/by_election_reason.html", context, status=status
    )


@requires(Permission.BY_ELECTION_KEEP)
def repeat(request: PostRequest, pk: int) -> HttpResponse:
    """Set a result aside because an objection was right."""
    course = course_or_404(request, pk)
    form = ReasonForm(sent(request), initial={"version": course.row.version})
    taken, status = stepping(
        request,
        form,
        lambda: services.set_aside(
            by_election=course.row,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            on=course.on,
            by=acting(request),
        ),
        "结果已宣布无效，请重新推选。",
    )
    if taken:
        return redirect(course.row)
    context = {"form": form, "row": course.row, "act": "repeat"}
    return render(
        request, "representatives/by_election_reason.html", context, status=status
    )


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def paper(request: PostRequest, pk: int, slug: str) -> HttpResponse:
    """Show a paper as it prints, or hand it out as .docx."""
    course = course_or_404(request, pk)
    return answer(
        request, paper_or_404(course, slug), back=course.row.get_absolute_url()
    )
