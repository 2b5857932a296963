"""The log that an archive brought along, in sentences (`InheritedRecord`).

It names people by user name, and rows by their number within the archive: what these
were is in the line itself, not in today's tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Action, User
from accounts.presenting import (
    CHANGED,
    NOBODY,
    OPERATIONS,
    SENTENCES,
    SYSTEM,
    TONES,
    Line,
    is_secret,
    plain,
    shown_fields,
    table_models,
)
from accounts.views.log import within
from regions.models import Region
from reports.models import InheritedRecord, RecordKind
from ui.parts import Change, Pair

MOST_PEOPLE = 200
Values = Mapping[str, Any]


def matching(wanted: Values) -> QuerySet[InheritedRecord]:
    """Return the records that the filters describe, the newest first."""
    rows = InheritedRecord.objects.order_by("-at", "-pk")
    if what := wanted.get("what"):
        rows = rows.filter(_of_kind(what))
    if who := (wanted.get("who") or "").strip():
        rows = rows.filter(content__user__in=_user_names(who))
    rows = within(rows, wanted)
    if typed := (wanted.get("q") or "").strip():
        text = Cast("content", TextField())
        rows = rows.annotate(text=text).filter(text__contains=typed)
    return rows


def _of_kind(what: str) -> Q:
    if what in Action.values:
        return Q(kind=RecordKind.ACCESS, content__action=what)
    changes = Q(kind=RecordKind.CHANGE)
    return changes if what == "changes" else changes & Q(content__table=what)


def _user_names(typed: str) -> list[str]:
    """Return user names that hold what was typed, or whose people's names do."""
    named = Q(name__contains=typed) | Q(username__contains=typed.lower())
    found = User.objects.filter(named).order_by("pk")
    return list(found.values_list("username", flat=True)[:MOST_PEOPLE])


def lines(records: Sequence[InheritedRecord]) -> list[Line]:
    """Return the lines of a page, in the order given; two statements."""
    users = {record.content.get("user") for record in records} - {None}
    found = User.objects.filter(username__in=users)
    names = dict(found.values_list("username", "name"))
    places = Region.objects.select_related("parent").in_bulk(
        {record.region_id for record in records}
    )
    return [
        line_of(record, names, places[record.region_id].full_name) for record in records
    ]


def line_of(record: InheritedRecord, names: Mapping[str, str], where: str) -> Line:
    """Return a record in words; `names` are people's by their user names."""
    said = record.content
    who = names.get(said.get("user") or "", said.get("user") or "")
    if record.kind == RecordKind.ACCESS:
        return _access(record, who, where)
    return _change(record, who, where)


def _access(record: InheritedRecord, who: str, where: str) -> Line:
    said = record.content
    action, subject = said.get("action", ""), said.get("subject") or ""
    labels: dict[str, str] = dict(Action.choices)
    what = SENTENCES.get(action, labels.get(action, action))
    return Line(
        at=record.at,
        who=who or (SYSTEM if action == Action.SYSTEM else NOBODY),
        what=f"{what}：{subject}" if subject and subject != who else what,
        where=where,
        tone=TONES.get(action, "off"),
        note=said.get("reason") or "",
        address=said.get("address") or "",
    )


def _change(record: InheritedRecord, who: str, where: str) -> Line:
    said = record.content
    operation, model = said.get("operation", ""), table_models().get(said["table"])
    before, after = said.get("before") or {}, said.get("after") or {}
    thing = str(model._meta.verbose_name) if model else said["table"]
    named = {**before, **after}
    label = named.get("name") or named.get("head") or f"编号 {said.get('row')}"
    is_update = operation == "update"
    return Line(
        at=record.at,
        who=who or SYSTEM,
        what=f"{OPERATIONS.get(operation, operation)}{thing}“{label}”",
        where=where,
        tone="bad" if operation == "delete" else "off",
        note=said.get("why") or "",
        changes=tuple(changed(model, before, after)) if is_update else (),
        values=() if is_update else tuple(told(model, named)),
    )


def changed(
    model: type[models.Model] | None, before: Values, after: Values
) -> Iterable[Change]:
    """Yield each field that changed; columns of tables that are gone by their own name."""
    for column, name in _columns(model, {**before, **after}):
        old, new = before.get(column), after.get(column)
        yield Change(
            name, _value(model, column, old) or None, _value(model, column, new) or None
        )


def told(model: type[models.Model] | None, values: Values) -> Iterable[Pair]:
    """Yield what a row held that was entered or deleted, empty fields left out."""
    for column, name in _columns(model, values):
        if value := _value(model, column, values[column]):
            yield Pair(name, value)


def _columns(
    model: type[models.Model] | None, values: Values
) -> Iterable[tuple[str, str]]:
    if model is None:
        return [(column, column) for column in values]
    fields = shown_fields(model)
    return [(c, str(f.verbose_name)) for c, f in fields.items() if c in values]


def _value(model: type[models.Model] | None, column: str, raw: Any) -> str:
    if raw is None or raw == "":
        return ""
    if model is None:
        return str(raw)
    field = shown_fields(model)[column]
    if is_secret(field) and not str(raw).count("*"):
        return CHANGED
    if isinstance(field, models.ForeignKey) and field.related_model is not User:
        return f"编号 {raw}"
    return plain(field, raw)
