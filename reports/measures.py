"""The city's measures of a day, and setting new ones."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.services import Refused
from reports.lights import LightRule
from reports.models import Measure

FIELDS = (
    "behind_warn",
    "behind_bad",
    "overdue_warn",
    "overdue_bad",
    "person_bad",
    "few",
    "closing_days",
    "approval_rows",
)


def measure_on(day: dt.date) -> Measure:
    """Return what is in force on a day; before the first, the first."""
    begun = Measure.objects.filter(effective_from__lte=day).order_by("-effective_from")
    found = begun.first() or Measure.objects.order_by("effective_from").first()
    if found is None:
        raise Measure.DoesNotExist(
            "the migration that sets the first measure is missing"
        )
    return found


def rule_on(day: dt.date) -> LightRule:
    """Return the rule of the lights of a day."""
    held = measure_on(day)
    return LightRule(
        held.behind_bad,
        held.behind_warn,
        held.overdue_bad,
        held.overdue_warn,
        held.person_bad,
        held.few,
    )


@transaction.atomic
def set_measure(
    *, effective_from: dt.date, numbers: dict[str, int], by: User, on: dt.date
) -> Measure:
    """Put new measures in force from a day that has not passed.

    Raises Refused for a day that is past, or for one that has measures already.
    """
    if effective_from < on:
        raise Refused(
            f"生效日期 {effective_from} 已经过去，请填今天（{on}）或以后的日期。"
        )
    if Measure.objects.filter(effective_from=effective_from).exists():
        raise Refused(f"{effective_from} 起的规则已经有了，请换一天。")
    return Measure.objects.create(effective_from=effective_from, set_by=by, **numbers)
