"""What an address or a form asks for, read from its text: months, years, ids, words.

Anybody can write anything into an address. What makes no sense asks for nothing: these
readers raise nothing, and whoever calls them says what is shown instead. A form that
can speak refuses in words: see `ui.forms`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
YEAR = re.compile(r"[0-9]{4}")
ID = re.compile(r"[0-9]{1,18}")


def named_month(text: str) -> dt.date | None:
    """Return the first day of the month that is named (2026-11); None for none of ours."""
    found = MONTH.fullmatch(text)
    if found is None or named_year(found[1]) is None:
        return None
    return dt.date(int(found[1]), int(found[2]), 1)


def asked_month(text: str, today: dt.date) -> dt.date:
    """Return the first day of the month asked for; the running one if none has begun."""
    running = today.replace(day=1)
    return min(named_month(text) or running, running)


def named_year(text: str) -> int | None:
    """Return the year that is named, between 2000 and 2100; None for anything else."""
    year = int(text) if YEAR.fullmatch(text) else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def asked_year(text: str, today: dt.date) -> int:
    """Return the year asked for; the running one if none has begun."""
    return min(named_year(text) or today.year, today.year)


def told_on(year: int, on: dt.date) -> dt.date:
    """Return the day as of which a year is told: `on` while it runs, then its last."""
    return min(on, dt.date(year, 12, 31))


def asked_id(text: str | None) -> int | None:
    """Return the id that is asked for; None for what can be the id of no row."""
    return int(text) if text and ID.fullmatch(text) else None


def asked_ids(texts: Iterable[str]) -> list[int]:
    """Return the ids among what was sent, each once, in their order."""
    found = (asked_id(text) for text in texts)
    return list(dict.fromkeys(one for one in found if one is not None))


def asked_version(text: str | None) -> int:
    """Return the version that a page was drawn from; 0, which no row has, for none."""
    return asked_id(text) or 0


def asked_words(text: str, most: int) -> str:
    """Return what was typed without control characters and outer spaces, cut short."""
    kept = "".join(
        one for one in text if one in "\t\n" or unicodedata.category(one) != "Cc"
    )
    return kept.strip()[:most]
