"""Ratings for other programs: the same services, refusals and silence as the pages."""

import pytest

from evaluations.models import Entry, RatingRound, Scheme
from evaluations.rules.rounds import Act
from tests.cast import Cast, at, everywhere, signed_in
from tests.evaluations import stage
from tests.evaluations.stage import praise, scold, take
from tests.rolls import Rolls, today

RATINGS, JSON = "/api/v1/ratings/", "application/json"


@pytest.fixture(scope="module")
def running(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a round that records."""
    with at(cast.secretary):
        return stage.begun(cast, rolls, scheme)


def test_a_program_writes_entries_for_many_households(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    api = signed_in(cast.clerk)
    homes = [home.pk for home in rolls.held_by("李红英")]
    with everywhere():
        item = stage.item(running, stage.VOLUNTEERING).pk
    sent = {"households": homes, "item": item, "on": f"{today()}"}
    made = api.post(f"{RATINGS}{running.pk}/entries/", sent, JSON)
    assert (made.status_code, len(made.json()["entries"])) == (201, 6)
    wrong = api.post(f"{RATINGS}{running.pk}/entries/", sent | {"points": 9}, JSON)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
    absent = sent | {"households": [*homes, 987_654_321]}
    refused = api.post(f"{RATINGS}{running.pk}/entries/", absent, JSON)
    assert "不在这个村的名册里" in refused.json()["message"]
    with at(cast.clerk):
        assert Entry.objects.count() == 6


@pytest.mark.parametrize(("who", "count"), [("clerk", 36), ("township_staff", 1)])
def test_results_are_those_that_the_reader_may_see(
    cast: Cast, rolls: Rolls, running: RatingRound, who: str, count: int
) -> None:
    with at(cast.secretary):
        good, bad = rolls.held_by("李红英")[:2]
        praise(running, [good], cast.clerk)
        scold(running, [bad], cast.clerk)
        take(running, Act.STRIKE, cast.clerk)
    found = signed_in(getattr(cast, who)).get(f"{RATINGS}{running.pk}/").json()
    assert (found["stage"], len(found["results"])) == ("review", count)
    assert good.head in {one["head"] for one in found["results"]}
