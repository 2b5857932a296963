"""Every table is under the scope and in the history, or says why it is not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from launcher import roles
from tests.databases import OWNER_URL
from tests.policy import catalogue

TABLE = "regions_villagergroup"
# What somebody could do to a table, and how it would be named.
BREAKAGES = {
    "ALTER TABLE {} DISABLE ROW LEVEL SECURITY": "row-level security is not enabled",
    "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY": (
        "row-level security does not bind the owner"
    ),
    "DROP POLICY scope_select ON {}": "no policy for select",
    "DROP POLICY scope_insert ON {}": "no policy for insert",
    "DROP POLICY scope_update ON {}": "no policy for update",
    "DROP POLICY scope_delete ON {}": "no policy for delete",
    "ALTER POLICY scope_select ON {} USING (true)": (
        "the policy for select is not the scope"
    ),
    "ALTER POLICY scope_insert ON {} WITH CHECK (true)": (
        "the policy for insert is not the scope"
    ),
    "ALTER POLICY scope_update ON {} WITH CHECK (true)": (
        "the policy for update is not the scope"
    ),
    "ALTER POLICY scope_delete ON {} TO sd_app": (
        "the policy for delete is not the scope"
    ),
    "CREATE POLICY guests ON {} FOR SELECT USING (number = 1)": (
        "guests widens the scope"
    ),
    "CREATE POLICY narrow_representative ON {} AS RESTRICTIVE USING "
    "((SELECT scope_representative()) IS NULL OR number = 1)": (
        "a narrowing is planned for one row in two hundred"
    ),
    "ALTER TABLE {} DROP CONSTRAINT {}_region_fk": (
        "the region is not a key that follows a merger"
    ),
    "ALTER TABLE {} DROP CONSTRAINT regions_villagergroup_number_once": (
        "no index begins with region_code"
    ),
    "ALTER TABLE {} DISABLE TRIGGER refuse_region_change": (
        "rows may change their region"
    ),
    "ALTER TABLE {} ALTER region_code DROP NOT NULL": "region_code may be empty",
    "ALTER TABLE {} DISABLE TRIGGER history_update": "no history, and no reason",
    "DROP TRIGGER history_delete ON {}": "no history, and no reason",
    "GRANT TRUNCATE ON {} TO sd_app": "the app role holds TRUNCATE",
}
UNFINISHED = """
CREATE TABLE planted (id bigint PRIMARY KEY, region_code bigint);
CREATE POLICY narrow_representative ON planted AS RESTRICTIVE
    USING ((SELECT scope_representative()) IS NULL OR id = 1);
CREATE TABLE unasked (id bigint);
CREATE VIEW peephole AS SELECT * FROM accounts_post;
CREATE FUNCTION careless() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    AS $$ BEGIN RETURN NULL; END $$;
"""


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[Any]:
    """Return a cursor of the owner role; what it does is undone."""
    url = roles.at(OWNER_URL, connection.settings_dict["NAME"])
    with roles.connect(url) as opened:
        opened.autocommit = False
        with opened.cursor() as cursor:
            yield cursor
        opened.rollback()


def test_every_table_is_in_order(db: None) -> None:
    with connection.cursor() as cursor:
        assert catalogue.faults(cursor) == []


@pytest.mark.parametrize(("breakage", "sentence"), BREAKAGES.items(), ids=str)
def test_a_broken_table_is_named(owner: Any, breakage: str, sentence: str) -> None:
    sound = catalogue.faults(owner)
    owner.execute(breakage.replace("{}", TABLE))
    assert set(catalogue.faults(owner)) - set(sound) == {f"{TABLE}: {sentence}"}


def test_a_reference_across_regions_is_named(owner: Any) -> None:
    owner.execute("ALTER TABLE jobs_job DROP CONSTRAINT jobs_job_post_id_scope_fk")
    assert "jobs_job: post_id may point into another region" in catalogue.faults(owner)


def test_a_key_that_children_need_is_named(owner: Any) -> None:
    owner.execute(
        "ALTER TABLE accounts_post DROP CONSTRAINT accounts_post_scope_key CASCADE"
    )
    found = catalogue.faults(owner)
    assert "accounts_post: id and region_code are not a key" in found
    assert "jobs_job: post_id may point into another region" in found


def test_an_unfinished_table_is_named_with_all_it_lacks(owner: Any) -> None:
    owner.execute(UNFINISHED)
    found = set(catalogue.faults(owner))
    assert {f"planted: {sentence}" for sentence in catalogue.CHECKS} <= found
    assert {
        f"planted: no policy for {word}" for word in catalogue.COMMANDS.values()
    } <= found
    assert {
        "unasked: no region_code, and no reason",
        "peephole: views and foreign tables go past row-level security",
        "careless: runs as the owner, and no reason",
        "careless: runs as the owner without a fixed search path",
        "careless: runs as the owner, and the app may hang it on a table",
    } <= found


def test_a_function_that_opens_a_scope_is_named(owner: Any) -> None:
    owner.execute(
        "CREATE FUNCTION peep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM set_config('app.lo', '0', true); END $$"
    )
    assert "peep: opens a scope, and no reason" in catalogue.faults(owner)


def test_a_log_that_can_be_changed_is_named(owner: Any) -> None:
    sound = catalogue.faults(owner)
    owner.execute("GRANT DELETE ON accounts_accessentry TO sd_app")
    assert set(catalogue.faults(owner)) - set(sound) == {
        "accounts_accessentry: called append-only, but the app role may change it"
    }


def test_reasons_that_are_no_longer_needed_are_named(
    owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = catalogue.faults(owner)
    monkeypatch.setitem(catalogue.UNSCOPED, "accounts_post", "stale: it has a region")
    monkeypatch.setitem(catalogue.UNTRACKED, "accounts_post", "stale: it is tracked")
    monkeypatch.setitem(catalogue.UNTRACKED, "gone", "stale: there is no such table")
    monkeypatch.setitem(
        catalogue.INSERTS_UNTRACKED, "accounts_post", "stale: whole history"
    )
    monkeypatch.setitem(catalogue.DEFINERS, "scope_lo", "stale: it runs as its caller")
    monkeypatch.setitem(catalogue.OPENERS, "scope_lo", "stale: it opens nothing")
    assert set(catalogue.faults(owner)) - set(sound) == {
        "accounts_post: stale reason in UNSCOPED",
        "accounts_post: stale reason in UNTRACKED",
        "accounts_post: stale reason in INSERTS_UNTRACKED",
        "gone: stale reason in UNTRACKED",
        "scope_lo: stale reason in DEFINERS",
        "scope_lo: stale reason in OPENERS",
    }


@pytest.mark.parametrize(
    "reasons",
    [
        catalogue.UNSCOPED,
        catalogue.UNTRACKED,
        catalogue.INSERTS_UNTRACKED,
        catalogue.DEFINERS,
        catalogue.OPENERS,
    ],
    ids=["unscoped", "untracked", "inserts untracked", "definers", "openers"],
)
def test_every_exemption_gives_a_reason(reasons: dict[str, str]) -> None:
    assert [name for name, reason in reasons.items() if len(reason.split()) < 3] == []
