"""A workbook for each table of an archive: for people, with the words of the pages."""

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from regions.models import Region
from reports.archive import tables
from reports.archive.parts import Part, read_lines
from workbooks.declaration import Column, Kind
from workbooks.writing import write_table

FOLDER = "表格"
LONG, SHORT = 24, 14
KINDS: tuple[tuple[type["models.Field[Any, Any]"], Kind], ...] = (
    (models.DateTimeField, Kind.TEXT),
    (models.DateField, Kind.DATE),
    (models.ForeignKey, Kind.TEXT),
    (models.AutoField, Kind.INTEGER),
    (models.IntegerField, Kind.INTEGER),
    (models.DecimalField, Kind.AMOUNT),
)


def file_of(title: str) -> str:
    """Return where the workbook of a table stands in the archive."""
    return f"{FOLDER}/{title}.xlsx"


def write(spool: Path, part: Part) -> None:
    """Write the workbook of a table from its lines; none for a table without rows."""
    if not part.rows:
        return
    (spool / FOLDER).mkdir(exist_ok=True)
    fields = list(tables.columns(part.model))
    declared = _declared(fields)
    cells = [_cell(field) for field in fields]
    rows = (
        [
            cell(line.get(tables.name_of(field)))
            for field, cell in zip(fields, cells, strict=True)
        ]
        for line in read_lines(spool / part.file)
    )
    path, name = spool / file_of(part.title), part.title
    write_table(path, declared, rows, count=part.rows, name=name)


def titles(fields: "list[models.Field[Any, Any]]") -> list[str]:
    """Return the headings, each only once: a second one of a name has its column's too."""
    said: list[str] = []
    for field in fields:
        words = "编号" if field.primary_key else str(field.verbose_name)
        said.append(words if words not in said else f"{words}（{field.column}）")
    return said


def _declared(fields: "list[models.Field[Any, Any]]") -> tuple[Column, ...]:
    return tuple(
        Column(
            tables.name_of(field),
            (title,),
            _kind(field),
            width=LONG if isinstance(field, models.TextField) else SHORT,
            choices=("",) if _kind(field) is Kind.CHOICE else (),
        )
        for field, title in zip(fields, titles(fields), strict=True)
    )


def _kind(field: "models.Field[Any, Any]") -> Kind:
    found = (kind for held, kind in KINDS if isinstance(field, held))
    return Kind.TEXT if field.choices else next(found, Kind.TEXT)


def _cell(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """Return what a person reads in a cell for a value of the archive."""
    if field.choices:
        words = {value: str(label) for value, label in field.flatchoices}
        return lambda value: words.get(value, _text(value))
    if tables.parent_of(field) is Region:
        return lambda code: _places().get(code, _text(code))
    if isinstance(field, models.DateTimeField):
        return lambda at: at and at.replace("T", " ")[:16]
    if isinstance(field, models.DateField):
        return lambda day: day and dt.date.fromisoformat(day)
    if isinstance(field, models.DecimalField | models.IntegerField):
        return lambda number: number
    return _text


def _text(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return "、".join(map(str, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value is None else str(value)


@cache
def _places() -> dict[int, str]:
    """Return the full names of all divisions; the tree is public."""
    rows = Region.objects.select_related("parent")
    return {row.pk: row.full_name for row in rows}
