"""Signing in, each in his own place, without Redis."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW, PHONE, WIDE, Visit, look, sign_in

PEOPLE = {
    "city": "邵东市",
    "township": "魏家桥镇",
    "village": "长冲口村",
    "outsider": "界岭镇",
}
VILLAGE_PAGE = "/d/430582113219/"


@pytest.mark.parametrize(("who", "place"), PEOPLE.items())
def test_each_signs_in_to_his_own_place(visit: Visit, who: str, place: str) -> None:
    page = visit()
    sign_in(page, who)

    expect(page.get_by_role("heading", level=1)).to_contain_text(place)
    look(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(page)


def test_an_outsider_finds_no_page_of_another_township(visit: Visit) -> None:
    page = visit("outsider")

    answer = page.goto(VILLAGE_PAGE)

    assert answer
    assert answer.status == 404
    assert "长冲口村" not in page.content()
    look(page)


def test_a_representative_has_a_phone_page_that_fits_320_pixels(visit: Visit) -> None:
    page = visit("rep", size=NARROW)

    expect(page.get_by_role("navigation").last).to_be_visible()
    look(page)


def test_a_wrong_password_says_so_and_keeps_the_name(visit: Visit) -> None:
    page = visit(path="/accounts/sign-in/", size=WIDE)
    page.get_by_label("用户名或手机号").fill("village")
    page.get_by_label("密码", exact=True).fill("wrong-password")
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("用户名或手机号")).to_have_value("village")
    look(page)


def test_the_city_walks_down_to_a_village_and_searches_one(visit: Visit) -> None:
    page = visit("city")

    page.get_by_role("link", name="魏家桥镇").first.click()
    page.get_by_role("link", name="长冲口村").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("长冲口村")
    look(page)


def test_larger_letters_are_kept_for_the_person(visit: Visit) -> None:
    page = visit("rep", size=PHONE)
    page.get_by_role("button", name="大字").click()
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("data-size") == "l"
    look(page)
    page.get_by_role("button", name="特大字").click()
    page.wait_for_load_state()
    look(page)
