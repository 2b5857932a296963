"""What pages do in a browser: read by axe, at every width, with and without script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.ui.browser import CHROMIUM, FLAGS, Visitor
from ui import views

PHONE = {"phone-list", "phone-form", "phone-words"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Visitor:
    """Return the window that most tests share, one after another.

    A new one is a new process, which reads the fonts and compiles axe once more: twice
    the work of the test itself.
    """
    return Visitor(browser.new_context(locale="zh-CN").new_page())


@pytest.fixture
def visit(browser: Browser, window: Visitor, settings: Any) -> Iterator[Any]:
    """Return a function that gives the visitor of the shared window, or of a new one.

    A window is new when it has options, or when it will be left `alone`: with a
    request that nobody answers it is of no use to the next.
    """
    settings.DEMO = True
    opened = []

    def enter(
        width: int = 1280, height: int = 800, *, alone: bool = False, **options: Any
    ) -> Visitor:
        size = {"width": width, "height": height}
        if not options and not alone:
            window.page.set_viewport_size(size)
            return window
        context = browser.new_context(viewport=size, locale="zh-CN", **options)
        opened.append(context)
        return Visitor(context.new_page())

    yield enter
    window.rest()
    for context in opened:
        context.close()


@pytest.mark.parametrize("page", sorted(views.PAGES))
def test_page_has_no_violation_and_no_complaint(visit: Any, page: str) -> None:
    visitor = visit(390 if page in PHONE else 1280)

    visitor.open(page)

    assert visitor.violations() == []
    assert visitor.complaints == []


@pytest.mark.parametrize("page", sorted(views.PAGES))
def test_page_never_scrolls_sideways(visit: Any, page: str) -> None:
    visitor = visit(320, 640)
    wide = {}

    for size in ("m", "xl"):
        visitor.open(page, size)
        wide[(320, size)] = visitor.overflow()
    for width in (390, 859, 860, 1099, 1279, 1440):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        wide[(width, "xl")] = visitor.overflow()

    assert {where: by for where, by in wide.items() if by > 0} == {}


@pytest.mark.parametrize("page", ["phone-list", "phone-form", "phone-words"])
@pytest.mark.parametrize(("size", "least"), [("m", 44), ("xl", 60)])
def test_everything_one_taps_on_the_phone_is_large(
    visit: Any, page: str, size: str, least: int
) -> None:
    visitor = visit(390, 844)
    visitor.open(page, size)

    small = visitor.page.evaluate(
        """least => [...document.querySelectorAll('a[href], button, label, textarea')]
            .filter(e => e.offsetParent && !e.classList.contains('skip') && !e.htmlFor)
            .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, r]) => r.height < least || r.width < 44)
            .map(([text, r]) => `${text} ${Math.round(r.width)}x${Math.round(r.height)}`)""",
        least,
    )

    assert small == (
        [] if size == "m" else [s for s in small if s.startswith(("查看", "再试"))]
    )


def test_phone_text_is_18_px_and_grows_to_30(visit: Any) -> None:
    visitor = visit(390, 844)
    sizes = {}
    for size in ("m", "l", "xl"):
        page = visitor.open("phone-list", size)
        sizes[size] = page.evaluate("getComputedStyle(document.body).fontSize")

    assert sizes == {"m": "18px", "l": "22.5px", "xl": "30.06px"}


def test_narrow_window_reaches_every_page_without_script(visit: Any) -> None:
    page = visit(390, 844, java_script_enabled=False).open("figures")

    page.locator(".drawer summary").click()

    expect(page.locator(".drawer a", has_text="打印台账")).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()


def test_narrow_window_folds_a_table_and_keeps_its_order_at_hand(visit: Any) -> None:
    page = visit(390, 844).open("tables")
    frame, row = page.locator(".tw").first, page.locator(".tw tbody tr").first

    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    assert "超期天数" in row.locator("td.num").evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    expect(frame.get_by_role("link", name="户主", exact=True)).to_be_in_viewport()


def test_narrow_window_folds_a_table_whose_rows_have_buttons_of_their_own(
    visit: Any,
) -> None:
    """Their forms hold the hidden token; unfolded, 接收 and 不收 were out of sight."""
    page = visit(390, 844).open("tables")
    page.evaluate(UNFOLDED_WITH_A_TOKEN)
    assert page.locator(".tw table.fold").count() == 0
    page.add_script_tag(url=page.evaluate(FIT))

    expect(page.locator(".tw table.fold").first).to_be_visible()


UNFOLDED_WITH_A_TOKEN = """() => document.querySelectorAll('.tw table').forEach(table => {
    const token = document.createElement('input');
    token.type = 'hidden';
    table.tBodies[0].rows[0].cells[1].append(token);
    table.classList.remove('fold');
})"""
FIT = "() => document.querySelector('script[src*=\"fit\"]').src"


def test_narrow_window_shows_one_filter_and_the_others_when_asked(visit: Any) -> None:
    page = visit(390, 844, java_script_enabled=False).open("tables")
    fields = page.locator(".filters .field")
    assert [field.is_visible() for field in fields.all()].count(True) == 1

    page.get_by_text("更多条件").click()

    assert all(field.is_visible() for field in fields.all())


def test_filters_are_all_seen_at_a_desk(visit: Any) -> None:
    page = visit().open("tables")

    assert all(field.is_visible() for field in page.locator(".filters .field").all())
    expect(page.get_by_text("更多条件")).to_be_hidden()


def test_the_present_page_is_in_sight_in_a_low_window(visit: Any) -> None:
    page = visit(1280, 260).open("basics")

    expect(page.locator(".side [aria-current]")).to_be_in_viewport()


def test_size_is_chosen_without_script(visit: Any) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.open("figures")

    page.locator("summary", has_text="字号").click()
    page.locator(".sizes button", has_text="特大").click()

    assert len(visitor.posts) == 1
    assert "size=xl" in visitor.posts[0]
    assert "next=%2Fgallery%2Ffigures%2F" in visitor.posts[0]


def test_slash_goes_to_the_search_unless_one_is_writing(visit: Any) -> None:
    page = visit().open("tables")

    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#id_q").focus()
    page.keyboard.type("/")

    expect(page.locator("#id_q")).to_have_value("/")


def test_confirmation_opens_closes_and_gives_the_focus_back(visit: Any) -> None:
    page = visit().open("words")
    opener = page.locator("[data-dialog=sure]")

    opener.click()
    expect(page.locator("#sure")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sure")).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.locator("#sure [data-close]", has_text="再看看").click()

    expect(page.locator("#sure")).to_be_hidden()


def test_confirmation_is_a_page_of_its_own_without_script(visit: Any) -> None:
    page = visit(java_script_enabled=False).open("words")

    page.locator("[data-dialog=sure]").click()

    assert page.url.endswith("?confirm=1")


def test_head_box_ticks_all_rows_and_the_bar_counts_them(visit: Any) -> None:
    page = visit().open("tables")
    count = page.locator("[data-bulk-count]")

    page.locator("[data-pick-all]").check()
    expect(count).to_have_text("5")
    page.locator("tbody [name=ids]").first.uncheck()

    expect(count).to_have_text("4")
    assert page.locator("[data-pick-all]").evaluate("box => box.indeterminate")


def test_form_is_sent_once_however_often_one_clicks(visit: Any) -> None:
    visitor = visit(alone=True)
    page = visitor.open("bare")
    visitor.hold = True
    page.locator("#id_username").fill("rep")
    page.locator("#id_password").fill("x")

    words, busy = page.evaluate(
        """() => new Promise(done => {
            const button = document.querySelector('.plate [type=submit]');
            button.click();
            setTimeout(() => {
                button.click();
                setTimeout(() => done([button.textContent, button.ariaBusy]), 200);
            }, 50);
        })"""
    )

    assert (words, busy) == ("正在登录…", "true")
    assert len(visitor.posts) == 1
    assert "username=rep" in visitor.posts[0]


def test_errors_are_read_first_and_lead_to_their_field(visit: Any) -> None:
    page = visit().open("forms")

    expect(page.locator("[data-summary]")).to_be_focused()
    page.locator("[data-summary] a", has_text="村里怎么定").click()

    assert page.url.endswith("#id_decision_0")
    assert page.evaluate("document.querySelector(':target').type") == "radio"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "没有做这件事的权限"),
        (404, "不在您的管理范围内"),
        (409, "别人刚刚改过"),
        (413, "文件太大"),
        (500, "服务器出了问题"),
    ],
)
def test_failed_part_of_a_page_is_told_in_words(
    visit: Any, status: int, words: str
) -> None:
    visitor = visit()
    page = visitor.open("words")

    page.locator("[hx-get]", has_text=str(status)).click()

    expect(page.locator("#trouble")).to_contain_text(words)
    expect(page.locator("#spot")).to_be_empty()
    page.locator("#trouble button").click()
    expect(page.locator("#trouble")).to_be_hidden()


def test_lost_connection_is_told_and_the_page_stays(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("words")
    visitor.cut = True

    page.locator("[hx-get]", has_text="404").click()

    expect(page.locator("#trouble")).to_contain_text("没有连上服务器")
    expect(page.locator("h1")).to_have_text("话语与状态")


def test_whole_page_in_place_of_a_part_is_opened_as_a_page(visit: Any) -> None:
    """An htmx request after the session has ended is answered with the sign-in page."""
    page = visit().open("words")
    page.evaluate(
        """() => { const link = document.querySelector('#spot');
            htmx.ajax('GET', '/gallery/bare/', link); }"""
    )

    page.wait_for_url(re.compile("/gallery/bare/"))
    expect(page.locator("h1")).to_have_text("登录")


def test_offline_is_said_while_it_lasts(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("forms")
    expect(page.locator("#offline")).to_be_hidden()

    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#offline")).to_be_hidden()


def test_picker_is_fetched_once_filtered_and_walked_with_arrows(visit: Any) -> None:
    page = visit().open("figures")

    page.locator(".picker summary").click()
    box = page.locator("#place-q")
    expect(box).to_be_focused()
    expect(page.locator(".places a")).to_have_count(3)
    # The box listens some 20 ms after it is there; nobody but a program types sooner.
    expect(page.locator(".htmx-settling")).to_have_count(0)
    box.fill("东塘")
    expect(page.locator(".places a")).to_have_count(1)
    box.press("ArrowDown")

    expect(page.locator(".places a", has_text="东塘村")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".places")).to_be_hidden()


def test_password_can_be_shown_and_hidden(visit: Any) -> None:
    page = visit().open("bare")
    box = page.locator("#id_password")
    button = page.locator("[data-reveal]")

    button.click()
    expect(box).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()

    expect(box).to_have_attribute("type", "password")


def test_number_is_copied_and_said(visit: Any) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open("words")

    page.evaluate(
        """() => { window.copied = '';
            const put = text => { window.copied = text; return Promise.resolve(); };
            Object.defineProperty(navigator, 'clipboard', {value: {writeText: put}}); }"""
    )
    page.locator("[data-copy]").click()

    expect(page.locator("#said")).to_have_text("已复制")
    assert page.evaluate("window.copied") == "7F3A-20261123"


def test_running_job_asks_again_and_moves(visit: Any) -> None:
    page = visit().open("process")
    job = page.locator(".job", has_text="导入联系户花名册")
    before = job.text_content()

    expect(job).not_to_have_text(before, timeout=6000)


@pytest.mark.parametrize("page", ["figures", "tables", "process"])
def test_print_leaves_the_frame_out_and_keeps_the_work(visit: Any, page: str) -> None:
    visitor = visit()
    sheet = visitor.open(page)

    sheet.emulate_media(media="print")

    for gone in (".top", ".side", ".crumb"):
        expect(sheet.locator(gone)).to_be_hidden()
    expect(sheet.locator("h1")).to_be_visible()
    assert sheet.locator(".btn:visible").count() == 0
