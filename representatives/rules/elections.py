"""A by-election from its record to the notice: L10–L14."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from representatives.rules.book import Finding, Rule, Rulebook
from representatives.rules.statute import RULES
from ui.words import full_day

# --- is the record complete ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """What L10 asks to be written down about a by-election; None is not written yet."""

    vacancy_cause: str | None = None
    vacant_since: date | None = None
    vacancy_evidence: str | None = None
    constituency: str | None = None
    met_on: date | None = None
    entitled: int | None = None
    present: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstaining: int | None = None


_RECORD_LABELS = {
    "vacancy_cause": "出缺原因",
    "vacant_since": "出缺日期",
    "vacancy_evidence": "出缺依据",
    "constituency": "推选单元",
    "met_on": "推选日期",
    "entitled": "应到人数",
    "present": "实到人数",
    "votes_for": "赞成票",
    "votes_against": "反对票",
    "votes_abstaining": "弃权票",
}


def check_record(
    record: Record, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L10: nothing that a by-election must show is missing; 0 votes is an answer."""
    rule = book.at("L10", on)
    missing = [
        _RECORD_LABELS[item.name]
        for item in fields(record)
        if getattr(record, item.name) in (None, "")
    ]
    if rule is None or not missing:
        return ()
    return (Finding(rule, f"补选记录还缺：{'、'.join(missing)}。", "请补填后再提交。"),)


# --- the meeting and the count ---------------------------------------------


class Voters(StrEnum):
    """Who is counted at the meeting of a group: adults, or one person a household."""

    ADULTS = "adults"
    HOUSEHOLDS = "households"

    @property
    def label(self) -> str:
        """The voters as the result sheet names them."""
        return "十八周岁以上村民" if self is Voters.ADULTS else "户的代表"


@dataclass(frozen=True, slots=True)
class Ballots:
    """The papers of one vote: numbers of people, then of ballots."""

    entitled: int
    present: int
    issued: int
    returned: int
    invalid: int

    @property
    def valid(self) -> int:
        """Ballots that count."""
        return max(0, self.returned - self.invalid)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the valid ballots say about one candidate."""

    candidate: str
    votes_for: int
    votes_against: int
    votes_abstaining: int

    @property
    def total(self) -> int:
        """All three together: each valid ballot says one of them."""
        return self.votes_for + self.votes_against + self.votes_abstaining


def check_turnout(
    voters: Voters, entitled: int, present: int, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L11: at least 2/3 of the adults, or of the households, of the group are there."""
    rule = book.at("L11", on)
    if rule is None or (
        entitled and rule.shares["quorum"].is_reached(present, entitled)
    ):
        return ()
    needed = rule.shares["quorum"].at_least_of(entitled)
    problem = (
        f"应到{voters.label}{entitled}人，实到{present}人，"
        f"不足{rule.shares['quorum']}（至少{needed}人），会议无效。"
    )
    return (Finding(rule, problem, "请另定日期重新开会，或核对应到和实到人数。"),)


def check_ballots(
    ballots: Ballots,
    tallies: Iterable[Tally],
    seats: int,
    on: date,
    book: Rulebook = RULES,
) -> tuple[Finding, ...]:
    """L13: every paper is accounted for, from the people present to the last vote."""
    rule = book.at("L13", on)
    if rule is None:
        return ()
    counted = tuple(tallies)
    problems = [*_odd_numbers(ballots, counted), *_imbalances(ballots)]
    problems += _odd_tallies(ballots, counted, seats)
    return tuple(Finding(rule, text, "请重新清点后更正。") for text in problems)


def _odd_numbers(ballots: Ballots, tallies: Sequence[Tally]) -> list[str]:
    numbers = [getattr(ballots, item.name) for item in fields(ballots)]
    for tally in tallies:
        numbers += [tally.votes_for, tally.votes_against, tally.votes_abstaining]
    return ["人数和票数不能是负数。"] if min(numbers) < 0 else []


def _imbalances(ballots: Ballots) -> list[str]:
    chain = (
        ("实到", ballots.present, "应到", ballots.entitled),
        ("发出票", ballots.issued, "实到", ballots.present),
        ("收回票", ballots.returned, "发出票", ballots.issued),
        ("无效票", ballots.invalid, "收回票", ballots.returned),
    )
    return [
        f"{part}（{number}）多于{whole}（{limit}）。"
        for part, number, whole, limit in chain
        if number > limit
    ]


def _odd_tallies(ballots: Ballots, tallies: Sequence[Tally], seats: int) -> list[str]:
    problems = [
        f"{tally.candidate}的赞成、反对、弃权票相加为{tally.total}，"
        f"加上无效票{ballots.invalid}，不等于收回票{ballots.returned}。"
        for tally in tallies
        if tally.total + ballots.invalid != ballots.returned
    ]
    votes_for = sum(tally.votes_for for tally in tallies)
    if votes_for > ballots.valid * seats:
        problems.append(
            f"赞成票合计{votes_for}，多于有效票{ballots.valid}张乘名额{seats}个；"
            "一张票上赞成的人多于名额的，是无效票。"
        )
    return problems


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is elected; who must be voted on again for a tie; who fell short.

    `vacant` counts the seats for which nobody had enough votes; a tie is not among
    them, because the next vote fills it.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    short: tuple[str, ...]
    vacant: int
    findings: tuple[Finding, ...]


def count_votes(
    tallies: Iterable[Tally],
    *,
    present: int,
    seats: int,
    on: date,
    book: Rulebook = RULES,
) -> Outcome:
    """L12: elected is who has the votes of more than 1/2 of those present.

    Of more people than seats those with most votes are elected; a tie at the last seat
    is voted on again among those who tie. Raises ValueError when the rule is not yet
    in force on `on`, because then there is no way to count.
    """
    rule = book.at("L12", on)
    if rule is None:
        raise ValueError(f"{full_day(on)}还没有施行推选计票的规定，请核对推选日期。")
    majority = rule.shares["majority"]
    ranked = sorted(tallies, key=lambda t: -t.votes_for)
    over = [t for t in ranked if majority.is_exceeded(t.votes_for, present)]
    short = tuple(t.candidate for t in ranked if t not in over)
    elected, tied = _fill(over, seats)
    vacant = 0 if tied else seats - len(elected)
    findings = _count_findings(rule, tied, vacant, majority.more_than_of(present))
    return Outcome(elected, tied, short, vacant, findings)


def _fill(over: Sequence[Tally], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split those over the majority into the elected and those who tie at the end."""
    if len(over) <= seats:
        return tuple(t.candidate for t in over), ()
    limit = over[seats].votes_for
    elected = [t.candidate for t in over[:seats] if t.votes_for > limit]
    tied = [t.candidate for t in over if t.votes_for == limit]
    if len(elected) == seats:
        return tuple(elected), ()
    return tuple(elected), tuple(tied)


def _count_findings(
    rule: Rule, tied: Sequence[str], vacant: int, needed: int
) -> tuple[Finding, ...]:
    findings = []
    if tied:
        problem = f"{'、'.join(tied)}票数相等，不能确定谁当选。"
        findings.append(Finding(rule, problem, "请对票数相等的人重新投票。"))
    if vacant:
        problem = f"赞成票达到{needed}票才能当选，还有{vacant}个名额没有人达到。"
        findings.append(Finding(rule, problem, "请另行组织推选。"))
    return tuple(findings)


# --- the notice ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """The public notice of a result; both days belong to it."""

    first: date
    last: date
    open_objections: int = 0

    @property
    def days(self) -> int:
        """Days on view, the first and the last one included."""
        return (self.last - self.first).days + 1


def check_notice(
    notice: Notice | None, begins: date, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L14: the mandate begins after a full notice without an open objection.

    `begins` is the day the mandate is to begin, `on` the day the rule is taken from
    (the election day), so that a change of the days does not reach running notices.
    """
    rule = book.at("L14", on)
    if rule is None:
        return ()
    if notice is None:
        return (Finding(rule, "推选结果还没有公示。", "请先公示。"),)
    findings = []
    least = rule.numbers["days"]
    if notice.days < least:
        problem = f"公示{notice.days}天，不足{least}天。"
        findings.append(Finding(rule, problem, "请延长公示截止日期。"))
    if begins <= notice.last:
        problem = f"任职开始日期{full_day(begins)}不在公示截止日期{full_day(notice.last)}之后。"
        findings.append(Finding(rule, problem, "请把任职开始日期改到公示期满之后。"))
    if notice.open_objections:
        problem = f"还有{notice.open_objections}条异议没有处理。"
        findings.append(Finding(rule, problem, "请处理完异议再开始任职。"))
    return tuple(findings)
