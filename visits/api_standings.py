"""How households stand, for other programs: the overdue list as data."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.permissions import Permission
from visits import overdue
from visits.models import Duty
from visits.overdue import Asked
from visits.rules import Cadence
from visits.standings import EVERY, WANTED, State, all_duties


class StandingSerializer(serializers.Serializer[Any]):
    """One household: how it stands today, since when, and why in one sentence."""

    household = serializers.IntegerField(source="household.pk")
    region = serializers.IntegerField(source="household.region_id")
    representative = serializers.IntegerField(
        source="representative.pk", allow_null=True, default=None
    )
    state = serializers.ChoiceField(choices=State.choices)
    due_on = serializers.DateField(
        source="judged.due_on",
        allow_null=True,
        default=None,
        help_text="应走访截止",
    )
    days_overdue = serializers.IntegerField(
        source="judged.days_overdue", allow_null=True, default=None
    )
    days_left = serializers.IntegerField(
        source="judged.days_left", allow_null=True, default=None
    )
    last_visit_on = serializers.DateField(source="last", allow_null=True)
    why = serializers.CharField(help_text="依据哪条规则，一句话")


class StandingAsked(serializers.Serializer[Any]):
    """What the list is narrowed to; the words are those of the overdue page."""

    state = serializers.ChoiceField(choices=WANTED, default=EVERY)
    cadence = serializers.ChoiceField(
        choices=[(one.value, one.value) for one in Cadence], default=""
    )
    representative = serializers.IntegerField(min_value=1, required=False)


class StandingList(generics.GenericAPIView[Duty]):
    """The households in the caller's scope as they stand today, longest overdue first."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = StandingSerializer
    queryset = all_duties()

    @extend_schema(
        parameters=[StandingAsked],
        responses=StandingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return a page of households; the judgement is the due rule's own."""
        sent = StandingAsked(data=request.query_params)
        sent.is_valid(raise_exception=True)
        today = timezone.localdate()
        wanted = sent.validated_data
        asked = Asked(today, state=wanted["state"], cadence=wanted["cadence"])
        rows = overdue.duties(asked)
        if person := wanted.get("representative"):
            rows = rows.filter(representative=person)
        page = self.paginate_queryset(rows) or []
        lines = overdue.lines([duty.pk for duty in page], today)
        return self.get_paginated_response(StandingSerializer(lines, many=True).data)
