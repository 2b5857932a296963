"""The steps of a by-election for other programs, by the same services as the pages.

Every step carries the `version` it was decided on. 200 taken · 409 somebody else was
first · 422 the rules refuse, in words.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem
from accounts.asking import in_order
from accounts.permissions import Permission
from accounts.places import acting
from notices.api import SentTerms
from notices.services import Terms
from representatives import services
from representatives.announcing import announcement
from representatives.api import BIGGEST, ByElectionSerializer, shown
from representatives.by_elections import Course, notice_days
from representatives.forms.by_elections import MOST_PEOPLE, CandidateForm
from representatives.models import (
    ByElection,
    Candidate,
    Education,
    NominatedBy,
    Politics,
    Sex,
    VoterKind,
)
from representatives.services import Plan, Sheet

STEPPED: dict[int, Any] = {
    200: ByElectionSerializer,
    400: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
}
KEEPING = Access(permission=Permission.BY_ELECTION_KEEP)


class Versioned(serializers.Serializer[Any]):
    """A step: the version that it was decided on."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class StepView(APIView, ABC):
    """One step of a by-election; those below say what is sent and which service."""

    sent_class: ClassVar[type[serializers.Serializer[Any]]]

    @abstractmethod
    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Take the step with what was sent."""

    def post(self, request: Request, pk: int) -> Response:
        """200 taken · 409 somebody else was first · 422 refused, in words."""
        course = course_or_404(pk)
        sent = self.sent_class(data=request.data)
        sent.is_valid(raise_exception=True)
        self.act(course, sent, request)
        return shown(pk)


def step(
    sent: type[serializers.Serializer[Any]],
) -> Callable[[type[StepView]], type[StepView]]:
    """Say what a step is sent, to the view and to the description of this API."""

    def tell(view: type[StepView]) -> type[StepView]:
        view.sent_class = sent
        said = extend_schema(request=sent, responses=STEPPED)
        return extend_schema_view(post=said)(view)

    return tell


def course_or_404(pk: int) -> Course:
    """Return a by-election of the open scope with what its steps ask for."""
    rows = ByElection.objects.select_related("region__parent", "constituency__group", "notice")  # fmt: skip
    return Course(get_object_or_404(rows, pk=pk), timezone.localdate())


# --- plan, review, calling off, setting aside ---------------------------------------


class SentPlan(Versioned):
    """方案: when and where is voted, who presides, how many are entitled."""

    meets_on = serializers.DateField()
    place = serializers.CharField(max_length=60)
    presider = serializers.CharField(max_length=30)
    voters = serializers.ChoiceField(
        choices=VoterKind.choices, default=VoterKind.HOUSEHOLDS
    )
    entitled = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    plan_note = serializers.CharField(max_length=300, allow_blank=True, default="")


@step(SentPlan)
class ByElectionPlan(StepView):
    """Send the plan to the township."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Send it."""
        given = dict(sent.validated_data)
        version = given.pop("version")
        plan = Plan(**given | {"voters": VoterKind(given["voters"])})
        return services.submit_plan(
            by_election=course.row, plan=plan, version=version, on=course.on
        )


class SentReview(Versioned):
    """The township's word on a plan."""

    approve = serializers.BooleanField()
    words = serializers.CharField(max_length=300, allow_blank=True, default="")


@step(SentReview)
class ByElectionReview(StepView):
    """The township's word on a plan."""

    access = Access(permission=Permission.BY_ELECTION_REVIEW)

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Approve the plan or send it back."""
        return services.review(
            by_election=course.row,
            on=course.on,
            by=acting(request),
            **sent.validated_data,
        )


class SentReason(Versioned):
    """Why a by-election is called off, or its result set aside."""

    reason = serializers.CharField(max_length=180)


@step(SentReason)
class ByElectionCancel(StepView):
    """Call a by-election off."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Call it off; its seats stay vacant."""
        return services.cancel(
            by_election=course.row, on=course.on, **sent.validated_data
        )


@step(SentReason)
class ByElectionRepeat(StepView):
    """Set a result aside, because an objection was right."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Declare the result void; it is voted anew."""
        return services.set_aside(
            by_election=course.row,
            on=course.on,
            by=acting(request),
            **sent.validated_data,
        )


# --- who stands ---------------------------------------------------------------------


class SentCandidate(serializers.Serializer[Any]):
    """A resident who stands; checked by the same form as on the page (L07–L09)."""

    name = serializers.CharField(max_length=30)
    sex = serializers.ChoiceField(choices=Sex.choices)
    nation = serializers.CharField(max_length=20, default="汉族")
    birth_year = serializers.IntegerField(allow_null=True, default=None)
    id_number = serializers.CharField(max_length=18, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")
    education = serializers.ChoiceField(
        choices=Education.choices, allow_blank=True, default=""
    )
    politics = serializers.ChoiceField(choices=Politics.choices)
    group = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    offices = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=10
    )
    draws_allowance = serializers.BooleanField(default=False)
    nominated_by = serializers.ChoiceField(choices=NominatedBy.choices)
    has_rights = serializers.BooleanField()
    on_committee = serializers.BooleanField(default=False)
    former = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )

    def checked(self, row: ByElection, held: Candidate | None) -> CandidateForm:
        """Return the page's form of it; raise ValidationError with its words."""
        return in_order(CandidateForm(self.validated_data, by_election=row, row=held))


@step(SentCandidate)
class ByElectionCandidates(StepView):
    """Enter somebody who stands."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Enter the person, held against the rules."""
        form = sent.checked(course.row, None)
        return services.add_candidate(
            by_election=course.row,
            person=form.person(),
            former=form.cleaned_data["former"],
            on=course.on,
        )


class CandidateDetail(APIView):
    """Correct somebody who stands, or take him off."""

    access = KEEPING

    @extend_schema(request=SentCandidate, responses=STEPPED)
    def put(self, request: Request, pk: int) -> Response:
        """200 corrected · 422 the person may not stand, in words."""
        held = candidate_or_404(pk)
        sent = SentCandidate(data=request.data)
        sent.is_valid(raise_exception=True)
        form = sent.checked(held.by_election, held)
        person = form.person() | {"former": form.cleaned_data["former"]}
        services.edit_candidate(candidate=held, person=person, on=timezone.localdate())
        return shown(held.by_election_id)

    @extend_schema(request=None, responses=STEPPED)
    def delete(self, request: Request, pk: int) -> Response:
        """200 taken off · 422 somebody has voted on the person already."""
        held = candidate_or_404(pk)
        services.drop_candidate(candidate=held)
        return shown(held.by_election_id)


def candidate_or_404(pk: int) -> Candidate:
    """Return a candidate of the open scope."""
    rows = Candidate.objects.select_related("by_election__region")
    return get_object_or_404(rows, pk=pk)


# --- the vote and its notice --------------------------------------------------------


class SentVote(serializers.Serializer[Any]):
    """What the valid ballots say about one candidate."""

    candidate = serializers.IntegerField()
    votes_for = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    votes_against = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    votes_abstaining = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)


class SentRound(Versioned):
    """结果报告单 of one round."""

    held_on = serializers.DateField()
    entitled = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    present = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    issued = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    returned = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    invalid = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)
    quorum_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    tellers = serializers.CharField(max_length=60, allow_blank=True, default="")
    votes = SentVote(many=True, allow_empty=False)

    def sheet(self) -> Sheet:
        """Return the sheet that was sent."""
        given = dict(self.validated_data)
        given.pop("version")
        names = ("votes_for", "votes_against", "votes_abstaining")
        votes = {
            one["candidate"]: tuple(one[name] for name in names)
            for one in given.pop("votes")
        }
        return Sheet(votes=votes, **given)


@step(SentRound)
class ByElectionRound(StepView):
    """The result of a round."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Enter it, held against L11–L13."""
        return services.record_round(
            by_election=course.row,
            sheet=sent.sheet(),
            version=sent.validated_data["version"],
            on=course.on,
            by=acting(request),
        )


@step(SentTerms)
class ByElectionNotice(StepView):
    """Draft the notice of a result; publishing it is the notice's own step."""

    access = KEEPING

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """Draft it in the words of the page."""
        given = dict(sent.validated_data)
        least, basis = notice_days(course.on)
        return services.draft_notice(
            by_election=course.row,
            content=announcement(course),
            version=given.pop("version"),
            terms=Terms(**given, least=least, basis=basis),
            on=course.on,
        )
