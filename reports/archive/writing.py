"""Takes a township out: tables, log, attachments and workbooks, packed with a manifest.

All of it is read in one picture of the database (repeatable read): what is entered
meanwhile is in it whole or not at all. Making workbooks of it needs no database.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, models, transaction
from psycopg import IsolationLevel

from accounts.models import Post, User
from attachments.models import Attachment, AttachmentContent
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, narrowed, scope
from reports.archive import editions, log, packing, sheets, tables
from reports.archive.parts import Part, write_part
from reports.archive.rows import Outward, Row, within

Progress = Callable[[int, int], None]
WHY = "乡镇归档：取代表参加过的上级培训"


def write(path: Path, taken: packing.Taken, *, folder: Path, report: Progress) -> int:
    """Write the archive of a township; return how many rows it has.

    `folder` is private: the tables lie in it for as long as it takes. `report` is told
    how many of how many steps are done, and may raise to stop.
    """
    with tempfile.TemporaryDirectory(dir=folder) as name:
        spool = Path(name)
        with snapshot(), narrowed(taken.township.pk):
            parts = take(taken.township, spool)
        total = len(parts) + 2
        report(1, total)
        for done, part in enumerate(parts, 2):
            sheets.write(spool, part)
            report(done, total)
        packing.pack(path, spool, taken, parts)
        report(total, total)
    return sum(part.rows for part in parts)


@contextmanager
def snapshot() -> Iterator[None]:
    """Open a transaction whose statements all see the same moment.

    Inside another transaction, which has its own moment, that one is kept.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            yield
    finally:
        connection.connection.isolation_level = None


def take(township: Region, spool: Path) -> list[Part]:
    """Write all rows of a township into `spool`; return what tables there are."""
    outward, place = Outward(), township.scope
    for model in tables.archived():
        outward.number(model, place)
    keys = editions.needed(place)
    parts = [
        _part(spool, model, editions.take(model, keys[model._meta.db_table], outward))
        for model in tables.lists()
    ]
    for model in tables.archived():
        if model is not AttachmentContent:
            parts.append(_part(spool, model, _rows(model, place, outward)))
    logs = log.write(spool, place, outward)
    _take_attachments(spool, place)
    return [_people(spool, place, outward), *parts, *logs]


def _rows(model: tables.Model, place: Scope, outward: Outward) -> Iterator[Row]:
    own = within(model, place)
    if model._meta.db_table != tables.ABOVE[0]:
        return outward.rows(model, own)
    return _with_those_above(model, own, place, outward)


def _with_those_above(
    model: tables.Model,
    own: "models.QuerySet[models.Model]",
    place: Scope,
    outward: Outward,
) -> Iterator[Row]:
    """Yield trainings, and those above whose rosters name the township's people."""
    _, roster, key = tables.ABOVE
    named = within(tables.of_table(roster), place).values_list(key, flat=True)
    wanted = set(named.distinct()) | set(own.values_list("pk", flat=True))
    with scope(Scope(0, EVERYWHERE_HI, why=WHY)):
        yield from list(outward.rows(model, model._base_manager.filter(pk__in=wanted)))


def _people(spool: Path, place: Scope, outward: Outward) -> Part:
    """Write whoever is named: the township's own whole, of others name and user name."""
    own = set(Post.objects.within(place).values_list("user_id", flat=True))
    named = User.objects.filter(pk__in=outward.named | own).order_by("username")
    rows = {row["username"]: row for row in outward.rows(User, named)}
    inside = {outward.people[key] for key in own}
    lines = [
        rows[name] if name in inside else _stranger(rows[name]) for name in sorted(rows)
    ]
    return _part(spool, User, lines)


def _stranger(row: Row) -> Row:
    """Return what is said of somebody from elsewhere: no phone, no way to sign in."""
    return {**row, "phone": None, "is_active": False, "text_size": "m"}


def _part(spool: Path, model: tables.Model, rows: Iterable[Row]) -> Part:
    return write_part(spool, model, f"data/{model._meta.db_table}.jsonl", rows)


def _take_attachments(spool: Path, place: Scope) -> None:
    """Write the files of the attachments, one at a time."""
    (spool / packing.FILES).mkdir(exist_ok=True)
    for attachment in within(Attachment, place).order_by("pk").iterator(chunk_size=100):
        file = spool / packing.file_of(str(attachment.pk), attachment.mime)
        file.write_bytes(attachment.read())
        preview = attachment.read_preview()
        if preview:
            (spool / packing.preview_of(str(attachment.pk))).write_bytes(preview)
