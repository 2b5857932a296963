"""履职评议方案: the city's editions, and a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from appraisals.forms.appraisals import PlanForm
from appraisals.models import AppraisalPlan
from appraisals.rules.appraisals import Input, Part
from appraisals.services.plans import set_plan


@requires(Permission.APPRAISAL_PLAN)
@require_safe
def plans(request: PostRequest) -> HttpResponse:
    """List the editions, the latest first, with what each says."""
    rows = AppraisalPlan.objects.order_by("-year", "-effective_from")
    today = timezone.localdate()
    now = AppraisalPlan.objects.of_year(today.year, today)
    shown = [
        {
            "row": row,
            "parts": [(p.label, getattr(row, f"w_{p}")) for p in Part],
            "inputs": [(i.label, getattr(row, f"i_{i}")) for i in Input],
            "grades": row.scheme.grades,
            "is_now": now is not None and row.pk == now.pk,
        }
        for row in rows.select_related("set_by")
    ]
    return render(request, "appraisals/plans.html", {"plans": shown})


@requires(Permission.APPRAISAL_PLAN)
@once
def plan_new(request: PostRequest) -> HttpResponse:
    """Set a new edition; it begins with what the one in force says."""
    today = timezone.localdate()
    base = AppraisalPlan.objects.of_year(today.year, today) or AppraisalPlan()
    copy = AppraisalPlan(
        **{
            field.name: getattr(base, field.name)
            for field in AppraisalPlan._meta.local_fields
            if field.name not in {"id", "is_used", "set_by", "year", "effective_from"}
        },
        year=today.year,
        effective_from=today,
    )
    form = PlanForm(sent(request), instance=copy)
    if request.method == "POST" and form.is_valid():
        try:
            set_plan(given=form.edition(), on=today, by=acting(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "新方案已保存，从生效日期起发起的评议按它办。")
            return redirect("appraisals:plans")
    status = 422 if form.errors else 200
    return render(request, "appraisals/plan-new.html", {"form": form}, status=status)
