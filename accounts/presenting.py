"""The audit trail in sentences: who did what to which row, old value → new value.

Names of tables and fields come from the models. Secrets and sealed values are never
shown: of them the page says that they were changed. A page of lines costs a number of
statements that depends on the tables it names, not on the lines.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import AccessEntry, Action, RowChange, User
from accounts.roles import ROLES
from accounts.sealing import SealedField
from regions.models import Region
from ui.parts import Change, Pair, Tone

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SECRET_NAMES = {"password", "token", "key", "session_key", "digest"}
LONGEST_VALUE = 80
CHANGED = "（已修改，不显示内容）"
OPERATIONS = {"insert": "新增", "update": "修改", "delete": "删除"}
SENTENCES: dict[str, str] = {
    Action.SIGN_IN: "登录",
    Action.SIGN_IN_FAILED: "登录没有成功",
    Action.LOCKED: "账号被锁定",
    Action.SIGN_OUT: "退出登录",
    Action.REFUSED: "要做没有权限的事，被拒绝",
    Action.REVEALED: "查看了完整号码",
    Action.EXPORTED: "导出",
    Action.POST_SWITCHED: "切换到另一个职务",
    Action.PASSWORD_CHANGED: "修改了自己的密码",
    Action.PASSWORD_RESET: "重置密码",
    Action.UNLOCKED: "解除锁定",
    Action.ACCOUNT_OPENED: "开设或启用账号",
    Action.ACCOUNT_CLOSED: "停用账号",
    Action.POST_GRANTED: "任命职务",
    Action.POST_ENDED: "免去职务",
    Action.SECOND_FACTOR: "二次验证",
    Action.DEVICE_ENDED: "退出其他设备",
    Action.SYSTEM: "系统操作",
}
TONES: dict[str, Tone] = {
    Action.SIGN_IN_FAILED: "warn",
    Action.LOCKED: "bad",
    Action.REFUSED: "bad",
    Action.REVEALED: "info",
    Action.EXPORTED: "info",
}
NOBODY = "没有登录的人"
SYSTEM = "系统"


@dataclass(frozen=True)
class Line:
    """One line of the audit page.

    `changes` are of a row that was changed; `values`, of one that was entered or
    deleted, are only told where the row itself is not here (`reports.archive`).
    """

    at: dt.datetime
    who: str
    what: str
    where: str
    tone: Tone
    note: str = ""
    address: str = ""
    changes: tuple[Change, ...] = ()
    values: tuple[Pair, ...] = ()


Entry = AccessEntry | RowChange


def lines(entries: Sequence[Entry]) -> list[Line]:
    """Return the lines of a page, in the order given."""
    known = Names()
    for entry in entries:
        known.want(entry)
    known.fetch()
    return [_line(entry, known) for entry in entries]


def _line(entry: Entry, known: Names) -> Line:
    if isinstance(entry, AccessEntry):
        return _access_line(entry, known)
    return _change_line(entry, known)


def _access_line(entry: AccessEntry, known: Names) -> Line:
    who = SYSTEM if entry.action == Action.SYSTEM else NOBODY
    what = SENTENCES.get(entry.action, entry.get_action_display())
    if entry.user_id:
        who = known.name(User, entry.user_id)
    subject = entry.subject if entry.subject != who else ""
    path = entry.path if entry.action == Action.REFUSED else ""
    return Line(
        at=entry.at,
        who=who,
        what=f"{what}：{subject}" if subject else what,
        where=known.name(Region, entry.region_id),
        tone=TONES.get(entry.action, "off"),
        note="；".join(part for part in (entry.reason, path) if part),
        address=entry.address or "",
    )


def _change_line(entry: RowChange, known: Names) -> Line:
    model = table_models().get(entry.table)
    thing = str(model._meta.verbose_name) if model else entry.table
    label = known.row_label(entry, model)
    who = known.name(User, entry.user) if entry.user else SYSTEM
    return Line(
        at=entry.at,
        who=who,
        what=f"{OPERATIONS[entry.operation]}{thing}{f'“{label}”' if label else ''}",
        where=known.name(Region, entry.region_id),
        tone="bad" if entry.operation == "delete" else "off",
        note=entry.why,
        changes=tuple(changes(entry, model, known)),
    )


def changes(
    entry: RowChange, model: type[models.Model] | None, known: Names
) -> Iterable[Change]:
    """Yield what changed in a row: each field once, secrets without their values."""
    if entry.operation != "update" or model is None:
        return
    before, after = entry.before or {}, entry.after or {}
    for column, found in shown_fields(model).items():
        if column not in after and column not in before:
            continue
        if is_secret(found):
            yield Change(str(found.verbose_name), CHANGED, CHANGED)
            continue
        yield Change(
            str(found.verbose_name),
            known.value(found, before.get(column)),
            known.value(found, after.get(column)),
        )


@cache
def table_models() -> dict[str, type[models.Model]]:
    """Return our models by the name of their table."""
    return {model._meta.db_table: model for model in apps.get_models()}


@cache
def shown_fields(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """Return the fields by column that mean something to a person.

    Technical columns (indexes, versions) have no Chinese name and are left out.
    """
    return {
        found.column: found
        for found in model._meta.concrete_fields
        if found.column and CHINESE.search(str(found.verbose_name))
    }


def is_secret(found: models.Field[Any, Any]) -> bool:
    """Return whether a field's value must not be shown."""
    return isinstance(found, SealedField) or found.name in SECRET_NAMES


@dataclass
class Names:
    """The names behind the ids of a page, fetched once for each table."""

    wanted: dict[type[models.Model], set[Any]] = field(
        default_factory=lambda: defaultdict(set)
    )
    found: dict[type[models.Model], dict[Any, str]] = field(default_factory=dict)

    def want(self, entry: Entry) -> None:
        """Note what an entry refers to."""
        self.wanted[Region].add(entry.region_id)
        if isinstance(entry, AccessEntry):
            self.wanted[User].add(entry.user_id)
            return
        self.wanted[User].add(entry.user)
        model = table_models().get(entry.table)
        if model is None:
            return
        self.wanted[model].add(_key(model, entry.row))
        for values in (entry.before or {}, entry.after or {}):
            self._want_references(model, values)

    def _want_references(
        self, model: type[models.Model], values: Mapping[str, Any]
    ) -> None:
        for column, found in shown_fields(model).items():
            if isinstance(found, models.ForeignKey) and values.get(column) is not None:
                related: Any = found.related_model
                self.wanted[related].add(_key(related, values[column]))

    def fetch(self) -> None:
        """Read the names: one statement for each table."""
        for model, keys in self.wanted.items():
            rows = model._default_manager.select_related(*_parents(model))
            found = rows.in_bulk([key for key in keys if key is not None])
            self.found[model] = {key: _label(row) for key, row in found.items()}

    def name(self, model: type[models.Model], key: Any) -> str:
        """Return the name behind an id; the id where the row is gone or not in range."""
        return self.found.get(model, {}).get(_key(model, key), f"（编号 {key}）")

    def row_label(self, entry: RowChange, model: type[models.Model] | None) -> str:
        """Return what a changed row is called, from the row or what is left of it."""
        if model is None:
            return entry.row
        label = self.found.get(model, {}).get(_key(model, entry.row))
        if label:
            return label
        left = entry.before or {}
        return str(left.get("name") or left.get("head") or f"编号 {entry.row}")

    def value(self, found: models.Field[Any, Any], raw: Any) -> str | None:
        """Return a value as a person reads it; None for none."""
        if raw is None or raw == "":
            return None
        if isinstance(found, models.ForeignKey):
            related: Any = found.related_model
            return self.name(related, raw)
        return plain(found, raw)


def plain(found: models.Field[Any, Any], raw: Any) -> str:
    """Return a value that refers to nothing as a person reads it, cut if it is long."""
    if found.name == "role" and raw in ROLES:
        return ROLES[raw].label
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if _is_nested(raw):
        return CHANGED
    if isinstance(raw, list):
        return "、".join(str(one) for one in raw)
    if isinstance(found, models.DateTimeField):
        moment = dt.datetime.fromisoformat(str(raw))
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    choices: dict[Any, Any] = dict(found.flatchoices or ())
    text = str(choices.get(raw, raw))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _is_nested(raw: Any) -> bool:
    """Return whether a value is a table or the like, which no line can show."""
    inner = raw if isinstance(raw, list) else (raw,)
    return any(isinstance(one, dict | list) for one in inner)


def _key(model: type[models.Model], raw: Any) -> Any:
    return model._meta.pk.to_python(raw) if raw is not None else None


def _parents(model: type[models.Model]) -> list[str]:
    """Return the references that a row's own text may need."""
    names = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)]
    deeper = [f"{n}__parent" for n in names if n == "region"]
    return [*(n for n in names if n != "region"), *deeper]


def _label(row: models.Model) -> str:
    if isinstance(row, Region):
        return row.full_name
    owner = getattr(row, "user", None)
    return f"{owner}：{row}" if isinstance(owner, User) else str(row)
