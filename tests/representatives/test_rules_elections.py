"""L07–L14: one table for each rule of a by-election, named after it and its basis."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from representatives.rules import (
    Ballots,
    Candidate,
    Finding,
    Notice,
    Record,
    Tally,
    Voters,
    age_on,
    check_ballots,
    check_candidate,
    check_notice,
    check_record,
    check_turnout,
    count_votes,
    priorities,
)

ON = date(2026, 11, 23)
BEFORE_THE_LAW = date(2018, 12, 28)
SUITABLE = Candidate("张顺民", date(1960, 5, 1), is_deprived=False)


def ids_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.id for finding in findings]


# --- who may stand ---------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 11, 24), date(2026, 11, 23), 17),
        (date(2008, 11, 22), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2007, 12, 31), date(2026, 1, 1), 18),
    ],
)
def test_age_is_in_full_years_and_the_birthday_counts(
    born: date, on: date, age: int
) -> None:
    assert age_on(born, on) == age


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({}, None, id="L07-article-13-suitable"),
        pytest.param(
            {"born": date(2008, 11, 23)}, None, id="L07-article-13-eighteen-that-day"
        ),
        pytest.param(
            {"born": date(2008, 11, 24)},
            "未满18周岁",
            id="L07-article-13-eighteen-tomorrow",
        ),
        pytest.param(
            {"born": None, "birth_year": 2007}, None, id="L07-article-13-year-suffices"
        ),
        pytest.param(
            {"born": None, "birth_year": 2008},
            "出生日期没有登记",
            id="L07-article-13-year-leaves-it-open",
        ),
        pytest.param(
            {"born": None, "birth_year": 2009},
            "未满18周岁",
            id="L07-article-13-year-too-young",
        ),
        pytest.param(
            {"born": None}, "出生日期没有登记", id="L07-article-13-nothing-known"
        ),
        pytest.param(
            {"is_deprived": True}, "剥夺政治权利，不能", id="L07-article-13-deprived"
        ),
        pytest.param(
            {"is_deprived": None}, "还没有确认", id="L07-article-13-not-declared"
        ),
    ],
)
def test_l07_article_13_candidate_is_eighteen_and_has_political_rights(
    change: dict[str, object], words: str | None
) -> None:
    findings = check_candidate(replace(SUITABLE, **change), ON)

    assert ids_of(findings) == ["L07"] * (words is not None)
    assert all(words in finding.problem for finding in findings if words)


@pytest.mark.parametrize(
    ("serves_in", "broken"),
    [
        pytest.param((), False, id="L08-article-13-serves-nowhere"),
        pytest.param(("魏家桥镇长冲口村",), True, id="L08-article-13-serves-here"),
        pytest.param(("界岭镇新华村",), True, id="L08-article-13-in-another-village"),
    ],
)
def test_l08_article_13_one_person_has_one_mandate(
    serves_in: tuple[str, ...], broken: bool
) -> None:
    findings = check_candidate(replace(SUITABLE, serves_in=serves_in), ON)

    assert ids_of(findings) == ["L08"] * broken
    assert all(serves_in[0] in finding.problem for finding in findings)


@pytest.mark.parametrize(
    "sits",
    [pytest.param(True, id="L09-article-25-member"), pytest.param(False, id="-")],
)
def test_l09_article_25_committee_member_does_not_stand(sits: bool) -> None:
    findings = check_candidate(replace(SUITABLE, is_committee_member=sits), ON)

    assert ids_of(findings) == ["L09"] * sits


def test_everything_wrong_with_a_candidate_is_said_at_once() -> None:
    unsuitable = Candidate(
        "李四",
        date(2010, 1, 1),
        is_deprived=True,
        serves_in=("新华村",),
        is_committee_member=True,
    )

    assert ids_of(check_candidate(unsuitable, ON)) == ["L07", "L07", "L08", "L09"]
    assert check_candidate(unsuitable, BEFORE_THE_LAW) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ()),
        ({"is_party_member": True}, ("党员，优先",)),
        (
            {"paid_posts": ("村民小组长", "护林员")},
            ("领取固定补贴的村民小组长、护林员，优先",),
        ),
        (
            {"is_party_member": True, "paid_posts": ("村医",)},
            ("党员，优先", "领取固定补贴的村医，优先"),
        ),
    ],
)
def test_two_priorities_of_the_report_are_shown(
    change: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert priorities(replace(SUITABLE, **change)) == expected


# --- the record and the meeting --------------------------------------------

COMPLETE = Record(
    vacancy_cause="死亡",
    vacant_since=date(2026, 9, 1),
    vacancy_evidence="户口注销记录",
    constituency="3组",
    met_on=ON,
    entitled=60,
    present=45,
    votes_for=40,
    votes_against=0,
    votes_abstaining=0,
)


@pytest.mark.parametrize(
    "field",
    [pytest.param(f.name, id=f"L10-article-28-{f.name}") for f in fields(Record)],
)
def test_l10_article_28_record_lacks_nothing(field: str) -> None:
    findings = check_record(replace(COMPLETE, **{field: None}), ON)

    assert check_record(COMPLETE, ON) == ()
    assert ids_of(findings) == ["L10"]
    assert check_record(replace(COMPLETE, **{field: None}), BEFORE_THE_LAW) == ()


def test_l10_names_everything_that_is_missing() -> None:
    (finding,) = check_record(Record(constituency=""), ON)

    assert finding.problem.count("、") == len(fields(Record)) - 1


@pytest.mark.parametrize(
    ("voters", "entitled", "present", "broken"),
    [
        pytest.param(Voters.HOUSEHOLDS, 60, 40, False, id="L11-article-28-exactly-2/3"),
        pytest.param(Voters.HOUSEHOLDS, 60, 39, True, id="L11-article-28-one-short"),
        pytest.param(Voters.ADULTS, 61, 41, False, id="L11-article-28-rounded-up"),
        pytest.param(Voters.ADULTS, 61, 40, True, id="L11-article-28-not-rounded-down"),
        pytest.param(Voters.ADULTS, 100, 40, True, id="L11-article-28-60%-absent"),
        pytest.param(Voters.ADULTS, 0, 0, True, id="L11-article-28-nobody-entitled"),
    ],
)
def test_l11_article_28_two_thirds_take_part(
    voters: Voters, entitled: int, present: int, broken: bool
) -> None:
    findings = check_turnout(voters, entitled, present, ON)

    assert ids_of(findings) == ["L11"] * broken
    assert all(f"应到{voters.label}{entitled}人" in f.problem for f in findings)
    assert check_turnout(voters, entitled, present, BEFORE_THE_LAW) == ()


def tally(name: str, votes: int, against: int = 0, abstaining: int = 0) -> Tally:
    return Tally(name, votes, against, abstaining)


@pytest.mark.parametrize(
    ("votes", "seats", "elected", "tied", "vacant"),
    [
        pytest.param({"甲": 21}, 1, "甲", "", 0, id="L12-article-28-more-than-half"),
        pytest.param({"甲": 20}, 1, "", "", 1, id="L12-article-28-exactly-half"),
        pytest.param(
            {"甲": 25, "乙": 30}, 1, "乙", "", 0, id="L12-article-28-most-votes"
        ),
        pytest.param({"甲": 25, "乙": 25}, 1, "", "甲乙", 0, id="L12-beibaixiang-tie"),
        pytest.param(
            {"甲": 30, "乙": 25, "丙": 25},
            2,
            "甲",
            "乙丙",
            0,
            id="L12-tie-for-the-last",
        ),
        pytest.param(
            {"甲": 30, "乙": 30, "丙": 25},
            2,
            "甲乙",
            "",
            0,
            id="L12-no-tie-that-matters",
        ),
        pytest.param({"甲": 30, "乙": 9}, 2, "甲", "", 1, id="L12-one-seat-left"),
        pytest.param(
            {"甲": 20, "乙": 20}, 1, "", "", 1, id="L12-tie-below-the-majority"
        ),
        pytest.param({}, 1, "", "", 1, id="L12-no-candidate"),
    ],
)
def test_l12_article_28_more_than_half_of_those_present_elect(
    votes: dict[str, int], seats: int, elected: str, tied: str, vacant: int
) -> None:
    tallies = [tally(name, number) for name, number in votes.items()]
    outcome = count_votes(tallies, present=40, seats=seats, on=ON)

    assert "".join(outcome.elected) == elected
    assert "".join(outcome.tied) == tied
    assert outcome.vacant == vacant
    assert ids_of(outcome.findings) == ["L12"] * (bool(tied) + bool(vacant))
    assert set(outcome.elected + outcome.tied + outcome.short) <= set(votes)


def test_l12_is_not_counted_before_it_is_in_force() -> None:
    with pytest.raises(ValueError, match="请核对推选日期"):
        count_votes([], present=40, seats=1, on=BEFORE_THE_LAW)


@given(
    votes=st.lists(st.integers(0, 40), max_size=6),
    seats=st.integers(1, 4),
)
def test_l12_never_elects_more_than_there_are_seats(
    votes: list[int], seats: int
) -> None:
    tallies = [tally(str(n), number) for n, number in enumerate(votes)]
    outcome = count_votes(tallies, present=40, seats=seats, on=ON)
    number_of = {t.candidate: t.votes_for for t in tallies}

    assert len(outcome.elected) + outcome.vacant <= seats
    assert len(outcome.tied) != 1
    assert not set(outcome.elected) & set(outcome.tied)
    assert all(number_of[name] > 20 for name in outcome.elected + outcome.tied)
    assert all(number_of[name] <= 20 for name in outcome.short)
    beaten = [n for n in number_of if n not in outcome.elected]
    for winner in outcome.elected:
        assert all(number_of[winner] > number_of[n] for n in beaten)


FAIR = Ballots(entitled=60, present=45, issued=45, returned=44, invalid=2)
COUNTED = (tally("甲", 30, 10, 2),)


@pytest.mark.parametrize(
    ("ballots", "tallies", "words"),
    [
        pytest.param({}, COUNTED, [], id="L13-article-15-balanced"),
        pytest.param({}, (), [], id="L13-article-15-no-candidate-yet"),
        pytest.param(
            {"returned": 46, "invalid": 4},
            COUNTED,
            ["收回票（46）多于发出票（45）"],
            id="L13-article-15-more-back-than-out",
        ),
        pytest.param(
            {"issued": 46},
            COUNTED,
            ["发出票（46）多于实到（45）"],
            id="L13-article-15-more-out-than-people",
        ),
        pytest.param(
            {"present": 61},
            COUNTED,
            ["实到（61）多于应到（60）"],
            id="L13-article-15-more-present-than-entitled",
        ),
        pytest.param(
            {"invalid": 45},
            (),
            ["无效票（45）多于收回票（44）"],
            id="L13-article-15-more-invalid-than-back",
        ),
        pytest.param(
            {},
            (tally("甲", 30, 10, 1),),
            ["甲的赞成、反对、弃权票相加为41，加上无效票2，不等于收回票44"],
            id="L13-article-15-a-vote-is-missing",
        ),
        pytest.param(
            {},
            (tally("甲", 30, 12, 0), tally("乙", 30, 12, 0)),
            ["赞成票合计60，多于有效票42张乘名额1个"],
            id="L13-beibaixiang-more-names-than-seats",
        ),
        pytest.param(
            {},
            (tally("甲", 43, -1, 0),),
            ["不能是负数", "多于有效票"],
            id="L13-negative",
        ),
    ],
)
def test_l13_article_15_every_ballot_is_accounted_for(
    ballots: dict[str, int], tallies: tuple[Tally, ...], words: list[str]
) -> None:
    counted = replace(FAIR, **ballots)
    findings = check_ballots(counted, tallies, 1, ON)

    assert ids_of(findings) == ["L13"] * len(words)
    for finding, expected in zip(findings, words, strict=True):
        assert expected in finding.problem
    assert check_ballots(counted, tallies, 1, BEFORE_THE_LAW) == ()


@pytest.mark.parametrize(
    ("last", "begins", "objections", "words"),
    [
        pytest.param(27, 28, 0, [], id="L14-local-three-days"),
        pytest.param(26, 28, 0, ["公示2天，不足3天"], id="L14-local-two-days"),
        pytest.param(27, 27, 0, ["不在公示截止日期"], id="L14-local-begins-too-early"),
        pytest.param(27, 28, 2, ["还有2条异议"], id="L14-local-open-objections"),
        pytest.param(
            25, 25, 1, ["不足3天", "不在公示", "1条异议"], id="L14-local-everything"
        ),
    ],
)
def test_l14_local_mandate_begins_after_a_full_notice_without_objection(
    last: int, begins: int, objections: int, words: list[str]
) -> None:
    notice = Notice(date(2026, 11, 25), date(2026, 11, last), objections)
    findings = check_notice(notice, date(2026, 11, begins), ON)

    assert ids_of(findings) == ["L14"] * len(words)
    for finding, expected in zip(findings, words, strict=True):
        assert expected in finding.problem


def test_l14_local_result_must_be_posted_at_all() -> None:
    assert ids_of(check_notice(None, ON, ON)) == ["L14"]
    assert check_notice(None, ON, BEFORE_THE_LAW) == ()


def test_voters_are_named_as_on_the_result_sheet() -> None:
    assert [voters.label for voters in Voters] == ["十八周岁以上村民", "户的代表"]
