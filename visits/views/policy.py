"""走访规则: the versions of the city's settings, a plan of new ones and its effect."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from jobs.models import Job
from ui.parts import Job as JobPart
from visits.forms.policy import PolicyForm, WithdrawPolicyForm
from visits.models import PlanState, Policy, PolicyPlan
from visits.rules import SOURCE_REPORT
from visits.services import planning
from visits.versions import EffectTable, Version, versions

MOST_PLANS = 5


@requires(Permission.POLICY_MANAGE)
@require_safe
def policy_list(request: PostRequest) -> HttpResponse:
    """List the versions, the one in force marked, and plans not put in force."""
    today = timezone.localdate()
    plans = PolicyPlan.objects.filter(state=PlanState.OPEN, effective_from__gt=today)
    context = {
        "versions": versions(Policy.objects.select_related("set_by"), today),
        "plans": plans.select_related("planned_by").order_by("-planned_at")[
            :MOST_PLANS
        ],
        "source": SOURCE_REPORT,
    }
    return render(request, "visits/policy_list.html", context)


@requires(Permission.POLICY_MANAGE)
@once
def policy_new(request: PostRequest) -> HttpResponse:
    """Plan new settings, beginning with those in force."""
    today = timezone.localdate()
    form = PolicyForm(sent(request), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            planned = planning.plan(
                content=form.content(), by=acting(request), on=today
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("visits:policy-plan", planned.pk)
    status = 422 if form.errors else 200
    return render(request, "visits/policy_new.html", {"form": form}, status=status)


@requires(Permission.POLICY_MANAGE)
@require_safe
def policy_plan(request: PostRequest, pk: int) -> HttpResponse:
    """Show what planned settings would change, township by township."""
    planned = get_object_or_404(PolicyPlan.objects.select_related("planned_by"), pk=pk)
    today = timezone.localdate()
    counted = planning.is_counted(planned)
    present = (v for v in versions(Policy.objects.all(), today) if v.in_force)
    context = {
        "plan": planned,
        "changes": Version.of(planned, today).changes(next(present, None)),
        "job": None if counted else part_of(planned),
        "table": EffectTable.of(planned.effects, planning.townships())
        if counted
        else None,
        "may_adopt": counted
        and planned.state == PlanState.OPEN
        and planned.effective_from > today,
    }
    return render(request, "visits/policy_plan.html", context)


@requires(Permission.POLICY_MANAGE)
@require_safe
def plan_progress(request: PostRequest, pk: int) -> HttpResponse:
    """Answer how far the counting is; the page is fetched anew when it is over."""
    planned = get_object_or_404(PolicyPlan, pk=pk)
    part = part_of(planned)
    if part is None or not part.running:
        return HttpResponseClientRefresh()
    return render(request, "components/job.html", {"job": part})


@requires(Permission.POLICY_MANAGE)
@require_POST
def adopt(request: PostRequest, pk: int) -> HttpResponse:
    """定下: put planned settings in force from their day."""
    planned = get_object_or_404(PolicyPlan, pk=pk)
    try:
        policy = planning.adopt(
            planned=planned, by=acting(request), on=timezone.localdate()
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("visits:policy-plan", pk)
    messages.success(request, f"已定下，{policy.effective_from} 起全市按新规则算。")
    return redirect("visits:policy-list")


@requires(Permission.POLICY_MANAGE)
def withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """撤回 settings that have not begun, with a reason."""
    policy, today = get_object_or_404(Policy, pk=pk), timezone.localdate()
    form = WithdrawPolicyForm(sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            planning.withdraw_policy(
                policy=policy, reason=reason, by=acting(request), on=today
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已撤回{policy}。")
            return redirect("visits:policy-list")
    context: dict[str, Any] = {"form": form, "version": Version.of(policy, today)}
    status = 422 if form.errors else 200
    return render(request, "visits/policy_withdraw.html", context, status=status)


STATES: dict[str, Any] = {
    "queued": "queued",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "failed",
}


def part_of(planned: PolicyPlan) -> JobPart | None:
    """Return the counting of a plan's effect as a page shows it; None if there is none."""
    job = Job.objects.filter(unique_key=planning.preview_key(planned)).first()
    if job is None:
        return None
    return JobPart(
        title="正在算影响",
        state=STATES[job.state],
        done=job.done,
        total=job.total or None,
        unit="个乡镇（街道）",
        poll_url=reverse("visits:policy-progress", args=[planned.pk]),
        note=job.message or "全市的户都按新规则算一遍，可以离开这一页，过会儿再来看。",
    )
