"""Who was at a 民情分析会: whoever has left office since stays in its record."""

from accounts.models import Post
from sentiment.models import Review
from sentiment.review_desk import Desk
from sentiment.services import reviews as services
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls
from tests.sentiment.meetings import begun, submitted


def leaves(rolls: Rolls, by: Post, name: str) -> None:
    """End somebody's mandate today."""
    with at(by):
        mandate = rolls.mandates[name]
        mandate.ended_on, mandate.end_cause = today(), "moved"
        mandate.save()


def test_whoever_left_office_since_stays_in_the_record_that_is_corrected(
    cast: Cast, rolls: Rolls
) -> None:
    sent = submitted(cast.secretary, begun(cast.secretary))
    assert sent.present == 5
    leaves(rolls, cast.secretary, "李红英")
    with at(cast.secretary):
        fresh = services.correct(review=sent, by=cast.secretary)
    browser, url = signed_in(cast.secretary), f"/reviews/{fresh.pk}/meeting/"
    form = browser.get(url).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    assert shown["people"] == ["张顺民", "李红英"]
    assert "李红英" in [value for value, _ in form.fields["people"].choices]
    held = {f"was-{name}": value for name, value in shown.items()}
    answer = browser.post(url, shown | held | {"conclusion": "抓紧再办。"})
    assert answer.status_code == 302, answer.context["form"].errors
    with at(cast.secretary):
        row = Review.objects.get(pk=fresh.pk)
    assert (row.conclusion, row.present) == ("抓紧再办。", 5)
    assert "李红英" in row.attendees


def test_those_who_served_on_the_day_of_the_meeting_are_offered(
    cast: Cast, rolls: Rolls
) -> None:
    review = begun(cast.secretary)
    leaves(rolls, cast.secretary, "李红英")
    with at(cast.secretary):
        names = Desk(Review.objects.get(pk=review.pk), today()).names
    assert "李红英" not in names
    assert "张顺民" in names
