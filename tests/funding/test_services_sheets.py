"""A month from the resolution to the signed sheet, and what later changes make of it."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Post
from accounts.services import NotYours, Refused
from funding import services
from funding.models import (
    PayAccount,
    Resolution,
    Scan,
    SubsidyLine,
    SubsidySheet,
)
from funding.rules import Facts, last_day, yuan
from funding.sheet_desk import Desk
from notices import services as notices
from notices.models import PublicNotice, Way
from regions.scoping import scope
from representatives.models import Mandate
from tests.appraisals.appraising import confirmed
from tests.at_once import one_after_the_other
from tests.cast import Cast, assemble, at
from tests.days import dated, today, tomorrow
from tests.funding.stage import (
    DAY,
    amounts,
    checked,
    locked,
    made,
    months_ago,
    posted,
    resolved,
    signed,
    terms,
    visited,
)
from tests.rolls import Rolls, changes, set_up


@pytest.fixture
def by(cast: Cast, rolls: Rolls) -> Iterator[Post]:
    """Return the secretary, the scope of his village open."""
    with at(cast.secretary):
        yield cast.secretary


def words_of(sheet: SubsidySheet, name: str) -> str:
    """Return why an earlier month is paid up, or taken back, on a sheet."""
    found = sheet.lines.get(representative__name=name, kind="adjustment")
    return str(found.words)


def started(rolls: Rolls, name: str, on: dt.date) -> None:
    """Let it turn out that somebody came into office on another day."""
    Mandate.objects.filter(pk=rolls.mandates[name].pk).update(started_on=on)


# --- the resolution --------------------------------------------------------------------


def test_L23_no_sheet_without_a_resolution(by: Post) -> None:
    with pytest.raises(Refused, match="没有生效的补贴决议"):
        made(by)
    resolved(by, starts_on=months_ago(1))
    with pytest.raises(Refused, match="没有生效的补贴决议"):
        made(by, months_ago(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        SubsidySheet.objects.create(region=by.region, month=months_ago(1))


def test_L24_an_amount_outside_the_band_needs_a_reason(by: Post) -> None:
    with pytest.raises(Refused, match="不在市里定的 100 至 200 元之间"):
        resolved(by, rate=D(260))
    kept = resolved(by, rate=D(260), reason="村集体收入好，代表大会通过")
    assert (kept.rate, kept.most) == (D("260.00"), D("260.00"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"present": 19, "votes_for": 19}, "不足2/3"),
        ({"held_on": tomorrow}, "还没有到"),
        ({"per_visit": D(5), "most": D(140)}, "低于每月标准"),
        ({"most": D(180)}, "不按走访计的"),
        ({"left_out": (987654321,)}, "不在本村名册"),
    ],
)
def test_a_resolution_that_cannot_be_is_refused(
    by: Post, more: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        resolved(by, **dated(more))
    assert not Resolution.objects.exists()


def test_a_later_resolution_takes_the_place_of_the_earlier(by: Post) -> None:
    resolved(by)
    resolved(by, held_on=months_ago(1), starts_on=months_ago(1), rate=D(180))
    with pytest.raises(Refused, match="已经有一个决议"):
        resolved(by, held_on=months_ago(1), starts_on=months_ago(1))
    locked(by, months_ago(2))
    assert set(amounts(made(by, months_ago(1))).values()) == {D("180.00")}


def test_a_draft_follows_a_resolution_that_is_written_down_after_it(by: Post) -> None:
    resolved(by)
    locked(by, months_ago(2))
    sheet = made(by, months_ago(1))
    newer = resolved(by, held_on=months_ago(1), starts_on=months_ago(1), rate=D(180))
    facts = {"on": today(), "by": by}
    with pytest.raises(Refused, match="不是同一个"):
        services.check(sheet=sheet, version=sheet.version, **facts)
    sheet = services.refresh(sheet=sheet, version=sheet.version, **facts)
    assert sheet.resolution == newer
    assert set(amounts(sheet).values()) == {D("180.00")}
    services.check(sheet=sheet, version=sheet.version, **facts)


def test_a_resolution_written_down_after_a_month_was_locked_pays_the_difference(
    by: Post, rolls: Rolls
) -> None:
    resolved(by, held_on=months_ago(3), starts_on=months_ago(3))
    locked(by, months_ago(2))
    resolved(by, rate=D(180), left_out=(rolls.people["张顺民"].pk,))

    sheet = made(by, months_ago(1))

    found = amounts(sheet)
    assert (found["李红英", "month"], found["李红英", "adjustment"]) == (D(180), D(30))
    assert "每月标准由 150.00 元改为 180.00 元" in words_of(sheet, "李红英")
    assert not {
        key for key in found if key[0] == "张顺民"
    }  # has nothing to take it from


def test_a_resolution_is_taken_back_only_before_it_was_used(by: Post) -> None:
    first = resolved(by, starts_on=months_ago(1))
    services.withdraw(resolution=first, reason="日期记错", on=today())
    used = resolved(by)
    checked(by)
    with pytest.raises(Refused, match="没有锁定的，先退回"):
        services.withdraw(resolution=used, reason="想改", on=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=used.pk).update(withdrawn_on=today())


def test_a_draft_goes_over_to_the_resolution_that_takes_the_place_of_a_wrong_one(
    by: Post,
) -> None:
    wrong = resolved(by, rate=D(105))
    sheet = made(by)
    now = {"version": sheet.version, "on": last_day(sheet.month), "by": by}
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=wrong.pk).update(rate=D(150))
    services.withdraw(resolution=wrong, reason="标准记错", on=today())
    for step in (services.check, services.refresh):
        with pytest.raises(Refused, match="没有生效的补贴决议"):
            step(sheet=sheet, **now)

    right = resolved(by, rate=D(150))
    with pytest.raises(Refused, match="不是同一个"):
        services.check(sheet=sheet, **now)
    sheet = services.refresh(sheet=sheet, **now)

    assert sheet.resolution == right
    assert set(amounts(sheet).values()) == {D(150)}
    now["version"] = sheet.version
    assert services.check(sheet=sheet, **now).state == "checked"


def test_a_month_that_is_not_to_be_paid_holds_nothing_up(by: Post) -> None:
    """A draft whose only resolution was taken back could only stand there for ever."""
    wrong, sheet = resolved(by), made(by)
    services.withdraw(resolution=wrong, reason="开会人数记错了", on=today())
    with pytest.raises(Refused, match="为什么不发"):
        services.void(sheet=sheet, words=" ", version=sheet.version, on=today(), by=by)

    given_up = services.void(
        sheet=sheet, words="决议作废了", version=sheet.version, on=today(), by=by
    )

    assert (given_up.state, given_up.total) == ("void", D(0))
    assert not given_up.lines.exists()
    assert given_up.steps.latest("pk").words == "决议作废了"
    resolved(by, starts_on=months_ago(1))
    assert made(by, months_ago(1)).state == "draft"


def test_a_month_that_was_given_up_is_reckoned_anew_when_its_turn_comes(
    by: Post,
) -> None:
    first, sheet = resolved(by), made(by)
    sheet = services.void(
        sheet=sheet, words="不发", version=sheet.version, on=today(), by=by
    )
    services.withdraw(resolution=first, reason="记错了", on=today())
    second = resolved(by, rate=D(200))
    other = made(by, months_ago(1))
    with pytest.raises(Refused, match="锁定以后才能生成别的月份"):
        services.refresh(sheet=sheet, version=sheet.version, on=today(), by=by)
    services.void(sheet=other, words="不发", version=other.version, on=today(), by=by)

    again = services.refresh(sheet=sheet, version=sheet.version, on=today(), by=by)

    assert (again.state, again.resolution) == ("draft", second)
    assert again.total == sum(line.amount for line in again.lines.all()) > 0


@pytest.mark.parametrize("stage", [checked, posted, locked])
def test_only_a_draft_is_given_up(
    by: Post, stage: Callable[[Post], SubsidySheet]
) -> None:
    resolved(by)
    sheet = stage(by)
    with pytest.raises(Refused, match="不能作废"):
        services.void(
            sheet=sheet, words="不发", version=sheet.version, on=today(), by=by
        )


def test_whom_a_later_resolution_leaves_out_is_told_so(by: Post, rolls: Rolls) -> None:
    resolved(by, held_on=months_ago(4), starts_on=months_ago(4))
    for month in (4, 3):
        locked(by, months_ago(month))
    mine = (rolls.people["张顺民"].pk,)
    resolved(by, held_on=months_ago(4), starts_on=months_ago(3), left_out=mine)
    resolved(by, held_on=months_ago(2), starts_on=months_ago(2))

    sheet = made(by, months_ago(2))

    found = amounts(sheet)
    assert (found["张顺民", "month"], found["张顺民", "adjustment"]) == (
        D(150),
        D(-150),
    )
    assert "按新的决议不发" in words_of(sheet, "张顺民")
    assert found["李红英", "month"] == D(150)
    assert ("李红英", "adjustment") not in found


def test_a_resolution_that_pays_a_sheet_is_not_taken_back_at_the_same_moment(
    own_database: str,
) -> None:
    with transaction.atomic():
        cast = assemble()
    set_up()
    with at(cast.secretary):
        used = resolved(cast.secretary)
    [refused] = one_after_the_other(
        cast,
        lambda: checked(cast.secretary),
        lambda: services.withdraw(resolution=used, reason="记错", on=today()),
    )
    assert "没有锁定的，先退回" in str(refused)


# --- the sheet -------------------------------------------------------------------------


def test_a_month_is_reckoned_from_days_in_office_with_its_reasons(
    by: Post, rolls: Rolls
) -> None:
    resolved(by, left_out=(rolls.people["周静霞"].pk,))
    middle = months_ago(2).replace(day=15)
    started(rolls, "李红英", middle)

    sheet = made(by)

    days = last_day(months_ago(2)).day
    part = yuan(D(150) * (days - 14) / days)
    assert amounts(sheet) == {
        ("张顺民", "month"): D("150.00"),
        ("李红英", "month"): part,
        ("申秋云", "month"): D("150.00"),
    }
    assert sheet.total == sum(amounts(sheet).values())
    line = sheet.lines.get(representative__name="李红英")
    assert f"在任 {days - 14} 天" in line.words
    assert line.reckoned.due == line.amount == line.due


def test_workload_counts_visits_once_a_day_and_household(
    by: Post, rolls: Rolls
) -> None:
    resolved(by, rate=D(100), per_visit=D(5), most=D(200))
    user = {"entered_by": by.user}
    visited(rolls, "张顺民", months_ago(2), **user)
    visited(rolls, "张顺民", months_ago(2), **user)  # the same household, the same day
    visited(rolls, "张顺民", months_ago(2), nth=1, **user)
    visited(rolls, "张顺民", months_ago(2) + DAY, counts=False, **user)
    visited(rolls, "张顺民", months_ago(1), **user)  # another month

    sheet = made(by)

    line = sheet.lines.get(representative__name="张顺民")
    assert (line.amount, len(line.reckoned.visits)) == (D("110.00"), 2)
    assert "走访 2 户次 × 5.00 元 = 10.00 元。" in line.words


def test_every_figure_can_be_reckoned_again_from_what_was_known(
    by: Post, rolls: Rolls
) -> None:
    resolved(by, rate=D(100), per_visit=D(3), most=D(120))
    for n in range(9):
        visited(rolls, "张顺民", months_ago(2) + n * DAY, entered_by=by.user)
    sheet = locked(by)
    started(rolls, "张顺民", months_ago(1))  # what is known today is something else

    for line in sheet.lines.all():
        again = Facts.read(line.facts)
        assert (again.due, again.words) == (line.due, line.words)


def test_issue_7_a_sheet_goes_its_way_to_the_signature(by: Post) -> None:
    resolved(by)
    sheet = signed(by)

    acts = [step.act for step in sheet.steps.order_by("pk")]
    assert acts == ["make", "check", "post", "lock", "pay", "sign"]
    assert (sheet.state, sheet.paid_how) == ("signed", "一卡通转账")
    assert Scan.objects.get().sheet == sheet
    assert changes(sheet)
    notice = sheet.notice
    assert (notice.state, notice.kind) == ("published", "payment")
    names = [row[1] for row in notice.table["rows"]]
    assert names == ["李红英", "张顺民", "申秋云", "周静霞"]


def test_L38_the_notice_has_names_and_amounts_and_no_numbers(
    by: Post, rolls: Rolls
) -> None:
    account = services.keep_account(
        representative=rolls.people["张顺民"], bank="农商银行",
        number="6217 9955 5002 3456 789", by=by,
    )  # fmt: skip
    resolved(by)
    notice = posted(by).notice

    text = f"{notice.paragraphs}{notice.table}{notice.title}"
    assert "张顺民" in text
    assert "150.00" in text
    assert "6789" not in text
    assert account.number.token not in text
    assert str(account.number) == "***************6789"


def test_an_account_number_is_sealed_and_out_of_the_history(
    by: Post, rolls: Rolls
) -> None:
    for number in ("6217995550023456789", "6217995550023450000"):
        kept = services.keep_account(
            representative=rolls.people["张顺民"], bank="农商银行", number=number, by=by
        )
    with pytest.raises(Refused, match="10 到 25 位"):
        services.keep_account(
            representative=rolls.people["张顺民"], bank="x", number="62179", by=by
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM funding_payaccount")
        assert "6217" not in cursor.fetchone()[0]
    assert PayAccount.objects.get().number.reveal() == "6217995550023450000"
    assert "number" not in str([change.after for change in changes(kept)])


def test_an_open_objection_holds_the_lock_up(by: Post) -> None:
    resolved(by)
    sheet, day = posted(by), last_day(months_ago(2))
    objection = notices.record_objection(
        notice=sheet.notice, received_on=day, way=Way.PHONE, words="有人没干活",
        by=by, on=day,
    )  # fmt: skip
    after = day + 6 * DAY

    def lock(on: dt.date) -> SubsidySheet:
        return services.lock(sheet=sheet, version=sheet.version, on=on, by=by)

    with pytest.raises(Refused, match="1 条异议"):
        lock(after)
    notices.settle_objection(objection=objection, outcome="已说明", by=by, on=after)
    with pytest.raises(Refused, match="期满后"):
        lock(day + 4 * DAY)
    assert lock(day + 5 * DAY).state == "locked"


def test_sent_back_it_is_reckoned_checked_and_shown_anew(
    by: Post, rolls: Rolls
) -> None:
    resolved(by)
    sheet, day = posted(by), last_day(months_ago(2))
    first = sheet.notice
    sheet = services.back(
        sheet=sheet, words="李红英请假没算对", version=sheet.version, on=day, by=by
    )
    first.refresh_from_db()
    assert (sheet.state, first.state) == ("draft", "withdrawn")

    started(rolls, "李红英", months_ago(2).replace(day=2))
    with pytest.raises(Refused, match="重新计算"):
        services.check(sheet=sheet, version=sheet.version, on=day, by=by)
    sheet = services.refresh(sheet=sheet, version=sheet.version, on=day, by=by)
    sheet = services.check(sheet=sheet, version=sheet.version, on=day, by=by)
    sheet = services.post_up(
        sheet=sheet, terms=terms(day), version=sheet.version, on=day, by=by
    )
    assert sheet.notice.follows == first
    assert PublicNotice.objects.count() == 2


def test_sent_back_after_its_notice_the_notice_keeps_its_end(by: Post) -> None:
    """Nobody takes down what was on view until its last day, whether the night came or not."""
    resolved(by)
    sheet = posted(by)
    shown = sheet.notice
    after = shown.last_day + DAY
    sheet = services.back(
        sheet=sheet, words="李红英没算对", version=sheet.version, on=after, by=by
    )
    shown.refresh_from_db()
    assert (sheet.state, shown.state) == ("draft", "published")
    assert notices.end_due(after) == 1


def test_whoever_is_second_is_told(by: Post) -> None:
    resolved(by)
    sheet = made(by)
    day = last_day(months_ago(2))
    services.check(sheet=sheet, version=sheet.version, on=day, by=by)
    with pytest.raises(Refused, match="别人刚办过"):
        services.refresh(sheet=sheet, version=sheet.version, on=day, by=by)


def test_a_clerk_does_not_check(cast: Cast, by: Post) -> None:
    resolved(by)
    sheet = made(cast.clerk)
    with pytest.raises(NotYours, match="书记"):
        services.check(sheet=sheet, version=sheet.version, on=today(), by=cast.clerk)


def test_a_month_is_made_once_and_one_at_a_time(by: Post) -> None:
    resolved(by)
    with pytest.raises(Refused, match="还没有过完"):
        services.make(village=by.region, month=months_ago(2), on=months_ago(2), by=by)
    made(by)
    with pytest.raises(Refused, match="已经生成"):
        made(by)
    with pytest.raises(Refused, match="锁定以后才能生成"):
        made(by, months_ago(1))


# --- what the database holds -----------------------------------------------------------


def test_the_database_freezes_what_left_the_draft(by: Post) -> None:
    resolved(by)
    sheet = locked(by)
    line = sheet.lines.all()[0]
    breaches = (
        lambda: SubsidySheet.objects.create(
            region=by.region, month=months_ago(1), resolution=sheet.resolution,
            notice=sheet.notice, state="locked",
        ),
        lambda: SubsidyLine.objects.filter(pk=line.pk).update(amount=D(1), due=D(1)),
        lambda: SubsidyLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: SubsidySheet.objects.filter(pk=sheet.pk).update(total=D(1)),
        lambda: SubsidySheet.objects.filter(pk=sheet.pk).update(state="draft"),
        lambda: SubsidySheet.objects.filter(pk=sheet.pk)._raw_delete("default"),
        lambda: SubsidyLine.objects.create(
            region=by.region, sheet=sheet, kind="adjustment", of_month=months_ago(1), due=D(9),
            amount=D(9), representative=line.representative,
        ),
    )  # fmt: skip
    for breach in breaches:
        with pytest.raises(IntegrityError), transaction.atomic():
            breach()


def test_the_database_compares_the_total_with_the_lines(by: Post) -> None:
    resolved(by)
    sheet = made(by)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubsidySheet.objects.filter(pk=sheet.pk).update(
            state="checked", total=sheet.total + 1
        )


def test_a_month_is_never_paid_twice(by: Post, rolls: Rolls) -> None:
    resolved(by)
    person = rolls.people["张顺民"]
    columns = {
        "region": by.region, "representative": person, "of_month": months_ago(2),
        "kind": "past", "due": D(100), "amount": D(100),
    }  # fmt: skip
    SubsidyLine.objects.create(**columns)
    sheet = made(by)
    assert ("张顺民", "month") not in amounts(sheet)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubsidyLine.objects.create(**columns | {"kind": "month", "sheet": sheet})


def test_two_who_make_a_month_at_once_make_it_once(own_database: str) -> None:
    with transaction.atomic():
        cast = assemble()
    set_up()
    with at(cast.secretary):
        resolved(cast.secretary)
    ready = threading.Barrier(4)
    outcomes: list[str] = []

    def make() -> None:
        try:
            with scope(cast.secretary.scope()):
                ready.wait(timeout=30)
                with transaction.atomic():
                    made(cast.secretary)
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    with at(cast.secretary):
        assert sorted(outcomes) == ["made", "refused", "refused", "refused"]
        assert SubsidySheet.objects.count() == 1
        assert SubsidyLine.objects.count() == 4


# --- adjustments -----------------------------------------------------------------------


def test_issue_7_a_later_change_is_an_adjustment_of_the_next_month(
    by: Post, rolls: Rolls
) -> None:
    resolved(by)
    started(rolls, "李红英", months_ago(2).replace(day=11))
    first = locked(by)
    paid = amounts(first)["李红英", "month"]
    started(rolls, "李红英", months_ago(2) - DAY)

    sheet = made(by, months_ago(1))

    assert amounts(first)["李红英", "month"] == paid
    assert amounts(sheet)["李红英", "adjustment"] == D(150) - paid
    line = sheet.lines.get(kind="adjustment")
    days = last_day(months_ago(2)).day
    assert f"在任天数由 {days - 10} 天改为 {days} 天" in line.words
    assert (line.due, line.paid_before) == (D("150.00"), paid)


def test_what_was_paid_too_much_is_taken_back_as_far_as_it_goes(
    by: Post, rolls: Rolls
) -> None:
    resolved(by)
    locked(by)
    Mandate.objects.filter(pk=rolls.mandates["张顺民"].pk).update(
        ended_on=months_ago(2) + DAY, end_cause="moved"
    )
    sheet = made(by, months_ago(1))

    assert "张顺民" not in {name for name, _ in amounts(sheet)}
    Mandate.objects.filter(pk=rolls.mandates["张顺民"].pk).update(
        ended_on=months_ago(1) + 2 * DAY
    )
    Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(
        started_on=months_ago(2) + 3 * DAY,
        ended_on=months_ago(1) + DAY,
        end_cause="moved",
    )
    sheet = services.refresh(sheet=sheet, version=sheet.version, on=today(), by=by)
    found = amounts(sheet)
    assert ("张顺民", "adjustment") not in found
    assert found["李红英", "month"] + found["李红英", "adjustment"] == 0


changes_of_facts = st.lists(
    st.tuples(
        st.sampled_from(["张顺民", "李红英"]),
        st.sampled_from(["start", "end", "visit"]),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=changes_of_facts, after=changes_of_facts)
def test_adjustments_make_up_exactly_the_difference_in_any_order(
    cast: Cast,
    rolls: Rolls,
    before: list[tuple[str, str, int]],
    after: list[tuple[str, str, int]],
) -> None:
    """What was paid for a month and is still owed is what its facts of now are worth."""
    by = cast.secretary
    with at(by):
        try:
            with transaction.atomic():
                _live_through(by, rolls, before, after)
                raise KeyboardInterrupt
        except KeyboardInterrupt:  # the next example begins anew
            pass


def _live_through(
    by: Post,
    rolls: Rolls,
    before: list[tuple[str, str, int]],
    after: list[tuple[str, str, int]],
) -> None:
    resolved(by, rate=D(100), per_visit=D(4), most=D(150))
    for change in before:
        _change(by, rolls, change)
    locked(by, months_ago(2))
    for change in after:
        _change(by, rolls, change)
    sheet = made(by, months_ago(1))

    fresh = reckoned_now(by, months_ago(2))
    for person in {line.representative_id for line in SubsidyLine.objects.all()}:
        lines = SubsidyLine.objects.filter(
            representative=person, of_month=months_ago(2)
        )
        paid = sum((line.amount for line in lines), D(0))
        due = fresh[person].due if person in fresh else D(0)
        own = sheet.lines.filter(representative=person)
        total = sum((line.amount for line in own), D(0))
        assert total >= 0
        assert paid == due or (paid > due and total == 0)


def reckoned_now(by: Post, month: dt.date) -> dict[int, Facts]:
    from funding.reckoning import Rolls as Known

    return Known(by.region_id, {month: Resolution.objects.get()}).facts(month)


def _change(by: Post, rolls: Rolls, change: tuple[str, str, int]) -> None:
    name, what, number = change
    day = months_ago(2) + number * DAY
    row = Mandate.objects.filter(pk=rolls.mandates[name].pk)
    if what == "start":
        row.update(started_on=day, ended_on=None, end_cause="")
    elif what == "end":
        row.update(started_on=months_ago(2) - DAY, ended_on=day, end_cause="moved")
    else:
        visited(rolls, name, day, nth=number % 3, entered_by=by.user)


def test_the_statements_of_reckoning_do_not_grow(by: Post, rolls: Rolls) -> None:
    from django.test.utils import CaptureQueriesContext

    from funding.reckoning import lines_of

    resolved(by, rate=D(100), per_visit=D(5), most=D(200))
    locked(by)
    sheet = made(by, months_ago(1))
    with CaptureQueriesContext(connection) as few:
        lines_of(sheet)
    for n in range(6):
        visited(rolls, "张顺民", months_ago(2) + n * DAY, nth=n, entered_by=by.user)
        visited(rolls, "李红英", months_ago(1) + n * DAY, nth=n % 3, entered_by=by.user)
    with CaptureQueriesContext(connection) as many:
        lines_of(sheet)
    assert len(few) == len(many)


def test_L25_a_sheet_names_whom_no_appraisal_has_reached(by: Post) -> None:
    resolved(by)
    sheet = made(by)
    assert "民主评议" in "".join(Desk(sheet, today()).warnings)

    confirmed(by)

    assert "民主评议" not in "".join(Desk(sheet, today()).warnings)
