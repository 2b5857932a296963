"""How households stand, for other programs: the overdue list as data."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.answers import Problem
from accounts.asking import filters_of, in_order
from accounts.permissions import Permission
from visits import overdue
from visits.filters import OverdueFilter
from visits.models import Duty
from visits.overdue import Asked, Line
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


class StandingFilter(OverdueFilter):
    """The filters of the overdue page; unless another `state` is asked for, everybody."""

    state = forms.ChoiceField(
        label="走访情况（不写是全部）", required=False, choices=WANTED
    )


class StandingList(generics.GenericAPIView[Duty]):
    """The households in the caller's scope, longest overdue first: today, or on a past day."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = StandingSerializer
    queryset = all_duties()

    @extend_schema(
        parameters=filters_of(StandingFilter),
        responses={200: StandingSerializer(many=True), 400: Problem, 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Return a page, judged by the due rule · 422 a past day has too many of them."""
        form = in_order(StandingFilter(request.query_params, one_village=False))
        given, today = form.cleaned_data, timezone.localdate()
        state = given["state"] or EVERY
        lines = self._lines(Asked.of(given | {"state": state}, today, "days"), today)
        return self.get_paginated_response(StandingSerializer(lines, many=True).data)

    def _lines(self, asked: Asked, today: dt.date) -> list[Line]:
        if asked.on != today:
            found = self.paginate_queryset(overdue.past(asked)) or []
            return overdue.past_lines(found, asked.on)
        page = self.paginate_queryset(overdue.duties(asked)) or []
        return overdue.lines([duty.pk for duty in page], today)
