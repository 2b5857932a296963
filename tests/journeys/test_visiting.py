"""A representative's day: eight doors without network, and all eight on the server once.

The round is written into the site's own database, so that it is the same whatever the
demo holds.
"""

import datetime as dt
import uuid

import pytest
from playwright.sync_api import Page, Route, expect

from tests.attachments.making import camera_picture
from tests.cast import everywhere
from tests.days import today
from tests.journeys.conftest import (
    NARROW,
    PHONE,
    Visit,
    look,
    ready_for_no_network,
    upload,
)
from tests.visits.stage import HEADS, Walker, hand_to, make_walker
from visits.models import HandedVisit
from visits.models import Visit as Stored

OUTBOX = """() => new Promise((done, failed) => {
    const asked = indexedDB.open('lianhu');
    asked.onsuccess = () => {
        const got = asked.result.transaction('outbox').objectStore('outbox').getAll();
        got.onsuccess = () => { asked.result.close(); done(got.result); };
    };
    asked.onerror = () => failed(asked.error);
})"""


@pytest.fixture
def walker(inside: None) -> Walker:
    """Return a new representative with eight key households, none seen this month."""
    with everywhere():
        return make_walker(f"walker{uuid.uuid4().hex[:8]}")


def stored_of(walker: Walker) -> list[str]:
    """Return whose doors have a visit on the server."""
    with everywhere():
        rows = Stored.objects.standing().filter(representative=walker.person)
        return sorted(rows.values_list("household__head", flat=True))


def cut_off(visit: Visit, walker: Walker) -> Page:
    """Open his list on a phone that then loses its network."""
    page = visit(walker.user.username, size=PHONE)
    ready_for_no_network(page)
    page.context.set_offline(True)
    return page


def tap_quiet(page: Page, head: str) -> None:
    """Tap 已走访，平安 on the card of a household."""
    card = page.locator(f"[data-door][data-name='{head}']")
    card.get_by_role("button", name="已走访，平安").click()
    expect(card).to_be_hidden()


def test_eight_doors_without_network_are_on_the_server_once(
    visit: Visit, walker: Walker
) -> None:
    page = visit(walker.user.username, size=PHONE)
    expect(page.locator(".p-prog strong")).to_have_text("0 / 8")
    look(page)
    ready_for_no_network(page)
    page.context.set_offline(True)

    page.goto("/")  # the phone is taken out of the pocket again
    for number, head in enumerate(HEADS[:6], 1):
        tap_quiet(page, head)
        expect(page.locator(".p-prog strong")).to_have_text(f"{number} / 8")
    note_matter(page, HEADS[6])
    note_matter(page, HEADS[7], with_files=True)
    expect(page.locator(".p-prog strong")).to_have_text("8 / 8")
    expect(page.get_by_text("没有网络，已存手机 8 条，照片、录音 2 个")).to_be_visible()
    expect(page.get_by_text("该走访的都走访了，谢谢")).to_be_visible()
    look(page)
    assert stored_of(walker) == []

    page.context.set_offline(False)
    upload(page)

    assert stored_of(walker) == sorted(HEADS)
    page.goto(f"/visits/doors/{walker.homes[HEADS[7]].pk}/")
    expect(page.locator(".attached img")).to_have_count(1)
    expect(page.locator(".attached audio")).to_have_count(1)
    look(page)
    page.goto("/visits/mine/")
    expect(page.get_by_text("都已经上传了")).to_be_visible()
    look(page)
    page.goto("/visits/")
    expect(page.locator(".p-prog strong")).to_have_text("8 / 8")
    expect(page.locator("[data-seen]")).to_have_count(8)
    look(page)


def note_matter(page: Page, head: str, *, with_files: bool = False) -> None:
    """有情况: five taps, without network; a photo and a voice note if wanted."""
    page.get_by_role("link", name=f"{head}家有情况").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{head}家的情况")
    look(page)
    for choice in ("看病吃药", "一般", "要办"):
        page.locator(".pick", has_text=choice).click()
    if with_files:
        take_photo_and_speak(page)
    page.get_by_role("button", name="记好了").click()
    page.wait_for_url("**/visits/")
    expect(page.locator(".snack")).to_contain_text(f"已记：{head}，有情况")


def take_photo_and_speak(page: Page) -> None:
    """A photo with a place in it, and two seconds of voice."""
    photo = {"name": "药.jpg", "mimeType": "image/jpeg"}
    page.locator("input[type=file]").set_input_files(
        {**photo, "buffer": camera_picture((2000, 1500))}
    )
    expect(page.locator(".chosen img")).to_have_count(1)
    page.get_by_role("button", name="按一下说话").click()
    expect(page.get_by_text("再按一下停（2 秒）")).to_be_visible()
    page.get_by_role("button", name="再按一下停").click()
    expect(page.locator(".chosen audio")).to_have_count(1)
    look(page)


TAP_TWICE = "[1, 2].forEach(() => document.querySelector('[form=visit]').click())"
SLOW_PICTURES = """() => {
    const made = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...given) {
        setTimeout(() => made.apply(this, given), 1500);
    };
}"""


def fill_matter(page: Page, head: str) -> None:
    """Open 有情况 of a household and choose what has to be chosen."""
    page.get_by_role("link", name=f"{head}家有情况").click()
    for choice in ("看病吃药", "一般", "要办"):
        page.locator(".pick", has_text=choice).click()


def test_two_taps_on_the_form_note_one_visit(visit: Visit, walker: Walker) -> None:
    page = cut_off(visit, walker)
    fill_matter(page, "刘桂英")
    page.evaluate(TAP_TWICE)
    page.wait_for_url("**/visits/")
    expect(page.locator(".snack")).to_be_visible()

    assert [item["head"] for item in page.evaluate(OUTBOX)] == ["刘桂英"]


def test_photo_that_is_still_made_small_goes_with_its_visit(
    visit: Visit, walker: Walker
) -> None:
    """Quicker with 记好了 than a cheap phone is with the picture."""
    page = cut_off(visit, walker)
    fill_matter(page, "刘桂英")
    page.evaluate(SLOW_PICTURES)
    photo = {"name": "药.jpg", "mimeType": "image/jpeg"}
    page.locator("input[type=file]").set_input_files(
        {**photo, "buffer": camera_picture((200, 150))}
    )
    page.get_by_role("button", name="记好了").click()
    expect(page.get_by_text("正在准备照片")).to_be_visible()
    look(page)
    page.wait_for_url("**/visits/")

    expect(page.get_by_text("没有网络，已存手机 1 条，照片、录音 1 个")).to_be_visible()


def test_form_without_a_day_asks_for_it(visit: Visit, walker: Walker) -> None:
    """A day that is none can neither be stored nor handed over."""
    page = cut_off(visit, walker)
    fill_matter(page, "刘桂英")
    page.get_by_text("不是今天走访的？改日期").click()
    page.get_by_label("哪天走访的？").fill("")
    page.get_by_text("不是今天走访的？改日期").click()
    page.get_by_role("button", name="记好了").click()

    expect(page.get_by_text("请选是哪天走访的")).to_be_visible()
    expect(page.get_by_label("哪天走访的？")).to_be_focused()
    look(page)
    assert page.evaluate(OUTBOX) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("满意吗？", "请选他满意不满意"), ("要村里办吗？", "请选要不要村里办")],
)
def test_form_without_a_choice_says_which_beside_it(
    visit: Visit, walker: Walker, name: str, words: str
) -> None:
    """The page moves to the question; the words move there too, or nobody reads them."""
    page = cut_off(visit, walker)
    fill_matter(page, "刘桂英")
    page.get_by_role("group", name=name).locator("input").evaluate_all(
        "all => all.forEach(one => { one.checked = false; })"
    )
    page.get_by_role("button", name="记好了").click()

    expect(page.get_by_text(words)).to_be_in_viewport()
    expect(page.get_by_role("group", name=name)).to_be_in_viewport()
    look(page)
    assert page.evaluate(OUTBOX) == []


def test_day_still_to_come_is_refused_before_it_is_kept(
    visit: Visit, walker: Walker
) -> None:
    """Kept, it would be refused for good, and only the village could mend it."""
    page = cut_off(visit, walker)
    fill_matter(page, "刘桂英")
    page.get_by_text("不是今天走访的？改日期").click()
    page.get_by_label("哪天走访的？").fill(str(today() + dt.timedelta(days=3)))
    page.get_by_role("button", name="记好了").click()

    expect(page.get_by_text("这一天还没有到")).to_be_in_viewport()
    look(page)
    assert page.evaluate(OUTBOX) == []


def test_card_says_what_was_tapped(visit: Visit, walker: Walker) -> None:
    page = visit(walker.user.username, size=PHONE)
    fill_matter(page, "刘桂英")
    page.get_by_role("button", name="记好了").click()

    expect(page.locator("[data-kept] .why")).to_contain_text("有情况：看病吃药")
    upload(page)
    page.goto("/visits/")
    expect(page.locator("[data-seen] .why")).to_contain_text("有情况：看病吃药")


def test_what_was_tapped_before_the_page_was_opened_anew_is_sent(
    visit: Visit, walker: Walker
) -> None:
    """Its ten seconds over, not with the next minute."""
    page = visit(walker.user.username, size=PHONE)
    tap_quiet(page, "刘桂英")
    page.goto("/visits/")

    expect(page.locator("[data-seen]")).to_have_count(1, timeout=20_000)
    assert stored_of(walker) == ["刘桂英"]


def test_page_that_is_not_kept_is_said_to_need_the_network(
    visit: Visit, walker: Walker
) -> None:
    page = cut_off(visit, walker)
    page.get_by_role("link", name="恳谈会").click()

    expect(page.get_by_text("刚才要看的那一页打不开")).to_be_in_viewport()
    expect(page.locator("[data-door]").first).to_be_visible()
    look(page)


AS_IF_OF_ANOTHER_RELEASE = """async () => {
    const old = await caches.open('parts');
    for (const known of await old.keys()) { await old.delete(known); }
    await old.put('/static/js/visit.old.js', new Response(''));
    await (await fetch('/visits/')).text();
}"""
PARTS_ASTRAY = """async () => {
    const page = await (await caches.match('/visits/')).text();
    const named = page.match(/\\/static\\/[^"\\s]+/g);
    const held = await Promise.all(named.map((one) => caches.match(one)));
    return named.filter((one, i) => !held[i]);
}"""
OLD_PART = "async () => Boolean(await caches.match('/static/js/visit.old.js'))"


def until(page: Page, script: str) -> None:
    """Wait until a script of promises says nothing any more."""
    for _ in range(100):
        if not page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(script))


def test_page_of_a_new_release_is_kept_with_its_own_parts(
    visit: Visit, walker: Walker
) -> None:
    """A page that was open all night fetches the new list; its scripts are the old."""
    page = visit(walker.user.username, size=PHONE)
    ready_for_no_network(page)
    page.evaluate(AS_IF_OF_ANOTHER_RELEASE)

    until(page, PARTS_ASTRAY)
    page.goto("/visits/")
    until(page, OLD_PART)
    assert page.evaluate(PARTS_ASTRAY) == []


def test_the_kept_list_opens_while_the_server_is_away(
    visit: Visit, walker: Walker
) -> None:
    """As in a release: the proxy answers 503, and the round goes on."""
    page = visit(walker.user.username, size=PHONE)
    ready_for_no_network(page)
    page.context.route(
        "**/visits/", lambda route: route.fulfill(status=503, body="away")
    )
    page.goto("/visits/")

    expect(page.locator(f"[data-door][data-name='{HEADS[0]}']")).to_be_visible()


def test_undone_within_ten_seconds_never_leaves_the_phone(
    visit: Visit, walker: Walker
) -> None:
    page = visit(walker.user.username, size=PHONE)
    tap_quiet(page, "刘桂英")
    look(page)
    page.get_by_role("button", name="撤销").click()

    expect(page.locator("[data-door][data-name='刘桂英']")).to_be_visible()
    expect(page.locator(".p-prog strong")).to_have_text("0 / 8")
    assert page.evaluate(OUTBOX) == []
    assert stored_of(walker) == []


def test_records_outlive_signing_out_and_are_not_sent_by_somebody_else(
    visit: Visit, walker: Walker
) -> None:
    page = cut_off(visit, walker)
    tap_quiet(page, "刘桂英")
    page.context.set_offline(False)
    page.goto("/accounts/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in/**")

    kept = page.evaluate("caches.keys()")
    assert [name for name in kept if name.startswith("visits-")] == []
    assert len(page.evaluate(OUTBOX)) == 1

    with everywhere():
        other = make_walker(f"other{uuid.uuid4().hex[:8]}")
    sign_in_here(page, other.user.username)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("还有别的代表没上传的 1 条")).to_be_visible()
    look(page)
    assert stored_of(other) == []

    page.context.clear_cookies()
    sign_in_here(page, walker.user.username)
    upload(page)
    assert stored_of(walker) == ["刘桂英"]


def sign_in_here(page: Page, who: str) -> None:
    """Sign in on the same phone."""
    page.goto("/accounts/sign-in/")
    page.get_by_label("用户名或手机号").fill(who)
    page.get_by_label("密码", exact=True).fill("lianhu-2026")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/visits/")


def test_expired_session_keeps_the_record_and_asks_to_sign_in(
    visit: Visit, walker: Walker
) -> None:
    page = visit(walker.user.username, size=PHONE)
    ready_for_no_network(page)
    page.goto("/visits/")
    page.context.clear_cookies()
    tap_quiet(page, "张志文")

    expect(page.get_by_text("登录过期了，1 条还在手机里")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="去登录").click()
    page.get_by_label("用户名或手机号").fill(walker.user.username)
    page.get_by_label("密码", exact=True).fill("lianhu-2026")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/visits/")

    upload(page)
    assert stored_of(walker) == ["张志文"]


TAKE_BACK_WHILE_RELEASED = """async () => {
    const first = (await outbox.kept())[0];
    await Promise.all([outbox.undo(first.id), outbox.release()]);
}"""
TWICE_AT_ONCE = """async () => {
    const sending = outbox.send();
    await Promise.all([sending, outbox.release(), outbox.send()]);
}"""


def test_what_is_tapped_at_once_brings_nothing_back_and_leaves_nothing(
    visit: Visit, walker: Walker
) -> None:
    """现在上传 against 撤销, and against a sending that has begun already."""
    page = cut_off(visit, walker)
    tap_quiet(page, "刘桂英")
    tap_quiet(page, "张志文")
    page.evaluate(TAKE_BACK_WHILE_RELEASED)
    assert [item["head"] for item in page.evaluate(OUTBOX)] == ["张志文"]

    tap_quiet(page, "李小红")
    page.context.set_offline(False)
    page.goto("/visits/outbox/")
    page.evaluate(TWICE_AT_ONCE)
    expect(page.get_by_text("手机里没有没上传的记录")).to_be_visible(timeout=8_000)
    assert stored_of(walker) == ["张志文", "李小红"]


def test_what_is_on_its_way_is_not_said_to_be_taken_back(
    visit: Visit, walker: Walker
) -> None:
    """The server may have it already: 已撤销 would be a lie."""
    page = cut_off(visit, walker)
    tap_quiet(page, "刘桂英")
    page.goto("/visits/outbox/")
    on_the_line: list[Route] = []
    page.route("**/api/v1/visits/*/", lambda route: on_the_line.append(route))
    page.context.set_offline(False)
    with page.expect_request("**/api/v1/visits/*/"):
        page.get_by_role("button", name="现在上传").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("来不及撤销了")).to_be_visible()
    look(page)

    [held] = on_the_line
    held.fetch()  # the server stores it, and the line breaks before it has said so
    held.abort()
    page.unroute_all()
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_text("来不及撤销了")).to_be_hidden()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("来不及撤销了")).to_be_visible()

    page.get_by_role("button", name="现在上传").click()
    expect(page.get_by_text("手机里没有没上传的记录")).to_be_visible(timeout=8_000)
    assert stored_of(walker) == ["刘桂英"]


def test_line_that_never_answers_is_given_up(visit: Visit, walker: Walker) -> None:
    page = visit(walker.user.username, size=PHONE)
    ready_for_no_network(page)
    page.clock.install()
    page.route("**/ping/", lambda route: None)
    tap_quiet(page, "刘桂英")
    with page.expect_request("**/ping/"):
        page.clock.run_for(11_000)
    page.clock.run_for(61_000)
    expect(page.get_by_text("没有网络，已存手机 1 条")).to_be_visible()

    page.unroute_all()
    upload(page)
    assert stored_of(walker) == ["刘桂英"]


def test_refused_record_stays_with_its_reason_and_goes_to_the_village(
    visit: Visit, walker: Walker
) -> None:
    page = cut_off(visit, walker)
    tap_quiet(page, "李小红")
    with everywhere():
        heir = make_walker(f"heir{uuid.uuid4().hex[:8]}", heads=())
        hand_to(walker.homes["李小红"], heir.person, today())
    page.context.set_offline(False)
    page.goto("/visits/outbox/")
    page.get_by_role("button", name="现在上传").click()

    expect(page.get_by_text("这一户现在不归您联系")).to_be_visible(timeout=15_000)
    look(page)
    away(page, walker)
    page.get_by_role("button", name="交给村里处理").click()
    expect(page.get_by_text("等村里处理")).to_be_visible()
    assert page.evaluate(OUTBOX) == []
    with everywhere():
        assert HandedVisit.objects.get(representative=walker.person).head == "李小红"

    village = visit("village", path="/visits/handed/")
    expect(
        village.get_by_role("row", name=f"李小红 {walker.person.name}")
    ).to_be_visible()
    look(village)


def test_what_was_refused_is_no_visit_and_can_be_noted_again(
    visit: Visit, walker: Walker
) -> None:
    page = visit(walker.user.username, size=PHONE)
    refusal = {"code": "refused", "message": "这一天还没有到。"}
    page.context.route(
        "**/api/v1/visits/*/",
        lambda route: route.fulfill(status=422, json=refusal),
    )
    tap_quiet(page, "刘桂英")
    expect(page.locator("[data-kept] .tag")).to_have_text("没有记上", timeout=20_000)

    expect(page.locator(".p-prog strong")).to_have_text("0 / 8")
    expect(page.locator("[data-left]")).to_have_text("8")
    expect(page.locator("[data-door][data-name='刘桂英']")).to_be_visible()
    look(page)


def away(page: Page, walker: Walker) -> None:
    """Try to hand over while signed out: it is said, and nothing is lost."""
    page.context.clear_cookies()
    page.get_by_role("button", name="交给村里处理").click()
    expect(page.get_by_text("登录过期了，登录后再交给村里")).to_be_visible()
    look(page)
    sign_in_here(page, walker.user.username)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("这一户现在不归您联系")).to_be_visible()


@pytest.mark.parametrize("size", ["m", "l", "xl"])
def test_pages_fit_320_pixels_in_every_letter_size(
    visit: Visit, walker: Walker, size: str
) -> None:
    with everywhere():
        walker.user.text_size = size
        walker.user.save()
    page = visit(walker.user.username, size=NARROW)
    look(page)
    tap_quiet(page, "欧阳海棠")
    look(page)
    for path in (
        f"/visits/matter/?household={walker.homes['刘桂英'].pk}",
        f"/visits/doors/{walker.homes['刘桂英'].pk}/",
        "/visits/outbox/",
    ):
        page.goto(path)
        look(page)


def test_without_script_a_tap_is_a_plain_form(visit: Visit, walker: Walker) -> None:
    page = visit(walker.user.username, size=PHONE, java_script_enabled=False)
    card = page.locator("[data-door][data-name='刘桂英']")
    card.get_by_role("button", name="已走访，平安").click()

    expect(page.locator(".snack")).to_contain_text("已记：刘桂英，平安")
    assert stored_of(walker) == ["刘桂英"]
    page.get_by_role("button", name="撤销").click()
    assert stored_of(walker) == []
