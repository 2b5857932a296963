"""Markup filled with values, for tags that draw the rows of long lists.

`format_html` does the same and takes fifteen times as long for a value; a list has a
thousand of them. Who draws less than a row keeps to `format_html`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape


def fill(pattern: str, /, *values: object, **named: object) -> SafeString:
    """`pattern` is markup of ours with `{}`; the values are escaped, but for safe ones."""
    escaped = {name: escape(value) for name, value in named.items()}
    return mark_safe(pattern.format(*map(escape, values), **escaped))  # noqa: S308 (escaped)


def fill_each(pattern: str, rows: Iterable[Iterable[object]]) -> SafeString:
    """`pattern` once for each row of values, one after the other."""
    return joined(mark_safe(pattern.format(*map(escape, row))) for row in rows)  # noqa: S308 (escaped)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """What is drawn already, one after the other."""
    return mark_safe("".join(parts))  # noqa: S308 (each is escaped)
