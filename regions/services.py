"""Changing the division tree. It is loaded from a list and never overwritten silently."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db import transaction

from regions.models import Level, Region
from regions.rules import Differences, Division, differences
from regions.scoping import scope, span


class Contradiction(Exception):
    """The change would contradict the tree; the message says how."""


Standing = Callable[[int], str]
_standing: list[Standing] = []


def ask_before_ending(standing: Standing) -> None:
    """Have `standing` asked what a division still has before it ends, e.g. “在册的联系户 8 户”.

    It gets the code, in a scope over the division; empty words are no obstacle.
    """
    _standing.append(standing)


def in_force() -> dict[int, Division]:
    """Return the divisions that have not ended, as the rules see them."""
    return {
        region.code: Division(
            region.code, region.name, region.level, region.kind, region.parent_id
        )
        for region in Region.objects.current()
    }


def differences_with(listed: dict[int, Division]) -> Differences:
    """Return how `listed` differs from the divisions in force, and from those ended."""
    ended = Region.objects.exclude(ended_on=None).values_list("code", flat=True)
    return differences(listed, in_force(), ended=set(ended))


@transaction.atomic
def add_divisions(divisions: Iterable[Division]) -> int:
    """Add divisions, parents first; return how many.

    Raises Contradiction for a second city: another one is another deployment.
    """
    divisions = list(divisions)
    ours = Region.objects.filter(level=Level.CITY).first()
    for division in divisions:
        if ours and division.level == Level.CITY:
            raise Contradiction(
                f"这套系统是{ours.name}的，不能再加入{division.name}；请另外部署一套。"
            )
    order = {"city": 0, "township": 1, "village": 2}
    rows = [
        Region(
            code=division.code,
            name=division.name,
            level=division.level,
            kind=division.kind,
            parent_id=division.parent,
        )
        for division in sorted(divisions, key=lambda d: (order[d.level], d.code))
    ]
    return len(Region.objects.bulk_create(rows))


@transaction.atomic
def apply_renames(changes: Differences) -> int:
    """Take over the names and kinds that the new list gives; return how many."""
    for _, new in changes.renamed:
        Region.objects.filter(code=new.code).update(name=new.name, kind=new.kind)
    return len(changes.renamed)


@transaction.atomic
def end_division(*, code: int, on: dt.date, successor: int | None = None) -> Region:
    """End a division from `on`; `successor` is the one it was merged into.

    Its rows stay under its code: history stays where it happened. So nobody may be on
    its rolls any more, whom no list and no rate would show; raises Contradiction then.
    """
    region = Region.objects.select_for_update().filter(code=code).first()
    if region is None or region.ended_on:
        raise Contradiction(f"没有在用的区划 {code}。")
    if region.children.filter(ended_on=None).exists():
        raise Contradiction(f"{region.name}下面还有在用的区划，请先处理下级。")
    if left := _left_in(code):
        raise Contradiction(f"{region.name}还有{left}，请先调出或办理离任，再撤销。")
    if successor is not None:
        heir = Region.objects.current().filter(code=successor).first()
        if heir is None or heir.level != region.level or heir.code == region.code:
            raise Contradiction(f"接收区划 {successor} 不存在、已撤销或层级不同。")
        region.successor = heir
    region.ended_on = on
    region.save(update_fields=["ended_on", "successor"])
    return region


def _left_in(code: int) -> str:
    with scope(replace(span(code), why="撤销区划")):
        return "、".join(words for standing in _standing if (words := standing(code)))
