"""The steps of an appraisal for other programs: what each page of the village takes.

Every step is taken on the version that was read; 409 if somebody else was first.
"""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem, acting_with
from accounts.asking import read
from accounts.permissions import Permission
from appraisals.api import AppraisalSerializer
from appraisals.board import Board
from appraisals.forms.appraisals import MOST_TICKETS
from appraisals.models import Appraisal
from appraisals.papers import announcement
from appraisals.rules.appraisals import VOTED, Ballot, Grade, Part, Votes
from appraisals.services import appraisals as services
from appraisals.services import drafts, filing
from appraisals.services.appraisals import Judged, Meeting
from attachments.examining import examine
from attachments.rules import Kind
from notices.api import NoticeSerializer, SentTerms
from notices.services import Terms

MOST_SCANS = 9
GRADES = [(grade.value, grade.label) for grade in Grade]
ANSWERS = {200: AppraisalSerializer, 404: Problem, 409: Problem, 422: Problem}
COUNT: dict[str, Any] = {"min_value": 0, "max_value": MOST_TICKETS}


class Versioned(serializers.Serializer[Any]):
    """The version that a step is taken on."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentReopening(Versioned):
    """Why an appraisal goes back to the grades."""

    reason = serializers.CharField(max_length=200)


class Unrated(serializers.Serializer[Any]):
    """Who does not take part, by the result's id, and why."""

    result = serializers.IntegerField()
    reason = serializers.CharField(max_length=60)


class SentMeeting(Versioned):
    """评议会: the day, the chair of the 村务监督委员会, up to when facts count."""

    met_on = serializers.DateField()
    place = serializers.CharField(max_length=60, allow_blank=True, default="")
    chair = serializers.CharField(max_length=30)
    recorder = serializers.CharField(max_length=30, allow_blank=True, default="")
    counts_until = serializers.DateField()
    unrated = Unrated(many=True, required=False)


class Cast(serializers.Serializer[Any]):
    """One person's tickets, by the result's id."""

    result = serializers.IntegerField()
    excellent = serializers.IntegerField(default=0, **COUNT)
    competent = serializers.IntegerField(default=0, **COUNT)
    basic = serializers.IntegerField(default=0, **COUNT)
    poor = serializers.IntegerField(default=0, **COUNT)
    invalid = serializers.IntegerField(
        default=0, help_text="这一行没有打勾或者打了几格的", **COUNT
    )


class SentTickets(Versioned):
    """The tickets of one body: who came, what went out and came back, what they say."""

    present = serializers.IntegerField(**COUNT)
    issued = serializers.IntegerField(**COUNT)
    returned = serializers.IntegerField(**COUNT)
    votes = Cast(many=True)


class SelfGrade(serializers.Serializer[Any]):
    """What one thinks of himself, by the result's id."""

    result = serializers.IntegerField()
    grade = serializers.ChoiceField(choices=GRADES)


class SentSelfGrades(Versioned):
    """自评."""

    grades = SelfGrade(many=True)


class GivenGrade(SelfGrade):
    """The grade that is given; below the score's with a reason."""

    words = serializers.CharField(max_length=200, allow_blank=True, default="")


class SentGrades(Versioned):
    """定等次."""

    grades = GivenGrade(many=True)


class SentMinutes(Versioned):
    """The minutes of the meeting, and scans of tally sheets; as multipart with files."""

    minutes = serializers.CharField(max_length=5000)
    scans = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MOST_SCANS
    )


class Step(APIView):
    """A step of the village."""

    access = Access(permission=Permission.APPRAISAL_KEEP)
    who = Permission.APPRAISAL_KEEP

    def given(
        self, request: Request, sent: type[Versioned], pk: int
    ) -> tuple[Appraisal, dict[str, Any]]:
        """Return the appraisal of the scope and what was sent; 404, 403 or 400."""
        row = get_object_or_404(Appraisal, pk=pk)
        given = read(sent, request)
        acting_with(request, self.who)
        return row, given


def stands(pk: int) -> Response:
    """Answer with the appraisal as it stands now."""
    return Response(AppraisalSerializer(Appraisal.objects.counted().get(pk=pk)).data)


class AppraisalMeeting(Step):
    """定评议会."""

    @extend_schema(request=SentMeeting, responses=ANSWERS)
    def put(self, request: Request, pk: int) -> Response:
        """Write it down; who is not named takes part."""
        row, given = self.given(request, SentMeeting, pk)
        unrated = {one["result"]: one["reason"] for one in given.pop("unrated", ())}
        version = given.pop("version")
        services.arrange(
            appraisal=row, meeting=Meeting(**given), unrated=unrated, version=version,
            on=timezone.localdate(),
        )  # fmt: skip
        return stands(pk)


class AppraisalRelisting(Step):
    """更新名单: a draft's list as the roll is today."""

    @extend_schema(request=Versioned, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """Bring it up to date."""
        row, given = self.given(request, Versioned, pk)
        drafts.relist(appraisal=row, on=timezone.localdate(), **given)
        return stands(pk)


class AppraisalDiscarding(Step):
    """撤销草稿: one that was begun by mistake."""

    @extend_schema(request=Versioned, responses={204: None, **REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """204 it is gone · 422 the meeting is convened already."""
        row, given = self.given(request, Versioned, pk)
        drafts.discard(appraisal=row, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AppraisalTickets(Step):
    """录票: `peers`, `villagers` or `party`."""

    @extend_schema(request=SentTickets, responses=ANSWERS)
    def put(self, request: Request, pk: int, body: str) -> Response:
        """Enter them, or correct them; 422 where the numbers do not add up."""
        if body not in VOTED:
            raise Http404
        row, given = self.given(request, SentTickets, pk)
        votes = {one.pop("result"): Votes(**one) for one in given.pop("votes")}
        version = given.pop("version")
        services.enter_ballot(
            appraisal=row, body=Part(body), ballot=Ballot(**given), votes=votes,
            version=version, on=timezone.localdate(),
        )  # fmt: skip
        return stands(pk)


class AppraisalSelf(Step):
    """录自评."""

    @extend_schema(request=SentSelfGrades, responses=ANSWERS)
    def put(self, request: Request, pk: int) -> Response:
        """Enter them, by result."""
        row, given = self.given(request, SentSelfGrades, pk)
        grades = {one["result"]: Grade(one["grade"]) for one in given["grades"]}
        services.enter_self(appraisal=row, grades=grades, version=given["version"])
        return stands(pk)


class AppraisalClosing(Step):
    """写会议记录: the meeting is over."""

    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        request={"application/json": SentMinutes, "multipart/form-data": SentMinutes},
        responses=ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Close it; 422 while tickets, 自评 or minutes are missing."""
        row, given = self.given(request, SentMinutes, pk)
        scans = given.pop("scans", ())
        services.submit(
            appraisal=row, on=timezone.localdate(), by=acting_with(request, self.who),
            scans=[examine(one, (Kind.PHOTO, Kind.SCAN)) for one in scans], **given,
        )  # fmt: skip
        return stands(pk)


class AppraisalRecount(Step):
    """退回录票: something was typed wrong; grades are taken away."""

    @extend_schema(request=Versioned, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """Go back to the tickets."""
        row, given = self.given(request, Versioned, pk)
        services.recount(appraisal=row, **given)
        return stands(pk)


class AppraisalGrades(Step):
    """定等次, within the ratio."""

    @extend_schema(request=SentGrades, responses=ANSWERS)
    def put(self, request: Request, pk: int) -> Response:
        """Give them; 422 above the score or the ratio, and below it without a reason."""
        row, given = self.given(request, SentGrades, pk)
        grades = {
            one["result"]: Judged(Grade(one["grade"]), one["words"])
            for one in given["grades"]
        }
        services.judge(
            appraisal=row, grades=grades, version=given["version"],
            on=timezone.localdate(),
        )  # fmt: skip
        return stands(pk)


class AppraisalConfirmation(Step):
    """村监委确认: what is confirmed is frozen."""

    @extend_schema(request=Versioned, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """Confirm it; 422 while somebody has no grade."""
        row, given = self.given(request, Versioned, pk)
        by = acting_with(request, self.who)
        services.confirm(appraisal=row, on=timezone.localdate(), by=by, **given)
        return stands(pk)


class AppraisalNotice(Step):
    """写公示 of the 优秀, as a draft; `notices/` puts it on view."""

    @extend_schema(request=SentTerms, responses={**ANSWERS, 200: NoticeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Write it, or write it anew; 422 for fewer days than the plan asks for."""
        rows = Appraisal.objects.select_related("plan", "region__parent", "notice")
        row, on = get_object_or_404(rows, pk=pk), timezone.localdate()
        given = read(SentTerms, request)
        acting_with(request, self.who)
        version = given.pop("version")
        terms = Terms(**given, least=row.plan.notice_days, basis="本市履职评议方案")
        made = filing.draft_notice(
            appraisal=row, content=announcement(Board(row, on)), terms=terms,
            version=version, on=on,
        )  # fmt: skip
        return Response(NoticeSerializer(made).data)


class AppraisalReopening(Step):
    """退回定等次 by the village: an objection was right."""

    @extend_schema(request=SentReopening, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """Take it back with the reason; 422 while the notice is on view."""
        row, given = self.given(request, SentReopening, pk)
        by = acting_with(request, self.who)
        services.reopen(appraisal=row, on=timezone.localdate(), by=by, **given)
        return stands(pk)


class AppraisalReturn(AppraisalReopening):
    """退回 by the township instead of filing."""

    access = Access(permission=Permission.APPRAISAL_FILE)
    who = Permission.APPRAISAL_FILE
