"""社情民意台账: a paper row as an issue, as far as it went; and the ledger as it goes out."""

import datetime as dt
from collections import Counter

import pytest

from regions.models import Region
from sentiment.ledgers import COLUMNS, IssueLedger
from sentiment.models import Issue
from sentiment.services import amend
from tests.cast import VILLAGE, Cast, at
from tests.days import today
from tests.sentiment.stage import say, village_life
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from workbooks.models import Upload

uploads = desk.uploads
TITLES = (
    *("村", "收集时间", "来源", "反映人", "所在组", "类别", "反映内容", "受理时间"),
    *("责任人", "办理情况", "办结时间", "反馈时间", "群众评价", "是否销号"),
)


def row(**cells: object) -> list[object]:
    """Return a row of TITLES: somebody says that water lacks."""
    given = {"村": "长冲口村", "收集时间": "2026-03-02", "反映内容": "冬季缺水"} | cells
    return [given.get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("issues", roll(TITLES, *rows), cast.clerk)


DONE = {
    "受理时间": "2026-03-03", "责任人": "申秋云", "办理情况": "已修好",
    "办结时间": "2026-03-08", "反馈时间": "2026-03-09", "群众评价": "基本满意",
    "是否销号": "是",
}  # fmt: skip
WENT = {
    "collected": {},
    "accepted": {"受理时间": "2026-03-03"},
    "in_hand": {"受理时间": "2026-03-03", "责任人": "申秋云"},
    "resolved": {"办结时间": "2026-03-08"},
    "told": {"办结时间": "2026-03-08", "反馈时间": "2026-03-09"},
    "closed": DONE,
}


@pytest.mark.parametrize(("state", "cells"), WENT.items())
def test_a_paper_issue_stands_where_its_days_say(
    cast: Cast, state: str, cells: dict[str, object]
) -> None:
    assert counts(bring(cast, row(**cells))) == (1, 0, 0, 0)
    with at(cast.clerk):
        issue = Issue.objects.get()
        step = issue.steps.get()
    assert (issue.state, issue.source, issue.region_id) == (state, "ledger", VILLAGE)
    assert (step.action, step.state, step.words) == ("collect", state, "台账导入")
    if state == "closed":
        assert (issue.answer, issue.closed_on) == ("fair", dt.date(2026, 3, 9))


def test_the_same_ledger_again_adds_nothing(cast: Cast) -> None:
    bring(cast, row())
    assert counts(bring(cast, row(), row(反映内容="路灯坏了"))) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"类别": "天气"}, "unknown_topic"),
        ({"受理时间": "2026-03-01"}, "days_in_disorder"),
        ({"是否销号": "是"}, "not_resolved"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    cast: Cast, cells: dict[str, object], code: str
) -> None:
    upload = hand_in("issues", roll(TITLES, row(**cells)), cast.clerk)
    assert code in str(refusals(upload))


def test_the_ledger_goes_out_with_its_totals_and_without_numbers(cast: Cast) -> None:
    with village_life(cast) as walker:
        home = walker.homes["刘桂英"]
        issue = say(cast.clerk, "回电13800036893", home)
        ledger = IssueLedger(Region.objects.get(pk=VILLAGE))
        totals: Counter[str] = Counter()
        keys = ledger.keys({"state": "all"}, "", today())
        rows = ledger.rows(keys, today(), totals, full=False)
    cells = dict(zip((column.key for column in COLUMNS), rows[0], strict=True))
    assert keys == [issue.pk]
    assert (cells["village"], cells["head"]) == ("长冲口村", "刘桂英")
    assert (cells["words"], cells["closed"]) == ("回电138****6893", "否")
    assert ledger.total(totals)["heard_on"] == "1 件"


def test_our_own_ledger_comes_in_again_as_the_same(cast: Cast) -> None:
    """Numbers in it are hidden on the way out, and words may be corrected meanwhile."""
    said = row(反映内容="电话 13812345678 打不通")
    bring(cast, said)
    assert counts(hand_in("issues", roll(TITLES, row(反映内容="电话 138****5678 打不通")), cast.clerk)) == (0, 0, 1, 0)  # fmt: skip
    with at(cast.clerk):
        amend(
            issue=Issue.objects.get(), version=1, topic="其他", words="村部电话打不通",
            reason="写清楚", on=today(), by=cast.clerk,
        )  # fmt: skip
    assert counts(hand_in("issues", roll(TITLES, said), cast.clerk)) == (0, 0, 1, 0)
