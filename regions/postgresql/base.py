"""Django's PostgreSQL engine, with the scope applied to every transaction.

The settings are transaction-local, so a pooled or persistent connection can never
carry one request's scope into the next. They are (re)applied before the first
statement of a transaction, whenever the open scope has changed, and after a
savepoint rollback, which undoes them. A new cursor applies them as well, because COPY
and stored procedures do not pass through Django's `execute`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, ProgrammingError
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from regions.postgresql import plans
from regions.postgresql.operations import DatabaseOperations
from regions.scoping import (
    CLOSED,
    EVERYWHERE_HI,
    SETTINGS,
    NoScope,
    Scope,
    current_scope,
)

APPLY = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
# The owner is bound by the policies too, and PostgreSQL checks a new key as the owner.
MIGRATION = Scope(0, EVERYWHERE_HI, why="migration")
# How PostgreSQL says that a bound was never set, or was set for a past transaction.
UNSET = (
    'unrecognized configuration parameter "app.',
    'invalid input syntax for type bigint: ""',
)
# Whether this login is, or can become, a role that row-level security does not bind.
PRIVILEGED = """
SELECT EXISTS (
    SELECT FROM pg_roles power
    WHERE (power.rolsuper OR power.rolbypassrls OR power.oid IN (
        SELECT relowner FROM pg_class WHERE relname = 'django_migrations'))
    AND (pg_has_role(current_user, power.oid, 'MEMBER')
        OR pg_has_role(session_user, power.oid, 'MEMBER')))
"""


# From which time on a statement is prepared, and how many are at once: the pages of a
# township and a village have about 190, of some 120 kB each (docs/adr/0021).
THIRD, KEPT_PLANS = 2, 250
# The protocol counts a statement's values in two bytes.
MOST_VALUES = 65_535


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows which scope its current transaction carries."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._applied: tuple[str, ...] | None = None
        self.execute_wrappers.append(self._apply_scope)

    def init_connection_state(self) -> None:
        """Refuse a role that row-level security would not bind."""
        super().init_connection_state()
        self._applied = None
        self.connection.prepared_max = KEPT_PLANS
        if settings.MIGRATING:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(PRIVILEGED)
            privileged = cursor.fetchone()[0]
        if privileged:
            self.close()
            raise ImproperlyConfigured(
                "数据库账号权限过大（超级用户、BYPASSRLS 或表的所有者），"
                "数据范围将失去约束。请改用 sd_app 账号连接。"
            )

    def _apply_scope(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Sequence[Any] | None,
        many: bool,  # noqa: FBT001 - the signature is Django's
        context: dict[str, Any],
    ) -> Any:
        self._apply_current()
        if not many and params and len(params) > MOST_VALUES:
            sql, params = self.ops.compose_sql(sql, params), None
        self.connection.prepare_threshold = THIRD if plans.are_kept() else None
        try:
            return execute(sql, params, many, context)
        except (ProgrammingError, DataError) as error:
            if self._bounds_are_missing(error):
                raise NoScope("no scope is open: regions.scoping.scope()") from error
            raise

    def _bounds_are_missing(self, error: Exception) -> bool:
        """Whether a policy asked for the bounds of a scope that is not open."""
        closed = current_scope() is None or not self.in_atomic_block
        return closed and any(sign in str(error) for sign in UNSET)

    def create_cursor(self, name: str | None = None) -> Any:
        """Open a cursor whose COPY and procedures run in the open scope too."""
        self._apply_current()
        return super().create_cursor(name)

    def _apply_current(self) -> None:
        if not self.in_atomic_block or self.needs_rollback:
            return
        opened = current_scope() or (MIGRATION if settings.MIGRATING else None)
        wanted = opened.settings() if opened else CLOSED
        if self._applied == wanted or self._has_failed():
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(APPLY, wanted)
        self._applied = wanted

    def _has_failed(self) -> bool:
        """Whether the transaction accepts nothing but being rolled back."""
        status: TransactionStatus = self.connection.info.transaction_status
        return status == TransactionStatus.INERROR

    def _commit(self) -> None:
        self._applied = None
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._applied = None

    def set_autocommit(self, *args: Any, **kwargs: Any) -> None:
        """Forget the scope: where autocommit changes, a transaction begins or ends."""
        self._applied = None
        super().set_autocommit(*args, **kwargs)
