"""Tokens: a program reads what it was given, until the day, and nothing more."""

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEntry, Action, Post, RowChange, Token, User
from accounts.roles import ROLES
from accounts.services import Refused, end_post, tokens
from accounts.services.tokens import READABLE
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
from tests.days import days_ago, in_days, today

REGIONS = "/api/v1/regions/"


def make(by: Post, place: int = TOWNSHIP, days: int = 90) -> tuple[Token, str]:
    """Make a token of a post, for so many days."""
    with at(by):
        region = Region.objects.get(pk=place)
        return tokens.issue(
            by=by, name="一表通", place=region, expires_on=in_days(days), on=today()
        )


def read(secret: str, url: str = REGIONS, **extra: Any) -> Any:
    """Ask for an address with a token."""
    return Client().get(url, headers={"Authorization": f"Bearer {secret}"}, **extra)


def test_token_reads_its_place_and_nothing_beside(cast: Cast) -> None:
    _, secret = make(cast.city_lead)
    codes = [row["code"] for row in read(secret, f"{REGIONS}?page=1").json()["results"]]
    assert codes[0] == TOWNSHIP
    assert all(code // 1000 == TOWNSHIP // 1000 for code in codes)
    answer = read(secret, f"/api/v1/summary/?place={OTHER_TOWNSHIP}")
    assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}


def test_token_cannot_write_nor_open_pages(cast: Cast) -> None:
    _, secret = make(cast.township_lead)
    headers = {"Authorization": f"Bearer {secret}"}
    sent = Client().post("/api/v1/issues/new/", {}, "application/json", headers=headers)
    assert sent.status_code == HTTPStatus.FORBIDDEN
    assert sent.json()["message"] == "接口令牌只能读取，不能改动。"
    assert (
        read(secret, "/accounts/people/").status_code == HTTPStatus.FOUND
    )  # to sign-in


def test_token_beside_a_session_counts_alone(cast: Cast) -> None:
    browser = signed_in(cast.city_lead)
    answer = browser.get(REGIONS, headers={"Authorization": "Bearer lianhu_none"})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer.json() == {
        "code": "not_authenticated",
        "message": "请先登录。",
        "fields": {},
    }


@pytest.mark.parametrize("how", ["ended", "expired", "post over", "closed", "wrong"])
def test_token_that_is_over_is_refused(cast: Cast, how: str) -> None:
    token, secret = make(cast.township_lead)
    with everywhere():
        if how == "ended":
            tokens.end(token=token, by=cast.township_lead, at=timezone.now())
        if how == "expired":
            day = days_ago(10)
            Token.objects.filter(pk=token.pk).update(
                made_on=day, expires_on=day + dt.timedelta(days=9)
            )
        if how == "post over":
            end_post(post=cast.township_lead, by=cast.city_lead, on=today())
        if how == "closed":
            User.objects.filter(pk=cast.township_lead.user_id).update(is_active=False)
    if how == "wrong":
        secret += "x"
    assert read(secret).status_code == HTTPStatus.UNAUTHORIZED


def test_last_use_is_kept_once_a_minute_and_makes_no_history(cast: Cast) -> None:
    token, secret = make(cast.township_lead)
    assert read(secret).status_code == HTTPStatus.OK
    first = Token.objects.get(pk=token.pk).used_at
    assert first is not None
    read(secret)
    assert Token.objects.get(pk=token.pk).used_at == first
    with everywhere():
        changes = RowChange.objects.filter(table="accounts_token")
        assert [change.operation for change in changes] == ["insert"]
        assert "digest" not in (changes[0].after or {})


@pytest.mark.parametrize(
    ("place", "days", "said"),
    [
        (OTHER_TOWNSHIP, 90, "只能开放您管的范围，请重新选择地方。"),
        (VILLAGE, 367, "有效期要在明天以后、一年以内，到期可以再开一个。"),
        (VILLAGE, 0, "有效期要在明天以后、一年以内，到期可以再开一个。"),
    ],
)
def test_token_is_refused(cast: Cast, place: int, days: int, said: str) -> None:
    with pytest.raises(Refused, match=said):
        make(cast.township_lead, place, days)


def test_database_lets_no_token_live_longer_than_a_year(cast: Cast) -> None:
    token, _ = make(cast.township_lead)
    late = in_days(400)
    with pytest.raises(IntegrityError), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_on=late)


def test_readable_rights_change_nothing() -> None:
    """What a token may do is looking: no right to keep, record, handle, export whole."""
    verbs = {right.value.split(".")[1] for right in READABLE}
    assert verbs <= {"view", "read"}
    assert all(
        ROLES[lead].permissions >= READABLE for lead in ("city_lead", "township_lead")
    )


def test_lead_makes_a_token_sees_its_secret_once_and_ends_it(cast: Cast) -> None:
    browser = signed_in(cast.township_lead)
    given = {
        "name": "一表通",
        "place": "魏家桥镇",
        "expires_on": in_days(90).isoformat(),
    }
    made = browser.post("/accounts/tokens/", given)
    assert made.status_code == HTTPStatus.OK, made.content.decode()
    secret = made.context["secret"]
    assert secret in made.content.decode()
    page = browser.get("/accounts/tokens/").content.decode()
    assert secret not in page
    assert secret[-4:] in page
    assert read(secret).status_code == HTTPStatus.OK
    token = Token.objects.get()
    assert (
        browser.post(f"/accounts/tokens/{token.pk}/end/").status_code
        == HTTPStatus.FOUND
    )
    assert read(secret).status_code == HTTPStatus.UNAUTHORIZED
    with everywhere():
        log = AccessEntry.objects.filter(
            action__in=(Action.TOKEN_MADE, Action.TOKEN_ENDED)
        )
        assert [(one.action, one.region_id) for one in log.order_by("pk")] == [
            ("token_made", TOWNSHIP),
            ("token_ended", TOWNSHIP),
        ]


def test_form_keeps_what_was_typed(cast: Cast) -> None:
    answer = signed_in(cast.township_lead).post("/accounts/tokens/", {"name": "一表通"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "一表通" in answer.content.decode()
    assert not Token.objects.exists()


def test_city_code_is_no_place_of_a_township(cast: Cast) -> None:
    with pytest.raises(Refused):
        make(cast.township_lead, CITY)


def test_tokens_in_use_stand_before_all_that_are_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were ended, the ones that can still be used can be ended too."""
    monkeypatch.setattr("accounts.views.tokens.SHOWN", 2)
    living, _ = make(cast.township_lead)
    for _ in range(2):
        over, _ = make(cast.township_lead)
        with at(cast.township_lead):
            tokens.end(token=over, by=cast.township_lead, at=timezone.now())
    page = signed_in(cast.township_lead).get("/accounts/tokens/")
    assert [one.pk for one in page.context["tokens"]] == [living.pk, over.pk]


def test_a_token_that_stopped_with_its_post_is_not_listed_as_in_use(
    cast: Cast,
) -> None:
    token, _ = make(cast.township_lead)
    with everywhere():
        end_post(post=cast.township_lead, by=cast.city_lead, on=today())
    page = signed_in(cast.city_lead).get("/accounts/tokens/").content.decode()
    assert "开设人不再任职" in page
    assert f"/accounts/tokens/{token.pk}/end/" not in page


def test_a_token_of_a_closed_account_is_not_shown_as_reading(cast: Cast) -> None:
    """It reads nothing; once the account is open again it would, so it can be ended."""
    token, _ = make(cast.township_lead)
    User.objects.filter(pk=cast.township_lead.user_id).update(is_active=False)
    page = signed_in(cast.city_lead).get("/accounts/tokens/").content.decode()
    assert "开设人的账号已停用" in page
    assert f"/accounts/tokens/{token.pk}/end/" in page
