"""常用报表: keeping what was chosen, for oneself or one's office."""

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
def remove(*, preset: Preset, by: Post) -> None:
    """Remove one's own; raise NotYours for a colleague's."""
    if preset.owner_id != by.user_id:
        raise NotYours("这是同事存的常用报表，只能由他自己删。")
    preset.delete()
