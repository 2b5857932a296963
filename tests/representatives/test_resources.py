"""代表花名册: who a row means, which seat he gets, why it is refused."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Post
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Representative,
    Seat,
)
from tests.cast import VILLAGE, Cast, at
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, representative, roll
from workbooks.models import Upload

uploads = desk.uploads
FULL = (
    *desk.REPRESENTATIVES,
    *("性别", "出生年份", "文化程度", "政治面貌", "兼任", "推选方式", "推选单元"),
    "是否补选",
)


def full(name: str, sequence: int, **cells: object) -> list[object]:
    """Return a row of FULL of our village."""
    known = {k: v for k, v in cells.items() if k in desk.REPRESENTATIVES}
    first = representative(name, sequence, **known)
    for title in ("当选时间", "任期至", "身份证号"):
        if title in cells:
            first[FULL.index(title)] = cells[title]
    return [*first, *(cells.get(title, "") for title in FULL[len(first) :])]


def bring(by: Post, *rows: list[object]) -> Upload:
    return desk.bring_in("representatives", roll(FULL, *rows), by)


def check(by: Post, *rows: list[object]) -> Upload:
    return hand_in("representatives", roll(FULL, *rows), by)


@pytest.fixture
def clerk(cast: Cast) -> Post:
    """Return our clerk."""
    return cast.clerk


def test_a_new_person_gets_a_seat_of_his_group_and_a_mandate(clerk: Post) -> None:
    cells: dict[str, Any] = {
        "小组": "3组",
        "性别": "女",
        "出生年份": "1970",
        "文化程度": "高级中学",
        "政治面貌": "党员",
        "兼任": "村医、护林员",
        "推选方式": "按组",
    }
    assert counts(bring(clerk, full("申秋云", 1, **cells))) == (1, 0, 0, 0)
    with at(clerk):
        person = Representative.objects.select_related("group").get()
        mandate = Mandate.objects.select_related("seat__constituency").get()
    assert (person.region_id, person.group and person.group.number) == (VILLAGE, 3)
    assert (person.sex, person.education, person.politics) == ("f", "senior", "member")
    assert (person.offices, person.initials) == (["村医", "护林员"], "sqy")
    assert (mandate.started_on, mandate.until) == (
        dt.date(2026, 1, 10),
        dt.date(2030, 12, 31),
    )
    assert (mandate.seat.constituency.name, mandate.seat.number) == ("3组", 1)
    assert mandate.person_index == person.id_index


def test_the_villages_term_is_taken_from_its_roll(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    with at(clerk):
        term = CommitteeTerm.objects.get()
    assert (term.started_on, term.ends_on) == (
        dt.date(2026, 1, 1),
        dt.date(2030, 12, 31),
    )


def test_rows_that_name_another_term_than_the_first_are_refused(clerk: Post) -> None:
    upload = check(clerk, full("申秋云", 1), full("张顺民", 2, 任期至="2029-12-31"))
    assert refusals(upload) == {3: {"term_mismatch"}}


def test_a_term_that_is_recorded_is_what_counts(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    upload = check(clerk, full("张顺民", 2, 任期至="2029-12-31"))
    assert refusals(upload) == {2: {"term_mismatch"}}


def test_each_of_a_group_gets_a_seat_of_his_own(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1), full("张顺民", 2), full("陈一", 3, 小组="2组"))
    with at(clerk):
        seats = Seat.objects.order_by("constituency__name", "number")
        found = [str(seat) for seat in seats.select_related("constituency")]
    assert found == ["1组 第 1 席", "1组 第 2 席", "2组 第 1 席"]


def test_a_vacant_seat_is_filled_before_another_is_made(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    with at(clerk):
        Mandate.objects.update(
            ended_on=dt.date(2026, 6, 1), end_cause=MandateEnd.RESIGNED
        )
    bring(clerk, full("张顺民", 2, 是否补选="是"))
    with at(clerk):
        assert Seat.objects.count() == 1
        assert Mandate.objects.unended().get().is_by_election


def test_who_left_and_is_on_the_roll_again_gets_a_new_mandate(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    with at(clerk):
        Mandate.objects.update(
            ended_on=dt.date(2026, 6, 1), end_cause=MandateEnd.RESIGNED
        )
    assert counts(bring(clerk, full("申秋云", 1, 当选时间="2026-07-01"))) == (
        1,
        0,
        0,
        0,
    )
    with at(clerk):
        assert Representative.objects.count() == 1
        assert Mandate.objects.count() == 2


def test_an_old_roll_brings_nobody_back_who_left_since(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    with at(clerk):
        Mandate.objects.update(ended_on=dt.date(2026, 6, 1), end_cause=MandateEnd.DEATH)
    upload = check(clerk, full("申秋云", 1))
    assert refusals(upload) == {2: {"left_since"}}


def test_what_was_entered_in_error_is_entered_anew(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1))
    with at(clerk):
        Mandate.objects.update(
            ended_on=dt.date(2026, 6, 1), end_cause=MandateEnd.ENTRY_ERROR
        )
    assert counts(bring(clerk, full("申秋云", 1))) == (1, 0, 0, 0)


def test_units_that_the_roll_names_are_kept_apart(clerk: Post) -> None:
    bring(
        clerk,
        full("申秋云", 1, 推选单元="第一片"),
        full("张顺民", 2, 推选方式="按户"),
        full("陈一", 3),
    )
    with at(clerk):
        names = set(Constituency.objects.values_list("name", flat=True))
    assert names == {"第一片", "1组（按户）", "1组"}


def test_importing_again_changes_nothing(clerk: Post) -> None:
    rows = [
        full("申秋云", 1, 性别="女", 兼任="村医", 联系电话="13800000001"),
        full("张顺民", 0, 身份证号="", 推选方式="按户"),
    ]
    bring(clerk, *rows)
    assert counts(check(clerk, *rows)) == (0, 0, 2, 0)


def test_a_change_is_shown_with_old_and_new(clerk: Post) -> None:
    bring(clerk, full("申秋云", 1, 性别="女", 兼任="村医"))
    upload = check(clerk, full("申秋芸", 1, 性别="女", 兼任="护林员", 小组="2组"))
    with at(clerk):
        row = upload.verdicts.get()
    found = {c["column"]: (c["old"], c["new"]) for c in row.changes}
    assert found["姓名"] == ("申秋云", "申秋芸")
    assert found["职业/兼任"] == ("村医", "护林员")
    assert found["村(居)民小组"] == ("1组", "2组")


def test_a_number_is_added_to_who_had_none(clerk: Post) -> None:
    bring(clerk, full("申秋云", 0, 身份证号=""))
    assert counts(bring(clerk, full("申秋云", 1))) == (0, 1, 0, 0)
    with at(clerk):
        assert (
            Representative.objects.get().id_index == Mandate.objects.get().person_index
        )


def test_two_rows_that_cannot_be_told_apart_do_not_both_come_in(clerk: Post) -> None:
    rows = [full("申秋云", 0, 身份证号="") for _ in range(2)]
    upload = check(clerk, *rows)
    assert refusals(upload) == {3: {"duplicate_in_file"}}


def test_two_of_one_name_are_told_apart_by_their_phones(clerk: Post) -> None:
    rows = [full("申秋云", 0, 身份证号="", 联系电话=f"1380000000{i}") for i in (1, 2)]
    bring(clerk, *rows)
    assert counts(check(clerk, *rows)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "不存在村"}, "unknown_village"),
        ({"小组": "院子里"}, "bad_group"),
        ({"当选时间": "2026-10-01", "任期至": "2026-09-01"}, "until_before_start"),
        ({"当选时间": "2099-01-01"}, "future_date"),
        ({"联系电话": "12345"}, "bad_phone"),
        ({"任期至": ""}, "missing_until"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    clerk: Post, cells: dict[str, str], code: str
) -> None:
    assert refusals(check(clerk, full("申秋云", 1, **cells))) == {2: {code}}


def test_a_check_leaves_no_trace_of_its_rehearsal(clerk: Post) -> None:
    check(clerk, full("申秋云", 1), full("张顺民", 2))
    with at(clerk):
        for model in (Representative, Mandate, Seat, Constituency, CommitteeTerm):
            assert model._default_manager.count() == 0


def test_a_new_term_begins_after_the_one_that_is_over(clerk: Post) -> None:
    """The old one ran ten days into the five years that the new one is reckoned back."""
    with at(clerk):
        CommitteeTerm.objects.create(
            region_id=VILLAGE,
            started_on=dt.date(2021, 1, 10),
            ends_on=dt.date(2026, 1, 9),
        )
    assert counts(bring(clerk, full("张顺民", 1))) == (1, 0, 0, 0)
    with at(clerk):
        term = CommitteeTerm.objects.get(ends_on=dt.date(2030, 12, 31))
    assert term.started_on == dt.date(2026, 1, 10)


def test_a_term_up_to_the_day_before_a_leap_day_has_a_first_day(clerk: Post) -> None:
    bring(clerk, full("张顺民", 1, 任期至="2028-02-28"))
    with at(clerk):
        assert CommitteeTerm.objects.get().started_on == dt.date(2023, 3, 1)
