"""Ledger 10: past results from a workbook, and the table as it goes out."""

from collections import Counter

import pytest

from evaluations.ledgers import RatingLedger
from evaluations.models import HouseholdRating, RatingRound, Scheme
from evaluations.rules.rounds import Act
from regions.models import Region
from tests.cast import VILLAGE, Cast, at
from tests.days import dated, this_year, today
from tests.evaluations import stage
from tests.evaluations.stage import praise, scold, take
from tests.rolls import Rolls
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from workbooks.models import Upload

uploads = desk.uploads
TITLES = (
    *("村", "年度", "期次", "组别", "户主", "遵纪守法", "加分", "减分", "总分"),
    *("评定等次", "备注"),
)


def row(rolls: Rolls, nth: int = 0, **cells: object) -> list[object]:
    """Return a row of TITLES about one of two households in last year's third round."""
    given = {
        "村": "长冲口村",
        "年度": this_year() - 1,
        "期次": 3,
        "组别": "3组",
        "户主": ("无联系甲", "无联系乙")[nth],
        "遵纪守法": 20,
        "加分": 12,
        "减分": 0,
        "总分": 112,
        "评定等次": stage.MODEL,
    } | cells
    return [given.get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    """Import rows as the clerk does."""
    return desk.bring_in("ratings", roll(TITLES, *rows), cast.clerk)


def test_past_results_become_a_filed_round(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    assert counts(bring(cast, row(rolls), row(rolls, 1))) == (2, 0, 0, 0)
    with at(cast.clerk):
        round_ = RatingRound.objects.get()
        assert (round_.is_imported, round_.stage) == (True, "done")
        assert round_.title == f"{this_year() - 1}年第3季度"
        found = HouseholdRating.objects.select_related("tier")
        assert {(one.total, one.tier.name) for one in found} == {(112, stage.MODEL)}
        assert found[0].parts == {"遵纪守法": 20}


def test_the_same_table_again_adds_nothing(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    bring(cast, row(rolls))
    assert counts(bring(cast, row(rolls), row(rolls, 1))) == (1, 0, 1, 0)


@pytest.mark.parametrize("cells", [{"评定等次": stage.COMPLIANT}, {"总分": 96}])
def test_another_result_of_the_same_household_is_not_called_the_same(
    cast: Cast, rolls: Rolls, scheme: Scheme, cells: dict[str, object]
) -> None:
    bring(cast, row(rolls))
    upload = hand_in("ratings", roll(TITLES, row(rolls, **cells)), cast.clerk)
    assert list(refusals(upload).values()) == [{"other_grade"}]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"期次": 5}, "no_scheme"),
        ({"年度": this_year, "期次": 4}, "not_over"),
        ({"评定等次": "五星家庭"}, "unknown_tier"),
        ({"户主": "没有这户"}, "unknown_household"),
        ({"组别": "1组"}, "unknown_household"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    cast: Cast, rolls: Rolls, scheme: Scheme, cells: dict[str, object], code: str
) -> None:
    upload = hand_in("ratings", roll(TITLES, row(rolls, **dated(cells))), cast.clerk)
    assert code in str(refusals(upload))


@pytest.mark.parametrize("who", ["clerk", "township_staff"])
def test_the_table_goes_out_with_its_grades_and_outside_only_the_praised(
    cast: Cast, rolls: Rolls, scheme: Scheme, who: str
) -> None:
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
        good, bad = rolls.held_by("李红英")[:2]
        praise(round_, [good], cast.clerk)
        scold(round_, [bad], cast.clerk)
        take(round_, Act.STRIKE, cast.clerk)
        take(round_, Act.AGREE, cast.clerk)
        take(round_, Act.CONFIRM, cast.secretary)
    with at(getattr(cast, who)):
        ledger = RatingLedger(Region.objects.get(pk=VILLAGE))
        totals: Counter[str] = Counter()
        keys = ledger.keys({"year": this_year()}, "", today())
        rows = ledger.rows(keys, today(), totals, full=False)
        titles = [column.title for column in ledger.columns]
    lines = [dict(zip(titles, line, strict=True)) for line in rows]
    heads = {line["户主"] for line in lines}
    assert good.head in heads
    assert (bad.head in heads) == (who == "clerk")
    [praised] = [line for line in lines if line["户主"] == good.head]
    assert (praised["总分"], praised["公益志愿"], praised["加分"]) == (111, 26, 11)
    assert ledger.total(totals)["head"] == f"{len(lines)} 户"
