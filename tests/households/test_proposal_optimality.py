"""The proposal is the best of all assignments, where these can be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from households.proposal import (
    Household,
    Proposal,
    Representative,
    propose,
)

Choice = tuple[int | None, ...]


def serving(household: Household, ids: set[int]) -> int | None:
    return household.representative if household.representative in ids else None


def all_choices(
    households: Sequence[Household], representatives: Sequence[Representative]
) -> Iterator[Choice]:
    """Every assignment that leaves pinned links alone and overloads nobody further."""
    ids = {r.id for r in representatives}
    present = Counter(serving(h, ids) for h in households)
    options: list[list[int | None]] = [
        [serving(h, ids)] if h.pinned and serving(h, ids) else [None, *sorted(ids)]
        for h in households
    ]
    for choice in product(*options):
        loads = Counter(choice)
        if all(loads[r.id] <= max(r.most, present[r.id]) for r in representatives):
            yield choice


def wishes(
    choice: Choice,
    households: Sequence[Household],
    representatives: Sequence[Representative],
) -> tuple[int, ...]:
    """How far a choice is from each wish, the first wish first."""
    by_id = {r.id: r for r in representatives}
    loads = Counter(choice)
    served = {r.constituency for r in representatives} - {None}
    known = [
        abs(h.group - r.group)
        for h in households
        for r in representatives
        if not is_fixed(h, by_id) and h.group is not None and r.group is not None
    ]
    far = max(known, default=0) + 1
    outside = distance = 0
    for household, chosen in zip(households, choice, strict=True):
        if chosen is None or is_fixed(household, by_id):
            continue
        r = by_id[chosen]
        outside += household.constituency in served and (
            household.constituency != r.constituency
        )
        is_known = household.group is not None and r.group is not None
        distance += abs((household.group or 0) - (r.group or 0)) if is_known else far
    moved = sum(
        serving(h, set(by_id)) not in (None, chosen)
        for h, chosen in zip(households, choice, strict=True)
    )
    return (
        loads[None],
        sum(max(0, loads[r.id] - r.most) for r in representatives),
        sum(max(0, r.least - loads[r.id]) for r in representatives),
        moved,
        outside,
        distance,
        sum(loads[r.id] * (loads[r.id] - 1) // 2 for r in representatives),
    )


def is_fixed(household: Household, by_id: dict[int, Representative]) -> bool:
    return household.pinned and household.representative in by_id


def choice_of(proposal: Proposal, households: Sequence[Household]) -> Choice:
    changed = {change.household: change.to for change in proposal.changes}
    return tuple(
        None if h.id in proposal.unplaced else changed.get(h.id, h.representative)
        for h in households
    )


maybe_group = st.one_of(st.none(), st.integers(1, 4), st.integers(1, 4))
maybe_constituency = st.one_of(st.none(), st.integers(1, 2))


@st.composite
def small_villages(
    draw: st.DrawFn,
) -> tuple[list[Household], list[Representative]]:
    representatives = [
        Representative(
            id=n + 1,
            group=draw(maybe_group),
            constituency=draw(maybe_constituency),
            least=draw(st.integers(0, 2)),
            most=draw(st.integers(2, 3)),
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    households = [
        Household(
            id=n + 1,
            group=draw(maybe_group),
            constituency=draw(maybe_constituency),
            representative=draw(st.sampled_from([None, 1, 1, 2, 3, 9])),
            pinned=draw(st.sampled_from([False, False, False, True])),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    return households, representatives


@settings(max_examples=250, deadline=None, derandomize=True)
@given(village=small_villages())
def test_no_other_assignment_meets_the_wishes_better(
    village: tuple[list[Household], list[Representative]],
) -> None:
    households, representatives = village
    proposed = choice_of(propose(households, representatives), households)
    choices = list(all_choices(households, representatives))

    assert proposed in choices
    assert wishes(proposed, households, representatives) == min(
        wishes(choice, households, representatives) for choice in choices
    )


@settings(max_examples=250, deadline=None, derandomize=True)
@given(village=small_villages())
def test_link_is_changed_only_where_there_are_too_many_or_too_few(
    village: tuple[list[Household], list[Representative]],
) -> None:
    """What the reasons of the proposal take for granted."""
    households, representatives = village
    proposal = propose(households, representatives)
    load = {load.representative: load for load in proposal.loads}

    for change in proposal.changes:
        if change.from_ in load:
            gives, takes = load[change.from_], load[change.to]
            assert gives.before > gives.most or takes.before < takes.least
