"""L01–L05, L09, L15–L17: one table for each rule, named after it and its basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from representatives.rules import (
    RULES,
    Assembly,
    Constituency,
    ElectingMode,
    Finding,
    Member,
    check_double_posts,
    check_group_constituency,
    check_households_per_seat,
    check_minority_share,
    check_representatives_share,
    check_seats,
    check_vacancy_age,
    check_women_share,
    preview,
)

ON = date(2026, 11, 23)
BEFORE_THE_LAW = date(2018, 12, 28)
UNIT = Constituency("3组", ElectingMode.GROUP, 60, ("3组",), seats=4, filled=4)
STREET = replace(UNIT, name="老街十户", mode=ElectingMode.HOUSEHOLDS, seats=1, filled=1)


def ids_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.id for finding in findings]


@pytest.mark.parametrize(
    ("representatives", "committee", "broken"),
    [
        pytest.param(20, 5, False, id="L01-article-25-exactly-4/5"),
        pytest.param(19, 5, True, id="L01-article-25-one-short"),
        pytest.param(28, 7, False, id="L01-article-25-exactly-4/5-large"),
        pytest.param(27, 7, True, id="L01-article-25-just-below"),
        pytest.param(0, 0, False, id="L01-article-25-nobody-recorded"),
        pytest.param(0, 3, True, id="L01-article-25-no-representative"),
    ],
)
def test_l01_article_25_representatives_are_four_fifths(
    representatives: int, committee: int, broken: bool
) -> None:
    assembly = Assembly(representatives, committee, women=representatives)
    findings = check_representatives_share(assembly, ON)

    assert ids_of(findings) == ["L01"] * broken
    assert all(f"代表{representatives}人，不足4/5" in f.message for f in findings)
    assert check_representatives_share(assembly, BEFORE_THE_LAW) == ()


@pytest.mark.parametrize(
    ("women", "total", "short"),
    [
        pytest.param(10, 30, 0, id="L02-article-25-exactly-1/3"),
        pytest.param(9, 30, 1, id="L02-article-25-one-short"),
        pytest.param(10, 31, 1, id="L02-article-25-of-the-whole-assembly"),
        pytest.param(0, 30, 10, id="L02-article-25-no-woman"),
    ],
)
def test_l02_article_25_women_are_a_third_of_the_whole_assembly(
    women: int, total: int, short: int
) -> None:
    findings = check_women_share(Assembly(total - 5, 5, women), ON)

    assert ids_of(findings) == ["L02"] * bool(short)
    assert all(f"还差{short}人" in finding.problem for finding in findings)


@pytest.mark.parametrize(
    ("minority", "residents_of_minority", "broken"),
    [
        pytest.param(3, 150, False, id="L03-hunan-5-exactly-in-proportion"),
        pytest.param(2, 150, True, id="L03-hunan-5-below"),
        pytest.param(0, 0, False, id="L03-hunan-5-no-minority"),
        pytest.param(0, None, False, id="L03-hunan-5-not-recorded"),
    ],
)
def test_l03_hunan_5_minorities_have_their_share(
    minority: int, residents_of_minority: int | None, broken: bool
) -> None:
    findings = check_minority_share(
        Assembly(30, 5, 12, minority),
        ON,
        minority_residents=residents_of_minority,
        residents=1500,
    )

    assert ids_of(findings) == ["L03"] * broken


@pytest.mark.parametrize(
    ("households", "seats", "broken"),
    [
        pytest.param(4, 1, True, id="L04-article-25-four"),
        pytest.param(5, 1, False, id="L04-article-25-five"),
        pytest.param(15, 1, False, id="L04-article-25-fifteen"),
        pytest.param(16, 1, True, id="L04-article-25-sixteen"),
        pytest.param(16, 2, False, id="L04-article-25-sixteen-with-two-seats"),
        pytest.param(9, 2, True, id="L04-article-25-nine-with-two-seats"),
    ],
)
def test_l04_article_25_five_to_fifteen_households_elect_one(
    households: int, seats: int, broken: bool
) -> None:
    unit = replace(STREET, households=households, seats=seats)

    assert ids_of(check_households_per_seat(unit, ON)) == ["L04"] * broken
    assert check_households_per_seat(replace(unit, mode=ElectingMode.GROUP), ON) == ()


@pytest.mark.parametrize(
    ("groups", "decided", "broken"),
    [
        pytest.param(("3组",), True, 0, id="L05-article-25-hunan-6-one-group"),
        pytest.param(("3组", "4组"), True, 1, id="L05-article-25-two-groups"),
        pytest.param((), True, 1, id="L05-article-25-no-group"),
        pytest.param(("3组",), False, 1, id="L05-hunan-6-seats-not-decided"),
        pytest.param(("3组", "4组"), False, 2, id="L05-both"),
    ],
)
def test_l05_article_25_a_group_elects_by_a_recorded_decision(
    groups: tuple[str, ...], decided: bool, broken: int
) -> None:
    unit = replace(UNIT, groups=groups, seats_decided=decided)

    assert ids_of(check_group_constituency(unit, ON)) == ["L05"] * broken
    by_household = replace(unit, mode=ElectingMode.HOUSEHOLDS)
    assert check_group_constituency(by_household, ON) == ()


def member(name: str, *, serves: bool = True, sits: bool = False) -> Member:
    return Member(name, is_representative=serves, is_committee_member=sits)


@pytest.mark.parametrize(
    ("members", "broken", "counted"),
    [
        pytest.param(
            [member("甲"), member("乙", serves=False, sits=True)],
            False,
            1,
            id="L09-article-25-one-post-each",
        ),
        pytest.param(
            [member("甲"), member("乙", sits=True)],
            True,
            1,
            id="L09-article-25-both-posts",
        ),
        pytest.param([], False, 0, id="L09-article-25-nobody"),
    ],
)
def test_l09_article_25_committee_member_is_not_counted_as_representative(
    members: list[Member], broken: bool, counted: int
) -> None:
    findings = check_double_posts(members, ON)

    assert ids_of(findings) == ["L09"] * broken
    assert all(finding.problem.startswith("乙是") for finding in findings)
    assert Assembly.of(members).representatives == counted


def test_assembly_counts_women_and_minorities_among_representatives_only() -> None:
    members = [
        Member("甲", is_representative=True, is_woman=True, is_minority=True),
        Member("乙", is_representative=True),
        Member("丙", is_representative=False, is_committee_member=True, is_woman=True),
        Member("丁", is_representative=True, is_committee_member=True, is_woman=True),
    ]

    assert Assembly.of(members) == Assembly(2, 2, women=1, minority=1)
    assert Assembly.of(members).total == 4


@pytest.mark.parametrize(
    ("filled", "declared", "broken"),
    [
        pytest.param((4, 1), 5, 0, id="L15-article-25-all-filled"),
        pytest.param((3, 0), 5, 0, id="L15-article-25-vacancies-are-fine"),
        pytest.param((5, 1), 5, 1, id="L15-article-25-one-too-many"),
        pytest.param((4, 1), 6, 1, id="L15-article-25-sum-differs"),
        pytest.param((5, 2), 4, 3, id="L15-article-25-everything-wrong"),
    ],
)
def test_l15_article_25_mandates_fit_the_seats(
    filled: tuple[int, int], declared: int, broken: int
) -> None:
    units = [replace(UNIT, filled=filled[0]), replace(STREET, filled=filled[1])]

    assert ids_of(check_seats(units, declared, ON)) == ["L15"] * broken


def test_vacant_seats_are_never_fewer_than_none() -> None:
    assert replace(UNIT, filled=1).vacant == 3
    assert replace(UNIT, filled=5).vacant == 0


@pytest.mark.parametrize(
    ("days", "broken"),
    [
        pytest.param(0, False, id="L16-local-same-day"),
        pytest.param(60, False, id="L16-local-sixty-days"),
        pytest.param(61, True, id="L16-local-sixty-one-days"),
    ],
)
def test_l16_local_vacancy_is_filled_within_sixty_days(days: int, broken: bool) -> None:
    findings = check_vacancy_age("长冲口村3组", ON - timedelta(days=days), ON)

    assert ids_of(findings) == ["L16"] * broken
    assert all("已61天，超过60天" in finding.problem for finding in findings)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            Assembly(19, 5, 8), Assembly(20, 5, 9), ["L17"], id="L17-local-all-is-well"
        ),
        pytest.param(
            Assembly(19, 5, 8), Assembly(20, 5, 8), ["L17", "L02"], id="L17-local-a-man"
        ),
        pytest.param(
            Assembly(17, 5, 2),
            Assembly(18, 5, 3),
            ["L17", "L01", "L02"],
            id="L17-local-still-both-short",
        ),
    ],
)
def test_l17_local_effect_on_the_composition_is_shown_before_saving(
    before: Assembly, after: Assembly, expected: list[str]
) -> None:
    findings = preview(before, after, ON)

    assert ids_of(findings) == expected
    assert f"补选后：代表{after.representatives}人" in findings[0].message


def test_bureau_may_change_a_limit_from_a_day_on() -> None:
    rule = RULES.at("L02", ON)
    assert rule is not None
    half = {"least": type(rule.shares["least"])(1, 2)}
    book = RULES.amended(replace(rule, shares=half, effective_from=ON))
    assembly = Assembly(25, 5, 10)

    assert check_women_share(assembly, ON, book) != ()
    assert check_women_share(assembly, ON - timedelta(days=1), book) == ()


def test_nothing_is_found_before_the_rules_are_in_force() -> None:
    empty = Assembly(0, 5, 0)
    units = [replace(UNIT, groups=(), filled=9), replace(STREET, households=1)]

    assert check_women_share(empty, BEFORE_THE_LAW) == ()
    assert preview(empty, empty, BEFORE_THE_LAW) == ()
    assert check_group_constituency(units[0], BEFORE_THE_LAW) == ()
    assert check_households_per_seat(units[1], BEFORE_THE_LAW) == ()
    assert check_seats(units, 1, BEFORE_THE_LAW) == ()
    assert check_double_posts([member("乙", sits=True)], BEFORE_THE_LAW) == ()
    assert check_vacancy_age("3组", date(2010, 1, 1), BEFORE_THE_LAW) == ()


def test_electing_mode_is_named_as_on_the_roster() -> None:
    assert [mode.label for mode in ElectingMode] == ["按户推选", "按组推选"]
