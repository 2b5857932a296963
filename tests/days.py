"""The day on which a test runs, and days counted from it.

Asked when a test runs, never at import: the suite runs for a quarter of an hour, and
where midnight falls into it the views are a day ahead of what was asked before.
`tests/policy/test_days.py` holds every file to this.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone


def today() -> dt.date:
    """Return the day on which a test runs; views use no other."""
    return timezone.localdate()


def yesterday() -> dt.date:
    """Return the day before today."""
    return days_ago(1)


def tomorrow() -> dt.date:
    """Return the day after today."""
    return in_days(1)


def days_ago(days: int) -> dt.date:
    """Return a day before today."""
    return today() - dt.timedelta(days=days)


def in_days(days: int) -> dt.date:
    """Return a day after today."""
    return today() + dt.timedelta(days=days)


def this_year() -> int:
    """Return the year of today."""
    return today().year


def dated(given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask what a table of cases left open: of `{"on": tomorrow}` make a date."""
    return {name: one() if callable(one) else one for name, one in given.items()}
