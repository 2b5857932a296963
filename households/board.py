"""Who looks after whom in one village, as the board, the proposal and a hand-over see it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from households import proposal
from households.models import ContactLink, ContactLinkQuerySet, Household
from regions.models import Region, inside
from representatives.loads import Load, bounds_on
from representatives.models import Constituency, Mandate, Representative

UNATTENDED = """
SELECT (SELECT count(*) FROM households_household WHERE status = 'living')
       - (SELECT count(*) FROM households_contactlink
          WHERE started_on <= %(on)s AND (ended_on IS NULL OR ended_on > %(on)s)),
       (SELECT count(*)
        FROM households_contactlink link
        JOIN households_household home ON home.id = link.household_id
        WHERE home.status = 'living' AND link.started_on <= %(on)s
          AND (link.ended_on IS NULL OR link.ended_on > %(on)s)
          AND link.representative_id NOT IN (
              SELECT representative_id FROM representatives_mandate
              WHERE started_on <= %(on)s AND until >= %(on)s
                AND (ended_on IS NULL OR ended_on > %(on)s)))
"""


@dataclass(frozen=True)
class Person:
    """A representative with the households that he looks after.

    `serves` is false for one whose term ran out, or who left: his households need
    somebody else.
    """

    row: Representative
    constituency: int | None
    group: int | None
    serves: bool
    households: tuple[Household, ...]
    load: Load


@dataclass(frozen=True)
class Board:
    """A village: households without anyone, and everybody with his households.

    `of_group` is the constituency that a whole group is, `key` the ids of 重点户.
    """

    village: Region
    on: dt.date
    free: tuple[Household, ...]
    people: tuple[Person, ...]
    of_group: dict[int, int] = field(default_factory=dict)
    key: frozenset[int] = frozenset()

    @property
    def serving(self) -> list[Person]:
        """Those who may be given households."""
        return [person for person in self.people if person.serves]

    @property
    def idle(self) -> list[Person]:
        """Those who still have households though they no longer serve."""
        return [person for person in self.people if not person.serves]

    @property
    def households(self) -> int:
        """How many households the village's roll has."""
        return len(self.free) + sum(len(p.households) for p in self.people)

    @property
    def under(self) -> list[Person]:
        """Those with too few households."""
        return [person for person in self.serving if person.load.is_under]

    @property
    def over(self) -> list[Person]:
        """Those with too many."""
        return [person for person in self.serving if person.load.is_over]

    @property
    def is_settled(self) -> bool:
        """Whether everybody is looked after and every load is right."""
        return not (self.free or self.idle or self.under or self.over)

    def holders(self) -> dict[int, Person]:
        """Return who looks after each household, by its id."""
        return {h.pk: person for person in self.people for h in person.households}

    def by_id(self) -> dict[int, Household]:
        """Return every household of the board by its id."""
        held = (h for person in self.people for h in person.households)
        return {household.pk: household for household in (*self.free, *held)}


def board_of(village: Region, on: dt.date) -> Board:
    """Return the village's board on the day `on`; six statements, whatever its size."""
    living = Household.objects.living().filter(region=village)
    rows = living.select_related("group").with_categories(on)
    households = list(rows.order_by("group__number", "initials", "pk"))
    holder = dict(
        ContactLink.objects.active(on)
        .filter(region=village)
        .values_list("household_id", "representative_id")
    )
    held: dict[int, list[Household]] = defaultdict(list)
    free = []
    for household in households:
        if (person := holder.get(household.pk)) is None:
            free.append(household)
        else:
            held[person].append(household)
    mandates = serving_mandates(village, on)
    people = [_serving(mandate, held, on) for mandate in mandates]
    idle_ids = held.keys() - {mandate.representative_id for mandate in mandates}
    return Board(
        village,
        on,
        tuple(free),
        (*_idle(idle_ids, held, on), *people),
        electing_groups(village),
        frozenset(household.pk for household in households if is_key(household)),
    )


def is_key(household: Household) -> bool:
    """Return whether one of the categories that were fetched along makes it 重点."""
    return any(tag.category.is_key for tag in household.current_tags)  # type: ignore[attr-defined]


def serving_mandates(village: Region, on: dt.date) -> list[Mandate]:
    """Return the village's mandates in force, by group and name of who holds them."""
    active = Mandate.objects.active(on).filter(region=village)
    related = active.select_related(
        "representative__group", "seat__constituency__group"
    )
    return list(
        related.order_by("representative__group__number", "representative__initials")
    )


def serving_people(village: Region, on: dt.date) -> list[Representative]:
    """Return those of the village who may be given households."""
    return [mandate.representative for mandate in serving_mandates(village, on)]


def idle_links(on: dt.date) -> ContactLinkQuerySet:
    """Return links in force to people who no longer serve: somebody else is needed."""
    serving = Mandate.objects.active(on).values("representative")
    return ContactLink.objects.active(on).exclude(representative__in=serving)


def alone_by_village(on: dt.date, place: Region) -> dict[int, int]:
    """Return how many households have no link, by village; villages without any left out.

    Every household that is on the roll has at most one link in force, and one that
    leaves the roll has none: what has no link is the difference of two counts.
    """
    living = inside(Household.objects.living(), place.scope).order_by()
    linked = inside(ContactLink.objects.active(on), place.scope).order_by()
    counts = dict(living.values_list("region_id").annotate(n=Count("pk")))
    held = dict(linked.values_list("region_id").annotate(n=Count("pk")))
    alone = {code: n - held.get(code, 0) for code, n in counts.items()}
    return {code: n for code, n in alone.items() if n}


def unattended(on: dt.date) -> dict[str, int]:
    """Return how many households nobody serving looks after, for the line on top.

    The sums of `alone_by_village` (`without`) and of `idle_links` to living households
    (`idle`), in one statement: each opening of the roll asks them.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNATTENDED, {"on": on})
        without, idle = cursor.fetchone()
    return {"without": without, "idle": idle}


def electing_groups(village: Region) -> dict[int, int]:
    """Return the constituency by group, for groups that are the whole of one.

    Households are rarely put to a constituency one by one; where a group has exactly
    one constituency it is theirs.
    """
    units: dict[int, list[int]] = defaultdict(list)
    rows = Constituency.objects.current().filter(region=village, group__isnull=False)
    for group, unit in rows.values_list("group_id", "pk"):
        units[group].append(unit)
    return {group: found[0] for group, found in units.items() if len(found) == 1}


def _serving(mandate: Mandate, held: dict[int, list[Household]], on: dt.date) -> Person:
    row, unit = mandate.representative, mandate.seat.constituency
    group = row.group or unit.group
    households = tuple(held[row.pk])
    return Person(
        row=row,
        constituency=unit.pk,
        group=group.number if group else None,
        serves=True,
        households=households,
        load=Load(len(households), bounds_on(on)),
    )


def _idle(
    ids: Iterable[int], held: dict[int, list[Household]], on: dt.date
) -> Iterable[Person]:
    rows = Representative.objects.filter(pk__in=list(ids)).select_related("group")
    for row in rows.order_by("initials", "pk"):
        households = tuple(held[row.pk])
        load = Load(len(households), bounds_on(on))
        yield Person(row, None, None, False, households, load)


def propose_all(board: Board) -> proposal.Proposal:
    """Propose who should look after whom in the whole village; ValueError if too large."""
    holders = board.holders()
    return proposal.propose(
        (_asked(board, h, holders.get(h.pk)) for h in board.by_id().values()),
        people_of(board.serving, board.on),
    )


def propose_heirs(board: Board, leaving: Representative) -> dict[int, int]:
    """Propose who takes over the households of one who leaves; all others stay.

    Returns the next representative by household; ValueError if the village is too
    large for one proposal.
    """
    staying = [person for person in board.serving if person.row.pk != leaving.pk]
    holders = board.holders()
    asked = [
        _asked(board, household, holder, pinned=True)
        for household in board.by_id().values()
        if (holder := holders.get(household.pk)) and holder in staying
    ]
    asked += [
        _asked(board, household, None)
        for person in board.people
        if person.row.pk == leaving.pk
        for household in person.households
    ]
    found = proposal.propose(asked, people_of(staying, board.on))
    return {change.household: change.to for change in found.changes}


def people_of(people: Sequence[Person], on: dt.date) -> list[proposal.Representative]:
    """Return the people as the proposal sees them."""
    bounds = bounds_on(on)
    return [
        proposal.Representative(
            id=person.row.pk,
            group=person.group,
            constituency=person.constituency,
            least=bounds.least,
            most=bounds.most,
        )
        for person in people
    ]


def _asked(
    board: Board, household: Household, holder: Person | None, *, pinned: bool = False
) -> proposal.Household:
    unit = household.constituency_id or board.of_group.get(household.group_id)
    return proposal.Household(
        id=household.pk,
        group=household.group.number,
        constituency=unit,
        representative=holder.row.pk if holder else None,
        pinned=pinned,
    )
