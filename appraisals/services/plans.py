"""The city's plan: a new edition begins, one that nobody used yet may be changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from appraisals.models import AppraisalPlan
from appraisals.rules.appraisals import plan_faults


@transaction.atomic
def set_plan(*, given: Mapping[str, Any], on: dt.date, by: Post) -> AppraisalPlan:
    """Add an edition, in force from `given["effective_from"]` on.

    Appraisals that are under way keep the edition they were begun under. Raises Refused
    for weights that do not add up, and for a day that is past.
    """
    row = AppraisalPlan(**given, set_by=by.user)
    if row.effective_from < on:
        raise Refused("生效日期不能早于今天，已经开始的评议按原来的方案办。")
    if faults := plan_faults(row.scheme, row.township_share):
        raise Refused("".join(faults.values()))
    same = AppraisalPlan.objects.filter(
        year=row.year, effective_from=row.effective_from
    )
    if same.filter(is_used=True).exists():
        raise Refused("这一天生效的方案已经有村在用，不能改。请换一个生效日期。")
    same.delete()
    row.save()
    return row
