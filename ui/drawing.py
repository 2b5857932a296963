"""Markup filled with values, for tags that draw the rows of long lists.

`format_html` gives the same, byte for byte, and takes several times as long for a
value; a list has a thousand of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from django.utils.safestring import SafeString

_special = re.compile("[&<>\"']").search


def fill(pattern: str, /, *values: object, **named: object) -> SafeString:
    """`pattern` is markup of ours with `{}`; the values are escaped, but for safe ones."""
    if named:
        named = {name: _escaped(value) for name, value in named.items()}
    return SafeString(pattern.format(*map(_escaped, values), **named))


def fill_each(pattern: str, rows: Iterable[Iterable[object]]) -> SafeString:
    """`pattern` once for each row of values, one after the other."""
    return joined(SafeString(pattern.format(*map(_escaped, row))) for row in rows)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """What is drawn already, one after the other."""
    return SafeString("".join(parts))


def _escaped(value: object) -> str:
    """As `conditional_escape` does, without looking whether it is called lazily.

    The three kinds that nearly all values of a list are come first.
    """
    if type(value) is str:
        return html.escape(value) if _special(value) else value
    if type(value) is SafeString or type(value) is int:
        return str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return html.escape(str(value))
