"""Early signs in the inbox: the village and its township are told on the day (issue 5).

A sign is known by the earliest of its issues, so that it is told once however many
households join it later.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from accounts.desks import TOWNSHIP, VILLAGE, desks
from accounts.masking import mask_text
from inbox.services import Letter, send_all
from regions.models import Region
from sentiment import early
from sentiment.models import Issue

SIGN = "sentiment.sign"
SHOWN = 60
"""Characters of what was said that a message quotes."""


@transaction.atomic
def tell(place: Region, on: dt.date) -> int:
    """Tell of the signs of a place on the day `on`; return how many messages were new."""
    return send_all(list(_letters(place, on)), on=on)


def _letters(place: Region, on: dt.date) -> Iterator[Letter]:
    found = early.found(place, on)
    issues = Issue.objects.select_related("region").in_bulk(
        [one.issue for one in found]
    )
    posts = desks(on, *VILLAGE, *TOWNSHIP)
    for one in found:
        issue = issues[one.issue]
        village = issue.region
        yield Letter(
            to=(*posts.get(village.code, ()), *posts.get(village.parent_id or 0, ())),
            kind=SIGN,
            title=f"{village.name} {early.DAYS} 天内 {len(one.homes)} 户反映同一件事",
            body=f"{issue.topic}：“{mask_text(issue.words)[:SHOWN]}”",
            url=issue.get_absolute_url(),
            region=village.code,
            unique_key=f"{SIGN}:{one.began_with}",
        )
