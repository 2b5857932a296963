"""评家庭: the rounds of one's range, beginning one, its page."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from evaluations.desk import Desk, Narrowed
from evaluations.forms.ratings import PlaceFilter
from evaluations.models import RatingRound, Scheme
from evaluations.models.schemes import scheme_for
from evaluations.papers import PAPERS
from evaluations.rules.rounds import BEHIND_AFTER, Stage, number_on
from evaluations.rules.schemes import Scope
from evaluations.services import rounds as services
from evaluations.waiting import behind, over_quota, pressing, stage_of
from regions.models import Level, Region, inside
from regions.scoping import span
from ui.asked import asked_id
from ui.links import params_of, with_params
from ui.parts import Segment

PER_PAGE = 50


def round_or_404(request: PostRequest, pk: int) -> RatingRound:
    """Return a round of one's range, and put its village on the path."""
    rows = RatingRound.objects.select_related(
        "region__parent__parent",
        "scheme__owner",
        "notice",
        "began_by",
        "covenant_one__covenant",
        "covenant_two__covenant",
    ).prefetch_related("scheme__categories__items", "scheme__tiers")
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return row


def desk_of(request: PostRequest, pk: int) -> Desk:
    """Return a round at its desk."""
    return Desk(round_or_404(request, pk), timezone.localdate(), acting(request))


# --- the list -----------------------------------------------------------------------


@requires(Permission.RATING_VIEW)
@require_safe
def ratings(request: PostRequest) -> HttpResponse:
    """Show a village its rounds; a township and the city how far each village is."""
    post, today = acting(request), timezone.localdate()
    if post.region.level == Level.VILLAGE:
        return own_rounds(request, post, today)
    return rounds_below(request, post, today)


def own_rounds(request: PostRequest, post: Post, today: dt.date) -> HttpResponse:
    """List a village's rounds, and offer those that can be begun."""
    rows = RatingRound.objects.filter(region=post.region_id).select_related(
        "scheme", "notice"
    )
    schemes = editions_of(post.region, today)
    found = list(rows.order_by("-first_day", "-pk"))
    context = {
        "rounds": [(row, behind(row, today)) for row in found],
        "scheme": next((one for one in schemes if one.year == today.year), None),
        "offers": offers(schemes, found, today),
        "may_keep": post.may(Permission.RATING_KEEP),
        "place": post.region,
    }
    return render(request, "evaluations/ratings.html", context)


def editions_of(village: Region, today: dt.date) -> list[Scheme]:
    """Return the editions of this year and of the last one that are in force.

    The last round of a year may be begun, as any other, when its days are over.
    """
    years = (today.year, today.year - 1)
    found = (scheme_for(village, year, Scope.HOUSEHOLD) for year in years)
    return [one for one in found if one]


def offers(
    schemes: list[Scheme], held: list[RatingRound], today: dt.date
) -> list[tuple[int, str, int]]:
    """Return the rounds that have begun and are not rated, the latest first.

    Each by its number, its name and its year.
    """
    taken = {(row.year, row.number) for row in held if row.at is not Stage.VOID}
    begun = (
        (number, scheme.title_of(number), scheme.year)
        for scheme in schemes
        for number in range(last_begun(scheme, today), 0, -1)
        if (scheme.year, number) not in taken
    )
    return list(islice(begun, 2))


def last_begun(scheme: Scheme, today: dt.date) -> int:
    """Return the number of an edition's last round that has begun."""
    is_running = scheme.year == today.year
    return number_on(today, scheme.rounds) if is_running else scheme.rounds


@dataclass(frozen=True)
class Village:
    """One village in the list of a township or the city: the round that waits."""

    place: Region
    round: RatingRound | None
    is_behind: bool
    waits_for_filing: bool
    is_mine: bool = False
    is_over: bool = False

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int]:
        """Exceptions first, then administrative order."""
        return (
            not self.is_over,
            not self.is_behind,
            not self.is_mine,
            self.round is not None,
            self.place.pk,
        )


def rounds_below(request: PostRequest, post: Post, today: dt.date) -> HttpResponse:
    """List the villages of a range with the round that waits, exceptions first."""
    asked = request.GET.get("show", "")
    filters = PlaceFilter(request.GET)
    place = filters.cleaned_data["place"] if filters.is_valid() else None
    within = place or post.region
    lines = [line for line in villages(post, within, today) if shows(line, asked)]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    flat = params_of(request.GET)
    tabs = (
        ("", "全部"),
        ("behind", "落后的"),
        ("filing", "等备案"),
        ("none", "没有启动"),
        ("over", "名额超过的"),
    )
    context = {
        "page": page,
        "asked": asked,
        "place": place,
        "days": BEHIND_AFTER,
        "segments": [
            Segment(label, with_params(flat, {"show": key}), key == asked)
            for key, label in tabs
        ],
        "is_city": post.region.level == Level.CITY,
    }
    return render(request, "evaluations/ratings_below.html", context)


def shows(line: Village, asked: str) -> bool:
    """Say whether a line is asked for."""
    if asked == "behind":
        return line.is_behind
    if asked == "none":
        return line.round is None
    if asked == "over":
        return line.is_over
    return asked != "filing" or line.waits_for_filing


def villages(post: Post, place: Region, today: dt.date) -> list[Village]:
    """Return the villages of a place with the round that waits, exceptions first."""
    rows = inside(RatingRound.objects.all(), place.scope)
    standing = rows.exclude(stage=Stage.VOID).select_related("scheme", "notice")
    rounds, files = pressing(standing), post.may(Permission.RATING_FILE)
    beyond = over_quota(rows.filter(is_imported=True, year=today.year))
    over = set(beyond.values_list("region", flat=True))
    found = []
    places = Region.objects.within(span(place.pk)).villages().current()
    for village in places.select_related("parent").order_by("code"):
        row = rounds.get(village.pk)
        waits = row is not None and stage_of(row, today) is Stage.FILING
        late = row is not None and behind(row, today)
        found.append(
            Village(village, row, late, waits, files and waits, village.pk in over)
        )
    return sorted(found, key=lambda line: line.rank)


@requires(Permission.RATING_KEEP)
@require_POST
def rating_begin(request: PostRequest) -> HttpResponse:
    """Begin a round of one's village, or go to the list with the reason why not."""
    post, today = acting(request), timezone.localdate()
    year = asked_id(request.POST.get("year")) or today.year
    known = {one.year: one for one in editions_of(post.region, today)}
    scheme, number = known.get(year), asked_id(request.POST.get("number"))
    if scheme is None or number is None or not 1 <= number <= scheme.rounds:
        messages.error(request, "没有看懂要启动哪一期，请点下面的按钮。")
        return redirect("evaluations:ratings")
    try:
        made = services.begin(
            village=post.region, scheme=scheme, number=number, on=today, by=post
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("evaluations:ratings")
    messages.success(request, f"{made}已启动，可以开始记加分和减分。")
    return redirect(made)


# --- one round ----------------------------------------------------------------------


@requires(Permission.RATING_VIEW)
@require_safe
def rating(request: PostRequest, pk: int) -> HttpResponse:
    """Show a round: whose turn it is, the quota, every household with its score."""
    desk = desk_of(request, pk)
    asked = narrowed(request)
    rows = asked.of(desk.shown)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    post = acting(request)
    context = {
        "desk": desk,
        "row": desk.round,
        "stage": desk.stage,
        "next": desk.next(),
        "page": page,
        "tabs": tabs_of(desk, asked),
        "groups": sorted({row.household.group.number for row in desk.shown}),
        "asked": asked,
        "papers": papers_of(desk),
        "events": desk.events(),
        "may_export": post.may(Permission.ROLL_EXPORT)
        and desk.round.confirmed_on is not None,
        "may_record": post.may(Permission.RATING_RECORD)
        and desk.round.at is Stage.RECORD,
        "may_place": post.may(Permission.RATING_KEEP) and desk.round.at is Stage.REVIEW,
        "may_tell": post.may(Permission.RATING_KEEP)
        and desk.round.confirmed_on is not None,
        "may_set": post.may(Permission.RATING_KEEP),
    }
    return render(request, "evaluations/rating.html", context)


def narrowed(request: PostRequest) -> Narrowed:
    """Return what the address asks for; what is not understood is left out."""
    tier, group = (asked_id(request.GET.get(name)) for name in ("tier", "group"))
    return Narrowed(tier, group, request.GET.get("kind", ""))


def tabs_of(desk: Desk, asked: Narrowed) -> list[Segment]:
    """Return the switch above the table: all, each grade, what needs somebody."""
    if not desk.is_inside:
        return []
    group = f"&group={asked.group}" if asked.group else ""
    everything = not asked.tier and not asked.kind
    found = [Segment(f"全部 {len(desk.rows)}", f"?{group}", everything)]
    found += [
        Segment(f"{name} {count}", f"?tier={key}{group}", asked.tier == key)
        for name, count, key in desk.counts
    ]
    if desk.round.at is Stage.RECORD:
        found.append(
            Segment("还没有记录的", f"?kind=none{group}", asked.kind == "none")
        )
    if desk.tied:
        label = f"同分待定 {len(desk.tied)}"
        found.append(Segment(label, f"?kind=tied{group}", asked.kind == "tied"))
    if desk.untold:
        label = f"待告知 {desk.untold}"
        found.append(Segment(label, f"?kind=untold{group}", asked.kind == "untold"))
    return found


def papers_of(desk: Desk) -> list[tuple[str, str]]:
    """Return the papers that can be printed now, with their addresses."""
    return [
        (paper.title, reverse("evaluations:rating-paper", args=[desk.round.pk, slug]))
        for slug, paper in PAPERS.items()
        if paper.is_ready(desk)
    ]
