"""The access log and the row history of a township, as records to read.

They are no rows of another system's log: nobody may write into one, and its seals would
break. What an archive brought along (`InheritedRecord`) goes on with the next one.
"""

from collections.abc import Iterator
from pathlib import Path

from accounts.models import AccessEntry, RowChange
from regions.scoping import Scope
from reports.archive import tables
from reports.archive.parts import Part, write_part
from reports.archive.rows import Outward, Row, answered
from reports.models import RecordKind

OWN = {
    RecordKind.ACCESS: """
        SELECT region_code, at, action, user_id AS "user", subject, reason, path, address,
            request FROM accounts_accessentry
        WHERE region_code >= %s AND region_code < %s ORDER BY at, id""",
    RecordKind.CHANGE: """
        SELECT region_code, at, "table", row, operation, before, after, "user", request,
            why FROM accounts_rowchange
        WHERE region_code >= %s AND region_code < %s ORDER BY at, id""",
}
INHERITED = """
    SELECT content FROM reports_inheritedrecord
    WHERE region_code >= %s AND region_code < %s AND kind = %s ORDER BY id"""
MODELS: dict[RecordKind, tables.Model] = {
    RecordKind.ACCESS: AccessEntry,
    RecordKind.CHANGE: RowChange,
}


def file_of(kind: RecordKind) -> str:
    """Return where a log stands in the archive."""
    return f"data/log_{kind.value}.jsonl"


def write(spool: Path, place: Scope, outward: Outward) -> list[Part]:
    """Write both logs, what was brought along first."""
    return [
        write_part(spool, model, file_of(kind), _lines(kind, place, outward))
        for kind, model in MODELS.items()
    ]


def _lines(kind: RecordKind, place: Scope, outward: Outward) -> Iterator[Row]:
    for held in answered(INHERITED, (place.lo, place.hi, kind.value)):
        yield held["content"]
    for row in answered(OWN[kind], (place.lo, place.hi)):
        yield _said(row, outward)


def _said(row: Row, outward: Outward) -> Row:
    """Return a line with people by their user names and numbers masked."""
    if row["user"] is not None:
        row["user"] = outward.people.get(row["user"], str(row["user"]))
    if "table" in row:
        row["before"] = outward.line_of_log(row["table"], row["before"])
        row["after"] = outward.line_of_log(row["table"], row["after"])
    return row
