"""Sending messages, and noting that they were read."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Post, User
from inbox.models import Message
from regions.scoping import EVERYWHERE_HI, Scope, scope

# Without RETURNING and without naming the key: whoever sends need not see the row that
# is there already. `rowcount` then says how many were new.
INSERT = """
INSERT INTO inbox_message (
    region_code, recipient_id, kind, title, body, url, unique_key, sent_by_id,
    business_date, created_at)
SELECT region, recipient, kind, title, body, url, key, %(by)s, %(on)s, %(now)s
FROM unnest(
    %(regions)s::bigint[], %(recipients)s::bigint[], %(kinds)s::text[],
    %(titles)s::text[], %(bodies)s::text[], %(urls)s::text[], %(keys)s::text[]
) AS told (region, recipient, kind, title, body, url, key)
ON CONFLICT DO NOTHING
"""
UNREAD = """
SELECT count(*) FROM inbox_message WHERE recipient_id = %s AND read_at IS NULL
"""
"""Written out, because every page asks it."""


@dataclass(frozen=True)
class Letter:
    """One text to some people about one division.

    `url` is a page of this product. Without a `unique_key` a person is told of this
    kind once a day. Raises ValueError for an address that leads out.
    """

    to: tuple[User | Post, ...]
    kind: str
    title: str
    region: int
    body: str = ""
    url: str = ""
    unique_key: str = ""

    def __post_init__(self) -> None:
        if self.url and (not self.url.startswith("/") or self.url.startswith("//")):
            raise ValueError(f"a message leads to a page of ours, not to {self.url}")

    def key(self, on: dt.date) -> str:
        """Return the key under which each recipient gets this once."""
        return self.unique_key or f"{self.kind}:{on}"

    @property
    def users(self) -> tuple[User, ...]:
        """The people behind the posts; a closed account is told nothing."""
        people = (one.user if isinstance(one, Post) else one for one in self.to)
        return tuple(user for user in people if user.is_active)


def send(
    *,
    to: Iterable[User | Post],
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    region: int,
    unique_key: str = "",
    by: Post | None = None,
    on: dt.date,
) -> int:
    """Tell some people one thing, each once; return to how many it was new.

    `on` is the business date, `by` who sends it (None: the system). See `Letter`.
    """
    letter = Letter(tuple(to), kind, title, region, body, url, unique_key)
    return send_all([letter], by=by, on=on)


@transaction.atomic
def send_all(letters: Iterable[Letter], *, by: Post | None = None, on: dt.date) -> int:
    """Send letters in one statement; return how many messages were new.

    Each letter lies in the open scope. A person gets each key once, however often and
    at however many desks at once it is sent.
    """
    rows = [(letter, user) for letter in letters for user in letter.users]
    if not rows:
        return 0
    columns: dict[str, Any] = {
        "regions": [letter.region for letter, _ in rows],
        "recipients": [user.pk for _, user in rows],
        "kinds": [letter.kind for letter, _ in rows],
        "titles": [letter.title[:80] for letter, _ in rows],
        "bodies": [letter.body[:2000] for letter, _ in rows],
        "urls": [letter.url for letter, _ in rows],
        "keys": [letter.key(on) for letter, _ in rows],
        "by": by.user_id if by else None,
        "on": on,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, columns)
        return int(cursor.rowcount)


def mark_read(
    *, user: User, message: Message | None = None, up_to: int | None = None
) -> int:
    """Note that a person has read one message, or all of his; return how many.

    `up_to` is the id of the last message he was shown: what came later stays unread.
    His messages may be about divisions outside the post he works from: the scope is
    opened wide for this one statement, whose rows the database narrows to his own.
    """
    everywhere = Scope(0, EVERYWHERE_HI, user=user.pk)
    with scope(everywhere), transaction.atomic():
        rows = Message.objects.unread().filter(recipient=user)
        if message is not None:
            rows = rows.filter(pk=message.pk)
        if up_to is not None:
            rows = rows.filter(pk__lte=up_to)
        return rows.update(read_at=timezone.now())


def unread_count(user: User) -> int:
    """Return how many messages a person has not read; error pages ask as well."""
    with (
        # outside a transaction nobody has a scope
        transaction.atomic(savepoint=False),
        connection.cursor() as cursor,
    ):
        cursor.execute(UNREAD, [user.pk])
        count: int = cursor.fetchone()[0]
    return count
