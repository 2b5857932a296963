"""What a round's entries come to, household by household: read, never written."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from evaluations.models import Entry, HouseholdRating, RatingRound
from evaluations.rules import scores
from evaluations.rules.schemes import Edition, Tier
from evaluations.rules.scores import Mark, Score, Standing
from households.models import Household, HouseholdQuerySet


@dataclass(frozen=True)
class Home:
    """One household of a round: its score, where it stands, how many entries it has."""

    household: Household
    score: Score
    entries: int
    is_preferred: bool = False

    @property
    def standing(self) -> Standing:
        """What grades are given by."""
        total, vetoed = self.score.total, bool(self.score.vetoes)
        return Standing(self.household.pk, total, vetoed, self.is_preferred)


def rated_households(round_: RatingRound) -> HouseholdQuerySet:
    """Return the households that a round rates: on the roll, or gone only after its end.

    When one was entered says nothing of since when it is there: rolls come in later.
    """
    there = Q(ended_on=None) | Q(ended_on__gt=round_.last_day)
    return Household.objects.filter(there, region=round_.region_id).order_by(
        "group__number", "head", "pk"
    )


def marks_by_household(round_: RatingRound) -> dict[int, list[Mark]]:
    """Return the entries that count, as marks, by household."""
    found: dict[int, list[Mark]] = defaultdict(list)
    rows = Entry.objects.standing().filter(region=round_.region_id, round=round_)
    for home, item, points in rows.values_list("household", "item", "points"):
        found[home].append(Mark(item, points))
    return found


def homes_of(
    round_: RatingRound, edition: Edition, preferred: Collection[int] = ()
) -> list[Home]:
    """Return every household of a round with what its entries come to today.

    A household that has entries is rated even if it left the roll meanwhile.
    """
    marks = marks_by_household(round_)
    homes = rated_households(round_).select_related("group")
    return [
        Home(
            home,
            scores.score(edition, marks.get(home.pk, ())),
            len(marks.get(home.pk, ())),
            home.pk in preferred,
        )
        for home in homes
    ]


@dataclass(frozen=True)
class Row:
    """One line of a round's table, while it records and after it was struck.

    A part that a paper of the past did not say is None.
    """

    household: Household
    parts: tuple[tuple[str, int | None], ...]
    plus: int
    minus: int
    total: int
    tier: Tier
    entries: int = 0
    rating: HouseholdRating | None = None
    is_tied: bool = False
    is_preferred: bool = False
    is_vetoed: bool = False

    @property
    def is_last(self) -> bool:
        """Whether the grade is the one that only the household itself is told."""
        return self.tier.threshold is None


def live_rows(edition: Edition, homes: Iterable[Home]) -> list[Row]:
    """Return the table as it would be if recording ended now."""
    found = list(homes)
    given = scores.assign(edition, [home.standing for home in found])
    tiers = {tier.key: tier for tier in edition.tiers}
    return [
        Row(
            home.household,
            tuple((part.name, part.score) for part in home.score.parts),
            home.score.plus,
            home.score.minus,
            home.score.total,
            tiers[given.tiers[home.household.pk]],
            home.entries,
            is_tied=home.household.pk in given.tied,
            is_preferred=home.is_preferred,
            is_vetoed=bool(home.score.vetoes),
        )
        for home in found
    ]


def struck_rows(round_: RatingRound, edition: Edition) -> list[Row]:
    """Return the table as it was struck: the frozen rows."""
    tiers = {tier.key: tier for tier in edition.tiers}
    rows = round_.ratings.select_related("household__group").order_by(
        "household__group__number", "household__head", "household"
    )
    found = list(rows)
    tied = tied_in(edition, found)
    return [
        Row(
            rating.household,
            tuple(
                (part.name, rating.parts.get(part.name)) for part in edition.categories
            ),
            rating.plus,
            rating.minus,
            rating.total,
            tiers[rating.tier_id],
            rating=rating,
            is_tied=rating.pk in tied,
            is_preferred=rating.is_preferred,
            is_vetoed=bool(rating.vetoes),
        )
        for rating in found
    ]


def tied_in(edition: Edition, ratings: Collection[HouseholdRating]) -> frozenset[int]:
    """Return who shares a rank at the border of a quota and has no place yet."""
    given = scores.assign(edition, [rating.standing for rating in ratings])
    places = {tier.key for tier in edition.tiers if tier.quota is not None}
    return frozenset(
        one.pk for one in ratings if one.pk in given.tied and one.tier_id not in places
    )
