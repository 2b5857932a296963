"""The scope belongs to the transaction: nesting, rollback, errors, what comes after.

These tests have a database of their own and commit for real, as requests and jobs do.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)

from accounts.models import AccessEntry
from jobs.models import Job
from regions.models import VillagerGroup
from regions.scoping import Scope, current_scope, narrowed, scope, span
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, first_village
from tests.policy.database import database_of_its_own, end_backend
from tests.policy.ways import copied, executed, fetched

OURS = span(TOWNSHIP)
VILLAGE_ONLY = span(VILLAGE)
OTHERS = span(OTHER_TOWNSHIP)
COUNT = "SELECT count(*) FROM regions_villagergroup"
# COPY and procedures go round the engine, which says it better than PostgreSQL.
NO_SCOPE = 'no scope is open|syntax for type bigint: ""'


@pytest.fixture(scope="module", autouse=True)
def groups(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Three groups in our village, two in another township's; nothing else."""
    with database_of_its_own(template_database, "scope", django_db_blocker):
        places = ((VILLAGE, 3), (first_village(OTHER_TOWNSHIP), 2))
        with scope(Scope(0, 10**12, why="stage")), transaction.atomic():
            for code, many in places:
                for number in range(1, many + 1):
                    VillagerGroup.objects.create(region_id=code, number=number)
        yield


@pytest.fixture(autouse=True)
def fresh_connection(groups: None) -> None:
    """Begin each test on a new connection: settings of a session are its own."""
    connection.close()


def count() -> int:
    return VillagerGroup.objects.count()


@contextmanager
def refused(match: str = NO_SCOPE) -> Iterator[None]:
    """The block must fail in the database; what it began is undone."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        yield


class Mishap(Exception):
    """What goes wrong in a view."""


@contextmanager
def mishap() -> Iterator[None]:
    """End the block, and the transaction in it, with an error."""
    try:
        with transaction.atomic():
            yield
            raise Mishap
    except Mishap:
        return


def test_nested_scopes_are_each_in_force_and_then_restored() -> None:
    with scope(OURS), transaction.atomic():
        assert count() == 3
        with scope(OTHERS):
            assert count() == 2
            with narrowed(first_village(OTHER_TOWNSHIP)):
                assert count() == 2
            with scope(None), refused():
                count()
            assert count() == 2
        assert count() == 3
    assert current_scope() is None


def test_narrowing_never_widens() -> None:
    outside = pytest.raises(ValueError, match="not inside")
    with scope(VILLAGE_ONLY), outside, narrowed(TOWNSHIP):
        pass
    with scope(None), outside, narrowed(VILLAGE):
        pass


def test_a_savepoint_rollback_keeps_the_scope() -> None:
    with scope(OURS), transaction.atomic():
        with mishap():
            assert count() == 3
        assert fetched(COUNT) == [(3,)]


def test_a_rollback_to_before_the_inner_scope_restores_the_outer() -> None:
    with scope(OURS), transaction.atomic():
        with mishap(), scope(OTHERS):
            assert count() == 2
        assert fetched(COUNT) == [(3,)]


def test_a_rollback_by_hand_does_not_bring_back_the_scope_of_its_savepoint() -> None:
    """PostgreSQL takes back the settings too: to those of another township."""
    with scope(OURS), transaction.atomic():
        before = transaction.savepoint()
        with scope(OTHERS):
            assert count() == 2
            transaction.savepoint_rollback(before)
            assert count() == 2
        assert count() == 3


def test_an_error_inside_an_inner_scope_leaves_the_outer_usable() -> None:
    """The rollback runs after the inner scope has closed, in a failed transaction."""
    with scope(OURS), transaction.atomic():
        with pytest.raises(ProgrammingError), transaction.atomic(), scope(OTHERS):
            executed("SELECT nothing_of_that_name()")
        assert count() == 3
        with pytest.raises(IntegrityError), transaction.atomic(), scope(VILLAGE_ONLY):
            VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        assert count() == 3


def test_a_failed_transaction_says_so_whatever_scope_is_opened_next() -> None:
    with scope(OURS), refused("aborted"):
        with pytest.raises(ProgrammingError):
            executed("SELECT nothing_of_that_name()")
        with scope(OTHERS):
            count()
    with scope(OTHERS), transaction.atomic():
        assert count() == 2


def test_an_error_ends_the_transaction_and_the_next_has_its_own_scope() -> None:
    with scope(OURS), mishap():
        VillagerGroup.objects.create(region_id=VILLAGE, number=9)
    with scope(OTHERS), transaction.atomic():
        assert count() == 2
    with scope(OURS), transaction.atomic():
        assert count() == 3


def test_a_persistent_connection_forgets_the_scope_with_its_transaction() -> None:
    with scope(OURS), transaction.atomic():
        assert count() == 3
        backend = fetched("SELECT pg_backend_pid()")
    for statement in (COUNT, "UPDATE regions_villagergroup SET name = 'x'"):
        with pytest.raises(ProgrammingError, match=NO_SCOPE):
            executed(statement)
    with refused():
        count()
    assert fetched("SELECT pg_backend_pid()") == backend


def test_a_scope_without_a_transaction_is_an_error_and_not_the_last_scope() -> None:
    with scope(OURS), transaction.atomic():
        count()
    with scope(OTHERS), pytest.raises(ProgrammingError, match=NO_SCOPE):
        count()


@pytest.mark.parametrize("index", ["on", "off"])
def test_an_empty_table_without_a_scope_is_an_error_whatever_the_plan(
    index: str,
) -> None:
    """Else a forgotten scope would look like a page with nothing on it."""
    with scope(OURS), transaction.atomic():
        assert Job.objects.count() == 0
    with refused():
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            executed(f"SET LOCAL enable_{way} = {index}")
        Job.objects.count()


def test_the_settings_do_not_outlive_the_transaction() -> None:
    with scope(Scope(1, 2, user=3, request="r", why="w")), transaction.atomic():
        assert fetched("SELECT scope_lo(), scope_hi(), scope_user()") == [(1, 2, 3)]
    values = fetched(
        "SELECT current_setting('app.lo', true), current_setting('app.user', true), "
        "current_setting('app.why', true), current_setting('app.merging', true)"
    )
    assert values == [("", "", "", "")]


def test_a_cursor_that_is_kept_runs_in_the_scope_that_is_open_now() -> None:
    found = []
    with scope(OURS), transaction.atomic(), connection.cursor() as kept:
        for opened in (OURS, OTHERS, VILLAGE_ONLY):
            with scope(opened):
                kept.execute(COUNT)
                found += kept.fetchall()
    assert found == [(3,), (2,), (3,)]


def test_copy_runs_in_the_scope_that_is_open_now() -> None:
    """COPY goes round Django's `execute`: it must not meet the scope before it."""
    names = "SELECT region_code FROM regions_villagergroup"
    with scope(OURS), transaction.atomic():
        assert copied(names) == {str(VILLAGE)}
        with scope(OTHERS):
            assert copied(names) == {str(first_village(OTHER_TOWNSHIP))}
        with scope(None), refused():
            copied(names)
    with pytest.raises(DatabaseError, match=NO_SCOPE):
        copied(names)


def test_copy_in_is_not_possible() -> None:
    into = "COPY regions_villagergroup (region_code) FROM STDIN"
    with (
        scope(OURS),
        refused("row-level security"),
        connection.wrap_database_errors,
        connection.cursor().copy(into) as rows,
    ):
        rows.write("1")


def test_a_procedure_runs_in_the_scope_that_is_open_now() -> None:
    with scope(OURS), transaction.atomic():
        count()
        with scope(OTHERS), connection.cursor() as cursor:
            cursor.callproc("scope_lo")
            assert cursor.fetchone() == (OTHERS.lo,)


def test_an_open_server_cursor_keeps_the_scope_it_began_in() -> None:
    with scope(OURS), transaction.atomic():
        rows = VillagerGroup.objects.order_by("number").iterator(chunk_size=1)
        first = next(rows)
        with scope(OTHERS):
            assert count() == 2
            rest = list(rows)
    assert {row.region_id for row in (first, *rest)} == {VILLAGE}
    assert len(rest) == 2


def test_a_lazy_queryset_is_answered_in_the_scope_that_evaluates_it() -> None:
    with scope(OURS), transaction.atomic():
        later = VillagerGroup.objects.all()
    with scope(OTHERS), transaction.atomic():
        assert {row.region_id for row in later} == {first_village(OTHER_TOWNSHIP)}
    with scope(OURS), pytest.raises(ProgrammingError, match=NO_SCOPE):
        list(VillagerGroup.objects.all())


def test_another_thread_has_no_scope() -> None:
    found: list[BaseException | int] = []

    def look() -> None:
        try:
            with transaction.atomic():
                found.append(count())
        except ProgrammingError as refused:
            found.append(refused)
        finally:
            connections.close_all()

    with scope(OURS), transaction.atomic():
        count()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert "no scope is open" in str(found)


@pytest.fixture(params=[0, 2], ids=["one process", "parallel workers"])
def workers(request: Any) -> Iterator[int]:
    """Force PostgreSQL's parallel workers on or off for this connection."""
    mode = "on" if request.param else "off"
    executed(f"SET debug_parallel_query = {mode}")
    executed(f"SET max_parallel_workers_per_gather = {request.param}")
    executed("SET parallel_setup_cost = 0")
    executed("SET parallel_tuple_cost = 0")
    executed("SET min_parallel_table_scan_size = 0")
    return request.param


def test_parallel_workers_see_the_same_scope(workers: int) -> None:
    """A plain scan, and one that calls the scope's functions inside the workers."""
    inside = "SELECT count(*) FROM regions_region WHERE code >= scope_lo() AND code < scope_hi()"
    with scope(OURS), transaction.atomic():
        plan = "\n".join(line for (line,) in fetched(f"EXPLAIN (ANALYZE) {inside}"))
        assert ("Gather" in plan) == bool(workers)
        assert fetched(inside)[0][0] > 1
        assert fetched(COUNT) == [(3,)]
    with pytest.raises(DatabaseError, match=NO_SCOPE):
        executed(COUNT)
    with pytest.raises(DatabaseError, match=NO_SCOPE):
        executed(inside)
    with scope(OTHERS), transaction.atomic():
        assert fetched(COUNT) == [(2,)]


def test_a_scoped_query_over_many_rows_uses_the_index() -> None:
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    villages = [code for (code,) in fetched("SELECT code FROM regions_region")]
    with scope(Scope(0, 10**12)), transaction.atomic():
        AccessEntry.objects.bulk_create(
            AccessEntry(region_id=code, at=now, action="system")
            for code in villages
            for _ in range(20)
        )
    with scope(VILLAGE_ONLY), transaction.atomic():
        (plan,) = fetched("EXPLAIN (FORMAT JSON) SELECT * FROM accounts_accessentry")[0]
        assert "Index Cond" in str(plan)
        assert "region_code" in index_condition(plan[0]["Plan"])
        assert AccessEntry.objects.count() == 20


def index_condition(node: dict[str, Any]) -> str:
    """Return the first index condition of a plan."""
    below = [index_condition(child) for child in node.get("Plans", ())]
    return str(node.get("Index Cond", "")) or next(filter(None, below), "")


def test_row_security_off_is_an_error_and_not_everything() -> None:
    with scope(OURS), refused("row-level security policy"):
        executed("SET LOCAL row_security = off")
        executed(COUNT)


def test_a_connection_lost_between_transactions_is_a_database_error() -> None:
    """Callers catch Django's errors: the statement that applies the scope is no other."""
    with scope(OURS), transaction.atomic():
        backend = fetched("SELECT pg_backend_pid()")[0][0]
    end_backend(backend)
    with scope(OURS), lost():
        count()
    with scope(OURS), transaction.atomic():
        assert count() == 3


def test_a_connection_lost_within_a_transaction_is_a_database_error() -> None:
    with scope(OURS), lost():
        end_backend(fetched("SELECT pg_backend_pid()")[0][0])
        with scope(OTHERS):
            count()
    with scope(OURS), transaction.atomic():
        assert count() == 3


def test_a_connection_lost_under_a_kept_cursor_is_a_database_error() -> None:
    with scope(OURS), lost(), connection.cursor() as kept:
        kept.execute("SELECT pg_backend_pid()")
        end_backend(kept.fetchone()[0])
        with scope(OTHERS):
            kept.execute(COUNT)


@contextmanager
def lost() -> Iterator[None]:
    """The block must fail for want of a connection, as Django's error."""
    with pytest.raises(OperationalError), transaction.atomic():
        yield
