"""The list of accounts: who is in it, the filters, what it costs."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Post, User
from accounts.sealing import Sealed, blind_index
from regions.models import Region
from tests.accounts.pages import logged, sign_in, statements, words
from tests.cast import (
    OTHER_TOWNSHIP,
    SINCE,
    TOWNSHIP,
    VILLAGE,
    Cast,
    everywhere,
    signed_in,
)

PAGE = "/accounts/people/"


def names(client: Client, query: str = "") -> list[str]:
    """Return the user names in the list, in its order."""
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    return [row.person.username for row in page.context["rows"]]


@pytest.fixture
def lead(cast: Cast) -> Client:
    """Return the browser of the township's lead."""
    return signed_in(cast.township_lead)


def test_the_list_holds_the_people_of_ones_range_in_administrative_order(
    cast: Cast, lead: Client
) -> None:
    assert names(lead)[:2] == ["township_lead", "township_staff"]
    assert sorted(names(lead)) == sorted(
        [
            "township_lead",
            "township_staff",
            "secretary",
            "clerk",
            "representative",
            "sibling_secretary",
        ]
    )
    assert names(signed_in(cast.secretary)) == ["clerk", "representative", "secretary"]


def test_the_city_sees_everybody(cast: Cast) -> None:
    assert len(names(signed_in(cast.city_lead))) == len(list(cast))


@pytest.mark.parametrize(
    "part", ["auditor", "clerk", "representative", "township_staff", "system_admin"]
)
def test_the_list_is_for_those_who_may_see_accounts(cast: Cast, part: str) -> None:
    client = signed_in(getattr(cast, part))
    assert client.get(PAGE).status_code == 403
    (line,) = logged()
    assert (line.action, line.path) == ("refused", PAGE)


def test_ones_own_post_elsewhere_does_not_widen_the_list(cast: Cast) -> None:
    with everywhere():
        Post.objects.create(
            user=cast.township_lead.user,
            role="township_staff",
            region_id=OTHER_TOWNSHIP,
            started_on=SINCE,
        )
    page = signed_in(cast.township_lead).get(PAGE)
    assert "界岭镇" not in words(page)


def test_a_person_with_two_posts_is_listed_once_with_both(
    cast: Cast, lead: Client
) -> None:
    with everywhere():
        Post.objects.create(
            user=cast.secretary.user,
            role="township_staff",
            region_id=TOWNSHIP,
            started_on=SINCE,
        )
    page = lead.get(PAGE)
    (row,) = [r for r in page.context["rows"] if r.person.username == "secretary"]
    assert [post.role for post in row.posts] == ["township_staff", "village_secretary"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=village_secretary", ["sibling_secretary", "secretary"]),
        ("level=township", ["township_lead", "township_staff"]),
        ("place=魏家桥镇 长冲口村", ["clerk", "representative", "secretary"]),
        ("place=长冲口村&role=village_clerk", ["clerk"]),
        ("place=430582113219&q=secret", ["secretary"]),
        ("q=SIBLING", ["sibling_secretary"]),
        ("q=clerk先生", ["clerk"]),
        ("q=13800001111", ["clerk"]),
        ("q=138-0000-1111", ["clerk"]),
        ("q=1380000", []),
        ("status=closed", []),
    ],
)
def test_the_filters_narrow_the_list(
    cast: Cast, lead: Client, query: str, found: list[str]
) -> None:
    User.objects.filter(pk=cast.clerk.user_id).update(
        phone=Sealed.of("13800001111", "phone"),
        phone_index=blind_index("13800001111"),
    )
    assert sorted(names(lead, query)) == sorted(found)


def test_a_filter_that_means_no_place_is_explained_beside_its_field(
    cast: Cast, lead: Client
) -> None:
    page = lead.get(f"{PAGE}?place=界岭镇")
    assert "您管理的范围内没有“界岭镇”" in words(page)
    assert page.context["rows"] == []


def test_the_status_finds_closed_left_and_unused_accounts(
    cast: Cast, lead: Client
) -> None:
    User.objects.filter(pk=cast.clerk.user_id).update(is_active=False)
    User.objects.filter(pk=cast.sibling_secretary.user_id).update(
        must_change_password=True
    )
    with everywhere():
        Post.objects.filter(pk=cast.representative.pk).update(
            ended_on=SINCE + dt.timedelta(days=9), ended_by=cast.secretary.user
        )
    assert names(lead, "status=closed") == ["clerk"]
    assert names(lead, "status=unused") == ["sibling_secretary"]
    assert names(lead, "status=left") == ["representative"]
    assert "representative" not in names(lead)
    assert "representative" in names(lead, "status=all")
    assert "已离任" in words(lead.get(f"{PAGE}?status=left"))
    User.objects.filter(pk=cast.representative.user_id).update(is_active=False)
    assert names(lead, "status=closed") == ["clerk", "representative"]


def test_a_locked_account_is_announced_and_found(cast: Cast, lead: Client) -> None:
    assert "账号被锁定" not in words(lead.get(PAGE))
    for _ in range(5):
        sign_in(Client(), "clerk", "wrong-password")
    sign_in(Client(), "secretary", "wrong-password")

    assert "有 1 个账号被锁定" in words(lead.get(PAGE))
    assert names(lead, "status=locked") == ["clerk"]
    assert "被锁定" not in words(signed_in(cast.other_lead).get(PAGE))


def test_a_phone_is_never_shown_whole(cast: Cast, lead: Client) -> None:
    User.objects.filter(pk=cast.clerk.user_id).update(
        phone=Sealed.of("13800001111", "phone")
    )
    page = lead.get(f"{PAGE}{cast.clerk.user_id}/")
    assert "138****1111" in words(page)
    assert "13800001111" not in page.content.decode()


def people(count: int) -> None:
    """Fill the village with representatives."""
    village = Region.objects.get(code=VILLAGE)
    with everywhere():
        for number in range(count):
            user = User.objects.create(username=f"rep{number:03d}", name="张三")
            Post.objects.create(
                user=user, role="representative", region=village, started_on=SINCE
            )


def test_the_number_of_statements_does_not_grow_with_the_people(
    cast: Cast, lead: Client
) -> None:
    few = statements(lead, PAGE)
    people(30)
    assert statements(lead, PAGE) == few


def test_the_list_comes_in_pages_that_keep_the_filters(
    cast: Cast, lead: Client
) -> None:
    people(120)
    page = lead.get(f"{PAGE}?role=representative&page=2")
    assert "第 2 / 3 页，共 121 人" in words(page)
    assert "?role=representative&amp;page=3" in page.content.decode()
    assert len(page.context["rows"]) == 50


def test_a_search_that_finds_nobody_says_what_to_do(cast: Cast, lead: Client) -> None:
    page = lead.get(f"{PAGE}?q=没有这个人")
    assert "没有符合的账号" in words(page)
    assert "去掉所有条件" in words(page)
