"""Past days: what was true, and what was known."""

from __future__ import annotations

from datetime import date

import pytest

from visits.rules import (
    Cadence,
    Category,
    History,
    Policy,
    Recorded,
    Span,
    Standing,
    Waiver,
    standing_as_of,
)

POLICY = Policy(date(2026, 1, 1), Cadence.QUARTER, {"low_income": Cadence.MONTH})
RULED = (Recorded(POLICY, date(2026, 1, 1)),)
LINKED = (Recorded(Span(date(2026, 7, 1)), date(2026, 7, 1)),)
DONE, DUE = Standing.DONE, Standing.DUE
OVERDUE, EXCUSED = Standing.OVERDUE, Standing.EXCUSED


def standings(history: History, on: date) -> tuple[Standing | None, Standing | None]:
    """How it stood, and how it seemed that evening."""
    true = standing_as_of(history, on)
    seemed = standing_as_of(history, on, known_on=on)
    return true and true.standing, seemed and seemed.standing


@pytest.mark.parametrize(
    ("on", "true", "seemed"),
    [
        pytest.param(date(2026, 9, 30), DONE, DUE, id="visited, not yet entered"),
        pytest.param(date(2026, 10, 4), DUE, OVERDUE, id="seemed overdue"),
        pytest.param(date(2026, 10, 5), DUE, DUE, id="entered that day"),
    ],
)
def test_visit_recorded_late_was_true_before_it_was_known(
    on: date, true: Standing, seemed: Standing
) -> None:
    visits = (Recorded(date(2026, 9, 28), date(2026, 10, 5)),)

    assert standings(History(LINKED, RULED, visits), on) == (true, seemed)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 10, 20), (OVERDUE, DONE), id="before the withdrawal"),
        pytest.param(date(2026, 11, 1), (OVERDUE, OVERDUE), id="on its day"),
    ],
)
def test_withdrawn_visit_was_known_until_it_was_withdrawn(
    on: date, expected: tuple[Standing, Standing]
) -> None:
    entered, withdrawn = date(2026, 10, 8), date(2026, 11, 1)
    history = History(LINKED, RULED, (Recorded(entered, entered, withdrawn),))

    assert standings(history, on) == expected


def test_end_that_lay_ahead_is_not_an_end_yet() -> None:
    """The link ended on 15 November; on 1 November the quarter was still owed."""
    ended = date(2026, 11, 15)
    links = (
        Recorded(Span(date(2026, 7, 1)), date(2026, 7, 1), withdrawn_on=ended),
        Recorded(Span(date(2026, 7, 1), ended), ended),
    )
    visits = (Recorded(date(2026, 8, 8), date(2026, 8, 8)),)
    history = History(links, RULED, visits)

    assert standings(history, date(2026, 11, 1)) == (DUE, DUE)
    assert standings(history, date(2026, 11, 16)) == (None, None)


def test_category_and_waiver_entered_afterwards_change_the_truth_only() -> None:
    """Both began in October and were entered on 20 November."""
    entered = date(2026, 11, 20)
    history = History(
        LINKED,
        RULED,
        (Recorded(date(2026, 9, 9), date(2026, 9, 9)),),
        (Recorded(Category("low_income", "低保户", Span(date(2026, 10, 1))), entered),),
        (Recorded(Waiver(date(2026, 11, 3), date(2026, 11, 5), "住院"), entered),),
    )

    assert standings(history, date(2026, 11, 2)) == (OVERDUE, DUE)
    assert standings(history, date(2026, 11, 4)) == (EXCUSED, DUE)
    assert standings(history, date(2026, 11, 20)) == (OVERDUE, OVERDUE)


def test_imported_past_is_true_though_nothing_was_known_then() -> None:
    imported = date(2026, 11, 20)
    history = History(
        (Recorded(Span(date(2026, 7, 1)), imported),),
        (Recorded(POLICY, imported),),
        (Recorded(date(2026, 8, 8), imported),),
    )

    assert standings(history, date(2026, 9, 1)) == (DONE, None)


def test_settings_that_begin_later_are_not_in_force_yet() -> None:
    monthly = Policy(date(2026, 10, 1), Cadence.MONTH)
    decided = date(2026, 9, 15)
    visits = (Recorded(date(2026, 9, 9), date(2026, 9, 9)),)
    history = History(LINKED, (*RULED, Recorded(monthly, decided)), visits)

    ends = [
        judged.due_on
        for on in (date(2026, 9, 30), date(2026, 10, 1))
        if (judged := standing_as_of(history, on))
    ]
    assert ends == [date(2026, 12, 31), date(2026, 10, 31)]


def test_recorded_and_withdrawn_on_one_day_was_never_known() -> None:
    once = Recorded(date(2026, 8, 8), date(2026, 8, 8), date(2026, 8, 8))

    assert not once.is_known_on(date(2026, 8, 8))
