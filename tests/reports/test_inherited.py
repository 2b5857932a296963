"""The log that an archive brought: each line in words, secrets in none of them."""

from typing import Any

import pytest
from django.utils import timezone

from reports.archive.inherited import Line, line_of
from reports.models import InheritedRecord
from tests.accounts.pages import statements, words
from tests.cast import VILLAGE, Cast, signed_in

NAMES = {"zhou": "周书记"}


def read(kind: str, **content: Any) -> Line:
    """Return a record in words."""
    record = InheritedRecord(
        region_id=VILLAGE, kind=kind, at=timezone.now(), content=content
    )
    return line_of(record, NAMES, "魏家桥镇 长冲口村")


def changed(operation: str, **both: Any) -> Line:
    """Return a change of a household in words."""
    return read(
        "change", table="households_household", row="7", operation=operation,
        user="zhou", **both,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "who", "what"),
    [
        ({"action": "exported", "user": "zhou", "subject": "花名册"},
         "周书记", "导出：花名册"),
        ({"action": "sign_in", "user": "zhou", "subject": "周书记"}, "周书记", "登录"),
        ({"action": "sign_in_failed", "user": None, "subject": "li"},
         "没有登录的人", "登录没有成功：li"),
        ({"action": "system", "user": None, "subject": "关账"}, "系统", "系统操作：关账"),
        ({"action": "gone_by_now", "user": "left"}, "left", "gone_by_now"),
    ],
)  # fmt: skip
def test_what_somebody_did_reads_as_a_sentence(
    content: dict[str, Any], who: str, what: str
) -> None:
    line = read("access", **content)
    assert (line.who, line.what) == (who, what)


def test_a_change_tells_old_and_new_and_names_the_row() -> None:
    line = changed(
        "update",
        before={"head": "张三", "phone": "138****5678", "group_id": 3},
        after={"head": "张四", "phone": "139****0000", "group_id": 4},
    )
    assert line.what == "修改联系户“张四”"
    said = {one.label: (one.before, one.after) for one in line.changes}
    assert said["户主姓名"] == ("张三", "张四")
    assert ("138****5678", "139****0000") in said.values()
    assert ("编号 3", "编号 4") in said.values()


def test_what_was_deleted_can_be_read_whole() -> None:
    line = changed("delete", before={"head": "张三", "address": ""}, after=None)
    assert (line.what, line.tone) == ("删除联系户“张三”", "bad")
    assert [(pair.label, pair.value) for pair in line.values] == [("户主姓名", "张三")]


def test_a_number_that_came_unmasked_is_not_shown() -> None:
    line = changed("update", before={"phone": "k1:abc"}, after={"phone": "k1:def"})
    assert "k1:" not in str(line)


def test_a_table_that_is_gone_by_now_still_reads() -> None:
    line = read(
        "change", table="old_table", row="1", operation="insert", user=None,
        before=None, after={"name": "甲", "x": 1},
    )  # fmt: skip
    assert line.what == "新增old_table“甲”"
    assert ("x", "1") in [(pair.label, pair.value) for pair in line.values]


def test_an_empty_page_says_what_would_stand_there(cast: Cast) -> None:
    browser = signed_in(cast.township_lead)
    assert "没有带来的日志" in words(browser.get("/centre/inherited/"))
    assert "没有符合的记录" in words(browser.get("/centre/inherited/?q=甲"))
    wrong = words(browser.get("/centre/inherited/?since=昨天"))
    assert "日期要写成" in wrong
    assert statements(browser, "/centre/inherited/?who=周&what=changes&after=1") < 30
