"""The standing of a duty in one Chinese sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ui.words import full_day
from visits.rules.due import Judgement, Owed, Standing, assess, last_visit_on
from visits.rules.facts import Facts, cadence_on, key_categories
from visits.rules.periods import Cadence, Period, Span

SOURCE_REPORT = (
    "邵东市村（居）民代表联系群众工作机制（报道）：重点联系户每月上门走访不少于1次，"
    "联系户每季度上门走访不少于1次，每季度召集1次恳谈会；"
    "村（社区）党组织每月召开1次民情分析会"
)
"""Where the cadences L31 to L34 of domain 2.3 come from; shown beside the settings."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of one kind of duty: whom it is about, what is done, what began it.

    `never`: nothing that counts was done yet. A household may have been called or met.
    `is_of_a_month`: what is done is a month's, and named by it: it may be held late.
    """

    holder: str
    ordinary: str
    act: str
    noun: str
    began: str
    nobody: str
    never: str
    is_of_a_month: bool = False


HOUSEHOLD_VISIT = Subject(
    "联系户",
    "普通联系户",
    "走访",
    "走访",
    "起联系",
    "当天本户没有联系代表，谈不上走访期限",
    "还没有算次数的走访",
)
TALK_MEETING = Subject(
    "代表",
    "代表",
    "召开恳谈会",
    "恳谈会",
    "起任职",
    "当天不在任期内，不要求召开恳谈会",
    "还没有恳谈会记录",
)
SENTIMENT_REVIEW = Subject(
    "村（社区）党组织",
    "村（社区）党组织",
    "召开民情分析会",
    "民情分析会",
    "起",
    "当天还没有召开民情分析会的要求",
    "还没有民情分析会记录",
    is_of_a_month=True,
)


def explain(facts: Facts, on: date, subject: Subject = HOUSEHOLD_VISIT) -> str:
    """Say in one sentence how the duty stands on `on` and why.

    The outcome; the rule and since when it applies; the last visit; the last day of
    the period. The dates are those of `assess`, so that the two cannot differ.
    """
    return explain_judged(facts, assess(facts, on), on, subject)


def explain_judged(
    facts: Facts, judged: Judgement | None, on: date, subject: Subject = HOUSEHOLD_VISIT
) -> str:
    """Say the sentence of `explain` where the judgement of `assess` is at hand already."""
    if judged is None:
        return f"{subject.nobody}。"
    owed = judged.owed
    parts = [_rule(facts, on, owed, subject), _last(facts, on, subject)]
    if owed is not None:
        parts.append(_deadline(judged, owed, subject))
    return f"{_outcome(facts, judged, subject)}：{'，'.join(parts)}。"


def _outcome(facts: Facts, judged: Judgement, subject: Subject) -> str:
    if judged.standing is Standing.OVERDUE:
        return f"已逾期{judged.days_overdue}天"
    if judged.waiver is not None:
        waiver = judged.waiver
        return f"免{subject.act}（{waiver.reason}，{full_day(waiver.first)}至{full_day(waiver.last)}）"
    if judged.standing is Standing.DUE:
        left = f"还剩{judged.days_left}天" if judged.days_left else "今天是最后一天"
        return f"待{subject.act}，{left}"
    period = cadence_on(facts, judged.on).period(judged.on)
    return _done(facts, period, judged.on, subject)


def _done(facts: Facts, period: Period, on: date, subject: Subject) -> str:
    last = last_visit_on(facts, on)
    is_visited = last is not None and last in period
    verdict = f"已{subject.act}" if is_visited else f"没有到期的{subject.noun}任务"
    return f"本期（{period.label}）{verdict}"


def _rule(facts: Facts, on: date, owed: Owed | None, subject: Subject) -> str:
    """Name the rule that makes the due date, and the day since which it applies."""
    cadence = owed.cadence if owed else cadence_on(facts, on)
    day = owed.period.end if owed else on
    chain = next(chain for chain in facts.chains if on in chain)
    since = f"自{full_day(chain.first)}{subject.began}"
    names = "、".join(category.name for category in key_categories(facts, day))
    if cadence is Cadence.MONTH and names:
        run = next((span for span in facts.monthly if day in span), chain)
        holder = f"重点{subject.holder}（{names}，{_since_run(run, chain, since)}）"
    else:
        holder = f"{subject.holder if names else subject.ordinary}（{since}）"
    return f"{holder}{cadence.label}至少{subject.act}1次"


def _since_run(run: Span, chain: Span, linked: str) -> str:
    return f"自{full_day(run.first)}起" if run.first > chain.first else linked


def _last(facts: Facts, on: date, subject: Subject) -> str:
    last = last_visit_on(facts, on)
    if last is None:
        return subject.never
    if subject.is_of_a_month:
        return f"最近开了{last.year}年{last.month}月的{subject.noun}"
    return f"最近一次{subject.noun}是{full_day(last)}"


def _deadline(judged: Judgement, owed: Owed, subject: Subject) -> str:
    ends = full_day(owed.period.end)
    if judged.standing is Standing.OVERDUE:
        return f"最迟应在{ends}（{owed.period.label}的最后一天）{subject.act}"
    if judged.standing is Standing.DUE:
        return f"本期截止{ends}"
    if owed.period.end < judged.on:  # missed before the waiver began
        return f"{ends}到期的那一次还没有{subject.act}，免{subject.act}期满后仍算逾期"
    return f"下一次最迟{ends}{subject.act}"
