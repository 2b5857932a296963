"""社情民意台账 (ledger 4) on its way out: the rows of the list, in its order."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.masking import mask_text
from accounts.permissions import Permission
from regions.models import Region
from representatives.ledgers import number_words
from sentiment import listing
from sentiment.forms.filters import IssueFilter
from sentiment.models import Issue, Source, State
from workbooks.declaration import Column, Kind

COLUMNS = (
    Column("township", ("乡镇(街道)",), width=10),
    Column("village", ("村(社区)",), width=11),
    Column("heard_on", ("收集时间",), Kind.DATE, width=14),
    Column("source", ("来源",), Kind.CHOICE, choices=tuple(Source.labels), width=9),
    Column("head", ("反映人",), Kind.NAME, width=9),
    Column("group", ("所在组",), Kind.CODE, width=7),
    Column("phone", ("联系电话",), Kind.PHONE, width=14),
    Column("topic", ("类别",), width=12),
    Column("words", ("反映内容",), width=30),
    Column("representative", ("收集代表",), width=9),
    Column("accepted_on", ("受理时间",), Kind.DATE, width=14),
    Column("unit", ("承办单位",), width=12),
    Column("person", ("责任人",), width=9),
    Column("due_on", ("办理时限",), Kind.DATE, width=14),
    Column("result", ("办理情况",), width=24),
    Column("resolved_on", ("办结时间",), Kind.DATE, width=14),
    Column("told_on", ("反馈时间",), Kind.DATE, width=14),
    Column("answer", ("群众评价",), width=9),
    Column("closed", ("是否销号",), width=9),
    Column("remark", ("备注",), width=14),
)


class IssueLedger:
    """The ledger of issues as it is handed in. A view over the issues, never a table."""

    kind = "issues"
    title = "社情民意台账"
    unit = "件"
    has_numbers = True
    permission = Permission.ISSUE_VIEW
    columns: tuple[Column, ...] = COLUMNS

    def __init__(self, place: Region) -> None:
        """Take any place: the columns are the same."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> IssueFilter:
        """Return the form of the list page's filters."""
        return IssueFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the issues that the filters describe, as the list has them."""
        found = listing.matching(wanted, listing.holder_here(), on)
        ordered = listing.exceptions_first(found, on)
        return list(ordered.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these issues, and add them up in `totals`."""
        rows = Issue.objects.select_related(
            "region__parent", "household", "group", "representative"
        ).in_bulk(list(keys))
        issues = [rows[key] for key in keys if key in rows]
        for issue in issues:
            totals["issues"] += 1
            totals["resolved"] += issue.resolved_on is not None
            totals["closed"] += issue.state == State.CLOSED
            totals["answered"] += bool(issue.answer)
            totals["content"] += issue.answer in {"good", "fair"}
        return [_row(issue, full=full) for issue in issues]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        answered = totals["answered"]
        rate = f"满意率 {totals['content'] * 100 / answered:.1f}%" if answered else ""
        return {
            "heard_on": f"{totals['issues']} 件",
            "resolved_on": f"办结 {totals['resolved']}",
            "answer": rate,
            "closed": f"销号 {totals['closed']}",
        }


def _row(issue: Issue, *, full: bool) -> Sequence[object]:
    township, household = issue.region.parent, issue.household
    words, result = issue.words, issue.result
    return (
        township.name if township else "",
        issue.region.name,
        issue.heard_on,
        issue.get_source_display(),
        household.head if household else "",
        f"{issue.group.number}组" if issue.group else "",
        number_words(household.phone, full=full) if household else None,
        issue.topic,
        words if full else mask_text(words),
        issue.representative.name if issue.representative else "",
        issue.accepted_on,
        issue.unit or issue.get_holder_display(),
        issue.person,
        issue.due_on,
        result if full else mask_text(result),
        issue.resolved_on,
        issue.told_on,
        issue.get_answer_display(),
        "是" if issue.state == State.CLOSED else "否",
        _remark(issue),
    )


def _remark(issue: Issue) -> str:
    if issue.state in {State.MERGED, State.WITHDRAWN}:
        return issue.get_state_display()
    return f"重办 {issue.returns} 次" if issue.returns else ""
