"""The village's own desk: whom to see this week, and visits to ask about."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.permissions import Permission
from reports.figures.domain import Domain, View
from ui.parts import Todo
from visits import bursts, week


class Desk(Domain):
    """Work that nobody but the village sees; no figure of it goes up."""

    key = "desk"

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the week's list and the questions; nothing to whoever stands above."""
        place, on = view.asked.place, view.seen.on
        is_own = view.post is not None and view.post.region_id == place.code
        if not is_own or not view.may(Permission.VISIT_DESK):
            return ()
        return (
            Todo(
                len(week.households_of(place, on)), "本周要走访的户",
                "超期的和快到期的，按小组列好，可以打印", "info",
                "看名单", reverse("visits:week"),
            ),
            Todo(
                bursts.count_questions(place, on), "要核实的走访",
                "集中记录的，问一句是怎么回事", "warn", "去核实", reverse("visits:bursts"),
            ),
        )  # fmt: skip
