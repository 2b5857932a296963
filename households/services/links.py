"""Who looks after whom: assigning, moving many at once, handing over on leaving office."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from households.models import ContactLink, Household, LinkEnd, Status
from regions.models import Region
from representatives import services as representatives
from representatives.models import Mandate, MandateEnd, Representative

PLACES = ("patch", "neighbourhood", "grid")
"""Labels that say where a household is: they outlast a change of its representative."""
LABELS = ("party_member", *PLACES)


@dataclass(frozen=True)
class Move:
    """A household to be looked after by somebody else; ids, None is nobody.

    `held_by` is who had it when the move was thought out: if somebody else has it by
    now, the move is out of date.
    """

    household: int
    held_by: int | None
    to: int | None


@dataclass(frozen=True)
class Outdated:
    """A move that was not made because something had changed; `words` say what."""

    head: str
    words: str


@transaction.atomic
def assign(
    *,
    households: Sequence[Household],
    representative: Representative | None,
    on: dt.date,
    by: Post,
) -> int:
    """Give households to a representative from `on`, or to nobody; return how many moved.

    A link that began the same day is corrected rather than ended: it never held.
    Raises Refused unless all belong to the representative's village and he serves.
    """
    _refuse_strangers(_locked(h.pk for h in households), representative, on)
    wanted = representative.pk if representative else None
    held = _unended_links(households)
    moving = [
        household
        for household in households
        if (held[household.pk].representative_id if household.pk in held else None)
        != wanted
    ]
    _end_links([held[h.pk] for h in moving if h.pk in held], on, LinkEnd.REASSIGNED)
    if representative:
        _begin_links(moving, representative, on, by, held)
    return len(moving)


@transaction.atomic
def reassign(
    *, village: Region, moves: Sequence[Move], on: dt.date, by: Post
) -> tuple[int, list[Outdated]]:
    """Make those of the moves that are not out of date; return how many, and the rest.

    One line of a proposal never holds up the others: what has changed since it was
    drawn up is left as it is and named.
    """
    rows = {h.pk: h for h in _locked(move.household for move in moves)}
    held = _unended_links(list(rows.values()))
    people = _people({move.to for move in moves if move.to}, village, on)
    outdated: list[Outdated] = []
    fresh: dict[int | None, list[Household]] = defaultdict(list)
    for move in moves:
        row = rows.get(move.household)
        words = _objection(move, row, held.get(move.household), people, village)
        if row is None or words:
            outdated.append(Outdated(row.head if row else "有一户", words))
        else:
            fresh[move.to].append(row)
    moved = sum(
        assign(
            households=households,
            representative=people[to] if to else None,
            on=on,
            by=by,
        )
        for to, households in fresh.items()
    )
    return moved, outdated


@transaction.atomic
def leave_office(
    *,
    mandate: Mandate,
    on: dt.date,
    cause: MandateEnd,
    evidence: str,
    heirs: Mapping[int, Representative],
    by: Post,
) -> list[Household]:
    """End a mandate and hand over each household, or leave it visibly without anyone.

    `heirs` maps household ids to their next representative. Returns the households
    that are left without anyone; none is orphaned silently.
    """
    # First of all, for it locks the mandate: nobody gives him households meanwhile.
    representatives.end_mandate(
        mandate=mandate, on=on, cause=cause, evidence=evidence, by=by
    )
    links = list(
        ContactLink.objects.select_for_update(no_key=True, of=("self",))
        .filter(representative=mandate.representative, ended_on=None)
        .select_related("household")
    )
    _end_links(links, on, LinkEnd.MANDATE_ENDED)
    handed: dict[tuple[Representative, dt.date], list[Household]] = defaultdict(list)
    for link in links:
        if heir := heirs.get(link.household_id):
            # Whoever leaves as of a past day may have been given a household since:
            # until then somebody else had it.
            begins = max(_takes_over_on(heir, on), link.ended_on or on)
            handed[heir, begins].append(link.household)
    before = {link.household_id: link for link in links}
    for (heir, begins), households in handed.items():
        _refuse_strangers(households, heir, begins)
        _begin_links(households, heir, begins, by, before)
    return [link.household for link in links if link.household_id not in heirs]


def _takes_over_on(heir: Representative, on: dt.date) -> dt.date:
    """Return the first day from `on` on which the heir can look after anybody.

    When a mandate is ended as of a day in the past, its heir may have come to office
    only after that day.
    """
    held = heir.mandates.unended().order_by("-started_on").first()
    return max(on, held.started_on) if held else on


@transaction.atomic
def label_link(*, link: ContactLink, labels: Mapping[str, str]) -> None:
    """Write what a link is labelled with: `LABELS` of it. Refused once it has ended."""
    row = ContactLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if row.ended_on is not None:
        raise Refused("联系人刚刚换过，请返回重新打开后再填。")
    for name in LABELS:
        setattr(row, name, labels[name])
    row.save(update_fields=LABELS)


def end_links_of(household: Household, on: dt.date) -> None:
    """End the link of a household that leaves the roll."""
    _end_links(list(_unended_links([household]).values()), on, LinkEnd.HOUSEHOLD_LEFT)


def _locked(ids: Iterable[int]) -> list[Household]:
    """Return the households as they are now, locked: two must not assign one at once."""
    rows = Household.objects.select_for_update(no_key=True).order_by("pk")
    return list(rows.filter(pk__in=list(ids)))


def _people(
    ids: Iterable[int], village: Region, on: dt.date
) -> dict[int, Representative]:
    """Return those of the village's representatives that serve on the day `on`."""
    serving = Representative.objects.filter(region=village, pk__in=list(ids))
    return {person.pk: person for person in serving.serving(on)}


def _objection(
    move: Move,
    row: Household | None,
    link: ContactLink | None,
    people: Mapping[int, Representative],
    village: Region,
) -> str:
    """Return what has changed since the move was thought out, or nothing."""
    if row is None or row.region_id != village.code or row.status != Status.LIVING:
        return "已经不在本村名册上，没有变动。"
    now = link.representative_id if link else None
    if now != move.held_by:
        if link is None:
            return "现在没有联系人了，没有变动，请再看一次。"
        return f"刚刚由{link.representative.name}接手，没有变动。"
    if move.to and move.to not in people:
        return "拟接手的代表已经不在任，没有变动。"
    return ""


def _unended_links(households: Sequence[Household]) -> dict[int, ContactLink]:
    links = ContactLink.objects.select_for_update(no_key=True, of=("self",)).filter(
        household__in=households, ended_on=None
    )
    return {link.household_id: link for link in links.select_related("representative")}


def _end_links(links: Sequence[ContactLink], on: dt.date, reason: LinkEnd) -> None:
    for link in links:
        link.ended_on, link.end_reason = max(on, link.started_on), reason
    ContactLink.objects.bulk_update(links, ["ended_on", "end_reason"])


def _begin_links(
    households: Sequence[Household],
    representative: Representative,
    on: dt.date,
    by: Post,
    before: Mapping[int, ContactLink],
) -> None:
    """Begin a link for each household, where it was in the link `before`."""
    ContactLink.objects.bulk_create(
        ContactLink(
            region_id=household.region_id,
            household=household,
            representative=representative,
            started_on=on,
            entered_by=by.user,
            **{name: getattr(before.get(household.pk), name, "") for name in PLACES},
        )
        for household in households
    )


def _refuse_strangers(
    households: Sequence[Household], representative: Representative | None, on: dt.date
) -> None:
    if any(household.status != Status.LIVING for household in households):
        raise Refused("选中的户里有已经不在册的，请返回重新打开后再选。")
    if representative is None:
        return
    if any(h.region_id != representative.region_id for h in households):
        raise Refused("联系户和代表必须在同一个村。")
    # Locked until the end of the transaction: whoever ends this mandate waits, and
    # then sees the new links.
    serving = Mandate.objects.select_for_update(no_key=True).active(on)
    if not list(serving.filter(representative=representative)):
        raise Refused(f"{representative.name}不是在任代表，不能分配联系户。")
