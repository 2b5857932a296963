"""Where each person begins: the right page, the right range, the right figures."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Post, User
from regions.models import Region
from tests.accounts.pages import sign_in, statements, words
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    SINCE,
    TOWNSHIP,
    VILLAGE,
    Cast,
    everywhere,
    sibling_code,
    signed_in,
)
from tests.days import tomorrow


def piles(page: Any) -> list[tuple[int, str]]:
    """Return what waits on a page: how many, and what."""
    return [(todo.count, todo.title) for todo in page.context["board"].todos]


@pytest.mark.parametrize(
    ("part", "heading"),
    [
        ("city_lead", "邵东市工作台"),
        ("city_staff", "邵东市工作台"),
        ("township_lead", "魏家桥镇工作台"),
        ("township_staff", "魏家桥镇工作台"),
        ("secretary", "长冲口村工作台"),
        ("clerk", "长冲口村工作台"),
    ],
)
def test_everybody_begins_where_the_post_stands(
    cast: Cast, part: str, heading: str
) -> None:
    page = signed_in(getattr(cast, part)).get("/")
    assert page.status_code == 200
    assert f"{heading} " in words(page)


@pytest.mark.parametrize(
    ("part", "reached"),
    [("auditor", "/accounts/audit/"), ("system_admin", "/system/")],
)
def test_posts_without_an_overview_begin_at_their_own_work(
    cast: Cast, part: str, reached: str
) -> None:
    client = signed_in(getattr(cast, part))
    assert client.get("/")["Location"] == reached
    assert client.get(reached).status_code == 200
    assert client.get(f"/d/{CITY}/").status_code == 403
    assert 'href="/d/' not in client.get(reached).content.decode()


@pytest.mark.parametrize("code", [OTHER_TOWNSHIP, CITY, 999, 10**30])
def test_a_place_outside_ones_range_does_not_exist(cast: Cast, code: int) -> None:
    for part in ("township_lead", "secretary", "representative"):
        assert signed_in(getattr(cast, part)).get(f"/d/{code}/").status_code == 404


def test_a_sibling_village_does_not_exist_for_a_village(cast: Cast) -> None:
    assert signed_in(cast.secretary).get(f"/d/{sibling_code()}/").status_code == 404
    assert signed_in(cast.secretary).get(f"/d/{TOWNSHIP}/").status_code == 404
    assert signed_in(cast.township_lead).get(f"/d/{sibling_code()}/").status_code == 200


def test_missing_accounts_wait_for_those_who_can_open_them(cast: Cast) -> None:
    assert piles(signed_in(cast.city_lead).get("/")) == [
        (23, "没有负责人账号的乡镇（街道）"),
        (577, "没有书记账号的村（社区）"),
    ]
    assert piles(signed_in(cast.city_staff).get("/")) == []


def test_a_closed_account_and_an_ended_post_are_missed(cast: Cast) -> None:
    lead = signed_in(cast.township_lead)
    before = {title: n for n, title in piles(lead.get("/"))}
    User.objects.filter(pk=cast.sibling_secretary.user_id).update(is_active=False)
    with everywhere():
        Post.objects.filter(pk=cast.secretary.pk).update(
            ended_on=SINCE + dt.timedelta(days=1), ended_by=cast.township_lead.user
        )
    after = {title: n for n, title in piles(lead.get("/"))}
    missing = "没有书记账号的村（社区）"
    assert after[missing] == before[missing] + 2


def test_nothing_about_accounts_is_said_where_nothing_is_missing(cast: Cast) -> None:
    assert piles(signed_in(cast.secretary).get("/")) == []
    assert "账号的村" not in words(signed_in(cast.secretary).get("/"))


def test_the_drill_down_leads_from_the_city_to_a_village(cast: Cast) -> None:
    client = signed_in(cast.city_lead)
    assert f'href="/d/{TOWNSHIP}/"' in client.get("/").content.decode()
    township = client.get(f"/d/{TOWNSHIP}/").content.decode()
    assert f'href="/d/{VILLAGE}/"' in township
    village = client.get(f"/d/{VILLAGE}/").content.decode()
    assert f'href="/d/{CITY}/"' in village
    assert f'href="/d/{TOWNSHIP}/"' in village


def test_levels_above_ones_post_are_text(cast: Cast) -> None:
    html = signed_in(cast.secretary).get("/").content.decode()
    assert f'href="/d/{CITY}/"' not in html
    assert "邵东市" in html


def test_what_waits_is_shown_to_those_who_can_do_it(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "clerk", "wrong-password")
    User.objects.filter(pk=cast.representative.user_id).update(
        must_change_password=True
    )
    todos = signed_in(cast.township_lead).get("/").context["board"].todos

    assert [(todo.count, todo.title) for todo in todos] == [
        (1, "被锁定的账号"),
        (19, "没有书记账号的村（社区）"),
        (1, "初始密码还没改的人"),
    ]
    assert [todo.primary for todo in todos] == [True, False, False]
    lead = signed_in(cast.township_lead)
    for todo in todos:
        assert lead.get(todo.url).status_code == 200
    assert signed_in(cast.township_staff).get("/").context["board"].todos == ()


def test_what_waits_of_accounts_counts_what_its_list_shows(cast: Cast) -> None:
    """A post may begin tomorrow; an account may be closed while it is locked."""
    for part in ("clerk", "secretary"):
        for _ in range(5):
            sign_in(Client(), part, "wrong-password")
    User.objects.filter(pk=cast.secretary.user_id).update(is_active=False)
    User.objects.filter(pk=cast.clerk.user_id).update(must_change_password=True)
    with everywhere():
        Post.objects.filter(pk=cast.clerk.pk).update(started_on=tomorrow())
    lead = signed_in(cast.township_lead)
    todos = {todo.title: todo for todo in lead.get("/").context["board"].todos}
    for title in ("被锁定的账号", "初始密码还没改的人"):
        page = lead.get(todos[title].url)
        assert todos[title].count == 1
        assert [row.person.username for row in page.context["rows"]] == ["clerk"]
    assert lead.get("/accounts/people/").context["locked"] == 1


def test_a_village_names_who_keeps_its_books(cast: Cast) -> None:
    page = signed_in(cast.township_lead).get(f"/d/{VILLAGE}/")
    names = [post.user.username for post in page.context["keepers"]]
    assert names == ["secretary", "clerk"]


def test_a_village_without_households_says_what_comes_next(cast: Cast) -> None:
    page = signed_in(cast.township_lead).get(f"/d/{sibling_code()}/")
    assert "名册上还没有联系户" in words(page)
    assert "还没有要走访的户" in words(page)


def test_an_ended_village_says_where_it_went(cast: Cast) -> None:
    ended = sibling_code()
    with everywhere():
        Region.objects.filter(code=ended).update(
            ended_on=dt.date(2026, 6, 1), successor_id=VILLAGE
        )
    page = signed_in(cast.township_lead).get(f"/d/{ended}/")
    assert "2026-06-01 撤销，并入魏家桥镇 长冲口村" in words(page)


def test_a_representative_begins_on_a_page_of_the_phone(cast: Cast) -> None:
    html = signed_in(cast.representative).get("/", follow=True).content.decode()
    assert '<body class="phone"' in html
    assert len(html.encode()) < 25_000


@pytest.mark.parametrize("where", ["/", f"/d/{TOWNSHIP}/", f"/d/{VILLAGE}/"])
def test_the_number_of_statements_does_not_grow_with_the_people(
    cast: Cast, where: str
) -> None:
    client = signed_in(cast.city_lead)
    few = statements(client, where)
    with everywhere():
        for number in range(20):
            user = User.objects.create(username=f"rep{number}", name="张三")
            Post.objects.create(
                user=user,
                role="representative",
                region_id=VILLAGE,
                started_on=SINCE,
            )
    assert statements(client, where) == few


def test_the_navigation_offers_what_the_post_may_open(cast: Cast) -> None:
    """Each page is opened by the first who is offered it; `tests.policy` asks for all."""
    opened = set()
    for post in cast:
        client = signed_in(post)
        page = client.get("/", follow=True)
        shell = page.context["shell"]
        links = [item.url for group in shell.nav for item in group.items]
        links += [item.url for item in (*shell.tabs, *shell.menu)]
        assert len(links) > 1
        for link in set(links) - opened:
            assert client.get(link, follow=True).status_code == 200, (post, link)
        opened |= set(links)


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (f"/d/{VILLAGE}/", "工作台"),
        ("/accounts/people/new/", "账号"),
        ("/", "工作台"),
    ],
)
def test_the_navigation_marks_where_one_is(cast: Cast, page: str, label: str) -> None:
    shell = signed_in(cast.township_lead).get(page).context["shell"]
    current = [i.label for group in shell.nav for i in group.items if i.current]
    assert current == [label]
