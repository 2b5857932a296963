"""A by-election as its page shows it: where it stands, who acts, what is missing."""

import datetime as dt
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

from django.db.models import (
    Case,
    CharField,
    F,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.models import Post
from accounts.permissions import Permission
from notices.models import PublicNotice, State
from regions.models import Level, Region, inside
from representatives.assembly import Place, assembly_of, units_of
from representatives.candidacy import Standing, standings_of
from representatives.counting import Count, count_of, rounds_of
from representatives.models import (
    ByElection,
    Candidate,
    CommitteeTerm,
    Constituency,
    Seat,
    Vacancy,
)
from representatives.rules import RULES, Assembly
from representatives.rules.by_elections import (
    STEPS,
    Actor,
    Facts,
    Stage,
    actor_of,
    missing,
    stage_on,
)
from representatives.survey import Empty, vacant_places
from ui.parts import Step

Rows = TypeVar("Rows", bound=QuerySet[Any])
ON_VIEW = (State.PUBLISHED, State.ENDED)


def notice_ends(notice: PublicNotice | None) -> dt.date | None:
    """Return the last day of a notice that stands, None while there is none."""
    return notice.last_day if notice and notice.state in ON_VIEW else None


@dataclass(frozen=True)
class Course:
    """A by-election with all that its page needs; must be read in its scope."""

    row: ByElection
    on: dt.date

    @cached_property
    def stage(self) -> Stage:
        """The step that has to be done today."""
        return stage_on(self.row.at, notice_ends(self.row.notice), self.on)

    @cached_property
    def vacancies(self) -> list[Vacancy]:
        """The seats that are to be filled."""
        rows = self.row.vacancies.select_related(
            "seat", "former", "mandate__representative"
        )
        return list(rows.order_by("seat__number"))

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Everybody who stands, in the order of entering."""
        rows = self.row.candidates.select_related("group", "former")
        return list(rows.order_by("pk"))

    @cached_property
    def count(self) -> Count:
        """Where the votes stand."""
        return count_of(len(self.vacancies), self.candidates, rounds_of(self.row))

    @cached_property
    def term(self) -> CommitteeTerm | None:
        """The committee's term today."""
        terms = CommitteeTerm.objects.filter(
            region=self.row.region, started_on__lte=self.on, ends_on__gte=self.on
        )
        return terms.first()

    @cached_property
    def assembly(self) -> Assembly:
        """The village's assembly as it is now."""
        return assembly_of(units_of(self.row.region, self.on), self.term)

    @cached_property
    def standings(self) -> list[Standing]:
        """The candidates with what speaks for and against each."""
        day = self.row.meets_on or self.on
        return standings_of(self.candidates, self.assembly, day)

    @cached_property
    def open_objections(self) -> int:
        """Objections to the notice that nobody has settled."""
        notice = self.row.notice
        return notice.objections.filter(settled_on=None).count() if notice else 0

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What stands in the way of the next step."""
        return missing(self.stage, self.facts, self.on)

    @property
    def facts(self) -> Facts:
        """What the rules ask for."""
        notice = self.row.notice
        unfit = (
            sum(not one.is_fit for one in self.standings)
            if self.stage is Stage.VOTE
            else 0
        )
        return Facts(
            seats=len(self.vacancies),
            candidates=len(self.candidates),
            unfit=unfit,
            ties=len(self.count.running) if self.count.tied else 0,
            elected=len(self.count.elected),
            meets_on=self.row.meets_on,
            notice_is_draft=bool(notice and notice.state == State.DRAFT),
            notice_ends=notice_ends(notice),
            open_objections=self.open_objections,
        )

    @property
    def actor(self) -> Actor:
        """Who has to act."""
        return actor_of(self.stage)

    def is_mine(self, post: Post) -> bool:
        """Whether the next step is the post's to take."""
        return is_mine(self.stage, post)

    def steps(self) -> list[Step]:
        """Return the step bar."""
        notes = step_notes(self.row)
        return [
            Step(step.label, notes.get(step, ""), self._state(step)) for step in STEPS
        ]

    def _state(self, step: Stage) -> Literal["done", "now", "todo"]:
        if self.stage is Stage.DONE or step.position < self.stage.position:
            return "done" if self.stage is not Stage.VOID else "todo"
        return "now" if step is self.stage else "todo"


def step_notes(row: ByElection) -> dict[Stage, str]:
    """Return the day of each step that was taken."""
    return {
        Stage.SURVEY: f"{row.started_on:%m-%d} 启动",
        Stage.PLAN: f"{row.submitted_on:%m-%d} 报送" if row.submitted_on else "",
        Stage.REVIEW: f"{row.reviewed_on:%m-%d} 审核" if row.reviewed_on else "",
        Stage.VOTE: f"定在 {row.meets_on:%m-%d}" if row.meets_on else "",
        Stage.NOTICE: f"到 {row.notice.last_day:%m-%d}"
        if notice_ends(row.notice)
        else "",
        Stage.FILING: f"{row.filed_on:%m-%d} 备案" if row.filed_on else "",
    }


def is_mine(stage: Stage, post: Post) -> bool:
    """Return whether a post has to act at a stage: a village's steps are the village's."""
    actor, level = actor_of(stage), post.region.level
    if actor is Actor.TOWNSHIP:
        return post.may(Permission.BY_ELECTION_REVIEW) and level != Level.VILLAGE
    return (
        actor is Actor.VILLAGE
        and post.may(Permission.BY_ELECTION_KEEP)
        and level == Level.VILLAGE
    )


def village_acts(stage: Stage) -> bool:
    """Return whether the village has to act: a notice that stands waits for its end."""
    return actor_of(stage) is Actor.VILLAGE


def vacant_of(unit: Constituency, on: dt.date) -> list[Place]:
    """Return the vacant seats of a constituency whose last mandate has been ended."""
    rows = [one for one in units_of(unit.region, on) if one.row.pk == unit.pk]
    return [
        place
        for row in rows
        for place in row.places
        if place.is_vacant and not place.awaits_ending
    ]


def idle_vacancies(on: dt.date, place: Region | None = None) -> list[Place]:
    """Return vacant seats that no by-election has taken up, the longest vacant first."""
    taken = _taken_up(place)
    places = [
        spot
        for spots in vacant_places(_within(Seat.objects.vacant(on), place), on).values()
        for spot in spots
        if spot.seat.constituency_id not in taken
    ]
    return sorted(places, key=lambda spot: (-spot.days, spot.seat.pk))


def late_and_idle(empty: Iterable[Empty], taken: Set[int], on: dt.date) -> list[Empty]:
    """Return those of the vacant seats that are late (L16) and taken up by nobody.

    `taken` are the constituencies in which a by-election is under way.
    """
    since = on - dt.timedelta(days=limit_days(on))
    return [
        seat
        for seat in empty
        if seat.since < since and seat.constituency_id not in taken
    ]


def _taken_up(place: Region | None) -> set[int]:
    """Return the constituencies of a place where a by-election is under way."""
    running = _within(ByElection.objects.running(), place)
    return set(running.values_list("constituency_id", flat=True))


def _within(rows: Rows, place: Region | None) -> Rows:
    return rows if place is None else inside(rows, place.scope)


def listed(on: dt.date, place: Region | None = None) -> Any:
    """Return by-elections with `today_stage`, the step that has to be done on `on`.

    With villages, seats and candidates fetched along: the statements of a list do not
    grow with its rows.
    """
    over = Q(stage=Stage.NOTICE, notice__state__in=ON_VIEW, notice__last_day__lt=on)
    stage = Case(
        When(over, then=Value(Stage.FILING.value)),
        default=F("stage"),
        output_field=CharField(),
    )
    rows = _within(ByElection.objects.all(), place).annotate(today_stage=stage)
    vacancies = Vacancy.objects.select_related("seat", "former").order_by(
        "seat__number"
    )
    return rows.select_related(
        "region__parent", "constituency__group", "notice"
    ).prefetch_related(
        Prefetch("vacancies", vacancies),
        Prefetch("candidates", Candidate.objects.order_by("pk")),
    )


def limit_days(on: dt.date) -> int:
    """Return after how many days a vacancy is late (L16)."""
    rule = RULES.at("L16", on)
    return rule.numbers["days"] if rule else 0


def notice_days(on: dt.date) -> tuple[int, str]:
    """Return how long a result must be on view (L14), and where that is said."""
    rule = RULES.at("L14", on)
    return (rule.numbers["days"], rule.basis) if rule else (1, "")
