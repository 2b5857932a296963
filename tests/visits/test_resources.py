"""走访记录表: which household a row means, who looked after it that day."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Post
from households.models import ContactLink, Household, LinkEnd, Status
from households.services import take_off_roll
from representatives.models import Representative
from tests.cast import VILLAGE, Cast, at
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, number_of, refusals, roll
from visits.models import OverdueFlag, Visit
from visits.services import Content, correct, record, withdraw
from workbooks.models import Upload

uploads = desk.uploads
TITLES = (
    *("村", "组别", "走访代表", "走访时间", "走访对象(户主)", "户主身份证号"),
    *("走访方式", "反映问题/诉求", "现场答复"),
)


def row(**cells: object) -> list[object]:
    """Return a row of TITLES: a quiet visit to 刘桂英."""
    given = {"村": "长冲口村", "组别": "1组", "走访时间": "2026-11-20"}
    given |= {"走访对象(户主)": "刘桂英", **cells}
    return [given.get(title, "") for title in TITLES]


def bring(by: Post, *rows: list[object]) -> Upload:
    return desk.bring_in("visits", roll(TITLES, *rows), by)


def check(by: Post, *rows: list[object]) -> Upload:
    return hand_in("visits", roll(TITLES, *rows), by)


@pytest.fixture
def clerk(cast: Cast) -> Post:
    """Return our clerk: 张顺民 looks after 刘桂英 and 张志文 since November 1."""
    person = desk.representative("张顺民", 50)
    desk.bring_in("representatives", roll(desk.REPRESENTATIVES, person), cast.clerk)
    homes = [
        desk.household(head, number, 联系代表="张顺民")
        for head, number in (("刘桂英", 1), ("张志文", 2))
    ]
    desk.bring_in("households", roll(desk.HOUSEHOLDS, *homes), cast.clerk)
    with at(cast.clerk):
        ContactLink.objects.update(started_on=dt.date(2026, 11, 1))
    return cast.clerk


def test_a_visit_on_paper_is_entered_for_the_representative(clerk: Post) -> None:
    given = {"走访方式": "入户", "反映问题/诉求": "饮水困难", "现场答复": "已报村里"}
    assert counts(bring(clerk, row(**given))) == (1, 0, 0, 0)
    with at(clerk):
        visit = Visit.objects.select_related("household", "representative").get()
    assert (visit.region_id, visit.household.head) == (VILLAGE, "刘桂英")
    assert (visit.representative.name, visit.on_behalf) == ("张顺民", True)
    assert (visit.way, visit.counts, visit.has_matter) == ("door", True, True)
    assert (visit.words, visit.answer) == ("饮水困难", "已报村里")
    assert visit.entered_by_id == clerk.user_id


@pytest.mark.parametrize("words", ["", "一切正常", "平安", "无"])
def test_a_quiet_visit_has_no_matter(clerk: Post, words: str) -> None:
    bring(clerk, row(**{"反映问题/诉求": words}))
    with at(clerk):
        visit = Visit.objects.get()
    assert (visit.has_matter, visit.words) == (False, "")


def test_a_phone_call_is_kept_and_does_not_count(clerk: Post) -> None:
    bring(clerk, row(走访方式="电话联系"))
    with at(clerk):
        assert not Visit.objects.get().counts


def test_importing_again_changes_nothing(clerk: Post) -> None:
    rows = [row(), row(走访时间="2026-11-21"), row(**{"走访对象(户主)": "张志文"})]
    bring(clerk, *rows)
    assert counts(check(clerk, *rows)) == (0, 0, 3, 0)


def test_the_same_visit_twice_in_a_file_is_one_visit(clerk: Post) -> None:
    assert counts(bring(clerk, row(), row())) == (1, 0, 1, 0)


def test_a_visit_that_was_recorded_on_the_phone_is_not_entered_again(
    clerk: Post,
) -> None:
    with at(clerk):
        home = Household.objects.get(head="刘桂英")
        day = dt.date(2026, 11, 20)
        content = Content(household=home.pk, visited_on=day, way="door")
        record(visit_id=uuid4(), content=content, captured_at=timezone.now(), by=clerk)
    assert counts(check(clerk, row(户主身份证号=number_of(1)))) == (0, 0, 1, 0)


def test_a_visit_withdrawn_by_mistake_comes_back_with_its_paper(clerk: Post) -> None:
    bring(clerk, row())
    with at(clerk):
        withdraw(visit=Visit.objects.get(), reason="点错了", by=clerk.user)
    assert counts(bring(clerk, row())) == (1, 0, 0, 0)
    with at(clerk):
        assert Visit.objects.standing().count() == 1


def test_a_visit_that_was_corrected_is_not_entered_again(clerk: Post) -> None:
    """Nor after two corrections, when what the paper says was replaced twice."""
    bring(clerk, row())
    for words in ("饮水困难", "已经通水"):
        with at(clerk):
            visit = Visit.objects.standing().get()
            content = Content.of(visit).telling(words=words)
            correct(visit=visit, content=content, reason="补充情况", by=clerk)
        assert counts(check(clerk, row())) == (0, 0, 1, 0)


def test_a_number_says_who_is_meant_whatever_the_name(clerk: Post) -> None:
    bring(clerk, row(**{"走访对象(户主)": "刘桂音", "户主身份证号": number_of(1)}))
    with at(clerk):
        assert (
            Visit.objects.select_related("household").get().household.head == "刘桂英"
        )


def test_who_looked_after_the_household_that_day_made_the_visit(
    clerk: Post, cast: Cast
) -> None:
    desk.bring_in(
        "representatives",
        roll(desk.REPRESENTATIVES, desk.representative("申秋云", 51)),
        clerk,
    )
    with at(clerk):
        home = Household.objects.get(head="刘桂英")
        later = Representative.objects.get(name="申秋云")
        ContactLink.objects.filter(household=home).update(
            ended_on=dt.date(2026, 11, 15), end_reason=LinkEnd.REASSIGNED
        )
        ContactLink.objects.create(
            region_id=home.region_id,
            household=home,
            representative=later,
            started_on=dt.date(2026, 11, 15),
        )
    bring(clerk, row(走访时间="2026-11-10"), row(走访时间="2026-11-15"))
    with at(clerk):
        made = Visit.objects.order_by("visited_on").select_related("representative")
        assert [visit.representative.name for visit in made] == ["张顺民", "申秋云"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "不存在村"}, "unknown_village"),
        ({"走访对象(户主)": "没有这户"}, "unknown_household"),
        ({"户主身份证号": number_of(9)}, "unknown_household"),
        ({"组别": "2组"}, "unknown_household"),
        ({"走访时间": "2026-10-31"}, "not_linked"),
        ({"走访时间": "2099-01-01"}, "future_date"),
        ({"走访时间": "2026-11-31"}, "impossible_date"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    clerk: Post, cells: dict[str, str], code: str
) -> None:
    assert refusals(check(clerk, row(**cells))) == {2: {code}}


@pytest.mark.parametrize("number", ["", number_of(1)])
def test_a_visit_from_before_a_household_left_the_roll_comes_in_late(
    clerk: Post, number: str
) -> None:
    with at(clerk):
        gone = Household.objects.get(head="刘桂英")
        take_off_roll(household=gone, status=Status.DISSOLVED, on=dt.date(2026, 11, 22))
    late = row(走访时间="2026-11-20", 户主身份证号=number)
    after = row(走访时间="2026-11-22", 户主身份证号=number)
    upload = bring(clerk, late, after)
    assert counts(upload) == (1, 0, 0, 1)
    assert refusals(upload) == {3: {"not_linked"}}
    with at(clerk):
        assert Visit.objects.get().household_id == gone.pk


def test_who_is_on_the_roll_is_meant_before_who_left_it(clerk: Post) -> None:
    with at(clerk):
        gone = Household.objects.get(head="张志文")
        Household.objects.filter(pk=gone.pk).update(head="刘桂英")
        gone.refresh_from_db()
        take_off_roll(household=gone, status=Status.DISSOLVED, on=dt.date(2026, 11, 22))
    assert counts(bring(clerk, row(组别=""))) == (1, 0, 0, 0)
    with at(clerk):
        assert Visit.objects.get().household_id != gone.pk


def test_two_heads_of_one_name_need_a_group_or_a_number(clerk: Post) -> None:
    twin = desk.household("刘桂英", 3, 组别="2组", 联系代表="张顺民")
    desk.bring_in("households", roll(desk.HOUSEHOLDS, twin), clerk)
    with at(clerk):
        ContactLink.objects.update(started_on=dt.date(2026, 11, 1))
    upload = check(clerk, row(组别=""), row(组别="2组"))
    assert (refusals(upload), upload.created) == ({2: {"ambiguous_household"}}, 1)


def flag(by: Post, month: int) -> None:
    """Flag a missed month of 刘桂英, as the night does."""
    with at(by):
        home = Household.objects.get(head="刘桂英")
        OverdueFlag.objects.create(
            region_id=home.region_id,
            household=home,
            cadence="month",
            period_start=dt.date(2026, month, 1),
            period_end=dt.date(2026, month, 28),
            flagged_on=dt.date(2026, month + 1, 1),
        )


def resolved(by: Post) -> list[dt.date | None]:
    with at(by):
        flags = OverdueFlag.objects.order_by("period_start")
        return list(flags.values_list("resolved_on", flat=True))


def test_a_visit_on_paper_makes_good_what_was_flagged(clerk: Post) -> None:
    flag(clerk, 10)
    flag(clerk, 11)
    bring(clerk, row(走访时间="2026-11-22"), row(走访时间="2026-11-20"))
    assert resolved(clerk) == [dt.date(2026, 11, 20)] * 2


def test_a_phone_call_on_paper_makes_nothing_good(clerk: Post) -> None:
    flag(clerk, 10)
    bring(clerk, row(走访方式="电话"))
    assert resolved(clerk) == [None]


def test_flags_stand_again_when_the_visits_are_taken_back(clerk: Post) -> None:
    flag(clerk, 10)
    done = bring(clerk, row())
    assert resolved(clerk) == [dt.date(2026, 11, 20)]
    assert desk.take_back(done, clerk).stage == "undone"
    assert resolved(clerk) == [None]
