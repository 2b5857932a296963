"""Who takes over households: of a seat that is filled, of somebody who leaves office."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from households.board import Board, board_of, propose_heirs
from households.models import ContactLink, Household, LinkEnd
from representatives.by_elections import Course
from representatives.models import Candidate, Representative, Vacancy


@dataclass(frozen=True)
class Left:
    """What somebody leaves behind: his households, who may take them over, a proposal.

    `proposed` names the next representative by household.
    """

    households: tuple[Household, ...]
    people: tuple[Representative, ...]
    proposed: Mapping[int, int] = field(default_factory=dict)


def left_by(person: Representative, on: dt.date, *, propose: bool) -> Left:
    """Return what a person would leave behind on the day `on`.

    Without `propose`, and in a village too large to propose for, one chooses by hand.
    """
    board = board_of(person.region, on)
    own = next((p.households for p in board.people if p.row.pk == person.pk), ())
    others = tuple(p.row for p in board.serving if p.row.pk != person.pk)
    if not own or not propose:
        return Left(own, others)
    try:
        return Left(own, others, propose_heirs(board, person))
    except ValueError:
        return Left(own, others)


def seat_pairs(course: Course) -> list[tuple[Vacancy, Candidate]]:
    """Return who takes which seat, as the filing will seat them."""
    return list(zip(course.vacancies, course.count.elected, strict=False))


def proposal_of(
    board: Board, pairs: Sequence[tuple[Vacancy, Candidate]]
) -> dict[int, int]:
    """Return the candidate proposed for each household that a seat is about.

    The households that the seat's last representative left behind, whoever has them
    now, and those of the constituency that nobody looks after.
    """
    living = board.by_id()
    proposed: dict[int, int] = {}
    for vacancy, candidate in pairs:
        for home in left_behind(vacancy):
            if home in living:
                proposed[home] = candidate.pk
    for place, household in enumerate(free_in(board, pairs)):
        _, candidate = pairs[place % len(pairs)]
        proposed.setdefault(household.pk, candidate.pk)
    order = {home: place for place, home in enumerate(living)}
    return dict(sorted(proposed.items(), key=lambda item: order[item[0]]))


def left_behind(vacancy: Vacancy) -> list[int]:
    """Return the households whose link ended with the seat's last mandate."""
    if vacancy.former_id is None:
        return []
    links = ContactLink.objects.filter(
        representative=vacancy.former_id, end_reason=LinkEnd.MANDATE_ENDED
    )
    return list(links.values_list("household_id", flat=True))


def free_in(
    board: Board, pairs: Sequence[tuple[Vacancy, Candidate]]
) -> list[Household]:
    """Return the constituency's households that nobody looks after."""
    units = {vacancy.seat.constituency_id for vacancy, _ in pairs}
    return [
        household
        for household in board.free
        if (household.constituency_id or board.of_group.get(household.group_id))
        in units
    ]
