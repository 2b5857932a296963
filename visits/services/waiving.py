"""免访: excusing households from visits for a while, ending that early, taking it back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Post, User
from accounts.services import Refused
from households.models import Household
from visits import rules
from visits.facts import facts_of
from visits.models import Policy, Reason, Waiver

MOST_AT_ONCE = 100
"""Households that are excused together: as many as one looks through before saving."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: the days, both included, and why."""

    first: dt.date
    last: dt.date
    reason: str
    note: str = ""

    @property
    def as_rule(self) -> rules.Waiver:
        """The same as the rules want it; raises ValueError if it ends before it begins."""
        return rules.Waiver(self.first, self.last, Reason(self.reason).label)


@dataclass(frozen=True)
class Effect:
    """What a waiver would do to one household; `refusal` says why it cannot be."""

    household: Household
    words: str = ""
    refusal: str = ""


def months_on(on: dt.date) -> int:
    """Return how many months a waiver may last at most, by the city's setting."""
    row = Policy.objects.filter(effective_from__lte=on).order_by("-effective_from")
    policy = row.first()
    return policy.waiver_months if policy else rules.MOST_MONTHS


def effects_of(
    households: Sequence[Household], asked: Asked, on: dt.date
) -> list[Effect]:
    """Return what would follow for each household; a fixed number of statements."""
    months, facts = months_on(on), facts_of([home.pk for home in households])
    return [_effect(home, facts[home.pk], asked, on, months) for home in households]


def _effect(
    home: Household, facts: rules.Facts, asked: Asked, on: dt.date, months: int
) -> Effect:
    refusal = rules.waiver_refusal(asked.first, asked.last, on, months, facts.waivers)
    if refusal:
        return Effect(home, refusal=refusal)
    return Effect(home, rules.effect_of(facts, asked.as_rule, on))


@transaction.atomic
def excuse(
    *, households: Sequence[Household], asked: Asked, on: dt.date, by: Post
) -> list[Waiver]:
    """Excuse households from visits; all of them, or none.

    Raises Refused in the rule's own words, with the household that it is about.
    """
    # Locked, so that two people cannot both find a household without a waiver.
    ids = [home.pk for home in households]
    list(Household.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    for effect in effects_of(households, asked, on):
        if effect.refusal:
            raise Refused(f"{effect.household.head}户：{effect.refusal}")
    return Waiver.objects.bulk_create(
        Waiver(
            region_id=home.region_id,
            household=home,
            first=asked.first,
            last=asked.last,
            reason=asked.reason,
            note=asked.note,
            entered_by=by.user,
        )
        for home in households
    )


@transaction.atomic
def end_early(*, waiver: Waiver, last: dt.date) -> None:
    """Let a waiver end on an earlier day than was said; `last` is its last day.

    Raises Refused for a day that is none of its own, or its last one already.
    """
    row = _standing(waiver)
    if row.first == row.last:
        raise Refused(
            f"这条免访只有 {row.first} 这一天，不能再提前；不该免访的，请点“撤销”。"
        )
    if not row.first <= last < row.last:
        raise Refused(
            f"最后一天要在 {row.first} 到 {row.last - dt.timedelta(days=1)} 之间；"
            "从头就不该免访的，请点“撤销”。"
        )
    row.last = waiver.last = last
    row.save(update_fields=["last"])


@transaction.atomic
def take_back(*, waiver: Waiver, reason: str, by: User) -> None:
    """Take a waiver back: the duty is as if it had never been, the row stays."""
    row = _standing(waiver)
    if not reason.strip():
        raise Refused("请写明为什么撤销。")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.withdrawal = reason.strip()[:100]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])


def _standing(waiver: Waiver) -> Waiver:
    """Return the row locked; raise Refused if somebody has taken it back meanwhile."""
    row = Waiver.objects.select_for_update().get(pk=waiver.pk)
    if row.withdrawn_at:
        raise Refused("这条免访已经撤销过，请返回重新打开。")
    return row
