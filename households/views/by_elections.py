"""备案 of a by-election: mandates begin, and the seats' households are handed over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households import services
from households.board import Board, board_of
from households.forms.by_elections import FilingForm
from households.succession import proposal_of, seat_pairs
from representatives.by_elections import Course
from representatives.loads import Load, bounds_on
from representatives.models import Candidate, Representative, Vacancy
from representatives.rules.by_elections import Stage
from representatives.services import ActedMeanwhile
from representatives.views.by_elections import course_or_404


@dataclass(frozen=True)
class LoadShift:
    """A load before and after: of somebody who serves, or who is about to."""

    person: Representative | Candidate
    before: Load
    after: Load


@requires(Permission.BY_ELECTION_REVIEW)
def by_election_file(request: PostRequest, pk: int) -> HttpResponse:
    """File a by-election: asked on one page, with the loads before and after."""
    course = course_or_404(request, pk)
    board = board_of(course.row.region, course.on)
    pairs = seat_pairs(course)
    proposed = proposal_of(board, pairs)
    form = FilingForm(
        sent(request),
        households=[board.by_id()[home] for home in proposed],
        elected=[candidate for _, candidate in pairs],
        proposed=proposed,
        initial={"version": course.row.version},
    )
    status = 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        if status == 200 and request.POST.get("go") == "done":
            status = file(request, course, form)
            if status == 302:
                return redirect(course.row)
    context = page_context(course, board, form, pairs)
    return render(request, "households/by_election_file.html", context, status=status)


def file(request: PostRequest, course: Course, form: FilingForm) -> int:
    """File what the page asks for; return 302, or the status of the refusal."""
    try:
        filled = services.file_by_election(
            by_election=course.row,
            heirs=form.heirs(),
            archive_number=form.cleaned_data["archive_number"],
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
    names = "、".join(one.candidate.name for one in filled)
    homes = len(form.heirs())
    messages.success(request, f"已备案。{names}今天起任代表，接手 {homes} 户。")
    return 302


def page_context(
    course: Course,
    board: Board,
    form: FilingForm,
    pairs: Sequence[tuple[Vacancy, Candidate]],
) -> dict[str, Any]:
    """Return what the page of the filing shows."""
    holders = board.holders()
    return {
        "course": course,
        "row": course.row,
        "form": form,
        "pairs": pairs,
        "ready": course.stage is Stage.FILING and not course.missing and bool(pairs),
        "rows": [
            (household, holders.get(household.pk), form[form.key(household)])
            for household in form.households
        ],
        "shifts": shifts_of(course, board, form, pairs),
        "steps": course.steps(),
    }


def shifts_of(
    course: Course,
    board: Board,
    form: FilingForm,
    pairs: Sequence[tuple[Vacancy, Candidate]],
) -> list[LoadShift]:
    """Return the loads that the hand-over changes, those of the new ones first."""
    bounds, holders = bounds_on(course.on), board.holders()
    heirs = form.heirs()
    gained = Counter(heirs.values())
    lost = Counter(
        holder.row.pk for home in heirs if (holder := holders.get(home)) is not None
    )
    new = [
        LoadShift(candidate, Load(0, bounds), Load(gained[candidate.pk], bounds))
        for _, candidate in pairs
    ]
    old = [
        LoadShift(
            person.row,
            person.load,
            Load(len(person.households) - lost[person.row.pk], bounds),
        )
        for person in board.people
        if lost[person.row.pk]
    ]
    return [*new, *old]
