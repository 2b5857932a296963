"""Editing a row that somebody else may be editing: the second one is shown the first's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F

from accounts.services import Meanwhile

MEANWHILE = "别人刚改过这一条，请核对后再保存。"


@dataclass(frozen=True)
class Difference:
    """A field that two people want differently."""

    label: str
    theirs: Any
    mine: Any


class EditedMeanwhile(Meanwhile):
    """The row has changed since the form was opened; nothing was saved.

    `current` is the row as it is now, `differences` what the two versions disagree on.
    """

    def __init__(self, current: models.Model, differences: list[Difference]) -> None:
        super().__init__(MEANWHILE)
        self.current = current
        self.differences = differences


def save_edit(row: models.Model, *, changes: Mapping[str, Any], version: int) -> None:
    """Save `changes` if the row still has `version`; raise EditedMeanwhile if not.

    Must run in a transaction. The row in memory is brought up to date.
    """
    model = type(row)
    saved = model._default_manager.filter(pk=row.pk, version=version).update(
        **changes, version=F("version") + 1
    )
    row.refresh_from_db()
    if not saved:
        raise EditedMeanwhile(row, differences(row, changes))


def save_next(row: Any, **changes: Any) -> None:
    """Save `changes` as the next version of a row that this transaction has locked.

    Whoever opened a page with the version before is told that somebody was faster.
    """
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])


def differences(row: models.Model, changes: Mapping[str, Any]) -> list[Difference]:
    """Return the fields whose present value is not the wanted one."""
    return [
        Difference(label(row, name), getattr(row, name), wanted)
        for name, wanted in changes.items()
        if getattr(row, name) != wanted
    ]


def label(row: models.Model, name: str) -> str:
    """Return what a field is called on the page."""
    return str(getattr(row._meta.get_field(name), "verbose_name", name))
