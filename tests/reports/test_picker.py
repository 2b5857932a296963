"""Choosing a place: in one's range, by name or code, with and without a script."""

import pytest
from django.test import Client

from tests.accounts.pages import statements, words
from tests.cast import TOWNSHIP, VILLAGE, Cast, signed_in


def labels(client: Client, typed: str = "") -> list[str]:
    """Return the places that the page lists."""
    page = client.get("/places/", {"q": typed})
    return [place.label for place in page.context["places"]]


def test_without_a_word_the_divisions_next_below_are_listed(cast: Cast) -> None:
    assert labels(signed_in(cast.city_lead))[:2] == ["邵东市", "大禾塘街道"]
    assert len(labels(signed_in(cast.city_lead))) == 26
    assert len(labels(signed_in(cast.township_lead))) == 22
    assert labels(signed_in(cast.secretary)) == ["魏家桥镇 长冲口村"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("长冲口", ["魏家桥镇 长冲口村"]),
        ("魏家桥 长冲", ["魏家桥镇 长冲口村"]),
        (str(VILLAGE), ["魏家桥镇 长冲口村"]),
        ("界岭", []),
        ("没有这里", []),
    ],
)
def test_places_are_found_by_name_or_code_within_ones_range(
    cast: Cast, typed: str, found: list[str]
) -> None:
    assert labels(signed_in(cast.township_lead), typed) == found


def test_names_that_repeat_carry_their_township(cast: Cast) -> None:
    found = labels(signed_in(cast.city_lead), "联合村")
    assert len(found) == 3
    assert all(label.endswith("联合村") and " " in label for label in found)


def test_a_long_list_says_how_many_are_left_out(cast: Cast) -> None:
    page = signed_in(cast.city_lead).get("/places/", {"q": "村"})
    assert len(page.context["places"]) == 30
    assert f"还有 {page.context['more']} 个" in words(page)


def test_htmx_gets_the_list_alone(cast: Cast) -> None:
    client = signed_in(cast.township_lead)
    part = client.get("/places/", {"q": "长冲口"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert f'href="/d/{VILLAGE}/"' in part.content.decode()


def test_nothing_found_says_so(cast: Cast) -> None:
    page = signed_in(cast.township_lead).get("/places/", {"q": "<b>界岭</b>"})
    assert "没有叫这个名字的地方" in words(page)
    assert "<b>界岭" not in page.content.decode()


def test_the_cost_does_not_depend_on_what_is_found(cast: Cast) -> None:
    client = signed_in(cast.city_lead)
    assert statements(client, "/places/?q=长冲口") == statements(
        client, "/places/?q=村"
    )


def test_the_last_crumb_opens_the_picker(cast: Cast) -> None:
    html = signed_in(cast.township_lead).get(f"/d/{VILLAGE}/").content.decode()
    assert 'hx-get="/places/"' in html
    assert f'href="/d/{TOWNSHIP}/"' in html
