"""The three workbooks of 魏家桥镇 through the wizard, as their key says."""

from typing import Any

import pytest

from accounts.models import AccessEntry, Action
from households.models import ContactLink, Household
from representatives.models import Mandate, Representative
from tests.cast import at
from tests.workbooks import desk
from tests.workbooks.desk import (
    FILES,
    KEY,
    Township,
    counts,
    hand_in,
    refusals,
)
from tests.workbooks.making import TODAY
from visits.models import Visit
from workbooks.importing import LEDGERS
from workbooks.ledger import read_table

uploads = desk.uploads

KINDS = tuple(FILES)
# What the key calls each refusal, and the code that we give it.
CODES = {
    "missing_head": "missing_head",
    "size_not_a_number": "members_not_a_number",
}


def expected(kind: str) -> dict[int, str]:
    """Return the key's refusals by row."""
    return {
        row: CODES.get(code, code)
        for code, rows in KEY[kind]["refused"].items()
        for row in rows
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_the_workbook_is_in_the_balance(
    township: Township, kind: str
) -> None:
    upload = township.imports[kind]
    assert upload.stage == "applied"
    assert upload.read - upload.blank == KEY[kind]["rows"]
    heaps = sum(counts(upload)) + upload.blank
    assert upload.read == heaps


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_refused_for_the_reason_that_the_key_gives(
    township: Township, kind: str
) -> None:
    found = refusals(township.imports[kind])
    for row, code in expected(kind).items():
        assert code in found.get(row, set()), (kind, row, code)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("representatives", ""),
        ("households", "unknown_representative"),
        ("visits", "unknown_household"),
    ],
)
def test_other_rows_are_refused_only_because_of_an_earlier_workbook(
    township: Township, kind: str, cause: str
) -> None:
    others = refusals(township.imports[kind])
    for row in expected(kind):
        others.pop(row, None)
    assert set().union(*others.values()) <= {cause}


@pytest.mark.parametrize("kind", KINDS)
def test_cells_are_mended_in_the_rows_that_the_key_names(kind: str) -> None:
    table = read_table(FILES[kind], LEDGERS[kind].declaration, on=TODAY)
    found = {(mend.code, row.number) for row in table for mend in row.mends}
    wanted = {
        (code, row)
        for code, rows in KEY[kind].get("mended", {}).items()
        for row in rows
    }
    # The key says full-width of I454, but the number stands there in plain characters.
    wanted.discard(("fixed_fullwidth_id", 454))
    assert found == wanted


def test_the_preview_lists_what_was_mended(township: Township) -> None:
    mends = township.imports["representatives"].facts["mends"]
    cells = {mend["title"]: [cell[0] for cell in mend["cells"]] for mend in mends}
    assert cells == {"当选时间": ["O33", "O361"], "姓名": ["E283"]}


def test_people_households_and_visits_are_there(township: Township) -> None:
    with at(township.cast.township_staff):
        made = {kind: upload.created for kind, upload in township.imports.items()}
        assert Representative.objects.count() == made["representatives"] == 547
        assert Mandate.objects.unended().count() == 547
        assert Household.objects.living().count() == made["households"]
        assert ContactLink.objects.filter(ended_on=None).count() == made["households"]
        assert Visit.objects.count() == made["visits"]


@pytest.mark.parametrize("kind", KINDS)
def test_importing_the_same_file_again_changes_nothing(
    township: Township, kind: str
) -> None:
    first = township.imports[kind]
    again = hand_in(kind, FILES[kind].read_bytes(), township.cast.township_staff)
    assert counts(again) == (0, 0, first.created, first.refused)


@pytest.mark.parametrize("kind", KINDS)
def test_each_import_is_in_the_access_log(township: Township, kind: str) -> None:
    with at(township.cast.township_staff):
        lines = AccessEntry.objects.filter(action=Action.IMPORTED)
        subjects = [line.subject for line in lines]
    assert any(FILES[kind].name in subject for subject in subjects)


def test_the_other_townships_file_is_refused_like_an_unknown_village(
    township: Township,
) -> None:
    """Case 46: 界岭镇 hands in a roll that names villages of 魏家桥镇."""
    content = FILES["representatives"].read_bytes()
    upload = hand_in("representatives", content, township.cast.other_staff)
    assert (upload.created, upload.updated, upload.unchanged) == (0, 0, 0)
    said: set[Any] = set()
    for kept in verdicts(upload, township):
        said |= {(p["code"], p["message"], p["hint"]) for p in kept.problems}
    unknown = {words for words in said if words[0] == "unknown_village"}
    assert len(unknown) == 1, "one wording, for the invented village and the real ones"
    with at(township.cast.other_staff):
        assert Representative.objects.count() == 0
        refused = AccessEntry.objects.filter(action=Action.REFUSED)
        assert "没有找到这个村" in refused.get().reason


def verdicts(upload: Any, township: Township) -> list[Any]:
    with at(township.cast.other_staff):
        return list(upload.verdicts.all())
