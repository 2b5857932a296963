"""The registry: every rule named, sourced and dated; versions; overriding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from representatives.rules import (
    LAW_2018,
    NOTE_2026,
    RULES,
    Finding,
    Rule,
    Severity,
    Share,
    blocking,
)

ON = date(2026, 11, 23)
EXPECTED = {f"L{n:02}" for n in range(1, 23)} | {"L30", "L36"}
BLOCKING = {
    "L06", "L07", "L08", "L09", "L10", "L11", "L12", "L13", "L14", "L18", "L19", "L21",
}  # fmt: skip
TELLING = {"L03", "L17", "L36"}


def test_book_holds_each_rule_of_the_domain_once() -> None:
    assert [rule.id for rule in RULES.rules] == sorted(EXPECTED)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_rule_has_a_sentence_a_basis_and_the_severity_of_the_domain(rule: Rule) -> None:
    expected = (
        Severity.BLOCK
        if rule.id in BLOCKING
        else Severity.INFO
        if rule.id in TELLING
        else Severity.WARN
    )

    assert rule.severity is expected
    assert rule.text_zh
    assert rule.basis
    assert rule.effective_from >= LAW_2018


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_rule_that_cites_the_law_says_that_the_text_was_amended(rule: Rule) -> None:
    cites_the_law = "《村民委员会组织法》（2018年修正）" in rule.basis

    assert (rule.note == NOTE_2026) == cites_the_law


def test_only_the_quorum_of_the_meeting_may_be_overridden() -> None:
    assert [rule.id for rule in RULES.rules if rule.can_override] == ["L11"]


def test_severity_is_named_for_the_page() -> None:
    assert [s.label for s in Severity] == ["不能保存", "提醒", "提示"]


def test_rule_holds_from_its_first_day_and_a_version_replaces_it_from_its_own() -> None:
    rule = RULES.at("L16", ON)
    assert rule is not None
    stricter = replace(rule, numbers={"days": 30}, effective_from=date(2026, 7, 1))
    book = RULES.amended(stricter)

    assert RULES.at("L16", date(2018, 12, 28)) is None
    assert book.at("L16", date(2018, 12, 29)) == rule
    assert book.at("L16", date(2026, 6, 30)) == rule
    assert book.at("L16", date(2026, 7, 1)) == stricter


def test_version_for_the_same_day_corrects_the_one_before() -> None:
    rule = RULES.at("L16", ON)
    assert rule is not None
    corrected = replace(rule, numbers={"days": 45})
    book = RULES.amended(corrected)

    assert book.at("L16", ON) == corrected
    assert len(book.rules) == len(RULES.rules)


def test_unknown_rule_is_an_error_and_never_passes() -> None:
    with pytest.raises(KeyError, match="L99"):
        RULES.at("L99", ON)


def found(rule_id: str) -> Finding:
    rule = RULES.at(rule_id, ON)
    assert rule is not None
    return Finding(rule, "不对。", "请更正。")


@pytest.mark.parametrize(
    ("rule_id", "reason", "stops"),
    [
        pytest.param("L11", "", True, id="no reason"),
        pytest.param("L11", "  ", True, id="blank reason"),
        pytest.param("L11", "村民外出务工", False, id="overridden"),
        pytest.param("L12", "村民外出务工", True, id="not to be overridden"),
        pytest.param("L16", "", False, id="a warning"),
        pytest.param("L17", "", False, id="information"),
    ],
)
def test_blocking_finding_stops_unless_it_may_be_overridden_with_a_reason(
    rule_id: str, reason: str, stops: bool
) -> None:
    finding = found(rule_id)

    assert blocking([finding], {rule_id: reason}) == ((finding,) if stops else ())


def test_blocking_finding_stops_when_no_reasons_are_given() -> None:
    assert blocking([found("L11"), found("L16")]) == (found("L11"),)


def test_finding_says_what_is_wrong_how_to_mend_it_and_why() -> None:
    assert found("L20").message == (
        "不对。请更正。（依据：《村民委员会组织法》（2018年修正）第二十六条）"
    )


parts = st.integers(0, 400)


@given(part=parts, whole=parts, share=st.builds(Share, st.integers(1, 9), st.just(9)))
def test_share_is_compared_in_whole_numbers(
    part: int, whole: int, share: Share
) -> None:
    """`at_least_of` and `more_than_of` are the first numbers for which it holds."""
    least, more = share.at_least_of(whole), share.more_than_of(whole)

    assert share.is_reached(part, whole) == (part >= least)
    assert share.is_exceeded(part, whole) == (part >= more)


def test_share_is_written_as_a_fraction() -> None:
    assert str(Share(4, 5)) == "4/5"
