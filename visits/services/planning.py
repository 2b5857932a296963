"""New settings of the visiting duty: planned, looked at, put in force, withdrawn."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Action, Post
from accounts.services import Refused
from households.models import Household
from jobs import services as jobs
from jobs.models import Job
from regions.models import Region
from regions.scoping import narrowed
from visits import rules
from visits.effects import effect_of
from visits.facts import as_rule
from visits.models import PlanState, Policy, PolicyPlan

PREVIEW, RECOMPUTE = "visits.preview_policy", "visits.recompute"
AT_ONCE = 20_000
"""Households up to which the effect is counted in the request: about a second."""
TAKEN = "{day} 已经有一版规则了。请换一天，或先撤回那一版。"


@transaction.atomic
def plan(*, content: Mapping[str, Any], by: Post, on: dt.date) -> PolicyPlan:
    """Keep settings that somebody considers, and count what they would change.

    In a small city at once, else by a job. Raises Refused for settings that may not
    be, in words.
    """
    planned = PolicyPlan(region_id=by.region_id, planned_by=by.user, **content)
    refuse_faults(planned, on)
    planned.save()
    if Household.objects.living().count() <= AT_ONCE:
        for township in townships():
            count_effect(planned, township)
        return planned
    jobs.ask(
        kind=PREVIEW,
        title=f"计算{planned}的影响",
        region=by.region_id,
        on=on,
        unique_key=preview_key(planned),
        arguments={"plan": planned.pk},
        by=by,
    )
    return planned


def refuse_faults(planned: PolicyPlan, on: dt.date) -> None:
    """Raise Refused with the first fault of settings, or if their day is taken."""
    for fault in rules.policy_faults(as_rule(planned), on).values():
        raise Refused(fault)
    if Policy.objects.filter(effective_from=planned.effective_from).exists():
        raise Refused(TAKEN.format(day=planned.effective_from))


def preview_key(planned: PolicyPlan) -> str:
    """Return the key of the job that counts what a plan would change."""
    return f"{PREVIEW}:{planned.pk}"


def townships() -> list[Region]:
    """Return the townships of the city, in their order."""
    return list(Region.objects.current().townships().order_by("code"))


@transaction.atomic
def count_effect(planned: PolicyPlan, township: Region) -> None:
    """Count what a plan would change in one township, and keep it with the plan."""
    with narrowed(township.code):
        effect = effect_of(planned)
    row = PolicyPlan.objects.select_for_update().get(pk=planned.pk)
    row.effects[str(township.code)] = effect
    row.save(update_fields=["effects"])
    planned.effects = row.effects


def preview(job: Job) -> str:
    """Count for every township what a plan would change; safe to repeat."""
    with transaction.atomic():
        planned, places = PolicyPlan.objects.get(pk=job.arguments["plan"]), townships()
    for done, township in enumerate(places, start=1):
        if str(township.code) not in planned.effects:
            count_effect(planned, township)
        jobs.report(job, done=done, total=len(places))
    return "影响已经算好。"


def is_counted(planned: PolicyPlan) -> bool:
    """Return whether the effect on every township is known."""
    return {str(township.code) for township in townships()} <= set(planned.effects)


@transaction.atomic
def adopt(*, planned: PolicyPlan, by: Post, on: dt.date) -> Policy:
    """Put planned settings in force from their day, for the whole city.

    Raises Refused if their effect has not been looked at, their day has come meanwhile
    or is taken.
    """
    row = PolicyPlan.objects.select_for_update().get(pk=planned.pk)
    if row.state == PlanState.ADOPTED:
        raise Refused("这一版规则已经定下了。")
    if not is_counted(row):
        raise Refused("影响还没有算完，请算完、看过以后再定。")
    refuse_faults(row, on)
    try:
        with transaction.atomic():
            policy = Policy.objects.create(**row.content, set_by=by.user)
    except IntegrityError as taken:
        raise Refused(TAKEN.format(day=row.effective_from)) from taken
    row.state = PlanState.ADOPTED
    row.save(update_fields=["state"])
    ask_to_recompute(f"{policy.pk}", on)
    _record("定下", policy, by)
    return policy


@transaction.atomic
def withdraw_policy(*, policy: Policy, reason: str, by: Post, on: dt.date) -> None:
    """Withdraw settings that have not begun; it is as if they had never been set.

    Raises Refused for settings that are or were in force, or without a reason.
    """
    if policy.effective_from <= on:
        raise Refused(
            "这一版规则已经生效，不能撤回。要改，请从以后的某一天起定新的规则。"
        )
    if not reason.strip():
        raise Refused("请写明撤回的原因。")
    key = f"{policy.pk}:withdrawn"
    _record("撤回", policy, by, reason.strip())
    policy.delete()
    ask_to_recompute(key, on)


def ask_to_recompute(key: str, on: dt.date) -> None:
    """Ask for every stored due date anew, one job for each township.

    Known beginnings count from the day they are known (rule 7 of `visits.rules`), so
    the dates are right at once; what depends on the day itself turns with the night.
    """
    for township in townships():
        jobs.ask(
            kind=RECOMPUTE,
            title=f"{township.name}：按新规则重算走访期限",
            region=township.code,
            on=on,
            unique_key=f"{RECOMPUTE}:{key}",
        )


def _record(verb: str, policy: Policy, by: Post, reason: str = "") -> None:
    audit.record(
        Action.POLICY_SET,
        region=by.region_id,
        by=by.user,
        subject=f"{verb}{policy}",
        reason=reason,
    )
