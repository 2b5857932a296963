"""Posts and accounts: each write is a row, a line of the log, and history; or refused."""

import random
from typing import Any

import pytest

from accounts import services
from accounts.held import held_posts
from accounts.models import (
    Post,
    User,
)
from accounts.roles import ROLES
from accounts.rules import within
from accounts.sealing import blind_index
from accounts.services import NotYours, Refused
from regions.models import Region
from tests.accounts.records import granted, history, log, village
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
from tests.days import today, tomorrow, yesterday

PHONE = "13812345678"


def opened(by: Post, **changes: Any) -> tuple[User, str]:
    """Open an account for a representative of our village, or as a test wants it."""
    wanted: dict[str, Any] = {
        "username": "wang",
        "name": "王五",
        "phone": PHONE,
        "role": "representative",
        "region": village(),
        "on": today(),
    }
    with at(by):
        return services.open_account(**{**wanted, **changes}, by=by)


# --- opening --------------------------------------------------------------------------


def test_an_account_is_opened_with_its_first_post(cast: Cast) -> None:
    user, password = opened(cast.secretary)
    stored = User.objects.get(username="wang")
    (post,) = held_posts(user, today())
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


def test_a_second_post_is_granted(cast: Cast) -> None:
    post = granted(
        cast, cast.township_lead, cast.clerk, "representative", VILLAGE, tomorrow()
    )
    assert [held.pk for held in held_posts(cast.clerk.user, today())] == [cast.clerk.pk]
    assert post in held_posts(cast.clerk.user, tomorrow())
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
        granted(cast, cast.secretary, cast.clerk, "village_clerk", VILLAGE, today())
    with at(cast.secretary):
        services.end_post(post=cast.clerk, by=cast.secretary, on=today())
    granted(cast, cast.secretary, cast.clerk, "village_clerk", VILLAGE, today())
    assert [entry[0] for entry in log()] == ["post_ended", "post_granted"]


def test_nobody_grants_himself_a_post(cast: Cast) -> None:
    with pytest.raises(NotYours, match="不能给自己任命职务。"):
        granted(cast, cast.secretary, cast.secretary, "village_clerk", VILLAGE, today())
    assert log() == []


def test_no_post_is_granted_in_a_division_that_has_ended(cast: Cast) -> None:
    with everywhere():
        Region.objects.filter(pk=VILLAGE).update(ended_on=today())
    with pytest.raises(Refused, match="长冲口村已经撤销"):
        granted(
            cast, cast.township_lead, cast.clerk, "representative", VILLAGE, today()
        )
    assert log() == []


def test_a_post_ends_and_its_access_with_it(cast: Cast) -> None:
    browser = signed_in(cast.clerk)
    with at(cast.secretary):
        services.end_post(post=cast.clerk, by=cast.secretary, on=today())
    assert held_posts(cast.clerk.user, today()) == []
    assert held_posts(cast.clerk.user, yesterday()) == [cast.clerk]
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
        {"ended_on": str(today()), "ended_by_id": cast.secretary.user_id},
    )


def test_a_post_that_has_not_begun_ends_before_it_begins(cast: Cast) -> None:
    post = granted(
        cast, cast.township_lead, cast.clerk, "representative", VILLAGE, tomorrow()
    )
    with at(cast.secretary):
        services.end_post(post=post, by=cast.secretary, on=today())
    assert post.ended_on == tomorrow()
    assert post not in held_posts(cast.clerk.user, tomorrow())


def test_a_post_ends_once_even_if_two_end_it(cast: Cast) -> None:
    with at(cast.township_lead):
        stale = Post.objects.select_related("user", "region__parent").get(
            pk=cast.clerk.pk
        )
        services.end_post(post=cast.clerk, by=cast.secretary, on=yesterday())
        with pytest.raises(Refused, match="这个职务已经免去。"):
            services.end_post(post=stale, by=cast.township_lead, on=today())
    (line,) = [entry for entry in log() if entry[0] == "post_ended"]
    assert line[2] == "secretary"
    assert held_posts(cast.clerk.user, today()) == []


def test_a_post_is_ended_only_by_who_is_over_it(cast: Cast) -> None:
    for by in (cast.clerk, cast.sibling_secretary, cast.other_lead, cast.auditor):
        with at(by), pytest.raises(NotYours, match="不归您任免，请联系上一级"):
            services.end_post(post=cast.representative, by=by, on=today())
    assert log() == []
    assert held_posts(cast.representative.user, today()) == [cast.representative]


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
                chain.append(services.grant_post(**attempt, by=by, on=today()))
            except Refused:
                refused += 1
    first = services.holding(cast.township_lead)
    assert len(chain) >= 8
    assert refused > 100
    for post in chain[1:]:
        assert within(services.holding(post).range, first.range)
        assert post.role in ROLES["township_lead"].grants
