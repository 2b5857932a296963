"""Entering households on a village's roll, and mending what is kept of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Refused
from households.models import Household
from households.services.categories import set_categories
from households.services.links import assign
from regions.models import Region
from representatives.models import Representative
from representatives.names import initials

ON_THE_ROLL = "这个证件号在本村名册上已经有了，请先查一查。"


@transaction.atomic
def register(*, village: Region, facts: Mapping[str, Any], on: dt.date) -> Household:
    """Enter a household; `facts` holds the fields of `Household`."""
    row = Household(region=village, registered_on=on, **facts)
    row.initials = initials(row.head)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused(ON_THE_ROLL) from taken
    return row


@transaction.atomic
def enter(
    *,
    village: Region,
    facts: Mapping[str, Any],
    on: dt.date,
    since: dt.date,
    by: Post,
    categories: Iterable[str] = (),
    source: str = "",
    representative: Representative | None = None,
) -> Household:
    """Enter a household that was registered `on`, as it is looked after from `since`.

    Categories and link begin `since`: nobody could visit it before it was entered.
    """
    household = register(village=village, facts=facts, on=on)
    set_categories(household=household, codes=categories, on=since, source=source)
    if representative:
        assign(households=[household], representative=representative, on=since, by=by)
    return household


@transaction.atomic
def edit(*, household: Household, changes: Mapping[str, Any], version: int) -> None:
    """Save an edit; raises EditedMeanwhile if somebody else was first."""
    changes = dict(changes)
    if "head" in changes:
        changes["initials"] = initials(changes["head"])
    try:
        with transaction.atomic():
            save_edit(household, changes=changes, version=version)
    except IntegrityError as taken:
        raise Refused(ON_THE_ROLL) from taken
