"""What a superior does with accounts, and what is refused."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Action, Post, RowChange, User
from accounts.sealing import blind_index
from tests.accounts.pages import browser, logged, sign_in, statements, words
from tests.cast import (
    OTHER_TOWNSHIP,
    PASSWORD,
    SINCE,
    TOWNSHIP,
    VILLAGE,
    Cast,
    everywhere,
    signed_in,
)
from tests.days import in_days, today

NEW = "/accounts/people/new/"
FILLED = {
    "name": "赵 玉兰",
    "phone": "139 0000-2222",
    "role": "village_clerk",
    "place": "魏家桥镇 长冲口村",
    "username": "",
}


def page_of(post: Post, action: str = "") -> str:
    """Return the address of an account's page or of an action on it."""
    return f"/accounts/people/{post.user_id}/{action}"


@pytest.fixture
def lead(cast: Cast) -> Client:
    """Return the browser of the township's lead."""
    return signed_in(cast.township_lead)


def open_account(client: Client, **changes: str) -> Any:
    """Send the form of a new account."""
    return client.post(NEW, FILLED | changes)


# -- opening ----------------------------------------------------------------------


def test_a_new_account_can_sign_in_with_the_password_shown_once(
    cast: Cast, lead: Client
) -> None:
    answer = open_account(lead)
    password = answer.context["password"]

    assert answer.status_code == 200
    assert re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", password)
    assert password in words(answer)
    user = User.objects.get(username="zhaoyulan")
    assert (user.name, user.phone_index) == ("赵玉兰", blind_index("13900002222"))
    assert password not in words(lead.get(user.get_absolute_url()))
    client = browser("13900002222", password)
    assert client.get("/")["Location"].startswith("/accounts/password/")


def test_a_new_account_is_logged_row_by_row(cast: Cast, lead: Client) -> None:
    open_account(lead)
    opened, granted = logged(Action.ACCOUNT_OPENED)[0], logged(Action.POST_GRANTED)[0]
    assert (opened.subject, opened.region_id) == ("赵玉兰（zhaoyulan）", VILLAGE)
    assert opened.user_id == granted.user_id == cast.township_lead.user_id
    assert opened.address == "127.0.0.1"
    with everywhere():
        post = Post.objects.get(user__username="zhaoyulan")
        assert (post.granted_by_id, post.started_on) == (
            cast.township_lead.user_id,
            today(),
        )
        rows = RowChange.objects.filter(table="accounts_post", row=str(post.pk))
        assert [row.user for row in rows] == [cast.township_lead.user_id]


def test_the_same_name_again_gets_a_numbered_user_name(
    cast: Cast, lead: Client
) -> None:
    open_account(lead)
    open_account(lead, phone="")
    assert User.objects.filter(username="zhaoyulan2").exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": ""}, "请填姓名。"),
        ({"name": "赵"}, "姓名至少要两个字"),
        (
            {"phone": "1390000222"},
            "手机号要 11 位数字、以 1 开头，现在是“1390000222”（10 位）",
        ),
        ({"role": ""}, "请选一个角色。"),
        ({"role": "township_lead"}, "您的职务不能任命这个角色"),
        ({"role": "city_lead"}, "您的职务不能任命这个角色"),
        ({"place": ""}, "请选任职的地方。"),
        ({"place": "界岭镇"}, "您管理的范围内没有“界岭镇”"),
        ({"place": str(OTHER_TOWNSHIP)}, f"您管理的范围内没有“{OTHER_TOWNSHIP}”"),
        ({"place": "长冲"}, "是不是：魏家桥镇 长冲口村"),
        ({"place": "魏家桥镇"}, "“村（社区）文书”要任在村（社区）一级"),
        ({"username": "13900001111"}, "用户名要以字母开头"),
        ({"username": "a b"}, "用户名要以字母开头"),
        ({"username": "clerk"}, "用户名或手机号已被使用"),
    ],
)
def test_what_is_wrong_is_said_and_the_form_is_kept(
    cast: Cast, lead: Client, changes: dict[str, str], why: str
) -> None:
    answer = open_account(lead, **changes)
    assert answer.status_code == 422
    assert why in words(answer)
    kept = FILLED | changes
    assert f'value="{kept["phone"]}"' in answer.content.decode()
    assert not User.objects.filter(name="赵玉兰").exists()


def test_a_taken_phone_tells_nothing_of_who_has_it(cast: Cast, lead: Client) -> None:
    User.objects.filter(pk=cast.other_secretary.user_id).update(
        phone_index=blind_index("13900002222")
    )
    answer = open_account(lead)
    assert "用户名或手机号已被使用" in words(answer)
    assert cast.other_secretary.user.name not in words(answer)


def test_the_only_place_is_filled_in(cast: Cast) -> None:
    page = signed_in(cast.secretary).get(NEW)
    assert 'value="魏家桥镇 长冲口村"' in page.content.decode()
    roles = [value for value, _ in page.context["form"].fields["role"].choices]
    assert roles == ["village_clerk"]
    assert "代表名册里开通" in words(page)


@pytest.mark.parametrize("part", ["city_staff", "auditor", "clerk", "representative"])
def test_opening_accounts_is_for_those_who_hold_that_right(
    cast: Cast, part: str
) -> None:
    client = signed_in(getattr(cast, part))
    assert client.get(NEW).status_code == 403
    assert open_account(client).status_code == 403


# -- one account ---------------------------------------------------------------------


def test_an_account_outside_ones_range_does_not_exist(cast: Cast, lead: Client) -> None:
    actions = (
        "",
        "posts/new/",
        "password/",
        "close/",
        "second-factor/",
        f"posts/{cast.other_secretary.pk}/end/",
    )
    for action in actions:
        assert lead.get(page_of(cast.other_secretary, action)).status_code == 404
        assert lead.get(f"/accounts/people/{10**9}/{action}").status_code == 404
        if action:
            sent = lead.post(page_of(cast.other_secretary, action))
            assert sent.status_code == 404


def test_a_colleagues_account_is_shown_but_not_managed(
    cast: Cast, lead: Client
) -> None:
    with everywhere():
        colleague = Post.objects.create(
            user=User.objects.create(username="colleague", name="同事"),
            role="township_lead",
            region_id=TOWNSHIP,
            started_on=SINCE,
        )
    page = lead.get(page_of(colleague))
    assert "归上一级管理" in words(page)
    assert "重置密码" not in words(page)
    for action in ("password/", "close/", "reopen/", "unlock/"):
        assert lead.post(page_of(colleague, action)).status_code == 403
    assert len(logged(Action.REFUSED)) == 4
    colleague.user.refresh_from_db()
    assert colleague.user.is_active


def test_who_has_a_post_elsewhere_is_managed_only_by_who_is_over_both(
    cast: Cast,
) -> None:
    with everywhere():
        Post.objects.create(
            user=cast.clerk.user,
            role="township_staff",
            region_id=OTHER_TOWNSHIP,
            started_on=SINCE,
        )
    for part in ("secretary", "township_lead"):
        client = signed_in(getattr(cast, part))
        assert "界岭镇" not in words(client.get(page_of(cast.clerk)))
        assert client.post(page_of(cast.clerk, "password/")).status_code == 403
    city = signed_in(cast.city_lead)
    assert city.post(page_of(cast.clerk, "password/")).status_code == 200


def test_nobody_manages_himself(cast: Cast, lead: Client) -> None:
    page = lead.get(page_of(cast.township_lead))
    assert "这是您自己的账号" in words(page)
    for action in ("password/", "close/", "unlock/", "posts/new/"):
        assert lead.post(page_of(cast.township_lead, action)).status_code == 403
    own = page_of(cast.township_lead, f"posts/{cast.township_lead.pk}/end/")
    assert lead.post(own).status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_posts(
    cast: Cast, lead: Client
) -> None:
    few = statements(lead, page_of(cast.clerk))
    with everywhere():
        for year in range(2010, 2018):
            Post.objects.create(
                user=cast.clerk.user,
                role="village_clerk",
                region_id=VILLAGE,
                started_on=dt.date(year, 1, 1),
                ended_on=dt.date(year, 12, 31),
                granted_by=cast.secretary.user,
                ended_by=cast.secretary.user,
            )
    assert statements(lead, page_of(cast.clerk)) == few


# -- posts -------------------------------------------------------------------------


def grant(client: Client, post: Post, **changes: str) -> Any:
    """Send the form of a further post."""
    day = today().isoformat()
    filled = {"role": "village_clerk", "place": "长冲口村", "on": day}
    return client.post(page_of(post, "posts/new/"), filled | changes)


def test_a_post_is_granted_from_a_day_on(cast: Cast, lead: Client) -> None:
    day = in_days(30)
    answer = grant(lead, cast.sibling_secretary, on=day.isoformat())
    assert answer["Location"] == page_of(cast.sibling_secretary)

    page = lead.get(page_of(cast.sibling_secretary))
    assert "还没到任" in words(page)
    assert f"{day} 起" in words(page)
    with everywhere():
        post = Post.objects.get(user=cast.sibling_secretary.user, role="village_clerk")
    assert (post.started_on, post.granted_by_id) == (day, cast.township_lead.user_id)
    assert logged(Action.POST_GRANTED)[-1].region_id == VILLAGE


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"on": "2020-01-01"}, "不能早于今天"),
        ({"on": "2099-01-01"}, "不能晚于一年以后"),
        ({"on": "明天"}, "日期要写成 2026-11-23 的样子"),
        ({"role": "city_staff"}, "您的职务不能任命这个角色"),
        ({"place": "界岭镇"}, "您管理的范围内没有"),
    ],
)
def test_a_post_that_may_not_be_granted_is_refused_in_words(
    cast: Cast, lead: Client, changes: dict[str, str], why: str
) -> None:
    answer = grant(lead, cast.sibling_secretary, **changes)
    assert answer.status_code == 422
    assert why in words(answer)


def test_the_same_post_twice_is_refused(cast: Cast, lead: Client) -> None:
    answer = grant(lead, cast.clerk)
    assert "已经担任这个职务" in words(answer)


def test_ending_a_post_is_asked_first_then_done_and_logged(
    cast: Cast, lead: Client
) -> None:
    ending = page_of(cast.clerk, f"posts/{cast.clerk.pk}/end/")
    asked = lead.get(ending)
    assert "免去clerk先生的职务？" in words(asked)

    holder = signed_in(cast.clerk)
    assert holder.get(f"/d/{VILLAGE}/").status_code == 200
    answer = lead.post(ending, follow=True)
    assert "已免去" in words(answer)
    assert holder.get(f"/d/{VILLAGE}/").status_code == 403
    with everywhere():
        post = Post.objects.get(pk=cast.clerk.pk)
    assert (post.ended_on, post.ended_by_id) == (
        today(),
        cast.township_lead.user_id,
    )
    (line,) = logged(Action.POST_ENDED)
    assert line.region_id == VILLAGE
    again = lead.post(ending, follow=True)
    assert "这个职务已经免去" in words(again)


def test_a_post_that_is_ended_before_it_begins_is_over_at_once(
    cast: Cast, lead: Client
) -> None:
    elsewhere = str(cast.sibling_secretary.region_id)
    grant(lead, cast.clerk, place=elsewhere, on=in_days(30).isoformat())
    with everywhere():
        post = Post.objects.get(user=cast.clerk.user, granted_by__isnull=False)
    lead.post(page_of(cast.clerk, f"posts/{post.pk}/end/"))

    page = lead.get(page_of(cast.clerk))
    assert {row.post.pk: row.state for row in page.context["held"]} == {
        post.pk: "已免去",
        cast.clerk.pk: "在任",
    }
    listed = lead.get("/accounts/people/?q=clerk").context["rows"]
    assert [one.pk for one in listed[0].posts] == [cast.clerk.pk]
    reset = signed_in(cast.secretary).post(page_of(cast.clerk, "password/"))
    assert reset.status_code == 200, "whoever is over what is left manages him again"


# -- passwords, locks, closing --------------------------------------------------------


def test_a_reset_password_is_shown_once_and_signs_the_person_out(
    cast: Cast, lead: Client
) -> None:
    holder = browser("clerk")
    assert "重置clerk先生的密码？" in words(lead.get(page_of(cast.clerk, "password/")))
    answer = lead.post(page_of(cast.clerk, "password/"))
    password = answer.context["password"]

    assert holder.get("/").status_code == 302
    assert sign_in(Client(), "clerk", PASSWORD).status_code == 422
    assert (
        browser("clerk", password)
        .get("/")["Location"]
        .startswith("/accounts/password/")
    )
    (line,) = logged(Action.PASSWORD_RESET)
    assert (line.user_id, line.region_id) == (cast.township_lead.user_id, VILLAGE)


def test_the_level_above_unlocks_and_only_it(cast: Cast, lead: Client) -> None:
    own = browser("secretary")
    for _ in range(5):
        sign_in(Client(), "secretary", "wrong-password")
    page = lead.get(page_of(cast.secretary))
    assert "再过 20 分钟自动解锁" in words(page)

    for part in ("sibling_secretary", "other_lead"):
        client = signed_in(getattr(cast, part))
        assert client.post(page_of(cast.secretary, "unlock/")).status_code == 404
    assert own.post(page_of(cast.secretary, "unlock/")).status_code == 403
    assert sign_in(Client(), "secretary").status_code == 429

    answer = lead.post(page_of(cast.secretary, "unlock/"), follow=True)
    assert "已解锁" in words(answer)
    assert sign_in(Client(), "secretary").status_code == 302
    (line,) = logged(Action.UNLOCKED)
    assert (line.user_id, line.region_id) == (cast.township_lead.user_id, VILLAGE)


def test_a_new_initial_password_ends_a_lock(cast: Cast, lead: Client) -> None:
    for _ in range(5):
        sign_in(Client(), "secretary", "wrong-password")
    page = lead.post(page_of(cast.secretary, "password/"))
    fresh = page.context["password"]
    assert sign_in(Client(), "secretary", fresh).status_code == 302
    assert "马上解锁" not in words(lead.get(page_of(cast.secretary)))


def test_unlocking_is_offered_only_while_locked(cast: Cast, lead: Client) -> None:
    assert "马上解锁" not in words(lead.get(page_of(cast.secretary)))


def test_a_closed_account_is_signed_out_until_it_is_opened_again(
    cast: Cast, lead: Client
) -> None:
    holder = browser("clerk")
    assert "停用clerk先生的账号？" in words(lead.get(page_of(cast.clerk, "close/")))
    lead.post(page_of(cast.clerk, "close/"))
    assert holder.get("/").status_code == 302
    assert sign_in(Client(), "clerk").status_code == 422
    page = lead.get(page_of(cast.clerk))
    assert "账号已停用" in words(page)

    lead.post(page_of(cast.clerk, "reopen/"))
    assert sign_in(Client(), "clerk").status_code == 302
    closed, opened = logged(Action.ACCOUNT_CLOSED), logged(Action.ACCOUNT_OPENED)
    assert [line.region_id for line in closed + opened] == [VILLAGE, VILLAGE]


@pytest.mark.parametrize("action", ["reopen/", "unlock/"])
def test_a_link_changes_nothing(cast: Cast, lead: Client, action: str) -> None:
    assert lead.get(page_of(cast.clerk, action)).status_code == 405


# -- correcting -------------------------------------------------------------------


def test_who_has_another_phone_signs_in_by_the_new_one(
    cast: Cast, lead: Client
) -> None:
    clerk = cast.clerk.user
    User.objects.filter(pk=clerk.pk).update(phone_index=blind_index("13900003333"))
    assert clerk.name in words(lead.get(page_of(cast.clerk, "edit/")))

    sent = {"name": "申 新秀", "phone": "139-0000-4444"}
    answer = lead.post(page_of(cast.clerk, "edit/"), sent)

    assert answer["Location"] == page_of(cast.clerk)
    known = User.objects.get(pk=clerk.pk)
    assert (known.name, known.username) == ("申新秀", clerk.username)
    assert User.objects.by_login("13900004444") == known
    assert User.objects.by_login("13900003333") is None
    [entry] = logged(Action.ACCOUNT_CORRECTED)
    assert entry.user == cast.township_lead.user
    assert entry.reason == f"姓名：{clerk.name} → 申新秀，手机号"
    assert "4444" not in entry.subject + entry.reason


def test_phone_that_is_not_said_stays_and_one_that_is_taken_is_refused(
    cast: Cast, lead: Client
) -> None:
    index = blind_index("13900003333")
    User.objects.filter(pk=cast.clerk.user_id).update(phone_index=index)
    other = blind_index("13900005555")
    User.objects.filter(pk=cast.secretary.user_id).update(phone_index=other)

    kept = lead.post(page_of(cast.clerk, "edit/"), {"name": "申新秀", "phone": ""})
    taken = {"name": "申新", "phone": "13900005555"}
    refused = lead.post(page_of(cast.clerk, "edit/"), taken)
    short = lead.post(page_of(cast.clerk, "edit/"), {"name": "申新", "phone": "139"})

    assert kept.status_code == 302
    assert (refused.status_code, short.status_code) == (422, 422)
    assert "已被使用" in words(refused)
    assert 'value="13900005555"' in refused.content.decode()
    known = User.objects.get(pk=cast.clerk.user_id)
    assert (known.name, known.phone_index) == ("申新秀", index)


def test_nobody_corrects_who_is_not_below_him(cast: Cast, lead: Client) -> None:
    for post in (cast.township_lead, cast.city_lead, cast.other_staff):
        answer = lead.post(page_of(post, "edit/"), {"name": "某某", "phone": ""})
        assert answer.status_code in {403, 404}
        assert User.objects.get(pk=post.user_id).name != "某某"
