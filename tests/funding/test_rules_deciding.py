"""L21, L23–L25, L28, L39 and the steps of a sheet, as tables."""

import datetime as dt
from decimal import Decimal as D

import pytest

from accounts.permissions import Permission as P
from funding import models
from funding.rules import (
    Counted,
    EntryKind,
    Impossible,
    MeetingKind,
    NotTheirs,
    SheetAct,
    SheetState,
    Standard,
    StandardKind,
    Standards,
    move,
    possible,
)
from funding.rules import fund as fund_rules
from funding.rules import resolutions as rules
from funding.rules import sheets as sheet_rules

HELD = dt.date(2026, 9, 20)
BAND = (D(100), D(200))


@pytest.mark.parametrize(
    ("mine", "stored"),
    [
        (EntryKind, models.EntryKind),
        (MeetingKind, models.MeetingKind),
        (SheetState, models.SheetState),
        (SheetAct, models.SheetAct),
        (StandardKind, models.StandardKind),
    ],
)
def test_words_of_rules_and_models_are_the_same(mine: type, stored: type) -> None:
    assert [(one.value, one.label) for one in mine] == stored.choices  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "entitled", "present", "votes", "words"),
    [
        ("assembly", 30, 20, 11, ""),
        ("assembly", 30, 19, 19, "不足2/3"),
        ("assembly", 30, 20, 10, "没有过半数"),
        ("adults", 100, 51, 26, ""),
        ("adults", 100, 50, 50, "没有过半数（至少51人）"),
        ("households", 90, 60, 31, ""),
        ("households", 90, 59, 59, "不足2/3（至少60户）"),
        ("assembly", 30, 31, 20, "多于应到"),
        ("assembly", 30, 25, 26, "多于实到"),
    ],
)
def test_L21_and_art_22_a_resolution_needs_quorum_and_majority(
    kind: str, entitled: int, present: int, votes: int, words: str
) -> None:
    counted = Counted(MeetingKind(kind), HELD, entitled, present, votes)

    found = "".join(rules.refusals(counted))

    assert bool(found) == bool(words)
    assert words in found


@pytest.mark.parametrize(
    ("rate", "most", "warns"),
    [
        ("100", "200", ""),
        ("99.99", "150", "99.99"),
        ("200.01", "200.01", "200.01"),
        ("150", "260", "260.00"),
    ],
)
def test_L24_amounts_outside_100_to_200_are_warned_of(
    rate: str, most: str, warns: str
) -> None:
    found = rules.outside_band(D(rate), D(most), BAND)

    assert bool(found) == bool(warns)
    assert warns in found


@pytest.mark.parametrize(
    ("studied", "words"),
    [(HELD, ""), (HELD - dt.timedelta(days=3), ""), (None, "没有写"),
     (HELD + dt.timedelta(days=1), "晚于开会日期")],
)  # fmt: skip
def test_L39_the_party_organisation_studies_first(
    studied: dt.date | None, words: str
) -> None:
    found = rules.study_warning(studied, HELD)

    assert bool(found) == bool(words)
    assert words in found


def test_L25_whoever_is_paid_was_appraised_within_a_year() -> None:
    names = sheet_rules.without_appraisal({1: "张顺民", 2: "李红英"}, {2})

    assert names == ("张顺民",)
    assert "张顺民 12 个月内没有" in "".join(sheet_rules.appraisal_warning(names))
    assert "".join(sheet_rules.appraisal_warning(())) == ""


def test_L28_a_year_is_allotted_what_was_set_last_for_it() -> None:
    known = Standards.of(
        Standard(StandardKind.ALLOTMENT, D(amount), dt.date(year, 1, 1))
        for amount, year in ((6000, 2027), (5000, 2022))
    )

    wanted = ((2021, 5000), (2026, 5000), (2027, 6000), (2030, 6000))
    for year, amount in wanted:
        assert known.allotment(year).amount == amount


def test_L28_the_refusal_says_what_is_left_and_by_how_much_it_is_too_much() -> None:
    words = fund_rules.beyond_balance(D("5000.01"), D("5000.00"))

    assert words.startswith(
        "余额只有 5,000.00 元，这一笔 5,000.01 元，超出 0.01 元，不能登记。"
    )


@pytest.mark.parametrize(
    ("percent", "on", "asks"),
    [(49, "2026-10-01", True), (50, "2026-10-01", False), (0, "2026-09-30", False),
     (0, "2027-02-01", True), (0, "2025-12-31", False)],
)  # fmt: skip
def test_unspent_money_is_asked_about_late_in_its_year(
    percent: int, on: str, asks: bool
) -> None:
    day = dt.date.fromisoformat(on)

    found = fund_rules.is_unspent_late(percent, 2026, day, late_month=10, late_share=50)

    assert found is asks


BOTH = {P.FUND_KEEP, P.FUND_CHECK}
STEPS = {
    "draft": {"refresh": "draft", "check": "checked", "void": "void"},
    "checked": {"post": "posted", "back": "draft"},
    "posted": {"back": "draft", "lock": "locked"},
    "locked": {"pay": "paid"},
    "paid": {"sign": "signed"},
    "signed": {},
    "void": {"refresh": "draft"},
}


@pytest.mark.parametrize("state", SheetState)
@pytest.mark.parametrize("act", [act for act in SheetAct if act is not SheetAct.MAKE])
def test_issue_7_a_sheet_takes_these_steps_and_no_others(
    state: SheetState, act: SheetAct
) -> None:
    wanted = STEPS[state.value].get(act.value)
    if wanted:
        assert move(state, act, BOTH, "说明").to.value == wanted
        assert act in possible(state, BOTH)
    else:
        with pytest.raises(Impossible, match="不能"):
            move(state, act, BOTH, "说明")
        assert act not in possible(state, BOTH)


def test_a_clerk_reckons_and_the_secretary_checks() -> None:
    acts = (SheetAct.REFRESH, SheetAct.VOID)
    assert possible(SheetState.DRAFT, {P.FUND_KEEP}) == acts
    with pytest.raises(NotTheirs):
        move(SheetState.DRAFT, SheetAct.CHECK, {P.FUND_KEEP})


def test_sending_back_says_why() -> None:
    with pytest.raises(Impossible, match="原因"):
        move(SheetState.POSTED, SheetAct.BACK, BOTH, " ")


@pytest.mark.parametrize(
    ("last", "objections", "words"),
    [("2026-11-05", 0, ""), ("2026-11-06", 0, "期满后"), ("2026-11-05", 2, "2 条异议"),
     (None, 0, "撤下")],
)  # fmt: skip
def test_L14_by_analogy_locking_waits_for_the_notice(
    last: str | None, objections: int, words: str
) -> None:
    day = dt.date.fromisoformat(last) if last else None

    found = sheet_rules.blocks_locking(day, objections, dt.date(2026, 11, 6))

    assert bool(found) == bool(words)
    assert words in found


@pytest.mark.parametrize(
    ("month", "on", "is_over"),
    [("2026-10-01", "2026-10-31", True), ("2026-10-01", "2026-10-30", False),
     ("2026-02-01", "2026-02-28", True), ("2026-12-01", "2026-12-30", False)],
)  # fmt: skip
def test_a_month_is_reckoned_once_its_last_day_has_come(
    month: str, on: str, is_over: bool
) -> None:
    words = sheet_rules.unfinished_month(
        dt.date.fromisoformat(month), dt.date.fromisoformat(on)
    )

    assert (words == "") is is_over
