"""A person's own account: sessions, devices, password, active post; row and log line."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import RequestFactory

from accounts import services
from accounts.models import AccessEntry, Action, Device, Post, User
from accounts.services import NotYours
from accounts.sessions import SessionStore as OurStore
from tests.accounts.records import history, log
from tests.cast import VILLAGE, Cast, everywhere

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 9) MicroMessenger/8.0"


@pytest.fixture
def request_(db: None) -> HttpRequest:
    """A request from a browser in which nobody is signed in yet."""
    return asking(AnonymousUser())


def asking(user: Any) -> HttpRequest:
    """Return a request of `user` with a session of its own."""
    request = RequestFactory().get(
        "/accounts/", headers={"User-Agent": PHONE_AGENT}, REMOTE_ADDR="10.1.2.3"
    )
    request.session, request.user = SessionStore(), user
    request.session.create()
    return request


def enter(post: Post, *, remember: bool = False) -> HttpRequest:
    """Sign the holder of a post in on a browser of his own."""
    request = asking(AnonymousUser())
    services.sign_in(request=request, user=known(post), remember=remember)
    return request


def known(post: Post) -> User:
    """Return the holder of a post as checking his password returns him."""
    post.user.backend = "accounts.backends.NameOrPhoneBackend"  # type: ignore[attr-defined]
    return post.user


def line(action: Action) -> AccessEntry:
    """Return the one line of the log with this action."""
    with everywhere():
        return AccessEntry.objects.select_related("user").get(action=action)


def test_signing_in_makes_a_session_a_device_and_a_line(
    cast: Cast, request_: HttpRequest
) -> None:
    before = request_.session.session_key
    services.sign_in(request=request_, user=known(cast.clerk))
    device = Device.objects.get(user=cast.clerk.user)
    assert request_.session.session_key != before
    assert device.session_key == request_.session.session_key
    assert (device.label, device.address, device.remembered) == (
        "微信",
        "10.1.2.3",
        False,
    )
    entry = line(Action.SIGN_IN)
    assert (entry.user, entry.region_id, entry.address, entry.path) == (
        cast.clerk.user,
        VILLAGE,
        "10.1.2.3",
        "/accounts/",
    )


@pytest.mark.parametrize(
    ("part", "remembered"),
    [("representative", True), ("clerk", False), ("township_lead", False)],
)
def test_only_a_representatives_phone_is_remembered(
    cast: Cast, part: str, remembered: bool, settings: Any
) -> None:
    request = enter(getattr(cast, part), remember=True)
    assert Device.objects.get().remembered is remembered
    assert request.session.get_expiry_age() == (
        settings.SESSION_REMEMBERED_SECONDS
        if remembered
        else settings.SESSION_IDLE_SECONDS
    )


def test_signing_in_is_no_news_of_the_account(cast: Cast) -> None:
    """The day of the last sign-in is in the log; the row's history stays quiet."""
    enter(cast.clerk)
    assert history("accounts_user", cast.clerk.user_id) == [("insert", None)]


def test_signing_out_ends_session_and_device(cast: Cast) -> None:
    request = enter(cast.clerk)
    key = request.session.session_key
    services.sign_out(request)
    assert not Session.objects.filter(session_key=key).exists()
    assert not Device.objects.exists()
    assert line(Action.SIGN_OUT).user == cast.clerk.user


def test_another_device_of_ones_own_is_ended(cast: Cast) -> None:
    here, there = enter(cast.clerk), enter(cast.clerk)
    device = Device.objects.get(session_key=there.session.session_key)
    services.end_device(device=device, by=cast.clerk.user, request=here)
    assert [d.session_key for d in Device.objects.all()] == [here.session.session_key]
    assert not Session.objects.filter(session_key=there.session.session_key).exists()
    assert line(Action.DEVICE_ENDED).subject == "微信"


def test_the_device_of_another_is_not_ended(cast: Cast) -> None:
    here, there = enter(cast.clerk), enter(cast.secretary)
    device = Device.objects.get(session_key=there.session.session_key)
    with pytest.raises(NotYours, match="只能退出自己的设备"):
        services.end_device(device=device, by=cast.clerk.user, request=here)
    assert Session.objects.filter(session_key=there.session.session_key).exists()
    assert Device.objects.count() == 2
    assert [entry[0] for entry in log()] == ["sign_in", "sign_in"]


def test_all_other_devices_are_ended_and_nobody_elses(cast: Cast) -> None:
    here = enter(cast.clerk)
    for post in (cast.clerk, cast.clerk, cast.secretary):
        enter(post)
    services.end_other_devices(by=cast.clerk.user, request=here)
    assert Device.objects.get(user=cast.clerk.user).session_key == (
        here.session.session_key
    )
    assert Device.objects.filter(user=cast.secretary.user).count() == 1
    assert line(Action.DEVICE_ENDED).subject == "其他所有设备"


def test_a_chosen_password_is_stored_logged_and_ends_other_sessions(cast: Cast) -> None:
    here, there = enter(cast.clerk), enter(cast.clerk)
    User.objects.filter(pk=cast.clerk.user_id).update(must_change_password=True)
    services.change_password(
        user=cast.clerk.user, password="a long new password", request=here
    )
    stored = User.objects.get(pk=cast.clerk.user_id)
    assert stored.check_password("a long new password")
    assert not stored.must_change_password
    assert not Session.objects.filter(session_key=there.session.session_key).exists()
    assert Device.objects.get().session_key == here.session.session_key
    assert line(Action.PASSWORD_CHANGED).region_id == VILLAGE
    assert history("accounts_user", stored.pk)[-1] == (
        "update",
        {"must_change_password": False},
    )


def test_switching_the_post_is_kept_in_the_session_and_logged(cast: Cast) -> None:
    request = enter(cast.secretary)
    services.switch_post(request=request, post=cast.secretary)
    assert request.session["post"] == cast.secretary.pk
    entry = line(Action.POST_SWITCHED)
    assert (entry.subject, entry.region_id) == (str(cast.secretary), VILLAGE)


def test_the_size_of_letters_is_kept(cast: Cast) -> None:
    services.set_text_size(user=cast.representative.user, size="xl")
    assert User.objects.get(pk=cast.representative.user_id).text_size == "xl"
    assert history("accounts_user", cast.representative.user_id)[-1] == (
        "update",
        {"text_size": "xl"},
    )


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 9) MicroMessenger/8.0", "微信"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel)", "安卓手机"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)", "苹果手机"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows 电脑"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux 电脑"),
        ("curl/8", "其他设备"),
        ("", "其他设备"),
    ],
)
def test_a_device_is_named_in_plain_words(agent: str, label: str) -> None:
    assert services.device_label(agent) == label


@pytest.mark.parametrize("left", [60, 0, None], ids=["alive", "over", "unknown"])
def test_a_session_is_found_as_django_finds_it(db: None, left: int | None) -> None:
    stored = SessionStore()
    stored["post"] = 7
    stored.set_expiry(left or -1)
    stored.save()
    key = None if left is None else stored.session_key
    found, ours = SessionStore(key), OurStore(key)
    assert ours.load() == found.load()
    assert (ours.session_key, bool(left)) == (found.session_key, bool(ours.load()))
