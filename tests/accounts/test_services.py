"""Posts and accounts: each write is a row, a line of the log, and history; or refused."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import transaction
from django.utils import timezone

from accounts import services
from accounts.models import (
    AccessEntry,
    Action,
    Device,
    Post,
    RowChange,
    User,
    held_posts,
)
from accounts.roles import ROLES
from accounts.rules import within
from accounts.sealing import blind_index
from accounts.services import NotYours, Refused
from regions.models import Region
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    everywhere,
    signed_in,
)

TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(days=1)
YESTERDAY = TODAY - dt.timedelta(days=1)
PHONE = "13812345678"


def log() -> list[tuple[str, int, str, str]]:
    """Return the access log: what, where, by whom, about whom."""
    with everywhere():
        return [
            (entry.action, entry.region_id, entry.user.username, entry.subject)
            for entry in AccessEntry.objects.select_related("user").order_by("id")
            if entry.user
        ]


def history(table: str, row: int) -> list[tuple[str, Any]]:
    """Return what was done to a row, and what it was changed to."""
    with everywhere():
        found = RowChange.objects.filter(table=table, row=str(row)).order_by("id")
        return [(change.operation, change.after) for change in found]


def village(code: int = VILLAGE) -> Region:
    return Region.objects.select_related("parent").get(pk=code)


def opened(by: Post, **changes: Any) -> tuple[User, str]:
    """Open an account for a representative of our village, or as a test wants it."""
    wanted: dict[str, Any] = {
        "username": "wang",
        "name": "王五",
        "phone": PHONE,
        "role": "representative",
        "region": village(),
        "on": TODAY,
    }
    with at(by):
        return services.open_account(**{**wanted, **changes}, by=by)


# --- opening --------------------------------------------------------------------------


def test_an_account_is_opened_with_its_first_post(cast: Cast) -> None:
    user, password = opened(cast.secretary)
    stored = User.objects.get(username="wang")
    (post,) = held_posts(user.pk, TODAY)
    assert stored == user
    assert stored.check_password(password)
    assert stored.must_change_password
    assert (str(stored.phone), stored.phone_index) == (
        "138****5678",
        blind_index(PHONE),
    )
    assert (post.role, post.region_id, post.granted_by) == (
        "representative",
        VILLAGE,
        cast.secretary.user,
    )
    assert log() == [
        (
            "post_granted",
            VILLAGE,
            "secretary",
            "王五：魏家桥镇 长冲口村 村（居）民代表",
        ),
        ("account_opened", VILLAGE, "secretary", "王五（wang）"),
    ]
    assert history("accounts_user", user.pk) == [("insert", None)]
    assert history("accounts_post", post.pk) == [("insert", None)]


def test_an_account_may_have_no_phone(cast: Cast) -> None:
    user, _ = opened(cast.secretary, phone="")
    opened(cast.secretary, phone="", username="zhao")
    assert (user.phone, user.phone_index) == (None, None)


@pytest.mark.parametrize(
    "taken",
    [{"username": "clerk", "phone": ""}, {"username": "new", "phone": PHONE}],
    ids=["user name", "phone"],
)
def test_what_is_taken_is_refused_with_one_neutral_sentence(
    cast: Cast, taken: dict[str, str]
) -> None:
    opened(cast.other_secretary, username="li", region=cast.other_secretary.region)
    before = (User.objects.count(), log())
    with pytest.raises(Refused, match="用户名或手机号已被使用，请换一个") as refused:
        opened(cast.secretary, **taken)
    assert "clerk" not in str(refused.value)
    assert (User.objects.count(), log()) == before


def test_an_account_without_a_right_to_its_post_is_not_opened(cast: Cast) -> None:
    for by, role in (
        (cast.clerk, "representative"),
        (cast.secretary, "township_staff"),
    ):
        with pytest.raises(NotYours, match="不能任命"):
            opened(by, role=role)
    with pytest.raises(NotYours, match="不在您的管理范围内"):
        opened(cast.secretary, region=cast.sibling_secretary.region)
    assert not User.objects.filter(username="wang").exists()
    assert log() == []


def test_initial_passwords_are_random_and_can_be_read_out() -> None:
    passwords = {services.initial_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        assert [len(part) for part in password.split("-")] == [4, 4, 4]
        assert not set(password) & set("0o1li")


# --- posts ----------------------------------------------------------------------------


def granted(
    cast: Cast, by: Post, to: Post, role: str, region: int, on: dt.date
) -> Post:
    with at(by):
        return services.grant_post(
            user=to.user, role=role, region=village(region), by=by, on=on
        )


def test_a_second_post_is_granted(cast: Cast) -> None:
    post = granted(
        cast, cast.township_lead, cast.clerk, "representative", VILLAGE, TOMORROW
    )
    assert [held.pk for held in held_posts(cast.clerk.user_id, TODAY)] == [
        cast.clerk.pk
    ]
    assert post in held_posts(cast.clerk.user_id, TOMORROW)
    assert log() == [
        (
            "post_granted",
            VILLAGE,
            "township_lead",
            "clerk先生：魏家桥镇 长冲口村 村（居）民代表",
        )
    ]
    assert history("accounts_post", post.pk) == [("insert", None)]


def test_the_same_post_is_not_held_twice_at_a_time(cast: Cast) -> None:
    with pytest.raises(Refused, match="clerk先生已经担任这个职务。"):
        granted(cast, cast.secretary, cast.clerk, "village_clerk", VILLAGE, TODAY)
    with at(cast.secretary):
        services.end_post(post=cast.clerk, by=cast.secretary, on=TODAY)
    granted(cast, cast.secretary, cast.clerk, "village_clerk", VILLAGE, TODAY)
    assert [entry[0] for entry in log()] == ["post_ended", "post_granted"]


def test_nobody_grants_himself_a_post(cast: Cast) -> None:
    with pytest.raises(NotYours, match="不能给自己任命职务。"):
        granted(cast, cast.secretary, cast.secretary, "village_clerk", VILLAGE, TODAY)
    assert log() == []


def test_no_post_is_granted_in_a_division_that_has_ended(cast: Cast) -> None:
    Region.objects.filter(pk=VILLAGE).update(ended_on=TODAY)
    with pytest.raises(Refused, match="长冲口村已经撤销"):
        granted(cast, cast.township_lead, cast.clerk, "representative", VILLAGE, TODAY)
    assert log() == []


def test_a_post_ends_and_its_access_with_it(cast: Cast) -> None:
    browser = signed_in(cast.clerk)
    with at(cast.secretary):
        services.end_post(post=cast.clerk, by=cast.secretary, on=TODAY)
    assert held_posts(cast.clerk.user_id, TODAY) == []
    assert held_posts(cast.clerk.user_id, YESTERDAY) == [cast.clerk]
    browser.get("/healthz")
    assert browser.get("/").wsgi_request.post is None
    assert [entry for entry in log() if entry[0] == "post_ended"] == [
        (
            "post_ended",
            VILLAGE,
            "secretary",
            "clerk先生：魏家桥镇 长冲口村 村（社区）文书",
        )
    ]
    assert history("accounts_post", cast.clerk.pk)[-1] == (
        "update",
        {"ended_on": str(TODAY), "ended_by_id": cast.secretary.user_id},
    )


def test_a_post_that_has_not_begun_ends_before_it_begins(cast: Cast) -> None:
    post = granted(
        cast, cast.township_lead, cast.clerk, "representative", VILLAGE, TOMORROW
    )
    with at(cast.secretary):
        services.end_post(post=post, by=cast.secretary, on=TODAY)
    assert post.ended_on == TOMORROW
    assert post not in held_posts(cast.clerk.user_id, TOMORROW)


def test_a_post_ends_once_even_if_two_end_it(cast: Cast) -> None:
    with at(cast.township_lead):
        stale = Post.objects.select_related("user", "region__parent").get(
            pk=cast.clerk.pk
        )
        services.end_post(post=cast.clerk, by=cast.secretary, on=YESTERDAY)
        with pytest.raises(Refused, match="这个职务已经免去。"):
            services.end_post(post=stale, by=cast.township_lead, on=TODAY)
    (line,) = [entry for entry in log() if entry[0] == "post_ended"]
    assert line[2] == "secretary"
    assert held_posts(cast.clerk.user_id, TODAY) == []


def test_a_post_is_ended_only_by_who_is_over_it(cast: Cast) -> None:
    for by in (cast.clerk, cast.sibling_secretary, cast.other_lead, cast.auditor):
        with at(by), pytest.raises(NotYours, match="不归您任免，请联系上一级"):
            services.end_post(post=cast.representative, by=by, on=TODAY)
    assert log() == []
    assert held_posts(cast.representative.user_id, TODAY) == [cast.representative]


# --- managing accounts ----------------------------------------------------------------

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
            TODAY,
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
            TOMORROW,
        )
        for by in (cast.secretary, cast.township_lead):
            with at(by), pytest.raises(NotYours):
                manage(user=cast.representative.user, by=by)

    def test_of_a_person_without_posts_takes_a_right_over_the_former_ones(
        self, cast: Cast, manage: Manage, action: str
    ) -> None:
        higher = granted(
            cast, cast.city_lead, cast.representative, "township_lead", TOWNSHIP, TODAY
        )
        for post in (cast.representative, higher):
            with at(cast.city_lead):
                services.end_post(post=post, by=cast.city_lead, on=TODAY)
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


# --- many hands -----------------------------------------------------------------------


def test_no_sequence_of_grants_gives_anybody_more_than_its_first_granter_had(
    cast: Cast,
) -> None:
    """Three hundred tries at random, in the database, from one township's lead on."""
    chance = random.Random(430582)  # noqa: S311 - a repeatable game
    places = [VILLAGE, cast.sibling_secretary.region_id, TOWNSHIP, CITY, OTHER_TOWNSHIP]
    regions = Region.objects.select_related("parent").in_bulk(
        [*places, cast.other_secretary.region_id]
    )
    people = [
        User.objects.create(username=f"player{n}", name=f"甲{n}") for n in range(8)
    ]
    chain, refused = [cast.township_lead], 0
    for _ in range(300):
        by = chance.choice(chain)
        attempt = {
            "user": chance.choice(people),
            "role": chance.choice(sorted(ROLES)),
            "region": regions[chance.choice(sorted(regions))],
        }
        with at(by):
            try:
                chain.append(services.grant_post(**attempt, by=by, on=TODAY))
            except Refused:
                refused += 1
    first = services.holding(cast.township_lead)
    assert len(chain) >= 8
    assert refused > 100
    for post in chain[1:]:
        assert within(services.holding(post).range, first.range)
        assert post.role in ROLES["township_lead"].grants
