"""A township's roll of households as a workbook, and the database it belongs to."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from accounts.audit import system_scope
from accounts.models import Post
from households.resources import DECLARATION
from regions.scoping import narrowed
from reports.demo.accounts import PEOPLE, open_account, record_keeper
from reports.demo.plans import Calendar, Home, Village
from reports.demo.townships import Size, planned
from reports.demo.writing import VillageWriter
from workbooks.writing import write_table

TOWNSHIP = 430582113000
CATEGORIES = {
    "dibao": "低保户", "tekun": "特困供养户", "monitored": "防返贫监测户",
    "illness": "重病户", "disability": "重残户", "elderly": "空巢老人户",
    "left_child": "留守儿童户", "hard_child": "困境儿童户", "veteran": "烈属军属户",
    "left_woman": "留守妇女困难户", "accident": "突发变故户", "other": "其他重点户",
}  # fmt: skip
KEYS = (
    "township", "village", "group", "head", "id_number", "members", "address", "phone",
    "kind", "categories", "representative", "linked_on",
)  # fmt: skip


@dataclass(frozen=True)
class Roll:
    """A workbook of households whose representatives the database knows."""

    path: Path
    rows: int
    post: Post
    """From which it is imported: the township's."""


def set_up(path: Path, households: int) -> Roll:
    """Enter a township's representatives into the connected database.

    Its households, of about that number, go into a workbook at `path`.
    """
    today = timezone.localdate()
    size = Size("魏家桥镇", TOWNSHIP, households, "430595")
    with system_scope("性能测量的准备"):
        person = next(person for person in PEOPLE if person.username == "township")
        post = open_account(person)
        with narrowed(TOWNSHIP):
            villages = planned(size, today)
            VillageWriter(villages, record_keeper(), Calendar(today)).write_assemblies()
    rows = list(_rows(villages, households, Calendar(today).linked_on))
    columns = tuple(DECLARATION.column(key) for key in KEYS)
    write_table(path, columns, rows, count=len(rows), name="联系户花名册")
    return Roll(path, len(rows), post)


def _rows(
    villages: Sequence[Village], households: int, since: dt.date
) -> Iterator[Sequence[object]]:
    """Yield the rows of the households that have everything, up to so many."""
    count = 0
    for village in villages:
        serving: dict[str, int] = {}
        for member in village.members:
            if member.ended_on is None:
                name = member.person.name
                serving[name] = serving.get(name, 0) + 1
        for home in village.homes:
            if count < households and home.status == "living":
                count += 1
                yield _row(village, home, serving, since)


def _row(
    village: Village, home: Home, serving: dict[str, int], since: dt.date
) -> Sequence[object]:
    codes = [code for code, _, ended in home.tags if ended is None]
    keeper = home.care.member.person.name if home.care else ""
    # Two of one name in a village would be refused: the phone is not in this file.
    keeper = keeper if serving.get(keeper) == 1 else ""
    return (
        *("魏家桥镇", village.name, f"{home.unit.group}组", home.head.name),
        *(home.head.id_number, home.members, f"{village.name}{home.unit.group}组"),
        *(home.head.phone, "重点" if codes else "普通"),
        "、".join(CATEGORIES[code] for code in codes),
        *(keeper, since),
    )
