"""What a village did in a year that is over."""

import datetime as dt

from evaluations.counting import counts_of
from evaluations.rules.villages import Count
from sentiment.models import Review, TalkMeeting
from sentiment.services import reviews
from tests.appraisals.test_appraisals_facts import YEAR, furnish, talk
from tests.cast import Cast, at, everywhere
from tests.days import today
from tests.rolls import Rolls


def test_a_year_that_is_over_is_counted_as_it_ended(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        furnish(rolls, cast)
    with at(cast.township_staff):
        found = counts_of(rolls.village, YEAR, today())
        assert found["visits"] == Count(2, 2)
        assert found["talks"] == Count(0, 1), "none in the last quarter"
    with everywhere():
        TalkMeeting.objects.filter(held_on__month=8).update(
            held_on=dt.date(YEAR, 12, 30)
        )
        talk(rolls, today(), cast.clerk.user)
    with at(cast.township_staff):
        assert counts_of(rolls.village, YEAR, today())["talks"] == Count(1, 1)


def test_a_review_that_is_being_corrected_was_held(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        Review.objects.create(
            region=rolls.village, month=dt.date(YEAR, 3, 1), state="submitted",
            held_on=dt.date(YEAR, 3, 25), submitted_at=dt.datetime.now(dt.UTC),
            submitted_by=cast.clerk.user,
        )  # fmt: skip
    with at(cast.secretary):
        reviews.correct(review=Review.objects.get(), by=cast.secretary)
        found = counts_of(rolls.village, YEAR, today())
    assert found["reviews"] == Count(1, 12)
