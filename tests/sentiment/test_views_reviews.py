"""The desk of the month's 民情分析会, and who reads it."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from sentiment.models import Issue, Review, ReviewItem
from sentiment.services import reviews as services
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, statements, text_of
from tests.sentiment.meetings import WORDS, begun, decided, heard, met, month, submitted

HTMX = {"HX-Request": "true"}


@pytest.fixture
def issues(cast: Cast, rolls: Rolls) -> list[Issue]:
    """Let four households say something."""
    homes = rolls.held_by("张顺民")
    return [
        heard(rolls, cast.clerk, words, home.head)
        for words, home in zip(WORDS, homes, strict=False)
    ]


def desk(cast: Cast) -> tuple[Client, str]:
    """Begin this month's review in the secretary's browser; return both."""
    browser = signed_in(cast.secretary)
    made = browser.post("/reviews/begin/", {"month": f"{month():%Y-%m}"})
    return browser, made["Location"].removesuffix("data/")


def was(**stored: Any) -> dict[str, Any]:
    """Return what the page showed before."""
    return {f"was-{name}": value for name, value in stored.items()}


def test_a_secretary_goes_from_the_figures_to_the_submitted_review(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    browser, url = desk(cast)
    assert "4 件等着研判" in text_of(browser.get(f"{url}data/"))
    page = browser.get(f"{url}items/")
    for _ in issues:
        page = browser.post(
            page["Location"], {"decision": "township"} | was(decision="")
        )
    assert page["Location"] == f"{url}covenants/"
    page = browser.post(page["Location"], {"covenants_say": "都说评得公道。"} | was())
    assert page["Location"] == f"{url}meeting/"
    shown = browser.get(page["Location"]).context["form"]
    meeting = {name: shown[name].value() or "" for name in shown.fields} | {
        "held_on": today().isoformat(),
        "place": "村部会议室",
        "members": "3",
    }
    assert len(meeting["people"]) == 4, "all are present until somebody is tapped"
    page = browser.post(page["Location"], meeting | was())
    assert page["Location"] == f"{url}check/"
    check = browser.get(page["Location"])
    assert not check.context["desk"].missing, check.context["desk"].missing
    version = check.context["review"].version
    done = browser.post(f"{url}submit/", {"version": version})
    assert done["Location"] == url
    assert "本月研判民情 4 件：报镇里协调 4 件" in text_of(browser.get(url))
    with at(cast.township_staff):
        review = Review.objects.get()
        assert (review.state, review.present, review.expected) == ("submitted", 7, 7)
        assert Issue.objects.filter(holder="township").count() == 4


def test_a_page_saves_itself_and_fills_in_person_and_day(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    browser, url = desk(cast)
    item = f"{url}items/{issues[0].pk}/"
    answer = browser.post(
        item, {"decision": "village", "conclusion": ""} | was(decision=""), headers=HTMX
    )
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert "已自动保存" in html
    assert html.count('hx-swap-oob="true"') == 3, "person, day and conclusion"
    assert 'name="was-decision" value="village"' in html
    with at(cast.secretary):
        assert ReviewItem.objects.get().person == "张顺民"


def test_two_at_one_item_lose_nothing(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    browser, url = desk(cast)
    item, clerk = f"{url}items/{issues[0].pk}/", signed_in(cast.clerk)
    base = {"decision": "village", "person": "李红英", "conclusion": "先送水。"}
    clerk.post(item, base | was(decision=""))
    mine = {"decision": "village", "person": "李红英", "conclusion": "报水利站。"}
    shown = was(decision="", person="", conclusion="")
    for extra, status in (
        ({}, HTTPStatus.CONFLICT),
        (HTMX, HTTPStatus.UNPROCESSABLE_ENTITY),
    ):
        page = browser.post(item, mine | shown, headers=extra)
        assert page.status_code == status
        assert "先送水。" in page.content.decode()
        assert "别人刚改过" in page.content.decode()
    with at(cast.secretary):
        assert ReviewItem.objects.get().conclusion == "先送水。"
    seen = was(decision="village", person="李红英", conclusion="先送水。")
    assert browser.post(item, mine | seen).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_what_is_wrong_is_said_and_stays_in_the_form(
    cast: Cast, rolls: Rolls, issues: list[Issue], extra: dict[str, str]
) -> None:
    browser, url = desk(cast)
    page = browser.post(
        f"{url}items/{issues[0].pk}/",
        {"decision": "village", "due_on": "明天"} | was(),
        headers=extra,
    )
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "日期不对" in page.content.decode()


def test_a_matter_noted_without_a_decision_says_what_is_missing(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    browser, url = desk(cast)
    item = f"{url}items/{issues[0].pk}/"
    page = browser.post(item, {"conclusion": "先送水。"} | was(conclusion=""))
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "还没有定。请点一种办法再记下" in text_of(page)
    sent = {"decision": "village", "conclusion": "先送水。"}
    seen = {
        f"was-{name}": page.context["was"][name].value() or ""
        for name in page.context["was"].fields
    }
    assert seen["was-conclusion"] == "先送水。", "what was typed is kept"
    assert browser.post(item, sent | seen).status_code == HTTPStatus.FOUND


def test_the_clerk_prepares_and_the_secretary_submits(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    review = begun(cast.clerk)
    decided(cast.clerk, review)
    met(cast.clerk, review)
    clerk = signed_in(cast.clerk)
    assert "请书记登录后提交" in text_of(clerk.get(f"/reviews/{review.pk}/check/"))
    refused = clerk.post(f"/reviews/{review.pk}/submit/", {"version": review.version})
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_the_check_names_what_is_missing_and_leads_there(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    browser, url = desk(cast)
    page = browser.get(f"{url}check/")
    assert f'href="{url}items/{issues[0].pk}/"' in page.content.decode()
    assert "提交给魏家桥镇" not in text_of(page)
    tried = browser.post(f"{url}submit/", {"version": "1"}, follow=True)
    assert "还没有研判" in text_of(tried)


def test_the_township_reads_returns_and_reads_the_new_version(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    review = begun(cast.secretary)
    boss, browser = signed_in(cast.township_staff), signed_in(cast.secretary)
    assert "正在准备" in text_of(boss.get("/reviews/"))
    assert "还没有提交" in text_of(boss.get(f"/reviews/{review.pk}/"))
    submitted(cast.secretary, review)
    assert "照会上定的办。" in text_of(boss.get(f"/reviews/{review.pk}/"))
    side = text_of(boss.get("/reviews/together/430582113000/"))
    assert "抓紧办。" in side
    boss.post(f"/reviews/{review.pk}/return/", {"reason": "缺签到"})
    assert "缺签到" in text_of(browser.get(f"/reviews/{review.pk}/"))
    fresh = browser.post(f"/reviews/{review.pk}/correct/")["Location"]
    assert "缺签到" in text_of(browser.get(fresh))
    assert "上一版已经定了" in text_of(
        browser.get(fresh.replace("meeting/", f"items/{issues[0].pk}/"))
    )
    with at(cast.secretary):
        again = Review.objects.get(number=2)
        services.submit(review=again, version=again.version, by=cast.secretary)
    assert "第 2 版" in text_of(boss.get(f"/reviews/{again.pk}/"))
    assert "更正后的一份" in text_of(boss.get(f"/reviews/{review.pk}/"))


def test_a_correction_in_work_leads_the_township_to_what_was_submitted(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    first = submitted(cast.secretary, begun(cast.secretary))
    with at(cast.secretary):
        fresh = services.correct(review=first, by=cast.secretary)
    boss = signed_in(cast.township_staff)
    assert "还没有提交；提交以前看这一份" in text_of(boss.get(f"/reviews/{first.pk}/"))
    draft = boss.get(f"/reviews/{fresh.pk}/").content.decode()
    assert f'href="/reviews/{first.pk}/"' in draft


def test_minutes_have_the_columns_of_ledger_5(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    review = begun(cast.secretary)
    browser = signed_in(cast.secretary)
    draft = text_of(browser.get(f"/reviews/{review.pk}/paper/"))
    assert "会议材料" in draft
    submitted(cast.secretary, review)
    page = text_of(browser.get(f"/reviews/{review.pk}/paper/"))
    for words in ("主持人", "记录人", "应到", "实到", "参会人员", "责任人", "时限"):
        assert words in page
    assert "上次事项落实情况" in page
    file = browser.get(f"/reviews/{review.pk}/paper/?format=docx")
    assert file.content[:2] == b"PK"


def test_the_boards_take_the_same_statements_however_many_there_are(
    cast: Cast, rolls: Rolls, issues: list[Issue]
) -> None:
    boss, lead = signed_in(cast.township_staff), signed_in(cast.city_staff)
    browser, url = desk(cast)
    pages = (
        (boss, "/reviews/"),
        (boss, "/reviews/together/430582113000/"),
        (lead, "/reviews/"),
        (browser, f"{url}items/{issues[0].pk}/"),
    )
    few = [statements(*page) for page in pages]
    for number in range(6):
        heard(rolls, cast.clerk, f"第{number}件事，路上有坑")
    assert statements(*pages[3]) == few[3]
    with at(cast.secretary):
        review = Review.objects.get()
    submitted(cast.secretary, review)
    more = [statements(*page) for page in pages[:3]]
    assert more[0] == few[0]
    assert more[2] == few[2]
    assert more[1] <= few[1] + 2, "items and issues, however many"
    assert "已提交" in text_of(boss.get("/reviews/"))
    assert "已交 1 份" in text_of(lead.get("/reviews/"))
