"""培养对象, the party's list, and 示范村."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from appraisals.forms.honours import DemonstrationForm, GrowthEndForm, GrowthForm
from appraisals.learning import shown
from appraisals.models import AppraisalPlan, Demonstration, Growth
from appraisals.models.honours import GrowthKind
from appraisals.services import honours as services
from appraisals.views.appraisals import years_of
from regions.models import Level
from ui.asked import asked_year


@requires(Permission.GROWTH_KEEP)
@require_safe
def growth_list(request: PostRequest) -> HttpResponse:
    """List whom the party brings on, in the order of the roll; ended ones below."""
    rows = Growth.objects.select_related(
        "representative__group", "region__parent", "set_by", "ended_by"
    ).order_by(
        "region_id", "representative__group__number", "representative__initials", "pk"
    )
    place = acting(request).region
    context = {
        "standing": [row for row in rows if row.ended_on is None],
        "ended": [row for row in rows if row.ended_on is not None],
        "one_village": place.level == Level.VILLAGE,
    }
    return render(request, "appraisals/growth.html", context)


@requires(Permission.GROWTH_KEEP)
@once
def growth_new(request: PostRequest) -> HttpResponse:
    """登记培养对象 of one's own village."""
    post, today = acting(request), timezone.localdate()
    if post.region.level != Level.VILLAGE:
        messages.error(request, "培养对象由村（社区）党组织书记登记，镇里在这里看。")
        return redirect("appraisals:growth")
    form = GrowthForm(sent(request), village=post.region, initial={"started_on": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.bring_on(
                **given | {"kind": GrowthKind(given["kind"])}, on=today, by=post
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已登记：{given['representative'].name}。")
            return redirect("appraisals:growth")
    status = 422 if form.errors else 200
    return render(request, "appraisals/growth-new.html", {"form": form}, status=status)


@requires(Permission.GROWTH_KEEP)
def growth_end(request: PostRequest, pk: int) -> HttpResponse:
    """结束培养."""
    rows = Growth.objects.select_related("representative", "region__parent__parent")
    row, today = get_object_or_404(rows, pk=pk), timezone.localdate()
    request.place = row.region  # type: ignore[attr-defined]
    form = GrowthEndForm(sent(request), initial={"ended_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_growth(
                growth=row, **form.cleaned_data, on=today, by=acting(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已结束：{row.representative.name}。")
            return redirect("appraisals:growth")
    context = {"form": form, "row": row}
    status = 422 if form.errors else 200
    return render(request, "appraisals/growth-end.html", context, status=status)


@requires(Permission.HONOUR_VIEW)
@once
def demonstrations(request: PostRequest) -> HttpResponse:
    """List the 示范村 of a year in one's range; a township chooses its own here."""
    post, today = acting(request), timezone.localdate()
    year = asked_year(request.GET.get("year", ""), today)
    form = choosing(request, post)
    if form and request.method == "POST" and form.is_valid():
        try:
            services.choose_demonstration(
                **form.cleaned_data, year=year, on=today, by=post
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "示范村已确定。")
            return redirect(f"{request.path}?year={year}")
    plan = AppraisalPlan.objects.of_year(year, today)
    rows = Demonstration.objects.filter(year=year).select_related("region__parent")
    context = {
        "form": form,
        "year": year,
        "years": years_of(request, year, today.year),
        "rows": shown(list(rows.order_by("region_id")), year),
        "most": plan.demonstrations if plan else 0,
        "may_tour": post.may(Permission.TRAINING_KEEP)
        and post.region.level != Level.VILLAGE,
    }
    status = 422 if form and form.errors else 200
    return render(request, "appraisals/demonstrations.html", context, status=status)


def choosing(request: PostRequest, post: Post) -> DemonstrationForm | None:
    """Return the form of whoever chooses: a township for its own villages."""
    is_township = post.region.level == Level.TOWNSHIP
    if not post.may(Permission.DEMONSTRATION_KEEP) or not is_township:
        return None
    return DemonstrationForm(sent(request), township=post.region)


@requires(Permission.DEMONSTRATION_KEEP)
@require_POST
def demonstration_drop(request: PostRequest, pk: int) -> HttpResponse:
    """Take a 示范村 back."""
    row = get_object_or_404(Demonstration.objects.select_related("region"), pk=pk)
    where = row.get_absolute_url()
    services.drop_demonstration(row=row)
    messages.success(request, f"已取消{row.region.name}的示范村。")
    return redirect(where)
