"""民情分析会记录（以前的）: a village's months of before the system, a row each."""

import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from accounts.models import RowChange
from regions.models import Region
from sentiment import duties
from sentiment.forms.reviews import MeetingForm
from sentiment.meeting_ledgers import REVIEWS, ReviewLedger
from sentiment.models import MeetingDuty, Review
from sentiment.models.reviews import FROM_PAPER
from sentiment.services import reviews as services
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import dated, today, tomorrow
from tests.rolls import Rolls, text_of
from tests.sentiment.meetings import month, submitted
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from visits import rules
from workbooks.models import RowVerdict, Stage, Upload

uploads = desk.uploads
TITLES = (
    *("乡镇", "村", "月份", "召开日期", "地点", "主持人", "记录人", "应到", "实到"),
    *("参会人员", "党员意见", "代表意见", "上次事项落实情况", "会议结论"),
)


@pytest.fixture(autouse=True)
def handed_in_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file be read today: months are counted from there."""
    monkeypatch.setattr(desk, "TODAY", today())


def before(months: int) -> dt.date:
    """Return the first day of the month so many months before this one."""
    found = month()
    for _ in range(months):
        found = (found - dt.timedelta(days=1)).replace(day=1)
    return found


def day(months: int) -> dt.date:
    """Return the day on which the meeting of that month was held."""
    return before(months) + dt.timedelta(days=20)


def row(months: int = 3, **cells: object) -> list[object]:
    """Return a row of TITLES: our village met three months ago."""
    given = {
        "村": "长冲口村",
        "月份": f"{before(months):%Y-%m}",
        "召开日期": day(months),
    }
    return [(given | dated(cells)).get(title, "") for title in TITLES]


FULL: dict[str, object] = {
    "乡镇": "魏家桥镇", "地点": "村部会议室", "主持人": "周建国", "记录人": "申秋云",
    "应到": 32, "实到": 28, "参会人员": "张顺民、李红英；党员18人",
    "党员意见": "先修水管", "代表意见": "路灯也要修", "上次事项落实情况": "塌方已修好",
    "会议结论": "水管月底前修好",
}  # fmt: skip


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("reviews", roll(TITLES, *rows), cast.township_staff)


def previewed(cast: Cast, *rows: list[object]) -> Upload:
    return hand_in("reviews", roll(TITLES, *rows), cast.township_staff)


def problem(upload: Upload) -> dict[str, Any]:
    """Return what is said of the one row that is refused."""
    with everywhere():
        [row] = RowVerdict.objects.filter(upload=upload, verdict="refused")
    [found] = row.problems
    return dict(found)


def reviews() -> list[Review]:
    with everywhere():
        return list(Review.objects.order_by("month", "number"))


def test_a_row_becomes_the_submitted_review_of_its_month(cast: Cast) -> None:
    assert counts(bring(cast, row(**FULL), row(4))) == (2, 0, 0, 0)
    plain, full = reviews()
    with everywhere():
        line = RowChange.objects.get(table=full._meta.db_table, row=str(full.pk))
        assert not full.items.exists()
    assert (full.region_id, full.month, full.held_on) == (VILLAGE, before(3), day(3))
    assert (full.state, full.number, full.figures) == ("submitted", 1, FROM_PAPER)
    assert (full.place, full.chair, full.recorder) == ("村部会议室", "周建国", "申秋云")
    assert (full.expected, full.present) == (32, 28)
    assert full.attendees == "张顺民、李红英；党员18人"
    assert (full.members_say, full.representatives_say) == ("先修水管", "路灯也要修")
    assert (full.last_month, full.conclusion) == ("塌方已修好", "水管月底前修好")
    assert full.submitted_by_id == line.user == cast.township_staff.user_id
    assert full.submitted_at is not None
    assert (plain.month, plain.expected, plain.conclusion) == (before(4), None, "")


@pytest.mark.parametrize("form", ["%Y年%m月", "%Y-%m", "%Y.%m", "%Y%m", "%Y/%m"])
def test_a_month_is_understood_as_people_write_it(cast: Cast, form: str) -> None:
    bring(cast, row(月份=f"{before(3):{form}}"))
    assert [one.month for one in reviews()] == [before(3)]


def test_a_month_that_excel_made_a_date_of_is_that_month(cast: Cast) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["村", "月份", "时间"])
    sheet.append(["长冲口村", before(3), day(3)])
    sheet["B2"].number_format = 'yyyy"年"m"月"'
    book.save(file)
    content = file.getvalue()
    desk.bring_in("reviews", content, cast.township_staff, name="会议.xlsx")
    assert [one.month for one in reviews()] == [before(3)]


def this_month() -> str:
    return f"{month():%Y-%m}"


def the_day_before() -> dt.date:
    return before(3) - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"村": "当家社区"}, "unknown_village"),
        ({"月份": ""}, "missing_month"),
        ({"月份": "三月"}, "not_a_month"),
        ({"月份": "2025年13月"}, "not_a_month"),
        ({"月份": this_month, "召开日期": month}, "not_over"),
        ({"月份": "2099年1月"}, "not_over"),
        ({"召开日期": ""}, "missing_held_on"),
        ({"召开日期": tomorrow}, "future_date"),
        ({"召开日期": the_day_before}, "before_its_month"),
        ({"应到": 20, "实到": 21}, "more_than_expected"),
        ({"会议结论": "水" * 1001}, "too_long"),
    ],
)
def test_what_cannot_have_been_is_refused(
    cast: Cast, cells: dict[str, Any], code: str
) -> None:
    upload = previewed(cast, row(**cells))
    assert list(refusals(upload).values()) == [{code}]


def test_a_meeting_is_made_up_for_within_two_months(cast: Cast) -> None:
    late, too_late = row(4, 召开日期=day(2)), row(5, 召开日期=day(2))
    upload = previewed(cast, late, too_late)
    assert refusals(upload) == {3: {"long_after_its_month"}}
    assert "2 个月以内" in problem(upload)["hint"]


def test_two_rows_of_one_month_are_one_too_many(cast: Cast) -> None:
    upload = previewed(cast, row(), row(3, 地点="村部"), row(4))
    assert refusals(upload) == {3: {"twice_in_file"}}
    assert problem(upload)["message"] == "和第 2 行是同一个村同一个月的"


# --- what is kept already ---------------------------------------------------------------


def test_the_same_ledger_again_adds_nothing(cast: Cast) -> None:
    phone = FULL | {"会议结论": "回电13800036893"}
    bring(cast, row(**phone))
    masked = FULL | {"会议结论": "回电138****6893"}
    assert counts(bring(cast, row(**masked), row(4))) == (1, 0, 1, 0)
    assert counts(previewed(cast, row())) == (0, 0, 1, 0), "a blank contradicts nothing"


def test_another_record_of_the_same_month_is_refused_by_what_differs(
    cast: Cast,
) -> None:
    bring(cast, row(**FULL))
    upload = previewed(cast, row(**FULL | {"实到": 27, "主持人": "申秋云"}))
    assert refusals(upload) == {2: {"held_differently"}}
    assert "主持人、实到和这一行不一样" in problem(upload)["message"]


def last_month_of(cast: Cast) -> Review:
    """Begin last month's review in the system."""
    with at(cast.secretary):
        return services.begin(
            village=cast.secretary.region, month=before(1), by=cast.secretary
        )


def test_a_month_in_work_is_finished_in_the_system(cast: Cast, rolls: Rolls) -> None:
    last_month_of(cast)
    upload = previewed(cast, row(1))
    assert refusals(upload) == {2: {"in_work"}}
    assert "接着准备" in problem(upload)["hint"]


def test_a_month_that_was_returned_is_corrected_in_the_system(cast: Cast) -> None:
    bring(cast, row(**FULL))
    given_back(cast, reviews()[0])
    assert refusals(previewed(cast, row(**FULL))) == {2: {"returned"}}


def test_a_month_submitted_in_the_system_is_the_same_or_refused(
    cast: Cast, rolls: Rolls
) -> None:
    done = submitted(cast.secretary, last_month_of(cast))
    same = row(1, 召开日期=done.held_on, 主持人=done.chair)
    assert counts(previewed(cast, same)) == (0, 0, 1, 0)
    other = row(1, 召开日期=done.held_on, 主持人="申秋云")
    assert refusals(previewed(cast, other)) == {2: {"held_differently"}}


def test_a_review_begun_between_preview_and_writing_is_not_overwritten(
    cast: Cast, rolls: Rolls
) -> None:
    upload = previewed(cast, row(1), row(3))
    last_month_of(cast)
    done = desk.work_on(desk.confirm(upload, cast.township_staff))
    assert counts(done) == (1, 0, 0, 1)
    assert [(one.month, one.state) for one in reviews()] == [
        (before(3), "submitted"), (before(1), "draft"),
    ]  # fmt: skip


def exported(cast: Cast) -> tuple[list[str], list[Any], dict[str, object]]:
    """Return titles, rows and totals of the ledger of our village."""
    totals: Counter[str] = Counter()
    with at(cast.township_staff):
        ledger = ReviewLedger(Region.objects.get(pk=VILLAGE))
        keys = ledger.keys({}, "", today())
        lines = list(ledger.rows(keys, today(), totals, full=False))
    return [column.title for column in ledger.columns], lines, ledger.total(totals)


def test_what_goes_out_comes_in_as_the_same(cast: Cast) -> None:
    bring(cast, row(**FULL), row(4))
    titles, lines, total = exported(cast)
    upload = hand_in("reviews", roll(titles, *lines), cast.township_staff)
    assert counts(upload) == (0, 0, 2, 0)
    cells = dict(zip([column.key for column in REVIEWS], lines[-1], strict=True))
    assert (cells["present"], cells["items"]) == (28, None)
    assert (total["held_on"], total["present"]) == ("2 场", 28)


# --- what it means ----------------------------------------------------------------------


def test_the_duty_of_the_month_moves_with_the_import(cast: Cast) -> None:
    def duty() -> Any:
        with at(cast.clerk):
            return duties.review_duties(today()).get(region=VILLAGE)

    first = duty()
    bring(cast, row(2), row(1))
    moved = duty()
    with at(cast.clerk):
        facts = duties.review_facts([VILLAGE])[VILLAGE]
    assert moved.last_on == day(1)
    assert moved.due_on == rules.due_on(facts, today()) > first.due_on
    assert moved.state == duties.State.DUE
    assert "本月还没开" in text_of(signed_in(cast.clerk).get("/reviews/"))

    bring(cast, row(1, 村=cast.sibling_secretary.region.name, 召开日期=today()))
    shown = text_of(signed_in(cast.sibling_secretary).get("/reviews/"))
    assert "本月还没开" in shown  # what was made up for today is last month's


def test_it_is_read_as_what_the_paper_said_and_without_figures(cast: Cast) -> None:
    bring(cast, row(**FULL), row(4))
    address = reviews()[-1].get_absolute_url()
    for reader in (cast.secretary, cast.township_staff, cast.city_staff):
        shown = text_of(signed_in(reader).get(address))
        assert "从表格导入，是以前的会议记录" in shown
        assert "水管月底前修好" in shown
        assert "28 人" in shown
        assert "研判 0 件" not in shown
        assert "本月概览" not in shown
    paper = signed_in(cast.secretary).get(f"{address}paper/").content.decode()
    assert "没有当月的数字" in paper
    assert "没有分件" in paper
    assert "走访 0 户次" not in paper


def test_the_boards_and_the_months_side_by_side_show_it(cast: Cast) -> None:
    bring(cast, row(**FULL))
    asked = f"?month={before(3):%Y-%m}"
    browser = signed_in(cast.township_staff)
    board = text_of(browser.get(f"/reviews/in/{TOWNSHIP}/{asked}"))
    assert f"长冲口村 已提交 {day(3)} 28 / 32 — —" in board
    together = text_of(browser.get(f"/reviews/together/{TOWNSHIP}/{asked}"))
    assert "水管月底前修好" in together
    assert "没有需要研判的" not in together
    year = text_of(signed_in(cast.secretary).get("/reviews/"))
    assert f"{before(3):%Y-%m} 已提交" in year


def test_the_next_review_begins_with_what_the_last_one_said(
    cast: Cast, rolls: Rolls
) -> None:
    bring(cast, row(1, **FULL))
    with at(cast.secretary):
        fresh = services.begin(
            village=cast.secretary.region, month=month(), by=cast.secretary
        )
    assert (fresh.place, fresh.chair, fresh.expected) == ("村部会议室", "周建国", 32)
    assert fresh.last_month == ""


def test_a_long_list_of_names_may_be_corrected(cast: Cast) -> None:
    names = "、".join(f"代表{n:02}" for n in range(70))
    bring(cast, row(**FULL | {"参会人员": names}))
    corrected(cast, reviews()[0])
    with at(cast.secretary):
        fresh = Review.objects.get(number=2)
        values = {k: v for k, v in MeetingForm.values(fresh).items() if v is not None}
        form = MeetingForm(values, names=[])
        assert form.is_valid(), form.errors
    assert values["guests"] == names


def test_a_month_of_years_ago_is_reached_by_clicks_and_says_its_year(
    cast: Cast,
) -> None:
    bring(cast, row(30), row(2))
    old = f"{before(30):%Y-%m}"
    village = signed_in(cast.secretary)
    listed = text_of(village.get("/reviews/"))
    assert old in listed
    assert f"{before(29):%Y-%m}" not in listed
    shown = text_of(village.get(reviews()[0].get_absolute_url()))
    assert f"{before(30).year} 年 {before(30).month} 月民情分析会" in shown
    for reader in (cast.township_staff, cast.city_staff):
        page = signed_in(reader).get("/reviews/").content.decode()
        assert f'href="?month={old}"' in page
        assert f'href="?month={before(29):%Y-%m}"' not in page


# --- how much, and back -----------------------------------------------------------------


def test_the_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    with at(cast.township_staff):
        below = Region.objects.current().villages().filter(parent_id=TOWNSHIP)
        names = list(below.values_list("name", flat=True))

    def asked(months: int, villages: list[str]) -> int:
        rows = [row(months, 村=name) for name in villages]
        upload = previewed(cast, *rows)
        with CaptureQueriesContext(connection) as seen:
            done = desk.work_on(desk.confirm(upload, cast.township_staff))
        assert counts(done) == (len(villages), 0, 0, 0)
        return len(seen)

    bring(cast, row())
    assert len(names) > 10
    assert asked(4, names[:2]) == asked(5, names)


def test_an_import_is_taken_back_whole(cast: Cast) -> None:
    with at(cast.clerk):
        first = list(MeetingDuty.objects.order_by("pk").values())
    upload = bring(cast, row(), row(1))
    undone = desk.take_back(upload, cast.township_staff)
    assert undone.stage == Stage.UNDONE
    assert reviews() == []
    with at(cast.clerk):
        assert list(MeetingDuty.objects.order_by("pk").values()) == first
    assert counts(bring(cast, row())) == (1, 0, 0, 0)


def given_back(cast: Cast, review: Review) -> None:
    with at(cast.township_staff):
        services.give_back(review=review, reason="没有写结论", by=cast.township_staff)


def corrected(cast: Cast, review: Review) -> None:
    with at(cast.secretary):
        services.correct(review=review, by=cast.secretary)


@pytest.mark.parametrize("later", [given_back, corrected])
def test_what_became_of_a_review_forbids_the_undo(cast: Cast, later: Any) -> None:
    upload = bring(cast, row(), row(4))
    later(cast, reviews()[1])
    stays = desk.take_back(upload, cast.township_staff)
    assert stays.stage != Stage.UNDONE
    assert f"{before(3):%Y-%m} 民情分析会" in str(stays.facts["blockers"])
    assert len(reviews()) >= 2
