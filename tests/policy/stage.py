"""One row of every kind in our village, in its sibling and in another township.

A test then opens one scope and tries to see, or to touch, the rows of the others.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import AccessEntry, Action, Post
from jobs.models import Job
from regions.models import ScopedModel, VillagerGroup
from regions.operations import is_scoped
from regions.scoping import Scope
from tests.cast import Cast, everywhere

DAY = dt.date(2026, 11, 23)
Row = models.Model
Make = Callable[[Post, str], Row]


def make_group(post: Post, mark: str) -> VillagerGroup:
    """Return an unsaved villager group in the division of `post`."""
    return VillagerGroup(region_id=post.region_id, number=7, name=mark)


def make_entry(post: Post, mark: str) -> AccessEntry:
    """Return an unsaved line of the access log."""
    return AccessEntry(
        region_id=post.region_id,
        at=timezone.now(),
        action=Action.EXPORTED,
        user=post.user,
        subject=mark,
    )


def make_job(post: Post, mark: str) -> Job:
    """Return an unsaved job that `post` asked for."""
    now = timezone.now()
    return Job(
        region_id=post.region_id,
        kind="export",
        title=mark,
        unique_key=mark,
        business_date=DAY,
        post=post,
        user=post.user,
        asked_at=now,
        not_before=now,
    )


def make_post(post: Post, mark: str) -> Post:
    """Return an unsaved second post of the same person."""
    return Post(
        region_id=post.region_id,
        user=post.user,
        role="village_clerk",
        started_on=dt.date(2025, 1, 1),
        ended_on=dt.date(2025, 2, 1),
        ended_by=post.user,
    )


MAKERS: dict[type[ScopedModel], Make] = {
    VillagerGroup: make_group,
    Post: make_post,
    AccessEntry: make_entry,
    Job: make_job,
}
TABLES = tuple(MAKERS)
CHANGEABLE = (VillagerGroup, Post, Job)  # the access log is append-only


@dataclass(frozen=True)
class Stage:
    """The cast, and one row of each table per place."""

    cast: Cast
    ours: dict[type[Row], Row]
    sibling: dict[type[Row], Row]
    other: dict[type[Row], Row]

    def foreign(self, model: type[Row]) -> list[Row]:
        """Return the rows that our village must not see."""
        return [self.sibling[model], self.other[model]]


def set_stage(cast: Cast) -> Stage:
    """Write the rows in the current transaction."""
    with everywhere():
        return Stage(
            cast,
            ours=_rows(cast.secretary),
            sibling=_rows(cast.sibling_secretary),
            other=_rows(cast.other_secretary),
        )


def _rows(post: Post) -> dict[type[Row], Row]:
    mark = f"staged {post.region_id}"
    rows = {model: make(post, mark) for model, make in MAKERS.items()}
    for row in rows.values():
        row.save(force_insert=True)
    return rows


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo at the end whatever the block wrote."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def keys(rows: Any) -> set[Any]:
    """Return the primary keys of some rows."""
    return {row.pk for row in rows}


def picture(seen: Scope) -> list[str]:
    """Return every row of every scoped table that lies outside `seen`, as text."""
    found = []
    with everywhere(), connection.cursor() as cursor:
        for model in scoped_models():
            table = model._meta.db_table
            cursor.execute(
                "SELECT to_jsonb(t)::text FROM <table> t "
                "WHERE region_code < %s OR region_code >= %s".replace("<table>", table),
                [seen.lo, seen.hi],
            )
            found += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return sorted(found)


def scoped_models() -> list[type[Row]]:
    """Return every model whose rows carry a region."""
    return [model for model in apps.get_models() if is_scoped(model)]
