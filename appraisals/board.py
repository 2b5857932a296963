"""An appraisal as its pages show it: everybody's figures, live or as they were kept.

Names stand in the order of the roll, by group and name, never by score: no page ranks
persons (国办函〔2026〕12号).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from accounts.models import Post
from accounts.permissions import Permission
from appraisals.facts import Known, known_of
from appraisals.models import (
    Appraisal,
    AppraisalBallot,
    AppraisalResult,
    AppraisalVote,
)
from appraisals.rules import steps
from appraisals.rules.appraisals import (
    VOTED,
    Grade,
    Input,
    Measured,
    Part,
    Scheme,
    Votes,
    is_poor_twice,
    limit_of,
    rounded,
    suggested,
    system_score,
    total_score,
    votes_score,
)
from appraisals.rules.steps import STEPS, Stage, actor_of, stage_on
from notices.models import PublicNotice, State
from regions.models import Level
from representatives.by_elections import notice_ends
from representatives.rules.by_elections import Actor
from ui.parts import Step


@dataclass(frozen=True)
class Line:
    """One representative: what is known, the parts, the total, the grade."""

    result: AppraisalResult
    scheme: Scheme
    known: Known
    votes: Mapping[Part, Votes]
    kept: Mapping[str, str] | None
    """Parts as they were kept; None while they are counted live."""
    was_poor: bool = False

    @cached_property
    def measured(self) -> dict[Input, Measured]:
        """How much of what was due was done, by input."""
        return self.known.measured

    @cached_property
    def parts(self) -> dict[Part, Decimal | None]:
        """The points of each part, None where it has nothing, or nobody is rated."""
        if self.result.unrated:
            return dict.fromkeys(Part)
        if self.kept is not None:
            return {p: Decimal(self.kept[p]) if p in self.kept else None for p in Part}
        own = self.result.self_grade
        voted = {part: votes_score(self.votes[part], self.scheme) for part in VOTED}
        return {
            Part.SYSTEM: system_score(self.measured, self.scheme),
            Part.SELF: rounded(Decimal(self.scheme.of(Grade(own)).worth))
            if own
            else None,
            **voted,
        }

    @property
    def total(self) -> Decimal | None:
        """The whole score."""
        if self.kept is not None:
            return self.result.total
        return total_score(self.parts, self.scheme)

    @property
    def suggested(self) -> Grade | None:
        """The grade that the score reaches."""
        return suggested(self.total, self.scheme)

    @property
    def suggested_name(self) -> str:
        """What that grade is called."""
        return self.scheme.of(self.suggested).name if self.suggested else ""

    @property
    def grade_name(self) -> str:
        """What the grade that was given is called; empty before one was."""
        given = self.result.grade
        return self.scheme.of(Grade(given)).name if given else ""

    @property
    def is_poor_twice(self) -> bool:
        """Whether this year's grade and the last one's are both 不称职."""
        before = Grade.POOR.value if self.was_poor else None
        return is_poor_twice(before, self.result.grade)

    def kept_parts(self) -> dict[str, str]:
        """Return the parts as a confirmed result keeps them."""
        return {p.value: str(s) for p, s in self.parts.items() if s is not None}

    @property
    def shown_parts(self) -> list[tuple[str, int, Decimal | None]]:
        """Label, weight and points of each part."""
        return [(p.label, self.scheme.parts[p], self.parts.get(p)) for p in Part]

    @property
    def shown_inputs(self) -> list[tuple[Input, int, Measured]]:
        """Input, weight and measure of the system part."""
        return [(one, self.scheme.inputs[one], self.measured[one]) for one in Input]


@dataclass(frozen=True)
class Board:
    """An appraisal with all that its pages need; must be read in its scope."""

    row: Appraisal
    on: dt.date

    @cached_property
    def scheme(self) -> Scheme:
        """The edition of the plan it was begun under."""
        return self.row.plan.scheme

    @cached_property
    def stage(self) -> Stage:
        """The step that has to be done today."""
        return stage_on(self.row.at, notice_ends(self.row.notice), self.on)

    @property
    def actor(self) -> Actor:
        """Who has to act."""
        return actor_of(self.stage)

    @cached_property
    def results(self) -> list[AppraisalResult]:
        """Everybody, in the order of the roll; their rows are read where they are shown."""
        rows = self.row.results.select_related("representative__group")
        return list(rows.defer("rows").in_order())

    @cached_property
    def ballots(self) -> dict[Part, AppraisalBallot]:
        """The tickets of the bodies that were entered."""
        return {Part(one.body): one for one in self.row.ballots.all()}

    @cached_property
    def lines(self) -> list[Line]:
        """Everybody with his figures; the statements do not grow with the people."""
        votes, poor = self._votes(), self._poor_before()
        known = self._known()
        return [
            Line(
                result=one,
                scheme=self.scheme,
                known=known[one.representative_id],
                votes=votes[one.pk],
                kept=one.parts if self.row.is_frozen else None,
                was_poor=one.representative_id in poor,
            )
            for one in self.results
        ]

    def _known(self) -> dict[int, Known]:
        if self.row.is_frozen:
            return {
                one.representative_id: Known.of_kept(one.inputs) for one in self.results
            }
        people = [one.representative_id for one in self.results]
        return known_of(people, self.row.year, self.row.counts_until)

    def _votes(self) -> dict[int, dict[Part, Votes]]:
        found = {one.pk: {part: Votes() for part in VOTED} for one in self.results}
        cast = AppraisalVote.objects.filter(ballot__appraisal=self.row)
        for vote in cast.select_related("ballot"):
            found[vote.result_id][Part(vote.ballot.body)] = vote.votes
        return found

    def _poor_before(self) -> set[int]:
        before = AppraisalResult.objects.confirmed().filter(
            appraisal__year=self.row.year - 1,
            grade=Grade.POOR,
            region_id=self.row.region_id,
        )
        return set(before.values_list("representative_id", flat=True))

    @property
    def rated(self) -> list[Line]:
        """Those who take part."""
        return [line for line in self.lines if not line.result.unrated]

    @property
    def limit(self) -> int:
        """How many may be 优秀."""
        count = sum(not one.unrated for one in self.results)
        return limit_of(count, self.scheme.share, self.scheme.at_least)

    @property
    def excellent(self) -> list[AppraisalResult]:
        """Those who are 优秀, in the order of the roll."""
        return [one for one in self.results if one.grade == Grade.EXCELLENT]

    @cached_property
    def open_objections(self) -> int:
        """Objections to the notice that nobody has settled."""
        notice: PublicNotice | None = self.row.notice
        return notice.objections.filter(settled_on=None).count() if notice else 0

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What stands in the way of the next step."""
        return steps.missing(self.stage, self.facts, self.on)

    @property
    def facts(self) -> steps.Known:
        """What the rules ask for."""
        rated = [one for one in self.results if not one.unrated]
        return steps.Known(
            people=len(rated),
            has_chair=bool(self.row.chair),
            met_on=self.row.met_on,
            ballots=len(self.ballots),
            without_self=sum(not one.self_grade for one in rated),
            has_minutes=bool(self.row.minutes.strip()),
            ungraded=sum(not one.grade for one in rated),
            notice_ends=notice_ends(self.row.notice),
            open_objections=self.open_objections,
        )

    @property
    def has_notice(self) -> bool:
        """Whether a notice is on view, or was until its last day."""
        notice = self.row.notice
        return bool(notice and notice.state in (State.PUBLISHED, State.ENDED))

    def is_mine(self, post: Post) -> bool:
        """Whether the next step is the post's to take."""
        return is_mine(self.stage, post)

    def steps(self) -> list[Step]:
        """Return the step bar."""
        notes = self._notes()
        return [Step(s.label, notes.get(s, ""), self._state(s)) for s in STEPS]

    def _state(self, step: Stage) -> Literal["done", "now", "todo"]:
        if step.position < self.stage.position:
            return "done"
        return "now" if step is self.stage else "todo"

    def _notes(self) -> dict[Stage, str]:
        row = self.row
        ends = notice_ends(row.notice)
        return {
            Stage.DRAFT: f"{row.begun_at:%m-%d} 发起",
            Stage.MEETING: f"{row.met_on:%m-%d} 开会" if row.met_on else "",
            Stage.CONFIRM: f"{row.confirmed_on:%m-%d} 确认" if row.confirmed_on else "",
            Stage.NOTICE: f"到 {ends:%m-%d}" if ends else "",
            Stage.FILING: f"{row.filed_on:%m-%d} 备案" if row.filed_on else "",
        }


def is_mine(stage: Stage, post: Post) -> bool:
    """Return whether a post has to act at a stage."""
    actor, level = actor_of(stage), post.region.level
    if actor is Actor.TOWNSHIP:
        return post.may(Permission.APPRAISAL_FILE) and level == Level.TOWNSHIP
    return (
        actor is Actor.VILLAGE
        and post.may(Permission.APPRAISAL_KEEP)
        and level == Level.VILLAGE
    )
