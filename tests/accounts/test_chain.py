"""The audit chain: days are sealed in order, and whatever is touched later is named.

The app role cannot touch what is sealed; here the owner of the tables does.
"""

import datetime as dt
import io
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts import chain, tasks
from accounts.models import AccessEntry, AuditSeal
from launcher import roles
from tests.cast import VILLAGE, everywhere
from tests.databases import OWNER_URL
from tests.policy.database import database_of_its_own

FIRST = dt.date(2026, 3, 2)
DAYS = [FIRST + dt.timedelta(days=n) for n in range(5)]
TODAY = DAYS[-1] + dt.timedelta(days=1)
NIGHT = dt.datetime(2026, 3, 7, 2, 10, tzinfo=timezone.get_default_timezone())
OPEN_ALL = "SET app.lo = '0'; SET app.hi = '1000000000000';"
EMPTY = "TRUNCATE accounts_accessentry, accounts_rowchange, accounts_auditseal"


@pytest.fixture(scope="module", autouse=True)
def committing(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give this file a database of its own whose commits are real."""
    with database_of_its_own(template_database, "chain", django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def logs(committing: None) -> None:
    """Three lines of the access log on each day but the third, and a row's change."""
    as_owner(EMPTY)
    with everywhere():
        for day in DAYS:
            if day != DAYS[2]:
                for hour in (0, 9, 23):
                    enter(day, hour)
    as_owner(
        'INSERT INTO accounts_rowchange (at, "table", row, operation, region_code,'
        " request, why) VALUES (%s, 'accounts_post', '1', 'insert', %s, '', '')",
        moment(DAYS[1], 12),
        VILLAGE,
    )


def moment(day: dt.date, hour: int) -> dt.datetime:
    """Return a local time of a day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 30)))


def enter(day: dt.date, hour: int, reason: str = "") -> AccessEntry:
    """Write one line of the access log as of a day."""
    return AccessEntry.objects.create(
        region_id=VILLAGE, at=moment(day, hour), action="exported", reason=reason
    )


def as_owner(statement: str, *values: Any) -> None:
    """Do what only the owner of the tables could."""
    url = roles.at(OWNER_URL, connection.settings_dict["NAME"])
    with roles.connect(url) as opened, opened.cursor() as cursor:
        cursor.execute(OPEN_ALL)
        cursor.execute(statement, values or None)


def seal(until: dt.date = TODAY) -> int:
    with everywhere():
        return chain.seal_until(until)


def broken(since: dt.date = dt.date.min) -> dt.date | None:
    with everywhere():
        return chain.broken_day(since)


# --- sealing --------------------------------------------------------------------------


def test_every_finished_day_is_sealed_with_the_number_of_its_rows() -> None:
    assert seal() == 5
    seals = AuditSeal.objects.order_by("day").values_list("day", "rows")
    assert list(seals) == list(zip(DAYS, [3, 4, 0, 3, 3], strict=True))
    assert broken() is None


def test_each_seal_stands_on_the_one_before() -> None:
    seal()
    seals = list(AuditSeal.objects.order_by("day"))
    assert seals[0].previous == chain.GENESIS
    for before, after in pairwise(seals):
        assert after.previous == before.digest
    assert len({seal.digest for seal in seals}) == 5


def test_missed_days_are_caught_up_and_give_the_same_chain() -> None:
    for day in DAYS[1:]:
        assert seal(day) == 1
    assert seal() == 1
    nightly = list(AuditSeal.objects.order_by("day").values_list("day", "digest"))
    as_owner("TRUNCATE accounts_auditseal")
    assert seal() == 5
    at_once = list(AuditSeal.objects.order_by("day").values_list("day", "digest"))
    assert nightly == at_once


def test_sealing_again_changes_nothing() -> None:
    seal()
    assert seal() == 0
    assert seal(DAYS[2]) == 0
    assert AuditSeal.objects.count() == 5


def test_today_is_not_sealed() -> None:
    assert seal(DAYS[3]) == 3
    assert AuditSeal.objects.latest("day").day == DAYS[2]


def test_without_rows_there_is_nothing_to_seal() -> None:
    as_owner(EMPTY)
    assert seal() == 0
    assert broken() is None


def test_a_day_begins_at_midnight_here() -> None:
    """00:30 in Shanghai is still the day before in UTC."""
    seal(DAYS[1])
    assert AuditSeal.objects.get().rows == 3


def test_two_that_seal_at_once_make_one_chain() -> None:
    ready, found = threading.Barrier(3), []

    def one() -> None:
        try:
            ready.wait(10)
            found.append(seal())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 0, 5]
    assert broken() is None


# --- tampering ------------------------------------------------------------------------

# {2} and {4}: of the second day, of the fourth. {new}: what a made-up line looks like.
WORDS = {
    "{2}": "at >= '2026-03-03T00:00:00+08' AND at < '2026-03-04T00:00:00+08'",
    "{4}": "at >= '2026-03-05T00:00:00+08' AND at < '2026-03-06T00:00:00+08'",
    "{new}": (
        "INSERT INTO accounts_accessentry "
        "(region_code, action, subject, reason, path, request, at) "
        "VALUES (430582000000, 'exported', '', '', '', '', "
    ),
}
TAMPERINGS = {
    "a line is reworded": (
        "UPDATE accounts_accessentry SET reason = 'x' WHERE {2}",
        DAYS[1],
    ),
    "an address is put in": (
        "UPDATE accounts_accessentry SET address = '10.0.0.1' WHERE {4}",
        DAYS[3],
    ),
    "a line is removed": ("DELETE FROM accounts_accessentry WHERE {4}", DAYS[3]),
    "a line is moved to another day": (
        "UPDATE accounts_accessentry SET at = at + interval '1 day' WHERE {4}",
        DAYS[3],
    ),
    "a line is moved past the seals": (
        "UPDATE accounts_accessentry SET at = at + interval '90 days' WHERE {2}",
        DAYS[1],
    ),
    "two lines change places": (
        "UPDATE accounts_accessentry SET id = 1000 - id WHERE {2}",
        DAYS[1],
    ),
    "a line is added": ("{new} '2026-03-05T12:00:00+08')", DAYS[3]),
    "a line is added to an empty day": ("{new} '2026-03-04T12:00:00+08')", DAYS[2]),
    "a line is added before the first seal": (
        "{new} '2026-01-31T12:00:00+08')",
        dt.date(2026, 1, 31),
    ),
    "a row's change is reworded": (
        "UPDATE accounts_rowchange SET after = '[]' WHERE {2}",
        DAYS[1],
    ),
    "a row's change is removed": ("DELETE FROM accounts_rowchange", DAYS[1]),
    "everything is removed": ("DELETE FROM accounts_accessentry", DAYS[0]),
    "a seal is rewritten": (
        "UPDATE accounts_auditseal SET digest = 'a' WHERE day = '2026-03-04'",
        DAYS[2],
    ),
    "a seal's count is rewritten": (
        "UPDATE accounts_auditseal SET rows = 9 WHERE day = '2026-03-05'",
        DAYS[3],
    ),
    "a seal's link is rewritten": (
        "UPDATE accounts_auditseal SET previous = 'a' WHERE day = '2026-03-05'",
        DAYS[3],
    ),
    "a seal is removed": (
        "DELETE FROM accounts_auditseal WHERE day = '2026-03-04'",
        DAYS[2],
    ),
    "the first seal is removed": (
        "DELETE FROM accounts_auditseal WHERE day = '2026-03-02'",
        DAYS[0],
    ),
}


def tamper(statement: str) -> None:
    """Touch, as the owner, what was sealed."""
    for placeholder, words in WORDS.items():
        statement = statement.replace(placeholder, words)
    as_owner(statement)


@pytest.mark.parametrize(
    ("tampering", "day"), TAMPERINGS.values(), ids=list(TAMPERINGS)
)
def test_the_first_broken_day_is_named(tampering: str, day: dt.date) -> None:
    seal()
    tamper(tampering)
    assert broken() == day


def test_the_first_of_several_broken_days_is_named() -> None:
    seal()
    for way in ("a line is removed", "a line is reworded"):
        tamper(TAMPERINGS[way][0])
    assert broken() == DAYS[1]


def test_the_nightly_check_reads_the_rows_of_late_days_only() -> None:
    seal()
    tamper(TAMPERINGS["a line is reworded"][0])
    assert broken(DAYS[2]) is None
    assert broken(DAYS[1]) == DAYS[1]
    tamper(TAMPERINGS["a seal's link is rewritten"][0])
    assert broken(DAYS[4]) == DAYS[3]


# --- the command and the nightly task ---------------------------------------------------


def checked() -> str:
    """Run the command and return what it prints."""
    out = io.StringIO()
    call_command("audit_check", stdout=out)
    return out.getvalue()


def test_the_command_seals_and_says_that_the_chain_holds() -> None:
    with time_machine.travel(NIGHT, tick=False):
        assert checked() == "校验通过：2026-03-07 02:10\n"
    assert AuditSeal.objects.latest("day").day == DAYS[-1]
    with everywhere():
        state = chain.state()
    assert (state.sealed_until, state.checked_at) == (DAYS[-1], NIGHT)
    assert state.holds


def test_the_command_fails_and_names_the_first_broken_day() -> None:
    seal()
    tamper(TAMPERINGS["a line is removed"][0])
    named = pytest.raises(CommandError, match="校验不通过：2026-03-05 的操作日志")
    with time_machine.travel(NIGHT, tick=False), named:
        checked()
    with everywhere():
        assert chain.state().note == "校验不通过：2026-03-05 的日志被改动过"
        assert not chain.state().holds


def test_before_the_first_check_nothing_is_claimed() -> None:
    with everywhere():
        state = chain.state()
    assert (state.sealed_until, state.note, state.holds) == (None, None, False)


def test_the_night_seals_and_checks_and_says_so_in_the_log() -> None:
    with time_machine.travel(NIGHT, tick=False):
        assert tasks.seal_audit() == 5
        assert tasks.seal_audit() == 0
    with everywhere():
        lines = AccessEntry.objects.filter(action="system").order_by("id")
        assert [(line.subject, line.reason) for line in lines] == [
            ("", "每日封存操作日志"),
            (chain.CHECK, chain.HOLDS),
        ] * 2


def test_a_line_that_is_committed_after_midnight_is_not_taken_for_tampering() -> None:
    """It was written at 23:59 in a transaction that was still open at midnight."""
    written, sealed = threading.Event(), threading.Event()

    def slow_request() -> None:
        try:
            with everywhere(), transaction.atomic():
                enter(DAYS[-1], 23, "written late")
                written.set()
                sealed.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow_request)
    thread.start()
    assert written.wait(10)
    with time_machine.travel(moment(TODAY, 0).replace(minute=1), tick=False):
        checked()
    sealed.set()
    thread.join()
    with time_machine.travel(NIGHT, tick=False):
        assert "校验通过" in checked()
    assert AuditSeal.objects.get(day=DAYS[-1]).rows == 4
