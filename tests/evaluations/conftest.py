"""The village's rolls, the scheme in force, and a round that records."""

from collections.abc import Iterator

import pytest

from evaluations.models import RatingRound, Scheme
from tests.cast import Cast, at
from tests.evaluations import stage
from tests.rolls import Rolls


@pytest.fixture(scope="module")
def scheme(cast: Cast) -> Scheme:
    """Return the city's edition of this year, in force."""
    return stage.in_force(cast)


@pytest.fixture
def round_(cast: Cast, rolls: Rolls, scheme: Scheme) -> Iterator[RatingRound]:
    """Yield a round that records, inside the village's scope."""
    with at(cast.secretary):
        yield stage.begun(cast, rolls, scheme)
