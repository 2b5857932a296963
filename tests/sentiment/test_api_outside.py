"""What programs read of a village from outside: as little as people do on the pages."""

import pytest

from sentiment.models import Review
from sentiment.services import reviews as services
from sentiment.services.talks import hold
from tests.cast import Cast, at, signed_in
from tests.rolls import Rolls, text_of
from tests.sentiment.meetings import begun, heard, new_id, submitted, talk_of

PHONE, HIDDEN = "13812345678", "138****5678"


def test_of_a_review_in_work_the_township_reads_nothing_but_that(
    cast: Cast, rolls: Rolls
) -> None:
    heard(rolls, cast.clerk, "路灯坏了")
    review = begun(cast.secretary)
    with at(cast.secretary):
        given = {"members_say": "还没有商量好", "expected": 30}
        services.save_texts(review=review, given=given, was={})
    url = f"/api/v1/reviews/{review.pk}/"
    own = signed_in(cast.clerk).get(url).json()
    assert (own["members_say"], own["expected"]) == ("还没有商量好", 30)
    outside = signed_in(cast.township_staff)
    listed = outside.get("/api/v1/reviews/").json()["results"]
    for found in (outside.get(url).json(), *listed):
        assert (found["state"], found["version"]) == ("draft", 2)
        assert (found["members_say"], found["expected"], found["items"]) == (
            "",
            None,
            [],
        )


def test_numbers_in_a_review_are_hidden_outside(cast: Cast, rolls: Rolls) -> None:
    heard(rolls, cast.clerk, "路灯坏了")
    review = begun(cast.secretary)
    with at(cast.secretary):
        texts = {"members_say": f"打 {PHONE} 找电工"}
        services.save_texts(review=review, given=texts, was={})
        review = Review.objects.get()
    submitted(cast.secretary, review)
    url = f"/api/v1/reviews/{review.pk}/"
    assert PHONE in signed_in(cast.clerk).get(url).json()["members_say"]
    assert HIDDEN in signed_in(cast.city_staff).get(url).json()["members_say"]


@pytest.mark.parametrize("url", ["/talks/{}/", "/talks/{}/paper/", "/api/v1/talks/{}/"])
def test_numbers_in_a_talk_are_hidden_outside(
    cast: Cast, rolls: Rolls, url: str
) -> None:
    said = talk_of(rolls, topics=f"找 {PHONE}", replies=f"{PHONE} 已经来过")
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=said, by=cast.clerk)
    inside = signed_in(cast.clerk).get(url.format(talk.pk))
    assert inside.content.decode().count(PHONE) == 2, text_of(inside)
    outside = signed_in(cast.township_staff).get(url.format(talk.pk))
    assert (PHONE in outside.content.decode(), outside.status_code) == (False, 200)
    assert outside.content.decode().count(HIDDEN) == 2
