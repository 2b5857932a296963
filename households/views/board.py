"""Who looks after whom: by place, the board of a village, choosing, the proposal."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import Below, acting, children_of, stand_in, village_of
from accounts.services import Refused
from households import services
from households.board import (
    Board,
    Person,
    alone_by_village,
    board_of,
    idle_links,
    propose_all,
)
from households.models import ContactLink, Household, Status
from households.services import Move
from regions.models import Level, Region, inside
from representatives.loads import Load, bounds_on
from representatives.models import Mandate, Representative
from ui.asked import asked_id, asked_ids
from ui.parts import Kpi

NOBODY = 0


@dataclass(frozen=True)
class Planned:
    """One household of a plan: where it is, where it would go, and why."""

    household: Household
    holder: Representative | None
    heir: Representative | None
    why: str = ""

    @property
    def token(self) -> str:
        """The move as a form sends it back: household, holder, heir."""
        ids = (
            self.household.pk,
            self.holder and self.holder.pk,
            self.heir and self.heir.pk,
        )
        return ":".join(str(one or "") for one in ids)


@dataclass(frozen=True)
class Shift:
    """A representative's load before and after a plan."""

    person: Representative
    before: Load
    after: Load


@dataclass(frozen=True)
class LinkFigures:
    """A division: households, representatives, loads amiss.

    `free` have no link; `idle` have one to somebody who no longer serves.
    """

    place: Region
    households: int
    free: int
    idle: int
    people: int
    under: int
    over: int

    @property
    def url(self) -> str:
        """The page of links of this division."""
        return reverse("households:links", args=[self.place.code])

    @property
    def mean(self) -> float | None:
        """Households for each representative."""
        linked = self.households - self.free - self.idle
        return linked / self.people if self.people else None

    @property
    def tone(self) -> str:
        """The edge of the line."""
        if self.free or self.idle or self.over:
            return "bad"
        return "warn" if self.under else ""


@requires(Permission.HOUSEHOLD_VIEW)
def links_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the links of the place where his post stands."""
    return redirect("households:links", acting(request).region_id)


@requires(Permission.HOUSEHOLD_VIEW)
def links(request: PostRequest, code: int) -> HttpResponse:
    """Show who looks after whom in a village, or figures of the divisions below."""
    place, today = stand_in(request, code), timezone.localdate()
    if place.level != Level.VILLAGE:
        return links_below(request, place, today)
    board = board_of(place, today)
    context = {
        "village": place,
        "board": board,
        "now": timezone.now(),
        "last": last_holders(board.free),
        "kpis": kpis_of(board),
        "bounds": bounds_on(today),
        "may_edit": acting(request).may(Permission.HOUSEHOLD_EDIT),
    }
    return render(request, "households/links.html", context)


def last_holders(
    free: Sequence[Household],
) -> list[tuple[Household, ContactLink | None]]:
    """Return the households without anyone, each with the link that it had last."""
    ended = ContactLink.objects.filter(household__in=free, ended_on__isnull=False)
    latest = ended.select_related("representative").order_by(
        "household_id", "-ended_on", "-pk"
    )
    by_household = {link.household_id: link for link in latest.distinct("household_id")}
    return [(household, by_household.get(household.pk)) for household in free]


def kpis_of(board: Board) -> list[Kpi]:
    """Return the figures on top of the board."""
    free = len(board.free)
    idle = sum(len(person.households) for person in board.idle)
    return [
        Kpi("联系户", f"{board.households:,}", "户"),
        Kpi(
            "没有联系人",
            f"{free:,}",
            "户",
            tone="bad" if free else "ok",
            notes=(f"另有 {idle} 户的联系人已不在任",) if idle else (),
        ),
        Kpi("在任代表", f"{len(board.serving)}", "人"),
        Kpi("户数偏多", f"{len(board.over)}", "人", tone="bad" if board.over else "ok"),
        Kpi(
            "户数偏少",
            f"{len(board.under)}",
            "人",
            tone="warn" if board.under else "ok",
        ),
    ]


def links_below(request: PostRequest, place: Region, on: dt.date) -> HttpResponse:
    """List the divisions below: exceptions first, then in administrative order."""
    living = inside(Household.objects.living(), place.scope).order_by()
    total = dict(living.values_list("region_id").annotate(n=Count("pk")))
    free = alone_by_village(on, place)
    stale = idle_links(on).filter(household__status=Status.LIVING)
    stale = inside(stale, place.scope)
    idle = dict(stale.order_by().values_list("region_id").annotate(n=Count("pk")))
    people, under, over = loads_below(place, on)
    figures = (total, free, idle, people, under, over)
    below = Below(place)
    rows = [
        LinkFigures(child, *(below.of(child, one) for one in figures))
        for child in children_of(place)
    ]
    rows.sort(key=lambda row: (row.tone == "", row.place.code))
    sums = (below.total(one) for one in figures)
    context = {
        "place": place,
        "rows": rows,
        "all": LinkFigures(place, *sums),
        "bounds": bounds_on(on),
        "unit": "村（社区）" if place.level == Level.TOWNSHIP else "乡镇（街道）",
    }
    return render(request, "households/links_below.html", context)


def loads_below(
    place: Region, on: dt.date
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """Return by village: who serves, who has too few households, who has too many."""
    links = inside(ContactLink.objects.active(on), place.scope).order_by()
    held = dict(links.values_list("representative").annotate(n=Count("pk")))
    serving = inside(Mandate.objects.active(on), place.scope).order_by()
    people: Counter[int] = Counter()
    under: Counter[int] = Counter()
    over: Counter[int] = Counter()
    bounds = bounds_on(on)
    for village, person in serving.values_list("region_id", "representative_id"):
        load = Load(held.get(person, 0), bounds)
        people[village] += 1
        under[village] += load.is_under
        over[village] += load.is_over
    return people, under, over


@requires(Permission.HOUSEHOLD_EDIT)
@require_POST
def assign(request: PostRequest, code: int) -> HttpResponse:
    """Show what giving the ticked households to somebody would do to the loads."""
    village, today = village_of(request, code), timezone.localdate()
    board = board_of(village, today)
    ticked = asked_ids([*request.POST.getlist("free"), *request.POST.getlist("ids")])
    people = {person.row.pk: person.row for person in board.serving}
    to = asked_id(request.POST.get("to"))
    if not ticked or to is None or (to != NOBODY and to not in people):
        words = "请先勾选要调整的户。" if not ticked else "请选交给哪位代表。"
        messages.error(request, words)
        return redirect("households:links", code)
    plan = plan_of(board, ticked, people.get(to))
    context = {
        "village": village,
        "plan": plan,
        "heir": people.get(to),
        "shifts": shifts_of(board, plan),
    }
    return render(request, "households/assign.html", context)


def plan_of(
    board: Board, ids: Iterable[int], heir: Representative | None
) -> list[Planned]:
    """Return the households of a plan, by group and head; unknown ones are left out."""
    rows, holders = board.by_id(), board.holders()
    planned = [
        Planned(rows[pk], holder_of(holders.get(pk)), heir) for pk in ids if pk in rows
    ]
    return sorted(
        planned, key=lambda one: (one.household.group.number, one.household.head)
    )


def holder_of(person: Person | None) -> Representative | None:
    """Return the representative behind a person of the board."""
    return person.row if person else None


def shifts_of(board: Board, plan: Iterable[Planned]) -> list[Shift]:
    """Return whose load a plan changes, before and after."""
    change: Counter[int] = Counter()
    for one in plan:
        if one.holder == one.heir:
            continue
        if one.holder:
            change[one.holder.pk] -= 1
        if one.heir:
            change[one.heir.pk] += 1
    return [
        Shift(
            person.row,
            person.load,
            Load(person.load.households + change[person.row.pk], person.load.bounds),
        )
        for person in board.serving
        if change[person.row.pk]
    ]


@requires(Permission.HOUSEHOLD_EDIT)
def propose(request: PostRequest, code: int) -> HttpResponse:
    """Propose who should look after whom in a village, as a diff to accept."""
    village, today = village_of(request, code), timezone.localdate()
    board = board_of(village, today)
    try:
        found = propose_all(board)
    except ValueError as too_large:
        messages.error(request, str(too_large))
        return redirect("households:links", code)
    people = {person.row.pk: person.row for person in board.people}
    rows = board.by_id()
    plan = [
        Planned(
            rows[change.household],
            people.get(change.from_ or NOBODY),
            people[change.to],
            change.reason,
        )
        for change in found.changes
    ]
    context = {
        "village": village,
        "board": board,
        "plan": plan,
        "shifts": shifts_of(board, plan),
        "unmet": [
            (people.get(one.representative or NOBODY), one.message)
            for one in found.unmet
        ],
        "unplaced": [rows[pk] for pk in found.unplaced],
    }
    return render(request, "households/propose.html", context)


@requires(Permission.HOUSEHOLD_EDIT)
@require_POST
def apply(request: PostRequest, code: int) -> HttpResponse:
    """Make the moves that were ticked; those out of date are named, not made."""
    village, today = village_of(request, code), timezone.localdate()
    moves = moves_of(request.POST.getlist("move"))
    if not moves:
        messages.error(request, "没有勾选任何一户，什么都没有变。")
        return redirect("households:links", code)
    try:
        moved, outdated = services.reassign(
            village=village, moves=moves, on=today, by=acting(request)
        )
    except Refused as refused:  # whoever was to take them has just left office
        messages.error(request, f"{refused}什么都没有变，请重新核对。")
        return redirect("households:links", code)
    if not outdated:
        messages.success(request, f"已调整 {moved} 户的联系人，从今天起算。")
        return redirect("households:links", code)
    context = {"village": village, "moved": moved, "outdated": outdated}
    return render(request, "households/applied.html", context)


def moves_of(tokens: Iterable[str]) -> list[Move]:
    """Return the moves that a form sent back; what is not one is left out."""
    found = []
    for token in tokens:
        household, *others = (asked_id(one) for one in token.split(":"))
        if household is not None and len(others) == 2:
            found.append(Move(household, *others))
    return found
