"""The make-up of the assembly of a village, and its seats: L01–L05, L09, L15–L17."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from representatives.rules.book import Finding, Rulebook
from representatives.rules.statute import RULES
from ui.words import full_day


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the assembly (村民代表会议), with the posts he or she holds."""

    name: str
    is_representative: bool
    is_committee_member: bool = False
    is_woman: bool = False
    is_minority: bool = False

    @property
    def counts_as_representative(self) -> bool:
        """A committee member is never counted as a representative (L09)."""
        return self.is_representative and not self.is_committee_member


@dataclass(frozen=True, slots=True)
class Assembly:
    """The assembly in figures: numbers of people, each person counted once.

    `women` and `minority` are representatives; committee members are in neither,
    while the shares are taken of all members (domain 2.1, "note the denominators").
    """

    representatives: int
    committee_members: int
    women: int
    minority: int = 0

    @classmethod
    def of(cls, members: Iterable[Member]) -> Assembly:
        """Count the members of a village's assembly."""
        everyone = tuple(members)
        counted = [member for member in everyone if member.counts_as_representative]
        return cls(
            representatives=len(counted),
            committee_members=sum(m.is_committee_member for m in everyone),
            women=sum(m.is_woman for m in counted),
            minority=sum(m.is_minority for m in counted),
        )

    @property
    def total(self) -> int:
        """Everybody who has a seat in the assembly."""
        return self.representatives + self.committee_members


def check_representatives_share(
    assembly: Assembly, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L01: representatives are at least 4/5 of the assembly."""
    rule = book.at("L01", on)
    part, whole = assembly.representatives, assembly.total
    if rule is None or rule.shares["least"].is_reached(part, whole):
        return ()
    problem = f"村民代表会议共{whole}人，其中代表{part}人，不足{rule.shares['least']}。"
    return (Finding(rule, problem, "请补选空缺名额，或由村民会议增加代表名额。"),)


def check_women_share(
    assembly: Assembly, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L02: women representatives are at least 1/3 of the whole assembly."""
    rule = book.at("L02", on)
    if rule is None or rule.shares["least"].is_reached(assembly.women, assembly.total):
        return ()
    share = rule.shares["least"]
    short = share.at_least_of(assembly.total) - assembly.women
    problem = (
        f"村民代表会议共{assembly.total}人，其中妇女代表{assembly.women}人，"
        f"不足{share}，还差{short}人。"
    )
    return (Finding(rule, problem, "补选时请优先推选妇女代表。"),)


def check_minority_share(
    assembly: Assembly,
    on: date,
    *,
    minority_residents: int | None,
    residents: int,
    book: Rulebook = RULES,
) -> tuple[Finding, ...]:
    """L03: minorities have their share of the representatives, where it is recorded.

    `minority_residents=None` means that the village has not recorded the number.
    """
    rule = book.at("L03", on)
    if rule is None or minority_residents is None:
        return ()
    if assembly.minority * residents >= minority_residents * assembly.representatives:
        return ()
    problem = (
        f"少数民族人口{minority_residents}人（全村{residents}人），"
        f"少数民族代表{assembly.minority}人（共{assembly.representatives}人），"
        "代表占比低于人口占比。"
    )
    return (Finding(rule, problem, "补选时请适当考虑少数民族代表。"),)


def check_double_posts(
    members: Iterable[Member], on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L09: nobody is counted as committee member and representative at once."""
    rule = book.at("L09", on)
    both = [m.name for m in members if m.is_representative and m.is_committee_member]
    if rule is None or not both:
        return ()
    problem = f"{'、'.join(both)}是村（居）民委员会成员，又登记为代表。"
    return (Finding(rule, problem, "计算比例时只算委员会成员；请终止代表任职并补选。"),)


def preview(
    before: Assembly, after: Assembly, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L17: tell what a change does to L01 and L02, before it is saved.

    The finding of L17 gives the figures before and after, those of L01 and L02 follow
    for the state after.
    """
    rule = book.at("L17", on)
    if rule is None:
        return ()
    problem = (
        f"补选前：代表{before.representatives}人、妇女代表{before.women}人，"
        f"共{before.total}人；补选后：代表{after.representatives}人、"
        f"妇女代表{after.women}人，共{after.total}人。"
    )
    return (
        Finding(rule, problem),
        *check_representatives_share(after, on, book),
        *check_women_share(after, on, book),
    )


class ElectingMode(StrEnum):
    """How a constituency (推选单元) is formed: a set of households, or a group."""

    HOUSEHOLDS = "households"
    GROUP = "group"

    @property
    def label(self) -> str:
        """The mode as the rosters write it."""
        return "按户推选" if self is ElectingMode.HOUSEHOLDS else "按组推选"


@dataclass(frozen=True, slots=True)
class Constituency:
    """A constituency: whom it consists of, its seats, and how many are filled.

    `seats_decided` says that a decision of the 村民会议 on the seats is recorded.
    """

    name: str
    mode: ElectingMode
    households: int
    groups: tuple[str, ...]
    seats: int
    filled: int
    seats_decided: bool = True

    @property
    def vacant(self) -> int:
        """Seats without a mandate."""
        return max(0, self.seats - self.filled)


def check_households_per_seat(
    constituency: Constituency, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L04: where households elect, there are 5 to 15 of them for each seat."""
    rule = book.at("L04", on)
    if rule is None or constituency.mode is not ElectingMode.HOUSEHOLDS:
        return ()
    least, most = rule.numbers["least"], rule.numbers["most"]
    low, high = least * constituency.seats, most * constituency.seats
    if low <= constituency.households <= high:
        return ()
    problem = (
        f"推选单元“{constituency.name}”有{constituency.households}户、"
        f"{constituency.seats}个名额，应在{low}至{high}户之间。"
    )
    return (Finding(rule, problem, "请调整推选单元的户，或按程序调整名额。"),)


def check_group_constituency(
    constituency: Constituency, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L05: where a group elects, it is exactly one, and its seats were decided."""
    rule = book.at("L05", on)
    if rule is None or constituency.mode is not ElectingMode.GROUP:
        return ()
    findings = []
    if len(constituency.groups) != 1:
        problem = (
            f"推选单元“{constituency.name}”包含{len(constituency.groups)}个村民小组。"
        )
        findings.append(Finding(rule, problem, "按组推选的，请只选一个村民小组。"))
    if not constituency.seats_decided:
        problem = f"推选单元“{constituency.name}”的名额没有村民会议决定的记录。"
        findings.append(Finding(rule, problem, "请补录决定的日期和名额。"))
    return tuple(findings)


def check_seats(
    constituencies: Iterable[Constituency],
    declared: int,
    on: date,
    book: Rulebook = RULES,
) -> tuple[Finding, ...]:
    """L15: no constituency is overfilled, and the village's seats are their sum."""
    rule = book.at("L15", on)
    if rule is None:
        return ()
    units = tuple(constituencies)
    findings = [
        Finding(
            rule,
            f"推选单元“{unit.name}”名额{unit.seats}个，在任代表{unit.filled}人。",
            "请核对哪一位的任职已经终止。",
        )
        for unit in units
        if unit.filled > unit.seats
    ]
    total = sum(unit.seats for unit in units)
    if total != declared:
        problem = f"全村名额登记为{declared}个，各推选单元相加为{total}个。"
        findings.append(Finding(rule, problem, "请更正全村名额或推选单元的名额。"))
    return tuple(findings)


def check_vacancy_age(
    place: str, vacant_since: date, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L16: a seat has not been empty for more than the days allowed (default 60).

    `vacant_since` is the day the mandate ended, and is day 0.
    """
    rule = book.at("L16", on)
    days = (on - vacant_since).days
    if rule is None or days <= rule.numbers["days"]:
        return ()
    problem = f"{place}自{full_day(vacant_since)}出缺，已{days}天，超过{rule.numbers['days']}天。"
    return (Finding(rule, problem, "请尽快组织补选。"),)
