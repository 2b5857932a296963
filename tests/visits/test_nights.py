"""The night: stored dates verified and mended, flags written, settled, reopened."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job, State
from launcher import roles
from regions.scoping import EVERYWHERE_HI
from tests.cast import TOWNSHIP, Cast, assemble, at, everywhere, signed_in
from tests.databases import OWNER_URL
from tests.days import today
from tests.rolls import text_of
from tests.visits.stage import Walker, hand_to, make_walker, seen
from visits import services, tasks
from visits.models import Duty, DutyCheck, OverdueFlag, Policy
from visits.services import Content, drift, flags


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Three 重点 households linked for most of the year; nobody was seen."""
    with everywhere():
        return make_walker("walker", ("刘桂英", "张志文", "李小红"))


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "publish", lambda job: True)


def night(on: dt.date) -> list[str]:
    """Do what beat and worker do in a night; return what our township's job said."""
    for job in tasks.ask(on):
        with everywhere():
            if job.region_id == TOWNSHIP:
                assert jobs.perform(job.pk) == State.DONE
    with everywhere():
        done = Job.objects.filter(kind=tasks.KIND, region=TOWNSHIP, state="done")
        return list(done.order_by("business_date").values_list("message", flat=True))


# --- drift --------------------------------------------------------------------


def test_what_triggers_kept_has_not_drifted(walker: Walker) -> None:
    with everywhere():
        assert drift.verify() == drift.Compared(households=3)


def test_a_date_that_drifted_is_found_reported_and_mended(
    own_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Written as no part of the product can: by the owner of the table."""
    assemble()
    with everywhere():
        make_walker("walker", ("刘桂英", "张志文"))
        true = dict(Duty.objects.values_list("pk", "due_on"))
    with (
        roles.connect(roles.at(OWNER_URL, own_database)) as owner,
        owner.cursor() as at_it,
    ):
        for bound, code in (("app.lo", 0), ("app.hi", EVERYWHERE_HI)):
            at_it.execute("SELECT set_config(%s, %s, false)", [bound, str(code)])
        at_it.execute(
            "UPDATE visits_duty SET due_on = '2020-01-31' WHERE household_id = %s",
            [min(true)],
        )
    with everywhere():
        assert drift.verify(repair=False).drifted == 1
        with caplog.at_level("WARNING", "shaodong.visits"):
            assert drift.verify_township(TOWNSHIP).drifted == 1
        assert dict(Duty.objects.values_list("pk", "due_on")) == true
        assert DutyCheck.objects.get().drifted == 1
    assert "1 due dates had drifted" in caplog.text


def test_a_day_that_passes_turns_households_and_is_no_fault(walker: Walker) -> None:
    """Settings that begin: nobody touched a fact, yet the cadence is another today."""
    with everywhere():
        for one in Policy.objects.all():
            Policy.objects.filter(pk=one.pk).update(categories={})
        found = drift.verify()
        assert (found.drifted, found.turned) == (0, 3)
        assert set(Duty.objects.values_list("cadence", flat=True)) == {"quarter"}
        assert drift.verify() == drift.Compared(households=3)


def test_the_command_counts_and_mends(walker: Walker) -> None:
    with everywhere():
        Policy.objects.update(categories={})
    for options, turned in ((["--dry-run"], 3), ([], 3), ([], 0)):
        out = StringIO()
        call_command("verify_duties", *options, stdout=out)
        said = json.loads(out.getvalue())
        assert (said["households"], said["turned"]) == (3, turned)


def test_a_night_keeps_what_it_found_and_the_system_page_says_so(
    cast: Cast, walker: Walker
) -> None:
    said = night(today())
    assert "核对 3 户的走访期限，全部一致" in said[0]
    with everywhere():
        check = DutyCheck.objects.get()
    assert (check.region_id, check.households, check.drifted) == (TOWNSHIP, 3, 0)
    page = signed_in(cast.system_admin).get("/system/")
    assert "走访期限核对" in text_of(page)
    assert "3 户，全部一致" in text_of(page)


@pytest.mark.parametrize(
    ("drifted", "days", "tone", "said"),
    [
        (0, 0, "ok", "全部一致"),
        (2, 0, "warn", "2 户不一致，已改正"),
        (0, 3, "warn", "只核对到"),
    ],
)
def test_the_light_of_the_night(
    cast: Cast, drifted: int, days: int, tone: str, said: str
) -> None:
    from reports.state import duty_light

    day = today()
    with everywhere():
        DutyCheck.objects.create(
            region_id=TOWNSHIP,
            on=day - dt.timedelta(days=days),
            households=9,
            drifted=drifted,
            turned=0,
            checked_at=timezone.now(),
        )
        light = duty_light(day)
    assert light.tone == tone
    assert said in light.words


# --- flags --------------------------------------------------------------------


def open_flags() -> int:
    with everywhere():
        return OverdueFlag.objects.filter(resolved_on=None).count()


def flagged(walker: Walker) -> int:
    """Flag what is overdue today; return how many flags 刘桂英 has."""
    with everywhere():
        flags.flag_overdue(today())
        home = walker.homes["刘桂英"]
        return OverdueFlag.objects.filter(household=home, resolved_on=None).count()


def go(walker: Walker, day: dt.date, way: str = "door") -> Any:
    """Record a visit to 刘桂英 as the phone does."""
    content = Content(walker.homes["刘桂英"].pk, day, way)
    with at(walker.post):
        visit, _ = services.record(
            visit_id=uuid.uuid4(),
            content=content,
            captured_at=timezone.now(),
            by=walker.post,
        )
    return visit


def of_home(walker: Walker) -> set[dt.date | None]:
    with everywhere():
        rows = OverdueFlag.objects.filter(household=walker.homes["刘桂英"])
        return set(rows.values_list("resolved_on", flat=True))


def test_a_visit_settles_a_correction_moves_and_a_withdrawal_reopens(
    walker: Walker,
) -> None:
    day = today()
    assert flagged(walker) >= 3
    visit = go(walker, day)
    assert of_home(walker) == {day}
    with at(walker.post):
        earlier = day - dt.timedelta(days=1)
        corrected = services.correct(
            visit=visit,
            content=Content(visit.household_id, earlier),
            reason="日期记错了",
            by=walker.post,
        )
    assert of_home(walker) == {earlier}
    with at(walker.post):
        services.withdraw(visit=corrected, reason="点错了", by=walker.user)
    assert of_home(walker) == {None}


def test_a_visit_that_does_not_count_settles_nothing(walker: Walker) -> None:
    flagged(walker)
    go(walker, today(), way="phone")
    assert of_home(walker) == {None}


def test_the_first_visit_after_a_period_is_what_made_up_for_it(walker: Walker) -> None:
    flagged(walker)
    day = today()
    for days in (0, 2, 1):
        go(walker, day - dt.timedelta(days=days))
    assert max(one for one in of_home(walker) if one) == day - dt.timedelta(days=2)


def test_visits_written_by_other_ways_settle_by_the_night(walker: Walker) -> None:
    flagged(walker)
    with everywhere():
        seen(walker, "刘桂英", today())
    assert of_home(walker) == {None}
    night(today())
    assert of_home(walker) == {today()}


def test_a_visit_before_the_night_leaves_what_was_missed_in_the_history(
    walker: Walker,
) -> None:
    """The night had not run when it was recorded: its periods are flagged, and settled."""
    first = today().replace(day=1)
    go(walker, first)
    found = flagged(walker), of_home(walker)
    assert found == (0, {first})
    with everywhere():
        rows = OverdueFlag.objects.filter(household=walker.homes["刘桂英"])
        last = rows.latest("period_end")
    assert last.period_end == first - dt.timedelta(days=1)
    assert last.representative_id == walker.person.pk


def test_a_visit_within_the_period_is_no_reason_for_a_flag(walker: Walker) -> None:
    go(walker, today().replace(day=1))
    before = open_flags()
    go(walker, today())
    assert open_flags() == before == 0


def test_missed_nights_are_caught_up(walker: Walker) -> None:
    """A year without a night, then one: every missed period has its one flag."""
    second = today().replace(day=2)
    night(second)
    once = open_flags()
    assert once > 3
    night(second)
    night(second + dt.timedelta(days=1))
    assert open_flags() == once
    night((second + dt.timedelta(days=31)).replace(day=1))
    assert open_flags() == once + len(walker.homes), "the month that ended since"


def test_a_flag_names_who_looked_after_the_household_then(
    cast: Cast, walker: Walker
) -> None:
    """Whoever has taken the household over since missed nothing."""
    day = today()
    with everywhere():
        heir = make_walker("heir", ())
        hand_to(walker.homes["刘桂英"], heir.person, day.replace(day=1))
    assert flagged(walker)
    with everywhere():
        rows = OverdueFlag.objects.filter(household=walker.homes["刘桂英"])
        assert set(rows.values_list("representative", flat=True)) == {walker.person.pk}
    go(replace(walker, post=heir.post), day)

    home = walker.homes["刘桂英"]
    page = text_of(signed_in(cast.clerk).get(f"/visits/homes/{home.pk}/"))
    assert "没有算次数的走访" in page
    assert f"当时由{walker.person.name}联系 · {day} 补访" in page
