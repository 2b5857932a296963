"""Importing rows that each stand in a village: every row is a plan, or an objection.

Here, and not in `workbooks`, because the engine knows cells and columns but no villages
(ADR 0003): of the apps above it, this is the lowest that takes workbooks in.
"""

import datetime as dt
from abc import abstractmethod
from collections import defaultdict
from typing import Any

from regions.models import Region
from regions.places import Named, Places
from representatives.models import Mandate, Representative
from workbooks.declaration import Column
from workbooks.findings import Finding
from workbooks.importing import Checked, Checker, Verdict
from workbooks.ledger import Row, Table

LONGEST_LABEL = 30
PLACES = (
    Column("township", ("乡镇(街道)", "乡镇", "街道", "镇"), example="魏家桥镇"),
    Column(
        "village",
        ("村(社区)", "村", "村名", "社区", "所在村"),
        required=True,
        example="长冲口村",
    ),
)
"""The columns by which a row names its village; see `PlanningChecker._village`."""


class Objection(Exception):
    """A row cannot be taken; `finding` says why, and how to mend it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class PlanningChecker(Checker):
    """Verdicts by plan: what a row would store is compared with what is held.

    `labels` are the columns that a row may be called by; the first that is filled does.
    """

    labels: tuple[str, ...]

    def __init__(self, table: Table, on: dt.date) -> None:
        """Load the villages of the open scope; subclasses add what else rows refer to."""
        super().__init__(table, on)
        self.places = Places()

    def check(self, row: Row) -> Checked:
        """Return what the row comes to; refused at the first objection to it."""
        label = self._label(row)
        try:
            plan = self._plan(row)
            verdict = self._compare(row, plan)
        except Objection as objection:
            return Checked(row.number, Verdict.REFUSED, label, (objection.finding,))
        return Checked(row.number, verdict, label, plan=plan)

    @abstractmethod
    def _plan(self, row: Row) -> Any:
        """Return what the row would store; raise Objection if it cannot be understood."""

    @abstractmethod
    def _compare(self, row: Row, plan: Any) -> Verdict:
        """Return how the plan compares with what is held.

        Raises Objection if it contradicts that.
        """

    def _label(self, row: Row) -> str:
        filled = (row.values[key] for key in self.labels if row.values.get(key))
        return str(next(filled, ""))[:LONGEST_LABEL]

    def _village(self, row: Row) -> Region:
        """Return the village that the row names, with its township where that is filled."""
        values = row.values
        township = str(values.get("township") or "")
        village = self.places.village(str(values["village"]), township)
        if village is None:
            raise self._objection(
                row, "village", "unknown_village", "没有找到这个村（社区）",
                "请核对村名；只能导入自己管理范围内的村",
            )  # fmt: skip
        return village

    def _objection(
        self, row: Row, key: str, code: str, message: str, hint: str
    ) -> Objection:
        """Return an objection, to be raised, to the row's cell in the column `key`."""
        return Objection(self._refuse(row, key, code, message, hint))


class PersonChecker(PlanningChecker):
    """Verdicts on rows that each name somebody of a village's roll, and his group."""

    labels = ("name",)

    def __init__(self, table: Table, on: dt.date) -> None:
        """Load the rolls of the open scope."""
        super().__init__(table, on)
        self.people = Named(Representative.objects.all(), "name", self.places)

    def _person(self, row: Row, village: int) -> int:
        """Return the id of the one that is meant; raise Objection if nobody is told."""
        name, group = str(row.values["name"]), str(row.values.get("group") or "")
        person = self.people.one(village, name, group)
        if person is None:
            raise self._objection(
                row, "name", "unknown_person", "本村名册里没有这位代表，或者有同名的分不清",
                "请核对姓名；同名的请填小组",
            )  # fmt: skip
        return person


def days_served() -> dict[int, list[tuple[dt.date, dt.date]]]:
    """Return from when until when each person served; the end is the first day without."""
    served: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for person, first, until, ended in Mandate.objects.values_list(
        "representative_id", "started_on", "until", "ended_on"
    ):
        last = until + dt.timedelta(days=1)
        served[person].append((first, min(last, ended or last)))
    return served
