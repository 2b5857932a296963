"""Who is told that it is his turn: one's own colleagues, or the office next above."""

from accounts.models import User
from accounts.permissions import Permission
from inbox.recipients import holders, holders_by_region
from tests.cast import VILLAGE, Cast, at
from tests.days import today


def test_a_village_step_goes_to_the_village_but_not_to_whoever_took_it(
    cast: Cast,
) -> None:
    with at(cast.secretary):
        told = holders(VILLAGE, Permission.RATING_KEEP, on=today(), but=cast.secretary)
        assert set(told) == {cast.clerk}


def test_what_the_village_may_not_do_goes_to_its_township_alone(cast: Cast) -> None:
    with at(cast.clerk):
        told = holders(VILLAGE, Permission.RATING_FILE, on=today())
    assert told
    assert {post.region_id for post in told} == {cast.township_staff.region_id}


def test_a_post_that_has_ended_is_told_nothing(cast: Cast) -> None:
    with at(cast.clerk):
        before = holders(VILLAGE, Permission.RATING_KEEP, on=today())
        early = cast.clerk.started_on.replace(year=1990)
        assert before
        assert holders(VILLAGE, Permission.RATING_KEEP, on=early) == ()


def test_each_of_many_villages_has_its_own_people(cast: Cast) -> None:
    codes = [VILLAGE, cast.sibling_secretary.region_id]
    with at(cast.township_staff):
        found = holders_by_region(codes, Permission.FUND_CHECK, on=today())
    assert [post.region_id for code in codes for post in found[code]] == codes


def test_where_nobody_can_sign_in_the_office_above_is_told(cast: Cast) -> None:
    closed = [cast.secretary.user_id, cast.clerk.user_id]
    User.objects.filter(pk__in=closed).update(is_active=False)
    with at(cast.township_staff):
        told = holders(VILLAGE, Permission.NOTICE_KEEP, on=today())
    assert {post.user for post in told} == {
        cast.township_staff.user,
        cast.township_lead.user,
    }
