"""What the tests of pages share: signing in as people do, and reading the log."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessEntry, Action
from tests.cast import PASSWORD, everywhere

WRONG = "用户名（手机号）或密码不对，请检查后重新输入。"


def sign_in(
    client: Client, username: str, password: str = PASSWORD, **more: Any
) -> Any:
    """Send the sign-in form."""
    form = {"username": username, "password": password, **more}
    return client.post(reverse("accounts:sign-in"), form)


def browser(username: str, password: str = PASSWORD, **more: Any) -> Client:
    """Return a browser in which the person has signed in through the form."""
    client = Client()
    answer = sign_in(client, username, password, **more)
    assert answer.status_code == 302, answer.content.decode()
    return client


def logged(action: Action | None = None) -> list[AccessEntry]:
    """Return the lines of the access log, the oldest first."""
    with everywhere():
        lines = AccessEntry.objects.order_by("id")
        return list(lines.filter(action=action) if action else lines)


def words(answer: Any) -> str:
    """Return the text of a page without its markup, blanks folded."""
    text = re.sub(
        r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def statements(client: Client, url: str) -> int:
    """Return how many SQL statements a page costs."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
