"""The API keeps to its own description, whoever asks: a small part of `drills.api`."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client

from accounts.models import Post
from accounts.services import tokens
from drills.api import findings
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import in_days, today
from tests.policy.objects.places import build_places

EXAMPLES, AT_ONCE = 1, 2  # `make hostile` sends thousands, each by everybody


@pytest.fixture(autouse=True)
def kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no request look for a broker."""
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let requests use the test's own connection: as Django's client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def session_of(post: Post) -> dict[str, str]:
    """Return the headers that a signed-in browser sends."""
    browser: Client = signed_in(post)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    csrf = "a" * 32
    cookies = (
        f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={csrf}"
    )
    return {"Cookie": cookies, "X-CSRFToken": csrf, "Host": "127.0.0.1"}


def token_of(post: Post) -> dict[str, str]:
    """Return the header that a program sends."""
    until = in_days(30)
    with at(post):
        _, secret = tokens.issue(
            by=post, name="一表通", place=post.region, expires_on=until, on=today()
        )
    return {"Authorization": f"Bearer {secret}", "Host": "127.0.0.1"}


def test_api_answers_everybody_as_it_says(cast: Cast, one_connection: None) -> None:
    with everywhere():
        build_places()
    callers = {
        "市民政局": session_of(cast.city_lead),
        "乡镇": session_of(cast.township_staff),
        "村": session_of(cast.secretary),
        "代表": session_of(cast.representative),
        "审计": session_of(cast.auditor),
        "令牌": token_of(cast.township_lead),
    }
    found = findings(
        get_wsgi_application(), callers, examples=EXAMPLES, at_once=AT_ONCE
    )
    assert len(found) == 2 * len(callers) + 1
    assert [row for row in found if not row.kept] == []
