"""From a death recorded in the village to the new representative's first visit."""

import datetime as dt
import os
import re
from http import HTTPStatus

from playwright.sync_api import Page, expect

from launcher import roles
from tests.days import today
from tests.journeys.conftest import NARROW, PHONE, Visit, look
from tests.rolls import ID_NUMBERS

SEATS = "/seats/430582113219/"


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link that looks like one."""
    found = page.get_by_role("button", name=name, exact=True)
    found = found if found.count() else page.get_by_role("link", name=name, exact=True)
    found.first.click()
    page.wait_for_load_state()


def days_pass(days: int) -> None:
    """Let the notice have begun some days earlier: nobody waits for it in a test."""
    name = f"lianhu_site_{os.getpid()}"
    with roles.connect(roles.at(os.environ["DATABASE_URL"], name)) as site:
        site.autocommit = False
        with site.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.lo', '0', true), set_config('app.hi', %s, true)",
                [str(10**12)],
            )
            cursor.execute(
                "UPDATE notices_publicnotice SET first_day = first_day - %s, "
                "last_day = last_day - %s WHERE region_code = 430582113219",
                [days, days],
            )
        site.commit()


def test_a_vacancy_is_filled_from_the_death_to_the_first_visit(visit: Visit) -> None:
    day = today()
    village, township = visit("village", path=SEATS), visit("township")
    unit = bury_somebody(village)

    village.goto(SEATS)
    village.locator("tr", has_text=unit).get_by_role(
        "link", name="启动补选"
    ).first.click()
    press(village, "启动补选")
    address = village.url
    plan(village, day)
    look(village)

    township.goto("/by-elections/")
    expect(township.get_by_text("轮到您办").first).to_be_visible()
    township.goto(address)
    press(township, "审核方案")
    press(township, "保存审核意见")

    village.goto(address)
    stand(village)
    vote(village)
    path = announce(village)

    everybody = visit(path=path)
    expect(everybody.get_by_text("王桂英")).to_be_visible()
    look(everybody)
    everybody.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    look(everybody)
    days_pass(8)
    # Past the browser's own copy, which it may keep for a minute.
    assert everybody.request.get(path).status == HTTPStatus.GONE

    township.goto(address)
    press(township, "办理备案")
    look(township)
    press(township, "确认备案")
    expect(township.get_by_text("已备案。王桂英今天起任代表")).to_be_visible()

    first_visit(visit, village, address)


def bury_somebody(page: Page) -> str:
    """End the mandate of the third on the roll; return the constituency."""
    page.goto("/representatives/")
    row = page.locator("tbody tr").nth(2)
    unit = row.locator("td").nth(4).inner_text()
    row.get_by_role("link").first.click()
    press(page, "办理离任")
    page.get_by_label("离任原因").select_option("death")
    page.get_by_label(re.compile("依据")).fill("死亡证明")
    press(page, "下一步：联系户交给谁")
    for choice in page.locator("select").all():
        choice.select_option("0")
    press(page, "下一步：核对")
    press(page, "确认离任")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已离任")
    return unit


def plan(page: Page, day: dt.date) -> None:
    """Fill in the plan and send it."""
    press(page, "填写方案")
    page.get_by_label("推选日期").fill(day.isoformat())
    page.get_by_label("主持人").fill("组长李国平")
    page.get_by_label("推选地点").fill("李国平家屋场")
    page.get_by_label(re.compile("户的代表")).check()
    page.get_by_role("spinbutton", name="应到人数").fill("40")
    press(page, "报镇里审核")


def stand(page: Page) -> None:
    """Enter the one who stands."""
    press(page, "登记候选人")
    page.get_by_label("姓名").fill("王桂英")
    page.get_by_label("性别").select_option("f")
    page.get_by_label("身份证号").fill(ID_NUMBERS[0])
    page.get_by_label("政治面貌").select_option("masses")
    page.get_by_label("怎么推荐的").select_option("households")
    page.get_by_label(re.compile("已核实")).check()
    look(page)
    press(page, "保存")


def vote(page: Page) -> None:
    """Type the result: first with more ballots back than out, then as it was."""
    press(page, "登记推选结果")
    numbers = {"应到": 40, "实到": 36, "发出票": 36, "收回票": 37, "无效票": 1}
    for label, number in numbers.items():
        page.get_by_label(label, exact=True).fill(str(number))
    for word, number in (("赞成", 30), ("反对", 4), ("弃权", 1)):
        page.get_by_label(f"王桂英 {word}").fill(str(number))
    press(page, "下一步：核对")
    expect(page.get_by_role("alert")).to_contain_text("收回票（37）多于发出票（36）")
    look(page)
    page.get_by_label("收回票", exact=True).fill("36")
    press(page, "下一步：核对")
    press(page, "确认登记")
    expect(page.get_by_role("heading", name="下一步：公示结果")).to_be_visible()


def announce(page: Page) -> str:
    """Put the result on view; return the public address."""
    press(page, "公示结果")
    page.get_by_label("异议受理人").fill("村务监督委员会申主任")
    page.get_by_label("受理电话").fill("0739-2721234")
    press(page, "下一步：核对公示")
    press(page, "确认公示")
    look(page)
    return page.get_by_role("link", name="看公开页面").get_attribute("href") or ""


def first_visit(visit: Visit, village: Page, address: str) -> None:
    """Open an account for the new one, who signs in and taps the first door."""
    village.goto(address)
    press(village, "开通登录账号")
    username = village.get_by_label("用户名").input_value()
    village.get_by_role("button", name="开通").click()
    password = village.locator("#initial-password").inner_text()

    phone = visit(size=PHONE, path="/accounts/sign-in/")
    phone.get_by_label("用户名或手机号").fill(username)
    phone.get_by_label("密码", exact=True).fill(password)
    phone.get_by_role("button", name="登录").click()
    phone.get_by_label("新密码", exact=True).fill("xin-dai-biao-2026")
    phone.get_by_label("再输一遍新密码", exact=True).fill("xin-dai-biao-2026")
    with phone.expect_navigation():
        phone.get_by_role("button", name="保存新密码").click()
    phone.goto("/visits/")
    phone.get_by_role("button", name="已走访，平安").first.click()
    expect(
        phone.get_by_text(re.compile("今天已走访|记好了|撤销")).first
    ).to_be_visible()
