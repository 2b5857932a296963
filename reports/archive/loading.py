"""Writes an archive into this system: set by set, as the owner of the tables.

The rows are as they were, whatever today's rules would say of them: the triggers of the
tables are off while it lasts, keys and checks are not. Numbers are given anew, after the
highest here; people are found by user name; numbers of ID cards are sealed with this
system's key. All of it in one transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import DataError, IntegrityError, connection, models, transaction

from accounts import audit
from accounts.models import Action, User
from accounts.sealing import Sealed, blind_index
from attachments.models import Attachment, AttachmentContent
from regions.models import Region, inside
from regions.owner import without_triggers
from reports.archive import log, packing, tables
from reports.archive.opening import Archive, Unfit, check_place
from reports.archive.rows import Cell, Row, essence, raw, within
from reports.models import InheritedRecord

AT_ONCE = 2_000
Turned = Callable[[Row], Row]


def load(archive: Archive) -> dict[str, int]:
    """Write an archive; return how many rows of each table, by its title.

    Raises Unfit, and leaves everything as it was, where it does not fit this system.
    Must run as the owner of the tables (MIGRATING), in the scope of everything.
    """
    if not settings.MIGRATING:
        raise Unfit("导入归档要用表的所有者连接数据库，请写成 MIGRATING=1 再运行。")
    township = check_place(archive)
    try:
        with transaction.atomic(), without_triggers(_loaded_tables()):
            written = Inward(archive, township).write()
    except (IntegrityError, DataError) as clash:
        raise Unfit(
            f"归档里的内容和这个系统里已有的冲突：{str(clash).splitlines()[0]}。"
        ) from clash
    _record(township, archive, sum(written.values()))
    return written


def _record(township: Region, archive: Archive, rows: int) -> None:
    audit.record(
        Action.IMPORTED,
        region=township.pk,
        by=None,
        subject=f"导入{township.name}归档，{rows:,} 条",
        reason=f"{archive.manifest['taken_by']} {archive.manifest['taken_at']} 导出",
    )


def _loaded_tables() -> list[str]:
    """Return every table that an archive is written into."""
    models = (tables.of_table(tables.PEOPLE), *tables.lists(), *tables.archived())
    return [model._meta.db_table for model in models]


class Inward:
    """Turns what an archive says into rows of this system, and writes them."""

    def __init__(self, archive: Archive, township: Region) -> None:
        self.archive = archive
        self.township = township
        self.people: dict[str, int] = {}
        self.offsets: dict[str, int] = {}
        self.lines: dict[str, dict[int, int]] = {}
        self.borrowed: dict[int, str | None] = {}

    def write(self) -> dict[str, int]:
        """Write people, lists, tables and logs, in this order; return how many rows."""
        written = {tables.title(User): self._people()}
        for model in tables.lists():
            written[tables.title(model)] = self._list(model)
        for model in tables.archived():
            table = self._contents if model is AttachmentContent else self._table
            written[tables.title(model)] = table(model)
        written[str(InheritedRecord._meta.verbose_name)] = self._logs()
        return written

    def _people(self) -> int:
        """Open an account for whoever is not here; nobody can sign in with it yet."""
        here = dict(User.objects.values_list("username", "name"))
        new = []
        for row in self.archive.rows(tables.PEOPLE):
            name = row["username"]
            if name not in here:
                new.append(self._account(row))
            elif here[name] != row["name"]:
                raise Unfit(
                    f"用户名 {name} 在这个系统里是{here[name]}，在归档里是{row['name']}，"
                    "请先把这里的用户名改掉。"
                )
        User.objects.bulk_create(new)
        self.people = dict(User.objects.values_list("username", "pk"))
        return len(new)

    def _account(self, row: Row) -> User:
        phone = row["phone"]
        return User(
            username=row["username"],
            name=row["name"],
            phone=Sealed.of(phone, "phone") if phone else None,  # type: ignore[misc]
            phone_index=blind_index(phone) if phone else None,
            is_active=row["is_active"],
            text_size=row["text_size"],
            password=make_password(None),
        )

    def _list(self, model: tables.Model) -> int:
        """Find each line of a list here by what it says; write those that are new."""
        table, key = model._meta.db_table, tables.key_of(model)
        found = self.lines.setdefault(table, {})
        if not tables.is_numbered(model):
            return self._missing(model, key)
        here = {
            essence(model, row): row[key]
            for row in raw(model, model._base_manager.all())
        }
        written = 0
        for row in self.archive.rows(table):
            turned = self._turned(model)({**row, key: None})
            if (same := here.get(essence(model, turned))) is None:
                same, written = self._insert_line(model, turned), written + 1
            found[row[key]] = same
            self._mark(model, row, same)
        return written

    def _mark(self, model: tables.Model, row: Row, key: int) -> None:
        """Note that a line is in use here too, where it was in the archive."""
        for table, name in tables.MARKS:
            if table == model._meta.db_table and row[name]:
                model._base_manager.filter(pk=key).update(**{name: True})

    def _missing(self, model: tables.Model, key: str) -> int:
        """Write the lines of a list that are known by a code of their own."""
        here = set(model._base_manager.values_list("pk", flat=True))
        new = [
            row
            for row in self.archive.rows(model._meta.db_table)
            if row[key] not in here
        ]
        return self._insert(model, map(self._turned(model), new))

    def _insert_line(self, model: tables.Model, row: Row) -> int:
        (key,) = self._keys(model, 1)
        try:
            with transaction.atomic():
                self._insert(model, [{**row, tables.key_of(model): key}])
        except IntegrityError as other:
            raise Unfit(
                f"市里的“{tables.title(model)}”在这个系统里和归档里不一样，"
                "请先由市民政局改成一致再导入。"
            ) from other
        return key

    def _table(self, model: tables.Model) -> int:
        table = model._meta.db_table
        rows = self.archive.rows(table)
        if table in tables.COMPUTED:  # what it has is of an empty township
            within(model, self.township.scope)._raw_delete(using="default")
        if tables.is_numbered(model):
            count = sum(1 for _ in self.archive.rows(table))
            self.offsets[table] = self._keys(model, count)[0] - 1 if count else 0
        elif table == tables.ABOVE[0]:
            here = {
                str(key) for key in model._base_manager.values_list("pk", flat=True)
            }
            rows = (row for row in rows if row["id"] not in here)
        return self._insert(model, map(self._turned(model), rows))

    def _keys(self, model: tables.Model, count: int) -> range:
        """Take as many numbers after all that are here, and tell the sequence."""
        table, key = model._meta.db_table, tables.key_of(model)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT GREATEST(COALESCE(max({key}), 0), nextval(s) - 1), s "  # noqa: S608 - our own names
                f"FROM {table} RIGHT JOIN pg_get_serial_sequence(%s, %s) s ON true GROUP BY s",
                [table, key],
            )
            last, sequence = cursor.fetchone()
            cursor.execute("SELECT setval(%s, %s)", [sequence, last + count])
        return range(last + 1, last + count + 1)

    def _turned(self, model: tables.Model) -> Turned:
        """Return what turns a row of the archive into one of this system."""
        table = model._meta.db_table
        cells = [
            (tables.name_of(f), self._cell(model, f)) for f in tables.columns(model)
        ]
        hashed = list(_hashed(model))

        def turned(row: Row) -> Row:
            made = {
                name: None if row[name] is None else cell(row[name])
                for name, cell in cells
            }
            for name, source, nothing in hashed:
                made[name] = blind_index(row[source]) if row[source] else nothing
            self._lend(table, row, made)
            return made

        return turned

    def _lend(self, table: str, row: Row, made: Row) -> None:
        """Keep a person's keyed hash for the rows that repeat it, and give it to them."""
        if table == "representatives_representative":
            self.borrowed[made["id"]] = made["id_index"]
        for (one, name), (to, _) in tables.BORROWED.items():
            if one == table and row[name]:
                made[name] = self.borrowed.get(made[to])

    def _cell(self, model: tables.Model, field: "models.Field[Any, Any]") -> Cell:
        table = model._meta.db_table
        if to := tables.EMBEDDED.get((table, tables.name_of(field))):
            return self._embedded(self.offsets.get(to, 0))
        if tables.is_sealed(field):
            kind: str = field.kind  # type: ignore[attr-defined]
            return lambda plain: Sealed.of(plain, kind).token
        if field.primary_key and tables.is_numbered(model):
            return self._numbered(model)
        parent = tables.parent_of(field)
        if parent is User:
            return self.people.__getitem__
        if parent and parent is not Region and tables.is_numbered(parent):
            return self._numbered(parent)
        return _same

    def _numbered(self, model: tables.Model) -> Cell:
        """Return what turns a number of the archive into a key of a table here."""
        table = model._meta.db_table
        if tables.is_listed(model):
            return self.lines[table].__getitem__
        return lambda number: number + self.offsets[table]

    def _embedded(self, offset: int) -> Cell:
        def turned(value: Any) -> Any:
            if isinstance(value, list):
                return [one and one + offset for one in value]
            return value + offset

        return turned

    def _insert(self, model: tables.Model, rows: Iterable[Row]) -> int:
        """Write rows in one statement: they may refer to each other in any order."""
        table, written = model._meta.db_table, 0
        names = ", ".join(f'"{name}"' for name in written_columns(model))
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT {names} FROM {table} "  # noqa: S608 - our own names
                "WHERE false"
            )
            for batch in _batches(rows):
                cursor.execute(
                    f"INSERT INTO coming SELECT {names} "  # noqa: S608 - as above
                    f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
                    [json.dumps(batch, ensure_ascii=False)],
                )
                written += len(batch)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM coming"  # noqa: S608 - as above
            )
            cursor.execute("DROP TABLE coming")
        return written

    def _contents(self, model: tables.Model) -> int:
        """Write the files, one at a time; they are as large as photos and scans are."""
        coming = inside(Attachment.objects.all(), self.township.scope)
        count = 0
        for one in coming.order_by("pk").iterator(chunk_size=100):
            key = str(one.pk)
            AttachmentContent.objects.create(
                region_id=one.region_id,
                attachment=one,
                content=self.archive.content(packing.file_of(key, one.mime)),
                preview=self.archive.content(packing.preview_of(key)),
            )
            count += 1
        return count

    def _logs(self) -> int:
        """Keep the old system's log beside this one's."""
        count = 0
        for batch in _batches(self._records()):
            count += len(InheritedRecord.objects.bulk_create(batch))
        return count

    def _records(self) -> Iterator[InheritedRecord]:
        for kind in log.MODELS:
            for row in self.archive.lines(log.file_of(kind)):
                yield InheritedRecord(
                    region_id=row["region_code"], kind=kind, at=row["at"], content=row
                )


def _hashed(model: tables.Model) -> Iterator[tuple[str, str, str | None]]:
    """Yield the keyed hashes of a table: of what, and what stands there for nothing."""
    fields = {f.column: f for f in model._meta.local_concrete_fields}
    for (table, name), source in tables.INDEXES.items():
        if table == model._meta.db_table:
            yield name, source, None if fields[name].null else ""


def written_columns(model: tables.Model) -> list[str]:
    """Return the columns that are written: those of the archive, and keyed hashes."""
    hashed = [name for name, _, _ in _hashed(model)]
    return [*map(tables.name_of, tables.columns(model)), *hashed]


def _same(value: Any) -> Any:
    return value


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
