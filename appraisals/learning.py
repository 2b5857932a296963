"""示范村 with the 观摩学习会 that were held there: who came to see, what was learnt."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from appraisals.models import Demonstration
from regions.models import Region
from trainings.models import Attendance, Kind, State, Training


@dataclass(frozen=True)
class Tour:
    """One 观摩学习会; `came` representatives were there."""

    training: Training
    came: int


@dataclass(frozen=True)
class Shown:
    """A 示范村, its tours of the year, and where another one is noted."""

    row: Demonstration
    tours: tuple[Tour, ...]
    new_tour: str


def shown(rows: Sequence[Demonstration], year: int) -> list[Shown]:
    """Return 示范村 with the tours of the year that the reader may see; two statements."""
    tours = tours_to([row.region_id for row in rows], year)
    return [
        Shown(row, tuple(tours.get(row.region_id, ())), new_tour_to(row.region))
        for row in rows
    ]


def tours_to(villages: Sequence[int], year: int) -> dict[int, list[Tour]]:
    """Return the tours of a year by the village that was seen, the first one first."""
    rows = Training.objects.of_year(year).filter(
        kind=Kind.TOUR, host_village__in=villages
    )
    held = list(rows.exclude(state=State.CANCELLED).order_by("held_on", "pk"))
    came = dict(
        Attendance.objects.counting()
        .filter(training__in=[one.pk for one in held])
        .values_list("training")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[int, list[Tour]] = defaultdict(list)
    for one in held:
        found[one.host_village_id or 0].append(Tour(one, came.get(one.pk, 0)))
    return found


def new_tour_to(village: Region) -> str:
    """Return the address where a tour to a village is noted."""
    return f"{reverse('trainings:new')}?{urlencode({'tour_to': village.code})}"
