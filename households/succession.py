"""Who takes which seat of a by-election, and which households come with it."""

from collections.abc import Sequence

from households.board import Board
from households.models import ContactLink, Household, LinkEnd
from representatives.by_elections import Course
from representatives.models import Candidate, Vacancy


def seat_pairs(course: Course) -> list[tuple[Vacancy, Candidate]]:
    """Return who takes which seat: the most votes first, the seats by number."""
    elected = list(course.count.elected)
    votes = {
        person.pk: tally.votes_for
        for counted in course.count.rounds
        for person, tally in counted.lines
    }
    elected.sort(key=lambda c: (-votes.get(c.pk, 0), c.pk))
    return list(zip(course.vacancies, elected, strict=False))


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
