"""魏家桥镇 as it stands after its three workbooks went through the wizard.

Imported once in a process: made in two files, the second would take the database away
from the first, whose tests may still be going on.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.cast import assemble
from tests.databases import cloned
from tests.workbooks.desk import FILES, Township, bring_in, in_database


@pytest.fixture(scope="session")
def imported_township(
    template_database: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Township]:
    """Import 魏家桥镇 once, as its staff would."""
    shared = str(connection.settings_dict["NAME"])
    with cloned(template_database, f"{shared}_township") as name:
        with django_db_blocker.unblock(), in_database(name, shared):
            media, settings.MEDIA_ROOT = (
                settings.MEDIA_ROOT,
                tmp_path_factory.mktemp("m"),
            )
            cast = assemble()
            imports = {
                kind: bring_in(
                    kind, path.read_bytes(), cast.township_staff, name=path.name
                )
                for kind, path in FILES.items()
            }
            settings.MEDIA_ROOT = media
        yield Township(name, cast, imports)


@pytest.fixture
def township(imported_township: Township, django_db_blocker: Any) -> Iterator[Township]:
    """Work in the imported township; whatever a test writes is undone."""
    shared = str(connection.settings_dict["NAME"])
    with (
        django_db_blocker.unblock(),
        in_database(imported_township.database, shared),
        transaction.atomic(),
    ):
        yield imported_township
        transaction.set_rollback(True)
