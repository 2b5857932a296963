"""The yearly appraisal (L35): villages without one this year, ratios that are exceeded."""

from collections.abc import Iterable, Mapping

from accounts.permissions import Permission
from appraisals import summary
from appraisals.board import is_mine
from appraisals.rules.steps import Stage
from regions.models import Level
from reports.figures.domain import Asked, Counts, Domain, Owner, View, tallied
from reports.figures.serving import serving_in
from ui.parts import Todo


class Appraisals(Domain):
    """履职评议: work that waits. It belongs to a village, to no representative's line."""

    key = "appraisals"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return villages by what is the matter, and by the step that is due."""
        if asked.person is not None:
            return {}
        found: list[tuple[Owner, str, int]] = []
        on = asked.seen.on
        known = summary.standings_in(asked.place, on.year, on, _serving(asked))
        for village, one in known.items():
            owner = asked.owner_of(village)
            found += [
                (owner, summary.MISSING, int(one.is_missing)),
                (owner, summary.OVER, int(one.is_over)),
                *([(owner, one.stage.value, 1)] if one.stage else []),
            ]
        return tallied(found)

    def piles(self, view: View) -> Iterable[Todo]:
        """Return what is missing, what exceeds its ratio, and one's own turn."""
        if view.person is not None or not view.may(Permission.APPRAISAL_VIEW):
            return
        year = str(view.seen.on.year)
        yield Todo(
            view.counts[summary.MISSING], "今年还没评议的村", "代表每年评议一次",
            "warn", "去看", self._list(view, summary.MISSING, year),
        )  # fmt: skip
        yield Todo(
            view.counts[summary.OVER], "优秀代表超过比例的村", "请核对名单", "bad",
            "去看", self._list(view, summary.OVER, year),
        )  # fmt: skip
        turns = [s for s in Stage if view.post is not None and is_mine(s, view.post)]
        yield Todo(
            sum(view.counts[stage.value] for stage in turns), "轮到您办的评议",
            "办完这一步才能往下走", "warn", "去办",
            self._list(view, summary.MINE, year),
        )  # fmt: skip

    @staticmethod
    def _list(view: View, state: str, year: str) -> str:
        return view.link("appraisals:appraisals", state=state, year=year)


def _serving(asked: Asked) -> dict[int, int] | None:
    """Return the mandates by village, as the trainings' figures have read them."""
    if asked.place.level == Level.VILLAGE:
        return None
    return {held.owner: held.mandates for held in serving_in(asked)}
