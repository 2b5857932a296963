"""L30: how many households a representative looks after, against the rule of the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from representatives.loads import Load, bounds_on
from representatives.rules import RULES

ON = date(2026, 11, 23)
BEFORE_THE_REPORT = date(2023, 3, 13)


@pytest.mark.parametrize(
    ("households", "words"),
    [
        pytest.param(0, "偏少", id="L30-report-none"),
        pytest.param(4, "偏少", id="L30-report-four"),
        pytest.param(5, "合适", id="L30-report-five"),
        pytest.param(15, "合适", id="L30-report-fifteen"),
        pytest.param(16, "偏多", id="L30-report-sixteen"),
    ],
)
def test_l30_report_representative_looks_after_five_to_fifteen(
    households: int, words: str
) -> None:
    assert Load(households, bounds_on(ON)).words == words


def test_nothing_is_too_few_or_too_many_before_the_rule() -> None:
    bounds = bounds_on(BEFORE_THE_REPORT)

    assert {Load(number, bounds).words for number in (0, 4, 500)} == {"合适"}


def test_bounds_follow_the_version_of_the_rule_in_force() -> None:
    rule = RULES.at("L30", ON)
    assert rule is not None
    wider = replace(rule, numbers={"least": 8, "most": 20}, effective_from=ON)
    book = RULES.amended(wider)

    assert bounds_on(ON, book).words == "8 至 20 户"
    assert bounds_on(ON - timedelta(days=1), book).words == "5 至 15 户"
