"""What a review's page writes by itself: tables of domain 3.4 and 3.5."""

import datetime as dt

import pytest

from sentiment.rules.reviews import (
    Attendance,
    Decision,
    Done,
    Filled,
    Suggesting,
    conclusion_words,
    heard_words,
    last_month_words,
    likeness,
    most_alike,
    pairs_of,
    short,
)
from sentiment.rules.terms import Term, Terms
from sentiment.rules.words import Holder

ON = dt.date(2026, 11, 25)
TERMS = Terms(
    tuple(
        Term(holder, days, dt.date(2022, 1, 1))
        for holder, days in (
            (Holder.VILLAGE, 7),
            (Holder.TOWNSHIP, 15),
            (Holder.CITY, 30),
        )
    )
)
HINTS = Suggesting("申秋云", "魏家桥镇", ON, TERMS)


@pytest.mark.parametrize(
    ("decision", "due_on", "words"),
    [
        ("village", dt.date(2026, 12, 2), "由申秋云负责，12月2日前办好"),
        ("township", dt.date(2026, 12, 10), "已报魏家桥镇协调"),
        ("explain", dt.date(2026, 12, 2), ""),
        ("assembly", dt.date(2026, 12, 31), "列入村民代表会议议题"),
    ],
)
def test_a_decision_fills_in_person_day_and_words_by_the_terms_of_domain_3_4(
    decision: str, due_on: dt.date, words: str
) -> None:
    filled = HINTS.filled(decision, Filled())

    assert (filled.person, filled.due_on) == ("申秋云", due_on)
    assert filled.conclusion.startswith(words)
    assert bool(filled.conclusion) == bool(words)


def test_nothing_is_filled_in_before_there_is_a_decision() -> None:
    assert HINTS.filled("", Filled("", None, "记一下")) == Filled("", None, "记一下")


def test_another_decision_replaces_suggestions_and_keeps_what_was_written() -> None:
    first = HINTS.filled("village", Filled())
    second = HINTS.refilled(("village", first), "township", first)
    assert second == HINTS.filled("township", Filled())

    own = Filled("李红英", first.due_on, "先送水，再接主管。")
    third = HINTS.refilled(("village", first), "township", own)
    assert (third.person, third.conclusion) == ("李红英", "先送水，再接主管。")
    assert third.due_on == HINTS.due(Decision.TOWNSHIP)

    day = dt.date(2026, 11, 30)
    chosen = HINTS.refilled(
        ("village", first), "village", Filled("李红英", day, first.conclusion)
    )
    assert chosen.due_on == day
    assert chosen.conclusion.startswith("由李红英负责，11月30日前")


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (Attendance(), ""),
        (
            Attendance(("张顺民", "李红英"), 18, "驻村干部王伟"),
            "代表：张顺民、李红英；党员18人；列席：驻村干部王伟",
        ),
        (Attendance((), 3), "党员3人"),
    ],
)
def test_who_came_is_written_and_read_again(came: Attendance, words: str) -> None:
    assert came.words == words
    assert Attendance.read(words) == came


def test_attendance_keeps_words_that_it_does_not_understand() -> None:
    assert Attendance.read("全体村干部").guests == "全体村干部"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("冬季缺水，三天来一次", "今年冬季又缺水，几天才来一次", True),
        ("通组路路灯坏了 5 盏", "路灯坏了没人修", True),
        ("医保涨到 420 元，想缓缴", "希望多办几次油茶技术课", False),
        ("水", "水", False),
        ("", "", False),
    ],
)
def test_the_same_matter_of_a_past_year_is_found_by_its_words(
    one: str, other: str, is_same: bool
) -> None:
    assert (most_alike(one, {7: pairs_of(other)}) == 7) is is_same
    assert likeness(pairs_of(one), pairs_of(other)) == likeness(
        pairs_of(other), pairs_of(one)
    )


def test_last_months_items_are_summed_up_and_the_open_ones_named() -> None:
    items = [
        Done("冬季缺水，三天来一次。老人提不动。", "报镇里协调", "办理中", False),
        Done("路灯坏了", "村内解决", "已销号", True),
    ]
    words = last_month_words(items)
    assert words.startswith("上次会议定了 2 件，已办结 1 件，还在办 1 件。")
    assert "冬季缺水，三天来一次（报镇里协调）：办理中。" in words
    assert "路灯" not in words
    assert last_month_words([]) == ""


def test_the_conclusion_counts_the_decisions_and_names_what_is_urgent() -> None:
    words = conclusion_words(
        {"村内解决": 2, "报镇里协调": 1, "解释说明": 0}, urgent=["屋顶漏雨"]
    )
    assert (
        words
        == "本月研判民情 3 件：村内解决 2 件，报镇里协调 1 件。重点办好：屋顶漏雨。"
    )
    assert conclusion_words({}) == "本月没有需要研判的民情。"


def test_long_texts_are_cut_for_a_line() -> None:
    assert short("很" * 60) == "很" * 23 + "…"
    assert heard_words(["好"] * 10).endswith("另有 2 条。")
