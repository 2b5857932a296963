"""Reading 民情分析会: a village its own, a township all of its villages side by side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.masking import mask_text
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, sent, stand_in
from accounts.services import Refused
from papers.answers import answer
from regions.models import Level, Region
from sentiment import duties, papers, review_board
from sentiment.forms.reviews import ReturnForm
from sentiment.models import Review, ReviewState
from sentiment.review_desk import Desk
from sentiment.services import reviews as services
from ui.asked import asked_month


@requires(Permission.REVIEW_READ)
@require_safe
def reviews(request: PostRequest) -> HttpResponse:
    """The village's months; above a village, which of those below have submitted."""
    return board(request, acting(request).region)


@requires(Permission.REVIEW_READ)
@require_safe
def reviews_below(request: PostRequest, code: int) -> HttpResponse:
    """The same of a place below."""
    return board(request, stand_in(request, code))


def board(request: PostRequest, place: Region) -> HttpResponse:
    """Show a place's reviews by its level."""
    if place.level == Level.VILLAGE:
        return village_months(request, place)
    today = timezone.localdate()
    month = asked_month(request.GET.get("month", ""), today)
    context: dict[str, Any] = {
        "place": place,
        "month": month,
        "months": review_board.months(place, today),
        "is_over": review_board.is_over(month, today),
        "last_day": services.last_day(month),
        "may_export": acting(request).may(Permission.ROLL_EXPORT),
        "now": timezone.now(),
    }
    if place.level == Level.TOWNSHIP:
        context["lines"] = review_board.village_lines(place, month, today)
        return render(request, "sentiment/reviews-township.html", context)
    context["lines"] = review_board.township_lines(place, month)
    context["villages"], context["submitted"] = review_board.total(context["lines"])
    return render(request, "sentiment/reviews-city.html", context)


def village_months(request: PostRequest, village: Region) -> HttpResponse:
    """Show a village's months, and what it owes now."""
    today, post = timezone.localdate(), acting(request)
    months = review_board.months(village, today)
    reviews = Review.objects.current().filter(region=village)
    held = {review.month: review for review in reviews}
    prepares = post.may(Permission.REVIEW_PREPARE) and post.region_id == village.code
    context = {
        "place": village,
        "lines": [(month, held.get(month)) for month in months],
        "current": held.get(months[0]),
        "month": months[0],
        "last": months[1],
        "last_held": held.get(months[1]),
        "since": months[-1],
        "duty": duties.review_duties(today).filter(region=village).first(),
        "why": duties.explain_review(village.code, today),
        "prepares": prepares,
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "sentiment/reviews.html", context)


@requires(Permission.REVIEW_READ)
@require_safe
def review(request: PostRequest, pk: int) -> HttpResponse:
    """Read one review; one in work says so."""
    found, post = review_or_404(request, pk), acting(request)
    is_draft = found.state == ReviewState.DRAFT
    if is_draft and post.may(Permission.REVIEW_PREPARE):
        return redirect("sentiment:review-data", pk)
    desk = read_by(acting(request), found)
    context = {
        "desk": desk,
        "review": found,
        "is_draft": is_draft,
        "later": Review.objects.filter(corrects=found).first(),
        "corrects": may_correct(request, found),
        "returns": post.may(Permission.REVIEW_RETURN)
        and found.state == ReviewState.SUBMITTED,
    }
    return render(request, "sentiment/review.html", context)


def read_by(post: Post, found: Review) -> Desk:
    """Return a review as the holder of `post` may read it.

    Outside the village numbers in what was said and written are hidden.
    """
    outside = post.region.level != Level.VILLAGE
    if outside:
        hide_numbers(found)
    return Desk(found, timezone.localdate(), is_masked=outside)


def hide_numbers(found: Review) -> None:
    """Hide phone and ID numbers in a review's texts, on the page alone."""
    for name in services.TEXTS:
        value = getattr(found, name)
        if isinstance(value, str):
            setattr(found, name, mask_text(value))


def may_correct(request: PostRequest, found: Review) -> bool:
    """Say whether a new version may be opened from here."""
    is_open = found.state in (ReviewState.SUBMITTED, ReviewState.RETURNED)
    return is_open and acting(request).may(Permission.REVIEW_HOLD)


@requires(Permission.REVIEW_READ)
@require_safe
def reviews_together(request: PostRequest, code: int) -> HttpResponse:
    """Read all reviews of a township's month side by side."""
    place, today = stand_in(request, code), timezone.localdate()
    if place.level != Level.TOWNSHIP:
        return redirect("sentiment:reviews-below", code)
    month = asked_month(request.GET.get("month", ""), today)
    found = review_board.reviews_in(place, month)
    found = found.filter(state__in=(ReviewState.SUBMITTED, ReviewState.RETURNED))
    shown = list(found.prefetch_related("items__issue").order_by("region"))
    for one in shown:
        hide_numbers(one)
        for item in one.items.all():
            item.issue.words = mask_text(item.issue.words)
    context = {"place": place, "month": month, "reviews": shown}
    return render(request, "sentiment/reviews-together.html", context)


@requires(Permission.REVIEW_RETURN)
def review_return(request: PostRequest, pk: int) -> HttpResponse:
    """退回 a review with a reason."""
    found = review_or_404(request, pk)
    form = ReturnForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.give_back(
                review=found, reason=form.cleaned_data["reason"], by=acting(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已退回{found.region.name}，村里看得到原因。")
            return redirect(found)
    context = {"form": form, "review": found, "desk": Desk(found, timezone.localdate())}
    status = 422 if form.errors else 200
    return render(request, "sentiment/review-return.html", context, status=status)


@requires(Permission.REVIEW_HOLD)
@require_POST
def review_correct(request: PostRequest, pk: int) -> HttpResponse:
    """更正: open a new version and go to its last step."""
    found = review_or_404(request, pk)
    try:
        fresh = services.correct(review=found, by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(found)
    messages.success(request, "已开出更正稿，改好后再提交；原来的一份留底。")
    return redirect("sentiment:review-meeting", fresh.pk)


@requires(Permission.REVIEW_READ)
@require_safe
def review_paper(request: PostRequest, pk: int) -> HttpResponse:
    """The minutes, to print or as a document."""
    found = review_or_404(request, pk)
    if found.state == ReviewState.DRAFT and not acting(request).may(
        Permission.REVIEW_PREPARE
    ):
        raise Http404
    paper = papers.review_minutes(read_by(acting(request), found))
    return answer(request, paper, back=found.get_absolute_url())


def review_or_404(request: PostRequest, pk: int) -> Review:
    """Return a review of the open scope, and put its village on the path."""
    reviews = Review.objects.select_related(
        "region__parent", "submitted_by", "returned_by", "corrects"
    )
    found = get_object_or_404(reviews, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found
