"""The whole city as data: 300,000 households with the last half year's visits.

Beside it the same city with five years of them: nothing else differs, so that whatever
costs more there depends on the visits ever made.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from accounts.audit import system_scope
from accounts.models import Post, User
from bench.stage import Stage, connected
from bench.years import pass_years
from regions.models import Region
from regions.scoping import span
from reports import pace
from reports.demo import city
from reports.demo.accounts import PEOPLE, open_account, record_keeper
from representatives.models import Representative

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "300000"))
FEW_VISITS = int(os.environ.get("BENCH_FEW_VISITS", "1000000"))
MANY_VISITS = int(os.environ.get("BENCH_VISITS", "10000000"))
TOWNSHIP = 430582113000
VILLAGE = 430582113219


@dataclass(frozen=True)
class City:
    """A filled city to which Django is connected."""

    visits: int
    households: int

    @property
    def size(self) -> str:
        """As the table prints it."""
        return f"{self.households / 10_000:.0f} 万户，{self.visits / 10_000:.0f} 万次"

    @cached_property
    def posts(self) -> dict[str, Post]:
        """The demo's people by user name; `rep` is a representative of our village."""
        with system_scope("性能测量"), transaction.atomic():
            posts = {person.username: open_account(person) for person in PEOPLE}
            people = Representative.objects.filter(
                region_id=VILLAGE, duties__due_on__gt=dt.date.min
            )
            posts["rep"].narrowed_to = people.order_by("pk").values_list(
                "pk", flat=True
            )[0]
            posts["rep"].save(update_fields=["narrowed_to"])
        return posts


_FILLED: dict[str, tuple[str, int]] = {}


@contextmanager
def few(stage: Stage) -> Iterator[City]:
    """Connect Django to the city with the visits of half a year."""
    with _connected(stage, "few", _fill) as filled:
        yield filled


@contextmanager
def many(stage: Stage) -> Iterator[City]:
    """Connect Django to the same city with the visits of five years."""
    with _connected(stage, "many", _lengthen) as filled:
        yield filled


@contextmanager
def _connected(
    stage: Stage, name: str, make: Callable[[Stage], tuple[str, int]]
) -> Iterator[City]:
    if name not in _FILLED:
        _FILLED[name] = make(stage)
    database, visits = _FILLED[name]
    with connected(database):
        yield City(visits, HOUSEHOLDS)


def _fill(stage: Stage) -> tuple[str, int]:
    """Fill a clone of the template; every trigger is on, as in the product."""
    database = stage.prepared("city")
    with connected(database), system_scope("性能测量的准备"):
        for person in PEOPLE:
            open_account(person)
        record_keeper()
        today = timezone.localdate()
        made = city.fill(HOUSEHOLDS, FEW_VISITS, today, linked_on=city.FIRST_POLICY)
    _settle(stage, database)
    pass_years(stage, database)
    _settle(stage, database)
    _pass_a_night(stage, database)
    return database, made.visits


def _lengthen(stage: Stage) -> tuple[str, int]:
    """Add the years before to a clone of it; due dates do not depend on them."""
    if "few" not in _FILLED:
        _FILLED["few"] = _fill(stage)
    short, there = _FILLED["few"]
    database = stage.prepared("years", short)
    with (
        connected(database),
        system_scope("性能测量的准备"),
        transaction.atomic(),
    ):
        townships = list(
            Region.objects.current().townships().values_list("code", flat=True)
        )
        keeper = User.objects.get(username="lishi-daoru").pk
    each = max(1, (MANY_VISITS - there) // HOUSEHOLDS)
    with stage.owner(database) as owner, owner.cursor() as cursor:
        owner.autocommit = False
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        kept = _take_off(cursor)
        owner.commit()
        for township in townships:
            inside = span(township)
            for name, value in (("lo", inside.lo), ("hi", inside.hi), ("user", "")):
                cursor.execute(
                    "SELECT set_config(%s, %s, true)", [f"app.{name}", str(value)]
                )
            cursor.execute(
                HISTORY, {"each": each, "keeper": keeper, "first": city.FIRST_POLICY}
            )
            there += cursor.rowcount
            owner.commit()
        for statement in kept:
            cursor.execute(statement)
        owner.commit()
    _settle(stage, database)
    _pass_a_night(stage, database)
    return database, there


def _take_off(cursor: object) -> list[str]:
    """Remove the keys, indexes and triggers of visits; return what puts them back."""
    run = cursor.execute  # type: ignore[attr-defined]
    run(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'visits_visit'::regclass AND contype = 'f'"
    )
    keys = list(cursor.fetchall())  # type: ignore[attr-defined]
    run(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) "
        "FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid "
        "WHERE i.indrelid = 'visits_visit'::regclass AND c.oid IS NULL"
    )
    indexes = list(cursor.fetchall())  # type: ignore[attr-defined]
    for name, _ in keys:
        run(f"ALTER TABLE visits_visit DROP CONSTRAINT {name}")
    for name, _ in indexes:
        run(f"DROP INDEX {name}")
    run("ALTER TABLE visits_visit DISABLE TRIGGER USER")
    return [
        "SELECT set_config('app.lo', '0', false), set_config('app.hi', '999999999999', false)",
        *(definition for _, definition in indexes),
        *(f"ALTER TABLE visits_visit ADD CONSTRAINT {n} {d}" for n, d in keys),
        "ALTER TABLE visits_visit ENABLE TRIGGER USER",
    ]


def _settle(stage: Stage, database: str) -> None:
    """Let the planner know what is there, as autovacuum would have."""
    with stage.owner(database) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")


def _pass_a_night(stage: Stage, database: str) -> None:
    """Keep the pace of the running periods, as every night does (ADR 0019)."""
    with connected(database), system_scope("性能测量的准备"):
        for township in Region.objects.current().townships():
            pace.keep(township, timezone.localdate())


# The years before those that `city.fill` made, evenly back to the first settings.
HISTORY = """
INSERT INTO visits_visit (
    id, region_code, household_id, representative_id, visited_on, way, counts,
    has_matter, topics, words, answer, satisfaction, for_village, entered_by_id,
    on_behalf, captured_at, received_at, fingerprint, withdrawal)
SELECT gen_random_uuid(), region_code, household_id, representative_id, day, 'door',
    true, false, '{}', '', '', '', false, %(keeper)s, true, day + time '12:00',
    day + time '12:00', md5(household_id || ':' || i) || md5(i || ':' || household_id), ''
FROM (
    SELECT d.household_id, d.region_code, d.representative_id, i,
        %(first)s::date + ((n.first_seen - %(first)s::date - 1) * i / %(each)s)::int AS day
    FROM visits_duty d
    CROSS JOIN (
        SELECT COALESCE(min(visited_on), CURRENT_DATE) AS first_seen FROM visits_visit
    ) n
    CROSS JOIN generate_series(0, %(each)s - 1) i
    WHERE d.representative_id IS NOT NULL
) v
"""
