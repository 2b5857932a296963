"""社情民意台账 (ledger 4) on its way in: each row becomes an issue, as far as it went."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from households.models import Household
from regions.places import group_number
from representatives.importing import PlanningChecker
from representatives.models import Representative
from sentiment import rules
from sentiment.ledgers import COLUMNS
from sentiment.meeting_resources.meetings import as_shared
from sentiment.models import Action, Answer, Issue, IssueStep, State
from sentiment.services.stepping import said_by
from sentiment.standings import terms
from visits.models import Topic
from workbooks import loading
from workbooks.declaration import Column, Declaration
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.undoing import derived

MORE: dict[str, dict[str, Any]] = {
    "township": {"titles": ("乡镇(街道)", "乡镇", "街道", "镇")},
    "village": {
        "titles": ("村(社区)", "村", "村名", "社区", "所在村"),
        "required": True,
    },
    "heard_on": {
        "titles": ("收集时间", "收集日期", "时间", "日期"),
        "required": True,
        "past_only": True,
    },
    "head": {"titles": ("反映人", "反映人姓名", "户主", "姓名")},
    "group": {"titles": ("所在组", "组别", "村(居)民小组", "小组")},
    "words": {
        "titles": ("反映内容", "反映问题", "诉求", "内容"),
        "required": True,
        "longest": 1000,
    },
    "representative": {"titles": ("收集代表", "代表", "收集人")},
    "result": {"titles": ("办理情况", "办理结果", "处理情况"), "longest": 500},
    "person": {"longest": 30},
    "unit": {"longest": 40},
}
SOURCES = {
    "": "ledger",
    "走访": "ledger",
    "恳谈会": "ledger",
    "来访": "caller",
    "来电": "phone",
}
"""A visit or a meeting of the paper is not one of ours: the ledger itself is the source."""
ANSWERS = {answer.label: answer.value for answer in Answer}
DAYS = ("heard_on", "accepted_on", "resolved_on", "told_on")


def _column(column: Column) -> Column:
    return replace(column, **MORE.get(column.key, {}))


DECLARATION = Declaration(
    title="社情民意台账", columns=tuple(_column(column) for column in COLUMNS)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """An issue to be stored, by its columns."""

    columns: dict[str, Any]


class IssueChecker(PlanningChecker):
    """Verdicts on paper issues: the village and the category must be known."""

    labels = ("head", "words")

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.terms = terms()
        self.topics = set(Topic.objects.values_list("name", flat=True))
        self.homes = _named(Household.objects.living(), "head")
        self.people = _named(Representative.objects.all(), "name")
        self.stored = _known()

    def _plan(self, row: Row) -> Plan:
        values, village = row.values, self._village(row)
        topic = str(values.get("topic") or "其他")
        if topic not in self.topics:
            raise self._objection(
                row, "topic", "unknown_topic", f"没有“{topic}”这个类别",
                "请改成民情类别里有的，或者空着算“其他”",
            )  # fmt: skip
        self._check_days(row)
        who = self._who(village.code, values)
        return Plan(
            {"region_code": village.code, "topic": topic, **who, **self._stands(row)}
        )

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        columns = plan.columns
        key = _key(columns["region_code"], columns["heard_on"], columns["words"])
        verdict = Verdict.SAME if key in self.stored else Verdict.NEW
        self.stored.add(key)
        return verdict

    def _check_days(self, row: Row) -> None:
        """Raise Objection if the row's days are in disorder, or one is missing."""
        values = row.values
        named = [(key, values[key]) for key in DAYS if values.get(key)]
        for (_, earlier), (key, later) in pairwise(named):
            if later < earlier:  # type: ignore[operator]
                raise self._objection(
                    row, key, "days_in_disorder", f"{later} 早于上一步的 {earlier}",
                    "请核对收集、受理、办结、反馈的先后",
                )  # fmt: skip
        done = values.get("told_on") or values.get("closed") == "是"
        if done and not values.get("resolved_on"):
            raise self._objection(
                row, "resolved_on", "not_resolved", "已反馈或销号，却没有办结时间",
                "请填办结时间",
            )  # fmt: skip

    def _who(self, village: int, values: Any) -> dict[str, Any]:
        """Return household, group and representative; what is not sure stays empty."""
        homes = self.homes.get((village, str(values.get("head") or "")), [])
        number = group_number(str(values.get("group") or ""))
        group = None if number is None else self.places.group(village, number)
        if group is not None:
            homes = [home for home in homes if home[1] == group]
        people = self.people.get((village, str(values.get("representative") or "")), [])
        return {
            "household_id": homes[0][0] if len(homes) == 1 else None,
            "group_id": homes[0][1] if len(homes) == 1 else group,
            "representative_id": people[0][0] if len(people) == 1 else None,
        }

    def _stands(self, row: Row) -> dict[str, Any]:
        """Return how far the issue went, by the days of the row."""
        values = row.values
        resolved, told = values.get("resolved_on"), values.get("told_on")
        closed = values.get("closed") == "是"
        heard = values["heard_on"]
        assert isinstance(heard, dt.date)  # noqa: S101 - a required date
        state = (
            State.CLOSED if closed
            else State.TOLD if told
            else State.RESOLVED if resolved
            else State.IN_HAND if values.get("person")
            else State.ACCEPTED if values.get("accepted_on")
            else State.COLLECTED
        )  # fmt: skip
        result = str(values.get("result") or "")
        return {
            "source": SOURCES.get(str(values.get("source") or ""), "ledger"),
            "heard_on": heard,
            "words": str(values["words"]),
            "state": state.value,
            "way": "village" if state not in {State.COLLECTED, State.ACCEPTED} else "",
            "unit": str(values.get("unit") or ""),
            "person": str(values.get("person") or ""),
            "due_on": values.get("due_on")
            or self.terms.due(rules.Holder.VILLAGE, self.on),
            "accepted_on": values.get("accepted_on")
            or (None if state == State.COLLECTED else heard),
            "resolved_on": resolved,
            "result": result or ("台账上没有写" if resolved else ""),
            "told_on": told or (resolved if closed else None),
            "answer": ANSWERS.get(str(values.get("answer") or ""), ""),
            "closed_on": (told or resolved) if closed else None,
        }

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the issues, each with the first line of its timeline."""
        plans = [row.plan.columns for row in rows]
        now, ids = timezone.now(), loading.reserve_ids(Issue, len(plans))
        same = {
            "satisfaction": "", "entered_by_id": by.user_id, "entered_at": now,
            "holder": "village", "returns": 0, "version": 1,
        }  # fmt: skip
        names = ("id", *plans[0], *same)
        values = (
            (pk, *plan.values(), *same.values())
            for pk, plan in zip(ids, plans, strict=True)
        )
        loading.insert_many(Issue, names, values)
        step = {
            "action": Action.COLLECT.value, "holder": "village", "words": "台账导入",
            "was_topic": "", "original": "", "version": 1, "on": on, "at": now,
            "by_id": by.user_id, "by_words": said_by(by),
        }  # fmt: skip
        kept = ("region_code", "state", "way", "due_on")
        lines = (
            (*(plan[name] for name in kept), pk, *step.values())
            for pk, plan in zip(ids, plans, strict=True)
        )
        loading.insert_many(IssueStep, (*kept, "issue_id", *step), lines)


def _known() -> set[tuple[int, dt.date, object]]:
    """Return what was said in the open scope, in its words now and before an 更正."""
    said = Issue.objects.values_list("region_id", "heard_on", "words")
    before = IssueStep.objects.exclude(original="").values_list(
        "region_id", "issue__heard_on", "original"
    )
    return {_key(*one) for one in said.union(before)}


def _key(village: int, day: dt.date, words: str) -> tuple[int, dt.date, object]:
    """Return what two rows of one issue share: our own export hides numbers in words."""
    return village, day, as_shared(words)


def _named(rows: Any, column: str) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """Return rows by village and name: their ids and groups."""
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for pk, village, name, group in rows.values_list(
        "pk", "region_id", column, "group_id"
    ):
        found[village, name].append((pk, group))
    return found


class IssueImport(Ledger):
    """A village's ledger on paper, as a workbook. Rows are added, never changed."""

    kind = "issues"
    declaration = DECLARATION
    checker = IssueChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一件民情一行。办到哪一步，按台账上的日期算。"


LEDGER = register(IssueImport())
# An import that is taken back takes the first line of each issue along by a trigger.
derived(IssueStep, deleted=False)
