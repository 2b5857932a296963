"""评村: the villages of a township in one list, a village's points with their evidence."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from attachments import views as attachments
from evaluations.announcing import village_announcement
from evaluations.forms.villages import ConfirmForm, ManualForm, ReopenForm
from evaluations.models import ManualPoints, SchemeItem, VillageRating
from evaluations.models.schemes import scheme_for
from evaluations.models.villages import VillageState
from evaluations.rules import villages as rules
from evaluations.rules.schemes import MOST_MANUAL, Scope
from evaluations.services import villages as services
from evaluations.views.notices import written
from evaluations.village_lines import counted
from notices.models import State
from regions.models import Level, Region
from sentiment.models import Review
from ui.asked import asked_year
from ui.parts import Segment

PER_PAGE = 50


@requires(Permission.RATING_VIEW)
@require_safe
def village_ratings(request: PostRequest) -> HttpResponse:
    """List the year's village ratings of one's range, in administrative order."""
    post, year = acting(request), year_of(request)
    rows = VillageRating.objects.filter(year=year).select_related(
        "region__parent", "tier", "notice"
    )
    page = Paginator(rows.order_by("region"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "year": year,
        "years": years_shown(year),
        "is_recent": services.may_begin(year, timezone.localdate()),
        "scheme": scheme_for(post.region, year, Scope.VILLAGE),
        "may_begin": post.may(Permission.RATING_FILE)
        and post.region.level == Level.TOWNSHIP
        and services.may_begin(year, timezone.localdate()),
        "may_import": post.may(Permission.RATING_FILE)
        and post.may(Permission.WORKBOOK_IMPORT),
        "is_city": post.region.level == Level.CITY,
    }
    return render(request, "evaluations/village_ratings.html", context)


def years_shown(chosen: int) -> list[Segment]:
    """Return the switch of years: this one, the last, and those that have ratings."""
    this = timezone.localdate().year
    held = VillageRating.objects.order_by().values_list("year", flat=True).distinct()
    return [
        Segment(f"{year} 年", f"?year={year}", current=year == chosen)
        for year in sorted({this, this - 1, chosen, *held}, reverse=True)
    ]


def year_of(request: PostRequest) -> int:
    """Return the year that the form or the address asks for; this one for none."""
    given = request.POST.get("year") or request.GET.get("year", "")
    return asked_year(given, timezone.localdate())


@requires(Permission.RATING_FILE)
@require_POST
def village_rating_begin(request: PostRequest) -> HttpResponse:
    """Begin the year's rating for every village of one's township."""
    post, year = acting(request), year_of(request)
    villages = list(Region.objects.villages().current().filter(parent=post.region_id))
    try:
        count = services.begin(
            year=year, villages=villages, on=timezone.localdate(), by=post
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{count} 个村的评定已启动。")
    return redirect(f"{reverse('evaluations:village-ratings')}?year={year}")


def rating_or_404(request: PostRequest, pk: int) -> VillageRating:
    """Return a village's rating of one's range, and put the village on the path."""
    rows = VillageRating.objects.select_related(
        "region__parent__parent", "scheme__owner", "tier", "notice", "confirmed_by"
    ).prefetch_related("scheme__categories__items", "scheme__tiers")
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return row


@requires(Permission.RATING_VIEW)
@require_safe
def village_rating(request: PostRequest, pk: int) -> HttpResponse:
    """Show a village's points, each with the page that it was counted from."""
    row = rating_or_404(request, pk)
    return render(request, "evaluations/village_rating.html", shown(request, row))


def shown(
    request: PostRequest, row: VillageRating, form: ManualForm | None = None
) -> dict[str, Any]:
    """Return what the page of a village's rating needs."""
    post, edition = acting(request), row.scheme.edition()
    scoring = row.state == VillageState.SCORING
    files = post.may(Permission.RATING_FILE)
    context: dict[str, Any] = {
        "row": row,
        "edition": edition,
        "scoring": scoring,
        "most": MOST_MANUAL,
        "confirm": ConfirmForm() if scoring and files else None,
        "form": form or (manual_form(row) if scoring and files else None),
        "next": next_step(row) if files else "",
        "reviews": reviews_of(row),
    }
    if scoring:
        found, lines = counted(row, edition, timezone.localdate())
        total = rules.total(found)
        key = rules.tier_key(edition, total)
        context |= {
            "lines": lines,
            "total": total,
            "reaches": next(tier.name for tier in edition.tiers if tier.key == key),
        }
    else:
        context |= {"lines": row.lines, "total": row.total, "reaches": str(row.tier)}
    return context


def next_step(row: VillageRating) -> str:
    """Return what the township does next with a confirmed village; nothing for others."""
    if row.state != VillageState.CONFIRMED or row.tier is None:
        return ""
    if not row.tier.is_public:
        return "file"
    held = row.notice
    if held is None or held.state == State.WITHDRAWN:
        return "write"
    return "publish" if held.state == State.DRAFT else "file"


def reviews_of(row: VillageRating) -> list[Review]:
    """Return the year's monthly reviews that say what people think of 双约双评."""
    held = Review.objects.submitted().filter(region=row.region_id, month__year=row.year)
    return list(held.exclude(covenants_say="").order_by("-month"))


@requires(Permission.RATING_VIEW)
@require_safe
def village_rating_evidence(request: PostRequest, pk: int, item: int) -> HttpResponse:
    """Answer with the file behind points that were given by hand."""
    rows = ManualPoints.objects.select_related("evidence")
    mark = get_object_or_404(rows, rating=pk, item=item, evidence__isnull=False)
    return attachments.answer(request, mark.evidence, preview="preview" in request.GET)


def manual_form(row: VillageRating, data: Any = None, files: Any = None) -> ManualForm:
    """Return the form of the points that are given by hand."""
    items = SchemeItem.objects.filter(category__scheme=row.scheme, measure="")
    ordered = items.select_related("category").order_by("category__order", "order")
    held = {one.item_id: one for one in row.manual.all()}
    return ManualForm(data, files, items=list(ordered), held=held)


@requires(Permission.RATING_FILE)
@require_POST
def village_rating_mark(request: PostRequest, pk: int) -> HttpResponse:
    """Save the points that are given by hand."""
    row = rating_or_404(request, pk)
    form = manual_form(row, request.POST, request.FILES)
    if form.is_valid():
        try:
            services.mark_all(rating=row, marks=form.given(), by=acting(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "打分已保存。")
            return redirect(row)
    context = shown(request, row, form)
    return render(request, "evaluations/village_rating.html", context, status=422)


@requires(Permission.RATING_FILE)
@require_POST
def village_rating_confirm(request: PostRequest, pk: int) -> HttpResponse:
    """Freeze a village's points and give it its grade."""
    row = rating_or_404(request, pk)
    form = ConfirmForm(request.POST)
    remark = form.cleaned_data["remark"] if form.is_valid() else ""
    try:
        done = services.confirm(
            rating=row, remark=remark, on=timezone.localdate(), by=acting(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{row.region.name}评为{done.tier}，分数不能再改。")
    return redirect(row)


@requires(Permission.RATING_FILE)
def village_rating_notice(request: PostRequest, pk: int) -> HttpResponse:
    """Write the notice of a praised village."""
    row = rating_or_404(request, pk)
    content = village_announcement(row)
    return written(
        request,
        row,
        content,
        lambda terms: services.draft_notice(
            rating=row, content=content, terms=terms, on=timezone.localdate()
        ),
    )


@requires(Permission.RATING_FILE)
def village_rating_reopen(request: PostRequest, pk: int) -> HttpResponse:
    """Ask for the reason, and take a confirmed village back to its points."""
    row, form = rating_or_404(request, pk), ReopenForm(sent(request))
    if request.method == "POST" and form.is_valid():
        today, by = timezone.localdate(), acting(request)
        try:
            services.reopen(rating=row, on=today, by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已退回打分，改好以后重新确定等次。")
            return redirect(row)
    status = 422 if form.errors else 200
    context = {"row": row, "form": form}
    name = "evaluations/village_rating_reopen.html"
    return render(request, name, context, status=status)


@requires(Permission.RATING_FILE)
@require_POST
def village_rating_file(request: PostRequest, pk: int) -> HttpResponse:
    """File a village's rating."""
    row = rating_or_404(request, pk)
    try:
        services.file(rating=row, on=timezone.localdate(), by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{row.region.name}的评定已备案。")
    return redirect(row)
