"""The box in the top bar: whoever is named, and where, within one's range."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Post
from households.models import Household, Status
from reports.search.finds import SHOWN
from representatives.services import sealed_identity
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import today
from tests.rolls import ID_NUMBERS, Rolls, set_up_other, statements, text_of

SEARCH = "/search/"


def found(client: Client, typed: str) -> dict[str, list[str]]:
    """Return what the page lists, by kind, in its order."""
    page = client.get(SEARCH, {"q": typed})
    assert page.status_code == 200
    return {
        heap.title: [find.label for find in heap.finds]
        for heap in page.context["heaps"]
    }


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("周静霞", {"代表": ["周静霞"]}),
        ("静霞", {"代表": ["周静霞"]}),
        ("zjx", {"代表": ["周静霞"]}),
        ("无联系", {"联系户": ["无联系甲", "无联系乙"]}),
        ("wlxj", {"联系户": ["无联系甲"]}),
        ("长冲口", {"地方": ["长冲口村"]}),
        (str(VILLAGE), {"地方": ["长冲口村"]}),
        ("界岭", {}),
        ("没有这个人", {}),
        ("", {}),
        ("  \x00 ", {}),
        ("%", {}),
        ("13800001112", {}),
    ],
)
def test_people_and_places_are_found_as_their_lists_find_them(
    cast: Cast, rolls: Rolls, typed: str, wanted: dict[str, list[str]]
) -> None:
    assert found(signed_in(cast.township_staff), typed) == wanted


def test_a_whole_phone_or_id_number_finds_and_a_part_of_it_does_not(
    cast: Cast, rolls: Rolls
) -> None:

    with everywhere():
        sealed = sealed_identity(id_number=ID_NUMBERS[0])
        Household.objects.filter(head="无联系甲").update(**sealed)
    browser = signed_in(cast.secretary)
    assert found(browser, ID_NUMBERS[0]) == {"联系户": ["无联系甲"]}
    assert found(browser, ID_NUMBERS[0][:17]) == {}
    assert set(found(browser, "13800001111")) == {"代表"}


def test_nobody_outside_ones_range_is_found(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        other = set_up_other()
    name = "周静霞"
    mine, city = signed_in(cast.secretary), signed_in(cast.city_staff)
    assert found(mine, name) == {"代表": [name]}
    assert found(city, name) == {"代表": [name, name]}
    page = text_of(city.get(SEARCH, {"q": name}))
    assert rolls.village.full_name in page
    assert other.village.full_name in page


def test_a_village_is_not_told_about_places(cast: Cast, rolls: Rolls) -> None:
    page = signed_in(cast.clerk).get(SEARCH, {"q": "长冲口"})
    assert page.context["heaps"] == []
    assert "没有叫“长冲口”的户主、代表。" in text_of(page)


def test_each_line_says_where_and_how_it_stands(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        Household.objects.filter(head="无联系乙").update(
            status=Status.DISSOLVED, ended_on=today()
        )
    browser = signed_in(cast.township_staff)
    page = text_of(browser.get(SEARCH, {"q": "无联系"}))
    assert "无联系甲 联系户 魏家桥镇 长冲口村 3 组 没有联系人" in page
    assert "无联系乙 联系户 魏家桥镇 长冲口村 3 组 已销户" in page
    assert "赵家周3 联系户 魏家桥镇 长冲口村 3 组 周静霞联系" in text_of(
        browser.get(SEARCH, {"q": "赵家周"})
    )
    with everywhere():
        mandate = rolls.mandates["申秋云"]
        mandate.ended_on, mandate.end_cause = today(), "resigned"
        mandate.save()
    assert "赵家申2 联系户 魏家桥镇 长冲口村 2 组 申秋云联系，已不在任" in text_of(
        browser.get(SEARCH, {"q": "赵家申"})
    )
    assert "周静霞 代表 魏家桥镇 长冲口村 3 组 在任" in text_of(
        browser.get(SEARCH, {"q": "周静霞"})
    )


def test_who_is_called_exactly_so_stands_first(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        group = rolls.groups[3]
        for head in ("啊李四海", "李四"):
            Household.objects.create(
                region=rolls.village, group=group, head=head, members=1,
                initials="a" if head[0] == "啊" else "ls", registered_on=today(),
            )  # fmt: skip
    assert found(signed_in(cast.clerk), "李四") == {"联系户": ["李四", "啊李四海"]}


def test_a_shared_name_leads_to_its_whole_list(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.secretary)
    page = browser.get(SEARCH, {"q": "家张"})
    [heap] = page.context["heaps"]
    assert len(heap.finds) == SHOWN
    everyone = browser.get(heap.all_url)
    assert everyone.context["page"].paginator.count == 17
    assert all("家张" in row.head for row in everyone.context["rows"])


def test_nothing_found_offers_the_next_place_to_look(cast: Cast, rolls: Rolls) -> None:
    page = signed_in(cast.township_lead).get(SEARCH, {"q": "<b>停水</b>"})
    assert "没有叫“&lt;b&gt;停水&lt;/b&gt;”的户主、代表和地方。" in text_of(page)
    assert "/issues/?q=" in page.content.decode()
    assert "<b>停水" not in page.content.decode()


def test_the_cost_does_not_depend_on_what_is_found(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_lead)
    assert statements(browser, f"{SEARCH}?q=家") == statements(
        browser, f"{SEARCH}?q=赵家周3"
    )


@pytest.mark.parametrize(
    ("role", "has_box"),
    [
        ("city_staff", True),
        ("auditor", False),
        ("system_admin", False),
        ("township_lead", True),
        ("secretary", True),
        ("clerk", True),
    ],
)
def test_the_box_stands_on_every_page_of_whoever_may_open_what_it_finds(
    cast: Cast, role: str, *, has_box: bool
) -> None:
    post: Post = getattr(cast, role)
    page = signed_in(post).get(reverse("accounts:me")).content.decode()
    assert ('action="/search/"' in page) is has_box


def test_places_lie_in_ones_own_range(cast: Cast) -> None:
    browser = signed_in(cast.township_lead)
    page = browser.get(SEARCH, {"q": "联合村"})
    codes = [
        int(find.url.split("/")[2])
        for heap in page.context["heaps"]
        for find in heap.finds
    ]
    assert all(code // 1000 == TOWNSHIP // 1000 for code in codes)
    assert found(browser, str(OTHER_TOWNSHIP)) == {}
