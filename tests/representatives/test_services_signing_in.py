"""Accounts of representatives: opened, ended with the mandate, given back."""

import datetime as dt

import pytest

from accounts.models import AccessEntry, Action, Post, User
from accounts.services import NotYours, Refused
from representatives import services
from representatives.models import MandateEnd, Representative
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls

ONE_DAY = dt.timedelta(days=1)


def end(cast: Cast, rolls: Rolls, on: dt.date, name: str = "李红英") -> None:
    """End somebody's mandate."""
    services.end_mandate(
        mandate=rolls.mandates[name],
        on=on,
        cause=MandateEnd.RESIGNED,
        evidence="书面辞职",
        by=cast.secretary,
    )


def open_sign_in(cast: Cast, row: Representative, username: str = "lhy1") -> str:
    """Open an account for a representative."""
    return services.open_sign_in(
        representative=row,
        username=username,
        phone="13800001111",
        by=cast.secretary,
        on=today(),
    )


def test_an_account_sees_the_representatives_own_rows(cast: Cast, rolls: Rolls) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        password = open_sign_in(cast, row)

        post = Post.objects.get(narrowed_to=row.pk)
        row.refresh_from_db()
        assert row.user == post.user
        assert post.user.check_password(password)
        assert post.user.must_change_password
        actions = AccessEntry.objects.filter(subject__contains="lhy1")
        assert Action.ACCOUNT_OPENED in actions.values_list("action", flat=True)
    with at(post):
        assert list(Representative.objects.all()) == [row]


def test_a_second_account_is_refused_and_leaves_nobody_behind(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        open_sign_in(cast, row)
        with pytest.raises(Refused, match="已经有登录账号"):
            services.open_sign_in(
                representative=row,
                username="another",
                phone="",
                by=cast.secretary,
                on=today(),
            )
        assert not User.objects.filter(username="another").exists()


def test_a_clerk_may_not_open_accounts(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk), pytest.raises(NotYours):
        services.open_sign_in(
            representative=rolls.people["李红英"],
            username="lhy1",
            phone="",
            by=cast.clerk,
            on=today(),
        )


def test_somebody_who_comes_back_signs_in_as_before(cast: Cast, rolls: Rolls) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        password = open_sign_in(cast, row)
        end(cast, rolls, today())
        old = rolls.mandates["李红英"]
        services.give_seat(
            seat=old.seat,
            representative=row,
            mode=old.mode,
            started_on=today(),
            until=old.until,
        )
        services.renew_sign_in(representative=row, by=cast.secretary, on=today())

        [post] = Post.objects.active(today()).filter(narrowed_to=row.pk)
        assert post.user.check_password(password)


def test_who_has_left_office_gets_no_sign_in(cast: Cast, rolls: Rolls) -> None:
    """The page of the by-election that he won, or one that is old, still offers it."""
    row = rolls.people["李红英"]
    with at(cast.secretary):
        end(cast, rolls, today())
        with pytest.raises(Refused, match="李红英已经离任"):
            open_sign_in(cast, row)
        assert not User.objects.filter(username="lhy1").exists()


def test_a_sign_in_is_not_renewed_for_who_has_not_come_back(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        open_sign_in(cast, row)
        end(cast, rolls, today())
        with pytest.raises(Refused, match="李红英已经离任"):
            services.renew_sign_in(representative=row, by=cast.secretary, on=today())


def test_a_sign_in_that_is_open_is_not_renewed(cast: Cast, rolls: Rolls) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        with pytest.raises(Refused, match="还没有登录账号"):
            services.renew_sign_in(representative=row, by=cast.secretary, on=today())
        open_sign_in(cast, row)
        with pytest.raises(Refused, match="已经担任"):
            services.renew_sign_in(representative=row, by=cast.secretary, on=today())


def test_leaving_office_ends_the_sign_in_and_says_who_did_it(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        services.open_sign_in(
            representative=row,
            username="lihongying",
            phone="",
            by=cast.secretary,
            on=today(),
        )
        # The account is younger than the day from which the mandate is over.
        end(cast, rolls, today() - 3 * ONE_DAY)

        post = Post.objects.get(narrowed_to=row.pk)
        assert post.ended_on == post.started_on == today()
        assert post.ended_by == cast.secretary.user
        line = AccessEntry.objects.filter(action=Action.POST_ENDED).get()
        assert "李红英" in line.subject
        assert line.user == cast.secretary.user
