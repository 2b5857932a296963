"""Who is listed: the people the filters describe, and the trainings a post may read of."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from regions.models import Region, inside
from representatives.models import Politics, Representative
from trainings.coverage import (
    People,
    never_first,
    serving,
    with_latest,
    with_trainings,
)
from trainings.models import Attendance, Kind, Sign, State, Training
from trainings.rules import GRADES, grade_of

PARTY = (Politics.MEMBER, Politics.PROBATIONARY)


def matching(wanted: dict[str, Any], on: dt.date) -> People:
    """Return the serving representatives whom the filters describe, in order."""
    people = with_trainings(serving(on), on.year)
    state = wanted.get("state") or "missing"
    if state in {"missing", "trained"}:
        people = people.filter(is_trained=state == "trained")
    if state == "never":
        people = people.filter(was_trained=False)
    if isinstance(place := wanted.get("place"), Region):
        people = inside(people, place.scope)
    if pk := wanted.get("representative"):
        people = people.filter(pk=pk)
    if wanted.get("fresh"):
        people = people.filter(is_new=True)
    if sex := wanted.get("sex"):
        people = people.filter(sex=sex)
    if politics := wanted.get("politics"):
        member = Q(politics__in=PARTY)
        people = people.filter(member if politics == "yes" else ~member)
    return never_first(people)


def eligible(training: Training, wanted: dict[str, Any], on: dt.date) -> People:
    """Return whom the filters describe and who may still be put on a roster."""
    on_it = Attendance.objects.of(training.pk).filter(
        region=OuterRef("region"), representative=OuterRef("pk")
    )
    serves = serving(training.held_on).filter(pk=OuterRef("pk"))
    people = inside(matching(wanted, on), training.region.scope)
    return people.filter(~Exists(on_it), Exists(serves))


def shown(ids: Collection[int], on: dt.date) -> list[Representative]:
    """Return the people of a page with what their lines say, in the order of the ids."""
    people = with_latest(Representative.objects.filter(pk__in=ids), on.year)
    rows = with_trainings(people, on.year).select_related("region__parent", "group")
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids]


# --- trainings ------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many on a roster came, excused themselves, stayed away; of those one may see."""

    listed: int = 0
    present: int = 0
    leave: int = 0
    absent: int = 0

    @property
    def expected(self) -> int:
        """应到: everybody on the roster."""
        return self.listed + self.present + self.leave + self.absent


def tallies(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Tally]:
    """Return the tally of each of some trainings; one statement."""
    rows = Attendance.objects.filter(training__in=list(ids)).order_by()
    counts: dict[uuid.UUID, dict[str, int]] = {}
    for pk, sign, number in rows.values_list("training", "sign").annotate(
        n=Count("pk")
    ):
        counts.setdefault(pk, {})[sign] = number
    return {pk: Tally(**signs) for pk, signs in counts.items()}


@dataclass(frozen=True)
class Listed:
    """A line of the list of trainings: the training's own row, or what a village knows."""

    pk: uuid.UUID
    topic: str
    level: str
    kind: str
    held_on: dt.date
    hours: int
    state: str
    host: str
    place: str = ""
    speakers: str = ""
    sent_by: str = ""
    tally: Tally = Tally()

    @property
    def is_tour(self) -> bool:
        """Whether it was a 观摩学习会."""
        return self.kind == Kind.TOUR.label


def trainings_in(
    place: Region, *, level: str = "", kind: str = ""
) -> QuerySet[Training]:
    """Return the trainings held in a place or below it, the latest first."""
    rows = inside(Training.objects.all(), place.scope)
    if level:
        rows = rows.filter(level=level)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.select_related("region__parent", "sent_by", "host_village__parent")
    return rows.order_by("-held_on", "-entered_at", "pk")


def listed(rows: Iterable[Training]) -> list[Listed]:
    """Return the lines of some trainings; one statement."""
    found = list(rows)
    known = tallies([row.pk for row in found])
    return [
        Listed(
            row.pk,
            row.topic,
            row.get_level_display(),
            row.get_kind_display(),
            row.held_on,
            row.hours,
            row.state,
            row.region.full_name,
            row.place,
            row.speakers,
            row.sent_by.name if row.sent_by else "",
            known.get(row.pk, Tally()),
        )
        for row in found
    ]


def joined_above(place: Region, *, level: str = "", kind: str = "") -> list[Listed]:
    """Return the trainings of those above a place to which its people were called.

    Their own rows are out of the village's sight: these are the copies beside its people.
    """
    rows = Attendance.objects.filter(level__in=levels_above(place))
    rows = inside(rows, place.scope)
    if level:
        rows = rows.filter(level=level)
    if kind:
        rows = rows.filter(kind=kind)
    copies = rows.order_by("-held_on", "training").distinct("held_on", "training")
    found = list(copies)
    known = tallies([row.training for row in found])
    return [copy_of(row, place, known[row.training]) for row in found]


def levels_above(place: Region) -> list[str]:
    """Return the levels of the trainings that those above a place hold."""
    grades = [grade.code for grade in GRADES]
    return grades[: grades.index(grade_of(place.code).code)]


def copy_of(row: Attendance, place: Region, tally: Tally) -> Listed:
    """Return what a place knows of a training, from the row of one of its people."""
    return Listed(
        row.training,
        row.topic,
        row.get_level_display(),
        row.get_kind_display(),
        row.held_on or dt.date.min,
        row.hours or 0,
        row.state,
        host_name(row.level, place),
        place=row.place,
        tally=tally,
    )


def host_name(level: str, place: Region) -> str:
    """Return who holds a training of a level for a place below."""
    host: Region | None = place
    while host is not None and grade_of(host.code).code != level:
        host = host.parent
    return host.name if host else ""


def roster_of(training: uuid.UUID) -> list[Attendance]:
    """Return who is on a roster and visible here, as a sign-in sheet has them."""
    rows = Attendance.objects.of(training).select_related(
        "representative__group", "region__parent"
    )
    return list(
        rows.order_by(
            "region_id",
            "representative__group__number",
            "representative__initials",
            "pk",
        )
    )


def tally_of(roster: Iterable[Attendance]) -> Tally:
    """Return the tally of a roster that is at hand."""
    signs = [row.sign for row in roster]
    return Tally(*(signs.count(sign) for sign in Sign))


def to_do(place: Region) -> QuerySet[Training]:
    """Return the trainings that are planned, the next in front."""
    rows = inside(Training.objects.filter(state=State.PLANNED), place.scope)
    return rows.select_related("region__parent").order_by("held_on", "entered_at", "pk")
