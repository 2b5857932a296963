"""优秀代表 of the years before the system on their way in, and out again by an undo."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessEntry, Action, Post, RowChange
from appraisals.models import Appraisal, AppraisalPlan, AppraisalResult, Honour
from appraisals.services import honours as services
from representatives.models import Representative
from tests.appraisals.appraising import confirmed, filed
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import dated, this_year, today, tomorrow
from tests.rolls import Rolls, changes, set_up_other, text_of
from tests.workbooks import desk
from tests.workbooks.desk import counts, refusals, roll, take_back
from workbooks.forms import ledgers_for
from workbooks.models import Stage, Upload

uploads = desk.uploads
TITLES = (
    "村", "年度", "姓名", "小组", "号牌编号", "表彰日期", "奖金(元)", "纪念品",
    "领取日期", "领取人",
)  # fmt: skip
RESULTS = ("村", "年度", "姓名", "等次")
GRADES = {"张顺民": "excellent", "李红英": "excellent", "申秋云": "competent"}


def last_year() -> int:
    return this_year() - 1


def new_years_eve() -> dt.date:
    """Return the day of last year's meeting and commendation."""
    return dt.date(last_year(), 12, 31)


def the_day_before() -> dt.date:
    return dt.date(last_year(), 12, 30)


def far_too_early() -> dt.date:
    return dt.date(last_year() - 1, 12, 30)


FULL: dict[str, Any] = {
    "村": "长冲口村", "年度": last_year, "姓名": "张顺民", "号牌编号": "长优-01",
    "表彰日期": new_years_eve, "奖金(元)": "300", "领取日期": new_years_eve, "领取人": "张顺民",
}  # fmt: skip
OTHER: dict[str, Any] = {
    "姓名": "李红英", "号牌编号": "长优-02", "奖金(元)": "", "纪念品": "保温壶",
    "领取日期": "", "领取人": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def handed_in_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The year before this one is past whenever the tests run."""
    monkeypatch.setattr(desk, "TODAY", today())
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


def past_results(rolls: Rolls, by: Post) -> Appraisal:
    """Enter the results of last year as an import leaves them."""
    with everywhere():
        held = Appraisal.objects.create(
            region=rolls.village, year=last_year(), stage="done", is_imported=True,
            plan=AppraisalPlan.objects.get(), counts_until=new_years_eve(),
            met_on=new_years_eve(), filed_on=new_years_eve(), begun_by=by.user,
        )  # fmt: skip
        AppraisalResult.objects.bulk_create(
            AppraisalResult(
                region=rolls.village, appraisal=held, grade=grade,
                representative=rolls.people[name],
            )
            for name, grade in GRADES.items()
        )  # fmt: skip
    return held


@pytest.fixture(scope="module")
def held(cast: Cast, rolls: Rolls) -> Appraisal:
    """Return the appraisal of last year: two of three are 优秀."""
    return past_results(rolls, cast.clerk)


def row(**cells: Any) -> list[object]:
    """Return a row of TITLES: 张顺民 was given 300 yuan, and took them."""
    given = dated(FULL | cells)
    return [given.get(title, "") for title in TITLES]


def check(cast: Cast, *rows: list[object], by: Post | None = None) -> Upload:
    return desk.hand_in("honours", roll(TITLES, *rows), by or cast.clerk)


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("honours", roll(TITLES, *rows), cast.clerk)


def said(upload: Upload, by: Post) -> str:
    """Return what is said against the last row that is refused, and how to mend it."""
    refused = [one for one in desk.listed(upload, by) if one.problems]
    [problem] = refused[-1].problems
    return f"{problem['column']}：{problem['message']}；{problem['hint']}"


def honours(cast: Cast) -> list[Honour]:
    with at(cast.clerk):
        return list(Honour.objects.select_related("representative").order_by("plaque"))


# --- what comes in ----------------------------------------------------------------------


def test_honours_of_before_come_in_whole(cast: Cast, held: Appraisal) -> None:
    done = bring(cast, row(), row(**OTHER))
    assert counts(done) == (2, 0, 0, 0)

    paid, given = honours(cast)
    assert (paid.representative.name, paid.year, paid.region_id) == (
        "张顺民", last_year(), VILLAGE,
    )  # fmt: skip
    assert (paid.given, paid.amount, paid.gift) == ("bonus", Decimal("300.00"), "")
    assert (paid.awarded_on, paid.received_on) == (new_years_eve(), new_years_eve())
    assert (paid.receiver, paid.entered_by) == ("张顺民", cast.clerk.user)
    assert (given.given_words, given.received_on, given.receiver) == (
        "保温壶",
        None,
        "",
    )
    with at(cast.clerk):
        assert changes(paid, "insert")
        logged = AccessEntry.objects.get(action=Action.IMPORTED)
    assert logged.reason == "新增 2，更新 0，退回 0"


def test_they_stand_on_the_page_of_their_year(cast: Cast, held: Appraisal) -> None:
    browser, url = signed_in(cast.clerk), f"/honours/?year={last_year()}"
    before = browser.get(url).content.decode()
    assert "/imports/new/?kind=honours" in before
    bring(cast, row(), row(**OTHER))
    page = browser.get(url)
    words = text_of(page)
    for one in ("长优-01", "奖金 300.00 元", "保温壶", "还没领 1 名"):
        assert one in words
    assert "/imports/new/?kind=honours" not in page.content.decode()


def test_a_year_long_past_is_one_click_away(cast: Cast, held: Appraisal) -> None:
    browser, year = signed_in(cast.clerk), 2022
    assert f"?year={year}" not in browser.get("/honours/").content.decode()
    best = ["长冲口村", year, "张顺民", "优秀"]
    desk.bring_in("appraisals", roll(RESULTS, best), cast.clerk)
    when = {"年度": f"{year}", "表彰日期": "2023-01-10", "领取日期": "2023-01-10"}
    assert counts(bring(cast, row(**when))) == (1, 0, 0, 0)
    for page in ("/honours/", "/appraisals/"):
        assert f'href="?year={year}"' in browser.get(page).content.decode()


def test_what_lists_say_for_nothing_is_nothing(cast: Cast, held: Appraisal) -> None:
    empty = {"奖金(元)": "-", "纪念品": "无", "领取日期": "无", "领取人": "/"}
    assert counts(bring(cast, row(**empty))) == (1, 0, 0, 0)
    [only] = honours(cast)
    assert (only.given, only.amount, only.gift) == ("", None, "")
    assert (only.received_on, only.receiver) == (None, "")


def test_the_same_list_again_adds_nothing(cast: Cast, held: Appraisal) -> None:
    bring(cast, row(), row(**OTHER))
    assert counts(check(cast, row(), row(**OTHER))) == (0, 0, 2, 0)


def test_what_was_entered_here_is_the_same_as_it_is_read(
    cast: Cast, held: Appraisal
) -> None:
    """Spaces and full-width letters are kept on the page, and taken out of a file."""
    with at(cast.clerk):
        best = held.results.get(representative__name="张顺民")
        services.award(
            awards={best.pk: services.Award("长优 ０１", "gift", gift="茶杯（A款）")},
            year=last_year(), awarded_on=new_years_eve(), by=cast.clerk,
        )  # fmt: skip
    nobody = {"领取日期": "", "领取人": "", "奖金(元)": ""}
    same = row(号牌编号="长优 ０１", 纪念品="茶杯（A款）", **nobody)
    assert counts(check(cast, same)) == (0, 0, 1, 0)


def of_this_year(**cells: Any) -> list[object]:
    return row(年度=this_year, 表彰日期=today, 领取日期=today, **cells)


def test_a_result_that_was_filed_here_is_enough(cast: Cast, rolls: Rolls) -> None:
    filed(cast.secretary, cast.township_staff, "张顺民")
    assert counts(bring(cast, of_this_year())) == (1, 0, 0, 0)


# --- what is refused --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"村": "没有村"}, "unknown_village", "没有找到这个村"),
        ({"姓名": "没有人"}, "unknown_person", "请核对姓名；同名的请填小组"),
        ({"姓名": "周静霞"}, "no_result", "先导入这一年的评议结果，再导入表彰"),
        ({"年度": "2023"}, "no_result", "这位代表没有 2023 年的评议结果"),
        ({"年度": this_year}, "no_result", "今年的先在“履职评议”里办"),
        ({"姓名": "申秋云"}, "not_excellent", "年是称职，不是优秀"),
        ({"年度": ""}, "missing_year", "请补填"),
        ({"号牌编号": ""}, "missing_plaque", "号牌编号没有填写；请补填"),
        ({"号牌编号": "号" * 21}, "too_long", "最多 20 个"),
        ({"纪念品": "保温壶"}, "two_gifts", "奖金和纪念品都填了，只能填一样"),
        ({"奖金(元)": "0"}, "not_above_nought", "没有发奖金的，这一格空着"),
        ({"奖金(元)": "-5"}, "amount_out_of_range", "应在 0 到"),
        ({"奖金(元)": "三百"}, "amount_not_a_number", "奖金(元)不是数字"),
        ({"表彰日期": ""}, "missing_awarded_on", "请补填"),
        ({"表彰日期": tomorrow}, "future_date", "在今天"),
        ({"表彰日期": far_too_early}, "before_the_year", "早于评议的年度"),
        ({"领取日期": tomorrow}, "future_date", "在今天"),
        ({"领取日期": the_day_before}, "received_before", "领取日期不能早于表彰日期"),
        ({"领取日期": ""}, "no_day", "写了领取人，没有写领取日期"),
        ({"领取人": ""}, "no_receiver", "写了领取日期，没有写领取人"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_in_words(
    cast: Cast, held: Appraisal, cells: dict[str, object], code: str, words: str
) -> None:
    upload = check(cast, row(**cells), row(**OTHER))
    assert counts(upload) == (1, 0, 0, 1)
    assert refusals(upload) == {2: {code}}
    assert words in said(upload, cast.clerk)


def test_two_of_one_name_are_told_apart_by_their_group(
    cast: Cast, rolls: Rolls, held: Appraisal
) -> None:
    with everywhere():
        twin = rolls.people["申秋云"]
        Representative.objects.create(
            region=rolls.village, name="张顺民", initials="zsm", sex="m",
            birth_year=1970, group=twin.group,
        )  # fmt: skip
    assert refusals(check(cast, row())) == {2: {"unknown_person"}}
    assert counts(check(cast, row(小组="1组"))) == (1, 0, 0, 0)
    assert refusals(check(cast, row(小组="2组"))) == {2: {"no_result"}}


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        (FULL, "twice_in_file", "和第 2 行是同一个人、同一年；请只留一行"),
        (OTHER | {"号牌编号": "长优-01"}, "plaque_taken", "在第 2 行发给了张顺民"),
    ],
)
def test_nobody_is_honoured_twice_in_a_file(
    cast: Cast, held: Appraisal, cells: dict[str, object], code: str, words: str
) -> None:
    upload = check(cast, row(), row(**cells))
    assert (counts(upload), refusals(upload)) == ((1, 0, 0, 1), {3: {code}})
    assert words in said(upload, cast.clerk)


def test_a_plaque_is_held_by_one_person(cast: Cast, held: Appraisal) -> None:
    bring(cast, row())
    upload = check(cast, row(**OTHER | {"号牌编号": "长优-01"}))
    assert refusals(upload) == {2: {"plaque_taken"}}
    taken = f"号牌编号 长优-01 已经发给张顺民（{last_year()} 年）"
    assert taken in said(upload, cast.clerk)
    assert f"前面加上年度，如 {last_year()}-01" in said(upload, cast.clerk)


def test_other_facts_about_the_same_honour_are_named(
    cast: Cast, held: Appraisal
) -> None:
    bring(cast, row())
    other = row(号牌编号="长优-09", 领取人="张小民", **{"奖金(元)": "200"})
    upload = check(cast, other)
    assert refusals(upload) == {2: {"other_facts"}}
    words = said(upload, cast.clerk)
    assert "不一样的是：号牌编号、奖金(元)、领取人" in words
    assert "要改的在“优秀代表”里改" in words


def test_a_result_that_is_not_filed_is_not_enough(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        confirmed(cast.secretary, "张顺民")
    upload = check(cast, of_this_year())
    assert refusals(upload) == {2: {"not_filed"}}
    assert "镇里备案以后，再登记表彰" in said(upload, cast.clerk)


def test_who_is_missing_where_it_was_appraised_here_is_told_so(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        confirmed(cast.secretary, "张顺民")
        Representative.objects.create(
            region=rolls.village,
            name="曾新来",
            initials="zxl",
            sex="m",
            birth_year=1970,
        )
    upload = check(cast, of_this_year(姓名="曾新来"))
    assert refusals(upload) == {2: {"no_result"}}
    assert "是在系统里办的，里面没有这个人" in said(upload, cast.clerk)


def test_what_is_registered_after_the_preview_is_refused_at_the_writing(
    cast: Cast, held: Appraisal
) -> None:
    upload = desk.confirm(check(cast, row(), row(**OTHER)), cast.clerk)
    with at(cast.secretary):
        best = held.results.get(representative__name="张顺民")
        services.award(
            awards={best.pk: services.Award("长优-02")},
            year=last_year(), awarded_on=new_years_eve(), by=cast.secretary,
        )  # fmt: skip
    done = desk.work_on(upload)
    assert refusals(done) == {2: {"other_facts"}, 3: {"plaque_taken"}}
    assert [one.plaque for one in honours(cast)] == ["长优-02"]


# --- who may, and where -----------------------------------------------------------------


def test_another_townships_village_is_unknown(cast: Cast, held: Appraisal) -> None:
    elsewhere = set_up_other()
    past_results(elsewhere, cast.other_staff)
    theirs = row(村=elsewhere.village.name)
    upload = check(cast, theirs, row(), by=cast.township_staff)
    assert refusals(upload) == {2: {"unknown_village"}}
    own = check(cast, theirs, by=cast.other_staff)
    assert counts(own) == (1, 0, 0, 0)


MAY: dict[str, Callable[[Cast], Post]] = {
    "clerk": lambda cast: cast.clerk,
    "secretary": lambda cast: cast.secretary,
    "township_staff": lambda cast: cast.township_staff,
    "township_lead": lambda cast: cast.township_lead,
}


@pytest.mark.parametrize("part", MAY)
def test_who_keeps_honours_is_offered_the_list(cast: Cast, part: str) -> None:
    browser = signed_in(MAY[part](cast))
    assert "优秀代表表彰台账（以前的）" in text_of(browser.get("/imports/new/"))
    template = browser.get("/imports/templates/honours/")
    assert template.content.startswith(b"PK")


@pytest.mark.parametrize("part", ["city_staff", "city_lead", "representative"])
def test_nobody_else_may_import_them(cast: Cast, part: str, tmp_path: Path) -> None:
    post = getattr(cast, part)
    assert "honours" not in {one.kind for one in ledgers_for(post)}
    assert signed_in(post).get("/imports/templates/honours/").status_code == 403
    file = tmp_path / "表彰.csv"
    file.write_bytes(roll(TITLES, row()))
    with pytest.raises(CommandError, match="不能导入"):
        call_command("import_ledger", "honours", str(file), user=part)


def test_the_command_line_takes_the_list(
    cast: Cast, held: Appraisal, tmp_path: Path
) -> None:
    file, out = tmp_path / "表彰.csv", StringIO()
    file.write_bytes(roll(TITLES, row(), row(**OTHER)))
    call_command("import_ledger", "honours", str(file), "--apply", user="clerk", stdout=out)  # fmt: skip
    assert json.loads(out.getvalue())["created"] == len(honours(cast)) == 2


def test_statements_do_not_grow_with_the_rows(
    cast: Cast, rolls: Rolls, held: Appraisal
) -> None:
    names = [f"优{a}{b}" for a in "甲乙丙丁戊己" for b in "子丑寅卯辰巳午未"]
    with everywhere():
        people = Representative.objects.bulk_create(
            Representative(
                region=rolls.village, name=name, initials="y", sex="f", birth_year=1970
            )
            for name in names
        )
        AppraisalResult.objects.bulk_create(
            AppraisalResult(
                region=rolls.village, appraisal=held, representative=one,
                grade="excellent",
            )
            for one in people
        )  # fmt: skip

    def asked(*some: str) -> int:
        rows = [row(姓名=name, 号牌编号=name, 领取人=name) for name in some]
        upload = check(cast, *rows)
        with CaptureQueriesContext(connection) as seen:
            done = desk.work_on(desk.confirm(upload, cast.clerk))
        assert counts(done) == (len(some), 0, 0, 0)
        return len(seen)

    assert asked(*names[:3]) == asked(*names[3:])


# --- taken back -------------------------------------------------------------------------


def test_an_import_is_taken_back_whole_and_can_come_in_again(
    cast: Cast, held: Appraisal
) -> None:
    undone = take_back(bring(cast, row(), row(**OTHER)), cast.secretary)
    assert (undone.stage, honours(cast)) == (Stage.UNDONE, [])
    with at(cast.clerk):
        kinds = RowChange.objects.filter(table=Honour._meta.db_table)
        assert kinds.filter(operation="delete").count() == 2
        logged = AccessEntry.objects.get(action=Action.IMPORT_UNDONE)
        assert held.results.count() == len(GRADES)
    assert logged.reason == "删去 2 条，恢复 0 条"
    assert counts(bring(cast, row(), row(**OTHER))) == (2, 0, 0, 0)


def test_who_took_it_later_stands_in_the_way_of_an_undo(
    cast: Cast, held: Appraisal
) -> None:
    done = bring(cast, row(**OTHER))
    [only] = honours(cast)
    with at(cast.secretary):
        services.receive(
            honour=only, received_on=today(), receiver="李红英", version=1, on=today()
        )
    kept = take_back(done, cast.clerk)
    assert (kept.stage, len(honours(cast))) == (Stage.APPLIED, 1)
    [blocker] = kept.facts["blockers"]
    assert blocker["what"] == f"优秀代表 {last_year()} 年优秀代表 李红英"
    assert "修改过" in blocker["why"]


def test_results_stay_as_long_as_somebody_is_honoured_for_them(
    cast: Cast, rolls: Rolls
) -> None:
    best = roll(RESULTS, ["长冲口村", last_year() - 1, "张顺民", "优秀"])
    results = desk.bring_in("appraisals", best, cast.clerk)
    list_of = bring(cast, row(年度=f"{last_year() - 1}"))
    kept = take_back(results, cast.clerk)
    assert kept.stage == Stage.APPLIED
    assert "用到了这次导入的“评议结果”" in kept.facts["blockers"][0]["why"]
    assert take_back(list_of, cast.clerk).stage == Stage.UNDONE
    assert take_back(results, cast.clerk).stage == Stage.UNDONE
