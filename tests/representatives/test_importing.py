"""What ledgers of villages share: a row's label, its one verdict, its one objection."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from representatives.importing import PlanningChecker
from tests.cast import VILLAGE, Cast, at
from tests.workbooks.desk import TODAY, roll
from workbooks.declaration import Column, Declaration
from workbooks.importing import Checked, Import, Ledger, Verdict
from workbooks.ledger import Row

TITLES = ("乡镇", "村", "户主", "内容")
Plan = tuple[int, str]


class NoteChecker(PlanningChecker):
    labels = ("head", "words")

    def _plan(self, row: Row) -> Plan:
        return self._village(row).code, str(row.values["words"])

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        if plan[1] == "不一样":
            raise self._objection(row, "words", "differs", "和系统里的不一样", "请核对")
        return Verdict.SAME if plan[1] == "有了" else Verdict.NEW

    def apply(self, rows: Sequence[Checked], **_: object) -> None:
        raise AssertionError("a check writes nothing")


class NoteLedger(Ledger):
    kind = "notes"
    checker = NoteChecker
    declaration = Declaration(
        title="便条",
        columns=(
            Column("township", ("乡镇",)),
            Column("village", ("村",), required=True),
            Column("head", ("户主",)),
            Column("words", ("内容",), required=True),
        ),
    )


def check(cast: Cast, path: Path, *cells: str) -> Checked:
    path.write_bytes(roll(TITLES, cells))
    with at(cast.township_staff):
        [checked] = Import(NoteLedger(), path, on=TODAY).check()
    return checked


@pytest.mark.parametrize(
    ("cells", "verdict", "codes"),
    [
        (("", "长冲口村", "张顺民", "缺水"), Verdict.NEW, []),
        (("魏家桥镇", "长冲口村", "张顺民", "有了"), Verdict.SAME, []),
        (
            ("界岭镇", "长冲口村", "张顺民", "缺水"),
            Verdict.REFUSED,
            ["unknown_village"],
        ),
        (("", "没有这个村", "张顺民", "有了"), Verdict.REFUSED, ["unknown_village"]),
        (("", "长冲口村", "张顺民", "不一样"), Verdict.REFUSED, ["differs"]),
    ],
)
def test_a_row_is_planned_then_compared_and_the_first_objection_refuses_it(
    cast: Cast, tmp_path: Path, cells: Sequence[str], verdict: Verdict, codes: list[str]
) -> None:
    checked = check(cast, tmp_path / "便条.csv", *cells)
    assert (checked.verdict, checked.label) == (verdict, "张顺民")
    assert [problem.code for problem in checked.problems] == codes
    assert checked.plan == (None if codes else (VILLAGE, cells[3]))


@pytest.mark.parametrize(
    ("head", "words", "label"),
    [("张顺民", "缺水", "张顺民"), ("", "缺水", "缺水"), ("", "水" * 31, "水" * 30)],
)
def test_a_row_is_called_by_its_first_filled_label_of_thirty_characters_at_most(
    cast: Cast, tmp_path: Path, head: str, words: str, label: str
) -> None:
    assert (
        check(cast, tmp_path / "便条.csv", "", "长冲口村", head, words).label == label
    )
