"""A past year's grades in, the ledgers of a year out."""

from collections import Counter

import pytest

from appraisals.ledgers import AppraisalTable, HonourRoll, OutstandingSummary
from appraisals.models import Appraisal, AppraisalResult
from regions.models import Region
from tests.appraisals.appraising import begun, filed
from tests.cast import TOWNSHIP, VILLAGE, Cast, at
from tests.days import dated, this_year, today
from tests.rolls import Rolls
from tests.workbooks import desk
from tests.workbooks.desk import counts, refusals, roll, take_back
from workbooks.models import Upload

uploads = desk.uploads
TITLES = ("村", "年度", "姓名", "小组", "等次", "总评")


def row(**cells: object) -> list[object]:
    """Return a row of TITLES: 张顺民 was 优秀 last year."""
    given = {
        "村": "长冲口村",
        "年度": str(this_year() - 1),
        "姓名": "张顺民",
        "等次": "优秀",
    } | cells
    return [given.get(title, "") for title in TITLES]


def check(cast: Cast, *rows: list[object]) -> Upload:
    return desk.hand_in("appraisals", roll(TITLES, *rows), cast.clerk)


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("appraisals", roll(TITLES, *rows), cast.clerk)


def test_a_past_years_grades_come_in_once(cast: Cast, rolls: Rolls) -> None:
    other = row(姓名="李红英", 等次="称职", 总评="88.5")
    assert counts(bring(cast, row(), other)) == (2, 0, 0, 0)
    with at(cast.clerk):
        held = Appraisal.objects.get()
        assert (held.year, held.stage, held.is_imported) == (
            this_year() - 1,
            "done",
            True,
        )
        best = AppraisalResult.objects.excellent(this_year() - 1)
        assert [one.representative.name for one in best] == ["张顺民"]
    assert counts(check(cast, row(), other)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有村"}, "unknown_village"),
        ({"年度": this_year}, "not_past"),
        ({"年度": "2021"}, "not_past"),
        ({"姓名": "没有人"}, "unknown_person"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_reason(
    cast: Cast, rolls: Rolls, cells: dict[str, object], code: str
) -> None:
    assert refusals(check(cast, row(**dated(cells)))) == {2: {code}}


def test_another_grade_for_the_same_year_is_refused(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row())
    assert refusals(check(cast, row(等次="称职"))) == {2: {"other_grade"}}


def test_an_import_is_taken_back_whole(cast: Cast, rolls: Rolls) -> None:
    take_back(bring(cast, row(), row(姓名="李红英")), cast.clerk)
    with at(cast.clerk):
        assert not Appraisal.objects.exists()
        assert not AppraisalResult.objects.exists()


def test_ledger_9_gives_persons_and_villages(cast: Cast, rolls: Rolls) -> None:
    filed(cast.secretary, cast.township_staff, "张顺民")
    with at(cast.township_staff):
        place = Region.objects.get(code=TOWNSHIP)
        table, found = AppraisalTable(place), Counter[str]()
        keys = table.keys({}, "", today())
        lines = table.rows(keys, today(), found, full=False)
        names = [column.key for column in table.columns]
        assert [line[names.index("name")] for line in lines] == [
            "李红英", "张顺民", "申秋云", "周静霞",
        ]  # fmt: skip
        assert {len(line) for line in lines} == {len(names)}
        assert table.total(found) == {"name": "4 人", "grade": "优秀 1"}

        summary, found = OutstandingSummary(place), Counter[str]()
        [line] = summary.rows(summary.keys({}, "", today()), today(), found, full=False)
        assert line[1:] == ("长冲口村", 4, 4, 1, "25.0%", "张顺民", "已备案")
        assert HonourRoll(place).keys({}, "", today()) == []


def test_a_village_that_has_not_begun_stands_in_the_summary(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        place = Region.objects.select_related("parent").get(code=VILLAGE)
        summary = OutstandingSummary(place)
        keys = summary.keys({"year": this_year()}, "", today())
        [line] = summary.rows(keys, today(), Counter(), full=False)
        assert line[-1] == "还没评议"
        begun(cast.secretary)
        [line] = summary.rows(keys, today(), Counter(), full=False)
        assert line[-1] == "草拟"


def test_one_person_twice_is_refused_however_the_rows_name_him(
    cast: Cast, rolls: Rolls
) -> None:
    again = check(cast, row(), row(小组="1组", 等次="称职"))
    assert refusals(again) == {3: {"twice_in_file"}}


def test_another_score_for_the_same_year_is_refused(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row(总评="91"))
    assert refusals(check(cast, row(总评="93"))) == {2: {"other_grade"}}
    assert counts(check(cast, row())) == (0, 0, 1, 0), "a blank cell says nothing"


def test_the_day_of_a_meeting_is_the_one_that_a_row_names(
    cast: Cast, rolls: Rolls
) -> None:
    day = f"{this_year() - 1}-12-10"
    rows = ([*row(), day], [*row(姓名="李红英"), ""])
    titles = (*TITLES, "评议会日期")
    desk.bring_in("appraisals", roll(titles, *rows), cast.clerk)
    with at(cast.clerk):
        assert f"{Appraisal.objects.get().met_on}" == day
