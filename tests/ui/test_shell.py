"""The frame around a page: with somebody, with nobody, in each size, on a phone."""

import dataclasses
import json
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from tests.ui.conftest import Elements
from ui.gallery.samples import sample_shell
from ui.shell import NavGroup, NavItem, Shell, TextSize


def page(rf: RequestFactory, base: str, **values: Any) -> str:
    return render_to_string(base, {"shell": None, **values}, request=rf.get("/a/?b=1"))


@pytest.mark.parametrize("size", ["m", "l", "xl"])
def test_text_size_is_set_by_the_server(rf: RequestFactory, size: TextSize) -> None:
    drawn = Elements(page(rf, "base.html", shell=sample_shell("tables", size)))

    assert drawn.one("html") == {"lang": "zh-CN", "data-size": size}


def test_signed_out_size_comes_from_the_context_and_nothing_else_passes(
    rf: RequestFactory,
) -> None:
    chosen = Elements(page(rf, "base_bare.html", text_size="xl"))
    strange = Elements(page(rf, "base_bare.html", text_size='"><script>'))

    assert chosen.one("html")["data-size"] == "xl"
    assert strange.one("html")["data-size"] == "m"


def test_navigation_marks_the_present_page_and_counts(rf: RequestFactory) -> None:
    drawn = Elements(page(rf, "base.html", shell=sample_shell("tables", "m")))

    current = [a["href"] for a in drawn.all("a") if a.get("aria-current") == "page"]
    assert set(current) == {"/gallery/tables/"}
    assert "916" in drawn.text
    assert {n["aria-label"] for n in drawn.all("nav")} == {"主导航", "菜单", "所在地方"}


@pytest.mark.parametrize("current", [True, False])
def test_a_folded_group_is_opened_by_its_title_or_by_the_present_page(
    rf: RequestFactory, *, current: bool
) -> None:
    group = NavGroup("系统", (NavItem("账号", "/a/", current=current),), folded=True)
    shell = dataclasses.replace(sample_shell("tables", "m"), nav=(group,))
    drawn = Elements(page(rf, "base.html", shell=shell))

    folds = [d for d in drawn.all("details") if d.get("class") == "seldom"]
    assert ["open" in fold for fold in folds] == [current, current]
    assert "/a/" in {a["href"] for a in drawn.all("a")}


def test_navigation_is_escaped_and_safe_words_make_no_others_safe(
    rf: RequestFactory,
) -> None:
    full = sample_shell("tables", "m")
    for words in (mark_safe("<b>甲</b>"), "<b>甲</b>"):
        items = (NavItem(words, '/"><script>', "home"),)
        drawn = page(
            rf,
            "base.html",
            shell=dataclasses.replace(full, nav=(NavGroup(words, items),)),
        )
        assert "<b>甲" not in drawn
        assert "<script>" not in drawn


def test_another_person_s_navigation_is_another_one(rf: RequestFactory) -> None:
    full = sample_shell("tables", "m")
    fewer = dataclasses.replace(full, nav=full.nav[:1])

    assert full.nav[1].title in page(rf, "base.html", shell=full)
    assert full.nav[1].title not in page(rf, "base.html", shell=fewer)


def test_bar_is_escaped_and_safe_words_make_no_others_safe(rf: RequestFactory) -> None:
    full = sample_shell("tables", "m")
    for words in (mark_safe("<b>甲</b>"), "<b>甲</b>"):
        shell = dataclasses.replace(full, person=words, place=words, post=words)
        assert "<b>甲" not in page(rf, "base.html", shell=shell)


def test_bar_of_one_page_is_not_that_of_the_next(rf: RequestFactory) -> None:
    """It is kept from page to page: token, address and messages are this one's."""
    shell = sample_shell("tables", "m")
    seen = []
    for address, unread in (("/a/?b=%22&c=1", 3), ("/d/", 4)):
        request = rf.get(address)
        drawn = Elements(
            render_to_string(
                "base.html",
                {"shell": dataclasses.replace(shell, unread=unread)},
                request,
            )
        )
        hidden = [i["value"] for i in drawn.all("input") if i.get("type") == "hidden"]
        assert hidden == [ANY_TOKEN, address, ANY_TOKEN]
        assert f"{unread} 条未读" in drawn.text
        seen += [i for i in hidden if i != address]
    assert len({token[:32] for token in seen}) == 2


class AnyToken:
    """Equals whatever a form of Django's sends against forgery."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and len(other) == 64 and other.isalnum()

    __hash__ = None  # type: ignore[assignment]


ANY_TOKEN = AnyToken()


@pytest.mark.parametrize("size", ["m", "l", "xl"])
def test_size_menu_marks_the_present_size(rf: RequestFactory, size: TextSize) -> None:
    drawn = Elements(page(rf, "base.html", shell=sample_shell("tables", size)))

    sizes = drawn.all("button")
    marked = [b["value"] for b in sizes if b.get("aria-current") == "true"]
    assert marked == [size]


def test_levels_above_ones_own_are_text_and_the_last_opens_the_picker(
    rf: RequestFactory,
) -> None:
    markup = page(rf, "base.html", shell=sample_shell("tables", "m"))

    assert "<span>邵东市</span>" in markup
    picker = [d for d in Elements(markup).all("div") if "hx-get" in d]
    assert [d["hx-get"] for d in picker] == ["/gallery/parts/picker/"]


def test_parts_without_an_address_are_left_out(rf: RequestFactory) -> None:
    full = sample_shell("tables", "m")
    bare = dataclasses.replace(
        full, search_url="", inbox_url="", sign_out_url="", posts_url="", picker_url=""
    )

    text = Elements(page(rf, "base.html", shell=bare)).text

    assert not {"消息", "退出", "切换岗位"} & set(text.split())
    assert "退出" in Elements(page(rf, "base.html", shell=full)).text


def test_nobody_sees_no_navigation(rf: RequestFactory) -> None:
    drawn = Elements(page(rf, "base.html"))

    assert drawn.all("nav") == []
    assert drawn.one("body")["class"] == "bare"
    assert drawn.one("main")["id"] == "main"


def test_desktop_loads_htmx_and_the_phone_does_not(rf: RequestFactory) -> None:
    shell = sample_shell("phone-list", "m")
    desk = Elements(page(rf, "base.html", shell=shell)).all("script")
    phone = Elements(page(rf, "base_phone.html", shell=shell)).all("script")

    assert [s["src"] for s in desk] == [
        "/static/js/app.js",
        "/static/django_htmx/htmx-2.min.js",
        "/static/js/fit.js",
    ]
    assert [s["src"] for s in phone] == ["/static/js/app.js"]
    assert all("defer" in s for s in desk + phone)


def test_htmx_stores_no_pages_and_evaluates_nothing(rf: RequestFactory) -> None:
    meta = Elements(page(rf, "base.html")).one("meta", name="htmx-config")

    config = json.loads(meta["content"] or "")
    assert config["historyCacheSize"] == 0
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True


def test_form_errors_stand_first_in_the_title(rf: RequestFactory) -> None:
    wrong = page(rf, "base.html", form={"errors": {"a": ["x"]}})

    assert "<title>错误：" in wrong
    assert "<title>错误：" not in page(rf, "base.html")


@pytest.mark.parametrize(
    ("level", "tone", "role"),
    [
        (constants.INFO, "info", "status"),
        (constants.SUCCESS, "ok", "status"),
        (constants.WARNING, "warn", "status"),
        (constants.ERROR, "bad", "alert"),
    ],
)
def test_message_has_the_tone_of_its_level(
    rf: RequestFactory, level: int, tone: str, role: str
) -> None:
    message = Message(level, "已保存 <b>1</b> 条。")

    markup = page(rf, "base.html", messages=[message])

    assert "已保存 &lt;b&gt;1&lt;/b&gt; 条。" in markup
    hits = [
        d for d in Elements(markup).all("div") if d.get("class") == f"notice {tone}"
    ]
    assert role in [d.get("role") for d in hits if "id" not in d]


def test_phone_has_tabs_with_words_and_one_size_button(rf: RequestFactory) -> None:
    shell = sample_shell("phone-list", "l")

    drawn = Elements(page(rf, "base_phone.html", shell=shell))

    tabs = [a for a in drawn.all("a") if a.get("aria-current") == "page"]
    assert [a["href"] for a in tabs] == ["/gallery/phone-list/"]
    assert "恳谈会" in drawn.text
    button = drawn.one("button", name="size")
    assert (button["value"], "特大字" in drawn.text) == ("xl", True)
    assert drawn.one("input", name="next")["value"] == "/a/?b=1"


def test_size_button_cycles_through_all_sizes() -> None:
    size: TextSize = "m"
    seen = []
    for _ in range(3):
        size, words = sample_shell("bare", size).next_size
        seen.append((size, words))

    assert seen == [("l", "大字"), ("xl", "特大字"), ("m", "标准字")]


def test_single_keys_can_be_turned_off(rf: RequestFactory) -> None:
    shell = dataclasses.replace(sample_shell("tables", "m"), keys=False)

    assert "data-no-keys" in Elements(page(rf, "base.html", shell=shell)).one("body")
    whole = page(rf, "base.html", shell=sample_shell("tables", "m"))
    assert "data-no-keys" not in Elements(whole).one("body")


def test_shell_cannot_be_changed_by_a_template() -> None:
    shell: Shell = sample_shell("bare", "m")

    with pytest.raises(dataclasses.FrozenInstanceError):
        shell.size = "xl"  # type: ignore[misc]
