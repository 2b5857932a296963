"""Managing the accounts of others: only by who is over every post behind them."""

from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import transaction

from accounts import services
from accounts.models import Action, Device, User
from accounts.services import NotYours, Refused
from tests.accounts.records import granted, history, log
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import today, tomorrow

Manage = Callable[..., Any]
WAYS: dict[str, tuple[Manage, str]] = {
    "reset_password": (services.reset_password, Action.PASSWORD_RESET),
    "unlock": (services.unlock, Action.UNLOCKED),
    "close_account": (services.close_account, Action.ACCOUNT_CLOSED),
    "reopen_account": (services.reopen_account, Action.ACCOUNT_OPENED),
}


@pytest.mark.parametrize(("manage", "action"), WAYS.values(), ids=list(WAYS))
class TestManaging:
    def test_is_logged_under_the_persons_post(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        with at(cast.township_lead):
            manage(user=cast.clerk.user, by=cast.township_lead)
        assert log() == [
            (
                action,
                VILLAGE,
                "township_lead",
                "clerk先生：魏家桥镇 长冲口村 村（社区）文书",
            )
        ]

    def test_is_refused_to_who_is_not_over_the_person(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        attempts = (
            (cast.secretary, cast.township_lead),
            (cast.secretary, cast.secretary),
            (cast.sibling_secretary, cast.representative),
            (cast.other_lead, cast.representative),
            (cast.city_staff, cast.representative),
            (cast.system_admin, cast.representative),
            (cast.city_lead, cast.city_lead),
        )
        for by, whom in attempts:
            with at(by), pytest.raises(NotYours, match="不归您的职务管理"):
                manage(user=whom.user, by=by)
        assert log() == []

    def test_takes_a_right_over_every_post_of_the_person(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        """One here and one elsewhere, or one higher: only who is over both."""
        granted(
            cast,
            cast.city_lead,
            cast.representative,
            "village_clerk",
            cast.other_secretary.region_id,
            today(),
        )
        for by in (cast.secretary, cast.township_lead, cast.other_lead):
            with at(by), pytest.raises(NotYours):
                manage(user=cast.representative.user, by=by)
        with at(cast.city_lead):
            manage(user=cast.representative.user, by=cast.city_lead)

    def test_takes_a_right_over_posts_that_have_yet_to_begin(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        """Whoever holds the password today holds it tomorrow."""
        granted(
            cast,
            cast.city_lead,
            cast.representative,
            "township_lead",
            TOWNSHIP,
            tomorrow(),
        )
        for by in (cast.secretary, cast.township_lead):
            with at(by), pytest.raises(NotYours):
                manage(user=cast.representative.user, by=by)

    def test_of_a_person_without_posts_takes_a_right_over_the_former_ones(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        higher = granted(
            cast,
            cast.city_lead,
            cast.representative,
            "township_lead",
            TOWNSHIP,
            today(),
        )
        for post in (cast.representative, higher):
            with at(cast.city_lead):
                services.end_post(post=post, by=cast.city_lead, on=today())
        for by in (cast.secretary, cast.township_lead):
            with at(by), pytest.raises(NotYours):
                manage(user=cast.representative.user, by=by)
        with at(cast.city_lead):
            manage(user=cast.representative.user, by=cast.city_lead)


def test_a_reset_password_is_an_initial_one_and_ends_every_session(cast: Cast) -> None:
    browser = signed_in(cast.clerk)
    before = User.objects.get(pk=cast.clerk.user_id).password
    with at(cast.secretary):
        password = services.reset_password(user=cast.clerk.user, by=cast.secretary)
    stored = User.objects.get(pk=cast.clerk.user_id)
    assert stored.check_password(password)
    assert stored.must_change_password
    assert stored.password != before
    assert "_auth_user_id" not in browser.get("/").wsgi_request.session
    assert history("accounts_user", stored.pk)[-1] == (
        "update",
        {"must_change_password": True},
    )


def test_a_closed_account_holds_nothing_until_it_is_opened_again(cast: Cast) -> None:
    browser = signed_in(cast.clerk)
    with at(cast.secretary):
        services.close_account(user=cast.clerk.user, by=cast.secretary)
    assert not browser.get("/").wsgi_request.user.is_authenticated
    assert not Device.objects.filter(user=cast.clerk.user).exists()
    with at(cast.secretary):
        services.reopen_account(user=cast.clerk.user, by=cast.secretary)
    assert signed_in(cast.clerk).get("/").wsgi_request.user.is_authenticated
    assert history("accounts_user", cast.clerk.user_id)[1:] == [
        ("update", {"is_active": False}),
        ("update", {"is_active": True}),
    ]


def test_unlocking_forgets_the_failures_of_that_account_only(cast: Cast) -> None:
    for name in ("clerk", "representative"):
        AccessAttempt.objects.create(username=name, failures_since_start=5)
    with at(cast.secretary):
        services.unlock(user=cast.clerk.user, by=cast.secretary)
    names = AccessAttempt.objects.values_list("username", flat=True)
    assert list(names) == ["representative"]


def test_may_manage_says_what_the_services_do(cast: Cast) -> None:
    for by in cast:
        for whom in cast:
            with at(by):
                said = services.may_manage(whom.user, by)
                assert said == does(services.unlock, user=whom.user, by=by)


def does(service: Manage, **given: Any) -> bool:
    """Return whether a service does what is asked."""
    try:
        with transaction.atomic():
            service(**given)
    except Refused:
        return False
    return True
