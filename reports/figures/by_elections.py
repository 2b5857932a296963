"""By-elections: vacancies that are late and taken up by nobody, and whose turn it is."""

from collections.abc import Iterable, Mapping

from accounts.permissions import Permission
from regions.models import Level
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import Asked, Counts, Domain, Owner, View, tallied
from reports.figures.seats import empty_in
from representatives.by_elections import late_and_idle, listed, village_acts
from representatives.rules.by_elections import Stage
from ui.parts import Todo

LATE, VILLAGES_TURN, TOWNSHIPS_TURN = "late", "villages_turn", "townships_turn"


class ByElections(Domain):
    """补选: work that waits. They belong to a place, to no representative's line."""

    key = "by_elections"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return late vacancies, and by-elections by whose turn it is; one statement."""
        if asked.person is not None:
            return {}
        on, owner_of = asked.seen.on, asked.owner_of
        running = asked.read(_running)
        taken = {constituency for _, constituency, _ in running}
        late = late_and_idle(empty_in(asked), taken, on)
        return tallied(
            (
                *((owner_of(seat.region_id), LATE, 1) for seat in late),
                *((owner_of(code), _turn(Stage(at)), 1) for code, _, at in running),
            )
        )

    def piles(self, view: View) -> Iterable[Todo]:
        """Return what is late, and what waits for the level of who looks."""
        if view.person is not None or not view.may(Permission.REPRESENTATIVE_VIEW):
            return
        yield Todo(
            view.counts[LATE], "出缺超过期限的席位", "还没有启动补选", "bad", "去启动",
            view.link("representatives:by-elections", state="late"),
        )  # fmt: skip
        level = view.post.region.level if view.post else Level.CITY
        turns = {Level.VILLAGE: VILLAGES_TURN, Level.TOWNSHIP: TOWNSHIPS_TURN}
        if turn := turns.get(Level(level)):
            yield Todo(
                view.counts[turn], "轮到您办的补选", "办完这一步才能往下走", "warn", "去办",
                view.link("representatives:by-elections", state="mine"),
            )  # fmt: skip


def _running(asked: Asked) -> ValuesList:
    rows = listed(asked.seen.on, asked.place).running()
    return rows.values_list("region_id", "constituency_id", "today_stage")


def _turn(stage: Stage) -> str:
    return VILLAGES_TURN if village_acts(stage) else TOWNSHIPS_TURN
