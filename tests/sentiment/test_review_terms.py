"""Days that a 民情分析会 gives: those that have passed by the time it is submitted."""

import pytest

from accounts.services import Refused
from sentiment import review_queue
from sentiment.models import ReviewItem
from sentiment.services import reviews as services
from tests.cast import Cast, at
from tests.days import days_ago, today, yesterday
from tests.rolls import Rolls
from tests.sentiment.meetings import begun, decided, heard, met


@pytest.mark.parametrize("decision", ["explain", "township"])
def test_a_day_that_has_passed_is_no_matter_where_no_day_is_given(
    cast: Cast, rolls: Rolls, decision: str
) -> None:
    heard(rolls, cast.clerk, "医保能不能缓缴")
    review = begun(cast.secretary)
    decided(cast.secretary, review, decision)
    met(cast.secretary, review)
    with at(cast.secretary):
        ReviewItem.objects.update(due_on=yesterday())
        services.submit(review=review, version=review.version, by=cast.secretary)
        assert ReviewItem.objects.get().issue.way == decision


def test_a_term_that_has_passed_is_named_before_submitting(
    cast: Cast, rolls: Rolls
) -> None:
    heard(rolls, cast.clerk, "路灯坏了五盏")
    review = begun(cast.secretary)
    decided(cast.secretary, review)
    met(cast.secretary, review)
    with at(cast.secretary):
        ReviewItem.objects.update(due_on=days_ago(1))
        [lacks] = services.missing_in(
            review, review_queue.queue_of(review, today()), today()
        )
        assert "期限" in lacks.words
        assert lacks.issue
        with pytest.raises(Refused, match="期限"):
            services.submit(review=review, version=review.version, by=cast.secretary)
