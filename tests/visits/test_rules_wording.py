"""Every standing explains itself in one sentence."""

from __future__ import annotations

from datetime import date

import pytest

from visits.rules import (
    SENTIMENT_REVIEW,
    TALK_MEETING,
    Cadence,
    Category,
    Facts,
    Policy,
    Span,
    Waiver,
    explain,
)

POLICY = Policy(
    date(2026, 1, 1),
    Cadence.QUARTER,
    {"low_income": Cadence.MONTH, "disabled": Cadence.MONTH},
)
LINK = Span(date(2026, 7, 1))
KEY = (
    Category("low_income", "低保户", Span(date(2026, 8, 1))),
    Category("disabled", "重残户", Span(date(2026, 9, 9))),
)
ON = date(2026, 11, 23)
HOSPITAL = Waiver(date(2026, 11, 20), date(2026, 12, 10), "住院")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param(
            Facts((LINK,), (POLICY,), (date(2026, 9, 17),), KEY),
            "已逾期23天：重点联系户（低保户、重残户，自2026年8月1日起）每月至少走访1次，"
            "最近一次走访是2026年9月17日，"
            "最迟应在2026年10月31日（2026年10月的最后一天）走访。",
            id="overdue",
        ),
        pytest.param(
            Facts((LINK,), (POLICY,), (date(2026, 9, 17),)),
            "待走访，还剩38天：普通联系户（自2026年7月1日起联系）每季度至少走访1次，"
            "最近一次走访是2026年9月17日，本期截止2026年12月31日。",
            id="due",
        ),
        pytest.param(
            Facts((LINK,), (POLICY,), (date(2026, 11, 2),), KEY),
            "本期（2026年11月）已走访："
            "重点联系户（低保户、重残户，自2026年8月1日起）每月至少走访1次，"
            "最近一次走访是2026年11月2日，下一次最迟2026年12月31日走访。",
            id="done",
        ),
        pytest.param(
            Facts((Span(date(2026, 11, 15)),), (POLICY,)),
            "本期（2026年第四季度）没有到期的走访任务："
            "普通联系户（自2026年11月15日起联系）每季度至少走访1次，"
            "还没有算次数的走访，下一次最迟2027年3月31日走访。",
            id="not owed yet",
        ),
        pytest.param(
            Facts((LINK,), (POLICY,), (date(2026, 10, 9),), KEY, (HOSPITAL,)),
            "免走访（住院，2026年11月20日至2026年12月10日）："
            "重点联系户（低保户、重残户，自2026年8月1日起）每月至少走访1次，"
            "最近一次走访是2026年10月9日，下一次最迟2026年12月31日走访。",
            id="excused",
        ),
        pytest.param(
            Facts((LINK,), (POLICY,), (date(2026, 9, 17),), KEY, (HOSPITAL,)),
            "免走访（住院，2026年11月20日至2026年12月10日）："
            "重点联系户（低保户、重残户，自2026年8月1日起）每月至少走访1次，"
            "最近一次走访是2026年9月17日，"
            "2026年10月31日到期的那一次还没有走访，免走访期满后仍算逾期。",
            id="excused, missed before",
        ),
        pytest.param(
            Facts((LINK,), (POLICY,), (), (Category("low_income", "低保户", LINK),)),
            "已逾期115天：重点联系户（低保户，自2026年7月1日起联系）每月至少走访1次，"
            "还没有算次数的走访，最迟应在2026年7月31日（2026年7月的最后一天）走访。",
            id="key since the link",
        ),
        pytest.param(
            Facts(
                (LINK,),
                (POLICY,),
                (),
                (Category("low_income", "低保户", Span(date(2026, 9, 2))),),
            ),
            "已逾期54天：联系户（自2026年7月1日起联系）每季度至少走访1次，"
            "还没有算次数的走访，"
            "最迟应在2026年9月30日（2026年第三季度的最后一天）走访。",
            id="missed as an ordinary household, key since",
        ),
        pytest.param(
            Facts((Span(LINK.first, date(2026, 12, 30)),), (POLICY,), (ON,)),
            "本期（2026年第四季度）已走访："
            "普通联系户（自2026年7月1日起联系）每季度至少走访1次，"
            "最近一次走访是2026年11月23日。",
            id="no further date, the link is about to end",
        ),
        pytest.param(
            Facts((Span(date(2026, 12, 1)),), (POLICY,)),
            "当天本户没有联系代表，谈不上走访期限。",
            id="nobody linked",
        ),
    ],
)
def test_household_explains_itself(facts: Facts, sentence: str) -> None:
    assert explain(facts, ON) == sentence


def test_last_day_is_named_as_such() -> None:
    facts = Facts((LINK,), (POLICY,), (date(2026, 9, 17),))

    assert explain(facts, date(2026, 12, 31)).startswith("待走访，今天是最后一天：")


def test_past_day_is_explained_without_later_visits() -> None:
    facts = Facts((LINK,), (POLICY,), (date(2026, 9, 17), date(2026, 11, 30)))

    assert "最近一次走访是2026年9月17日" in explain(facts, ON)


def test_meeting_of_a_representative_explains_itself() -> None:
    facts = Facts(
        (Span(date(2026, 1, 18)),), (Policy(POLICY.effective_from, "quarter"),)
    )

    assert explain(facts, date(2026, 7, 10), TALK_MEETING) == (
        "已逾期10天：代表（自2026年1月18日起任职）每季度至少召开恳谈会1次，"
        "还没有恳谈会记录，"
        "最迟应在2026年6月30日（2026年第二季度的最后一天）召开恳谈会。"
    )


def test_monthly_review_of_a_village_explains_itself() -> None:
    facts = Facts(
        (Span(date(2026, 1, 1)),),
        (Policy(POLICY.effective_from, Cadence.MONTH),),
        (date(2026, 10, 9),),
    )

    assert explain(facts, ON, SENTIMENT_REVIEW) == (
        "待召开民情分析会，还剩7天："
        "村（社区）党组织（自2026年1月1日起）每月至少召开民情分析会1次，"
        "最近开了2026年10月的民情分析会，本期截止2026年11月30日。"
    )
