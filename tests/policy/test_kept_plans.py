"""Plans that a connection keeps: they follow the scope, the planner's settings, migrations.

See docs/adr/0021. These tests have a database of their own and commit for real.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from launcher import roles
from operations.plans import PlansMiddleware
from regions.models import VillagerGroup
from regions.postgresql import planner, plans
from regions.postgresql.base import KEPT_PLANS
from regions.scoping import Scope, scope, span
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    assemble,
    everywhere,
    first_village,
    signed_in,
)
from tests.databases import OWNER_URL
from tests.policy.database import database_of_its_own

OURS, OTHERS = span(TOWNSHIP), span(OTHER_TOWNSHIP)
KEPT = """
SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement ~ %s
"""


@pytest.fixture(scope="module", autouse=True)
def database(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """Three groups in our village, two in another township's."""
    with database_of_its_own(template_database, "plans", django_db_blocker) as name:
        places = ((VILLAGE, 3), (first_village(OTHER_TOWNSHIP), 2))
        with scope(Scope(0, 10**12, why="stage")), transaction.atomic():
            for code, many in places:
                for number in range(1, many + 1):
                    VillagerGroup.objects.create(region_id=code, number=number)
        yield name


def counted(place: Scope) -> int:
    with plans.kept(True), scope(place), transaction.atomic():
        return VillagerGroup.objects.count()


def kept(sign: str) -> tuple[int, int]:
    """Return how often a prepared statement had its kept plan, and how often a new one."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [sign])
        return cursor.fetchone() or (0, 0)


def test_a_kept_plan_counts_in_the_scope_that_is_open_now() -> None:
    seen = [(counted(OURS), counted(OTHERS)) for _ in range(10)]
    assert seen == [(3, 2)] * 10
    assert kept("^SELECT COUNT.*regions_villagergroup")[0] > 10


def test_who_sees_more_than_a_township_has_plans_of_his_own() -> None:
    """A kept plan takes a range that it does not know for a two-hundredth of the table."""
    connection.close()
    assert [counted(span(CITY)) for _ in range(4)] == [5] * 4
    assert kept("regions_villagergroup") == (0, 0)


def test_what_is_no_page_keeps_none() -> None:
    connection.close()
    for _ in range(4):
        with scope(OURS), transaction.atomic():
            assert VillagerGroup.objects.count() == 3
    assert kept("regions_villagergroup") == (0, 0)


def test_a_request_keeps_plans_and_leaves_no_trace_of_it() -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(plans.are_kept())
        return HttpResponse()

    PlansMiddleware(answer)(RequestFactory().get("/"))
    assert (seen, plans.are_kept()) == ([True], False)


def test_a_statement_is_planned_anew_where_the_planner_is_told_something() -> None:
    """A kept plan was made before the planner was told, and would be taken as it is."""
    for _ in range(10):
        counted(OURS)
    before = kept("^SELECT COUNT.*regions_villagergroup")
    with (
        plans.kept(True),
        scope(OURS),
        transaction.atomic(),
        planner.without("nestloop"),
    ):
        assert VillagerGroup.objects.count() == 3
    assert kept("^SELECT COUNT.*regions_villagergroup") == before
    counted(OURS)
    assert kept("^SELECT COUNT.*regions_villagergroup") != before


def test_pages_outlive_a_migration_that_adds_columns(database: str) -> None:
    """PostgreSQL refuses a kept statement that would return more than it promised."""
    with everywhere():
        cast = assemble()
    browser = signed_in(cast.township_lead)
    front = browser.get("/").content.decode()
    pages = sorted(set(re.findall(r'<a href="(/[a-z/-]+/)"', front)))
    assert len(pages) > 20
    for _ in range(3):
        before = {page: browser.get(page).status_code for page in pages}
    assert kept("accounts_user account") != (0, 0)
    assert kept("reports_closedsum") != (0, 0), "dashboards keep theirs too"
    widen_every_table(database)
    assert {page: browser.get(page).status_code for page in pages} == before


def widen_every_table(database: str) -> None:
    """Add a column to each table that the owner has, as a later migration might."""
    tables = "SELECT tablename FROM pg_tables WHERE tableowner = 'sd_owner'"
    with (
        roles.connect(roles.at(OWNER_URL, database)) as owner,
        owner.cursor() as cursor,
    ):
        names = [name for (name,) in cursor.execute(tables)]
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ADD COLUMN later integer")
    assert len(names) > 60


def test_a_list_may_be_longer_than_the_protocol_counts() -> None:
    with scope(OURS), transaction.atomic():
        keys = [*VillagerGroup.objects.values_list("pk", flat=True), *range(-70_000, 0)]
        assert VillagerGroup.objects.filter(pk__in=keys).count() == 3


def test_no_connection_keeps_plans_without_bound() -> None:
    """Each takes some 130 kB of the database."""
    with (
        plans.kept(True),
        scope(OURS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for number in range(KEPT_PLANS + 20):
            for _ in range(3):
                cursor.execute(f"SELECT {number} + %s", [1])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        [(many,)] = cursor.fetchall()
    assert KEPT_PLANS // 2 < many <= KEPT_PLANS + 1
