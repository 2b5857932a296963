"""The judge of migrations: it hears what would hold people up, and lets the rest pass."""

from pathlib import Path

import pytest

from drills import migrations

FINE = (
    "CREATE TABLE a (id bigint PRIMARY KEY, n varchar(40) NOT NULL)",
    "CREATE INDEX ai ON a (n)",
    "ALTER TABLE visits_visit ADD COLUMN y integer DEFAULT 0 NOT NULL",
    "ALTER TABLE visits_visit ADD CONSTRAINT c CHECK (y > 0) NOT VALID",
)
HARMFUL = (
    "ALTER TABLE visits_visit ADD COLUMN x integer NOT NULL",
    "CREATE INDEX i ON visits_visit (way)",
    "ALTER TABLE visits_visit RENAME COLUMN words TO said",
    "ALTER TABLE visits_visit ALTER COLUMN way TYPE text",
    "ALTER TABLE visits_visit ADD CONSTRAINT c CHECK (way <> '')",
    "ALTER TABLE visits_visit ALTER COLUMN y DROP DEFAULT",
)


def test_what_harms_nobody_passes() -> None:
    assert migrations.judged({"visits.0099": [*FINE]}, {"visits.0099": True}) == 0


@pytest.mark.parametrize("statement", HARMFUL)
def test_what_would_hold_people_up_is_found(
    statement: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert migrations.judged({"visits.0099": [statement]}, {"visits.0099": True}) == 1
    assert "先加后减" in capfd.readouterr().err


def test_index_built_beside_the_work_passes_outside_a_transaction() -> None:
    statement = "CREATE INDEX CONCURRENTLY k ON visits_visit (way)"
    assert migrations.judged({"v.1": [statement]}, {"v.1": False}) == 0


def test_released_migrations_exist(tmp_path: Path) -> None:
    assert migrations.released() <= migrations.planned().keys()
    listed = tmp_path / "released.txt"
    listed.write_text("# head\nvisits.0001_initial\n\n", encoding="utf-8")
    assert migrations.released(listed) == {"visits.0001_initial"}


def test_statements_of_the_running_migration_are_kept(db: None) -> None:
    from django.db import connection

    sent: migrations.Statements = {"visits.0099": []}
    running = ["visits.0001"]
    with migrations.kept(sent, running), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        running[:] = ["visits.0099"]
        cursor.execute("SELECT 2;")
        cursor.execute("SELECT %s", [3])

    assert sent == {"visits.0099": ["SELECT 2"]}
