"""The proposal for villages of real size, what it prefers, and its words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from households.proposal import (
    Change,
    Household,
    Load,
    Proposal,
    Representative,
    propose,
)

Choice = tuple[int | None, ...]


def choice_of(proposal: Proposal, households: Sequence[Household]) -> Choice:
    changed = {change.household: change.to for change in proposal.changes}
    return tuple(
        None if h.id in proposal.unplaced else changed.get(h.id, h.representative)
        for h in households
    )


# --- properties of real-sized villages -------------------------------------


def village_of(
    seed: int, *, households: int, representatives: int, linked: float
) -> tuple[list[Household], list[Representative]]:
    rnd = random.Random(seed)  # noqa: S311 - a village for a test, not a secret
    people = [
        Representative(100 + n, group=n % 15 + 1, constituency=n // 2)
        for n in range(representatives)
    ]
    return [
        Household(
            id=n,
            group=rnd.randint(1, 15),
            constituency=rnd.choice([None, rnd.randrange(30)]),
            representative=(
                100 + rnd.randrange(representatives + 2)
                if rnd.random() < linked
                else None
            ),
            pinned=rnd.random() < 0.03,
        )
        for n in range(households)
    ], people


REAL = [
    pytest.param(seed, linked, id=f"seed-{seed}-linked-{linked}")
    for seed in (1, 2)
    for linked in (0.0, 0.7, 1.0)
]


@pytest.mark.parametrize(("seed", "linked"), REAL)
def test_six_hundred_households_are_placed_within_the_bounds(
    seed: int, linked: float
) -> None:
    households, people = village_of(
        seed, households=600, representatives=45, linked=linked
    )
    proposal = propose(households, people)
    after = Counter(choice_of(proposal, households))

    assert proposal.unplaced == ()
    assert all(5 <= load.after <= 15 for load in proposal.loads)
    assert after == Counter(
        {load.representative: load.after for load in proposal.loads}
    )
    assert proposal.unmet == ()


@pytest.mark.parametrize(("seed", "linked"), REAL)
def test_each_household_is_changed_at_most_once_and_pinned_ones_never(
    seed: int, linked: float
) -> None:
    households, people = village_of(
        seed, households=600, representatives=45, linked=linked
    )
    proposal = propose(households, people)
    changed = [change.household for change in proposal.changes]
    ids = {r.id for r in people}

    assert len(set(changed)) == len(changed)
    fixed = {h.id for h in households if h.pinned and h.representative in ids}
    assert not fixed & set(changed)
    before = {h.id: h.representative for h in households}
    assert all(c.from_ == before[c.household] != c.to for c in proposal.changes)


@pytest.mark.parametrize(("seed", "linked"), REAL)
def test_same_village_in_any_order_gives_the_same_proposal(
    seed: int, linked: float
) -> None:
    households, people = village_of(
        seed, households=200, representatives=20, linked=linked
    )
    first = propose(households, people)
    random.Random(seed).shuffle(households)  # noqa: S311 - any order will do

    assert propose(households, people[::-1]) == first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_accepted_proposal_leaves_nothing_to_propose(seed: int) -> None:
    households, people = village_of(
        seed, households=300, representatives=30, linked=0.6
    )
    chosen = choice_of(propose(households, people), households)
    accepted = [
        Household(h.id, h.group, h.constituency, to, pinned=h.pinned)
        for h, to in zip(households, chosen, strict=True)
    ]

    assert propose(accepted, people).changes == ()


def test_links_within_the_bounds_stay_though_others_would_be_nearer() -> None:
    """Everybody is looked after from the far end of the village: that is their affair."""
    people = [Representative(1, group=1), Representative(2, group=9)]
    households = [Household(n, group=9, representative=1) for n in range(10)]
    households += [Household(n, group=1, representative=2) for n in range(10, 20)]

    proposal = propose(households, people)

    assert proposal.changes == ()
    assert proposal.loads == (Load(1, 10, 10, 5, 15), Load(2, 10, 10, 5, 15))


# --- what is preferred, and what is said -----------------------------------


def homeless(n: int, group: int, constituency: int | None = None) -> list[Household]:
    return [Household(id=i, group=group, constituency=constituency) for i in range(n)]


def test_own_constituency_comes_before_the_own_group() -> None:
    people = [
        Representative(1, group=4, constituency=7, least=0),
        Representative(2, group=3, constituency=8, least=0),
    ]
    proposal = propose(homeless(6, group=3, constituency=7), people)

    assert {change.to for change in proposal.changes} == {1}
    assert proposal.changes[0].reason == "还没有联系代表；与该代表同一推选单元"


def test_own_group_comes_before_a_neighbouring_one_and_evenness() -> None:
    people = [Representative(1, group=3, least=0), Representative(2, group=4, least=0)]
    proposal = propose(homeless(12, group=3), people)

    assert {change.to for change in proposal.changes} == {1}
    assert proposal.changes[0].reason == "还没有联系代表；与该代表同组"


def test_neighbouring_group_takes_what_the_own_group_cannot() -> None:
    people = [
        Representative(1, group=3),
        Representative(2, group=4),
        Representative(3, group=9, least=0),
    ]
    proposal = propose(homeless(20, group=3), people)

    assert Counter(change.to for change in proposal.changes) == {1: 15, 2: 5}
    assert {c.reason for c in proposal.changes if c.to == 2} == {
        "还没有联系代表；3组与4组相邻"
    }


def test_equally_near_representatives_share_evenly() -> None:
    people = [Representative(n, group=3) for n in (1, 2, 3)]
    proposal = propose(homeless(31, group=3), people)

    assert sorted(load.after for load in proposal.loads) == [10, 10, 11]


def test_overloaded_representative_gives_away_the_farthest_only() -> None:
    people = [Representative(1, group=1), Representative(2, group=6)]
    near = [Household(n, group=1, representative=1) for n in range(14)]
    far = [Household(n, group=6, representative=1) for n in range(14, 20)]
    others = [Household(n, group=6, representative=2) for n in range(20, 30)]

    proposal = propose(near + far + others, people)

    assert len(proposal.changes) == 5
    assert {c.household for c in proposal.changes} < {h.id for h in far}
    assert {c.reason for c in proposal.changes} == {
        "原代表联系20户，超过15户；与该代表同组"
    }


def test_representative_with_too_few_is_filled_up_to_his_minimum_only() -> None:
    people = [Representative(1, group=1), Representative(2, group=3)]
    households = [Household(n, group=1, representative=1) for n in range(12)]
    households += [Household(n, group=3, representative=2) for n in range(12, 15)]

    proposal = propose(households, people)

    assert [load.after for load in proposal.loads] == [10, 5]
    assert {c.reason for c in proposal.changes} == {
        "接收代表只有3户，不足5户；1组与3组相距2组"
    }


def test_households_of_somebody_who_left_are_handed_over() -> None:
    households = [Household(n, group=None, representative=9) for n in range(6)]
    proposal = propose(households, [Representative(1, group=1)])

    assert proposal.changes[0] == Change(
        0, 9, 1, "原联系代表已不在任；组别没有登记，按户数安排"
    )


def test_too_few_representatives_are_said_with_the_number_that_is_missing() -> None:
    proposal = propose(homeless(40, group=1), [Representative(1), Representative(2)])

    assert len(proposal.unplaced) == 10
    assert [unmet.message for unmet in proposal.unmet] == [
        "现有2名代表最多联系30户，全村40户，还有10户没有代表联系。请至少再补选1名代表。"
    ]


def test_where_places_are_short_nobody_loses_his_representative() -> None:
    people = [Representative(1, group=1), Representative(2, group=2)]
    households = [Household(n, group=1, representative=1) for n in range(20)]
    households += [Household(n, group=2, representative=2) for n in range(20, 35)]

    proposal = propose(households, people)

    assert (proposal.changes, proposal.unplaced) == ((), ())
    assert [(u.representative, u.message) for u in proposal.unmet] == [
        (1, "联系20户，超过15户，其他代表也没有空余名额。请补选代表。")
    ]


def test_village_without_representatives_is_told_so() -> None:
    proposal = propose(homeless(3, group=1), [])

    assert proposal.unplaced == (0, 1, 2)
    assert proposal.loads == ()
    assert proposal.unmet[0].message == "没有在任代表，3户无法安排。请先补选代表。"


def test_representatives_who_may_take_nobody_place_nobody() -> None:
    proposal = propose(homeless(2, group=1), [Representative(1, least=0, most=0)])

    assert proposal.unplaced == (0, 1)
    assert "请至少再补选2名代表" in proposal.unmet[0].message


def test_too_few_households_leave_minimums_unmet_and_say_why() -> None:
    people = [Representative(1, group=1), Representative(2, group=1)]
    proposal = propose(homeless(7, group=1), people)

    assert sorted(load.after for load in proposal.loads) == [3, 4]
    assert "不够每名代表都达到下限（共需10户）" in proposal.unmet[0].message


def test_pinned_households_may_make_the_bounds_impossible() -> None:
    people = [Representative(1), Representative(2)]
    households = [Household(n, representative=1, pinned=True) for n in range(16)]

    proposal = propose(households, people)

    assert proposal.changes == ()
    assert [(u.representative, u.message) for u in proposal.unmet] == [
        (1, "联系16户，超过15户，其中16户已锁定。请解除一部分锁定。"),
        (2, "联系0户，不足5户，其余的户已锁定给其他代表。请解除一部分锁定。"),
    ]


def test_empty_village_has_nothing_to_propose() -> None:
    assert propose([], []) == Proposal((), (), (), ())


@pytest.mark.parametrize(
    ("households", "representatives", "words"),
    [
        ([Household(1), Household(1)], [], "同一户出现了两次"),
        ([], [Representative(1), Representative(1)], "同一名代表出现了两次"),
        ([], [Representative(1, least=6, most=5)], "下限不能大于上限"),
        ([], [Representative(1, most=5000)], "上限设得过大"),
    ],
)
def test_contradicting_input_is_refused(
    households: list[Household], representatives: list[Representative], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        propose(households, representatives)


def test_village_too_large_to_be_exact_is_refused() -> None:
    people = [Representative(n, group=n) for n in range(190)]

    with pytest.raises(ValueError, match="请按片或者按组分批"):
        propose(homeless(2800, group=1), people)
