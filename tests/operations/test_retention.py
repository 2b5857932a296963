"""Letting go: previewed, confirmed by the number shown, and in the log of each township."""

import datetime as dt
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AccessEntry, Device, RowChange
from accounts.sealing import Sealed
from households.models import Household, Transfer
from inbox.models import Message
from operations.services import GONE, SUBJECT
from representatives.models import (
    ByElection,
    Candidate,
    Mandate,
    Representative,
)
from tests.cast import TOWNSHIP, Cast, everywhere
from tests.days import days_ago, this_year, today, tomorrow
from tests.elections import started
from tests.rolls import set_up
from tests.visits.stage import Walker, make_walker
from visits.models import Visit


def years_ago() -> dt.date:
    """Return a day before the longest term for which anything is kept."""
    return dt.date(this_year() - 6, 3, 1)


def retention(*arguments: str) -> str:
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative of today, with two households."""
    with everywhere():
        return make_walker("walker", ("甲户", "乙户"), key=0)


def old_visit(walker: Walker, on: dt.date | None = None) -> Visit:
    on = on or years_ago()
    at = dt.datetime.combine(on, dt.time(9), dt.UTC)
    return Visit.objects.create(
        id=f"00000000-0000-4000-8000-{on:%Y%m%d}0000",
        region_id=walker.person.region_id,
        household=walker.homes["甲户"],
        representative=walker.person,
        visited_on=on,
        counts=True,
        has_matter=True,
        words="王伟家的屋顶漏水",
        answer="已联系",
        entered_by=walker.post.user,
        captured_at=at,
        received_at=at,
        fingerprint="0" * 64,
    )


def old_message(cast: Cast, days: int) -> Message:
    return Message.objects.create(
        region_id=TOWNSHIP,
        recipient=cast.township_staff.user,
        kind="test",
        title="旧消息",
        unique_key=f"old:{days}",
        business_date=today(),
        created_at=timezone.now() - dt.timedelta(days=days),
    )


def test_preview_counts_and_changes_nothing(walker: Walker, cast: Cast) -> None:
    with everywhere():
        old_visit(walker)
        old_message(cast, 800)

    said = retention()

    assert "走访记录的文字 1 条" in said
    assert "站内消息 1 条" in said
    assert "--apply 2" in said
    with everywhere():
        assert Visit.objects.get().words == "王伟家的屋顶漏水"
        assert Message.objects.filter(kind="test").count() == 1
        assert not AccessEntry.objects.filter(subject=SUBJECT).exists()


def test_words_of_old_visits_go_and_their_numbers_stay(walker: Walker) -> None:
    with everywhere():
        old_visit(walker)
        old_visit(walker, days_ago(30))

    retention("--apply", "1")

    with everywhere():
        old, young = Visit.objects.order_by("visited_on")
        assert (old.words, old.answer, old.has_matter) == (GONE, "", True)
        assert young.words == "王伟家的屋顶漏水"
        entry = AccessEntry.objects.get(subject=SUBJECT)
        assert (entry.region_id, entry.reason) == (TOWNSHIP, "走访记录的文字 1")
        change = RowChange.objects.filter(table="visits_visit", operation="update")
        assert change.get().why == "清理保存期满的个人信息"


def test_household_that_left_long_ago_loses_its_name_and_numbers(
    walker: Walker,
) -> None:
    home, other = walker.homes.values()
    gone = {"status": "moved", "address": "3组12号"}
    with everywhere():
        Household.objects.filter(pk=home.pk).update(ended_on=years_ago(), **gone)
        Household.objects.filter(pk=other.pk).update(ended_on=today(), **gone)

    retention("--apply", "1")

    with everywhere():
        home.refresh_from_db()
        other.refresh_from_db()
    assert (home.head, home.address, home.phone, home.id_number) == (
        GONE,
        "",
        None,
        None,
    )
    assert (other.head, other.address) == ("乙户", "3组12号")


def test_move_that_was_settled_long_ago_loses_what_travelled_in_it(
    walker: Walker,
) -> None:
    """Both villages keep a row of it, which says whom they agreed about."""
    told = {
        "region_id": walker.person.region_id,
        "is_outgoing": True,
        "other_region": walker.person.region_id + 1,
        "head": "甲户",
        "id_number": Sealed.of("430582199001011234", "id_number"),
        "phone": Sealed.of("13800001234", "phone"),
        "reason": "随甲小明迁居",
    }
    with everywhere():
        old, young, waiting = (
            Transfer.objects.create(
                pair=uuid.uuid4(), offered_on=years_ago(), settled_on=on,
                state="accepted" if on else "offered", **told,
            )
            for on in (years_ago(), today(), None)
        )  # fmt: skip

    assert "办结的迁移 1 条" in retention()
    retention("--apply", "1")

    with everywhere():
        old.refresh_from_db()
        assert (old.head, old.reason) == (GONE, "")
        assert (old.id_number, old.phone) == (None, None)
        for row in (young, waiting):
            row.refresh_from_db()
            assert (row.head, str(row.phone)) == ("甲户", "138****1234")
    assert "没有超过保存期限的个人信息" in retention()


@pytest.mark.parametrize("how", ["filed_on", "cancelled_on"])
def test_candidates_of_old_by_elections_keep_their_names_alone(
    cast: Cast, how: str
) -> None:
    rolls = set_up()
    row = started(cast, rolls)
    with everywhere():
        stage = {"stage": "done"} if how == "filed_on" else {"stage": "void"}
        one = Candidate.objects.create(
            region_id=row.region_id, by_election=row, name="申桂英", sex="F",
            politics="masses", nominated_by="group", phone_index="1" * 64,
            id_number=Sealed.of("430582199001011234", "id_number"), id_index="2" * 64,
            phone=Sealed.of("13800001234", "phone"),
        )  # fmt: skip
        assert "候选人" not in retention()
        ByElection.objects.filter(pk=row.pk).update(
            cancel_reason="作废", **stage, **{how: years_ago()}
        )

    assert "补选候选人的证件号、电话 1 条" in retention("--apply", "1")

    with everywhere():
        one.refresh_from_db()
    assert (one.name, one.id_number, one.id_index, one.phone, one.phone_index) == (
        *("申桂英", None, None, None, ""),
    )


def test_representative_keeps_his_name_and_term(cast: Cast) -> None:
    mandate = next(iter(set_up().mandates.values()))
    person = mandate.representative
    with everywhere():
        Representative.objects.filter(pk=person.pk).update(
            phone=Sealed.of("13800001234", "phone"), phone_index="1" * 64
        )
        assert "代表的证件号" not in retention()
        Mandate.objects.filter(representative=person).update(
            started_on=years_ago() - dt.timedelta(days=900), until=years_ago()
        )

    retention("--apply", "1")

    with everywhere():
        kept = Representative.objects.get(pk=person.pk)
        assert (kept.phone, kept.phone_index, kept.id_number) == (None, "", None)
        assert kept.name == person.name
        assert kept.mandates.exists()


def test_devices_of_no_township_go_under_the_city(cast: Cast) -> None:
    long_ago = timezone.now() - dt.timedelta(days=500)
    for key, seen in (("old", long_ago), ("new", timezone.now())):
        Device.objects.create(
            user=cast.clerk.user, session_key=key, label="手机",
            signed_in_at=long_ago, seen_at=seen,
        )  # fmt: skip

    assert "登录设备 1 条" in retention("--apply", "1")

    assert [device.session_key for device in Device.objects.all()] == ["new"]


def test_number_that_was_not_shown_is_refused(walker: Walker) -> None:
    with everywhere():
        old_visit(walker)

    with pytest.raises(CommandError, match="您确认的是 5 条，现在是 1 条"):
        retention("--apply", "5")

    with everywhere():
        assert Visit.objects.get().answer == "已联系"


def test_day_to_come_and_unlawful_term_are_refused(
    db: None, settings: pytest.FixtureRequest
) -> None:
    day = str(tomorrow())
    with pytest.raises(CommandError, match="不能晚于今天"):
        retention("--on", day)
    settings.RETENTION = ["messages=1"]
    with pytest.raises(CommandError, match="至少 6 个月"):
        retention()


def test_second_run_finds_nothing(walker: Walker) -> None:
    with everywhere():
        old_visit(walker)
    retention("--apply", "1")

    assert "没有超过保存期限的个人信息" in retention()
