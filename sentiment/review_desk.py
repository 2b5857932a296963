"""A review in work as each of its four steps shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse

from regions.models import Region
from representatives.models import Representative
from sentiment import review_figures, review_queue
from sentiment.models import Review, ReviewState
from sentiment.review_figures import Figures
from sentiment.review_queue import Queue
from sentiment.rules.reviews import Attendance
from sentiment.services import reviews as services
from ui.charts import Column, Columns, Series
from ui.parts import Pair, Step

STEPS = ("data", "items", "covenants", "meeting")


@dataclass(frozen=True)
class Desk:
    """One review on the day `on`; each part is read once, when a page asks for it."""

    review: Review
    on: date
    is_masked: bool = False
    """Whether numbers in people's words are hidden: outside the village."""

    @property
    def village(self) -> Region:
        """The village whose meeting it is."""
        return self.review.region

    @property
    def township(self) -> str:
        """Whom the review goes to."""
        parent = self.village.parent
        return parent.name if parent else "镇里"

    @property
    def is_closed(self) -> bool:
        """Say whether it can no longer be changed."""
        return self.review.state != ReviewState.DRAFT

    @property
    def title(self) -> str:
        """The page's title: 11 月民情分析会; of another year 2025 年 12 月民情分析会."""
        month = self.review.month
        year = "" if month.year == self.on.year else f"{month.year} 年 "
        return f"{year}{month.month} 月民情分析会"

    @property
    def last_day(self) -> date:
        """The last day of its month."""
        return services.last_day(self.review.month)

    @property
    def until(self) -> str:
        """How long there is time: 每月至少 1 次，11 月 30 日前提交，还剩 7 天."""
        end = self.last_day
        left = (end - self.on).days
        time = (
            f"还剩 {left} 天"
            if left > 0
            else "今天是最后一天"
            if not left
            else f"已过 {-left} 天"
        )
        return f"每月至少 1 次 · {end.month} 月 {end.day} 日前提交，{time}"

    @cached_property
    def queue(self) -> Queue:
        """The matters it goes through."""
        return review_queue.queue_of(self.review, self.on, is_masked=self.is_masked)

    @cached_property
    def figures(self) -> Figures:
        """The month in numbers."""
        return review_figures.of_review(self.review, self.on)

    @cached_property
    def last_month(self) -> str:
        """上次事项落实情况: as it is written; until then, of a draft, as it stands now."""
        review = self.review
        if review.last_month or self.is_closed or review.is_from_paper:
            return review.last_month
        return self.outcome

    @cached_property
    def outcome(self) -> str:
        """What became of the matters of the meeting before, as it stands now."""
        return review_figures.last_month_words(self.village.pk, self.review.month)

    @cached_property
    def said(self) -> list[str]:
        """What people said of 双约双评 in the month."""
        return review_figures.covenants(self.review.region_id, self.review.month)

    @cached_property
    def people(self) -> list[Representative]:
        """The village's representatives, who are expected at the meeting."""
        people = Representative.objects.filter(region=self.village)
        day = self.review.held_on or self.on
        return list(people.serving(day).distinct().order_by("initials", "name"))

    @property
    def names(self) -> list[str]:
        """Who may be noted as present: them, and whoever the record names already."""
        names = [one.name for one in self.people]
        came = Attendance.read(self.review.attendees).people
        return [*names, *(name for name in came if name not in names)]

    @cached_property
    def missing(self) -> tuple[services.Missing, ...]:
        """What it still lacks before it can be submitted."""
        return services.missing_in(self.review, self.queue, self.on)

    def at(self, step: str) -> str:
        """Return the address of a step."""
        return reverse(f"sentiment:review-{step}", args=[self.review.pk])

    @property
    def items_url(self) -> str:
        """Where the matters are decided."""
        return self.at("items")

    @property
    def covenants_url(self) -> str:
        """Where 双约双评 is written about."""
        return self.at("covenants")

    @property
    def meeting_url(self) -> str:
        """Where the meeting itself is written about."""
        return self.at("meeting")

    @property
    def issues_url(self) -> str:
        """The list behind the figures of issues."""
        return reverse("sentiment:issues")

    @property
    def visits_url(self) -> str:
        """The visits of the month."""
        days = f"?since={self.review.month}&until={self.last_day}"
        return reverse("visits:records") + days

    @property
    def key_url(self) -> str:
        """The 重点户 that were not seen: today, or when the month had ended."""
        day = f"&on={self.last_day}" if self.last_day < self.on else ""
        return reverse("visits:overdue") + f"?state=to_see&cadence=month{day}"

    @property
    def submit_words(self) -> str:
        """What the last button says."""
        return f"提交给{self.township}"

    def steps(self, now: str) -> tuple[Step, ...]:
        """Return the four steps, and where each stands."""
        decided, every = len(self.queue.decided), len(self.queue.matters)
        said = f"收到 {len(self.said)} 条" if self.said else "本月没有人提起"
        notes = {
            "data": ("看数据", self._data_words()),
            "items": ("逐件研判", f"{every} 件，已研判 {decided} 件"),
            "covenants": ("双约双评意见", said),
            "meeting": ("核对并提交", f"报{self.township}"),
        }
        done = {
            "data": now != "data",
            "items": decided == every,
            "covenants": bool(self.review.covenants_say) or now == "meeting",
            "meeting": False,
        }
        return tuple(
            Step(*notes[step], self._state(step, now, done[step]), self.at(step))
            for step in STEPS
        )

    def _data_words(self) -> str:
        if self.review.is_from_paper:
            return "以前的会议，没有数字"
        found = self.figures
        return f"走访 {found.visits} 户次，超期 {found.overdue} 户"

    @staticmethod
    def _state(step: str, now: str, is_done: bool) -> Any:  # noqa: FBT001 - of the step
        if step == now:
            return "now"
        return "done" if is_done else "todo"

    def overview(self) -> Sequence[Pair]:
        """Return the month's figures beside the queue."""
        found = self.figures
        return (
            Pair("收集民情", f"{found.heard} 件"),
            Pair("情绪不满", f"{found.unhappy} 件", "bad" if found.unhappy else ""),
            Pair(
                "上月遗留未办结",
                f"{found.leftover} 件",
                "warn" if found.leftover else "",
            ),
            Pair("重点户走访", f"{found.key_visited} / {found.key} 户"),
            Pair("恳谈会（本季）", f"{found.talks} / {found.talks_owed} 次"),
        )

    def chart(self) -> Columns:
        """Return how many issues there were in each of the last six months."""
        months = review_figures.by_month(self.review.region_id, self.review.month)
        return Columns(
            "近六个月民情件数",
            (Series("件数", "s-pale"),),
            tuple(Column(f"{month.month}月", (count,)) for month, count in months),
        )
