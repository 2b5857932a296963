"""The second factor: setting it up, signing in with it, losing it."""

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.models import Action, User
from tests.accounts.pages import browser, logged, words
from tests.cast import VILLAGE, Cast, at

PAGE = "/accounts/second-factor/"
START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; codes change every 30 seconds."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def code(user: User) -> str:
    """Return what the person's phone shows now."""
    device = TOTPDevice.objects.filter(user=user).latest("id")
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


def enrolled(cast: Cast, clock: time_machine.Traveller) -> tuple[Client, list[str]]:
    """Return a browser of the secretary, who has just set the factor up; and codes."""
    client = browser("secretary")
    client.get(PAGE)
    page = client.post(PAGE, {"code": code(cast.secretary.user)})
    clock.shift(dt.timedelta(seconds=31))
    return client, recovery_codes(page)


def recovery_codes(page: Any) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li>(\w{5}-\w{5})</li>", page.content.decode())


def test_the_page_shows_a_qr_code_and_the_secret_in_groups(cast: Cast) -> None:
    page = browser("secretary").get(PAGE)
    html = page.content.decode()
    assert 'src="data:image/svg+xml' in html
    assert "style=" not in html
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.context["secret"])


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_secret(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = browser("secretary")
    secret = client.get(PAGE).context["secret"]
    answer = client.post(PAGE, {"code": "000000"})

    assert answer.status_code == 422
    assert "验证码不对" in words(answer)
    assert answer.context["secret"] == secret
    assert not services.has_second_factor(cast.secretary.user)


def test_the_first_right_code_sets_it_up_and_shows_ten_recovery_codes_once(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    other = browser("secretary")
    client, codes = enrolled(cast, clock)

    assert len(set(codes)) == 10
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200
    assert not recovery_codes(client.get("/accounts/me/"))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {one.replace("-", "") for one in codes}
    (line,) = logged(Action.SECOND_FACTOR)
    assert (line.subject, line.region_id) == ("开启", VILLAGE)


def test_the_password_alone_opens_nothing_any_more(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    enrolled(cast, clock)
    client = browser("secretary")

    for page in ("/", "/accounts/me/", "/accounts/second-factor/remove/"):
        assert client.get(page)["Location"].startswith(PAGE)
    assert client.get("/accounts/password/")["Location"] == PAGE
    assert client.post("/accounts/second-factor/codes/")["Location"] == PAGE
    shown = client.get(PAGE)
    assert "密钥" not in words(shown)
    assert "secret" not in shown.context


def test_the_code_opens_the_session_under_a_new_key_and_goes_on(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    enrolled(cast, clock)
    client = browser("secretary")
    before = client.session.session_key
    sent = client.get("/accounts/people/")["Location"]
    now = code(cast.secretary.user)
    answer = client.post(sent, {"code": f" {now[:3]} {now[3:]}"})

    assert answer["Location"] == "/accounts/people/"
    assert client.session.session_key != before
    assert client.get("/accounts/people/").status_code == 200
    assert "这台设备" in words(client.get("/accounts/me/"))


def test_a_code_is_accepted_once(cast: Cast, clock: time_machine.Traveller) -> None:
    enrolled(cast, clock)
    used = code(cast.secretary.user)
    assert browser("secretary").post(PAGE, {"code": used}).status_code == 302
    assert browser("secretary").post(PAGE, {"code": used}).status_code == 422


def test_wrong_codes_are_logged_and_slowed_down(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    enrolled(cast, clock)
    client = browser("secretary")
    for _ in range(4):
        answer = client.post(PAGE, {"code": "000000"})
        clock.shift(dt.timedelta(seconds=8))
    assert re.search(r"请等 \d+ 秒", words(answer))
    assert logged(Action.SIGN_IN_FAILED)[-1].reason == "二次验证的验证码不对"

    client.post(PAGE, {"code": "000000"})
    assert client.post(PAGE, {"code": code(cast.secretary.user)}).status_code == 422
    clock.shift(dt.timedelta(minutes=5))
    assert client.post(PAGE, {"code": code(cast.secretary.user)}).status_code == 302


def test_a_recovery_code_opens_the_session_once(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    _, codes = enrolled(cast, clock)
    client = browser("secretary")
    assert client.post(PAGE, {"code": codes[3].upper()}).status_code == 302
    assert "还剩 9 个" in words(client.get("/accounts/me/"))
    assert logged(Action.SECOND_FACTOR)[-1].subject == "用了一个恢复码，还剩 9 个"
    assert browser("secretary").post(PAGE, {"code": codes[3]}).status_code == 422


def test_new_recovery_codes_end_the_old_ones(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client, old = enrolled(cast, clock)
    new = recovery_codes(client.post("/accounts/second-factor/codes/"))
    assert len(new) == 10
    assert browser("secretary").post(PAGE, {"code": old[0]}).status_code == 422
    clock.shift(dt.timedelta(seconds=10))
    assert browser("secretary").post(PAGE, {"code": new[0]}).status_code == 302


def test_another_phone_replaces_the_one_before(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client, _ = enrolled(cast, clock)
    first = TOTPDevice.objects.get(user=cast.secretary.user)
    assert "换一台手机" in words(client.get(PAGE))
    client.post(PAGE, {"code": code(cast.secretary.user)})

    (device,) = TOTPDevice.objects.filter(user=cast.secretary.user)
    assert device.pk != first.pk
    assert client.get("/").status_code == 200


def test_it_can_be_given_up_where_it_is_not_required(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client, _ = enrolled(cast, clock)
    assert "关闭二次验证？" in words(client.get("/accounts/second-factor/remove/"))
    client.post("/accounts/second-factor/remove/")
    assert not services.has_second_factor(cast.secretary.user)
    assert browser("secretary").get("/").status_code == 200


def test_a_level_can_be_required_to_use_it(
    cast: Cast, clock: time_machine.Traveller, settings: Any
) -> None:
    settings.TOTP_REQUIRED_LEVELS = ["city", "township"]
    assert browser("secretary").get("/").status_code == 200
    client = browser("township_lead")
    assert client.get("/")["Location"].startswith(PAGE)
    assert "按规定必须用二次验证" in words(client.get(PAGE))

    client.post(PAGE, {"code": code(cast.township_lead.user)})
    assert client.get("/").status_code == 200
    answer = client.post("/accounts/second-factor/remove/", follow=True)
    assert "不能关闭" in words(answer)
    assert services.has_second_factor(cast.township_lead.user)


def test_giving_it_up_is_not_offered_where_it_is_required(
    cast: Cast, clock: time_machine.Traveller, settings: Any
) -> None:
    client, _ = enrolled(cast, clock)
    remove = "/accounts/second-factor/remove/"
    assert remove in client.get("/accounts/me/").content.decode()
    settings.TOTP_REQUIRED_LEVELS = ["village"]
    page = client.get("/accounts/me/")
    assert remove not in page.content.decode()
    assert "换一台手机" in words(page)


def test_an_initial_password_comes_before_setting_it_up(
    cast: Cast, settings: Any
) -> None:
    settings.TOTP_REQUIRED_LEVELS = ["village"]
    User.objects.filter(pk=cast.secretary.user_id).update(must_change_password=True)
    client = browser("secretary")
    assert client.get("/")["Location"].startswith("/accounts/password/")
    assert client.get(PAGE)["Location"] == "/accounts/password/"


def test_a_superior_takes_it_off_when_phone_and_codes_are_lost(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    signed_in, _ = enrolled(cast, clock)
    lead = browser("township_lead")
    page = f"/accounts/people/{cast.secretary.user_id}/second-factor/"
    assert "请先当面或打电话确认是本人" in words(lead.get(page))

    lead.post(page)
    assert not services.has_second_factor(cast.secretary.user)
    assert signed_in.get("/").status_code == 302
    assert browser("secretary").get("/").status_code == 200
    line = logged(Action.SECOND_FACTOR)[-1]
    assert (line.user_id, line.region_id) == (cast.township_lead.user_id, VILLAGE)


def test_the_second_factor_costs_one_statement_on_each_page(cast: Cast) -> None:
    with at(cast.secretary), CaptureQueriesContext(connection) as asked:
        services.has_second_factor(cast.secretary.user)
    assert len([q for q in asked if "set_config" not in q["sql"]]) == 1
