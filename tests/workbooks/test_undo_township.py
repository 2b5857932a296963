"""撤销本次导入 of a whole township: in the opposite order, or not at all."""

from tests.workbooks import desk
from tests.workbooks.desk import Township, take_back
from tests.workbooks.picturing import ROLLS, picture
from workbooks.models import Stage

uploads = desk.uploads


def test_the_three_workbooks_are_taken_back_in_the_opposite_order(
    township: Township,
) -> None:
    by = township.cast.township_lead
    for kind in ("visits", "households", "representatives"):
        undone = take_back(township.imports[kind], by)
        assert undone.stage == Stage.UNDONE, undone.facts.get("blockers")
    assert picture() == {model.__name__: [] for model in ROLLS}


def test_an_import_that_another_one_builds_on_is_kept_with_the_reasons(
    township: Township,
) -> None:
    before = picture()
    kept = take_back(township.imports["representatives"], township.cast.township_lead)
    assert kept.stage == Stage.APPLIED
    assert kept.facts["blocked"] > 4000
    assert len(kept.facts["blockers"]) == 200
    assert all(one["what"] and one["where"] for one in kept.facts["blockers"])
    assert picture() == before


def test_households_that_were_visited_forbid_the_undo_by_name(
    township: Township,
) -> None:
    kept = take_back(township.imports["households"], township.cast.township_lead)
    kinds = {one["what"].split()[0] for one in kept.facts["blockers"]}
    assert kinds == {"走访记录"}
    assert "用到了这次导入的“联系户”" in kept.facts["blockers"][0]["why"]
