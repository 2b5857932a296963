"""常用报表: keeping what was chosen, for oneself or one's office."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.models import Post
from accounts.services import NotYours, Refused
from reports.centre.choosing import Choice
from reports.centre.entries import Entry
from reports.models import Preset

MOST = 20
"""So many of one's own; more is a list nobody reads."""


@transaction.atomic
def save(
    *, by: Post, entry: Entry, name: str, choice: Choice, is_shared: bool
) -> Preset:
    """Keep a choice under a name; raise Refused for a name that is taken."""
    own = Preset.objects.filter(region=by.region, owner=by.user)
    if own.count() >= MOST:
        raise Refused(f"常用报表最多存 {MOST} 个，请先删去不用的。")
    try:
        with transaction.atomic():
            return Preset.objects.create(
                region=by.region,
                owner=by.user,
                name=name,
                entry=entry.key,
                data=choice.kept(),
                is_shared=is_shared,
            )
    except IntegrityError as taken:
        raise Refused(f"您已经有叫“{name}”的常用报表，请换个名字。") from taken


@transaction.atomic
def remove(*, preset: Preset, by: Post, on: dt.date) -> None:
    """Remove one's own, or that of somebody who left; NotYours for a colleague's."""
    if preset.pk not in removable([preset], by, on):
        raise NotYours("这是同事存的常用报表，只能由他自己删。")
    preset.delete()


def removable(presets: Iterable[Preset], by: Post, on: dt.date) -> set[int]:
    """Return which presets of his office somebody may remove; one statement.

    His own, and those of people who have left it: nobody else ever could.
    """
    here = Post.objects.active(on).filter(region=by.region_id, user__is_active=True)
    people = set(here.values_list("user_id", flat=True)) - {by.user_id}
    return {preset.pk for preset in presets if preset.owner_id not in people}
