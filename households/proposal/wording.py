"""The proposal in Chinese: why each household moves, and what could not be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from households.proposal.solving import Village, distance
from households.proposal.values import Change, Household, Representative, Unmet


def changes(village: Village, chosen: dict[int, int]) -> Iterable[Change]:
    for household in village.households:
        to = chosen.get(household.id)
        if to is None or to == household.representative:
            continue
        reason = (
            f"{_why(village, household, to)}；{_where(household, village.by_id[to])}"
        )
        yield Change(household.id, household.representative, to, reason)


def _why(village: Village, household: Household, to: int) -> str:
    """Say why the household does not stay where it is.

    As no link is changed without need, either this one was too many or that
    representative has too few: there is no third reason.
    """
    if household.representative is None:
        return "还没有联系代表"
    now = village.by_id.get(household.representative)
    if now is None:
        return "原联系代表已不在任"
    if village.before[now.id] > now.most:
        return f"原代表联系{village.before[now.id]}户，超过{now.most}户"
    return f"接收代表只有{village.before[to]}户，不足{village.by_id[to].least}户"


def _where(household: Household, to: Representative) -> str:
    """Say how near the representative is."""
    if household.constituency is not None and household.constituency == to.constituency:
        return "与该代表同一推选单元"
    apart = distance(household, to)
    if apart is None:
        return "组别没有登记，按户数安排"
    if apart == 0:
        return "与该代表同组"
    groups = f"{household.group}组与{to.group}组"
    return f"{groups}相邻" if apart == 1 else f"{groups}相距{apart}组"


def unmet(village: Village, after: Counter[int]) -> Iterable[Unmet]:
    yield from _too_few_places(village, after)
    for r in village.representatives:
        if after[r.id] > r.most:
            yield Unmet(_over(village, r, after[r.id]), r.id)
        if after[r.id] < r.least:
            yield Unmet(_under(village, r, after[r.id]), r.id)


def _too_few_places(village: Village, after: Counter[int]) -> Iterable[Unmet]:
    left = len(village.households) - after.total()
    if not left:
        return
    if not village.representatives:
        yield Unmet(f"没有在任代表，{left}户无法安排。请先补选代表。")
        return
    most = max(r.most for r in village.representatives)
    more = -(-left // most) if most else left
    places = sum(r.most for r in village.representatives)
    yield Unmet(
        f"现有{len(village.representatives)}名代表最多联系{places}户，"
        f"全村{len(village.households)}户，还有{left}户没有代表联系。"
        f"请至少再补选{more}名代表。"
    )


def _over(village: Village, r: Representative, after: int) -> str:
    fixed = village.held[r.id]
    if fixed > r.most:
        why = f"其中{fixed}户已锁定。请解除一部分锁定"
    else:
        why = "其他代表也没有空余名额。请补选代表"
    return f"联系{after}户，超过{r.most}户，{why}。"


def _under(village: Village, r: Representative, after: int) -> str:
    least = sum(r.least for r in village.representatives)
    total = len(village.households)
    if total < least:
        why = f"全村{total}户，不够每名代表都达到下限（共需{least}户）"
    else:
        why = "其余的户已锁定给其他代表。请解除一部分锁定"
    return f"联系{after}户，不足{r.least}户，{why}。"
