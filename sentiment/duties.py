"""How the duties to meet stand: 恳谈会 of the quarter (L33), 民情分析会 of the month (L34).

The stored `due_on` compared with a day, as `visits.standings` does for households: each
duty is in exactly one state, pages and figures group by it, and the sentence behind it
is the pure rule's.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from representatives.models import Mandate
from sentiment.models import MeetingDuty, Review, TalkMeeting
from sentiment.models.meetings import MeetingDutyQuerySet
from sentiment.tallying import MEETINGS
from visits import rules
from visits.facts import policies
from visits.rules import SENTIMENT_REVIEW, TALK_MEETING, Cadence

ONE_DAY = dt.timedelta(days=1)


class State(models.TextChoices):
    """Where a duty to meet stands today; each is in exactly one."""

    OVERDUE = "overdue", "逾期未开"
    DUE = "due", "本期待开"
    MET = "met", "本期已开"
    FREE = "free", "本期不要求"


OPEN_STATES = (State.OVERDUE, State.DUE)


def standing(on: dt.date, cadence: Cadence) -> dict[State, Q]:
    """Return when a duty of the cadence is in a state on the day `on`; FREE is the rest.

    No two of them hold at once, so that each can be counted without the others.
    """
    period = cadence.period(on)
    later = Q(due_on__gt=period.end) | Q(due_on=None)
    return {
        State.OVERDUE: Q(due_on__lt=on),
        State.DUE: Q(due_on__gte=on, due_on__lte=period.end),
        State.MET: Q(later, last_on__gte=period.start),
    }


def placed(
    duties: MeetingDutyQuerySet, on: dt.date, cadence: Cadence
) -> models.QuerySet[Any]:
    """Annotate duties of one cadence with their `state` on the day `on`."""
    found = standing(on, cadence).items()
    return duties.annotate(
        state=Case(
            *(When(holds, then=Value(state.value)) for state, holds in found),
            default=Value(State.FREE.value),
            output_field=models.CharField(),
        )
    )


def talk_duties(on: dt.date) -> models.QuerySet[Any]:
    """Return the 恳谈会 that representatives of the open scope owe, with their state."""
    return placed(MeetingDuty.objects.talks(), on, Cadence.QUARTER)


def review_duties(on: dt.date) -> models.QuerySet[Any]:
    """Return the 民情分析会 that villages of the open scope owe, with their state."""
    return placed(MeetingDuty.objects.reviews(), on, Cadence.MONTH)


def talk_facts(people: Sequence[int]) -> dict[int, rules.Facts]:
    """Return what the rule is told of each representative's 恳谈会, in three reads."""
    served, met = defaultdict(list), defaultdict(list)
    for mandate in Mandate.objects.filter(representative__in=people):
        if span := _served(mandate):
            served[mandate.representative_id].append(span)
    talks = TalkMeeting.objects.standing().filter(representative__in=people)
    for person, day in talks.values_list("representative", "held_on"):
        met[person].append(day)
    since = beginnings(Cadence.QUARTER)
    return {
        person: rules.Facts(tuple(served[person]), since, tuple(met[person]))
        for person in people
    }


def review_facts(villages: Sequence[int]) -> dict[int, rules.Facts]:
    """Return what the rule is told of each village's 民情分析会, in two reads.

    A meeting is its own month's, however late it was held.
    """
    met = defaultdict(list)
    reviews = counting(Review.objects.filter(region__in=villages))
    for village, month, day in reviews.values_list("region", "month", "held_on"):
        if day is not None:
            met[village].append(min(day, Cadence.MONTH.period(month).end))
    since, ever = beginnings(Cadence.MONTH), (rules.Span(dt.date.min),)
    return {code: rules.Facts(ever, since, tuple(met[code])) for code in villages}


def beginnings(cadence: Cadence) -> tuple[rules.Policy, ...]:
    """Return since when meetings are owed: since visits are, at the duty's own cadence."""
    return tuple(rules.Policy(p.effective_from, cadence) for p in policies())


def counting(reviews: models.QuerySet[Review]) -> models.QuerySet[Review]:
    """Return the reviews whose meeting counts.

    Submitted, not returned by the township, and not replaced by a later version that
    was itself submitted.
    """
    later = Review.objects.filter(corrects=OuterRef("pk"), submitted_at__isnull=False)
    return reviews.filter(
        ~Exists(later), Q(submitted_at__isnull=False), returned_at=None
    )


def explain_talk(person: int, on: dt.date) -> str:
    """Say in one sentence how a representative's 恳谈会 stands and why."""
    return rules.explain(talk_facts([person])[person], on, TALK_MEETING)


def explain_review(village: int, on: dt.date) -> str:
    """Say in one sentence how a village's 民情分析会 stands and why."""
    return rules.explain(review_facts([village])[village], on, SENTIMENT_REVIEW)


def recompute() -> int:
    """Judge every duty of the open scope anew; return how many answers changed.

    For the night: a mandate that runs out ends a duty without any row changing. Their
    counts are summed up at the same time (ADR 0019).
    """
    people = list(Mandate.objects.values_list("representative", flat=True).distinct())
    villages = list(MeetingDuty.objects.reviews().values_list("region", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sentiment_refresh_talks(%s)", [people])
        talks = int(cursor.fetchone()[0])
        cursor.execute("SELECT sentiment_refresh_reviews(%s)", [villages])
        reviews = int(cursor.fetchone()[0])
    MEETINGS.sum_up()
    return talks + reviews


def _served(mandate: Mandate) -> rules.Span | None:
    """Return the days of a mandate; its term's end is the last one at the latest."""
    end = mandate.until + ONE_DAY
    return rules.span_until(mandate.started_on, min(mandate.ended_on or end, end))
