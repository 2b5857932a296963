"""What happened to a household: who looked after it, its categories, its moves, edits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from households.models import (
    CategoryTag,
    ContactLink,
    Household,
    Status,
    Transfer,
    TransferState,
)
from regions.models import Region
from representatives.timeline import row_history
from ui.parts import Event


def events_of(household: Household) -> list[Event]:
    """Return everything of a household's past, the newest first."""
    found = [
        *_roll(household),
        *_links(household.links.select_related("representative", "entered_by")),
        *_tags(household.tags.select_related("category")),
        *_transfers(household.transfers.all()),
        *(event for event in row_history(household) if event.changes),
    ]
    # Within a day what came later in the list is newer: entered before looked after.
    this_year = timezone.localdate().year
    oldest_first = sorted(found, key=_moment)
    return [_dated(event, this_year) for event in reversed(oldest_first)]


def _dated(event: Event, this_year: int) -> Event:
    """Say the year of what is older than this one; a day alone would mislead."""
    if event.when.year == this_year:
        return event
    return replace(event, text=f"{event.when.year} 年。{event.text}".rstrip("。"))


def _moment(event: Event) -> tuple[dt.date, str]:
    """Order by day, and within a day what has an hour after what has none."""
    if isinstance(event.when, dt.datetime):
        local = timezone.localtime(event.when)
        return local.date(), local.time().isoformat()
    return event.when, ""


def _roll(household: Household) -> Iterable[Event]:
    yield Event(household.registered_on, "登记入册", tone="info")
    if household.ended_on:
        into = f"，并入{household.merged_into.head}户" if household.merged_into else ""
        title = f"{Status(household.status).label}{into}"
        yield Event(household.ended_on, title, tone="warn")


def _links(links: Iterable[ContactLink]) -> Iterable[Event]:
    for link in links:
        if link.ended_on == link.started_on:
            continue  # corrected on the same day: it never held
        name = link.representative.name
        by = link.entered_by.name if link.entered_by else ""
        yield Event(link.started_on, f"由{name}联系", who=by, tone="ok")
        if link.ended_on:
            why = link.get_end_reason_display()
            yield Event(link.ended_on, f"不再由{name}联系（{why}）", tone="off")


def _tags(tags: Iterable[CategoryTag]) -> Iterable[Event]:
    for tag in tags:
        if tag.ended_on == tag.started_on:
            continue
        basis = f"依据：{tag.source}" if tag.source else ""
        title = f"列为{tag.category.name}"
        yield Event(tag.started_on, title, text=basis, tone="info")
        if tag.ended_on:
            yield Event(tag.ended_on, f"不再列为{tag.category.name}", tone="off")


def _transfers(transfers: Iterable[Transfer]) -> Iterable[Event]:
    rows = list(transfers)
    places = Region.objects.select_related("parent").in_bulk(
        [transfer.other_region for transfer in rows]
    )
    for transfer in rows:
        place = places.get(transfer.other_region)
        where = place.full_name if place else "别的村"
        if not transfer.is_outgoing:
            yield Event(transfer.offered_on, f"从{where}迁来", tone="info")
            continue
        settled = transfer.settled_on or transfer.offered_on
        state = TransferState(transfer.state).label
        yield Event(settled, f"迁往{where}：{state}", text=transfer.reason, tone="warn")
