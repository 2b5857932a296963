"""What the system knows of a village's year, counted where it is kept.

Each count is a part and a whole, and has a page with the list behind it. Counted to the
day asked for; a year that is over is counted to its last day where days are kept.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.db.models import Count as CountRows
from django.db.models import F, Q
from django.urls import reverse

from evaluations.models import HouseholdRating
from evaluations.rules.schemes import Measure
from evaluations.rules.villages import Count
from households.models import Household
from regions.models import Region
from representatives.models import Seat
from sentiment.duties import counting, talk_facts
from sentiment.models import Answer, Issue, MeetingDuty, Review, State
from ui.asked import told_on
from visits.facts import facts_of
from visits.models import Duty
from visits.rules import Facts, owed_periods


def counts_of(village: Region, year: int, on: dt.date) -> dict[str, Count]:
    """Return every measure of a village for a year as it stands on the day `on`."""
    day = told_on(year, on)
    counts = COUNTS | OF_PAST_YEARS if on > day else COUNTS
    return {
        measure.value: count(village.pk, year, day) for measure, count in counts.items()
    }


def coverage(village: int, year: int, on: dt.date) -> Count:
    """L29: households that somebody looks after, of those on the roll."""
    homes = Household.objects.filter(region=village)
    whole = homes.living().count()
    return Count(whole - homes.without_anyone(on).count(), whole)


def visits(village: int, year: int, on: dt.date) -> Count:
    """L31, L32: households whose visit is not overdue, of those that owe one."""
    duties = Duty.objects.filter(region=village)
    whole = duties.owed().count()
    return Count(whole - duties.overdue(on).count(), whole)


def issues(village: int, year: int, on: dt.date) -> Count:
    """Issues of the year that were resolved, or whose day is past; those in time."""
    done = Q(resolved_on__isnull=False)
    in_time = done & (Q(due_on=None) | Q(resolved_on__lte=F("due_on")))
    found = (
        Issue.objects.filter(region=village, heard_on__year=year)
        .filter(done | Q(due_on__lt=on))
        .exclude(state__in=(State.WITHDRAWN, State.MERGED))
        .aggregate(whole=CountRows("pk"), part=CountRows("pk", filter=in_time))
    )
    return Count(found["part"], found["whole"])


def talks(village: int, year: int, on: dt.date) -> Count:
    """L33: representatives who held their 恳谈会, of those who owe one."""
    duties = MeetingDuty.objects.filter(region=village).talks()
    owing = duties.filter(due_on__isnull=False)
    return Count(owing.exclude(due_on__lt=on).count(), owing.count())


def reviews(village: int, year: int, on: dt.date) -> Count:
    """L34: months of the year with a submitted 民情分析会, of those that are over."""
    over = on.month - (0 if _is_last_of_month(on) else 1)
    held = counting(Review.objects.filter(region=village))
    months = held.filter(month__year=year, month__month__lte=over)
    return Count(months.values("month").distinct().count(), over)


def visits_of_past(village: int, year: int, on: dt.date) -> Count:
    """The same of a year that is over: who was seen in its last period, not since."""
    homes = Household.objects.filter(region=village).values_list("pk", flat=True)
    return _covered(facts_of(list(homes)).values(), on)


def talks_of_past(village: int, year: int, on: dt.date) -> Count:
    """The same of a year that is over: who met in its last quarter, not since."""
    owing = MeetingDuty.objects.filter(region=village).talks()
    people = owing.values_list("representative", flat=True)
    return _covered(talk_facts(list(people)).values(), on)


def _covered(facts: Iterable[Facts], last: dt.date) -> Count:
    """Return how many periods that end on a day were covered, of those owed."""
    owed = [one for each in facts for one in owed_periods(each, last, last)]
    return Count(sum(one.visited_on is not None for one in owed), len(owed))


def _is_last_of_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).month != day.month


def vacancies(village: int, year: int, on: dt.date) -> Count:
    """L15: seats that somebody holds, of those that there are."""
    seats = Seat.objects.filter(region=village)
    whole = seats.open().count()
    return Count(whole - seats.vacant(on).count(), whole)


def satisfaction(village: int, year: int, on: dt.date) -> Count:
    """People who were told the result and are not 不满意, of those who answered."""
    answered = Issue.objects.filter(
        region=village, told_on__year=year, told_on__lte=on
    ).exclude(answer="")
    found = answered.aggregate(
        whole=CountRows("pk"), bad=CountRows("pk", filter=Q(answer=Answer.BAD))
    )
    return Count(found["whole"] - found["bad"], found["whole"])


def models(village: int, year: int, on: dt.date) -> Count:
    """Whether the year's confirmed rounds praised households, of the rounds there were."""
    rated = HouseholdRating.objects.filter(
        region=village, round__year=year, round__confirmed_on__isnull=False
    )
    whole = rated.values("round").distinct().count()
    return Count(rated.public().values("round").distinct().count(), max(whole, 1))


Counting = Callable[[int, int, dt.date], Count]
COUNTS: dict[Measure, Counting] = {
    Measure.COVERAGE: coverage,
    Measure.VISITS: visits,
    Measure.ISSUES: issues,
    Measure.TALKS: talks,
    Measure.REVIEWS: reviews,
    Measure.VACANCIES: vacancies,
    Measure.SATISFACTION: satisfaction,
    Measure.MODELS: models,
}

OF_PAST_YEARS: dict[Measure, Counting] = {
    Measure.VISITS: visits_of_past,
    Measure.TALKS: talks_of_past,
}
"""What stored days say of today alone: their periods have gone by."""


def evidence_url(measure: str, village: Region) -> str:
    """Return the page with the list that a measure was counted from."""
    found = LISTS.get(measure)
    if found is None:
        return ""
    name, wanted = found
    if wanted is None:
        return reverse(name, args=[village.pk])
    return f"{reverse(name)}?{urlencode({'place': village.pk, **wanted})}"


LISTS: dict[str, tuple[str, dict[str, str] | None]] = {
    Measure.COVERAGE: ("households:list", {"contact": "no"}),
    Measure.VISITS: ("visits:overdue", {}),
    Measure.ISSUES: ("sentiment:issues", {"state": "overdue"}),
    Measure.TALKS: ("sentiment:talks-below", None),
    Measure.REVIEWS: ("sentiment:reviews-below", None),
    Measure.VACANCIES: ("representatives:seats", None),
    Measure.SATISFACTION: ("sentiment:issues", {"state": "bad"}),
    Measure.MODELS: ("evaluations:ratings", {}),
}
