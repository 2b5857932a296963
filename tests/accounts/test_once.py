"""A repeated POST is done once and answered the same, a program's and a page's."""

import datetime as dt
import re
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import once
from accounts.models import SentOnce, Token, User
from jobs.models import Job
from reports import exports
from sentiment.models import Issue
from tests.cast import Cast, everywhere, signed_in
from tests.days import in_days, today
from tests.rolls import Rolls, text_of

URL = "/api/v1/exports/"


@pytest.fixture(autouse=True)
def not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no file, and let no test look for a broker."""
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


def order(**change: Any) -> dict[str, Any]:
    """Return an order for a file; each has a token of its own."""
    return {"token": str(uuid.uuid4()), "entry": "representatives"} | change


def send(client: Any, body: dict[str, Any], key: str) -> Any:
    """Send an order under a key."""
    headers = {"Idempotency-Key": key}
    return client.post(URL, body, content_type="application/json", headers=headers)


def test_repeated_request_is_done_once(cast: Cast, rolls: Rolls) -> None:
    client, body = signed_in(cast.clerk), order()
    first, second = (send(client, body, "k1") for _ in range(2))
    assert first.status_code == second.status_code == HTTPStatus.CREATED
    assert first.json() == second.json()
    with everywhere():
        assert Job.objects.filter(kind=exports.KIND).count() == 1


def test_same_key_with_other_content_is_refused(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.clerk)
    send(client, order(), "k1")
    other = send(client, order(), "k1")
    assert other.status_code == HTTPStatus.CONFLICT
    assert other.json()["message"] == once.REPEATED


def test_key_of_somebody_else_is_another_key(cast: Cast, rolls: Rolls) -> None:
    body = order()
    assert send(signed_in(cast.clerk), body, "k1").status_code == HTTPStatus.CREATED
    theirs = send(signed_in(cast.secretary), body, "k1")
    assert theirs.status_code == HTTPStatus.CREATED
    assert SentOnce.objects.count() == 2


def test_key_is_free_again_after_a_refusal(cast: Cast, rolls: Rolls) -> None:
    client, body = signed_in(cast.clerk), order(entry="nothing")
    assert send(client, body, "k1").status_code == HTTPStatus.NOT_FOUND
    assert send(client, order(form="docx"), "k1").status_code == HTTPStatus.CONFLICT
    assert not SentOnce.objects.exists()
    assert send(client, order(), "k1").status_code == HTTPStatus.CREATED


def test_key_that_is_too_long_is_refused(cast: Cast) -> None:
    answer = send(signed_in(cast.clerk), order(), "x" * 65)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["message"] == once.TOO_LONG


def test_right_is_asked_before_the_key(cast: Cast) -> None:
    answer = send(signed_in(cast.representative), order(), "k1")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not SentOnce.objects.exists()


def test_keys_are_forgotten_after_two_days(cast: Cast, rolls: Rolls) -> None:
    send(signed_in(cast.clerk), order(), "k1")
    now = timezone.now()
    assert once.forget(now + dt.timedelta(days=1)) == 0
    assert once.forget(now + dt.timedelta(days=3)) == 1


# --- a page that is sent twice -----------------------------------------------------


def drawn(client: Any, url: str) -> str:
    """Return the CSRF token of a page as it is drawn now."""
    found = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(url).content.decode()
    )
    assert found
    return found[1]


def heard(token: str, words: str = "三组水管断了") -> dict[str, Any]:
    """Return what the page of a new issue sends."""
    return {
        once.CSRF: token, "source": "caller", "heard_on": today(), "topic": "基础设施",
        "words": words,
    }  # fmt: skip


def issues() -> int:
    """Return how many issues there are."""
    with everywhere():
        return Issue.objects.count()


def test_a_page_that_is_sent_twice_makes_one_issue(cast: Cast, rolls: Rolls) -> None:
    client, url = signed_in(cast.clerk), reverse("sentiment:issue-new")
    said = heard(drawn(client, url))
    first, second = client.post(url, said), client.post(url, said)
    assert (first.status_code, issues()) == (HTTPStatus.FOUND, 1)
    assert first["Location"] == second["Location"]
    assert once.PAGE_REPEATED in text_of(client.get(second["Location"]))


def test_other_words_and_the_same_words_on_a_fresh_page_are_another_issue(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), reverse("sentiment:issue-new")
    token = drawn(client, url)
    client.post(url, heard(token))
    client.post(url, heard(token, "五组水管断了"))
    client.post(url, heard(drawn(client, url)))
    assert issues() == 3


def test_a_page_that_was_refused_may_be_sent_again(cast: Cast, rolls: Rolls) -> None:
    client, url = signed_in(cast.clerk), reverse("sentiment:issue-new")
    said = heard(drawn(client, url), words="")
    for _ in range(2):
        assert "请填写。" in text_of(client.post(url, said))
    assert not SentOnce.objects.exists()


def test_a_page_with_other_files_is_another() -> None:
    def digest(*files: bytes) -> str:
        scans = [SimpleUploadedFile("决议.jpg", one) for one in files]
        return once._digest(RequestFactory().post("/", {"rate": "100", "scans": scans}))

    assert digest(b"one") == digest(b"one")
    assert (
        len({digest(), digest(b"one"), digest(b"three"), digest(b"one", b"one")}) == 4
    )


def test_account_of_a_page_that_is_sent_twice_is_opened_once(cast: Cast) -> None:
    """Asking for the page of a password again, the browser sends its form again."""
    client = signed_in(cast.township_lead)
    url = reverse("accounts:new")
    form = {
        once.CSRF: drawn(client, url), "name": "赵玉兰", "role": "village_clerk",
        "place": "魏家桥镇 长冲口村",
    }  # fmt: skip
    assert "初始密码" in text_of(client.post(url, form))
    again = client.post(url, form, follow=True)
    opened = User.objects.get(name="赵玉兰")
    assert again.redirect_chain == [(opened.get_absolute_url(), HTTPStatus.FOUND)]
    assert once.PAGE_REPEATED in text_of(again)


def test_password_of_a_page_that_is_sent_twice_is_reset_once(cast: Cast) -> None:
    """The one that was read out over the phone stays good."""
    client = signed_in(cast.township_lead)
    url = reverse("accounts:password-reset", args=[cast.clerk.user_id])
    form = {once.CSRF: drawn(client, url)}
    shown = re.search(r"\w{4}-\w{4}-\w{4}", text_of(client.post(url, form)))
    again = client.post(url, form)
    assert shown
    assert again.status_code == HTTPStatus.FOUND
    assert User.objects.get(pk=cast.clerk.user_id).check_password(shown[0])


def test_token_of_a_page_that_is_sent_twice_is_made_once(cast: Cast) -> None:
    client = signed_in(cast.township_lead)
    url = reverse("accounts:tokens")
    form = {
        once.CSRF: drawn(client, url), "name": "一表通", "place": "魏家桥镇",
        "expires_on": in_days(30),
    }  # fmt: skip
    secret = re.search(r"lianhu_[\w-]+", text_of(client.post(url, form)))
    assert secret
    again = client.post(url, form, follow=True)
    assert again.redirect_chain == [(url, HTTPStatus.FOUND)]
    assert Token.objects.count() == 1
    assert secret[0] not in str(SentOnce.objects.get().answer)
