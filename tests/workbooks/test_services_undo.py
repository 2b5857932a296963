"""撤销本次导入: everything back as it was, or nothing and the reasons."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AccessEntry, Action, Post
from accounts.services import Refused
from households.models import ContactLink, Household
from regions.models import VillagerGroup
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.workbooks import desk
from tests.workbooks.desk import (
    REPRESENTATIVES,
    VISITS,
    bring_in,
    counts,
    fresh,
    hand_in,
    household,
    households,
    job_of,
    number_of,
    page,
    people,
    representative,
    roll,
    take_back,
    work_on,
)
from tests.workbooks.picturing import picture, whole_rows
from visits.models import OverdueFlag, Visit
from workbooks import services
from workbooks.models import Stage, Upload

uploads = desk.uploads


def stage_rolls(cast: Cast) -> None:
    """Register two representatives and two households by an earlier import."""
    both = (representative("张顺民", 50), representative("申秋云", 51))
    bring_in("representatives", people(*both), cast.clerk)
    first = household("刘桂英", 1, 联系代表="张顺民", 联系电话="13800000001")
    bring_in("households", households(first, household("张志文", 2)), cast.clerk)


def test_updated_rows_get_their_old_values_back(cast: Cast) -> None:
    stage_rolls(cast)
    before = picture()
    changed = household(
        "刘桂莲", 1, 组别="2组", 人口="6", 联系代表="申秋云", 联系电话="13800000002"
    )
    done = bring_in(
        "households", households(changed, household("李小红", 3)), cast.clerk
    )
    assert counts(done) == (1, 1, 0, 0)
    assert picture() != before
    undone = take_back(done, cast.clerk)
    assert (undone.stage, undone.facts["undone"]["by"]) == (Stage.UNDONE, "clerk先生")
    assert picture() == before


def test_updated_people_and_mandates_get_their_old_values_back(cast: Cast) -> None:
    stage_rolls(cast)
    before = picture()
    row = representative("张顺明", 50, 小组="3组", 联系电话="13800000009")
    row[REPRESENTATIVES.index("当选时间")] = "2026-02-01"
    done = bring_in("representatives", people(row), cast.clerk)
    assert counts(done) == (0, 1, 0, 0)
    assert take_back(done, cast.clerk).stage == Stage.UNDONE
    assert picture() == before


def test_an_undo_that_was_given_up_can_be_asked_for_again_by_either_office(
    cast: Cast,
) -> None:
    """Whoever asked first may have lost the post that his job runs under."""
    done = bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    with at(cast.township_lead):
        services.ask_undo(upload_id=done.pk, by=cast.township_lead)
    with everywhere():
        Post.objects.filter(pk=cast.township_lead.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
    assert work_on(done).stage == Stage.UNDOING
    assert "职务已经免去" in job_of(done).message
    shown = page(signed_in(cast.clerk), done).content.decode()
    assert "撤销已写入的" in shown
    assert take_back(done, cast.clerk).stage == Stage.UNDONE
    with everywhere():
        assert not Household.objects.exists()


def test_an_open_form_notices_that_the_row_was_restored(cast: Cast) -> None:
    stage_rolls(cast)
    done = bring_in(
        "households", households(household("刘桂英", 1, 人口="6")), cast.clerk
    )
    with at(cast.clerk):
        seen = Household.objects.get(head="刘桂英").version
    take_back(done, cast.clerk)
    with at(cast.clerk):
        assert Household.objects.get(head="刘桂英").version == seen + 1


def test_a_later_change_forbids_the_undo_and_says_who_and_when(cast: Cast) -> None:
    done = bring_in(
        "households",
        households(household("刘桂英", 1), household("张志文", 2)),
        cast.clerk,
    )
    with at(cast.secretary):
        Household.objects.filter(head="刘桂英").update(members=9)
    kept = take_back(done, cast.clerk)
    assert (kept.stage, kept.facts["blocked"]) == (Stage.APPLIED, 1)
    (blocker,) = kept.facts["blockers"]
    assert (blocker["what"], blocker["where"]) == ("联系户 刘桂英", "长冲口村")
    assert blocker["why"].startswith("导入以后，secretary先生在 ")
    with at(cast.clerk):
        assert Household.objects.count() == 2


def test_a_row_entered_by_hand_forbids_the_undo_of_what_it_uses(cast: Cast) -> None:
    done = bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    with at(cast.clerk):
        group = VillagerGroup.objects.get(number=1)
        Household.objects.create(
            region_id=group.region_id,
            group=group,
            head="手工登记",
            registered_on=dt.date(2026, 11, 1),
        )
    (blocker,) = take_back(done, cast.clerk).facts["blockers"]
    assert blocker["what"] == "联系户 手工登记"
    assert "村（居）民小组" in blocker["why"]


def test_flags_of_the_night_go_with_the_households_they_are_about(cast: Cast) -> None:
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    before = picture()
    done = bring_in(
        "households", households(household("刘桂英", 1, 联系代表="张顺民")), cast.clerk
    )
    with at(cast.clerk):
        home = Household.objects.get()
        OverdueFlag.objects.create(
            region_id=home.region_id,
            household=home,
            cadence="quarter",
            period_start=dt.date(2026, 7, 1),
            period_end=dt.date(2026, 9, 30),
            flagged_on=dt.date(2026, 10, 1),
        )
    assert take_back(done, cast.clerk).stage == Stage.UNDONE
    assert picture() == before
    assert whole_rows(OverdueFlag) == []


def visit(head: str, words: str) -> list[object]:
    return ["长冲口村", "1组", "2026-11-20", head, words]


def stage_visit(cast: Cast) -> Upload:
    stage_rolls(cast)
    with at(cast.clerk):
        ContactLink.objects.update(started_on=dt.date(2026, 11, 1))
    return bring_in("visits", roll(VISITS, visit("刘桂英", "饮水困难")), cast.clerk)


def test_visits_are_taken_back_and_can_be_imported_again(cast: Cast) -> None:
    done = stage_visit(cast)
    assert counts(done) == (1, 0, 0, 0)
    assert take_back(done, cast.clerk).stage == Stage.UNDONE
    assert whole_rows(Visit) == []
    again = bring_in("visits", roll(VISITS, visit("刘桂英", "饮水困难")), cast.clerk)
    assert counts(again) == (1, 0, 0, 0)


def test_a_visit_withdrawn_since_forbids_the_undo(cast: Cast) -> None:
    done = stage_visit(cast)
    with at(cast.clerk):
        Visit.objects.update(
            withdrawn_at=timezone.now(),
            withdrawn_by=cast.secretary.user,
            withdrawal="记错了",
        )
    blockers = take_back(done, cast.clerk).facts["blockers"]
    # The visit, and the issue that followed it.
    for blocker in blockers:
        assert blocker["why"].startswith("导入以后，clerk先生在")
        assert blocker["why"].endswith("修改过")
    assert len(blockers) == 2
    assert len(whole_rows(Visit)) == 1


def test_two_imports_of_visits_are_taken_back_apart(cast: Cast) -> None:
    stage_visit(cast)
    second = bring_in("visits", roll(VISITS, visit("刘桂英", "屋顶漏雨")), cast.clerk)
    take_back(second, cast.clerk)
    with at(cast.clerk):
        assert [v.words for v in Visit.objects.all()] == ["饮水困难"]


def test_after_a_day_an_import_stays(cast: Cast) -> None:
    done = bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    with everywhere():
        Upload.objects.filter(pk=done.pk).update(
            applied_at=timezone.now() - dt.timedelta(hours=25)
        )
    with pytest.raises(Refused, match="24 小时内"):
        take_back(done, cast.clerk)


def test_an_import_is_taken_back_once(cast: Cast) -> None:
    done = bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    take_back(done, cast.clerk)
    with pytest.raises(Refused, match="只能撤销一次"):
        take_back(done, cast.clerk)


def test_what_was_taken_back_can_be_imported_again(cast: Cast) -> None:
    content = households(household("刘桂英", 1))
    take_back(bring_in("households", content, cast.clerk), cast.clerk)
    assert counts(bring_in("households", content, cast.clerk)) == (1, 0, 0, 0)


def test_an_undo_is_in_the_access_log(cast: Cast) -> None:
    done = bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    take_back(done, cast.secretary)
    with at(cast.clerk):
        line = AccessEntry.objects.get(action=Action.IMPORT_UNDONE)
    assert line.user == cast.secretary.user
    assert line.reason == "删去 2 条，恢复 0 条"


def test_blockers_can_be_dealt_with_and_the_undo_asked_for_again(cast: Cast) -> None:
    stage_rolls(cast)
    rolls = bring_in("representatives", people(representative("陈一", 60)), cast.clerk)
    home = bring_in(
        "households", households(household("李小红", 3, 联系代表="陈一")), cast.clerk
    )
    assert take_back(rolls, cast.clerk).stage == Stage.APPLIED
    assert take_back(home, cast.clerk).stage == Stage.UNDONE
    assert take_back(rolls, cast.clerk).stage == Stage.UNDONE
    assert fresh(rolls).facts["blocked"] == 0


def test_an_import_is_taken_back_by_its_office_or_by_the_one_above(cast: Cast) -> None:
    roll = households(household("刘桂英", 1))
    done = bring_in("households", roll, cast.clerk)
    for stranger in (cast.other_lead, cast.sibling_secretary):
        with pytest.raises(Upload.DoesNotExist), at(stranger):
            services.ask_undo(upload_id=done.pk, by=stranger)
    assert take_back(done, cast.township_lead).stage == Stage.UNDONE
    done = bring_in("households", roll, cast.clerk)
    assert take_back(done, cast.city_staff).stage == Stage.UNDONE
    with everywhere():
        assert not Household.objects.exists()


def test_an_upload_that_was_not_written_cannot_be_taken_back(cast: Cast) -> None:
    upload = hand_in("households", households(household("刘桂英", 1)), cast.clerk)
    with pytest.raises(Refused, match="不能撤销"):
        take_back(upload, cast.clerk)
    assert number_of(1) not in str(upload.facts)
