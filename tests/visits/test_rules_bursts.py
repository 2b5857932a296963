"""ui.md section 7: four visits in 60 seconds, or a whole month on its last day, ask."""

import datetime as dt
import random
from uuid import UUID

import pytest

from visits.rules import BurstKind, Noted, bursts

START = dt.datetime(2026, 11, 12, 20, 0, tzinfo=dt.UTC)


def noted(*seconds: int, day: str = "2026-11-12", base: int = 0) -> list[Noted]:
    """Return visits of a day, noted so many seconds after the start."""
    on = dt.date.fromisoformat(day)
    return [
        Noted(UUID(int=base + at), on, START + dt.timedelta(seconds=second))
        for at, second in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ((), []),
        ((0, 20, 40), []),
        ((0, 20, 40, 60), [4]),
        ((0, 20, 40, 61), []),
        ((0, 0, 0, 0), [4]),
        ((0, 20, 40, 60, 80), [5]),
        ((0, 1, 2, 3, 500, 501, 502, 503), [4, 4]),
        ((0, 1, 2, 3, 70, 300), [4]),
        ((0, 600, 1200, 1800, 2400), []),
    ],
    ids=str,
)
def test_at_once(seconds: tuple[int, ...], found: list[int]) -> None:
    asked = [one for one in bursts(noted(*seconds)) if one.kind is BurstKind.AT_ONCE]
    assert [len(one.noted) for one in asked] == found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (["2026-11-30"] * 4, 1),
        (["2026-11-30"] * 3, 0),
        (["2026-11-30"] * 5 + ["2026-11-02"], 0),
        (["2026-10-31"] * 4 + ["2026-11-30"] * 4, 2),
        (["2026-11-29"] * 4, 0),
    ],
    ids=str,
)
def test_all_on_the_last_day(days: list[str], found: int) -> None:
    """Written down an hour apart, so that nothing else is odd about them."""
    rows = [
        one
        for at, day in enumerate(days)
        for one in noted(at * 3600, day=day, base=at * 10)
    ]
    asked = [one for one in bursts(rows) if one.kind is BurstKind.LAST_DAY]
    assert len(asked) == found


def test_the_order_in_which_visits_come_in_does_not_matter() -> None:
    rows = noted(0, 5, 10, 15, 400, 401, 402, 403, 900)
    shuffled = random.Random(3).sample(rows, len(rows))  # noqa: S311 - a shuffle
    assert bursts(shuffled) == bursts(rows)
    assert bursts(rows)[0].seconds == 15
