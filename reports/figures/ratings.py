"""双约双评: villages whose round is behind, and rounds that wait for the township."""

from collections.abc import Iterable, Mapping

from accounts.permissions import Permission
from evaluations.models import RatingRound
from evaluations.rules.rounds import BEHIND_AFTER, Stage
from evaluations.waiting import behind, over_quota, pressing, stage_of
from regions.models import Level
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import Asked, Counts, Domain, Owner, View, tallied
from reports.lights import LightRule, Worry
from ui.parts import Todo

BEHIND, FILING, OVER = "behind", "filing", "over"


class Ratings(Domain):
    """Counted over the rounds that run, and those of the year that were brought in."""

    key = "ratings"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return how many villages are behind, wait for filing, or exceed their quota."""
        if asked.person is not None:
            return {}
        rows = asked.rows(RatingRound.objects.running().select_related("notice"))
        on = asked.seen.on
        waiting = pressing(rows).items()
        late = [village for village, row in waiting if behind(row, on)]
        over = [v for v, row in waiting if stage_of(row, on) is Stage.FILING]
        beyond = {village for (village,) in asked.read(_beyond)}
        return tallied(
            (asked.owner_of(village), name, 1)
            for name, villages in ((BEHIND, late), (FILING, over), (OVER, beyond))
            for village in villages
        )

    def worries(self, view: View) -> Iterable[Worry]:
        """Return that a round should have been filed by now."""
        if number := view.counts[BEHIND]:
            yield Worry("warn", f"评家庭落后 {number} 个村")

    def rule(self, asked: Asked, rule: LightRule) -> str:
        """Return when a round makes an exception."""
        return f"评家庭一期结束 {BEHIND_AFTER} 天还没有备案的，至少列为关注。"

    def piles(self, view: View) -> Iterable[Todo]:
        """Return what waits for the township, and who is behind below."""
        post, place = view.post, view.asked.place
        if post is None or place.level == Level.VILLAGE:
            return
        if post.may(Permission.RATING_FILE):
            yield Todo(
                view.counts[FILING], "等备案的家庭评定", "公示期满", "warn", "去备案",
                view.link("evaluations:ratings", show=FILING),
            )  # fmt: skip
        if post.may(Permission.RATING_VIEW):
            yield Todo(
                view.counts[BEHIND], "评家庭落后的村", "一期结束还没有备案", "off", "看名单",
                view.link("evaluations:ratings", show=BEHIND),
            )  # fmt: skip
            yield Todo(
                view.counts[OVER], "评家庭名额超过的村", "导入的结果，请核对", "bad", "看名单",
                view.link("evaluations:ratings", show=OVER),
            )  # fmt: skip


def _beyond(asked: Asked) -> ValuesList:
    """Return the villages of the year's imported rounds that exceed a quota."""
    imported = RatingRound.objects.filter(is_imported=True, year=asked.seen.on.year)
    return asked.rows(over_quota(imported)).values_list("region")
