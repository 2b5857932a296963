"""One's own account: password, devices, posts."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from accounts.models import Action, Device, Post, RowChange, User
from tests.accounts.pages import browser, logged, sign_in, statements, words
from tests.cast import (
    OTHER_TOWNSHIP,
    PASSWORD,
    SINCE,
    TOWNSHIP,
    VILLAGE,
    Cast,
    everywhere,
)

NEW = "青山-2027-绿水"
PASSWORD_PAGE = "/accounts/password/"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
    return client.post(PASSWORD_PAGE, {"old": old, "new": new, "again": again or new})


@pytest.fixture
def second_post(cast: Cast) -> Post:
    """Give the secretary a second post, in the other township."""
    with everywhere():
        return Post.objects.create(
            user=cast.secretary.user,
            role="township_staff",
            region_id=OTHER_TOWNSHIP,
            started_on=SINCE + dt.timedelta(days=1),
        )


def test_my_account_shows_who_i_am_and_where_i_am_signed_in(cast: Cast) -> None:
    other = browser("secretary")
    page = browser("secretary").get("/accounts/me/")

    assert "村（社区）党组织书记" in words(page)
    assert "魏家桥镇 长冲口村" in words(page)
    assert [device.session_key for device in page.context["devices"]][1] == (
        other.session.session_key
    )
    assert "没有开启" in words(page)


def test_the_pages_of_a_representative_are_the_phones(cast: Cast) -> None:
    client = browser("representative")
    for page in ("/accounts/me/", PASSWORD_PAGE, "/accounts/second-factor/"):
        assert '<body class="phone">' in client.get(page).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_devices(cast: Cast) -> None:
    client = browser("secretary")
    with_one = statements(client, "/accounts/me/")
    for _ in range(3):
        browser("secretary")
    assert statements(client, "/accounts/me/") == with_one


def test_a_new_password_is_set_and_the_others_are_signed_out(cast: Cast) -> None:
    other, client = browser("secretary"), browser("secretary")
    before = client.session.session_key
    answer = change(client)

    assert answer["Location"] == "/accounts/me/"
    assert client.get("/accounts/me/").status_code == 200
    assert client.session.session_key != before
    assert other.get("/").status_code == 302
    assert sign_in(Client(), "secretary").status_code == 422
    assert sign_in(Client(), "secretary", NEW).status_code == 302
    (line,) = logged(Action.PASSWORD_CHANGED)
    assert (line.user_id, line.region_id) == (cast.secretary.user_id, VILLAGE)


def test_the_device_that_changed_the_password_stays_in_the_list(cast: Cast) -> None:
    client = browser("secretary")
    change(client)
    (device,) = Device.objects.filter(user=cast.secretary.user)
    assert device.session_key == client.session.session_key


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("短密码", "密码太短，至少要 10 个字符。"),
        ("password123", "密码太常见"),
        ("20270715001", "密码不能全是数字"),
        ("secretary-1", "和用户名或姓名太像"),
        (PASSWORD, "新密码不能和现在的密码一样。"),
    ],
)
def test_a_weak_password_is_refused_in_plain_chinese(
    cast: Cast, new: str, why: str
) -> None:
    answer = change(browser("secretary"), new=new)
    assert answer.status_code == 422
    assert why in words(answer)
    assert "This password" not in words(answer)


def test_two_different_new_passwords_are_refused(cast: Cast) -> None:
    answer = change(browser("secretary"), again="青山-2027-蓝天")
    assert "两遍新密码不一样" in words(answer)


def test_a_wrong_present_password_is_counted_like_a_failed_sign_in(cast: Cast) -> None:
    client = browser("secretary")
    for _ in range(4):
        answer = change(client, old="wrong-password")
        assert "现在的密码不对" in words(answer)
    assert change(client, old="wrong-password").status_code == 429
    assert sign_in(Client(), "secretary").status_code == 429
    assert logged(Action.SIGN_IN_FAILED)[0].reason == "改密码时，现在的密码不对"


def test_a_failed_attempt_leaves_no_password_in_the_table_of_failures(
    cast: Cast,
) -> None:
    change(browser("secretary"), old="mistyped-secret")
    sign_in(Client(), "secretary", "another-mistyped")
    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "old=****" in kept
    assert not [part for part in ("mistyped", NEW, "青山") if part in kept]


def test_an_initial_password_is_changed_without_typing_it_again(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.user_id).update(must_change_password=True)
    client = browser("clerk")
    page = client.get(f"{PASSWORD_PAGE}?next=/d/{VILLAGE}/")
    assert "先改初始密码" in words(page)
    assert 'name="old"' not in page.content.decode()

    answer = client.post(
        f"{PASSWORD_PAGE}?next=/d/{VILLAGE}/", {"new": NEW, "again": NEW}
    )
    assert answer["Location"] == f"/d/{VILLAGE}/"
    assert client.get(f"/d/{VILLAGE}/").status_code == 200


def test_the_history_never_holds_a_password(cast: Cast) -> None:
    change(browser("secretary"))
    with everywhere():
        rows = RowChange.objects.filter(table="accounts_user")
        assert not [row for row in rows if "password" in (row.after or {})]


def test_another_of_my_devices_can_be_signed_out(cast: Cast) -> None:
    other, client = browser("secretary"), browser("secretary")
    device = Device.objects.get(session_key=other.session.session_key)

    answer = client.post(reverse("accounts:device-end", args=[device.pk]), follow=True)
    assert "已退出：" in words(answer)
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200
    (line,) = logged(Action.DEVICE_ENDED)
    assert (line.user_id, line.subject) == (cast.secretary.user_id, device.label)


def test_the_device_in_use_is_not_signed_out_by_accident(cast: Cast) -> None:
    client = browser("secretary")
    mine = Device.objects.get(session_key=client.session.session_key)
    answer = client.post(reverse("accounts:device-end", args=[mine.pk]), follow=True)
    assert "这是您正在用的设备" in words(answer)
    assert client.get("/").status_code == 200


def test_nobody_signs_out_the_device_of_another(cast: Cast) -> None:
    other, client = browser("clerk"), browser("secretary")
    device = Device.objects.get(session_key=other.session.session_key)
    answer = client.post(reverse("accounts:device-end", args=[device.pk]))
    assert answer.status_code == 404
    assert other.get("/").status_code == 200


def test_all_other_devices_are_signed_out_at_once(cast: Cast) -> None:
    others = [browser("secretary"), browser("secretary")]
    client = browser("secretary")
    client.post(reverse("accounts:devices-end"))

    assert [other.get("/").status_code for other in others] == [302, 302]
    assert Device.objects.filter(user=cast.secretary.user).count() == 1
    assert logged(Action.DEVICE_ENDED)[-1].subject == "其他所有设备"


def test_a_device_whose_session_is_over_is_not_listed(cast: Cast) -> None:
    client = browser("secretary")
    Device.objects.create(
        user=cast.secretary.user,
        session_key="gone",
        label="旧手机",
        signed_in_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        seen_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    assert "旧手机" not in words(client.get("/accounts/me/"))
    browser("secretary")
    assert not Device.objects.filter(session_key="gone").exists()


def test_two_posts_are_never_used_at_once(cast: Cast, second_post: Post) -> None:
    client = browser("secretary")
    assert client.get(f"/d/{VILLAGE}/").status_code == 200
    assert client.get(f"/d/{OTHER_TOWNSHIP}/").status_code == 404


def test_switching_the_post_switches_the_range_and_is_logged(
    cast: Cast, second_post: Post
) -> None:
    client = browser("secretary")
    assert "切换职务" in words(client.get("/accounts/me/"))
    answer = client.post("/accounts/posts/", {"post": second_post.pk}, follow=True)

    assert "界岭镇 乡镇（街道）经办人员" in words(answer)
    assert client.get(f"/d/{OTHER_TOWNSHIP}/").status_code == 200
    assert client.get(f"/d/{VILLAGE}/").status_code == 404
    (line,) = logged(Action.POST_SWITCHED)
    assert (line.region_id, line.user_id) == (OTHER_TOWNSHIP, cast.secretary.user_id)


def test_the_post_of_another_cannot_be_switched_to(cast: Cast) -> None:
    client = browser("secretary")
    for chosen in (cast.township_lead.pk, "x", ""):
        assert client.post("/accounts/posts/", {"post": chosen}).status_code == 404
    assert client.get(f"/d/{TOWNSHIP}/").status_code == 404
