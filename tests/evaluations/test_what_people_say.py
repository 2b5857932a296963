"""What people say of 双约双评 stands beside the results: from visits and from reviews."""

from django.utils import timezone

from evaluations.models import RatingRound, Scheme, VillageRating
from evaluations.rules.schemes import Scope
from sentiment.models import Review
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.rolls import Rolls, text_of
from tests.sentiment.meetings import heard

SAID = "双评公道，谁家好大家看得见"
MINUTED = "大家说双约双评要常讲"


def minuted(cast: Cast, region: int) -> None:
    """Submit this month's review, in which people's view is written down."""
    Review.objects.create(
        region_id=region, month=today().replace(day=1), state="submitted",
        held_on=today(), submitted_at=timezone.now(), submitted_by=cast.clerk.user,
        covenants_say=MINUTED,
    )  # fmt: skip


def test_a_round_shows_what_was_heard_and_minuted_inside_its_village_only(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.secretary):
        round_: RatingRound = stage.begun(cast, rolls, scheme)
        heard(rolls, cast.secretary, SAID)
        heard(rolls, cast.secretary, "路灯坏了")
        minuted(cast, round_.region_id)
    page = text_of(signed_in(cast.secretary).get(round_.get_absolute_url()))
    assert SAID in page
    assert MINUTED in page
    assert "路灯坏了" not in page
    township = text_of(signed_in(cast.township_staff).get(round_.get_absolute_url()))
    assert SAID not in township


def test_a_villages_rating_shows_what_its_reviews_of_the_year_say(
    cast: Cast, rolls: Rolls
) -> None:
    edition = stage.in_force(cast, Scope.VILLAGE)
    with at(cast.township_staff):
        row = VillageRating.objects.create(
            region=rolls.village, scheme=edition, year=today().year
        )
        before = VillageRating.objects.create(
            region=rolls.village, scheme=edition, year=today().year - 1
        )
        minuted(cast, row.region_id)
    browser = signed_in(cast.township_staff)
    assert MINUTED in text_of(browser.get(row.get_absolute_url()))
    assert MINUTED not in text_of(browser.get(before.get_absolute_url()))
