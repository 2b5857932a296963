"""Signing in and out: what is said, what is locked, how long a session lives."""

import datetime as dt
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Action, Device, Post, User
from accounts.sealing import Sealed, blind_index
from tests.accounts.pages import WRONG, browser, logged, sign_in, words
from tests.cast import CITY, PASSWORD, VILLAGE, Cast, at, everywhere
from tests.days import today

SIGN_IN = "/accounts/sign-in/"
OWN_PAGE = "/accounts/me/"
START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock on a Monday; the test moves it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phoned(cast: Cast) -> User:
    """Return the representative, who has a phone number."""
    user = cast.representative.user
    user.phone = Sealed.of("13800001111", "phone")
    user.phone_index = blind_index("13800001111")
    user.save()
    return user


def fail(times: int, username: str = "secretary", client: Client | None = None) -> Any:
    """Send a wrong password so many times; return the last answer."""
    answer = None
    for _ in range(times):
        answer = sign_in(client or Client(), username, "wrong-password")
    return answer


def test_the_right_password_opens_a_session_and_is_logged(cast: Cast) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 12)"})
    answer = sign_in(client, "secretary")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    (line,) = logged(Action.SIGN_IN)
    assert (line.user_id, line.region_id) == (cast.secretary.user_id, VILLAGE)
    assert line.address == "127.0.0.1"
    device = Device.objects.get(user=cast.secretary.user)
    assert (device.label, device.session_key) == (
        "安卓手机",
        client.session.session_key,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "13800001111",
        "138 0000 1111",
        "１３８００００１１１１",
        "138-0000-1111",
        "+86 138 0000 1111",
        " representative ",
        "Representative",
    ],
)
def test_user_name_and_phone_are_understood_as_phones_write_them(
    phoned: User, typed: str
) -> None:
    assert sign_in(Client(), typed).status_code == 302


def test_signing_in_gives_the_session_a_new_key(cast: Cast) -> None:
    client = Client()
    client.post(reverse("accounts:text-size"), {"size": "l"})
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[configured.SESSION_COOKIE_NAME] = before

    sign_in(client, "secretary")
    assert client.session.session_key != before


@pytest.mark.parametrize("who", ["secretary", "nobody", "closed"])
def test_every_failure_is_answered_by_the_same_sentence(cast: Cast, who: str) -> None:
    User.objects.filter(pk=cast.clerk.user_id).update(is_active=False)
    username = {"closed": "clerk"}.get(who, who)
    password = PASSWORD if who == "closed" else "wrong-password"
    answer = sign_in(Client(), username, password)

    assert answer.status_code == 422
    assert WRONG in words(answer)
    assert "错误：" in answer.content.decode().split("</title>")[0]


def test_a_failure_is_logged_where_the_account_serves(cast: Cast) -> None:
    fail(1)
    (line,) = logged(Action.SIGN_IN_FAILED)
    assert (line.region_id, line.user_id) == (VILLAGE, cast.secretary.user_id)
    assert line.reason == "密码不对"


def test_what_was_typed_for_an_unknown_account_is_not_kept(cast: Cast) -> None:
    fail(1, "my-secret-password")
    (line,) = logged(Action.SIGN_IN_FAILED)
    assert (line.region_id, line.user_id) == (CITY, None)
    assert "my-secret" not in f"{line.subject}{line.reason}{line.path}"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/accounts/people/?q=x", "/accounts/people/?q=x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_only_our_own_pages_are_gone_on_to(
    cast: Cast, wanted: str, reached: str
) -> None:
    answer = sign_in(Client(), "secretary", next=wanted)
    assert answer["Location"] == reached


def test_a_page_asked_for_while_signed_out_is_reached_after_signing_in(
    cast: Cast,
) -> None:
    client = Client()
    asked = client.get("/accounts/people/?role=representative", follow=True)
    shown = asked.context["next"]
    answer = sign_in(client, "secretary", next=shown)
    assert answer["Location"] == "/accounts/people/?role=representative"


def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(cast: Cast) -> None:
    late = Client().post(
        "/accounts/people/3/close/",
        headers={"Referer": "http://testserver/accounts/people/3/"},
    )
    assert late["Location"] == f"{SIGN_IN}?next=%2Faccounts%2Fpeople%2F3%2F"
    foreign = Client().post("/accounts/me/", headers={"Referer": "http://evil/x/"})
    assert foreign["Location"] == f"{SIGN_IN}?next=%2F"


def test_the_fifth_failure_locks_and_says_for_how_long_and_whom_to_call(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    assert fail(4).status_code == 422
    answer = fail(1)

    assert answer.status_code == 429
    assert "再过 20 分钟" in words(answer)
    assert "找乡镇（街道）负责人" in words(answer)
    assert int(answer["Retry-After"]) == 20 * 60 + 1
    (line,) = logged(Action.LOCKED)
    assert (line.region_id, line.reason) == (VILLAGE, "连续 5 次输错")


def test_the_right_password_does_not_open_a_locked_account(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    fail(5)
    clock.shift(dt.timedelta(minutes=13, seconds=30))
    answer = sign_in(Client(), "secretary")

    assert answer.status_code == 429
    assert "再过 7 分钟" in words(answer)
    assert logged(Action.SIGN_IN_FAILED)[-1].reason == "账号锁定中，没有核对密码"


def test_a_name_that_does_not_exist_is_locked_with_the_same_page(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    known, unknown = fail(5), fail(5, "nobody")
    assert unknown.status_code == 429
    assert words(unknown) == words(known)


def test_phone_and_user_name_lock_one_account(phoned: User) -> None:
    fail(3, "representative")
    assert fail(2, "138 0000 1111").status_code == 429
    assert sign_in(Client(), "representative").status_code == 429


def test_the_lock_ends_after_20_minutes_however_often_somebody_tried(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    fail(5)
    for _ in range(3):
        clock.shift(dt.timedelta(minutes=6))
        assert fail(1).status_code == 429
    clock.shift(dt.timedelta(minutes=2, seconds=1))
    assert sign_in(Client(), "secretary").status_code == 302


def test_a_success_forgets_the_failures_before_it(cast: Cast) -> None:
    fail(4)
    assert sign_in(Client(), "secretary").status_code == 302
    assert fail(4).status_code == 422


def test_a_made_up_proxy_header_cannot_keep_a_failure_from_counting(
    cast: Cast,
) -> None:
    for _ in range(5):
        client = Client(headers={"X-Forwarded-For": "not an address"})
        answer = sign_in(client, "secretary", "wrong-password")
    assert answer.status_code == 429
    assert {line.address for line in logged(Action.SIGN_IN_FAILED)} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("behind_proxy", "kept"), [(False, "127.0.0.1"), (True, "198.51.100.7")]
)
def test_the_address_is_the_proxys_word_only_where_there_is_a_proxy(
    cast: Cast, settings: Any, behind_proxy: bool, kept: str
) -> None:
    settings.TLS = behind_proxy
    client = Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    sign_in(client, "secretary")
    assert logged(Action.SIGN_IN)[0].address == kept


def test_half_an_hour_without_a_click_ends_the_session(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = browser("secretary")
    clock.shift(dt.timedelta(minutes=29))
    assert client.get("/").status_code == 200
    clock.shift(dt.timedelta(minutes=29))
    assert client.get("/").status_code == 200

    clock.shift(dt.timedelta(minutes=30, seconds=1))
    assert client.get("/")["Location"] == f"{SIGN_IN}?next=%2F"


def test_twelve_hours_end_the_session_however_busy(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = browser("secretary")
    for _ in range(30):
        clock.shift(dt.timedelta(minutes=24))
        assert client.get(OWN_PAGE).status_code == 200
    clock.shift(dt.timedelta(minutes=1))
    assert client.get("/")["Location"] == f"{SIGN_IN}?next=%2F"
    assert not Device.objects.filter(user=cast.secretary.user).exists()


def test_a_representative_may_stay_signed_in_for_30_days(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = browser("representative", remember="on")
    assert Device.objects.get(user=cast.representative.user).remembered
    for _ in range(3):
        clock.shift(dt.timedelta(days=29))
        assert client.get(OWN_PAGE).status_code == 200
    clock.shift(dt.timedelta(days=30, seconds=1))
    assert client.get(OWN_PAGE).status_code == 302


def test_nobody_else_stays_signed_in_and_the_page_says_so(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = Client()
    answer = client.post(
        SIGN_IN,
        {"username": "secretary", "password": PASSWORD, "remember": "on"},
        follow=True,
    )
    assert "“记住此手机”只给代表用" in words(answer)
    assert not Device.objects.get(user=cast.secretary.user).remembered
    clock.shift(dt.timedelta(minutes=31))
    assert client.get("/").status_code == 302


def test_a_remembered_phone_is_signed_out_when_its_owner_gets_another_role(
    cast: Cast,
) -> None:
    client = browser("representative", remember="on")
    village = cast.secretary.region
    with at(cast.township_lead):
        services.grant_post(
            user=cast.representative.user,
            role="village_clerk",
            region=village,
            by=cast.township_lead,
            on=today(),
        )
    assert client.get("/").status_code == 302


def test_an_initial_password_is_changed_before_anything_else(cast: Cast) -> None:
    User.objects.filter(pk=cast.secretary.user_id).update(must_change_password=True)
    client = browser("secretary")

    for page in ("/", "/accounts/people/", "/accounts/me/"):
        assert client.get(page)["Location"].startswith("/accounts/password/")
    told = client.get("/api/v1/regions/")
    assert (told.status_code, told.json()["code"]) == (403, "unfinished")
    assert client.get("/accounts/password/").status_code == 200


def test_the_first_account_signs_in_however_its_name_was_typed(cast: Cast) -> None:
    out = StringIO()
    call_command("first_account", "city_lead", "ZhangSan", "张三", stdout=out)
    told = re.search(r"账号 (\S+)（.*初始密码 (\S+)，", out.getvalue())
    assert told
    assert told[1] == "zhangsan"
    client = browser("ZhangSan", told[2])
    assert client.get("/")["Location"].startswith("/accounts/password/")


@pytest.mark.parametrize("name", ["张三", "13900001111", "a b"])
def test_the_first_account_has_a_name_as_every_other(cast: Cast, name: str) -> None:
    with pytest.raises(CommandError, match="用户名要以字母开头"):
        call_command("first_account", "city_lead", name, "张三", stdout=StringIO())


def test_signing_out_ends_session_and_device_and_is_logged(cast: Cast) -> None:
    client = browser("secretary")
    answer = client.post("/accounts/sign-out/", follow=True)

    assert "已退出登录" in words(answer)
    assert not Device.objects.filter(user=cast.secretary.user).exists()
    assert len(logged(Action.SIGN_OUT)) == 1
    assert client.get("/").status_code == 302


def test_a_link_cannot_sign_anybody_out(cast: Cast) -> None:
    client = browser("secretary")
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get("/").status_code == 200


def test_a_signed_in_page_is_not_kept_by_the_browser(cast: Cast) -> None:
    assert browser("secretary").get("/")["Cache-Control"] == "private, no-store"


def test_who_is_signed_in_does_not_see_the_sign_in_page(cast: Cast) -> None:
    assert browser("secretary").get(SIGN_IN)["Location"] == "/"


def test_the_size_of_letters_stays_with_the_person_and_the_device(cast: Cast) -> None:
    client = browser("representative")
    answer = client.post(
        reverse("accounts:text-size"), {"size": "xl", "next": "/accounts/me/"}
    )
    assert answer["Location"] == "/accounts/me/"
    assert 'data-size="xl"' in client.get("/accounts/me/").content.decode()
    assert User.objects.get(username="representative").text_size == "xl"

    client.post("/accounts/sign-out/")
    assert 'data-size="xl"' in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("size", ["huge", "", "m' onload='x"])
def test_an_unknown_size_of_letters_changes_nothing(cast: Cast, size: str) -> None:
    client = Client()
    answer = client.post(
        reverse("accounts:text-size"), {"size": size, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"
    assert "text_size" not in answer.cookies
    assert 'data-size="m"' in client.get(SIGN_IN).content.decode()


def test_a_person_without_any_post_is_told_what_to_do(cast: Cast) -> None:
    with everywhere():
        Post.objects.filter(user=cast.clerk.user).delete()
    client = browser("clerk")
    assert "您现在没有职务" in words(client.get("/"))
    assert client.get(OWN_PAGE).status_code == 200
    assert client.get("/accounts/people/").status_code == 403


def test_ending_a_post_ends_its_access_with_the_next_request(cast: Cast) -> None:
    client = browser("clerk")
    assert client.get(f"/d/{VILLAGE}/").status_code == 200
    with at(cast.secretary):
        services.end_post(
            post=Post.objects.get(pk=cast.clerk.pk),
            by=cast.secretary,
            on=today(),
        )
    assert client.get(f"/d/{VILLAGE}/").status_code == 403
    assert "您现在没有职务" in words(client.get("/"))
