"""A month's 误工补贴 from the resolution to the signed sheet, with one adjustment.

In the demo's 长冲口村 the month before was paid and signed; since then it turned out that
somebody came into office earlier, and the next sheet makes up for it.
"""

import re

from playwright.sync_api import Page, expect

from tests.attachments.making import pdf
from tests.days import today
from tests.journeys.conftest import PHONE, Visit, look
from tests.journeys.test_by_election import days_pass, press


def test_a_month_is_paid_from_the_resolution_to_the_signatures(visit: Visit) -> None:
    village = visit("village", path="/subsidies/")
    resolve(village)
    reckon(village)
    path = post_up(village)

    everybody = visit(path=path)
    expect(everybody.get_by_text("150.00").first).to_be_visible()
    look(everybody)
    hold(village)
    pay_and_sign(village)

    phone = visit("rep", size=PHONE, path="/inbox/")
    expect(phone.get_by_text(re.compile("已发放，您的是")).first).to_be_visible()
    phone.goto("/subsidies/mine/")
    expect(phone.get_by_text("150.00 元").first).to_be_visible()
    look(phone)


def month_before() -> str:
    """Return the last month that is over, as the month field takes it."""
    first = today().replace(day=1)
    year, month = (
        (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    )
    return f"{year}-{month:02d}"


def resolve(page: Page) -> None:
    """Write down a resolution; the first try passes with too few votes."""
    press(page, "登记新决议")
    page.get_by_label("哪天开的？").fill(f"{month_before()}-02")
    page.get_by_label(re.compile("党组织哪天研究的")).fill(f"{month_before()}-01")
    for label, number in (("应到（人或户）", 36), ("实到", 34), ("同意", 12)):
        page.get_by_label(label, exact=True).fill(str(number))
    page.get_by_label("每月标准（元）").fill("150")
    page.get_by_label("从哪个月起？").fill(month_before())
    press(page, "登记")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.get_by_label("同意", exact=True).fill("33")
    press(page, "登记")
    expect(page.get_by_text("每月 150.00 元").first).to_be_visible()


def reckon(page: Page) -> None:
    """Let the month be reckoned; every yuan has its reason, one of them is made up for."""
    page.goto("/subsidies/")
    page.get_by_role("button", name="生成").first.click()
    page.wait_for_load_state()
    adjusted = page.locator("tr.warn").filter(has_text="调整")
    expect(adjusted).to_have_count(1)
    expect(adjusted).to_contain_text("补发")
    look(page)


def post_up(page: Page) -> str:
    """Check the sheet and post it up; return the public address."""
    press(page, "核对无误")
    page.get_by_label("异议受理人").fill("村务监督委员会申主任")
    page.get_by_label("受理电话").fill("0739-2721234")
    press(page, "提交公示")
    sheet = page.url
    page.get_by_role("link", name="看公示和异议").click()
    path = page.get_by_role("link", name="看公开页面").get_attribute("href") or ""
    page.goto(sheet)
    return path


def hold(page: Page) -> None:
    """It cannot be locked while it is on view; then it is, for good."""
    expect(page.get_by_text("期满后才能锁定")).to_be_visible()
    expect(page.get_by_role("button", name="锁定")).to_have_count(0)
    days_pass(8)
    page.reload()
    press(page, "锁定")
    expect(page.get_by_role("button", name="重新计算")).to_have_count(0)


def pay_and_sign(page: Page) -> None:
    """Note the transfer, and attach the sheet that everybody signed."""
    press(page, "登记发放")
    look(page)
    scan = {"name": "签字表.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.locator("input[type=file]").set_input_files([scan])
    press(page, "登记签收")
    expect(page.get_by_text("签字表.pdf")).to_be_visible()
    look(page)
