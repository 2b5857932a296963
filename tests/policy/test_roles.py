"""What the application's role cannot do, whatever statement reaches the database."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from launcher import roles
from regions.postgresql.base import PRIVILEGED, DatabaseWrapper
from tests.cast import everywhere
from tests.databases import OWNER_URL
from tests.policy.ways import executed, fetched

FORBIDDEN = (
    "TRUNCATE accounts_post",
    "CREATE TABLE planted (id int)",
    "CREATE SCHEMA planted",
    "CREATE VIEW planted AS SELECT 1",
    "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION scope_lo() RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
    "CREATE INDEX planted ON accounts_post (role)",
    "CREATE POLICY planted ON accounts_post FOR SELECT USING (true)",
    "CREATE TRIGGER planted AFTER INSERT ON accounts_post EXECUTE FUNCTION refuse_region_change()",
    "ALTER TABLE accounts_post ADD COLUMN planted int",
    "ALTER TABLE accounts_post DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE accounts_post NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE accounts_post DISABLE TRIGGER ALL",
    "ALTER TABLE accounts_post OWNER TO sd_app",
    "ALTER POLICY scope_select ON accounts_post USING (true)",
    "ALTER ROLE sd_app BYPASSRLS",
    "ALTER ROLE sd_app SUPERUSER",
    "DROP TABLE jobs_pulse",
    "DROP POLICY scope_select ON accounts_post",
    "DROP TRIGGER history_update ON accounts_post",
    "DROP FUNCTION scope_lo() CASCADE",
    "DROP SCHEMA public CASCADE",
    "GRANT sd_owner TO sd_app",
    "SET ROLE sd_owner",
    "SET ROLE sd_backup",
    "SET SESSION AUTHORIZATION sd_owner",
    "SET session_replication_role = replica",
    "LOCK TABLE accounts_rowchange IN ACCESS EXCLUSIVE MODE",
    "COPY accounts_user TO '/tmp/users'",
    "COPY accounts_user TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "UPDATE accounts_accessentry SET reason = ''",
    "DELETE FROM accounts_accessentry",
    "INSERT INTO accounts_rowchange (region_code) VALUES (430582000000)",
    "UPDATE accounts_rowchange SET why = ''",
    "DELETE FROM accounts_rowchange",
    "UPDATE accounts_auditseal SET digest = ''",
    "DELETE FROM accounts_auditseal",
)
REFUSED = r"permission denied|must be owner|must be able to SET ROLE|Only roles with"
# A trigger function that runs as the owner and takes SQL for arguments must not be
# hung on a table of the app's own making.
HANG_HISTORY_ON_A_TABLE = """
CREATE TEMP TABLE bait (id int, region_code bigint);
CREATE TRIGGER planted AFTER INSERT ON bait REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_row_changes('id', '0::bigint', '')
"""


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_app_role_may_not(db: None, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=REFUSED)
    with everywhere(), refused, transaction.atomic():
        executed(statement)


def test_the_app_role_may_not_borrow_the_owners_function(db: None) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied for function")
    with refused, transaction.atomic():
        executed(HANG_HISTORY_ON_A_TABLE)


def test_the_app_role_may_not_give_itself_rights(db: None) -> None:
    executed("GRANT ALL ON accounts_rowchange TO sd_app")  # PostgreSQL only warns
    rights = "has_table_privilege('accounts_rowchange', 'INSERT, UPDATE, DELETE')"
    assert fetched(f"SELECT {rights}") == [(False,)]


def test_the_suite_runs_as_the_app_role(db: None) -> None:
    ((name, powerful),) = fetched(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole "
        "FROM pg_roles WHERE rolname = current_user AND rolname = session_user"
    )
    assert (name, powerful) == ("sd_app", False)
    assert fetched("SELECT FROM pg_tables WHERE tableowner = current_user") == []
    assert fetched("SELECT FROM pg_auth_members WHERE member = 'sd_app'::regrole") == []


def test_every_role_that_the_policies_do_not_bind_is_privileged(db: None) -> None:
    verdicts = {
        name: fetched(asked_of(name))[0][0]
        for (name,) in fetched("SELECT rolname FROM pg_roles WHERE rolcanlogin")
    }
    powerful = {
        name
        for (name,) in fetched(
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolbypassrls)"
        )
    }
    assert powerful >= {"sd_backup"}
    assert len(powerful) >= 2  # and the server's superuser
    assert {name for name, verdict in verdicts.items() if verdict} == {
        "sd_owner",
        *powerful,
    }


def asked_of(role: str) -> str:
    """Return the start-up check's question, asked of another role."""
    return PRIVILEGED.replace("current_user", f"'{role}'").replace(
        "session_user", f"'{role}'"
    )


def test_connecting_as_the_owner_is_refused(db: None) -> None:
    assert_refused(connect_as(OWNER_URL))


def connect_as(url: str) -> DatabaseWrapper:
    """Return an unopened connection of Django's to the test database as another role."""
    with roles.connect(url) as opened:
        info = opened.info
        login = {"USER": info.user, "PASSWORD": info.password}
    return DatabaseWrapper({**connection.settings_dict, **login}, "default")


def assert_refused(other: DatabaseWrapper) -> None:
    """The connection is refused in plain words and does not stay open."""
    with pytest.raises(ImproperlyConfigured, match="请改用 sd_app 账号连接"):
        other.ensure_connection()
    assert other.connection is None


def test_only_a_migration_connects_as_the_owner(db: None, settings: Any) -> None:
    settings.MIGRATING = True
    other = connect_as(OWNER_URL)
    other.ensure_connection()
    assert other.connection is not None
    other.close()
