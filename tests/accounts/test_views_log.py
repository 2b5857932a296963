"""The audit page: sentences, filters, pages, range, cost."""

import datetime as dt
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit, chain, services, tasks
from accounts.audit import system_scope
from accounts.models import AccessEntry, Action, Post, RowChange, User
from accounts.presenting import Line
from accounts.sealing import Sealed, blind_index
from notices.models import PublicNotice
from regions.models import Region, VillagerGroup
from tests.accounts.pages import browser, sign_in, statements, words
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    everywhere,
    signed_in,
)
from tests.days import today
from tests.notices.test_services import drafted

PAGE = "/accounts/audit/"


@pytest.fixture
def auditor(cast: Cast) -> Client:
    """Return the auditor's browser."""
    return signed_in(cast.auditor)


def shown(client: Client, query: str = "") -> list[Line]:
    """Return the lines of a page of the log."""
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    return list(page.context["lines"])


def write(action: Action, region: int, subject: str, by: User | None = None) -> None:
    """Write a line of the access log."""
    with everywhere():
        audit.record(action, region=region, by=by, subject=subject)


# -- sentences -----------------------------------------------------------------------


def test_a_change_is_told_with_old_and_new_in_words(
    cast: Cast, auditor: Client
) -> None:
    with at(cast.township_lead):
        services.end_post(
            post=Post.objects.get(pk=cast.clerk.pk),
            by=cast.township_lead,
            on=dt.date(2026, 11, 23),
        )
    line = next(one for one in shown(auditor) if one.changes)

    assert line.who == "township_lead先生"
    assert line.what == "修改职务“clerk先生：魏家桥镇 长冲口村 村（社区）文书”"
    assert line.where == "魏家桥镇 长冲口村"
    assert {(c.label, c.before, c.after) for c in line.changes} == {
        ("免职日期", None, "2026-11-23"),
        ("免职人", None, "township_lead先生"),
    }


def test_roles_and_yes_or_no_are_told_in_words(cast: Cast, auditor: Client) -> None:
    with everywhere():
        cast.clerk.role = "representative"
        cast.clerk.save()
        User.objects.filter(pk=cast.clerk.user_id).update(is_active=False)
    active, role = (one for one in shown(auditor) if one.changes)
    (change,) = role.changes
    assert (change.label, change.before, change.after) == (
        "角色",
        "村（社区）文书",
        "村（居）民代表",
    )
    (change,) = active.changes
    assert (change.label, change.before, change.after) == ("启用", "是", "否")


def test_a_sealed_value_is_only_said_to_have_changed(
    cast: Cast, auditor: Client
) -> None:
    sealed = Sealed.of("13800001111", "phone")
    with everywhere():
        User.objects.filter(pk=cast.clerk.user_id).update(
            phone=sealed, phone_index=blind_index("13800001111")
        )
    page = auditor.get(PAGE)
    (line,) = [one for one in page.context["lines"] if one.changes]
    (change,) = line.changes
    assert (change.label, change.after) == ("手机号", "（已修改，不显示内容）")
    text = page.content.decode()
    assert sealed.token not in text
    assert "138****1111" not in text
    assert blind_index("13800001111") not in text


def test_a_change_of_a_table_within_a_row_is_only_said_to_have_happened(
    cast: Cast, auditor: Client
) -> None:
    with at(cast.clerk):
        notice = drafted()
        PublicNotice.objects.filter(pk=notice.pk).update(
            table={"heads": ["姓名"], "rows": [["张三"]]}
        )
    (line,) = [one for one in shown(auditor) if one.changes]
    (change,) = line.changes
    assert (change.label, change.before, change.after) == (
        "表格",
        "（已修改，不显示内容）",
        "（已修改，不显示内容）",
    )


def test_what_was_deleted_keeps_its_name(cast: Cast, auditor: Client) -> None:
    with everywhere():
        group = VillagerGroup.objects.create(region_id=VILLAGE, number=3, name="院子组")
        group.delete()
    deleted = next(one for one in shown(auditor) if one.what.startswith("删除"))
    assert deleted.what == "删除村（居）民小组“院子组”"
    assert deleted.tone == "bad"


def test_what_the_system_did_carries_its_reason(cast: Cast, auditor: Client) -> None:
    with system_scope("载入区划名录"):
        Region.objects.filter(code=VILLAGE).update(name="长冲新村")
    lines = shown(auditor)
    assert ("系统", "系统操作", "载入区划名录") in {
        (one.who, one.what, one.note) for one in lines
    }
    changed = next(one for one in lines if one.changes)
    assert (changed.who, changed.note) == ("系统", "载入区划名录")


def test_failures_and_refusals_are_told_and_marked(cast: Cast, auditor: Client) -> None:
    sign_in(Client(), "clerk", "wrong-password")
    sign_in(Client(), "nobody", "wrong-password")
    signed_in(cast.clerk).get(PAGE)
    refused, unknown, failed = shown(auditor)[:3]

    assert (failed.who, failed.what, failed.note, failed.tone) == (
        "clerk先生",
        "登录没有成功",
        "密码不对",
        "warn",
    )
    assert (unknown.who, unknown.what) == ("没有登录的人", "登录没有成功：没有这个账号")
    assert (refused.who, refused.note, refused.tone) == ("clerk先生", PAGE, "bad")
    assert refused.address == "127.0.0.1"


def test_every_action_has_a_sentence(cast: Cast, auditor: Client) -> None:
    for action in Action:
        write(action, VILLAGE, "对象", by=cast.clerk.user)
    told = {line.what for line in shown(auditor) if line.what.endswith("：对象")}
    assert len(told) == len(Action)


# -- filters -------------------------------------------------------------------------


@pytest.fixture
def entries(cast: Cast) -> None:
    """Write three lines on three days in three places."""
    days = ((1, Action.EXPORTED, VILLAGE, cast.clerk),
            (2, Action.REVEALED, TOWNSHIP, cast.township_lead),
            (3, Action.EXPORTED, OTHER_TOWNSHIP, cast.other_lead))  # fmt: skip
    for day, action, region, by in days:
        with time_machine.travel(
            dt.datetime(2026, 3, day, 15, 30, tzinfo=dt.UTC), tick=False
        ):
            write(action, region, f"第 {day} 天", by=by.user)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("what=exported", [3, 1]),
        ("what=revealed", [2]),
        ("what=exported&who=clerk", [1]),
        ("who=lead先生&until=2026-03-05", [3, 2]),
        ("place=魏家桥镇&until=2026-03-05", [2, 1]),
        ("place=长冲口村&until=2026-03-05", [1]),
        ("since=2026-03-02&until=2026-03-02", [2]),
        ("until=2026-03-02", [2, 1]),
        ("since=2026-03-03&until=2026-03-03&what=revealed", []),
        ("what=changes&until=2026-03-05", []),
    ],
)
def test_the_filters_narrow_the_log(
    entries: None, auditor: Client, query: str, found: list[int]
) -> None:
    assert [line.what.split("第 ")[1] for line in shown(auditor, query)] == [
        f"{day} 天" for day in found
    ]


def test_changes_can_be_looked_for_table_by_table(cast: Cast, auditor: Client) -> None:
    with everywhere():
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    assert [one.what for one in shown(auditor, "what=regions_villagergroup")] == [
        "新增村（居）民小组“1 组”"
    ]
    assert len(shown(auditor, "what=changes")) > 1


def test_a_day_ends_at_local_midnight(cast: Cast, auditor: Client) -> None:
    for hour, minute in ((15, 59), (16, 1)):  # UTC: 23:59 and 00:01 in Shanghai
        moment = dt.datetime(2026, 3, 1, hour, minute, tzinfo=dt.UTC)
        with time_machine.travel(moment, tick=False):
            write(Action.EXPORTED, VILLAGE, f"{hour} 点", by=cast.clerk.user)
    (line,) = shown(auditor, "since=2026-03-01&until=2026-03-01")
    assert line.what == "导出：15 点"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("since=昨天", "日期要写成 2026-11-23 的样子"),
        ("since=2026-03-02&until=2026-03-01", "不能早于“从”的日期"),
        ("place=哪里", "您管理的范围内没有“哪里”"),
        ("what=nonsense", "没有这一项，请在列出的里面选"),
    ],
)
def test_a_filter_that_makes_no_sense_is_explained(
    auditor: Client, query: str, why: str
) -> None:
    page = auditor.get(f"{PAGE}?{query}")
    assert why in words(page)
    assert page.context["lines"] == []


def test_an_empty_result_says_so(auditor: Client) -> None:
    assert "没有符合的记录" in words(auditor.get(f"{PAGE}?who=没有这个人"))


# -- pages and range ---------------------------------------------------------------------


def many(cast: Cast, count: int) -> None:
    """Write many lines at the very same moment, and as many changes."""
    moment = timezone.now() + dt.timedelta(minutes=5)
    with everywhere():
        AccessEntry.objects.bulk_create(
            AccessEntry(
                region_id=VILLAGE,
                at=moment,
                action=Action.EXPORTED,
                user=cast.clerk.user,
                subject=f"表 {number}",
            )
            for number in range(count)
        )
        VillagerGroup.objects.bulk_create(
            VillagerGroup(region_id=VILLAGE, number=number) for number in range(count)
        )


def walk(client: Client, query: str = "") -> list[list[Line]]:
    """Return all pages of the log, following the link to earlier lines."""
    pages, after = [], ""
    while True:
        page = client.get(PAGE, {**dict(parse_qsl(query)), "after": after})
        pages.append(list(page.context["lines"]))
        after = page.context["after"]
        if not after:
            return pages


def test_the_pages_hold_every_line_once_even_at_one_moment(
    cast: Cast, auditor: Client
) -> None:
    many(cast, 70)
    with everywhere():
        total = AccessEntry.objects.count() + RowChange.objects.count()
    pages = walk(auditor)
    lines = [line for page in pages for line in page]

    assert len(lines) == total
    assert {len(page) for page in pages[:-1]} == {50}
    assert [line.at for line in lines] == sorted(
        (line.at for line in lines), reverse=True
    )
    exported = [line.what for line in lines if line.what.startswith("导出")]
    assert len(set(exported)) == 70


def test_a_change_at_the_moment_where_a_page_ends_is_not_lost(
    cast: Cast, auditor: Client
) -> None:
    with everywhere():
        newest = RowChange.objects.order_by("-at")[0]
        AccessEntry.objects.bulk_create(
            AccessEntry(region_id=VILLAGE, at=newest.at, action=Action.EXPORTED)
            for _ in range(50)
        )
        total = AccessEntry.objects.count() + RowChange.objects.count()
    assert sum(len(page) for page in walk(auditor)) == total


def test_the_link_to_earlier_lines_keeps_the_filters(
    cast: Cast, auditor: Client
) -> None:
    many(cast, 60)
    pages = walk(auditor, "what=exported")
    assert [len(page) for page in pages] == [50, 10]
    html = auditor.get(f"{PAGE}?what=exported").content.decode()
    assert "?what=exported&amp;after=" in html


@pytest.mark.parametrize("token", ["x", "1_2_3", "2026-01-01_9", ""])
def test_a_broken_link_shows_the_newest_lines(auditor: Client, token: str) -> None:
    assert auditor.get(PAGE, {"after": token}).status_code == 200


def test_the_cost_does_not_grow_with_the_lines(cast: Cast, auditor: Client) -> None:
    many(cast, 3)
    groups = f"{PAGE}?what=regions_villagergroup"
    few = statements(auditor, groups)
    with everywhere():
        VillagerGroup.objects.bulk_create(
            VillagerGroup(region_id=VILLAGE, number=100 + number)
            for number in range(45)
        )
    assert len(auditor.get(groups).context["lines"]) == 48
    assert statements(auditor, groups) == few


def test_the_log_is_never_counted(cast: Cast, auditor: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        auditor.get(PAGE)
    counted = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    # The bell counts a person's own unread messages, by their index.
    assert [sql for sql in counted if "inbox_message" not in sql] == []


def test_the_log_ends_where_ones_range_ends(cast: Cast) -> None:
    write(Action.EXPORTED, OTHER_TOWNSHIP, "界岭的表", by=cast.other_lead.user)
    write(Action.EXPORTED, VILLAGE, "长冲口的表", by=cast.clerk.user)
    with everywhere():
        # No role has such a post today; the page must not depend on that.
        near = Post.objects.create(
            user=User.objects.create(
                username="near", name="镇审计", must_change_password=False
            ),
            role="auditor",
            region_id=TOWNSHIP,
            started_on=dt.date(2026, 1, 1),
        )
    text = words(signed_in(near).get(PAGE))
    assert "长冲口的表" in text
    assert "界岭的表" not in text


# -- the chain -----------------------------------------------------------------------


def test_the_page_says_that_nothing_was_sealed_yet(auditor: Client) -> None:
    text = words(auditor.get(PAGE))
    assert "还没有封存" in text
    assert "还没有校验过" in text


def test_the_page_says_how_far_the_log_is_sealed_and_that_it_holds(
    cast: Cast, auditor: Client
) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, 3, 0, tzinfo=dt.UTC), tick=False):
        write(Action.EXPORTED, CITY, "表", by=cast.clerk.user)
    tasks.seal_audit()
    text = words(auditor.get(PAGE))
    sealed = chain.settled() - dt.timedelta(days=1)
    assert f"已封存到 {sealed}" in text
    assert "校验通过" in text


def test_a_broken_chain_is_shouted(cast: Cast, auditor: Client) -> None:
    with system_scope("校验"):
        chain.record_check(dt.date(2026, 3, 1))
    page = auditor.get(PAGE)
    assert "日志校验不通过" in words(page)
    assert "校验不通过：2026-03-01 的日志被改动过" in words(page)


def test_the_nightly_check_finds_a_row_that_was_changed_afterwards(
    cast: Cast, auditor: Client
) -> None:
    day = timezone.now() - dt.timedelta(days=2)
    with time_machine.travel(day, tick=False):
        write(Action.EXPORTED, CITY, "表", by=cast.clerk.user)
    with system_scope("封存"):
        chain.seal_until(today())
        with time_machine.travel(day, tick=False):
            write(Action.EXPORTED, CITY, "后来补的", by=cast.clerk.user)
    tasks.seal_audit()
    assert "日志校验不通过" in words(auditor.get(PAGE))


def test_signing_in_shows_up_at_once(cast: Cast, auditor: Client) -> None:
    browser("clerk")
    assert shown(auditor)[0].what == "登录"
