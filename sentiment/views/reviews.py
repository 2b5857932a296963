"""The desk of the month's 民情分析会: four steps, each kept while one writes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.editing import Difference, EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from regions.models import Level
from sentiment import review_queue
from sentiment.forms.reviews import BeginForm, CovenantsForm, ItemForm, MeetingForm
from sentiment.models import Review, ReviewItem
from sentiment.review_desk import Desk
from sentiment.services import reviews as services
from ui.asked import asked_version

UNDECIDED = "还没有定。请点一种办法再记下；要放一放，请点“先看下一件”。"


def desk_of(request: PostRequest, pk: int) -> Desk:
    """Return a review of the open scope at its desk; Http404 if it is closed."""
    reviews = Review.objects.select_related("region__parent")
    review = get_object_or_404(reviews, pk=pk)
    request.place = review.region  # type: ignore[attr-defined]
    return Desk(review, timezone.localdate())


@requires(Permission.REVIEW_PREPARE)
@require_POST
def review_begin(request: PostRequest) -> HttpResponse:
    """Begin the review of a month, or go on with it."""
    village = acting(request).region
    form = BeginForm(request.POST)
    if village.level != Level.VILLAGE or not form.is_valid():
        messages.error(request, "没有看懂要准备哪个月的，请在下面点按钮。")
        return redirect("sentiment:reviews")
    try:
        review = services.begin(
            village=village, month=form.cleaned_data["month"], by=acting(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("sentiment:reviews")
    return redirect("sentiment:review-data", review.pk)


@requires(Permission.REVIEW_PREPARE)
@require_safe
def review_data(request: PostRequest, pk: int) -> HttpResponse:
    """看数据: the month in numbers, each with the list behind it."""
    desk = desk_of(request, pk)
    if desk.is_closed:
        return redirect(desk.review)
    return render(request, "sentiment/review-data.html", shown(desk, "data"))


def shown(desk: Desk, now: str, **more: Any) -> dict[str, Any]:
    """Return what every step's page needs."""
    return {"desk": desk, "review": desk.review, "steps": desk.steps(now)} | more


# --- 逐件研判 -----------------------------------------------------------------------


@requires(Permission.REVIEW_PREPARE)
@require_safe
def review_items(request: PostRequest, pk: int) -> HttpResponse:
    """Go to the first matter that nobody has decided on."""
    desk = desk_of(request, pk)
    if desk.is_closed:
        return redirect(desk.review)
    queue = desk.queue
    first = queue.next_to_decide() or next(iter(queue.matters), None)
    if first is None:
        return render(request, "sentiment/review-none.html", shown(desk, "items"))
    return redirect("sentiment:review-item", desk.review.pk, first.issue.pk)


@requires(Permission.REVIEW_PREPARE)
def review_item(request: PostRequest, pk: int, issue: int) -> HttpResponse:
    """Decide on one matter; by itself while one writes, or by 记下，看下一件."""
    desk = desk_of(request, pk)
    if desk.is_closed:
        return redirect(desk.review)
    matter = desk.queue.get(issue)
    if matter is None:
        messages.info(request, "这一件已经不用研判了，接着看别的。")
        return redirect("sentiment:review-items", pk)
    values = ItemForm.values(matter.item)
    kind = {"township": desk.township}
    if request.method != "POST":
        form, was = (
            ItemForm(initial=values, **kind),
            ItemForm(initial=values, prefix="was", **kind),
        )
        return item_page(request, desk, matter, form, was)
    form = ItemForm(request.POST, **kind)
    was = ItemForm(request.POST, prefix="was", **kind)
    return item_sent(request, desk, matter, (form, was))


def item_sent(
    request: PostRequest,
    desk: Desk,
    matter: review_queue.Matter,
    sent: tuple[ItemForm, ItemForm],
) -> HttpResponse:
    """Keep what was decided, and go on to the next matter unless it saved itself."""
    form, was = sent
    try:
        item, clashes = decided(desk, matter, form, was)
    except Refused as refused:
        form.add_error(None, str(refused))
        item, clashes = None, []
    if item is None or clashes:
        return unsaved(request, desk, matter, form, was, clashes)
    fresh = ItemForm.values(item)
    if is_autosave(request):
        filled = [
            name for name, value in fresh.items() if form.cleaned_data[name] != value
        ]
        return saved(
            request,
            ItemForm(initial=fresh, township=desk.township),
            ItemForm(initial=fresh, prefix="was", township=desk.township),
            filled,
        )
    if not item.decision:
        form.add_error("decision", UNDECIDED)
        was = ItemForm(initial=fresh, prefix="was", township=desk.township)
        return item_page(request, desk, matter, form, was, status=422)
    return after(desk, matter)


def decided(
    desk: Desk, matter: review_queue.Matter, form: ItemForm, was: ItemForm
) -> tuple[ReviewItem | None, list[Difference]]:
    """Keep a decision if the form is in order."""
    if not form.is_valid():
        return None, []
    before = was.cleaned_data if was.is_valid() else {}
    hints = review_queue.hints_for(desk.review, desk.village, desk.on)
    return services.decide_item(
        review=desk.review,
        issue=matter.issue,
        given=form.given(),
        was=before,
        hints=hints.of(matter.issue),
    )


def after(desk: Desk, matter: review_queue.Matter) -> HttpResponse:
    """Return to the next matter without a decision, or to the next step."""
    here = matter.issue.pk
    queue = review_queue.queue_of(desk.review, desk.on)
    following = queue.next_to_decide(after=here)
    if following is None:
        return redirect("sentiment:review-covenants", desk.review.pk)
    return redirect("sentiment:review-item", desk.review.pk, following.issue.pk)


def unsaved(
    request: PostRequest,
    desk: Desk,
    matter: review_queue.Matter,
    form: ItemForm,
    was: ItemForm,
    clashes: list[Difference],
) -> HttpResponse:
    """Show what is wrong, or what somebody else wrote; nothing typed is lost."""
    stored = ReviewItem.objects.filter(review=desk.review, issue=matter.issue).first()
    if clashes:
        was = ItemForm(
            initial=ItemForm.values(stored), prefix="was", township=desk.township
        )
    if is_autosave(request):
        return trouble(request, form, was, clashes)
    status = 409 if clashes else 422
    return item_page(request, desk, matter, form, was, status=status, clashes=clashes)


def item_page(
    request: PostRequest,
    desk: Desk,
    matter: review_queue.Matter,
    form: ItemForm,
    was: ItemForm,
    status: int = 200,
    clashes: list[Difference] | None = None,
) -> HttpResponse:
    """Draw the queue and one matter."""
    before, following = desk.queue.around(matter.issue.pk)
    context = shown(
        desk,
        "items",
        matter=matter,
        form=form,
        was=was,
        before=before,
        after=following,
        clashes=clashes or [],
    )
    return render(request, "sentiment/review-item.html", context, status=status)


# --- 双约双评意见, 核对 -----------------------------------------------------------------


@requires(Permission.REVIEW_PREPARE)
def review_covenants(request: PostRequest, pk: int) -> HttpResponse:
    """双约双评意见: what people said of it, and the text that goes into the minutes."""
    desk = desk_of(request, pk)
    values = {"covenants_say": desk.review.covenants_say}

    def build(**more: Any) -> CovenantsForm:
        return CovenantsForm(**more)

    return text_step(request, desk, "covenants", build, values, "meeting")


@requires(Permission.REVIEW_PREPARE)
def review_meeting(request: PostRequest, pk: int) -> HttpResponse:
    """核对并提交: who was there, what was said, what follows."""
    desk = desk_of(request, pk)
    values = MeetingForm.values(desk.review)
    suggested = {
        "held_on": desk.on,
        "people": [person.name for person in desk.people],  # at first all were there
        "members": services.members_before(desk.review),
        "conclusion": services.conclusion_of(desk.queue),
        "last_month": desk.last_month,
    }
    values |= {name: value for name, value in suggested.items() if not values[name]}

    def build(**more: Any) -> MeetingForm:
        return MeetingForm(names=desk.names, **more)

    return text_step(request, desk, "meeting", build, values, "check")


def text_step(
    request: PostRequest, desk: Desk, step: str, build: Any, values: Any, then: str
) -> HttpResponse:
    """Show and keep one of the two steps that are texts."""
    if desk.is_closed:
        return redirect(desk.review)
    if request.method != "POST":
        form, was = (
            build(initial=values),
            build(initial=stored(desk, step), prefix="was"),
        )
        return text_page(request, desk, step, form, was)
    form, was = build(data=request.POST), build(data=request.POST, prefix="was")
    try:
        clashes = kept(desk, form, was)
    except Refused as refused:
        form.add_error(None, str(refused))
        clashes = []
    if form.errors or clashes:
        if clashes:
            desk.review.refresh_from_db()
            was = build(initial=stored(desk, step), prefix="was")
        if is_autosave(request):
            return trouble(request, form, was, clashes)
        return text_page(
            request, desk, step, form, was, 409 if clashes else 422, clashes
        )
    if is_autosave(request):
        fresh = build(initial=form.cleaned_data, prefix="was")
        return saved(request, form, fresh, [])
    return redirect(f"sentiment:review-{then}", desk.review.pk)


def stored(desk: Desk, step: str) -> dict[str, Any]:
    """Return what is stored, as the form has it: a suggestion on the page is not."""
    if step == "covenants":
        return {"covenants_say": desk.review.covenants_say}
    return MeetingForm.values(desk.review)


def kept(desk: Desk, form: Any, was: Any) -> list[Difference]:
    """Keep the texts of a form that is in order; return what somebody else changed."""
    if not form.is_valid():
        return []
    before = was.given() if was.is_valid() else {}
    _, clashes = services.save_texts(review=desk.review, given=form.given(), was=before)
    return clashes


def text_page(
    request: PostRequest,
    desk: Desk,
    step: str,
    form: forms.Form,
    was: forms.Form,
    status: int = 200,
    clashes: list[Difference] | None = None,
) -> HttpResponse:
    """Draw a step that is texts."""
    context = shown(desk, step, form=form, was=was, clashes=clashes or [])
    return render(request, f"sentiment/review-{step}.html", context, status=status)


@requires(Permission.REVIEW_PREPARE)
@require_safe
def review_check(request: PostRequest, pk: int) -> HttpResponse:
    """Check everything that the township will get, before it is sent."""
    desk = desk_of(request, pk)
    if desk.is_closed:
        return redirect(desk.review)
    may_submit = acting(request).may(Permission.REVIEW_HOLD)
    context = shown(desk, "meeting", may_submit=may_submit)
    return render(request, "sentiment/review-check.html", context)


@requires(Permission.REVIEW_HOLD)
@require_POST
def review_submit(request: PostRequest, pk: int) -> HttpResponse:
    """提交: the decisions go to whoever has to carry them out."""
    desk = desk_of(request, pk)
    try:
        services.submit(
            review=desk.review,
            version=asked_version(request.POST.get("version")),
            by=acting(request),
        )
    except EditedMeanwhile:
        messages.warning(request, "您核对的时候别人又改过，请再看一遍再提交。")
        return redirect("sentiment:review-check", pk)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("sentiment:review-check", pk)
    messages.success(request, f"已提交给{desk.township}，定下的事已经交办。")
    return redirect(desk.review)


# --- what saves itself -------------------------------------------------------------------


def is_autosave(request: PostRequest) -> bool:
    """Say whether the page saved by itself rather than by its button."""
    return bool(getattr(request, "htmx", False))


def saved(
    request: PostRequest, form: forms.Form, was: forms.Form, filled: list[str]
) -> HttpResponse:
    """Answer a page that saved itself: what is stored, and fields that were filled in."""
    for name in filled:
        form.fields[name].widget.attrs["hx-swap-oob"] = "true"
    context = {
        "was": was,
        "filled": [form[name] for name in filled if name != "decision"],
        "now": timezone.localtime(),
    }
    return render(request, "sentiment/_saved.html", context)


def trouble(
    request: PostRequest, form: forms.Form, was: forms.Form, clashes: list[Difference]
) -> HttpResponse:
    """Answer a page that could not save itself, in words."""
    context = {"was": was, "form": form, "clashes": clashes}
    return render(request, "sentiment/_saved.html", context, status=422)
