"""What one person's appraisal came to: its basis, his own page, a part of his card."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from appraisals.board import Board, Line
from appraisals.facts import Known, Row
from appraisals.models import AppraisalResult, Honour
from appraisals.rules.appraisals import POOR_TWICE, Input
from households.models import Household
from representatives.models import Representative
from sentiment.models import Issue, Review


@dataclass(frozen=True)
class BasisRow:
    """One line behind a figure: what, where it is shown, by when, on which day done."""

    label: str
    url: str
    until: Any
    done_on: Any


@dataclass(frozen=True)
class Basis:
    """An input with exactly the rows it was counted from."""

    input: Input
    weight: int
    done: int
    due: int
    rows: list[BasisRow]


@requires(Permission.APPRAISAL_VIEW)
@require_safe
def result(request: PostRequest, pk: int) -> HttpResponse:
    """Show one person's parts, and under each input the rows it was counted from."""
    found = result_or_404(request, pk)
    line = line_of(found)
    context = {
        "result": found,
        "row": found.appraisal,
        "person": found.representative,
        "line": line,
        "basis": basis_of(found, line),
        "law": POOR_TWICE,
    }
    return render(request, "appraisals/result.html", context)


def result_or_404(request: PostRequest, pk: int) -> AppraisalResult:
    """Return a result of one's range, and put its village on the path."""
    rows = AppraisalResult.objects.select_related(
        "appraisal__plan",
        "appraisal__notice",
        "representative__group",
        "region__parent__parent",
    )
    found = get_object_or_404(rows, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


def line_of(found: AppraisalResult) -> Line:
    """Return one person's line, as the appraisal's page has it."""
    board = Board(found.appraisal, timezone.localdate())
    return next(line for line in board.lines if line.result.pk == found.pk)


def basis_of(found: AppraisalResult, line: Line) -> list[Basis]:
    """Return the rows behind each input: those kept, else those counted today."""
    known = (
        Known.of_kept(found.inputs, found.rows) if line.kept is not None else line.known
    )
    names = Names(known)
    return [
        Basis(one, weight, measure.done, measure.due, list(names.of(one)))
        for one, weight, measure in line.shown_inputs
    ]


class Names:
    """The words and addresses of what rows name by id; one statement for each kind."""

    def __init__(self, known: Known) -> None:
        self.known = known
        homes = {r[0] for one in (Input.KEY, Input.ORDINARY) for r in known.rows[one]}
        self.homes = Household.objects.select_related("group").in_bulk(homes)
        self.issues = Issue.objects.in_bulk([r[0] for r in known.rows[Input.ISSUES]])
        self.reviews = Review.objects.in_bulk(
            [r[0] for r in known.rows[Input.MEETINGS]]
        )

    def of(self, one: Input) -> Iterator[BasisRow]:
        """Yield the rows of an input in words."""
        tell = {
            Input.KEY: self._home,
            Input.ORDINARY: self._home,
            Input.TALKS: self._talk,
            Input.ISSUES: self._issue,
            Input.MEETINGS: self._review,
            Input.TRAININGS: self._training,
        }.get(one)
        if tell is not None:
            yield from map(tell, self.known.rows[one])

    def _home(self, row: Row) -> BasisRow:
        home = self.homes.get(row[0])
        label = f"{home.group} {home.head}" if home else "已不在名册的户"
        url = reverse("households:detail", args=[row[0]]) if home else ""
        return BasisRow(label, url, parse_date(row[1]), _day(row[2]))

    def _talk(self, row: Row) -> BasisRow:
        day = parse_date(row[0])
        label = f"{day.year} 年第 {(day.month + 2) // 3} 季度" if day else ""
        return BasisRow(label, "", day, _day(row[1]))

    def _issue(self, row: Row) -> BasisRow:
        issue = self.issues.get(row[0])
        label = f"{issue.heard_on} {issue.topic}" if issue else "已撤回的民情"
        url = issue.get_absolute_url() if issue else ""
        return BasisRow(label, url, issue.resolved_on if issue else None, _day(row[1]))

    def _review(self, row: Row) -> BasisRow:
        review = self.reviews.get(row[0])
        label = f"{review.month:%Y-%m} 民情分析会" if review else "民情分析会"
        url = review.get_absolute_url() if review else ""
        return BasisRow(label, url, review.held_on if review else None, _day(row[1]))

    def _training(self, row: Row) -> BasisRow:
        return BasisRow(row[0], "", parse_date(row[1]), _day(row[2]))


def _day(kept: Any) -> Any:
    return parse_date(kept) if kept else None


@requires(Permission.APPRAISAL_OWN)
@require_safe
def own(request: PostRequest) -> HttpResponse:
    """Show a representative his own results, once they are confirmed; nobody else's."""
    post = acting(request)
    rows = AppraisalResult.objects.confirmed().filter(
        representative=post.narrowed_to or 0
    )
    results = list(
        rows.select_related("appraisal__plan", "representative")
        .defer("rows")
        .order_by("-appraisal__year")
    )
    honours = Honour.objects.filter(representative=post.narrowed_to or 0)
    context = {
        "lines": [kept_line(one) for one in results],
        "honours": {one.year: one for one in honours},
    }
    return render(request, "appraisals/own.html", context)


def kept_line(one: AppraisalResult) -> Line:
    """Return a confirmed result as a line, by what it kept alone."""
    known = Known.of_kept(one.inputs)
    return Line(one, one.appraisal.plan.scheme, known, {}, one.parts)


@requires(Permission.HONOUR_VIEW)
@require_safe
def person_appraisals(request: PostRequest, pk: int) -> HttpResponse:
    """Draw somebody's grades and honours, as a part of his page or as one of its own."""
    person = get_object_or_404(
        Representative.objects.select_related("region__parent__parent"), pk=pk
    )
    request.place = person.region  # type: ignore[attr-defined]
    rows = AppraisalResult.objects.confirmed().filter(representative=person)
    results = rows.select_related("appraisal__plan").defer("rows")
    context = {
        "person": person,
        "lines": [kept_line(one) for one in results.order_by("-appraisal__year")],
        "honours": Honour.objects.filter(representative=person).order_by("-year"),
        "may_see": acting(request).may(Permission.APPRAISAL_VIEW),
    }
    is_part = bool(getattr(request, "htmx", False))
    name = "_person" if is_part else "person"
    return render(request, f"appraisals/{name}.html", context)
