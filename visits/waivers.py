"""Waivers as they are asked for; pages and programs list the same ones."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q

from households.models import Household, Status
from regions.models import Region, inside
from visits.models import Waiver, WaiverQuerySet


def matching(given: dict[str, Any], today: dt.date) -> WaiverQuerySet:
    """Return the waivers that the filters describe; who is due first comes first."""
    rows = Waiver.objects.select_related(
        "region__parent", "household__group", "entered_by", "withdrawn_by"
    )
    rows = in_state(within(rows, given), given.get("state") or "now", today)
    if reason := given.get("reason"):
        rows = rows.filter(reason=reason)
    if typed := (given.get("q") or "").strip():
        named = Household.objects.search(typed).filter(pk=OuterRef("household"))
        rows = rows.filter(Exists(named))
    return rows.order_by("last", "region_id", "pk")


def within(rows: WaiverQuerySet, given: dict[str, Any]) -> WaiverQuerySet:
    """Narrow to the place that was asked for."""
    if isinstance(place := given.get("place"), Region):
        return inside(rows, place.scope)
    return rows


def in_state(rows: WaiverQuerySet, state: str, today: dt.date) -> WaiverQuerySet:
    """Narrow to waivers in force, ahead, ended or taken back.

    A household that left the roll is owed nothing more: its waiver has ended with it.
    """
    if state == "all":
        return rows
    if state == "withdrawn":
        return rows.filter(withdrawn_at__isnull=False)
    living = Q(household__status=Status.LIVING)
    wanted = {
        "now": Q(living, first__lte=today, last__gte=today),
        "ahead": Q(living, first__gt=today),
        "ended": Q(last__lt=today) | ~living,
    }[state]
    return rows.standing().filter(wanted)
