"""What the box in the top bar finds: households by their heads, people, places.

Each kind is found as its own list finds it, so that 看全部 leads to the same rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, QuerySet, Value, When

from accounts.models import Post
from accounts.permissions import Permission
from households import listing as households
from households.models import Status
from regions.models import Level
from reports.search import places
from representatives import listing as representatives
from ui.links import address_of, page_address
from ui.parts import Tone

SHOWN = 8
"""How many of a kind are shown; a name that more people share needs its list."""
LIVING = str(Status.LIVING)


@dataclass(frozen=True)
class Find:
    """One that was found: where it is, what tells it from its namesakes, how it stands."""

    label: str
    url: str
    place: str
    about: str = ""
    tone: Tone = "ok"
    state: str = ""


@dataclass(frozen=True)
class Heap:
    """The finds of one kind. `all_url` leads to all of them, empty where these are all."""

    title: str
    finds: tuple[Find, ...]
    all_url: str = ""


def heaps(typed: str, post: Post, on: dt.date) -> list[Heap]:
    """Return what was found of each kind that the post may open; nothing of nothing."""
    if not typed:
        return []
    found = (find(typed, on) for find in _kinds(post))
    return [heap for heap in found if heap.finds]


def _kinds(post: Post) -> Iterator[Callable[[str, dt.date], Heap]]:
    if post.may(Permission.HOUSEHOLD_VIEW):
        yield _homes
    if post.may(Permission.REPRESENTATIVE_VIEW):
        yield _people
    if post.may(Permission.OVERVIEW_VIEW) and post.region.level != Level.VILLAGE:
        yield _places


def _homes(typed: str, on: dt.date) -> Heap:
    """Those whose head is called exactly so stand first, and of them who is there."""
    rows = households.matching({"q": typed, "status": "all"}, on)
    nearest = rows.order_by(
        _first(head=typed), _first(status=LIVING), "region_id", "initials", "pk"
    )
    ids = _ids(nearest)
    finds = tuple(_home(line) for line in households.lines(ids[:SHOWN], on))
    return Heap("联系户", finds, _all("households:list", ids, q=typed, status="all"))


def _home(line: households.Line) -> Find:
    tone, state = _standing(line)
    url = address_of("households:detail", line.pk)
    return Find(line.head, url, line.place, line.group, tone, state)


def _standing(line: households.Line) -> tuple[Tone, str]:
    if line.status != LIVING:
        return "off", str(Status(line.status).label)
    if line.person is None:
        return "bad", "没有联系人"
    if not line.serves:
        return "bad", f"{line.person}联系，已不在任"
    return "ok", f"{line.person}联系"


def _people(typed: str, on: dt.date) -> Heap:
    rows = representatives.matching({"q": typed, "state": "all"}, on)
    ids = _ids(rows.order_by(_first(name=typed), "region_id", "initials", "pk"))
    lines = representatives.listed(ids[:SHOWN], on)
    finds = tuple(_person(line) for line in lines)
    return Heap("代表", finds, _all("representatives:list", ids, q=typed, state="all"))


def _person(line: representatives.Listed) -> Find:
    who = line.person
    url = address_of("representatives:detail", who.pk)
    return Find(who.name, url, who.place, who.group, line.tone, line.state)


def _places(typed: str, on: dt.date) -> Heap:
    found = list(places.matching(typed)[: SHOWN + 1])
    finds = tuple(
        Find(one.name, address_of("reports:region", one.code), one.full_name)
        for one in found[:SHOWN]
    )
    return Heap("地方", finds, _all("reports:picker", found, q=typed))


def _first(**wanted: str) -> Case:
    return Case(When(**wanted, then=Value(0)), default=Value(1))


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[: SHOWN + 1])


def _all(page: str, found: Sequence[object], **asked: str) -> str:
    return f"{page_address(page)}?{urlencode(asked)}" if len(found) > SHOWN else ""
