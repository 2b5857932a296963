"""Who may stand in a by-election, and who comes first: L07–L09."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from representatives.rules.book import Finding, Rule, Rulebook
from representatives.rules.statute import RULES
from ui.words import full_day


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands for a seat.

    `born` comes from the ID number; where only `birth_year` is known the age may be
    uncertain. `is_deprived` (被剥夺政治权利) is what the village declares, None while it
    has not. `serves_in` names the villages where the person is a representative now.
    `paid_posts` are posts with a fixed allowance: 村民小组长, 护林员, 村医….
    """

    name: str
    born: date | None = None
    birth_year: int | None = None
    is_deprived: bool | None = None
    serves_in: tuple[str, ...] = ()
    is_committee_member: bool = False
    is_party_member: bool = False
    paid_posts: tuple[str, ...] = ()


def age_on(born: date, on: date) -> int:
    """Return the age in full years (周岁); the birthday itself counts.

    Who was born on 29 February turns a year older on 1 March of a common year.
    """
    has_had_birthday = (on.month, on.day) >= (born.month, born.day)
    return on.year - born.year - (not has_had_birthday)


def check_candidate(
    candidate: Candidate, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L07, L08, L09: whether a person can be elected on the election day `on`."""
    return (
        *_check_age(candidate, on, book),
        *_check_political_rights(candidate, on, book),
        *_check_single_mandate(candidate, on, book),
        *_check_no_committee_post(candidate, on, book),
    )


def _check_age(candidate: Candidate, on: date, book: Rulebook) -> tuple[Finding, ...]:
    rule = book.at("L07", on)
    if rule is None:
        return ()
    least = rule.numbers["age"]
    if candidate.born is not None:
        return _check_full_years(rule, candidate, age_on(candidate.born, on), on)
    turns = None if candidate.birth_year is None else on.year - candidate.birth_year
    if turns is not None and turns != least:
        return _check_full_years(rule, candidate, turns, on)
    problem = (
        f"{candidate.name}的出生日期没有登记，不能确定推选当日是否年满{least}周岁。"
    )
    return (Finding(rule, problem, "请补录身份证号码或出生日期。"),)


def _check_full_years(
    rule: Rule, candidate: Candidate, years: int, on: date
) -> tuple[Finding, ...]:
    least = rule.numbers["age"]
    if years >= least:
        return ()
    problem = f"{candidate.name}在推选日（{full_day(on)}）未满{least}周岁。"
    return (Finding(rule, problem, "请更换候选人，或核对出生日期。"),)


def _check_political_rights(
    candidate: Candidate, on: date, book: Rulebook
) -> tuple[Finding, ...]:
    rule = book.at("L07", on)
    if rule is None or candidate.is_deprived is False:
        return ()
    if candidate.is_deprived is None:
        problem = f"还没有确认{candidate.name}未被剥夺政治权利。"
        return (Finding(rule, problem, "请向派出所或司法所核实后勾选确认。"),)
    problem = f"{candidate.name}被依法剥夺政治权利，不能作为候选人。"
    return (Finding(rule, problem, "请更换候选人。"),)


def _check_single_mandate(
    candidate: Candidate, on: date, book: Rulebook
) -> tuple[Finding, ...]:
    rule = book.at("L08", on)
    if rule is None or not candidate.serves_in:
        return ()
    places = "、".join(candidate.serves_in)
    problem = f"{candidate.name}现任{places}代表。"
    return (Finding(rule, problem, "请先终止原任职，或更换候选人。"),)


def _check_no_committee_post(
    candidate: Candidate, on: date, book: Rulebook
) -> tuple[Finding, ...]:
    rule = book.at("L09", on)
    if rule is None or not candidate.is_committee_member:
        return ()
    problem = f"{candidate.name}是村（居）民委员会成员，当选后也不计作代表。"
    return (Finding(rule, problem, "请更换候选人。"),)


def priorities(candidate: Candidate) -> tuple[str, ...]:
    """Return the reasons to prefer a candidate, to be shown and never enforced.

    The two priorities of the report: party members; then paid group leaders, rangers,
    village doctors and the like.
    """
    reasons = []
    if candidate.is_party_member:
        reasons.append("党员，优先")
    if candidate.paid_posts:
        reasons.append(f"领取固定补贴的{'、'.join(candidate.paid_posts)}，优先")
    return tuple(reasons)
