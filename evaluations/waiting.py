"""Which round of a village waits, for whom, and whether it is behind."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, F, Min, Q

from evaluations.models import RatingRound
from evaluations.models.ratings import RatingRoundQuerySet
from evaluations.rules.rounds import BEHIND_AFTER, Stage, overdue_since, stage_on
from representatives.by_elections import notice_ends


def stage_of(row: RatingRound, on: dt.date) -> Stage:
    """Return the step to be done on the day `on`; `notice` should be fetched along.

    A notice that was taken down says nothing: another one is to be put on view.
    """
    return stage_on(row.at, notice_ends(row.notice), on)


def behind(row: RatingRound, on: dt.date) -> bool:
    """Say whether a round should have been filed by the day `on`."""
    return row.at.is_open and on >= overdue_since(row.last_day, BEHIND_AFTER)


def over_quota(rows: RatingRoundQuerySet) -> RatingRoundQuerySet:
    """Return rounds with more in a grade than its quota: those of old workbooks.

    What is rated here never is: rules and database refuse it. Of several grades with a
    quota the smallest share is asked for.
    """
    limited = Q(ratings__tier__quota__isnull=False)
    counted = rows.annotate(
        whole=Count("ratings"),
        given=Count("ratings", filter=limited),
        share=Min("ratings__tier__quota"),
    )
    return counted.filter(given__gt=F("whole") * F("share") / 100)


def pressing(rows: Iterable[RatingRound]) -> dict[int, RatingRound]:
    """Return the round of each village that waits longest; its latest if none waits."""
    found: dict[int, RatingRound] = {}
    for row in sorted(rows, key=lambda row: row.first_day, reverse=True):
        if row.region_id not in found or row.at.is_open:
            found[row.region_id] = row
    return found
