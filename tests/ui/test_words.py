"""Days written out, and values with the words that are shown."""

import datetime as dt

import pytest

from ui.words import Labelled, full_day


@pytest.mark.parametrize(
    "kind", Labelled.__subclasses__(), ids=lambda kind: kind.__name__
)
def test_every_value_has_words_of_its_own(kind: type[Labelled]) -> None:
    labels = [member.label for member in kind]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert [kind(member.value) for member in kind] == list(kind)


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2026, 3, 14), "2026年3月14日"), (dt.date(2026, 12, 1), "2026年12月1日")],
)
def test_day_has_arabic_figures_without_leading_noughts(
    day: dt.date, words: str
) -> None:
    assert full_day(day) == words
