"""The rules of the yearly appraisal, one table for each source."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from appraisals.rules.appraisals import (
    Ballot,
    Grade,
    GradeRule,
    Input,
    Measured,
    Part,
    Scheme,
    Votes,
    ballot_faults,
    days_fault,
    grade_fault,
    is_poor_twice,
    is_recent,
    limit_of,
    over_limit,
    plan_faults,
    suggested,
    system_score,
    total_score,
    votes_fault,
    votes_score,
)
from appraisals.rules.steps import (
    Act,
    Known,
    Stage,
    actor_of,
    after,
    may,
    missing,
    stage_on,
)
from representatives.rules.by_elections import Actor

D = Decimal
DAY = dt.date(2026, 12, 20)
GRADES = tuple(
    GradeRule(grade, grade.label, least, worth)
    for grade, least, worth in zip(
        Grade, (90, 75, 60, 0), (100, 85, 70, 40), strict=True
    )
)
SCHEME = Scheme(
    parts=dict(zip(Part, (40, 5, 15, 25, 15), strict=True)),
    inputs=dict(zip(Input, (30, 20, 20, 15, 5, 10), strict=True)),
    grades=GRADES,
    share=D(15),
)


@pytest.mark.parametrize(
    ("rated", "share", "at_least", "most"),
    [
        (60, D(15), 0, 9),
        (33, D(15), 0, 4),  # 4.95 is not 5
        (20, D("12.5"), 0, 2),
        (4, D(15), 0, 0),
        (4, D(15), 1, 1),
        (0, D(15), 1, 0),
        (3, D(100), 1, 3),
    ],
)
def test_L35_share_of_outstanding_representatives(
    rated: int, share: Decimal, at_least: int, most: int
) -> None:
    assert limit_of(rated, share, at_least) == most


def test_L35_too_many_are_refused_with_how_many_to_change() -> None:
    assert over_limit(4, 33, SCHEME) is None
    words = over_limit(6, 33, SCHEME)
    assert words is not None
    assert "参评 33 人，按 15% 最多 4 名" in words
    assert "2 名改成其他等次" in words


@pytest.mark.parametrize(
    ("present", "issued", "returned", "field"),
    [
        (40, 40, 38, None),
        (40, 38, 40, "returned"),
        (38, 40, 38, "issued"),
        (40, 40, 0, "returned"),
    ],
)
def test_L13_by_analogy_tickets_back_out_present(
    present: int, issued: int, returned: int, field: str | None
) -> None:
    faults = ballot_faults(Ballot(present, issued, returned))
    assert list(faults) == ([field] if field else [])


def test_L13_by_analogy_the_tickets_on_one_person_add_up_to_those_returned() -> None:
    assert votes_fault(Votes(20, 10, 5, 3), 38) is None
    assert "少 1 张" in str(votes_fault(Votes(20, 10, 5, 2), 38))
    assert "多 2 张" in str(votes_fault(Votes(20, 10, 5, 5), 38))
    assert votes_fault(Votes(20, 10, 5, 2, invalid=1), 38) is None
    assert "作废 2＝39 张" in str(votes_fault(Votes(20, 10, 5, 2, invalid=2), 38))


@pytest.mark.parametrize(
    ("measured", "score"),
    [
        ({}, None),
        ({Input.KEY: Measured(12, 12)}, D(100)),
        ({Input.KEY: Measured(9, 12), Input.ORDINARY: Measured(4, 4)}, D(85)),
        ({Input.KEY: Measured(0, 3), Input.TALKS: Measured(0, 0)}, D(0)),
        ({one: Measured(1, 2) for one in Input}, D(50)),
    ],
)
def test_L31_L32_L33_system_part_leaves_out_what_was_not_due(
    measured: dict[Input, Measured], score: Decimal | None
) -> None:
    assert system_score(measured, SCHEME) == score


@pytest.mark.parametrize(
    ("votes", "score"),
    [
        (Votes(10, 0, 0, 0), D(100)),
        (Votes(1, 1, 1, 1), D("73.75")),
        (Votes(1, 2, 0, 0), D("90.00")),
        (Votes(1, 2, 0, 0, invalid=7), D("90.00")),
        (Votes(invalid=3), None),
        (Votes(), None),
    ],
)
def test_domain_3_7_four_parts_are_voted_on_paper(
    votes: Votes, score: Decimal | None
) -> None:
    assert votes_score(votes, SCHEME) == score


def test_total_is_the_weighted_mean_to_the_cent() -> None:
    parts = dict(zip(Part, map(D, (90, 100, 80, 85, 70)), strict=True))
    assert total_score(parts, SCHEME) == D("84.75")
    assert total_score(parts | {Part.SYSTEM: None}, SCHEME) == D("81.25")
    assert total_score({}, SCHEME) is None


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (D(90), Grade.EXCELLENT),
        (D("89.99"), Grade.COMPETENT),
        (D(60), Grade.BASIC),
        (D("59.99"), Grade.POOR),
        (None, None),
    ],
)
def test_grade_that_a_score_reaches(total: Decimal | None, grade: Grade | None) -> None:
    assert suggested(total, SCHEME) is grade


@pytest.mark.parametrize(
    ("total", "chosen", "words", "refusal"),
    [
        (D(95), Grade.EXCELLENT, "", None),
        (D(95), Grade.COMPETENT, "", None),  # the ratio is reason enough
        (D(95), Grade.BASIC, "", "写明理由"),
        (D(95), Grade.BASIC, "受到党纪处分", None),
        (D(80), Grade.EXCELLENT, "村里推荐", "没有达到优秀的 90 分"),
        (D(80), Grade.BASIC, " ", "写明理由"),
        (None, Grade.POOR, "", "还没有分数"),
    ],
)
def test_nobody_is_raised_above_his_score(
    total: Decimal | None, chosen: Grade, words: str, refusal: str | None
) -> None:
    fault = grade_fault(total, chosen, words, SCHEME)
    assert (fault is None) if refusal is None else (refusal in str(fault))


@pytest.mark.parametrize(
    ("before", "now", "twice"),
    [
        ("poor", "poor", True),
        ("basic", "poor", False),
        ("poor", "basic", False),
        (None, "poor", False),
    ],
)
def test_statute_2018_art_33_two_poor_in_a_row(
    before: str | None, now: str, *, twice: bool
) -> None:
    assert is_poor_twice(before, now) is twice


@pytest.mark.parametrize(
    ("met_on", "on", "recent"),
    [
        (dt.date(2026, 1, 15), dt.date(2027, 1, 14), True),
        (dt.date(2026, 1, 15), dt.date(2027, 1, 15), False),
        (dt.date(2026, 1, 15), dt.date(2026, 1, 15), True),
        (dt.date(2026, 1, 15), dt.date(2026, 1, 14), False),
        (dt.date(2027, 3, 1), dt.date(2028, 2, 29), True),
        (dt.date(2027, 2, 28), dt.date(2028, 2, 29), False),
    ],
)
def test_L25_an_appraisal_of_the_last_twelve_months(
    met_on: dt.date, on: dt.date, *, recent: bool
) -> None:
    assert is_recent(met_on, on) is recent


def test_days_of_an_appraisal_lie_in_its_year() -> None:
    year = {"year": 2026, "on": DAY}
    assert days_fault(met_on=DAY, counts_until=DAY, **year) == {}
    assert days_fault(met_on=dt.date(2027, 1, 9), counts_until=DAY, **year) == {}
    assert "met_on" in days_fault(met_on=dt.date(2025, 1, 9), counts_until=DAY, **year)
    late = dt.date(2026, 12, 31)
    assert (
        "还没有到" in days_fault(met_on=DAY, counts_until=late, **year)["counts_until"]
    )
    wrong = dt.date(2025, 12, 31)
    assert (
        "2026 年" in days_fault(met_on=DAY, counts_until=wrong, **year)["counts_until"]
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"parts": {**SCHEME.parts, Part.SELF: 6}}, "parts"),
        ({"inputs": {**SCHEME.inputs, Input.KEY: 20}}, "inputs"),
        ({"share": D(0)}, "share"),
        ({"grades": GRADES[::-1]}, "grades"),
        ({"grades": tuple(replace(g, worth=70) for g in GRADES)}, None),
    ],
)
def test_an_edition_of_the_plan_adds_up(
    changed: dict[str, object], field: str | None
) -> None:
    faults = plan_faults(replace(SCHEME, **changed), D(15))
    assert list(faults) == ([field] if field else [])


# --- steps ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "act", "to"),
    [
        (Stage.DRAFT, Act.CONVENE, Stage.MEETING),
        (Stage.MEETING, Act.SUBMIT, Stage.CONFIRM),
        (Stage.CONFIRM, Act.RECOUNT, Stage.MEETING),
        (Stage.CONFIRM, Act.CONFIRM, Stage.NOTICE),
        (Stage.CONFIRM, Act.CONFIRM_NONE, Stage.FILING),
        (Stage.NOTICE, Act.REOPEN, Stage.CONFIRM),
        (Stage.NOTICE, Act.FILE, Stage.DONE),
        (Stage.DONE, Act.REOPEN, None),
        (Stage.DRAFT, Act.FILE, None),
        (Stage.MEETING, Act.CONFIRM, None),
    ],
)
def test_issue_7_steps_of_an_appraisal(
    stage: Stage, act: Act, to: Stage | None
) -> None:
    assert may(stage, act) is (to is not None)
    if to is None:
        with pytest.raises(ValueError, match="cannot be done"):
            after(stage, act)
    else:
        assert after(stage, act) is to


def test_filing_is_the_townships_from_the_day_after_the_notice() -> None:
    assert stage_on(Stage.NOTICE, DAY, DAY) is Stage.NOTICE
    over = stage_on(Stage.NOTICE, DAY, DAY + dt.timedelta(days=1))
    assert over is Stage.FILING
    assert actor_of(over) is Actor.TOWNSHIP
    assert stage_on(Stage.NOTICE, None, DAY) is Stage.NOTICE
    assert actor_of(Stage.NOTICE) is Actor.VILLAGE
    assert actor_of(Stage.DONE) is Actor.NOBODY


WHOLE = Known(4, has_chair=True, met_on=DAY, ballots=3, has_minutes=True)


@pytest.mark.parametrize(
    ("stage", "known", "words"),
    [
        (Stage.DRAFT, WHOLE, ()),
        (Stage.DRAFT, replace(WHOLE, has_chair=False), ("村务监督委员会主持",)),
        (Stage.DRAFT, replace(WHOLE, people=0), ("没有参评",)),
        (Stage.MEETING, WHOLE, ()),
        (Stage.MEETING, replace(WHOLE, ballots=1), ("还有 2 组票数",)),
        (Stage.MEETING, replace(WHOLE, without_self=2), ("2 人没有自评",)),
        (Stage.MEETING, replace(WHOLE, has_minutes=False), ("会议记录",)),
        (Stage.MEETING, replace(WHOLE, met_on=dt.date(2027, 1, 1)), ("开完会",)),
        (Stage.CONFIRM, replace(WHOLE, ungraded=3), ("3 人没有定等次",)),
        (Stage.FILING, replace(WHOLE, notice_ends=DAY), ("期满才能备案",)),
        (Stage.FILING, replace(WHOLE, open_objections=1), ("1 条异议",)),
    ],
)
def test_what_is_missing_is_said_in_words(
    stage: Stage, known: Known, words: tuple[str, ...]
) -> None:
    found = missing(stage, known, DAY)
    assert len(found) == len(words)
    assert all(one in sentence for one, sentence in zip(words, found, strict=True))
