"""Reminders about 民情分析会: not submitted as the month ends, and returned.

Each village is told once for its month, on the first of the last days on which the
work ran; a day on which nothing ran is made good by the next.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from accounts.desks import VILLAGE, desks
from accounts.models import Post
from inbox.services import Letter, send_all
from sentiment.models import Review, ReviewState
from visits.rules import Cadence

MISSING, RETURNED = "sentiment.review_missing", "sentiment.review_returned"
DAYS_BEFORE = 3
"""How many days before the month's end a village is reminded."""


@transaction.atomic
def remind(on: dt.date) -> int:
    """Remind the villages of the open scope whose review is missing; count the new."""
    left = (Cadence.MONTH.period(on).end - on).days
    if left > DAYS_BEFORE:
        return 0
    return send_all(list(_missing(on, left)), on=on)


def _missing(on: dt.date, left: int) -> Iterator[Letter]:
    done = Review.objects.submitted().of_month(on.replace(day=1))
    settled = set(done.values_list("region", flat=True))
    time = f"还剩 {left} 天" if left else "今天是最后一天"
    for code, posts in desks(on, *VILLAGE).items():
        if code not in settled:
            yield Letter(
                to=tuple(posts),
                kind=MISSING,
                title=f"{on.month} 月民情分析会还没有提交，{time}",
                body="开完会、研判好，由书记提交。",
                url="/reviews/",
                region=code,
                unique_key=f"{MISSING}:{code}:{on:%Y-%m}",
            )


def tell_of_return(review: Review, *, by: Post, on: dt.date) -> int:
    """Tell the village that the township has returned its review, and why."""
    if review.state != ReviewState.RETURNED:
        return 0
    letter = Letter(
        to=tuple(desks(on, *VILLAGE)[review.region_id]),
        kind=RETURNED,
        title=f"{review.month.month} 月民情分析会被镇里退回",
        body=f"原因：{review.return_reason}",
        url=review.get_absolute_url(),
        region=review.region_id,
        unique_key=f"{RETURNED}:{review.pk}",
    )
    return send_all([letter], by=by, on=on)
