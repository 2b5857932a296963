"""The one door through which everybody reads a notice: see docs/adr (the public door).

Whoever asks has no post and so no scope. The database function `notices_on_view` opens
one for a single row: of the notice with this token it gives what the public may read,
and only while it is on view. Nothing else can be asked through it.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from notices.rules import Content

DOOR = """
CREATE FUNCTION notices_on_view(asked text, day date)
RETURNS TABLE (
    standing text, title varchar, issuer varchar, paragraphs jsonb, "table" jsonb,
    first_day date, last_day date, contact_name varchar, contact_phone varchar,
    contact_place varchar, version integer
)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lo text := COALESCE(current_setting('app.lo', true), '');
    hi text := COALESCE(current_setting('app.hi', true), '');
BEGIN
    PERFORM set_config('app.lo', '0', true), set_config('app.hi', '1000000000000', true);
    RETURN QUERY
        SELECT 'on_view', n.title, n.issuer, n.paragraphs, n."table", n.first_day,
            n.last_day, n.contact_name, n.contact_phone, n.contact_place, n.version
        FROM notices_publicnotice n
        WHERE n.token = asked AND n.state = 'published'
          AND day BETWEEN n.first_day AND n.last_day;
    IF NOT FOUND THEN
        RETURN QUERY
            SELECT 'gone', NULL::varchar, NULL::varchar, NULL::jsonb, NULL::jsonb,
                NULL::date, NULL::date, NULL::varchar, NULL::varchar, NULL::varchar, 0
            FROM notices_publicnotice n
            WHERE n.token = asked AND (n.state IN ('ended', 'withdrawn')
                OR n.state = 'published' AND day > n.last_day);
    END IF;
    PERFORM set_config('app.lo', lo, true), set_config('app.hi', hi, true);
END $$
"""
DROP_DOOR = "DROP FUNCTION notices_on_view(text, date)"


@dataclass(frozen=True)
class OnView:
    """A notice as everybody reads it. `content` None: it was there, and is over."""

    content: Content | None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    contact: tuple[str, ...] = ()
    version: int = 0


def on_view(token: str, on: dt.date) -> OnView | None:
    """Return the notice at this address on the day `on`; None if there never was one."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT standing, title, issuer, paragraphs::text, "table"::text, '
            "first_day, last_day, contact_name, contact_phone, contact_place, version "
            "FROM notices_on_view(%s, %s)",
            [token, on],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    return _read(found) if found[0] == "on_view" else OnView(None)


def _read(found: tuple[Any, ...]) -> OnView:
    _, title, issuer, paragraphs, table, first, last, name, phone, place, version = (
        found
    )
    content = Content.of(title, issuer, json.loads(paragraphs), json.loads(table))
    return OnView(content, first, last, (name, phone, place), version)
