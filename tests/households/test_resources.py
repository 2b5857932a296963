"""联系户花名册: who a row means, what it changes, why it is refused."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Post
from households.models import Category, CategoryTag, ContactLink, Household, LinkEnd
from regions.models import VillagerGroup
from tests.cast import VILLAGE, Cast, at, everywhere
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, household, refusals, roll
from tests.workbooks.making import TODAY
from workbooks.models import Upload

uploads = desk.uploads
FULL = (
    *desk.HOUSEHOLDS,
    *("户类型", "重点类别", "代表电话", "联系党员", "联系起始日期", "住址", "备注"),
)


def full(head: str, sequence: int, **cells: object) -> list[object]:
    """Return a row of FULL of our village."""
    first = household(
        head, sequence, **{k: v for k, v in cells.items() if k in desk.HOUSEHOLDS}
    )
    return [*first, *(cells.get(title, "") for title in FULL[len(first) :])]


def bring(by: Post, *rows: list[object], titles: tuple[str, ...] = FULL) -> Upload:
    return desk.bring_in("households", roll(titles, *rows), by)


def check(by: Post, *rows: list[object], titles: tuple[str, ...] = FULL) -> Upload:
    return hand_in("households", roll(titles, *rows), by)


def changes(upload: Upload, by: Post) -> dict[str, tuple[str, str]]:
    """Return the changes of the only changed row, by column."""
    with at(by):
        row = upload.verdicts.get(verdict="changed")
    return {change["column"]: (change["old"], change["new"]) for change in row.changes}


def objection(upload: Upload, by: Post) -> str:
    """Return why the only refused row is refused."""
    with at(by):
        message: str = upload.verdicts.get(verdict="refused").problems[0]["message"]
    return message


@pytest.fixture(scope="module")
def clerk(cast: Cast) -> Post:
    """Return our clerk, in whose village two representatives serve."""
    people = [desk.representative("张顺民", 50), desk.representative("申秋云", 51)]
    desk.bring_in("representatives", roll(desk.REPRESENTATIVES, *people), cast.clerk)
    return cast.clerk


def only(by: Post) -> Household:
    with at(by):
        return Household.objects.select_related("group").get()


def test_a_new_household_comes_with_group_link_and_categories(clerk: Post) -> None:
    given: dict[str, Any] = {
        "组别": "第十二组",
        "人口": "4",
        "联系代表": "张顺民",
        "户类型": "重点",
        "重点类别": "独居老人户，重病户",
        "联系党员": "李四",
        "住址": "12组5号",
        "联系起始日期": "2026年3月1日",
        "联系电话": "13800000001",
    }
    with at(clerk):
        names = list(Category.objects.order_by("order").values_list("name", flat=True))
    given["重点类别"] = "，".join(names[:2])
    assert counts(bring(clerk, full("刘桂英", 1, **given))) == (1, 0, 0, 0)
    home = only(clerk)
    assert (home.region_id, home.group.number, home.members) == (VILLAGE, 12, 4)
    assert (home.initials, str(home.phone)) == ("lgy", "138****0001")
    with at(clerk):
        link = ContactLink.objects.select_related("representative").get()
        assert (link.representative.name, link.party_member) == ("张顺民", "李四")
        assert link.started_on == home.registered_on == dt.date(2026, 3, 1)
        tags = CategoryTag.objects.filter(household=home, ended_on=None)
        assert {tag.category.name for tag in tags} == set(names[:2])


def test_without_dates_a_household_begins_on_the_day_of_the_import(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 联系代表="张顺民"))
    assert only(clerk).registered_on == TODAY


@pytest.mark.parametrize("written", ["3组", "第3组", "三组", "3", "03组"])
def test_groups_are_found_however_they_are_written(clerk: Post, written: str) -> None:
    bring(clerk, full("刘桂英", 1, 组别=written))
    assert only(clerk).group.number == 3


def test_importing_again_changes_nothing(clerk: Post) -> None:
    rows = [full("刘桂英", 1, 联系代表="张顺民"), full("张志文", 0), full("李小红", 0)]
    bring(clerk, *rows)
    assert counts(check(clerk, *rows)) == (0, 0, 3, 0)


def test_a_change_is_shown_with_old_and_new(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 联系代表="张顺民", 住址="1组1号"))
    row = full("刘桂莲", 1, 组别="2组", 联系代表="申秋云", 住址="1组2号", 人口="5")
    upload = check(clerk, row)
    assert changes(upload, clerk) == {
        "组别": ("1组", "2组"),
        "户主姓名": ("刘桂英", "刘桂莲"),
        "家庭人口": ("3", "5"),
        "住址": ("1组1号", "1组2号"),
        "联系代表": ("张顺民", "申秋云"),
    }


def test_a_changed_representative_ends_one_link_and_begins_another(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 联系代表="张顺民", 联系起始日期="2026-03-01"))
    bring(clerk, full("刘桂英", 1, 联系代表="申秋云", 联系起始日期="2026-03-01"))
    with at(clerk):
        old, new = ContactLink.objects.order_by("pk")
    assert (old.ended_on, old.end_reason) == (TODAY, LinkEnd.REASSIGNED)
    assert (new.started_on, new.ended_on) == (TODAY, None)


def test_a_link_begins_no_sooner_than_the_one_before_it_ended(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 联系代表="张顺民", 联系起始日期="2026-03-01"))
    left = dt.date(2026, 6, 1)
    with at(clerk):
        ContactLink.objects.update(ended_on=left, end_reason=LinkEnd.MANDATE_ENDED)
    bring(clerk, full("刘桂英", 1, 联系代表="申秋云", 联系起始日期="2026-03-01"))
    with at(clerk):
        assert ContactLink.objects.get(ended_on=None).started_on == left


def test_a_category_that_the_roll_no_longer_names_ends(clerk: Post) -> None:
    with at(clerk):
        first, second = Category.objects.order_by("order").values_list(
            "name", flat=True
        )[:2]
    bring(clerk, full("刘桂英", 1, 重点类别=f"{first}、{second}"))
    bring(clerk, full("刘桂英", 1, 重点类别=second))
    with at(clerk):
        ended = CategoryTag.objects.get(category__name=first)
        kept = CategoryTag.objects.get(category__name=second)
    assert (ended.ended_on, kept.ended_on) == (TODAY, None)


def test_a_category_no_longer_offered_stays_with_who_has_it(clerk: Post) -> None:
    with at(clerk):
        name = Category.objects.order_by("order").values_list("name", flat=True)[0]
    bring(clerk, full("刘桂英", 1, 重点类别=name))
    with everywhere():
        Category.objects.filter(name=name).update(retired_on=TODAY)
    rows = [full("刘桂英", 1, 重点类别=name), full("李小红", 2, 重点类别=name)]
    upload = check(clerk, *rows)
    assert counts(upload) == (0, 0, 1, 1)
    assert refusals(upload) == {3: {"unknown_category"}}


def test_columns_that_the_file_does_not_have_stay_as_they_are(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 住址="1组1号", 备注="低保", 联系代表="张顺民"))
    bring(
        clerk, ["长冲口村", "1组", "刘桂英", "6"], titles=("村", "组别", "户主", "人口")
    )
    home = only(clerk)
    assert (home.members, home.address, home.remark) == (6, "1组1号", "低保")
    assert home.id_index is not None


def test_a_number_is_added_to_who_had_none(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 0))
    assert counts(bring(clerk, full("刘桂英", 1))) == (0, 1, 0, 0)
    assert only(clerk).id_index is not None


def test_two_of_one_name_are_told_apart_by_their_phones(clerk: Post) -> None:
    rows = [full("刘桂英", 0, 联系电话=f"1380000000{i}") for i in (1, 2)]
    bring(clerk, *rows)
    assert counts(check(clerk, *rows)) == (0, 0, 2, 0)


@pytest.mark.parametrize("phones", [("", ""), ("13800000001", ""), ("", "13800000001")])
def test_two_rows_that_cannot_be_told_apart_do_not_both_come_in(
    clerk: Post, phones: tuple[str, str]
) -> None:
    rows = [full("刘桂英", 0, 联系电话=phone) for phone in phones]
    upload = check(clerk, *rows)
    assert (counts(upload), refusals(upload)) == (
        (1, 0, 0, 1),
        {3: {"duplicate_in_file"}},
    )


def test_two_rows_do_not_update_the_same_household(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 0))
    upload = check(clerk, full("刘桂英", 0, 人口="4"), full("刘桂英", 0, 人口="5"))
    assert refusals(upload) == {3: {"duplicate_in_file"}}


def test_of_two_numbers_one_takes_over_the_household_without_a_number(
    clerk: Post,
) -> None:
    bring(clerk, full("刘桂英", 0))
    assert counts(check(clerk, full("刘桂英", 1), full("刘桂英", 2))) == (1, 1, 0, 0)


def test_a_row_without_a_number_means_the_one_without_a_number(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1, 人口="3"), full("刘桂英", 0, 人口="4"))
    upload = check(clerk, full("刘桂英", 1, 人口="3"), full("刘桂英", 0, 人口="4"))
    assert counts(upload) == (0, 0, 2, 0)


def test_ambiguity_is_refused_in_words(clerk: Post) -> None:
    bring(clerk, full("刘桂英", 1), full("刘桂英", 2))
    titles = ("村", "组别", "户主", "人口")
    upload = check(clerk, ["长冲口村", "1组", "刘桂英", "3"], titles=titles)
    assert refusals(upload) == {2: {"ambiguous_household"}}
    assert objection(upload, clerk) == (
        "本组有 2 户户主都叫刘桂英：430599********0019，没有电话；"
        "430599********0027，没有电话"
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "不存在村"}, "unknown_village"),
        ({"组别": "院子里"}, "bad_group"),
        ({"联系代表": "没有这个人"}, "unknown_representative"),
        ({"重点类别": "富裕户"}, "unknown_category"),
        ({"户类型": "重点"}, "missing_category"),
        ({"人口": "很多"}, "members_not_a_number"),
        ({"联系起始日期": "2099-01-01"}, "future_date"),
        ({"户主姓名": ""}, "missing_head"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    clerk: Post, cells: dict[str, str], code: str
) -> None:
    assert refusals(check(clerk, full("刘桂英", 1, **cells))) == {2: {code}}


def test_all_reasons_of_a_row_are_named_at_once(clerk: Post) -> None:
    row = full("刘桂英", 1, 联系代表="没有这个人", 重点类别="富裕户")
    assert refusals(check(clerk, row)) == {
        2: {"unknown_representative", "unknown_category"}
    }


def test_representatives_of_one_name_are_told_apart_by_phone(clerk: Post) -> None:
    twins = [
        desk.representative("王建国", 60 + i, 联系电话=f"1390000000{i}") for i in (1, 2)
    ]
    desk.bring_in("representatives", roll(desk.REPRESENTATIVES, *twins), clerk)
    vague = full("刘桂英", 1, 联系代表="王建国")
    exact = full("张志文", 2, 联系代表="王建国", 代表电话="13900000002")
    upload = check(clerk, vague, exact)
    assert refusals(upload) == {2: {"ambiguous_representative"}}
    assert objection(upload, clerk) == (
        "本村有 2 位王建国：电话 139****0001；电话 139****0002"
    )
    assert upload.created == 1


def test_groups_are_set_up_once(clerk: Post) -> None:
    bring(clerk, *(full(f"王{n}", i + 1, 组别="7组") for i, n in enumerate("一二三")))
    with at(clerk):
        assert VillagerGroup.objects.filter(number=7).count() == 1


def test_statements_do_not_grow_with_the_rows(
    clerk: Post, django_assert_max_num_queries: Any
) -> None:
    names = "一二三四五六七八九十"
    costs = []
    for size in (5, 200):
        rows = [
            full(f"王{names[i % 10]}", size * 10 + i, 联系代表="张顺民")
            for i in range(size)
        ]
        upload = desk.confirm(check(clerk, *rows), clerk)
        with django_assert_max_num_queries(80) as captured:
            desk.work_on(upload)
        costs.append(len(captured))
    assert costs[0] == costs[1]
