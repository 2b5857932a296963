"""Where the votes of a by-election stand: its rounds, replayed by the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from representatives.models import ByElection, Candidate, Round
from representatives.rules import Outcome, Tally, count_votes


@dataclass(frozen=True)
class Counted:
    """A round with what came of it; candidates by the id that stands in the outcome."""

    row: Round
    outcome: Outcome
    lines: tuple[tuple[Candidate, Tally], ...]


@dataclass(frozen=True)
class Count:
    """All rounds together: who is elected, who is to be voted on, for how many seats.

    `elected` is in the order in which they take the seats, the lowest number first:
    round by round, and in each the most votes first.
    """

    rounds: tuple[Counted, ...]
    elected: tuple[Candidate, ...]
    running: tuple[Candidate, ...]
    seats_left: int
    tied: bool

    @property
    def is_over(self) -> bool:
        """Whether somebody is elected and nothing is left to be voted on again."""
        return bool(self.elected) and not self.tied


def rounds_of(by_election: ByElection) -> list[Round]:
    """Return the rounds that stand, in order, with their votes; two statements."""
    rows = Round.objects.filter(by_election=by_election, set_aside_on=None)
    return list(rows.prefetch_related("votes__candidate").order_by("number"))


def count_of(
    seats: int, candidates: Sequence[Candidate], rounds: Sequence[Round]
) -> Count:
    """Replay the rounds: each fills what seats it can, a tie narrows the next one.

    Names may occur twice in a village, so the rules are given ids in place of names.
    """
    by_id = {candidate.pk: candidate for candidate in candidates}
    running = tuple(candidates)
    elected: list[Candidate] = []
    counted, tied = [], False
    for row in rounds:
        one = counted_round(row, seats - len(elected))
        elected += [by_id[int(pk)] for pk in one.outcome.elected]
        tied = bool(one.outcome.tied)
        running = (
            tuple(by_id[int(pk)] for pk in one.outcome.tied)
            if tied
            else tuple(each for each in candidates if each not in elected)
        )
        counted.append(one)
    return Count(tuple(counted), tuple(elected), running, seats - len(elected), tied)


def counted_round(row: Round, seats: int) -> Counted:
    """Return what came of one round for so many seats."""
    lines = tuple(
        (
            vote.candidate,
            Tally(
                str(vote.candidate_id),
                vote.votes_for,
                vote.votes_against,
                vote.votes_abstaining,
            ),
        )
        for vote in sorted(row.votes.all(), key=lambda v: (-v.votes_for, v.pk))
    )
    outcome = count_votes(
        (tally for _, tally in lines), present=row.present, seats=seats, on=row.held_on
    )
    return Counted(row, outcome, lines)
