"""The list of issues, one issue's page, and its steps as the pages take them."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.models import RowChange
from regions.models import Level
from sentiment import services
from sentiment.listing import Line
from sentiment.models import Holder, Issue, State
from sentiment.rows import Row
from sentiment.rules import Next, Way
from sentiment.templatetags.issues import issue_lines
from tests.cast import Cast, at, signed_in
from tests.days import days_ago, today
from tests.sentiment.stage import WATER, lines, say, village_life
from tests.visits.stage import Walker

LIST = reverse("sentiment:issues")
ID_NUMBER, PHONE = "430582195611059784", "13800036893"


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Set up our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


def step_url(issue: Issue, step: str) -> str:
    """Return where a step is taken."""
    return reverse("sentiment:issue-step", args=[issue.pk, step])


def raised(issue: Issue, cast: Cast) -> Issue:
    """Report an issue to the township."""
    return services.decide(
        issue=issue, version=issue.version, way=Way.TOWNSHIP, words="请协调",
        on=today(), by=cast.secretary,
    )  # fmt: skip


def test_what_is_overdue_stands_first_and_what_is_far_off_last(
    here: Walker, cast: Cast
) -> None:
    far = say(cast.clerk, "不急的事")
    late = say(cast.clerk, "超期的事", day=days_ago(9))
    done = say(cast.clerk, "办好的事")
    services.decide(
        issue=done, version=1, way=Way.ON_SPOT, words="好", on=today(), by=cast.clerk
    )
    page = signed_in(cast.secretary).get(LIST)
    order = [line.issue.pk for line in page.context["lines"]]
    assert order == [late.pk, done.pk, far.pk]
    assert "超期 2 天" in page.content.decode()


def test_what_people_typed_is_escaped_in_the_lines() -> None:
    typed = """<b>"'&"""
    row = Row(
        1, 1, today(), typed, typed, Level.VILLAGE, typed, typed, 1, typed, 1, typed,
        State.IN_HAND, Holder.VILLAGE, "", typed, typed, today(), None, None, "", None,
        "", None, 1, 2,
    )  # fmt: skip
    following = Next(typed, typed, light=typed)
    line = Line(row, following, 2, typed)
    drawn = issue_lines([line], one_village=False)
    assert "<b>" not in drawn
    assert drawn.count(escape(typed)) == 9
    assert "2 户反映" in drawn
    assert "重办过" in drawn


FILTERS = {
    "state=tell": ["办好的事"],
    "state=all": ["办好的事", "水管坏了", "门前垃圾"],
    "state=mine": ["水管坏了", "门前垃圾"],
    "topic=人居环境": ["门前垃圾"],
    "q=垃圾": ["门前垃圾"],
    "q=刘桂英": ["水管坏了"],
    "source=phone": ["门前垃圾"],
    "group=91": ["水管坏了"],
    "month={this_month}": ["办好的事", "水管坏了", "门前垃圾"],
    "month=2020-01": [],
    "q=100%": [],
}


def test_filters_live_in_the_address(here: Walker, cast: Cast) -> None:
    say(cast.clerk, "水管坏了", here.homes["刘桂英"])
    say(cast.clerk, "门前垃圾", topic="人居环境", source="phone")
    done = say(cast.clerk, "办好的事")
    services.decide(
        issue=done, version=1, way=Way.ON_SPOT, words="好", on=today(), by=cast.clerk
    )
    browser = signed_in(cast.secretary)
    wanted = {
        query.format(this_month=f"{today():%Y-%m}"): sorted(words)
        for query, words in FILTERS.items()
    }
    found = {
        query: sorted(
            line.words for line in browser.get(f"{LIST}?{query}").context["lines"]
        )
        for query in wanted
    }
    assert found == wanted
    assert "月份不对" in browser.get(f"{LIST}?month=十一月").content.decode()


@pytest.mark.parametrize(("at_once", "statements"), [(2, 0), (1, 1)])
def test_a_search_is_counted_only_where_it_finds_very_much(
    at_once: int,
    statements: int,
    here: Walker,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sentiment.listing.AT_ONCE", at_once)
    for words in ("水管坏了", "缺水", "路灯不亮"):
        say(cast.clerk, words)
    browser = signed_in(cast.secretary)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(f"{LIST}?q=水")
    assert {line.words for line in page.context["lines"]} == {"水管坏了", "缺水"}
    assert page.context["page"].paginator.count == 2
    counting = [x["sql"] for x in asked.captured_queries if "COUNT(*)" in x["sql"]]
    assert sum("LIKE '%水%'" in sql for sql in counting) == statements


def test_the_statements_of_the_list_do_not_grow_with_it(
    here: Walker, cast: Cast
) -> None:
    browser, counts = signed_in(cast.secretary), []
    for _ in range(2):
        for home in here.homes.values():
            say(cast.clerk, WATER, home)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(LIST).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 25


def test_the_village_decides_on_the_page_itself(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk, home=here.homes["刘桂英"])
    browser = signed_in(cast.secretary)
    page = browser.get(issue.get_absolute_url()).content.decode()
    assert "村里怎么定？" in page
    assert "下一步：村（社区）在" in page
    answer = browser.post(
        step_url(issue, "decide"),
        {"version": 1, "way": "village", "person": "申秋云", "on": today()},
    )
    assert answer.status_code == 302
    issue.refresh_from_db()
    assert (issue.state, issue.person) == ("in_hand", "申秋云")
    changed = RowChange.objects.filter(table="sentiment_issue", operation="update")
    assert changed.get(row=str(issue.pk)).user == cast.secretary.user_id


def test_what_was_done_is_said_in_whole_words(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk)
    browser = signed_in(cast.secretary)
    sent = {"version": 1, "words": "正在联系水管站", "on": today()}
    noted = browser.post(step_url(issue, "note"), sent, follow=True)
    assert "已记下。现在：" in noted.content.decode()


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk)
    answer = signed_in(cast.secretary).post(
        step_url(issue, "decide"),
        {"version": 1, "way": "village", "words": "先看看", "on": today()},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写明由谁负责办。" in page
    assert "先看看" in page
    assert Issue.objects.get(pk=issue.pk).version == 1


def test_the_second_of_two_sees_what_the_first_did_and_keeps_his_words(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk)
    services.accept(issue=issue, version=1, on=today(), by=cast.clerk)
    browser = signed_in(cast.secretary)
    sent = {"version": 1, "way": "explain", "words": "暂时办不了", "on": today()}
    answer = browser.post(step_url(issue, "decide"), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "别人刚改过" in page
    assert "clerk先生：受理" in page
    assert "暂时办不了" in page
    assert (
        browser.post(step_url(issue, "decide"), sent | {"version": 2}).status_code
        == 302
    )


def test_the_township_answers_what_was_sent_up_to_it(here: Walker, cast: Cast) -> None:
    issue = raised(say(cast.clerk, home=here.homes["刘桂英"]), cast)
    browser = signed_in(cast.township_staff)
    listed = browser.get(f"{LIST}?state=mine").context["lines"]
    assert [line.issue.pk for line in listed] == [issue.pk]
    page = browser.get(issue.get_absolute_url()).content.decode()
    assert "办好了，写明结果" in page
    assert "转市级部门" in page
    assert "退回" in page
    sent = {"version": 2, "words": "", "on": today()}
    assert browser.post(step_url(issue, "send-back"), sent).status_code == 422
    sent["words"] = "先在村里接临时管"
    assert browser.post(step_url(issue, "send-back"), sent).status_code == 302
    assert lines(issue)[-1] == ("send_back", "accepted", "先在村里接临时管")


def test_who_has_not_the_right_is_refused(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk, home=here.homes["刘桂英"])
    sent = {"version": 1, "words": "好", "on": today()}
    refused = {
        (cast.township_staff, "decide"): 403,
        (cast.township_staff, "resolve"): 422,
        (cast.city_staff, "withdraw"): 403,
        (here.post, "note"): 403,
        (cast.sibling_secretary, "note"): 404,
        (cast.secretary, "dance"): 404,
    }
    answers = {
        (post, step): signed_in(post).post(step_url(issue, step), sent).status_code
        for post, step in refused
    }
    assert answers == refused
    assert len(lines(issue)) == 1


def test_numbers_in_what_was_said_are_masked_outside_the_village(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk, f"我的证号{ID_NUMBER}，电话{PHONE}")
    services.note(
        issue=issue, version=1, words=f"回电{PHONE}", on=today(), by=cast.clerk
    )
    for url in (LIST, issue.get_absolute_url()):
        inside = signed_in(cast.clerk).get(url).content.decode()
        assert ID_NUMBER in inside
        assert PHONE in inside
        for post in (cast.township_staff, cast.city_staff):
            page = signed_in(post).get(url).content.decode()
            assert ID_NUMBER not in page
            assert PHONE not in page
            assert "430582********9784" in page


def test_a_new_issue_finds_its_household_by_the_heads_name(
    here: Walker, cast: Cast
) -> None:
    browser = signed_in(cast.clerk)
    url = reverse("sentiment:issue-new")
    sent = {
        "source": "phone", "heard_on": today(), "head": "刘桂英",
        "topic": "基础设施", "words": WATER,
    }  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    assert Issue.objects.get().household == here.homes["刘桂英"]
    lost = browser.post(url, sent | {"head": "刘桂音"})
    page = lost.content.decode()
    assert lost.status_code == 422
    assert "名册上没有“刘桂音”这一户" in page
    assert WATER in page
    assert Issue.objects.count() == 1


def test_merging_suggests_what_is_alike_and_keeps_every_word(
    here: Walker, cast: Cast
) -> None:
    first, second, third = (
        say(cast.clerk, words, home)
        for words, home in zip(
            ("冬季缺水，三天来一次水", "一到冬季就缺水，三天才来水", "路灯坏了"),
            here.homes.values(),
            strict=True,
        )
    )
    browser = signed_in(cast.secretary)
    url = reverse("sentiment:issue-merge", args=[first.pk])
    ticked = {line.issue.pk: on for line, _, on in browser.get(url).context["choices"]}
    assert ticked == {second.pk: True, third.pk: False}
    answer = browser.post(url, {"version": 1, "ids": [f"{second.pk}:1"]}, follow=True)
    page = answer.content.decode()
    assert "2 户反映" in page
    assert "一到冬季就缺水" in page
    assert (
        browser.post(url, {"version": 1, "ids": [f"{third.pk}:1"]}).status_code == 409
    )
    with at(cast.secretary):
        assert Issue.objects.get(pk=second.pk).merged_into == first


def test_the_representative_ticks_whom_he_has_told(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk, home=here.homes["刘桂英"])
    services.decide(
        issue=issue, version=1, way=Way.ON_SPOT, words="水管修好了", on=today(),
        by=cast.clerk,
    )  # fmt: skip
    browser = signed_in(here.post)
    page = browser.get(reverse("sentiment:to-tell")).content.decode()
    assert "刘桂英家" in page
    assert "水管修好了" in page
    url = reverse("sentiment:issue-tell", args=[issue.pk])
    nothing = browser.post(url, {"version": 2, "on": today()})
    assert nothing.status_code == 422
    assert "请选群众满意不满意。" in nothing.content.decode()
    assert (
        browser.post(url, {"version": 2, "on": today(), "answer": "fair"}).status_code
        == 302
    )
    issue.refresh_from_db()
    assert (issue.state, issue.answer) == ("closed", "fair")
    again = browser.post(url, {"version": 2, "on": today(), "answer": "fair"})
    assert again.status_code == 409


def test_a_representative_opens_his_issues_on_the_phone(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk, home=here.homes["刘桂英"])
    browser = signed_in(here.post)
    assert browser.get(LIST).status_code == 302
    page = browser.get(issue.get_absolute_url())
    assert "办理经过" in page.content.decode()
    assert "sentiment/issue_phone.html" in [t.name for t in page.templates]


def test_a_households_issues_are_a_part_of_its_page(here: Walker, cast: Cast) -> None:
    home = here.homes["刘桂英"]
    say(cast.clerk, home=home)
    url = reverse("sentiment:household-issues", args=[home.pk])
    browser = signed_in(cast.township_staff)
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert WATER in part
    assert "<html" not in part
    assert "<html" in browser.get(url).content.decode()
