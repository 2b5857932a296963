"""评家庭 for one quarter: from the round's beginning to its public notice and its filing.

The village is the demo's 长冲口村, the scheme the city's recommended edition. The round
that the demo had begun is put aside, so that this one has all its entries from here.
"""

import re
from http import HTTPStatus

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NARROW, PHONE, Visit, look
from tests.journeys.test_by_election import days_pass, press

BRAVE, CRIME = "见义勇为（+10）", "家庭成员犯罪被追究刑事责任（一票否决）"
CONSEQUENCE = "下半年不再有同样的情况"


def test_a_quarter_is_rated_from_the_first_entry_to_the_filing(visit: Visit) -> None:
    village = visit("village", path="/ratings/")
    address = begin(village)
    by_phone(visit("rep", size=PHONE, path="/ratings/mine/"))
    good = by_item(village, address, BRAVE, homes=range(2, 5))
    [bad] = by_item(village, address, CRIME, homes=range(8, 9))
    look(village)

    decide(village, address)
    path = announce(village, address)
    everybody = visit(path=path)
    for head in good:
        expect(
            everybody.get_by_role("cell", name=head, exact=True).first
        ).to_be_visible()
    expect(everybody.get_by_text("有待进步")).to_have_count(0)
    expect(everybody.get_by_role("cell", name=bad, exact=True)).to_have_count(0)
    look(everybody)
    everybody.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    look(everybody)

    tell(village, address, bad)
    file(visit("township", path=address), address, bad)
    assert everybody.request.get(path).status == HTTPStatus.GONE


def begin(page: Page) -> str:
    """Put the demo's running round aside and begin the quarter anew; return its page."""
    page.locator("tr", has_text="记录").get_by_role("link").first.click()
    press(page, "作废这一期")
    page.get_by_label(re.compile("说明|为什么")).fill("重新启动")
    press(page, "作废这一期")
    page.goto("/ratings/")
    page.get_by_role("button", name=re.compile("^启动")).first.click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", name=re.compile("下一步"))).to_be_visible()
    look(page)
    return page.url


def by_phone(page: Page) -> None:
    """The representative writes one entry for the first of his households."""
    page.locator(".list a").first.click()
    page.get_by_label("什么事").select_option(label="参加义务劳动、志愿服务（+2）")
    look(page)
    press(page, "记下")
    expect(page.get_by_text("参加义务劳动、志愿服务").first).to_be_visible()


def by_item(page: Page, address: str, item: str, homes: range) -> list[str]:
    """Write one item for some households of the village; return their heads."""
    page.goto(f"{address}batch/")
    page.get_by_label("什么事").select_option(label=item)
    page.get_by_label("情况、依据").fill("有文书")
    ticks = page.locator(".ticks label")
    heads = []
    for nth in homes:
        ticks.nth(nth).locator("input").check()
        heads.append(ticks.nth(nth).locator("span").inner_text().split("\n")[0].strip())
    press(page, "给勾选的户记下")
    expect(page.get_by_text(f"{len(heads)} 户：")).to_be_visible()
    return heads


def decide(page: Page, address: str) -> None:
    """Strike, let the panel agree, let 村“两委” confirm; a step without words is refused."""
    page.goto(address)
    press(page, "记录完了，交评议小组")
    press(page, "记录完了，交评议小组")
    expect(page.get_by_text(re.compile("文明模范家庭 3 户")).first).to_be_visible()
    press(page, "评议完了，交“两委”确认")
    press(page, "评议完了，交“两委”确认")
    expect(page.get_by_role("alert")).to_contain_text("请写明评议小组哪些人参加")
    look(page)
    page.get_by_role("textbox").last.fill("评议小组 7 人到会，逐户评议")
    press(page, "评议完了，交“两委”确认")
    press(page, "“两委”确认")
    page.get_by_role("textbox").last.fill("“两委”会议，5 人到会，一致同意")
    press(page, "“两委”确认")


def announce(page: Page, address: str) -> str:
    """Write the notice and put it on view; return its public address."""
    page.goto(address)
    press(page, "写公示")
    page.get_by_label("异议受理人").fill("村务监督委员会申主任")
    page.get_by_label("受理电话").fill("0739-2721234")
    look(page)
    press(page, "下一步：核对公示")
    press(page, "确认公示")
    return page.get_by_role("link", name="看公开页面").get_attribute("href") or ""


def tell(page: Page, address: str, head: str) -> None:
    """Tell the household of the last grade in private, with what to mend."""
    page.goto(f"{address}?kind=untold")
    row = page.locator("tbody tr", has_text=head)
    row.get_by_role("link", name=re.compile("告知")).first.click()
    page.get_by_label(re.compile("改进什么")).fill(CONSEQUENCE)
    look(page)
    press(page, "已经告知，记下")
    page.goto(f"{address}?kind=untold")
    expect(page.locator("tbody tr", has_text=head)).to_have_count(0)


def file(page: Page, address: str, private: str) -> None:
    """The township files it once the notice is over, and sees the praised alone."""
    expect(page.locator("tbody tr", has_text=private)).to_have_count(0)
    days_pass(8)
    page.goto(address)
    press(page, "备案")
    press(page, "备案")
    expect(page.get_by_text("已备案").first).to_be_visible()
    look(page)
