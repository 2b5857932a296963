"""Whether somebody may stand, why he comes first, and what his election would change."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from accounts.sealing import Sealed
from representatives.models import Candidate, Mandate, Representative, Sex
from representatives.rules import (
    RULES,
    Assembly,
    Finding,
    blocking,
    check_candidate,
    preview,
    priorities,
)
from representatives.rules import Candidate as RuledCandidate

SERVES_ALREADY = "这个人（或这个证件号）已登记为在任代表，请核对，或联系镇里核实。"
"""The same words wherever the other person serves: they tell nothing about him."""


def is_serving(id_index: str | None, former: Representative | None) -> bool:
    """Return whether somebody has a mandate now, anywhere in the city.

    A yes or no about one person who is known by the whole ID number: the only question
    that is asked beyond one's range (see the migration of `representatives_is_serving`).
    """
    if former and Mandate.objects.unended().filter(representative=former).exists():
        return True
    if not id_index:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT representatives_is_serving(%s)", [id_index])
        return bool(cursor.fetchone()[0])


def ruled(row: Candidate) -> RuledCandidate:
    """Return a candidate as the rules see one."""
    return RuledCandidate(
        name=row.name,
        born=born_of(row.id_number),
        birth_year=row.birth_year,
        is_deprived=False if row.has_rights else None,
        is_committee_member=row.on_committee,
        is_party_member=row.is_party_member,
        paid_posts=tuple(row.offices) or ("有固定补贴的岗位",)
        if row.draws_allowance
        else (),
    )


def born_of(held: Sealed | None) -> dt.date | None:
    """Return the birthday in a sealed ID number."""
    if held is None:
        return None
    number = held.reveal()
    return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def findings_of(row: Candidate, on: dt.date) -> tuple[Finding, ...]:
    """L07–L09: what stands against a candidate on the election day `on`."""
    found = list(check_candidate(ruled(row), on))
    rule = RULES.at("L08", on)
    if rule and is_serving(row.id_index, row.former):
        found.append(Finding(rule, SERVES_ALREADY))
    return tuple(found)


@dataclass(frozen=True)
class Standing:
    """A candidate as the page shows one: what blocks, what speaks for, what changes."""

    row: Candidate
    findings: tuple[Finding, ...]
    priorities: tuple[str, ...]
    effect: str

    @property
    def is_fit(self) -> bool:
        """Whether nothing blocks the person's election."""
        return not blocking(self.findings)


def standings_of(
    rows: Iterable[Candidate], assembly: Assembly, on: dt.date
) -> list[Standing]:
    """Return each candidate with findings, priorities and effect on the assembly."""
    return [
        Standing(
            row,
            findings_of(row, on),
            priorities(ruled(row)),
            effect_words(assembly, [row]),
        )
        for row in rows
    ]


def assembly_with(assembly: Assembly, elected: Iterable[Any]) -> Assembly:
    """Return the assembly as it would be with these people as well."""
    people = list(elected)
    return replace(
        assembly,
        representatives=assembly.representatives + len(people),
        women=assembly.women + sum(p.sex == Sex.FEMALE for p in people),
        minority=assembly.minority + sum(p.nation != "汉族" for p in people),
    )


def effect_words(assembly: Assembly, elected: Iterable[Candidate]) -> str:
    """L17: return the shares before and after, in one line."""
    after = assembly_with(assembly, elected)
    women = f"妇女代表 {share(assembly.women, assembly)} → {share(after.women, after)}"
    if not assembly.committee_members:
        return f"{women}（还没有录入村委会成员数，占比只作参考）"
    reps = (
        f"代表 {share(assembly.representatives, assembly)} → "
        f"{share(after.representatives, after)}"
    )
    return f"{women}，{reps}"


def share(part: int, assembly: Assembly) -> str:
    """Return a part of the assembly as a rate."""
    return f"{part * 100 / assembly.total:.1f}%" if assembly.total else "—"


def effect_findings(
    assembly: Assembly, elected: Iterable[Candidate], on: dt.date
) -> tuple[Finding, ...]:
    """L17: return what the rules say of the assembly before and after."""
    return preview(assembly, assembly_with(assembly, elected), on)
