"""A round as its page shows it: steps, what is next and whose turn it is, rows, quota."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from evaluations.models import RatingRound
from evaluations.models.covenants import CovenantVersion
from evaluations.rules import covenants as covenant_rules
from evaluations.rules import rounds as rules
from evaluations.rules import scores
from evaluations.rules.rounds import STEPS, Act, Stage, Transition
from evaluations.rules.schemes import Edition
from evaluations.rules.scores import Meter
from evaluations.scoring import Row, homes_of, live_rows, struck_rows
from evaluations.services import rounds as services
from evaluations.waiting import stage_of
from notices.models import State
from regions.models import Level
from representatives.rules import Finding
from sentiment import review_figures
from sentiment.models import Review
from ui.parts import Event, Step

PRIMARY = {
    Stage.RECORD: Act.STRIKE,
    Stage.REVIEW: Act.AGREE,
    Stage.CONFIRM: Act.CONFIRM,
    Stage.FILING: Act.FILE,
}


@dataclass(frozen=True)
class Next:
    """What has to be done now, in a sentence, with the address where it is done."""

    title: str
    words: str
    action: str = ""
    url: str = ""
    is_mine: bool = False


@dataclass
class Desk:
    """Everything that the page of a round asks for; each is read once."""

    round: RatingRound
    on: dt.date
    post: Post
    missing: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Read what stands in the way of filing, which only a noticed round asks."""
        if self.round.at is Stage.NOTICE:
            self.missing = services.missing_for_filing(self.round, self.on)

    @cached_property
    def edition(self) -> Edition:
        """The edition that the round is rated by."""
        return self.round.scheme.edition()

    @property
    def is_inside(self) -> bool:
        """Whether the reader belongs to the village: only there the last grade is shown."""
        return self.post.region.level == Level.VILLAGE

    @cached_property
    def stage(self) -> Stage:
        """The step to be done today."""
        return stage_of(self.round, self.on)

    @cached_property
    def rows(self) -> list[Row]:
        """Every household: live while the round records, as struck afterwards."""
        if self.round.at.is_struck:
            return struck_rows(self.round, self.edition)
        preferred = services.preferred_in(self.round)
        return live_rows(self.edition, homes_of(self.round, self.edition, preferred))

    @property
    def shown(self) -> list[Row]:
        """The rows that the reader may see: outside the village those put on view."""
        if self.is_inside:
            return self.rows
        return [row for row in self.rows if row.tier.is_public]

    @cached_property
    def meters(self) -> tuple[Meter, ...]:
        """The quota meters."""
        return scores.meters(self.edition, [row.tier.key for row in self.rows])

    @cached_property
    def counts(self) -> list[tuple[str, int, int]]:
        """How many households have each grade, with the grade's key."""
        held = [row.tier.key for row in self.rows]
        return [
            (tier.name, held.count(tier.key), tier.key) for tier in self.edition.tiers
        ]

    @property
    def tied(self) -> list[Row]:
        """Equals at the border of a quota, for the panel to decide."""
        return [row for row in self.rows if row.is_tied]

    @cached_property
    def untold(self) -> int:
        """Households of the last grade who have not been told."""
        if self.round.confirmed_on is None:
            return 0
        return sum(
            row.is_last and row.rating is not None and row.rating.told_on is None
            for row in self.rows
        )

    # --- covenants and the law -----------------------------------------------------

    @property
    def covenants(self) -> list[CovenantVersion]:
        """The covenants that the round is rated by."""
        held = (self.round.covenant_one, self.round.covenant_two)
        return [one for one in held if one]

    @property
    def findings(self) -> list[Finding]:
        """What L26 and L39 say of the covenants."""
        return [
            finding
            for version in self.covenants
            for finding in covenant_rules.findings(version.paperwork, self.on)
        ]

    @cached_property
    def said(self) -> list[str]:
        """What people said of 双约双评 in the round's months: visits, issues, reviews."""
        months = months_of(self.round.first_day, min(self.round.last_day, self.on))
        village = self.round.region_id
        held = Review.objects.current().filter(region=village, month__in=months)
        told = held.exclude(covenants_say="").values_list("covenants_say", flat=True)
        heard = [
            said
            for month in months
            for said in review_figures.covenants(village, month)
        ]
        return list(dict.fromkeys([*told, *heard]))

    # --- the course ----------------------------------------------------------------

    def steps(self) -> list[Step]:
        """Return the steps on top of the page."""
        position = list(Stage).index(self.stage)
        return [
            Step(
                stage.label,
                stage.actor,
                "done" if index < position else "now" if index == position else "todo",
            )
            for index, stage in enumerate(STEPS)
        ]

    def next(self) -> Next:
        """Return what is to be done now, seen from the reader's post."""
        if self.stage is Stage.NOTICE:
            return self._notice()
        words = WORDS[self.stage].format(round=self.round, tied=len(self.tied))
        if self.stage is Stage.FILING and self.missing:
            words = "".join(self.missing)
        act = PRIMARY.get(self.stage)
        may = act is not None and act in {line.act for line in self.lines}
        if act is None or not may or self.missing:
            return Next(self.stage.label, words)
        url = reverse("evaluations:rating-step", args=[self.round.pk, act.value])
        return Next(self.stage.label, words, act.label, url, is_mine=True)

    def _notice(self) -> Next:
        held = self.round.notice
        may = self.post.may(Permission.RATING_KEEP)
        url = reverse("evaluations:rating-notice", args=[self.round.pk])
        if not services.noticed(self.round).is_needed:
            may_file = self.post.may(Permission.RATING_FILE)
            file = reverse("evaluations:rating-step", args=[self.round.pk, "file"])
            words = "这一期没有要公示的家庭，可以直接备案。"
            return Next(
                "备案", words, "备案" if may_file else "", file, is_mine=may_file
            )
        if held is None or held.state == State.WITHDRAWN:
            words = "结果已经确认。把文明模范家庭公示出去，别的等次不公示。"
            return Next("公示结果", words, "写公示" if may else "", url, is_mine=may)
        if held.state == State.DRAFT:
            url = held.get_absolute_url()
            words = "公示写好了，核对没有错就发布。"
            return Next(
                "核对并发布公示", words, "去核对" if may else "", url, is_mine=may
            )
        words = f"公示到 {held.last_day}。" + "".join(self.missing[1:])
        return Next(
            "公示中",
            words + "有人提出异议，请在公示页面登记。",
            "看公示",
            held.get_absolute_url(),
        )

    @cached_property
    def lines(self) -> tuple[Transition, ...]:
        """The lines of the table that the reader may take now."""
        return rules.possible(self.round.at, self.post.kind.permissions)

    @property
    def others(self) -> list[tuple[str, str]]:
        """The other steps that may be taken, with their addresses."""
        first = PRIMARY.get(self.stage)
        return [
            (
                line.act.label,
                reverse(
                    "evaluations:rating-step", args=[self.round.pk, line.act.value]
                ),
            )
            for line in self.lines
            if line.act is not first and line.act is not Act.FILE
        ]

    def events(self) -> list[Event]:
        """Return what happened, the newest first."""
        found = [
            Event(
                step.at if timezone.localdate(step.at) == step.on else step.on,
                step.get_act_display(),
                step.by.name,
                step.words,
                "warn" if step.act in BACKWARDS else "ok",
            )
            for step in self.round.steps.select_related("by").order_by("-pk")
        ]
        began = Event(
            self.round.began_on, "启动评定", self.round.began_by.name, tone="info"
        )
        return [*found, began]


WORDS = {
    Stage.RECORD: "代表和村里把加分、减分一户一户记下来；{round.last_day} 这一期结束，记完交评议小组。",
    Stage.REVIEW: "评议小组逐户核对，同分又超过名额的由小组定。核对完交“两委”确认。",
    Stage.CONFIRM: "村（社区）“两委”开会确认。确认以后分数和等次不能再改。",
    Stage.FILING: "公示期满，没有未处理的异议，由乡镇（街道）备案。",
    Stage.DONE: "{round.filed_on} 备案，这一期办结。",
    Stage.VOID: "这一期已经作废，可以重新启动。",
}
BACKWARDS = {Act.GIVE_BACK, Act.SEND_BACK, Act.REDO, Act.CANCEL}


def months_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the first days of the months between two days, both included."""
    found = [first.replace(day=1)]
    while (following := (found[-1] + dt.timedelta(days=31)).replace(day=1)) <= last:
        found.append(following)
    return found


@dataclass(frozen=True)
class Narrowed:
    """Which rows of the table are asked for: by grade, by group, by what they need."""

    tier: int | None = None
    group: int | None = None
    kind: str = ""

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows asked for: equals first, then the last grade, then as listed."""
        found = [row for row in rows if self._has(row)]
        return sorted(found, key=lambda row: (not row.is_tied, not row.is_last))

    def _has(self, row: Row) -> bool:
        if self.tier is not None and row.tier.key != self.tier:
            return False
        if self.group is not None and row.household.group.number != self.group:
            return False
        if self.kind == "tied":
            return row.is_tied
        if self.kind == "untold":
            return row.is_last and row.rating is not None and row.rating.told_on is None
        return self.kind != "none" or not row.entries
