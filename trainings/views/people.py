"""Whom no training has reached yet; one person's trainings."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from papers.answers import answer
from regions.models import Level, Region
from representatives.models import Representative
from trainings import papers
from trainings.coverage import Line, coverage_of
from trainings.forms import PeopleFilter
from trainings.listing import listed, matching, shown, to_do
from trainings.models import Attendance, Sign, State
from ui.figures import count_words, rate_words
from ui.parts import Kpi, Segment

PER_PAGE = 50
PLANNED_SHOWN = 6


@dataclass(frozen=True)
class Tab:
    """One of the three pages of trainings."""

    url_name: str
    label: str


TABS = (
    Tab("trainings:people", "还没参训的"),
    Tab("trainings:trainings", "各期培训"),
    Tab("trainings:coverage", "覆盖情况"),
)


def tabs(current: str) -> list[Segment]:
    """Return the switch between the pages of trainings."""
    return [
        Segment(tab.label, reverse(tab.url_name), tab.url_name == current)
        for tab in TABS
    ]


@requires(Permission.TRAINING_VIEW)
@require_safe
def people(request: PostRequest) -> HttpResponse:
    """List who was not trained this year, those never trained in front."""
    today, post = timezone.localdate(), acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = PeopleFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = Representative.objects.none() if filters.errors else matching(wanted, today)
    page = Paginator(found.values_list("pk", flat=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    place = wanted.get("place") or post.region
    coverage = coverage_of(place, today.year, today)
    context = {
        "tabs": tabs("trainings:people"),
        "filters": filters,
        "state": wanted.get("state") or "missing",
        "filtered": any(wanted.values()),
        "page": page,
        "rows": shown(list(page.object_list), today),
        "one_village": one_village,
        "coverage": coverage,
        # In the year of a new term nearly everybody is new: then it says nothing.
        "marks_new": 2 * coverage.new.serving <= coverage.all.serving,
        "kpis": kpis(coverage, place, post),
        "to_do": listed(to_do(post.region)[:PLANNED_SHOWN]),
        "today": today,
        **rights(post),
    }
    return render(request, "trainings/people.html", context)


def rights(post: Post) -> dict[str, bool]:
    """Return what the holder of a post may do on these pages."""
    return {
        "keeps": post.may(Permission.TRAINING_KEEP),
        "exports": post.may(Permission.ROLL_EXPORT),
    }


def kpis(line: Line, place: Region, post: Post) -> list[Kpi]:
    """Return the strip: coverage, who waits, the three levels, those new in office."""
    here = {} if place.code == post.region_id else {"place": place.full_name}
    missing, rate = line.all.missing, line.all.rate
    reached = count_words(line.all.trained)
    return [
        Kpi(
            "今年培训覆盖率",
            None if rate is None else rate_words(rate),
            "%",
            share=rate,
            tone="ok" if line.all.serving and not missing else "",
            notes=(f"在任 {count_words(line.all.serving)} 人，已训 {reached} 人",),
        ),
        Kpi(
            "今年还没参加",
            count_words(missing),
            "人",
            people_url(**here),
            "warn" if missing else "",
            notes=(f"其中从没参加过 {count_words(line.never)} 人",),
        ),
        Kpi(
            "新任代表已训",
            count_words(line.new.trained),
            "人",
            people_url(state="all", fresh="yes", **here),
            notes=(f"今年新任 {count_words(line.new.serving)} 人",),
        ),
        *(
            Kpi(label, count_words(number), "人", notes=("今年参加过的，一人算一次",))
            for label, number in line.by_level
        ),
    ]


def people_url(**wanted: str) -> str:
    """Return the list of people with these filters."""
    query = f"?{urlencode(wanted)}" if wanted else ""
    return reverse("trainings:people") + query


@requires(Permission.TRAINING_VIEW)
@require_safe
def person(request: PostRequest, pk: int) -> HttpResponse:
    """Draw one person's trainings, as a part of his page or as a page of its own."""
    found = person_or_404(request, pk)
    rows = attendances_of(found)
    is_part = bool(getattr(request, "htmx", False))
    context = {
        "person": found,
        "rows": rows,
        "came": [row for row in rows if counts(row)],
        "year": timezone.localdate().year,
    }
    template = "_person.html" if is_part else "person.html"
    return render(request, f"trainings/{template}", context)


@requires(Permission.TRAINING_VIEW)
@require_safe
def person_record(request: PostRequest, pk: int) -> HttpResponse:
    """One person's training record, to print or as a document."""
    found = person_or_404(request, pk)
    came = [row for row in attendances_of(found) if counts(row)]
    paper = papers.person_record(found, came, timezone.localdate())
    return answer(request, paper, back=found.get_absolute_url())


def attendances_of(found: Representative) -> list[Attendance]:
    """Return a person's trainings, the latest first."""
    rows = Attendance.objects.filter(representative=found, region=found.region_id)
    return list(rows.exclude(state=State.CANCELLED).order_by("-held_on", "-pk"))


def counts(row: Attendance) -> bool:
    """Return whether somebody was trained by it."""
    return row.sign == Sign.PRESENT and row.state == State.HELD


def person_or_404(request: PostRequest, pk: int) -> Representative:
    """Return a representative of one's range, and put the village on the path."""
    people = Representative.objects.select_related("region__parent__parent", "group")
    found = get_object_or_404(people, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found
