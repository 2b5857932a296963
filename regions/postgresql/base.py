"""Django's PostgreSQL engine, with the scope applied to every transaction.

The settings are transaction-local, so a pooled or persistent connection can never
carry one request's scope into the next. They are (re)applied before the first
statement of a transaction, whenever the open scope has changed, and after a
savepoint rollback, which undoes them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from regions.scoping import CLOSED, SETTINGS, current_scope

APPLY = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
PRIVILEGED = """
SELECT rolsuper OR rolbypassrls OR EXISTS (
    SELECT FROM pg_class WHERE relname = 'django_migrations' AND relowner = pg_roles.oid
) FROM pg_roles WHERE rolname = current_user
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows which scope its current transaction carries."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._applied: tuple[str, ...] | None = None
        self.execute_wrappers.append(self._apply_scope)

    def init_connection_state(self) -> None:
        """Refuse a role that row-level security would not bind."""
        super().init_connection_state()
        self._applied = None
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
        if self.in_atomic_block and not self.needs_rollback:
            opened = current_scope()
            wanted = opened.settings() if opened else CLOSED
            if self._applied != wanted:
                with self.connection.cursor() as cursor:
                    cursor.execute(APPLY, wanted)
                self._applied = wanted
        return execute(sql, params, many, context)

    def _commit(self) -> None:
        self._applied = None
        super()._commit()

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)
        self._applied = None

    def set_autocommit(self, *args: Any, **kwargs: Any) -> None:
        """Forget the scope: where autocommit changes, a transaction begins or ends."""
        self._applied = None
        super().set_autocommit(*args, **kwargs)
