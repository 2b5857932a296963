"""Scores and grades as pure functions (domain 1.5), the course of a round as a table."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Permission as P
from evaluations.rules import rounds, scores, villages
from evaluations.rules.recommended import HOUSEHOLDS, VILLAGES
from evaluations.rules.rounds import Act, Impossible, Noticed, Stage
from evaluations.rules.schemes import Item
from evaluations.rules.scores import Mark, Standing, assign, fill, score
from evaluations.rules.villages import Count

KEYS = sorted(HOUSEHOLDS.items)


def mark_of(key: int, share: int = 0) -> Mark:
    """Return a mark within its item's range; `share` picks the place in it."""
    item = HOUSEHOLDS.items[key]
    return Mark(key, item.least + share % (item.most - item.least + 1))


MARKS = st.lists(st.builds(mark_of, st.sampled_from(KEYS), st.integers(0, 9)))


@given(MARKS, st.randoms())
def test_scores_stay_within_caps_in_whatever_order(
    marks: list[Mark], chance: object
) -> None:
    found = score(HOUSEHOLDS, marks)
    for part, category in zip(found.parts, HOUSEHOLDS.categories, strict=True):
        assert category.floor <= part.score <= category.cap
    assert found.total <= HOUSEHOLDS.top
    shuffled = list(marks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score(HOUSEHOLDS, shuffled) == found


@pytest.mark.parametrize(
    ("marks", "total", "tier"),
    [
        ((), 100, "遵规守约家庭"),
        ((Mark(21, 1),) * 9, 105, "遵规守约家庭"),
        ((Mark(61, 2),) * 3 + (Mark(62, 5),), 111, "文明模范家庭"),
        ((Mark(11, -10),) * 3, 80, "遵规守约家庭"),
        ((Mark(11, -10),) * 2 + (Mark(42, -1),), 79, "有待进步家庭"),
        ((Mark(63, 10), Mark(62, 5), Mark(12)), 115, "有待进步家庭"),
    ],
    ids=["1.5 base 100", "1.5 +5 cap", "1.5 >=110", "1.5 80", "1.5 <80", "1.5 veto"],
)
def test_the_recommended_scheme_grades_as_domain_1_5_says(
    marks: tuple[Mark, ...], total: int, tier: str
) -> None:
    found = score(HOUSEHOLDS, marks)
    one = Standing(1, found.total, bool(found.vetoes))
    assert (found.total, scores.reached(HOUSEHOLDS, one).name) == (total, tier)


STANDINGS = st.lists(
    st.builds(
        Standing,
        st.integers(1, 200),
        st.integers(60, 130),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
)


@given(STANDINGS)
def test_a_quota_is_never_exceeded_and_nobody_is_lifted_over_a_line(
    rated: list[Standing],
) -> None:
    found = assign(HOUSEHOLDS, rated)
    top = [one for one in rated if found.tiers[one.key] == 1]
    assert len(top) <= len(rated) * 20 // 100
    assert all(one.total >= 110 and not one.is_vetoed for one in top)
    for one in top:
        better = [two for two in rated if two.total > one.total and not two.is_vetoed]
        assert all(found.tiers[two.key] == 1 for two in better)


def test_among_equals_households_of_an_outstanding_representative_come_first() -> None:
    equal = [Standing(1, 112), Standing(2, 112, is_preferred=True), Standing(3, 111)]
    assert fill(equal, 1) == ({2}, set())
    assert fill(equal, 2) == ({1, 2}, set())


def test_equals_at_the_border_are_left_to_people() -> None:
    rated = [Standing(key, 112) for key in (1, 2, 3)]
    rated += [Standing(key, 100) for key in range(4, 12)]
    found = assign(HOUSEHOLDS, rated)
    assert (found.tied, found.left) == (frozenset({1, 2, 3}), 2)
    assert set(found.tiers.values()) == {2}
    assert [tier.key for tier in scores.allowed(HOUSEHOLDS, rated[0])] == [1, 2]
    assert [tier.key for tier in scores.allowed(HOUSEHOLDS, rated[-1])] == [2]


def test_a_trial_finds_items_by_their_words_and_counts_what_is_lost() -> None:
    part = HOUSEHOLDS.categories[0]
    other = Item(91, HOUSEHOLDS.items[61].words, 3, 3)
    draft = replace(HOUSEHOLDS, categories=(replace(part, items=(other,)),))
    found = scores.translated(draft, HOUSEHOLDS, [Mark(61, 2), Mark(62, 5)])
    assert found == ([Mark(91, 3)], 1)


EVERYTHING = {P.RATING_KEEP, P.RATING_CONFIRM, P.RATING_FILE}
COURSE = [
    (Stage.RECORD, Act.STRIKE, P.RATING_KEEP, Stage.REVIEW),
    (Stage.REVIEW, Act.GIVE_BACK, P.RATING_KEEP, Stage.RECORD),
    (Stage.REVIEW, Act.AGREE, P.RATING_KEEP, Stage.CONFIRM),
    (Stage.CONFIRM, Act.SEND_BACK, P.RATING_CONFIRM, Stage.REVIEW),
    (Stage.CONFIRM, Act.CONFIRM, P.RATING_CONFIRM, Stage.NOTICE),
    (Stage.NOTICE, Act.REDO, P.RATING_KEEP, Stage.REVIEW),
    (Stage.NOTICE, Act.FILE, P.RATING_FILE, Stage.DONE),
    (Stage.RECORD, Act.CANCEL, P.RATING_KEEP, Stage.VOID),
    (Stage.REVIEW, Act.CANCEL, P.RATING_KEEP, Stage.VOID),
    (Stage.CONFIRM, Act.CANCEL, P.RATING_KEEP, Stage.VOID),
]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("act", list(Act))
def test_a_round_takes_the_steps_of_domain_1_5_and_no_others(
    stage: Stage, act: Act
) -> None:
    lines = [(who, to) for at, by, who, to in COURSE if (at, by) == (stage, act)]
    if not lines:
        with pytest.raises(Impossible, match="现在是"):
            rounds.transition(stage, act, "理由", EVERYTHING)
        return
    (who, to) = lines[0]
    assert rounds.transition(stage, act, "理由", {who}).to is to
    with pytest.raises(Impossible, match="职务"):
        rounds.transition(stage, act, "理由", EVERYTHING - {who})


def test_what_goes_back_says_why() -> None:
    with pytest.raises(Impossible, match="请写明"):
        rounds.transition(Stage.REVIEW, Act.GIVE_BACK, " ", EVERYTHING)


DAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("noticed", "words"),
    [
        (Noticed(), "还没有公示"),
        (Noticed(ends=DAY), "期满才能备案"),
        (Noticed(ends=DAY - dt.timedelta(days=1), open_objections=1), "1 条异议"),
        (Noticed(ends=DAY - dt.timedelta(days=1)), ""),
        (Noticed(is_needed=False), ""),
    ],
    ids=["L14 none", "L14 running", "L14 objection", "L14 over", "nobody to publish"],
)
def test_a_round_is_filed_after_its_notice_without_open_objections(
    noticed: Noticed, words: str
) -> None:
    assert words in "".join(rounds.missing_for_filing(noticed, DAY))
    assert bool(words) == bool(rounds.missing_for_filing(noticed, DAY))


@pytest.mark.parametrize(
    ("rounds_a_year", "number", "first", "last", "title"),
    [
        (4, 3, "2026-07-01", "2026-09-30", "2026年第3季度"),
        (4, 4, "2026-10-01", "2026-12-31", "2026年第4季度"),
        (12, 2, "2026-02-01", "2026-02-28", "2026年2月"),
        (2, 2, "2026-07-01", "2026-12-31", "2026年下半年"),
        (1, 1, "2026-01-01", "2026-12-31", "2026年度"),
    ],
)
def test_a_round_covers_its_part_of_the_year(
    rounds_a_year: int, number: int, first: str, last: str, title: str
) -> None:
    days = rounds.period_of(2026, rounds_a_year, number)
    assert tuple(map(str, days)) == (first, last)
    assert rounds.title_of(2026, rounds_a_year, number) == title
    assert {rounds.number_on(day, rounds_a_year) for day in days} == {number}


@pytest.mark.parametrize(
    ("count", "points"),
    [(Count(96, 102), "9.4"), (Count(0, 0), "10"), (Count(12, 10), "10.0")],
    ids=["a share", "nothing to count", "no more than all"],
)
def test_a_village_gets_the_share_it_reached(count: Count, points: str) -> None:
    found = villages.lines(VILLAGES, {"coverage": count}, {})
    assert str(found[0].points) == points
