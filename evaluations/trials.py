"""A draft tried on entries that were made under another edition: reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.models import RatingRound, Scheme
from evaluations.rules import scores
from evaluations.rules.rounds import Stage
from evaluations.rules.schemes import Edition
from evaluations.rules.scores import Line, Mark, Standing
from evaluations.scoring import marks_by_household, rated_households
from households.models import Household
from regions.models import Region, inside

MOST_ROUNDS = 60


@dataclass(frozen=True)
class Trial:
    """One round as it was, and as it would be: totals and grades, household by household."""

    round: RatingRound
    lines: tuple[tuple[Household, Line], ...]
    lost: int

    @property
    def moved(self) -> list[tuple[Household, Line]]:
        """Households whose grade would be another."""
        return [(home, line) for home, line in self.lines if line.is_moved]

    def counted(self) -> list[tuple[str, int, int]]:
        """Return each grade with how many had it and how many would."""
        names = dict.fromkeys(
            [line.was for _, line in self.lines] + [line.now for _, line in self.lines]
        )
        return [
            (
                name,
                sum(line.was == name for _, line in self.lines),
                sum(line.now == name for _, line in self.lines),
            )
            for name in names
        ]


def rounds_to_try(draft: Scheme, place: Region) -> list[RatingRound]:
    """Return rounds whose entries a draft can be tried on, last year's and this year's.

    Those that ended, the latest first; imported ones have no entries.
    """
    rows = inside(RatingRound.objects.all(), place.scope).exclude(stage=Stage.VOID)
    rows = rows.filter(year__in=(draft.year - 1, draft.year), is_imported=False)
    found = rows.select_related("scheme__owner", "region__parent")
    return list(found.order_by("-first_day", "region")[:MOST_ROUNDS])


def tried(draft: Scheme, round_: RatingRound) -> Trial:
    """Return what a draft would make of a round's entries; nothing is written."""
    new, used = draft.edition(), round_.scheme.edition()
    homes = list(rated_households(round_).select_related("group"))
    marks = marks_by_household(round_)
    before, after, lost = [], [], 0
    for home in homes:
        own = marks.get(home.pk, [])
        translated, missing = scores.translated(new, used, own)
        lost += missing
        before.append(_standing(used, home, own))
        after.append(_standing(new, home, translated))
    lines = zip(before, after, _names(used, before), _names(new, after), strict=True)
    return Trial(
        round_,
        tuple(
            (home, Line(home.pk, was.total, now.total, old, fresh))
            for home, (was, now, old, fresh) in zip(homes, lines, strict=True)
        ),
        lost,
    )


def _standing(edition: Edition, home: Household, marks: Sequence[Mark]) -> Standing:
    """Return what marks make of a household under an edition; nobody is preferred."""
    score = scores.score(edition, marks)
    return Standing(home.pk, score.total, bool(score.vetoes))


def _names(edition: Edition, standings: Sequence[Standing]) -> list[str]:
    """Return the name of the grade that each would get, in their order."""
    names = {tier.key: tier.name for tier in edition.tiers}
    given = scores.assign(edition, standings).tiers
    return [names[given[one.key]] for one in standings]
