"""Who stands in a by-election, and the result of the vote, and its notice."""

from typing import Any

from django.contrib import messages
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
from notices.forms import TermsForm, contact_before
from notices.rules import Kind
from representatives import services
from representatives.announcing import announcement
from representatives.by_elections import Course, notice_days
from representatives.candidacy import effect_findings, effect_words
from representatives.counting import Count
from representatives.forms.by_elections import CandidateForm, ResultForm
from representatives.models import Candidate
from representatives.rules import Outcome, Severity, Tally, count_votes
from representatives.services import ActedMeanwhile
from representatives.views.by_elections import course_or_404


@requires(Permission.BY_ELECTION_KEEP)
@once
def candidate_new(request: PostRequest, pk: int) -> HttpResponse:
    """Enter somebody who stands."""
    course = course_or_404(request, pk)
    group = course.row.constituency.group
    form = CandidateForm(
        sent(request), by_election=course.row, initial={"group": group}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_candidate(
                by_election=course.row,
                person=form.person(),
                former=form.cleaned_data["former"],
                on=course.on,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{made.name}已登记为候选人。")
            return redirect(course.row)
    return candidate_page(request, form, course)


@requires(Permission.BY_ELECTION_KEEP)
def candidate_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Correct somebody who stands."""
    row = candidate_or_404(request, pk)
    course = Course(row.by_election, timezone.localdate())
    form = CandidateForm(sent(request), by_election=row.by_election, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_candidate(
                candidate=row,
                person=form.person() | {"former": form.cleaned_data["former"]},
                on=course.on,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{row.name}的资料已保存。")
            return redirect(course.row)
    return candidate_page(request, form, course)


def candidate_page(
    request: PostRequest, form: CandidateForm, course: Course
) -> HttpResponse:
    """Show the form of a candidate, with what a woman or a man would change (L17)."""
    effects = [
        (word, effect_words(course.assembly, [Candidate(sex=sex, nation="汉族")]))
        for sex, word in (("f", "女"), ("m", "男"))
    ]
    context = {"form": form, "row": course.row, "course": course, "effects": effects}
    status = 422 if form.errors else 200
    return render(request, "representatives/candidate.html", context, status=status)


def candidate_or_404(request: PostRequest, pk: int) -> Candidate:
    """Return a candidate of one's range, and put the village on the path."""
    rows = Candidate.objects.select_related(
        "by_election__region__parent__parent",
        "by_election__constituency__group",
        "by_election__notice",
        "region",
    )
    row = get_object_or_404(rows, pk=pk)
    request.place = row.by_election.region  # type: ignore[attr-defined]
    return row


@requires(Permission.BY_ELECTION_KEEP)
@require_POST
def candidate_drop(request: PostRequest, pk: int) -> HttpResponse:
    """Take somebody off who no longer stands."""
    row = candidate_or_404(request, pk)
    try:
        services.drop_candidate(candidate=row)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{row.name}不再是候选人。")
    return redirect(row.by_election)


@requires(Permission.BY_ELECTION_KEEP)
def result(request: PostRequest, pk: int) -> HttpResponse:
    """Enter the result of a round: typed, checked on a page of its own, then saved."""
    course = course_or_404(request, pk)
    form = ResultForm(
        sent(request),
        candidates=course.count.running,
        initial=result_initial(course),
    )
    status = 200
    if request.method == "POST" and "back" not in request.POST:
        status = 422
        if form.is_valid():
            shown = checked(request, course, form)
            if shown is not None:
                return shown
            if "confirm" in request.POST:
                status = save_result(request, course, form)
                if status == 302:
                    return redirect(course.row)
    context = {"form": form, "row": course.row, "course": course}
    return render(
        request, "representatives/by_election_result.html", context, status=status
    )


def result_initial(course: Course) -> dict[str, Any]:
    """Return what the form of a result begins with."""
    row = course.row
    met = min(row.meets_on, course.on) if row.meets_on else course.on
    return {"version": row.version, "held_on": met, "entitled": row.entitled}


def checked(
    request: PostRequest, course: Course, form: ResultForm
) -> HttpResponse | None:
    """Show what a sheet would mean, or put into the form what the rules refuse."""
    sheet = form.sheet()
    findings = services.check_sheet(course.row, sheet, course.count)
    refusing = [f for f in findings if f.rule.severity is Severity.BLOCK]
    if sheet.quorum_reason:
        refusing = [f for f in refusing if not f.rule.can_override]
    for finding in refusing:
        field = "quorum_reason" if finding.rule.can_override else None
        words = f"{finding.problem}{finding.remedy}"
        if finding.rule.can_override:
            form.add_error("present", words)
            form.add_error(field, "确有特殊情况仍然有效的，在这里写明理由。")
        else:
            form.add_error(None, words)
    if refusing or "confirm" in request.POST:
        return None
    outcome, elected = outcome_of(course, form)
    context = {
        "form": form,
        "row": course.row,
        "course": course,
        "sheet": sheet,
        "outcome": outcome,
        "elected": elected,
        "tied": named(course, outcome.tied),
        "lines": [
            (c, *sheet.votes[c.pk], str(c.pk) in outcome.elected)
            for c in course.count.running
        ],
        "passed": [f for f in findings if f.rule.can_override],
        "effect": effect_words(course.assembly, elected),
        "findings": effect_findings(course.assembly, elected, course.on)[1:],
    }
    return render(request, "representatives/by_election_check.html", context)


def outcome_of(course: Course, form: ResultForm) -> tuple[Outcome, list[Candidate]]:
    """Return what a sheet means: who is elected with it, those of earlier rounds too."""
    sheet = form.sheet()
    tallies = [Tally(str(c.pk), *sheet.votes[c.pk]) for c in course.count.running]
    outcome = count_votes(
        tallies,
        present=sheet.present,
        seats=course.count.seats_left,
        on=sheet.held_on,
    )
    return outcome, [*course.count.elected, *named(course, outcome.elected)]


def named(course: Course, ids: tuple[str, ...]) -> list[Candidate]:
    """Return the candidates of an outcome, which has their ids."""
    by_id = {str(c.pk): c for c in course.candidates}
    return [by_id[one] for one in ids]


def save_result(request: PostRequest, course: Course, form: ResultForm) -> int:
    """Save a checked result; return 302, or the status of the refusal."""
    try:
        count = services.record_round(
            by_election=course.row,
            sheet=form.sheet(),
            version=form.cleaned_data["version"],
            on=course.on,
            by=acting(request),
        )
    except ActedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return 422
    messages.success(request, result_words(count))
    return 302


def result_words(count: Count) -> str:
    """Say what came of a round."""
    if count.tied:
        names = "、".join(one.name for one in count.running)
        return f"结果已登记。{names}票数相等，请重新投票。"
    if not count.elected:
        return "结果已登记。没有人得票过半，请另行组织推选。"
    names = "、".join(one.name for one in count.elected)
    left = (
        f"还有 {count.seats_left} 个席位没有选出，继续空着。"
        if count.seats_left
        else ""
    )
    return f"结果已登记，{names}当选。{left}下一步：公示结果。"


@requires(Permission.BY_ELECTION_KEEP)
def notice(request: PostRequest, pk: int) -> HttpResponse:
    """Write the notice of the result; it is checked and put on view on its own page."""
    course = course_or_404(request, pk)
    least, basis = notice_days(course.on)
    known = contact_before(course.row.region_id, Kind.BY_ELECTION, course.row.notice)
    form = TermsForm(sent(request), least=least, basis=basis, initial=known)
    content = announcement(course)
    made = form.made(
        lambda terms: services.draft_notice(
            by_election=course.row,
            content=content,
            terms=terms,
            version=course.row.version,
            on=course.on,
        )
    )
    if made:
        return redirect(made)
    context = {
        "form": form,
        "row": course.row,
        "content": content,
        "least": least,
        "basis": basis,
    }
    status = 422 if form.errors else 200
    template = "representatives/by_election_notice.html"
    return render(request, template, context, status=status)
