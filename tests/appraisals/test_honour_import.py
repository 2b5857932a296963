"""优秀代表 of the years before the system on their way in, and out again by an undo."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessEntry, Action, Post, RowChange
from appraisals.models import Appraisal, AppraisalResult, Honour
from appraisals.services import honours as services
from representatives.models import Representative
from tests.appraisals import honouring
from tests.appraisals.appraising import filed
from tests.appraisals.honouring import (
    GRADES,
    OTHER,
    RESULTS,
    TITLES,
    bring,
    check,
    honours,
    last_year,
    new_years_eve,
    of_this_year,
    past_results,
    row,
)
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import Rolls, changes, set_up_other, text_of
from tests.workbooks import desk
from tests.workbooks.desk import counts, refusals, roll, take_back
from workbooks.forms import ledgers_for
from workbooks.models import Stage

uploads, held = desk.uploads, honouring.held
handed_in_today = honouring.handed_in_today


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


def test_a_result_that_was_filed_here_is_enough(cast: Cast, rolls: Rolls) -> None:
    filed(cast.secretary, cast.township_staff, "张顺民")
    assert counts(bring(cast, of_this_year())) == (1, 0, 0, 0)


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
