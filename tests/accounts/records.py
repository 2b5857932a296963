"""What the tests of services read back: the log, the history; and how they grant."""

import datetime as dt
from typing import Any

from accounts import services
from accounts.models import AccessEntry, Post, RowChange
from regions.models import Region
from tests.cast import VILLAGE, Cast, at, everywhere


def log() -> list[tuple[str, int, str, str]]:
    """Return the access log: what, where, by whom, about whom."""
    with everywhere():
        return [
            (entry.action, entry.region_id, entry.user.username, entry.subject)
            for entry in AccessEntry.objects.select_related("user").order_by("id")
            if entry.user
        ]


def history(table: str, row: int) -> list[tuple[str, Any]]:
    """Return what was done to a row, and what it was changed to."""
    with everywhere():
        found = RowChange.objects.filter(table=table, row=str(row)).order_by("id")
        return [(change.operation, change.after) for change in found]


def village(code: int = VILLAGE) -> Region:
    """Return a division with its parent."""
    return Region.objects.select_related("parent").get(pk=code)


def granted(
    cast: Cast, by: Post, to: Post, role: str, region: int, on: dt.date
) -> Post:
    """Let `by` give `to` another post."""
    with at(by):
        return services.grant_post(
            user=to.user, role=role, region=village(region), by=by, on=on
        )
