"""The city's list of categories, and which household belongs to which of them."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max
from pypinyin import lazy_pinyin

from accounts.services import Refused
from households.models import Category, CategoryTag, Household, Status

CODE_LENGTH = 20


@transaction.atomic
def set_categories(
    *, household: Household, codes: Iterable[str], on: dt.date, source: str = ""
) -> None:
    """Make the household's categories from `on` exactly `codes`: begin some, end others.

    Raises Refused if one would begin after the household has left the roll.
    """
    wanted = set(codes)
    # Locked: two who tick at once would otherwise both begin the same category.
    now = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    held = {tag.category_id: tag for tag in household.tags.filter(ended_on=None)}
    if wanted - held.keys() and now.status != Status.LIVING:
        raise Refused("这一户已经不在册，不能再列入重点类别。")
    for code in held.keys() - wanted:
        tag = held[code]
        tag.ended_on = max(on, tag.started_on)
        tag.save(update_fields=["ended_on"])
    CategoryTag.objects.bulk_create(
        CategoryTag(
            region_id=household.region_id,
            household=household,
            category=category,
            started_on=on,
            source=source,
        )
        for category in Category.objects.filter(code__in=wanted - held.keys())
    )


@transaction.atomic
def add_category(*, name: str, is_key: bool) -> Category:
    """Add a category at the end of the city's list. Raises Refused if the name is taken."""
    last = Category.objects.aggregate(last=Max("order"))["last"] or 0
    category = Category(code=_free_code(name), name=name, is_key=is_key, order=last + 1)
    _save(category, new=True)
    return category


@transaction.atomic
def edit_category(
    *,
    category: Category,
    name: str,
    is_key: bool,
    order: int,
    retired_on: dt.date | None,
) -> None:
    """Change a category for the whole city.

    A retired one is no longer offered; households that have it keep it until it is
    taken from them. Raises Refused if the name is taken.
    """
    category.name, category.is_key = name, is_key
    category.order, category.retired_on = order, retired_on
    _save(category, new=False)


def _save(category: Category, *, new: bool) -> None:
    try:
        with transaction.atomic():
            category.save(force_insert=new)
    except IntegrityError as taken:
        raise Refused(f"已经有叫“{category.name}”的类别，请换一个名称。") from taken


def _free_code(name: str) -> str:
    """Return a short code made of the name's pinyin that no category has yet."""
    letters = "".join(part for part in lazy_pinyin(name) if part.isascii())
    stem = "".join(c for c in letters.lower() if c.isalnum()) or "category"
    taken = set(Category.objects.values_list("code", flat=True))
    candidates = [stem[:CODE_LENGTH]]
    candidates += [f"{stem[: CODE_LENGTH - 3]}{n}" for n in range(2, len(taken) + 3)]
    return next(code for code in candidates if code not in taken)
