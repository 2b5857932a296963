"""Writing editions: laid down from the recommended one, adapted, changed, put in force.

A draft belongs to whoever made it; in force it is frozen, and a newer edition of the
same year takes its place. Ratings keep the edition they were made under.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Meanwhile, Refused
from evaluations.models import (
    RatingRound,
    Scheme,
    SchemeCategory,
    SchemeItem,
    SchemeState,
    SchemeTier,
)
from evaluations.rules.covenants import risky_words
from evaluations.rules.recommended import HOUSEHOLDS, VILLAGES
from evaluations.rules.rounds import Stage
from evaluations.rules.schemes import Edition, Item, Scope, departures, faults
from evaluations.services.covenants import note_risk
from regions.models import Level, Region

RECOMMENDED = {Scope.HOUSEHOLD: HOUSEHOLDS, Scope.VILLAGE: VILLAGES}
YEARS_AHEAD = 1
Part = SchemeCategory | SchemeItem | SchemeTier


@transaction.atomic
def use_recommended(*, year: int, scope: Scope, on: dt.date, by: Post) -> Scheme:
    """Lay the recommended edition down as the city's draft for a year.

    Raises Refused for anybody but the city: who is below adapts what the city made.
    """
    if by.region.level != Level.CITY:
        raise Refused("方案由市里制定，乡镇和村里在市里的方案上调整。")
    return lay_down(RECOMMENDED[scope], owner=by.region, year=year, on=on, by=by)


@transaction.atomic
def adapt(*, source: Scheme, on: dt.date, by: Post) -> Scheme:
    """Copy an edition in force from above as one's own draft, to change within its limits."""
    if source.state != SchemeState.IN_FORCE:
        raise Refused("只能调整正在执行的方案。")
    if source.scope == Scope.VILLAGE and by.region.level == Level.VILLAGE:
        raise Refused("评村的方案由市里和镇里定，村里不能调整。")
    if source.owner_id == by.region_id:
        return revise(scheme=source, on=on, by=by)
    return lay_down(
        source.edition(),
        owner=by.region,
        year=source.year,
        on=on,
        by=by,
        source=source,
    )


@transaction.atomic
def revise(*, scheme: Scheme, on: dt.date, by: Post) -> Scheme:
    """Begin the next edition of one's own scheme as a draft."""
    _refuse_others(scheme, by)
    return lay_down(
        scheme.edition(),
        owner=scheme.owner,
        year=scheme.year,
        on=on,
        by=by,
        source=scheme.source,
    )


def lay_down(
    edition: Edition,
    *,
    owner: Region,
    year: int,
    on: dt.date,
    by: Post,
    source: Scheme | None = None,
) -> Scheme:
    """Write an edition as a draft. Raises Refused if its owner has one for that year."""
    if not on.year - YEARS_AHEAD <= year <= on.year + YEARS_AHEAD:
        raise Refused("只能制定去年、今年和明年的方案。")
    held = Scheme.objects.filter(owner=owner, year=year, scope=edition.scope)
    last = held.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            scheme = Scheme.objects.create(
                owner=owner,
                year=year,
                scope=edition.scope.value,
                number=last + 1,
                source=source,
                rounds=edition.rounds,
                notice_days=edition.notice_days,
                made_by=by.user,
            )
    except IntegrityError as drafted:
        raise Refused(f"{year} 年的方案已经有一份草稿，请接着改那一份。") from drafted
    _write_parts(scheme, edition)
    return scheme


def _write_parts(scheme: Scheme, edition: Edition) -> None:
    for order, part in enumerate(edition.categories, 1):
        row = SchemeCategory.objects.create(
            scheme=scheme,
            order=order,
            name=part.name,
            base=part.base,
            cap=part.cap,
            floor=part.floor,
        )
        SchemeItem.objects.bulk_create(
            SchemeItem(category=row, order=place, **columns_of(item))
            for place, item in enumerate(part.items, 1)
        )
    SchemeTier.objects.bulk_create(
        SchemeTier(
            scheme=scheme,
            order=order,
            name=tier.name,
            threshold=tier.threshold,
            quota=tier.quota,
            is_public=tier.is_public,
        )
        for order, tier in enumerate(edition.tiers, 1)
    )


def columns_of(item: Item) -> dict[str, Any]:
    """Return an item as its row keeps it."""
    names = ("words", "least", "most", "cap", "is_veto", "needs_evidence", "measure")
    return {name: getattr(item, name) for name in names}


# --- changing a draft -------------------------------------------------------------------


@transaction.atomic
def save_terms(
    *, scheme: Scheme, changes: Mapping[str, Any], version: int, by: Post
) -> None:
    """Change how often is rated and how long results stand on view."""
    _drafted(scheme, by)
    save_edit(scheme, changes=changes, version=version)


@transaction.atomic
def save_part(*, scheme: Scheme, part: Part, by: Post) -> None:
    """Add or change a category, an item or a grade of a draft.

    A new one goes to the end of those it stands with. Raises Refused for a name that
    is there already.
    """
    _drafted(scheme, by)
    if words := risky_words(str(part)):
        note_risk(f"{scheme}", words, region=by.region_id, by=by)
    is_new: bool = part.pk is None
    if is_new:
        part.order = _beside(part).count() + 1
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as wrong:
        raise Refused("没有保存：名称重复，或者分值超出了范围，请核对。") from wrong


def _beside(part: Any) -> Any:
    if isinstance(part, SchemeItem):
        return SchemeItem.objects.filter(category=part.category)
    return type(part).objects.filter(scheme=part.scheme)


@transaction.atomic
def drop_part(*, scheme: Scheme, part: Part, by: Post) -> None:
    """Take a category (with its items), an item or a grade out of a draft."""
    _drafted(scheme, by)
    _delete(part)


@transaction.atomic
def drop(*, scheme: Scheme, by: Post) -> None:
    """Throw a draft away; it never held for anybody."""
    _delete(_drafted(scheme, by))


def _delete(row: Part | Scheme) -> None:
    try:
        row.delete()
    except ProtectedError as used:
        raise Refused("已经有评定用到它，不能去掉。") from used


# --- in force ---------------------------------------------------------------------------


def hindrances(scheme: Scheme) -> tuple[str, ...]:
    """Return what must be mended before an edition is put in force."""
    edition = scheme.edition()
    found = faults(edition)
    if scheme.source:
        found += departures(edition, scheme.source.edition())
    return found + _parted_otherwise(scheme)


def _parted_otherwise(scheme: Scheme) -> tuple[str, ...]:
    """Return why a year cannot be parted anew: some of its rounds have begun.

    Rounds are told apart by year and number, so that those of quarters would stand in
    the way of those of half-years.
    """
    begun = RatingRound.objects.exclude(stage=Stage.VOID).filter(
        scheme__owner=scheme.owner_id, scheme__scope=scheme.scope, year=scheme.year
    )
    other = begun.exclude(scheme__rounds=scheme.rounds)
    rounds = other.values_list("scheme__rounds", flat=True).first()
    if rounds is None:
        return ()
    return (
        f"{scheme.year} 年已经有村启动了评定，一年评几次不能再改，请改回 {rounds} 次。",
    )


@transaction.atomic
def put_in_force(*, scheme: Scheme, version: int, on: dt.date, by: Post) -> Scheme:
    """Freeze a draft and let it hold from now on; it takes the older edition's place.

    Raises Refused with all that hinders, Meanwhile if the draft changed since it was
    checked.
    """
    row = _drafted(scheme, by)
    if row.version != version:
        raise Meanwhile("您核对以后方案又有改动，请再看一遍。")
    if found := hindrances(row):
        raise Refused("".join(found))
    Scheme.objects.filter(
        owner=row.owner_id, year=row.year, scope=row.scope, state=SchemeState.IN_FORCE
    ).update(state=SchemeState.REPLACED)
    row.state, row.in_force_on, row.in_force_by = SchemeState.IN_FORCE, on, by.user
    row.save(update_fields=["state", "in_force_on", "in_force_by"])
    return row


def _drafted(scheme: Scheme, by: Post) -> Scheme:
    """Return the draft, locked; raise Refused if it is in force or somebody else's."""
    _refuse_others(scheme, by)
    rows = Scheme.objects.select_for_update(of=("self",))
    row = rows.select_related("owner", "source").get(pk=scheme.pk)
    if row.state != SchemeState.DRAFT:
        raise Refused("这一版已经执行，不能再改。要改请点“修订”，另起一版。")
    return row


def _refuse_others(scheme: Scheme, by: Post) -> None:
    if scheme.owner_id != by.region_id:
        raise Refused(
            f"这是{scheme.owner.name}的方案，您可以点“按本地情况调整”另起一份。"
        )
