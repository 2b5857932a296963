"""Accounts that have no level above: who installs resets and closes them."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Action, User
from accounts.services import may_manage
from tests.accounts.pages import browser, logged, sign_in
from tests.cast import Cast, at, everywhere


def run(action: str, username: str) -> str:
    """Run the command; return what it printed."""
    out = StringIO()
    call_command("top_account", action, username, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("part", ["city_lead", "system_admin"])
def test_who_is_at_the_top_begins_anew(cast: Cast, part: str) -> None:
    """Phone and password are lost, and nobody in the product could help."""
    user: User = getattr(cast, part).user
    with at(cast.city_lead):
        assert not may_manage(user, cast.city_lead)
    TOTPDevice.objects.create(user=user, name="lost")
    for _ in range(5):
        sign_in(Client(), user.username, "wrong-password")

    found = re.search(r"初始密码 ([\w-]+)，", run("reset", user.username))

    assert found
    answer = browser(user.username, found[1]).get("/")
    assert answer["Location"].startswith("/accounts/password/")
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert (
        logged(Action.PASSWORD_RESET)[-1].subject == f"{user.name}（{user.username}）"
    )


def test_a_head_who_has_gone_is_closed_out(cast: Cast) -> None:
    seat = browser("city_lead")
    run("close", "city_lead")
    assert seat.get("/")["Location"].startswith("/accounts/sign-in/")
    assert sign_in(Client(), "city_lead").status_code == 422
    with everywhere():
        assert logged(Action.ACCOUNT_CLOSED)[-1].user is None


def test_whoever_has_a_level_above_is_left_to_it(cast: Cast) -> None:
    with pytest.raises(CommandError, match="有上一级"):
        run("close", "township_lead")
    with pytest.raises(CommandError, match="没有账号“nobody”"):
        run("reset", "nobody")
    assert User.objects.get(username="township_lead").is_active
