"""L06, L18–L22 and L36: mandates, sessions and trainings, a table for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from representatives.rules import (
    EndCause,
    Ending,
    Finding,
    check_decision,
    check_demand_for_assembly,
    check_demand_for_meeting,
    check_ending,
    check_held_in_quarter,
    check_mandate_until,
    check_meeting_notice,
    check_quorum,
    check_training,
    mandate_until,
)

ON = date(2026, 11, 23)
BEFORE_THE_LAW = date(2018, 12, 28)
TERM_ENDS = date(2030, 12, 31)


def ids_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.id for finding in findings]


@pytest.mark.parametrize(
    ("until", "broken"),
    [
        pytest.param(TERM_ENDS, False, id="L06-article-25-with-the-committee"),
        pytest.param(date(2031, 11, 22), True, id="L06-article-19-never-five-years"),
        pytest.param(date(2030, 12, 30), True, id="L06-article-25-a-day-early"),
    ],
)
def test_l06_article_25_mandate_ends_with_the_committee(
    until: date, broken: bool
) -> None:
    findings = check_mandate_until(until, TERM_ENDS, ON)

    assert ids_of(findings) == ["L06"] * broken
    assert all("请改为2030年12月31日" in finding.message for finding in findings)
    assert mandate_until(TERM_ENDS) == TERM_ENDS
    assert check_mandate_until(until, TERM_ENDS, BEFORE_THE_LAW) == ()


DIED = Ending(
    EndCause.DEATH, ON, date(2026, 1, 18), TERM_ENDS, "3组", evidence="户口注销记录"
)


@pytest.mark.parametrize("cause", EndCause, ids=lambda c: f"L18-article-18-{c.value}")
def test_l18_article_18_each_cause_has_a_name_and_its_evidence(cause: EndCause) -> None:
    ended_on = date(2031, 1, 1) if cause is EndCause.EXPIRED else ON
    ending = replace(DIED, cause=cause, ended_on=ended_on, decided_by="3组")
    unproved = replace(ending, evidence=" ")

    assert cause.label
    assert check_ending(ending, ON) == ()
    assert ids_of(check_ending(unproved, ON)) == ["L18"] * bool(cause.evidence)
    assert check_ending(unproved, BEFORE_THE_LAW) == ()


def test_l18_only_the_end_of_the_term_needs_no_evidence() -> None:
    assert [cause for cause in EndCause if not cause.evidence] == [EndCause.EXPIRED]


@pytest.mark.parametrize(
    ("cause", "ended_on", "broken"),
    [
        pytest.param(EndCause.DEATH, date(2026, 1, 18), False, id="L18-first-day"),
        pytest.param(EndCause.DEATH, date(2026, 1, 17), True, id="L18-before-it-began"),
        pytest.param(EndCause.DEATH, date(2031, 1, 1), False, id="L18-day-after-term"),
        pytest.param(EndCause.DEATH, date(2031, 1, 2), True, id="L18-after-the-term"),
        pytest.param(EndCause.EXPIRED, date(2031, 1, 1), False, id="L18-expired"),
        pytest.param(
            EndCause.EXPIRED, date(2030, 12, 31), True, id="L18-expired-early"
        ),
    ],
)
def test_l18_article_18_mandate_ends_within_its_term(
    cause: EndCause, ended_on: date, broken: bool
) -> None:
    ending = replace(DIED, cause=cause, ended_on=ended_on)

    assert ids_of(check_ending(ending, ON)) == ["L18"] * broken


@pytest.mark.parametrize(
    ("decided_by", "broken"),
    [
        pytest.param("3组", False, id="L19-article-25-by-those-who-chose"),
        pytest.param("4组", True, id="L19-article-25-by-others"),
        pytest.param("魏家桥镇人民政府", True, id="L19-article-11-by-the-township"),
        pytest.param(None, True, id="L19-article-25-by-nobody"),
    ],
)
def test_l19_article_25_only_the_constituency_recalls(
    decided_by: str | None, broken: bool
) -> None:
    ending = replace(DIED, cause=EndCause.RECALLED, decided_by=decided_by)

    assert ids_of(check_ending(ending, ON)) == ["L19"] * broken


def test_l19_dismissal_by_the_township_is_not_a_cause() -> None:
    assert not any("镇" in cause.label or "免职" in cause.label for cause in EndCause)


@pytest.mark.parametrize(
    ("sessions", "asked_on", "broken"),
    [
        pytest.param([date(2026, 7, 1)], date(2026, 10, 1), False, id="L20-first-day"),
        pytest.param([date(2026, 9, 30)], date(2026, 10, 1), False, id="L20-last-day"),
        pytest.param(
            [date(2026, 6, 30), date(2026, 10, 1), date(2025, 8, 1)],
            date(2026, 10, 1),
            True,
            id="L20-article-26-none",
        ),
        pytest.param([], date(2026, 9, 30), False, id="L20-quarter-still-running"),
        pytest.param([], date(2027, 1, 1), True, id="L20-article-26-long-over"),
    ],
)
def test_l20_article_26_assembly_meets_each_quarter(
    sessions: list[date], asked_on: date, broken: bool
) -> None:
    findings = check_held_in_quarter(sessions, date(2026, 8, 15), asked_on)

    assert ids_of(findings) == ["L20"] * broken
    assert all("2026年第3季度没有" in finding.problem for finding in findings)


@pytest.mark.parametrize(
    ("members", "present", "broken"),
    [
        pytest.param(30, 20, False, id="L21-article-26-exactly-2/3"),
        pytest.param(30, 19, True, id="L21-article-26-one-short"),
        pytest.param(31, 20, True, id="L21-article-26-rounded-up"),
        pytest.param(0, 0, True, id="L21-article-26-no-members"),
    ],
)
def test_l21_article_26_two_thirds_make_a_quorum(
    members: int, present: int, broken: bool
) -> None:
    assert ids_of(check_quorum(members, present, ON)) == ["L21"] * broken


@pytest.mark.parametrize(
    ("votes", "present", "broken"),
    [
        pytest.param(11, 20, False, id="L21-article-26-more-than-half"),
        pytest.param(10, 20, True, id="L21-article-26-exactly-half"),
        pytest.param(11, 21, False, id="L21-article-26-odd-number"),
        pytest.param(0, 0, True, id="L21-article-26-nobody-there"),
    ],
)
def test_l21_article_26_more_than_half_of_those_present_decide(
    votes: int, present: int, broken: bool
) -> None:
    assert ids_of(check_decision(votes, present, ON)) == ["L21"] * broken


@pytest.mark.parametrize(
    ("signatures", "duty"),
    [
        pytest.param(6, True, id="L22-article-26-exactly-1/5"),
        pytest.param(5, False, id="L22-article-26-one-short"),
        pytest.param(0, False, id="L22-article-26-nobody"),
    ],
)
def test_l22_article_26_a_fifth_of_the_representatives_call_the_assembly(
    signatures: int, duty: bool
) -> None:
    assert ids_of(check_demand_for_assembly(signatures, 30, ON)) == ["L22"] * duty
    assert check_demand_for_assembly(0, 0, ON) == ()


@pytest.mark.parametrize(
    ("representatives", "villagers", "duties"),
    [
        pytest.param(10, 0, 1, id="L22-article-21-third-of-representatives"),
        pytest.param(9, 119, 0, id="L22-article-21-both-short"),
        pytest.param(0, 120, 1, id="L22-article-21-tenth-of-villagers"),
        pytest.param(10, 120, 2, id="L22-article-21-both"),
        pytest.param(0, 0, 0, id="L22-article-21-nobody"),
    ],
)
def test_l22_article_21_demand_makes_a_village_meeting_a_duty(
    representatives: int, villagers: int, duties: int
) -> None:
    findings = check_demand_for_meeting(
        signing_representatives=representatives,
        representatives=30,
        signing_villagers=villagers,
        villagers=1200,
        on=ON,
    )

    assert ids_of(findings) == ["L22"] * duties
    assert all("提前10天通知" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("meets", "broken"),
    [
        pytest.param(date(2026, 12, 3), False, id="L22-article-21-ten-days"),
        pytest.param(date(2026, 12, 2), True, id="L22-article-21-nine-days"),
    ],
)
def test_l22_article_21_village_meeting_is_announced_ten_days_ahead(
    meets: date, broken: bool
) -> None:
    assert ids_of(check_meeting_notice(ON, meets, ON)) == ["L22"] * broken


@pytest.mark.parametrize(
    ("times", "untrained"),
    [
        pytest.param({"甲": 1, "乙": 2}, 0, id="L36-report-all-trained"),
        pytest.param({"甲": 1, "乙": 0, "丙": 0}, 2, id="L36-report-two-never"),
        pytest.param({}, 0, id="L36-report-nobody-serves"),
    ],
)
def test_l36_report_every_representative_is_trained_each_year(
    times: dict[str, int], untrained: int
) -> None:
    findings = check_training(times.items(), ON)

    assert ids_of(findings) == ["L36"] * bool(untrained)
    assert all(f"还有{untrained}名代表没有培训：乙" in f.problem for f in findings)


def test_nothing_is_found_before_the_rules_are_in_force() -> None:
    before = BEFORE_THE_LAW

    assert check_held_in_quarter([], before, ON) == ()
    assert check_quorum(30, 0, before) == ()
    assert check_decision(0, 30, before) == ()
    assert check_demand_for_assembly(30, 30, before) == ()
    assert check_meeting_notice(before, before, before) == ()
    assert check_training([("甲", 0)], date(2023, 3, 13)) == ()
    assert (
        check_demand_for_meeting(
            signing_representatives=1,
            representatives=1,
            signing_villagers=1,
            villagers=1,
            on=before,
        )
        == ()
    )
