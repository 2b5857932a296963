"""Households to places at least cost; the head of the package says what is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from households.proposal.values import Household, Representative

EXACT = 2**53
"""Whole numbers up to here are exact in a double."""

MOST_PLACES = 3000
"""More places than any village has; beyond, the square of them fills the memory."""

# --- the village, prepared -------------------------------------------------


@dataclass
class Village:
    """The input in order of ids, and what follows from it.

    `pinned` maps pinned households to their representatives, `free` are the others;
    `before` and `held` count the households and the pinned ones of each representative;
    `served` are the constituencies that have a representative.
    """

    households: Sequence[Household]
    representatives: Sequence[Representative]
    by_id: dict[int, Representative] = field(init=False)
    pinned: dict[int, int] = field(init=False)
    free: list[Household] = field(init=False)
    before: Counter[int] = field(init=False)
    held: Counter[int] = field(init=False)
    served: frozenset[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {r.id: r for r in self.representatives}
        self.served = frozenset(r.constituency for r in self.representatives) - {None}
        _check_input(self.households, self.representatives)
        linked = {
            h.id: now for h in self.households if (now := self.now(h)) is not None
        }
        self.before = Counter(linked.values())
        self.pinned = {
            h.id: linked[h.id] for h in self.households if h.pinned and h.id in linked
        }
        self.held = Counter(self.pinned.values())
        self.free = [h for h in self.households if h.id not in self.pinned]

    def now(self, household: Household) -> int | None:
        """Return who looks after a household now, if he still serves."""
        is_serving = household.representative in self.by_id
        return household.representative if is_serving else None

    def room(self, representative: Representative) -> int:
        """Return how many free households a representative may take."""
        return max(0, representative.most - self.held[representative.id])

    def need(self, representative: Representative) -> int:
        """Return how many of them he must get to reach his minimum."""
        needed = max(0, representative.least - self.held[representative.id])
        return min(needed, self.room(representative))


def _check_input(
    households: Sequence[Household], representatives: Sequence[Representative]
) -> None:
    if len({h.id for h in households}) < len(households):
        raise ValueError("同一户出现了两次，请核对名单。")
    if len({r.id for r in representatives}) < len(representatives):
        raise ValueError("同一名代表出现了两次，请核对名单。")
    if any(not 0 <= r.least <= r.most for r in representatives):
        raise ValueError("联系户数的下限不能大于上限，请更正设置。")
    if sum(r.most for r in representatives) > MOST_PLACES:
        raise ValueError("联系户数的上限设得过大，请更正设置，或分片拟定方案。")


# --- places ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """One household more for a representative: his `rank`-th, counted from 0.

    A `needed` place belongs to his minimum. A place `beyond` his maximum is for one of
    his present households only. Nobody's place has no representative.
    """

    representative: Representative | None
    rank: int = 0
    needed: bool = False
    beyond: bool = False


def _places(village: Village) -> list[_Place]:
    """Return the places in the village: as many as are needed, or all there are."""
    places = []
    for r in village.representatives:
        held, need = village.held[r.id], village.need(r)
        places += [_Place(r, held + n, needed=n < need) for n in range(village.room(r))]
    excess = len(village.free) - len(places)
    if excess > 0:
        beyond = _places_beyond(village)
        places += beyond
        places += [_Place(None)] * max(0, excess - len(beyond))
    return places


def _places_beyond(village: Village) -> list[_Place]:
    """Where places are short, let the present households of the overloaded stay."""
    present = Counter(village.now(household) for household in village.free)
    return [
        _Place(r, village.held[r.id] + n, beyond=True)
        for r in village.representatives
        for n in range(village.room(r), present[r.id])
    ]


# --- costs -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Weights:
    """What one unit of each wish costs; a whole village of one is less than the next.

    Evenness weighs 1: the sum of the ranks of the places taken is least when loads are
    even.
    """

    distance: int
    constituency: int
    link: int

    @classmethod
    def of(cls, households: int, farthest: int, highest_rank: int) -> _Weights:
        """Choose the weights; raise ValueError when the sums would not be exact."""
        distance = households * highest_rank + 1
        constituency = distance * (households * farthest + 1)
        link = constituency * (households + 1)
        if link * (households + 1) > EXACT:
            raise ValueError("户数过多，不能一次拟定，请按片或者按组分批拟定方案。")
        return cls(distance, constituency, link)


def distance(household: Household, representative: Representative) -> int | None:
    """Return the difference of the group numbers, None when one is not known."""
    if household.group is None or representative.group is None:
        return None
    return abs(household.group - representative.group)


def _is_outside(village: Village, household: Household, r: Representative) -> bool:
    """Say whether a household goes to another constituency though its own is served."""
    is_served = household.constituency in village.served
    return is_served and household.constituency != r.constituency


def _costs(village: Village, places: Sequence[_Place]) -> NDArray[np.float64]:
    """Return the cost of every place (column) for every free household (row)."""
    pairs = [(h, r) for h in village.free for r in village.representatives]
    distances = [distance(h, r) for h, r in pairs]
    # An unknown distance is one group farther than the farthest known.
    far = max((d for d in distances if d is not None), default=0) + 1
    highest_rank = max(place.rank for place in places)
    weights = _Weights.of(len(village.free), far, highest_rank)
    costs = [
        weights.link * (village.now(h) not in (None, r.id))
        + weights.constituency * _is_outside(village, h, r)
        + weights.distance * (far if d is None else d)
        for (h, r), d in zip(pairs, distances, strict=True)
    ]
    table = np.array(costs, dtype=np.float64).reshape(len(village.free), -1)
    nobody = [weights.link * (village.now(h) is not None) for h in village.free]
    table = np.column_stack([table, np.array(nobody, dtype=np.float64)])
    column = {r.id: n for n, r in enumerate(village.representatives)}
    owners = [column[p.representative.id] if p.representative else -1 for p in places]
    result: NDArray[np.float64] = table[:, owners] + [place.rank for place in places]
    return result


def assign(village: Village) -> dict[int, int]:
    """Return the representative of each free household that gets one."""
    # Here and not above: it takes half a second and 50 MB to import, and most
    # processes that import the pages never make a proposal.
    from scipy.optimize import linear_sum_assignment

    if not village.free or not village.representatives:
        return {}
    places = _places(village)
    costs = _costs(village, places)
    is_short = len(village.free) < sum(place.needed for place in places)
    _forbid(costs, village, places, is_short=is_short)
    idle = _idle_rows(len(places) - len(village.free), places, is_short=is_short)
    _, taken = linear_sum_assignment(np.vstack([costs, idle]))
    chosen = zip(village.free, taken, strict=False)
    return {
        household.id: places[n].representative.id
        for household, n in chosen
        if places[n].representative
    }


def _forbid(
    costs: NDArray[np.float64],
    village: Village,
    places: Sequence[_Place],
    *,
    is_short: bool,
) -> None:
    """Close places to households: beyond the maximum, and above too few households."""
    for n, place in enumerate(places):
        if is_short and not place.needed:
            costs[:, n] = np.inf
        if place.beyond and place.representative:
            stays = [village.now(h) == place.representative.id for h in village.free]
            costs[~np.array(stays), n] = np.inf


def _idle_rows(
    rows: int, places: Sequence[_Place], *, is_short: bool
) -> NDArray[np.float64]:
    """Return rows that make the matrix square: each says that one place stays empty.

    Which may: where places are short only those beyond a maximum; where households are
    short any; otherwise those that nobody needs for his minimum.
    """
    is_crowded = any(place.beyond or not place.representative for place in places)
    may_stay_empty = [
        place.beyond if is_crowded else is_short or not place.needed for place in places
    ]
    row = np.where(may_stay_empty, 0.0, np.inf)
    return np.tile(row, (rows, 1))
