"""Connecting as the owner of the tables, as migrations and a few commands do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections

from tests.conftest import use_database
from tests.databases import OWNER_URL


@contextmanager
def as_owner(name: str) -> Iterator[None]:
    """Connect to a database as the owner of the tables; what is done there is committed."""
    app: dict[str, Any] = dict(connection.settings_dict)
    owner = urlsplit(OWNER_URL)
    use_database(name)
    connection.settings_dict.update(USER=owner.username, PASSWORD=owner.password)
    settings.MIGRATING = True
    try:
        yield
    finally:
        connections.close_all()
        settings.MIGRATING = False
        connection.settings_dict.update(USER=app["USER"], PASSWORD=app["PASSWORD"])
