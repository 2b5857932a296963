"""A year of before with its results, and the rows of a list of its honours."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Post
from appraisals.models import Appraisal, AppraisalPlan, AppraisalResult, Honour
from tests.cast import Cast, at, everywhere
from tests.days import dated, this_year, today
from tests.rolls import Rolls
from tests.workbooks import desk
from tests.workbooks.desk import roll
from workbooks.models import Upload

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


def of_this_year(**cells: Any) -> list[object]:
    return row(年度=this_year, 表彰日期=today, 领取日期=today, **cells)
