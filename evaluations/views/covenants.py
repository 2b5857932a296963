"""Covenants: the two of a village, their texts and dates; who lacks what below."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from attachments import views as attachments
from evaluations.forms.covenants import NAMES, CovenantForm, EditDatesForm, TextForm
from evaluations.models import Covenant, CovenantVersion
from evaluations.rules import covenants as rules
from evaluations.rules.covenants import SLOTS, WARNING
from evaluations.services import covenants as services
from regions.models import Level, Region
from regions.scoping import span
from representatives.rules import Finding

PER_PAGE = 50


@dataclass(frozen=True)
class Slot:
    """One of the two slots of a village: what is in it, and what that lacks."""

    number: int
    text: CovenantVersion | None
    findings: tuple[Finding, ...] = ()

    @property
    def label(self) -> str:
        """约一 or 约二."""
        return SLOTS[self.number]


def slots_of(texts: list[CovenantVersion]) -> tuple[Slot, ...]:
    """Return a village's two slots from its covenants in use."""
    today = timezone.localdate()
    by_slot = {text.covenant.slot: text for text in texts}
    return tuple(
        Slot(
            number,
            text := by_slot.get(number),
            rules.findings(text.paperwork, today) if text else (),
        )
        for number in SLOTS
    )


@requires(Permission.RATING_VIEW)
@require_safe
def covenants(request: PostRequest) -> HttpResponse:
    """Show a village its two covenants; those above, which villages lack what."""
    post = acting(request)
    if post.region.level == Level.VILLAGE:
        held = CovenantVersion.objects.in_use().select_related("covenant", "scan")
        context = {
            "slots": slots_of(list(held)),
            "may_keep": post.may(Permission.RATING_KEEP),
        }
        return render(request, "evaluations/covenants.html", context)
    lines = sorted(villages(post.region), key=lambda line: line[2])
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_city": post.region.level == Level.CITY}
    return render(request, "evaluations/covenants_below.html", context)


def villages(place: Region) -> list[tuple[Region, tuple[Slot, ...], bool]]:
    """Return the villages of a range with their slots, and whether they are in order."""
    held: dict[int, list[CovenantVersion]] = defaultdict(list)
    for text in (
        CovenantVersion.objects.in_use().select_related("covenant").defer("text")
    ):
        held[text.region_id].append(text)
    places = Region.objects.within(span(place.pk)).villages().current()
    found = []
    for village in places.select_related("parent").order_by("code"):
        slots = slots_of(held[village.pk])
        in_order = all(slot.text and not slot.findings for slot in slots)
        found.append((village, slots, in_order))
    return found


def covenant_or_404(request: PostRequest, pk: int) -> Covenant:
    """Return a covenant of one's range, and put its village on the path."""
    rows = Covenant.objects.select_related("region__parent__parent")
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return row


@requires(Permission.RATING_VIEW)
@require_safe
def covenant(request: PostRequest, pk: int) -> HttpResponse:
    """Show a covenant with all its texts, the latest first."""
    row, today = covenant_or_404(request, pk), timezone.localdate()
    texts = list(
        row.versions.select_related("scan", "entered_by", "covenant").order_by(
            "-number"
        )
    )
    context = {
        "row": row,
        "texts": texts,
        "findings": rules.findings(texts[0].paperwork, today) if texts else (),
        "warning": WARNING,
        "may_keep": acting(request).may(Permission.RATING_KEEP) and not row.ended_on,
    }
    return render(request, "evaluations/covenant.html", context)


@requires(Permission.RATING_KEEP)
@once
def covenant_new(request: PostRequest, slot: int) -> HttpResponse:
    """Enter a covenant for one of the two slots of one's village."""
    if slot not in SLOTS:
        raise Http404
    form = CovenantForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        made = kept(
            request, form, slot=slot, title=title, village=acting(request).region
        )
        if made:
            return redirect(made)
    return text_page(request, form, f"登记{SLOTS[slot]}")


@requires(Permission.RATING_KEEP)
def covenant_revise(request: PostRequest, pk: int) -> HttpResponse:
    """Enter the next text of a covenant."""
    row = covenant_or_404(request, pk)
    last = row.versions.order_by("-number").first()
    form = TextForm(
        sent(request),
        request.FILES or None,
        initial={"text": last.text if last else ""},
    )
    if request.method == "POST" and form.is_valid():
        made = kept(request, form, covenant=row)
        if made:
            return redirect(made)
    return text_page(request, form, f"修订《{row.title}》")


def kept(request: PostRequest, form: TextForm, **where: Any) -> CovenantVersion | None:
    """Keep a text of a form that is in order; say what is wrong in the form.

    A consequence that the law may forbid is not refused but pointed out, and noted.
    """
    write = services.revise if "covenant" in where else services.enter
    try:
        made = write(
            **where,
            given=form.given(),
            scans=form.cleaned_data["scan"],
            on=timezone.localdate(),
            by=acting(request),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, f"《{made.covenant.title}》已登记。")
    return made


def text_page(request: PostRequest, form: TextForm, title: str) -> HttpResponse:
    """Draw the form of a text."""
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, "titles": rules.TITLES}
    return render(request, "evaluations/covenant_text.html", context, status=status)


@requires(Permission.RATING_KEEP)
def covenant_dates(request: PostRequest, pk: int) -> HttpResponse:
    """Fill in dates of a text that came later."""
    texts = CovenantVersion.objects.select_related("covenant__region__parent__parent")
    row = get_object_or_404(texts, pk=pk)
    request.place = row.covenant.region  # type: ignore[attr-defined]
    known = {name: getattr(row, name) for name in (*NAMES, "version")}
    form = EditDatesForm(sent(request), initial=known)
    status = 200
    if request.method == "POST":
        status = dated(request, row, form)
        if status == 302:
            return redirect(row)
    context = {"form": form, "row": row}
    return render(request, "evaluations/covenant_dates.html", context, status=status)


def dated(request: PostRequest, row: CovenantVersion, form: EditDatesForm) -> int:
    """Save dates if the form is in order; return the status of the answer."""
    if not form.is_valid():
        return 422
    try:
        services.save_dates(
            text=row,
            changes=form.dates(),
            version=form.cleaned_data["version"],
            on=timezone.localdate(),
        )
    except EditedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return 409
    except Refused as refused:
        form.add_error(None, str(refused))
        return 422
    messages.success(request, "日期已补填。")
    return 302


@requires(Permission.RATING_KEEP)
@require_POST
def covenant_end(request: PostRequest, pk: int) -> HttpResponse:
    """Give a covenant up, so that another may take its slot."""
    row = covenant_or_404(request, pk)
    try:
        services.end(covenant=row, on=timezone.localdate())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(row)
    messages.success(request, f"《{row.title}》已停用，原来的条文还看得到。")
    return redirect("evaluations:covenants")


@requires(Permission.RATING_VIEW)
@require_safe
def covenant_scan(request: PostRequest, pk: int) -> HttpResponse:
    """Answer with the scan of a text."""
    row = get_object_or_404(CovenantVersion.objects.select_related("scan"), pk=pk)
    if row.scan is None:
        raise Http404
    return attachments.answer(request, row.scan, preview="preview" in request.GET)
