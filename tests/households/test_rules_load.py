"""L29 and L30: everybody is looked after, and nobody looks after too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from households.rules import (
    BOOK,
    LoadBounds,
    LoadClass,
    check_linked,
    check_load,
    load_bounds,
)

ON = date(2026, 11, 23)
BEFORE_THE_REPORT = date(2023, 3, 13)


@pytest.mark.parametrize(
    ("households", "expected", "words"),
    [
        pytest.param(0, LoadClass.UNDER, "联系0户，少于5户", id="L30-report-none"),
        pytest.param(4, LoadClass.UNDER, "联系4户，少于5户", id="L30-report-four"),
        pytest.param(5, LoadClass.FITTING, None, id="L30-report-five"),
        pytest.param(15, LoadClass.FITTING, None, id="L30-report-fifteen"),
        pytest.param(16, LoadClass.OVER, "联系16户，多于15户", id="L30-report-sixteen"),
    ],
)
def test_l30_report_representative_looks_after_five_to_fifteen(
    households: int, expected: LoadClass, words: str | None
) -> None:
    findings = check_load("张顺民", households, ON)

    assert load_bounds(ON).classify(households) is expected
    assert [finding.rule.id for finding in findings] == ["L30"] * (words is not None)
    assert all(words in finding.message for finding in findings if words)
    assert check_load("张顺民", households, BEFORE_THE_REPORT) == ()


@pytest.mark.parametrize(
    ("linked_to", "words"),
    [
        pytest.param(["张顺民"], None, id="L29-report-exactly-one"),
        pytest.param([], "没有代表联系", id="L29-report-nobody"),
        pytest.param(["李四", "张三"], "同时由张三、李四联系", id="L29-report-two"),
    ],
)
def test_l29_report_household_has_exactly_one_representative(
    linked_to: list[str], words: str | None
) -> None:
    findings = check_linked("3组刘桂英户", linked_to, ON)

    assert [finding.rule.id for finding in findings] == ["L29"] * (words is not None)
    assert all(words in finding.message for finding in findings if words)
    assert check_linked("3组刘桂英户", linked_to, BEFORE_THE_REPORT) == ()


def test_bounds_follow_the_version_of_the_rule_in_force() -> None:
    rule = BOOK.at("L30", ON)
    assert rule is not None
    wider = replace(rule, numbers={"least": 8, "most": 20}, effective_from=ON)
    book = BOOK.amended(wider)

    assert load_bounds(ON, book) == LoadBounds(8, 20)
    assert load_bounds(date(2026, 11, 22), book) == LoadBounds(5, 15)
    assert load_bounds(BEFORE_THE_REPORT).classify(500) is LoadClass.FITTING


def test_contradicting_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="下限16、上限15不合理"):
        LoadBounds(16, 15)


def test_load_is_marked_in_words() -> None:
    assert [mark.label for mark in LoadClass] == ["偏少", "合适", "偏多"]
