"""Where each person begins: the right page, the right range, the right figures."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Post, User
from regions.models import Region, VillagerGroup
from reports.overview import Line, overview
from tests.accounts.pages import sign_in, statements, words
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    SINCE,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    everywhere,
    sibling_code,
    signed_in,
)


def figures(page: Any) -> dict[str, str | None]:
    """Return the strip of a page by its labels."""
    return {kpi.label: kpi.value for kpi in page.context["kpis"]}


def line(client: Client, page: str, code: int) -> Line:
    """Return the line of a division on a page."""
    seen = client.get(page).context["seen"]
    return next(one for one in seen.lines if one.place.code == code)


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


def test_the_figures_of_the_city_are_those_of_its_townships(cast: Cast) -> None:
    page = signed_in(cast.city_lead).get("/")
    seen = page.context["seen"]

    assert figures(page) == {
        "乡镇（街道）": "25",
        "村（社区）": "580",
        "已开通的乡镇": "2",
        "有书记账号的村": "3",
        "代表账号": "1",
        "在任人员": "13",
    }
    assert sum(one.villages for one in seen.lines) == seen.total.villages == 580
    assert sum(one.secretaries for one in seen.lines) == seen.total.secretaries == 3
    assert sum(one.staff for one in seen.lines) == seen.total.staff == 4


def test_a_closed_account_and_an_ended_post_do_not_count(cast: Cast) -> None:
    lead = signed_in(cast.township_lead)
    assert figures(lead.get("/"))["在任人员"] == "6"
    User.objects.filter(pk=cast.sibling_secretary.user_id).update(is_active=False)
    with everywhere():
        Post.objects.filter(pk=cast.clerk.pk).update(
            ended_on=SINCE + dt.timedelta(days=1), ended_by=cast.secretary.user
        )
    page = lead.get("/")
    assert figures(page)["在任人员"] == "4"
    assert figures(page)["有书记账号的村"] == "1"
    assert line(lead, "/", VILLAGE).clerks == 0


def test_exceptions_come_first_then_the_administrative_order(cast: Cast) -> None:
    lines = signed_in(cast.city_lead).get("/").context["seen"].lines
    assert [one.tone for one in lines] == ["bad"] * 23 + ["warn"] * 2
    for tone in ("bad", "warn"):
        codes = [one.place.code for one in lines if one.tone == tone]
        assert codes == sorted(codes)


def test_the_lights_of_villages_follow_the_rule_under_the_table(cast: Cast) -> None:
    lead = signed_in(cast.township_lead)
    assert line(lead, "/", VILLAGE).tone == "ok"
    assert line(lead, "/", sibling_code()).tone == "warn"
    tones = {one.tone for one in lead.get("/").context["seen"].lines}
    assert tones == {"ok", "warn", "bad"}
    assert "预警：村（社区）还没有书记账号" in words(lead.get("/"))


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


def test_the_figures_lead_to_the_people_behind_them(cast: Cast) -> None:
    client = signed_in(cast.city_lead)
    kpis = {k.label: k for k in client.get(f"/d/{TOWNSHIP}/").context["kpis"]}
    for label in ("有书记账号的村", "代表账号", "在任人员", "本级人员"):
        found = client.get(kpis[label].url).context["page"].paginator.count
        assert str(found) == kpis[label].value
    assert not any(k.url for k in signed_in(cast.city_staff).get("/").context["kpis"])


def test_what_waits_is_shown_to_those_who_can_do_it(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "clerk", "wrong-password")
    User.objects.filter(pk=cast.representative.user_id).update(
        must_change_password=True
    )
    todos = signed_in(cast.township_lead).get("/").context["todos"]

    assert [(todo.count, todo.title) for todo in todos] == [
        (1, "被锁定的账号"),
        (19, "没有书记账号的村（社区）"),
        (1, "初始密码还没改的人"),
    ]
    assert [todo.primary for todo in todos] == [True, False, False]
    lead = signed_in(cast.township_lead)
    for todo in todos:
        assert lead.get(todo.url).status_code == 200
    assert signed_in(cast.township_staff).get("/").context["todos"] == ()


def test_a_village_shows_who_serves_there(cast: Cast) -> None:
    with everywhere():
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    page = signed_in(cast.secretary).get("/")
    names = [post.user.username for post in page.context["serving"]]
    assert names == ["secretary", "clerk", "representative"]
    assert figures(page) == {
        "书记": "1",
        "文书": "1",
        "代表": "1",
        "村（居）民小组": "1",
    }
    assert f"/accounts/people/{cast.clerk.user_id}/" in page.content.decode()
    colleague = signed_in(cast.clerk).get("/")
    assert "/accounts/people/" not in colleague.content.decode()


def test_a_village_without_anybody_says_what_comes_next(cast: Cast) -> None:
    empty = Region.objects.filter(parent_id=TOWNSHIP).order_by("-code")
    code = next(r.code for r in empty if r.code not in {VILLAGE, sibling_code()})
    page = signed_in(cast.township_lead).get(f"/d/{code}/")
    assert "本村还没有开通账号" in words(page)


def test_an_ended_village_says_where_it_went(cast: Cast) -> None:
    ended = sibling_code()
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


def test_the_overview_asks_the_same_for_a_village_and_the_city(cast: Cast) -> None:
    costs = []
    for code in (CITY, TOWNSHIP, VILLAGE):
        place = Region.objects.get(code=code)
        with at(cast.city_lead), CaptureQueriesContext(connection) as asked:
            overview(place, timezone.localdate())
        costs.append(len(asked))
    assert len(set(costs)) == 1


def test_the_navigation_offers_what_the_post_may_open(cast: Cast) -> None:
    for post in cast:
        client = signed_in(post)
        page = client.get("/", follow=True)
        shell = page.context["shell"]
        links = [item.url for group in shell.nav for item in group.items]
        links += [item.url for item in (*shell.tabs, *shell.menu)]
        assert len(links) > 1
        for link in links:
            assert client.get(link, follow=True).status_code == 200, (post, link)


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
