"""What happened to a row, as its page tells it."""

from django.db.models import Model

from accounts.models import RowChange
from accounts.presenting import Line, lines
from ui.parts import Event

SHOWN = 30
TITLES = {"update": "修改", "delete": "删除"}


def row_history(row: Model, *, first: str = "登记入册") -> list[Event]:
    """Return the latest changes of a row, the newest first; who, when, old → new.

    `first` is what its beginning is called.
    """
    changes = RowChange.objects.filter(table=row._meta.db_table, row=str(row.pk))
    entries = list(changes.order_by("-at", "-id")[:SHOWN])
    return [
        Event(
            when=line.at,
            title=TITLES.get(entry.operation, first),
            who=line.who,
            tone="info" if entry.operation == "insert" else "off",
            changes=line.changes,
        )
        for entry, line in zip(entries, lines(entries), strict=True)
        if line.changes or entry.operation != "update"
    ]


def last_change(row: Model) -> Line | None:
    """Return the latest change of a row: who was first when two edit at once."""
    changes = RowChange.objects.filter(table=row._meta.db_table, row=str(row.pk))
    latest = list(changes.order_by("-at", "-id")[:1])
    return next(iter(lines(latest)), None)
