"""A proposal who should look after whom in one village.

For the households that nobody looks after and the representatives with too few or too
many. What is wanted, in this order, and never a later wish against an earlier one:

1. every household has somebody, nobody has more than his maximum, nobody fewer than his
   minimum (L29, L30 of domain 2.3: "一般就近就便联系5至15户", "户户有人联");
2. existing links stay: no more of them are changed than the first wish needs;
3. a household belongs to a representative of its own constituency (推选单元), "以推选其当选
   的选举单元为基础" (report);
4. the distances are short: the sum of the differences of group numbers, the same group
   being 0, for neighbouring numbers are neighbours on the ground;
5. loads are even.

Each representative is cut into as many places as he may take households, and households
are assigned to places at least cost by `scipy.optimize.linear_sum_assignment` (exact, the
Jonker-Volgenant method). Wish 1 is kept by the numbers of places and by forbidden pairs,
the others by integer weights so far apart that a whole village of one wish weighs less
than a single unit of the one before. All costs are whole numbers that a double holds
exactly. The answer depends on the ids alone, not on the order of the input.

Where wish 1 cannot be had in full, the least is given up: with too few places the
households beyond them stay with whoever has them now, or stay without anyone, and with
too few households no more minimums are missed than must be. `unmet` says so in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from households.proposal.solving import Village, assign
from households.proposal.values import (
    Change,
    Household,
    Load,
    Proposal,
    Representative,
    Unmet,
)
from households.proposal.wording import changes, unmet

__all__ = [
    "Change",
    "Household",
    "Load",
    "Proposal",
    "Representative",
    "Unmet",
    "propose",
]


def propose(
    households: Iterable[Household], representatives: Iterable[Representative]
) -> Proposal:
    """Propose who should look after whom; see the head of this module for the wishes.

    Raises ValueError for ids given twice, for bounds that contradict each other, and
    for a village too large to be exact (about 2,000 households): it is then proposed
    in parts.
    """
    village = Village(
        sorted(households, key=lambda household: household.id),
        sorted(representatives, key=lambda representative: representative.id),
    )
    chosen = village.pinned | assign(village)
    after = Counter(chosen.values())
    return Proposal(
        changes=tuple(changes(village, chosen)),
        unplaced=tuple(h.id for h in village.households if h.id not in chosen),
        loads=tuple(
            Load(r.id, village.before[r.id], after[r.id], r.least, r.most)
            for r in village.representatives
        ),
        unmet=tuple(unmet(village, after)),
    )
