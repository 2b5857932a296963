"""A form for a row that somebody else may be editing at the same time.

It carries what the row held when it was opened (as hidden initial values), so that
only what this person changed is saved, and of two people each sees what the other
changed. Sealed values are never put into the page: an empty field leaves them alone.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django import forms
from django.db import models

from accounts.sealing import Sealed, blind_index
from ui.forms import PlainWords

NOTHING = "（空）"


@dataclass(frozen=True)
class Clash:
    """One field after two people edited the row: as opened, as it is now, as wanted.

    `mine` is None where this person did not touch the field.
    """

    label: str
    opened: str
    theirs: str
    mine: str | None


class EditForm(PlainWords, forms.Form):
    """The fields of a row. `plain` are shown, `sealed` only as a mask.

    Each name of `sealed` has a field of that name, for a new value, and the form adds
    `drop_<name>`, a box that clears it. `indexes` names the column of the blind index.
    """

    plain: ClassVar[tuple[str, ...]] = ()
    sealed: ClassVar[tuple[str, ...]] = ()
    indexes: ClassVar[Mapping[str, tuple[str, Any]]] = {
        "id_number": ("id_index", None),
        "phone": ("phone_index", ""),
    }

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: models.Model, **kwargs: Any) -> None:
        self.row = row
        held = {name: getattr(row, name) for name in self.plain}
        held |= {"version": row.version}  # type: ignore[attr-defined]
        super().__init__(*args, initial=held, **kwargs)
        for name in self.plain:
            self.fields[name].show_hidden_initial = True
        for name in self.sealed:
            self._mask(name)

    def _mask(self, name: str) -> None:
        """Say what is held in place of showing it; offer to clear it."""
        held: Sealed | None = getattr(self.row, name)
        self.fields[f"seen_{name}"] = forms.CharField(
            required=False, initial=masked(held), widget=forms.HiddenInput
        )
        if held is None:
            return
        field = self.fields[name]
        field.help_text = f"现在是 {held}。不改就不用填。"
        label = f"清除{str(field.label).removeprefix('户主')}"
        self.fields[f"drop_{name}"] = forms.BooleanField(label=label, required=False)

    @classmethod
    def amending(
        cls, row: models.Model, given: Mapping[str, Any], *, version: int
    ) -> Self:
        """Return the form as a browser sends it that changed `given` and nothing else.

        `version` is that of the row as it was read. A sealed field without a value is
        cleared.
        """
        opened = cls(None, row=row)
        held = {name: opened._sent(name, getattr(row, name)) for name in cls.plain}
        data = {opened.add_initial_prefix(name): value for name, value in held.items()}
        data |= held | {"version": str(version)}
        for name in cls.plain:
            if name in given:
                data[name] = opened._sent(name, given[name])
        for name in cls.sealed:
            if name in given:
                data |= {name: given[name]} if given[name] else {f"drop_{name}": "on"}
        return cls(data, row=row)

    def save(self) -> None:
        """Keep what was changed; nothing changed is nothing to keep.

        Raises EditedMeanwhile, and Refused with a sentence.
        """
        if changes := self.changes():
            self._keep(changes, self.cleaned_data["version"])

    def _keep(self, changes: dict[str, Any], version: int) -> None:
        """Write the columns that were changed of the row as it was read."""
        raise NotImplementedError  # a form's metaclass leaves no room for ABC's

    def changes(self) -> dict[str, Any]:
        """Return what this person changed, as columns of the row."""
        given = self.cleaned_data
        wanted = {name: given[name] for name in self.plain if name in self.changed_data}
        for name in self.sealed:
            wanted |= self._sealed_change(name)
        return wanted

    def _sealed_change(self, name: str) -> dict[str, Any]:
        column, none = self.indexes[name]
        if typed := self.cleaned_data.get(name):
            if blind_index(typed) == getattr(self.row, column):
                return {}
            return {name: Sealed.of(typed, name), column: blind_index(typed)}
        if self.cleaned_data.get(f"drop_{name}"):
            return {name: None, column: none}
        return {}

    def clashes(self, now: models.Model) -> list[Clash]:
        """Return the fields on which the opened row, the present one and mine differ."""
        found = [self._clash(name, now) for name in self.plain]
        found += [self._sealed_clash(name, now) for name in self.sealed]
        return [clash for clash in found if clash]

    def _clash(self, name: str, now: models.Model) -> Clash | None:
        opened = self.fields[name].to_python(self._opened_with(name))
        theirs, mine = getattr(now, name), self.cleaned_data[name]
        touched = name in self.changed_data
        if not self.fields[name].has_changed(opened, self._sent(name, theirs)):
            return None
        return Clash(
            str(self.fields[name].label),
            shown(opened, self.fields[name]),
            shown(theirs, self.fields[name]),
            shown(mine, self.fields[name]) if touched else None,
        )

    def _sealed_clash(self, name: str, now: models.Model) -> Clash | None:
        opened = self.cleaned_data[f"seen_{name}"] or NOTHING
        theirs = masked(getattr(now, name))
        typed = self.cleaned_data.get(name)
        if opened == theirs:
            return None
        mine = masked(Sealed.of(typed, name)) if typed else None
        return Clash(str(self.fields[name].label), opened, theirs, mine)

    def _opened_with(self, name: str) -> Any:
        hidden = self.fields[name].hidden_widget()
        return hidden.value_from_datadict(
            self.data, self.files, self.add_initial_prefix(name)
        )

    def _sent(self, name: str, value: Any) -> Any:
        """Return a value of the row as a browser would send it."""
        prepared = self.fields[name].prepare_value(value)
        if isinstance(prepared, dt.date):
            return prepared.isoformat()
        if isinstance(prepared, bool):
            return "True" if prepared else "False"
        return "" if prepared is None else str(prepared)

    def rebased(self, now: models.Model) -> Self:
        """Return the form over the row as it is now, with what this person changed."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name in self.plain:
            held = self._sent(name, getattr(now, name))
            data[self.add_initial_prefix(name)] = held
            if name not in self.changed_data:
                data[self.add_prefix(name)] = held
        for name in self.sealed:
            data[self.add_prefix(f"seen_{name}")] = masked(getattr(now, name))
        data[self.add_prefix("version")] = str(now.version)  # type: ignore[attr-defined]
        fresh = self._again(data, now)
        fresh.is_valid()
        return fresh

    def _again(self, data: Any, now: models.Model) -> Self:
        return type(self)(data, row=now)


def masked(held: Sealed | None) -> str:
    """Return a sealed value as pages show it."""
    return str(held) if held else NOTHING


def shown(value: Any, field: forms.Field) -> str:
    """Return a field's value as a person reads it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value) or NOTHING
    choices = dict(getattr(field, "choices", ())) if not _is_reference(field) else {}
    if value in choices and value != "":
        return str(choices[value])
    return NOTHING if value in (None, "") else str(value)


def _is_reference(field: forms.Field) -> bool:
    return isinstance(field, forms.ModelChoiceField)
