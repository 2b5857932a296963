"""冬季缺水: told at three doors, decided at the meeting, answered, told back, closed.

The village is the demo's 长冲口村, whose month waits half decided; the three households
and their representative are the journey's own. It ends with the count of clicks and
keys that the secretary's meeting took.
"""

import uuid
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from sentiment.models import Issue, Review
from tests.cast import VILLAGE, everywhere
from tests.journeys.conftest import PHONE, Visit, look, ready_for_no_network, upload
from tests.visits.stage import Walker, make_walker

WORDS = "冬季缺水，三天来一次，老人提不动水"
HEADS = ("水家甲", "水家乙", "水家丙")
MOST_ACTS = 60
"""Clicks and keys for a dozen matters: at ten seconds each, ten minutes."""


@dataclass
class Acts:
    """The secretary's hands: every click and every key is counted."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, role: str, name: str) -> None:
        """Click a button or a link."""
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def press(self, key: str) -> None:
        """Press one key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def go_on(self) -> None:
        """Press Ctrl+Enter and wait for the next page."""
        with self.page.expect_navigation():
            self.press("Control+Enter")


@pytest.fixture
def walker(inside: None) -> Walker:
    """Return a representative with three households."""
    with everywhere():
        return make_walker(f"water{uuid.uuid4().hex[:8]}", HEADS)


def issues_of(walker: Walker) -> list[Issue]:
    """Return what his households said, as it is stored now."""
    with everywhere():
        rows = Issue.objects.filter(representative=walker.person)
        return list(rows.order_by("household"))


def test_winter_water_from_three_doors_to_the_closed_issue(
    visit: Visit, walker: Walker
) -> None:
    phone = visit(walker.user.username, size=PHONE)
    told_without_network(phone)
    village = visit("village")
    merged_by_suggestion(village, issues_of(walker)[0])
    acts = decided_and_submitted(village)
    township = visit("township", path="/reviews/")
    answered(township, issues_of(walker)[0])
    told_back(phone)

    assert {issue.state for issue in issues_of(walker)} <= {"closed", "merged"}
    assert issues_of(walker)[0].answer == "fair"
    read_everywhere(village, township)
    assert acts.clicks + acts.keys <= MOST_ACTS, acts
    print(f"clicks {acts.clicks}, keys {acts.keys}")  # noqa: T201 - the journey's figure


def told_without_network(page: Page) -> None:
    """有情况 at three doors without network, uploaded later."""
    ready_for_no_network(page)
    page.context.set_offline(True)
    for head in HEADS:
        page.get_by_role("link", name=f"{head}家有情况").click()
        for choice in ("水电路网", "不满", "要办"):
            page.locator(".pick", has_text=choice).click()
        page.get_by_label("说一说").fill(WORDS)
        page.get_by_role("button", name="记好了").click()
        page.wait_for_url("**/visits/")
    page.context.set_offline(False)
    upload(page)


def merged_by_suggestion(page: Page, issue: Issue) -> None:
    """What says the same is ticked already; one of last month's is another matter."""
    page.goto(f"/issues/{issue.pk}/merge/")
    for head in HEADS[1:]:
        row = page.get_by_role("row").filter(has_text=head)
        expect(row.get_by_role("checkbox")).to_be_checked()
    for row in page.get_by_role("row").filter(has_not_text="水家").all()[1:]:
        row.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="合并勾上的").click()
    expect(page.get_by_text("各户的原话都还在")).to_be_visible()


def decided_and_submitted(page: Page) -> Acts:
    """The four steps of the month's meeting, by keys."""
    page.goto("/reviews/")
    look(page)
    acts = Acts(page)
    acts.click("link", "接着准备")
    look(page)
    page.locator("a.btn.pri").first.click()
    acts.clicks += 1
    looked = False
    while "/items/" in page.url:
        is_water = "缺水" in page.locator(".it h2").inner_text()
        acts.press("2" if is_water else "1")
        if not looked:
            expect(page.locator("#saved")).to_contain_text("已自动保存")
            expect(page.get_by_label("责任人", exact=True)).not_to_have_value("")
            look(page)
            looked = True
        acts.go_on()
    look(page)
    acts.go_on()
    page.get_by_label("哪天开的会？").fill(
        page.get_by_label("哪天开的会？").get_attribute("max") or ""
    )
    acts.clicks += 2
    look(page)
    acts.go_on()
    look(page)
    acts.go_on()
    expect(page.get_by_text("定下的事已经交办")).to_be_visible()
    look(page)
    return acts


def answered(page: Page, issue: Issue) -> None:
    """The township sees who has submitted, and answers what was sent up."""
    expect(page.get_by_role("row").filter(has_text="长冲口村")).to_contain_text(
        "已提交"
    )
    look(page)
    page.goto(f"/issues/{issue.pk}/step/resolve/")
    page.locator("#id_words").fill("水利站已接通主管，每天供水。")
    page.locator("#step button[type=submit]").click()
    expect(page.get_by_text("水利站已接通主管").first).to_be_visible()


def told_back(page: Page) -> None:
    """The representative tells each household, and each says 基本满意."""
    for _ in HEADS:
        page.goto("/issues/to-tell/")
        card = page.locator("section.tell").first
        card.locator(".pick", has_text="基本满意").click()
        with page.expect_navigation():
            card.get_by_role("button", name="已经告诉他了").click()


def read_everywhere(village: Page, township: Page) -> None:
    """Minutes, the township's page and its side-by-side reading say the same."""
    with everywhere():
        review = Review.objects.submitted().get(
            region=VILLAGE, month=Review.objects.latest("month").month
        )
        items = review.items.count()
    village.goto(f"/reviews/{review.pk}/paper/")
    expect(village.get_by_text(WORDS).first).to_be_visible()
    look(village)
    township.goto(f"/reviews/{review.pk}/")
    expect(township.get_by_text(f"研判 {items} 件")).to_be_visible()
    township.goto("/reviews/")
    row = township.get_by_role("row").filter(has_text="长冲口村")
    expect(row.get_by_role("cell", name=str(items), exact=True)).to_be_visible()
    township.goto("/reviews/together/430582113000/")
    expect(township.get_by_text(f"研判 {items} 件").first).to_be_visible()
    look(township)
