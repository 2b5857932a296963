"""小计 rows: one after each village, over chunks, and none where there is one village."""

from collections import Counter
from collections.abc import Mapping

import pytest

from workbooks.declaration import Column, Kind
from workbooks.writing import Sections

COLUMNS = (
    Column("township", ("乡镇",)),
    Column("village", ("村",)),
    Column("name", ("姓名",)),
    Column("amount", ("金额",), Kind.AMOUNT),
)


def total(figures: Counter[str]) -> Mapping[str, object]:
    """Return the cells of a total, as a ledger does."""
    return {"name": f"{figures['people']} 人", "amount": figures["yuan"]}


def laid(*villages: str, chunk: int) -> list[tuple[object, ...]]:
    """Return the rows of people who get a yuan each, in chunks."""
    sections = Sections(COLUMNS, total, names=2, count=len(villages))
    lines = [(("甲镇", name, "某", 1), {"people": 1, "yuan": 1}) for name in villages]
    return [
        tuple(row)
        for start in range(0, len(lines), chunk)
        for row in sections.laid(
            lines[start : start + chunk], taken=len(lines[start : start + chunk])
        )
    ]


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 9])
def test_each_village_is_closed_by_its_subtotal_however_rows_are_chunked(
    chunk: int,
) -> None:
    rows = laid("东村", "东村", "西村", "南村", chunk=chunk)
    assert [row for row in rows if "小计" in str(row[1])] == [
        ("甲镇", "东村小计", "2 人", 2),
        ("甲镇", "西村小计", "1 人", 1),
        ("甲镇", "南村小计", "1 人", 1),
    ]
    assert [str(row[1])[:2] for row in rows] == [
        "东村", "东村", "东村", "西村", "西村", "南村", "南村",
    ]  # fmt: skip


def test_one_village_has_its_total_and_no_subtotal() -> None:
    assert all("小计" not in str(row) for row in laid("东村", "东村", chunk=1))
