"""优秀代表: the list of a year, plaques and bonuses, who took them, the commendation."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from appraisals.forms.honours import AwardForm, CommendationForm, ReceiptForm
from appraisals.honour_papers import commendation_list
from appraisals.models import (
    Appraisal,
    AppraisalResult,
    Commendation,
    CommendationPhoto,
    Honour,
)
from appraisals.services import honours as services
from appraisals.views.appraisals import years_of
from attachments import views as attachments
from papers.answers import answer
from regions.models import Level, Region, inside
from ui.asked import asked_year


def outstanding(place: Region, year: int) -> list[AppraisalResult]:
    """Return the filed 优秀代表 of a place and year with their honours, as in the roll."""
    rows = inside(AppraisalResult.objects.excellent(year), place.scope)
    related = ("representative__group", "honour", "region__parent", "appraisal")
    return list(rows.select_related(*related).defer("rows").in_order())


@requires(Permission.HONOUR_VIEW)
@require_safe
def honours(request: PostRequest) -> HttpResponse:
    """List the 优秀代表 of a year in one's range, what they were given and who took it."""
    today, post = timezone.localdate(), acting(request)
    year = asked_year(request.GET.get("year", ""), today)
    results = outstanding(post.region, year)
    held = [one.honour for one in results if hasattr(one, "honour")]
    context = {
        "year": year,
        "years": years_of(request, year, today.year, Appraisal.objects.years()),
        "results": results,
        "waiting": sum(one.received_on is None for one in held),
        "amount": sum((one.amount for one in held if one.amount), start=0),
        "without": len(results) - len(held),
        "commendation": commendation_of(post, year),
        "one_village": post.region.level == Level.VILLAGE,
        "may_keep": post.may(Permission.HONOUR_KEEP),
        "may_import": post.may(Permission.HONOUR_KEEP)
        and post.may(Permission.WORKBOOK_IMPORT),
        "now": timezone.now(),
    }
    return render(request, "appraisals/honours.html", context)


def commendation_of(post: Post, year: int) -> dict[str, Any] | None:
    """Return the commendation of one's own place with its photos, if there was one."""
    row = Commendation.objects.filter(region=post.region, year=year).first()
    if row is None:
        return None
    photos = row.photos.filter(attachment__withdrawn_at=None)
    shown = attachments.shown(
        [one.attachment for one in photos.select_related("attachment").order_by("pk")],
        lambda one: reverse("appraisals:photo", args=[row.pk, one.pk]),
    )
    return {"row": row, "photos": shown}


@requires(Permission.HONOUR_KEEP)
def honour_award(request: PostRequest) -> HttpResponse:
    """登记表彰 of a year: plaque, bonus or gift for each 优秀代表."""
    today, post = timezone.localdate(), acting(request)
    year = asked_year(request.GET.get("year", ""), today)
    results = outstanding(post.region, year)
    form = AwardForm(sent(request), results=results)
    status = award(form, year, post) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, f"已登记 {len(form.awards())} 位优秀代表的表彰。")
        return redirect(list_of(year))
    context = {"form": form, "year": year, "results": results}
    return render(request, "appraisals/honour-award.html", context, status=status)


def award(form: AwardForm, year: int, by: Post) -> int:
    """Honour them; return 302, or the status of the refusal."""
    if not form.is_valid():
        return 422
    day = form.cleaned_data["awarded_on"]
    try:
        services.award(awards=form.awards(), year=year, awarded_on=day, by=by)
    except EditedMeanwhile as other:
        name = other.current.representative.name  # type: ignore[attr-defined]
        form.add_error(None, f"{name}的表彰别人刚改过，请重新打开这一页，核对后再改。")
        return 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return 422
    return 302


def list_of(year: int) -> str:
    """Return the address of a year's list."""
    return f"{reverse('appraisals:honours')}?year={year}"


@requires(Permission.HONOUR_KEEP)
def honour_receive(request: PostRequest, pk: int) -> HttpResponse:
    """登记领取."""
    rows = Honour.objects.select_related("representative", "region__parent__parent")
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    today = timezone.localdate()
    initial = {
        "received_on": row.received_on or today,
        "receiver": row.receiver or row.representative.name,
        "version": row.version,
    }
    form = ReceiptForm(sent(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = receive(form, row, today)
        if status == 302:
            messages.success(request, f"已登记：{form.cleaned_data['receiver']}领取。")
            return redirect(list_of(row.year))
    context = {"form": form, "row": row}
    return render(request, "appraisals/honour-receive.html", context, status=status)


def receive(form: ReceiptForm, row: Honour, today: dt.date) -> int:
    """Note who took it; return 302, or the status of the refusal."""
    if not form.is_valid():
        return 422
    try:
        services.receive(honour=row, on=today, **form.cleaned_data)
    except EditedMeanwhile as other:
        form.add_error(None, str(other))
        return 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return 422
    return 302


@requires(Permission.HONOUR_KEEP)
@once
def commendation(request: PostRequest) -> HttpResponse:
    """登记集中表彰 of one's own place and a year."""
    today, post = timezone.localdate(), acting(request)
    year = asked_year(request.GET.get("year", ""), today)
    held = Commendation.objects.filter(region=post.region, year=year).first()
    initial = {
        "held_on": held.held_on if held else today,
        "place": held.place if held else "",
        "words": held.words if held else "",
    }
    form = CommendationForm(sent(request), request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.commend(region=post.region, year=year, by=post, **form.cleaned_data)
        messages.success(request, "集中表彰已登记。")
        return redirect(list_of(year))
    context = {"form": form, "year": year, "place": post.region}
    status = 422 if form.errors else 200
    return render(request, "appraisals/commendation.html", context, status=status)


@requires(Permission.HONOUR_VIEW)
@require_safe
def photo(request: PostRequest, pk: int, attachment: Any) -> HttpResponse:
    """Answer with a group photo."""
    photos = CommendationPhoto.objects.select_related("attachment")
    found = get_object_or_404(photos, commendation=pk, attachment=attachment)
    preview = "preview" in request.GET
    return attachments.answer(request, found.attachment, preview=preview)


@requires(Permission.HONOUR_VIEW)
@require_safe
def honour_paper(request: PostRequest) -> HttpResponse:
    """表彰名单 and 领取签收表 of a year, to print or as .docx."""
    today, post = timezone.localdate(), acting(request)
    year = asked_year(request.GET.get("year", ""), today)
    results = outstanding(post.region, year)
    if not results:
        messages.error(request, f"{year} 年还没有优秀代表，没有名单可以打印。")
        return redirect(list_of(year))
    paper = commendation_list(post.region, year, results, today)
    return answer(request, paper, back=list_of(year))
