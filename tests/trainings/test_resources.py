"""签到表 (ledger 8): comes in row by row, goes out as it came; the other ledgers of trainings."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regions.models import Region
from representatives.models import Mandate
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import Rolls, long_ago, set_up, set_up_sibling
from tests.trainings.stage import AWAY, ILL, held, listed, planned, signed, signs
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from trainings import services
from trainings.coverage_ledgers import CoverageTable, UntrainedRoll
from trainings.ledgers import SHEET_COLUMNS, SignInSheet, TrainingRegister
from trainings.models import Attendance, Level, State, Training
from workbooks.models import Stage, Upload

uploads = desk.uploads
TITLES = ("培训名称", "级别", "时间", "地点", "课时", "村", "姓名", "签到", "备注")


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the village's rolls; everybody served before the day of the imports."""
    rolls = set_up()
    with everywhere():
        before = min(long_ago(), desk.TODAY - dt.timedelta(days=100))
        Mandate.objects.update(started_on=before)
    return rolls


def day() -> str:
    """Return a day on which everybody of the stage served, before the day of imports."""
    return (desk.TODAY - dt.timedelta(days=5)).isoformat()


def row(name: str = "张顺民", **cells: object) -> list[object]:
    """Return a row of TITLES: somebody came to a training of the township."""
    given = {
        "培训名称": "走访怎么走", "级别": "乡镇普遍", "时间": day(), "地点": "镇政府",
        "课时": "6", "村": "长冲口村", "姓名": name, "签到": "到",
    }  # fmt: skip
    return [(given | cells).get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("trainings", roll(TITLES, *rows), cast.township_staff)


def test_a_sheet_notes_the_training_and_who_came(cast: Cast, rolls: Rolls) -> None:
    absent = row("申秋云", 签到="未到")
    ill = row("李红英", 签到="请假", 备注="生病")
    assert counts(bring(cast, row(), ill, absent)) == (3, 0, 0, 0)
    with at(cast.township_staff):
        training = Training.objects.get()
    assert (training.state, training.level) == (State.HELD, Level.TOWNSHIP_GENERAL)
    assert (training.region_id, training.hours, training.place) == (
        TOWNSHIP,
        6,
        "镇政府",
    )
    assert signs(training) == {
        "张顺民": ("present", ""),
        "李红英": ("leave", "生病"),
        "申秋云": ("absent", ""),
    }


def test_the_same_sheet_again_adds_nothing_and_a_mended_one_changes(
    cast: Cast, rolls: Rolls
) -> None:
    bring(cast, row(), row("李红英", 签到="缺席"))
    assert counts(bring(cast, row(), row("李红英"))) == (0, 1, 1, 0)
    with at(cast.township_staff):
        assert Training.objects.count() == 1
        assert signs(Training.objects.get())["李红英"] == ("present", "")


def test_a_sheet_is_the_sign_in_of_a_training_that_waits_for_it(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    when = desk.TODAY - dt.timedelta(days=5)
    training = planned(by, held_on=when)
    listed(by, training, rolls.people["张顺民"], rolls.people["李红英"])
    upload = bring(cast, row(), row("李红英", 签到="缺席"))
    assert counts(upload) == (0, 2, 0, 0)
    assert signs(training)["李红英"] == ("absent", "")
    assert desk.take_back(upload, by).stage == Stage.UNDONE
    with at(by):
        assert Training.objects.get().state == State.PLANNED
    assert set(signs(training).values()) == {("listed", "")}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"姓名": "没有这个人"}, "unknown_person"),
        ({"时间": "2001-01-01"}, "not_serving"),
        ({"级别": "市级示范"}, "not_the_host"),
        ({"签到": "请假"}, "no_reason"),
        ({"签到": ""}, "sign"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    cast: Cast, rolls: Rolls, cells: dict[str, object], code: str
) -> None:
    upload = hand_in("trainings", roll(TITLES, row(**cells)), cast.township_staff)
    assert code in str(refusals(upload))


def test_a_village_brings_in_its_own_and_not_the_townships(
    cast: Cast, rolls: Rolls
) -> None:
    upload = hand_in("trainings", roll(TITLES, row()), cast.clerk)
    assert "not_the_host" in str(refusals(upload))
    own = desk.bring_in("trainings", roll(TITLES, row(级别="村级兜底")), cast.clerk)
    assert counts(own) == (1, 0, 0, 0)
    with at(cast.clerk):
        assert Training.objects.get().region_id == VILLAGE


# --- out ------------------------------------------------------------------------


def lines(made: Any, cast: Cast, **wanted: Any) -> tuple[list[dict[str, Any]], Any]:
    """Return the lines of a ledger by the keys of its columns, and its total."""
    totals: Counter[str] = Counter()
    with at(cast.township_staff):
        keys = made.keys(wanted, "", today())
        rows = made.rows(keys, today(), totals, full=False)
    names = [column.key for column in made.columns]
    return [dict(zip(names, one, strict=True)) for one in rows], made.total(totals)


def place(code: int = TOWNSHIP) -> Region:
    return Region.objects.select_related("parent").get(pk=code)


def test_an_exported_sheet_reads_as_unchanged(cast: Cast, rolls: Rolls) -> None:
    by = cast.township_staff
    when = desk.TODAY - dt.timedelta(days=5)
    training = listed(by, planned(by, held_on=when), *rolls.people.values())
    signed(by, training, 李红英=ILL, 申秋云=AWAY)
    ledger = SignInSheet(place())
    found, total = lines(ledger, cast, training=training)
    assert ledger.title == "走访怎么走签到表"
    assert total["office"] == "实到 2"
    titles = [column.title for column in SHEET_COLUMNS]
    rows = [
        ["" if cell is None else str(cell) for cell in one.values()] for one in found
    ]
    upload = hand_in("trainings", roll(titles, *rows), by)
    assert counts(upload) == (0, 0, 4, 0)


def test_the_register_adds_up(cast: Cast, rolls: Rolls) -> None:
    held(cast.township_staff, rolls, "张顺民", "李红英")
    planned(cast.township_staff, topic="下一期")
    found, total = lines(TrainingRegister(place()), cast, year=today().year)
    assert [(one["expected"], one["present"]) for one in found] == [(2, 2), (0, 0)]
    assert {one["remark"] for one in found} == {"", "还没办"}
    assert (total["topic"], total["present"], total["hours"]) == ("2 期", 2, 8)


def test_the_coverage_table_is_the_page(cast: Cast, rolls: Rolls) -> None:
    set_up_sibling()
    held(cast.township_staff, rolls, "张顺民", "李红英")
    found, total = lines(CoverageTable(place()), cast)
    ours = next(one for one in found if one["unit"] == "长冲口村")
    assert (ours["serving"], ours["trained"], ours["rate"]) == (4, 2, "50.0%")
    assert (total["serving"], total["trained"], total["rate"]) == (8, 2, "25.0%")
    assert total["missing"] == sum(one["missing"] for one in found) == 6


def test_the_list_goes_out_masked_and_never_trained_first(
    cast: Cast, rolls: Rolls
) -> None:
    held(cast.township_staff, rolls, "张顺民")
    found, total = lines(UntrainedRoll(place()), cast, state="all")
    assert found[-1]["name"] == "张顺民"
    assert found[0]["phone"] == "138****1111"
    assert total == {"name": "4 人", "standing": "从没参加 3"}


def test_each_ledger_is_ordered_from_its_page(cast: Cast, rolls: Rolls) -> None:
    training = held(cast.township_staff, rolls, "张顺民")
    browser = signed_in(cast.township_staff)
    for query, count in (
        ("kind=untrained&state=", 3),
        ("kind=training_register", 1),
        (f"kind=training_signs&training={training.pk}", 1),
        ("kind=training_coverage&place=魏家桥镇", 21),
    ):
        page = browser.get(f"/exports/new/?{query}")
        assert page.context["count"] == count, query
        assert page.context["back"].startswith("/trainings/")
    other = signed_in(cast.other_staff)
    refused = other.get(f"/exports/new/?kind=training_signs&training={training.pk}")
    assert refused.status_code == 422, "another township's sheet is none"


@pytest.mark.parametrize(
    "ledger", [TrainingRegister, SignInSheet, CoverageTable, UntrainedRoll]
)
def test_the_statements_do_not_grow_with_the_rows(
    cast: Cast, rolls: Rolls, ledger: Any
) -> None:
    training = held(cast.township_staff, rolls, "张顺民")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            lines(ledger(place()), cast, training=training)
        return len(seen)

    before = cost()
    listed(cast.township_staff, training, rolls.people["李红英"])
    held(cast.township_staff, set_up_sibling(), "申秋云")
    assert cost() == before
    assert Region.objects.filter(pk=CITY).exists()


def test_a_sheet_that_is_taken_back_leaves_nothing(cast: Cast, rolls: Rolls) -> None:
    upload = bring(cast, row(), row("李红英"))
    assert desk.take_back(upload, cast.township_staff).stage == Stage.UNDONE
    with at(cast.township_staff):
        assert not Training.objects.exists()
        assert not Attendance.objects.exists()


def test_who_was_added_since_forbids_the_undo_by_name(cast: Cast, rolls: Rolls) -> None:
    upload = bring(cast, row())
    with at(cast.township_staff):
        training = Training.objects.get()
    listed(cast.township_staff, training, rolls.people["李红英"])
    stays = desk.take_back(upload, cast.township_staff)
    assert stays.stage != Stage.UNDONE
    assert "李红英" in str(stays.facts["blockers"])


@pytest.mark.parametrize("nth", [0, 1])
def test_of_two_that_were_noted_the_one_that_stands_is_signed_in(
    cast: Cast, rolls: Rolls, nth: int
) -> None:
    by, when = cast.township_staff, desk.TODAY - dt.timedelta(days=5)
    twice = [planned(by, held_on=when), planned(by, held_on=when)]
    twice.sort(key=lambda one: one.pk)
    gone = twice.pop(nth)
    with at(by):
        services.cancel(training=gone, reason="登记重了", version=gone.version, by=by)
    assert counts(bring(cast, row())) == (1, 0, 0, 0)
    assert signs(twice[0]) == {"张顺民": ("present", "")}


def test_one_person_twice_is_refused_however_the_rows_name_the_village(
    cast: Cast, rolls: Rolls
) -> None:
    titles = (*TITLES, "乡镇")
    first, second = [*row(), ""], [*row(签到="缺席"), "魏家桥镇"]
    upload = hand_in("trainings", roll(titles, first, second), cast.township_staff)
    assert refusals(upload) == {3: {"twice_in_file"}}
