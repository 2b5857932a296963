"""What a list of past honours may not say, and the words in which it is refused."""

import pytest

from appraisals.models import Appraisal
from appraisals.services import honours as services
from representatives.models import Representative
from tests.appraisals import honouring
from tests.appraisals.appraising import confirmed
from tests.appraisals.honouring import (
    FULL,
    OTHER,
    bring,
    check,
    far_too_early,
    honours,
    last_year,
    new_years_eve,
    of_this_year,
    row,
    said,
    the_day_before,
)
from tests.cast import Cast, at, everywhere
from tests.days import this_year, tomorrow
from tests.rolls import Rolls
from tests.workbooks import desk
from tests.workbooks.desk import counts, refusals

uploads, held = desk.uploads, honouring.held
handed_in_today = honouring.handed_in_today


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
