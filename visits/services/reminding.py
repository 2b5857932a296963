"""Reminders in the inbox: before a period ends, and the village's list of the week.

The numbers are those of the pages: `visits.standings` counts them. Each is sent once
for its period or week, on the first day that it is time; a day on which nothing ran is
made good by the next.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from accounts.desks import VILLAGE, desks
from accounts.models import Post
from inbox.services import Letter, send_all, word
from representatives.models import Representative
from visits import rules
from visits.facts import policies
from visits.heaps import heaps
from visits.rules import Cadence
from visits.standings import OPEN_STATES, TO_SEE, State, all_duties

ENDING, WEEKLY = "visits.period_ends", "visits.week"
PERIODS = {Cadence.MONTH: ("本月", "月底"), Cadence.QUARTER: ("本季度", "季末")}
word(ENDING, WEEKLY)
MOST_LINES = 30
OWED = {cadence.value: cadence for cadence in Cadence}
Owing = dict[int, Counter[str]]


@transaction.atomic
def remind(on: dt.date) -> int:
    """Send what is to be sent in the open scope on the day `on`; return how many."""
    owing = owed_by_representative(on)
    if not owing:
        return 0
    people = Representative.objects.in_bulk(list(owing))
    letters = [*_before_the_end(owing, on), *_of_the_week(owing, people, on)]
    return send_all(letters, on=on)


def owed_by_representative(on: dt.date) -> Owing:
    """Return by representative how many households are due (by cadence) and overdue."""
    found: Owing = defaultdict(Counter)
    for heap in heaps(all_duties(), on, by="representative_id"):
        if heap.owner is not None and heap.state in OPEN_STATES:
            is_late = heap.state == State.OVERDUE
            found[heap.owner][State.OVERDUE if is_late else heap.cadence] += (
                heap.households
            )
    return dict(found)


# --- the representative -----------------------------------------------------------


def ending(on: dt.date) -> list[Cadence]:
    """Return the cadences whose period ends so soon that reminders go out."""
    policy = rules.policy_on(policies(), on)
    if policy is None:
        return []
    return [
        cadence
        for cadence in Cadence
        if (cadence.period(on).end - on).days <= policy.soon_days[cadence]
    ]


def _before_the_end(owing: Owing, on: dt.date) -> Iterator[Letter]:
    """Yield a letter to each representative who still owes visits in an ending period."""
    cadences = ending(on)
    posts = Post.objects.active(on).filter(
        role="representative", narrowed_to__in=list(owing)
    )
    for post in posts.select_related("user") if cadences else ():
        counted = owing[post.narrowed_to or 0]
        for cadence in cadences:
            if counted[cadence.value]:
                yield _ends(post, cadence, counted, on)


def _ends(post: Post, cadence: Cadence, counted: Counter[str], on: dt.date) -> Letter:
    this, end = PERIODS[cadence]
    period = cadence.period(on)
    left = (period.end - on).days
    when = f"离{end}还有 {left} 天" if left else f"今天是{this}最后一天"
    late = counted[State.OVERDUE]
    return Letter(
        to=(post,),
        kind=ENDING,
        title=f"{this}还有 {counted[cadence.value]} 户没走访",
        body=f"{when}。" + (f"另外有 {late} 户已经超期，请先去。" if late else ""),
        url=reverse("visits:phone"),
        region=post.region_id,
        unique_key=f"{ENDING}:{cadence.value}:{period.start}",
    )


# --- the village --------------------------------------------------------------------


def _of_the_week(
    owing: Owing, people: dict[int, Representative], on: dt.date
) -> Iterator[Letter]:
    """Yield to each village's secretary and clerks whose visits the week is for."""
    keepers = desks(on, *VILLAGE)
    villages: dict[int, list[Representative]] = defaultdict(list)
    for person in people.values():
        villages[person.region_id].append(person)
    for village, persons in villages.items():
        if keepers[village]:
            yield _week(village, keepers[village], persons, owing, on)


def _week(
    village: int,
    keepers: list[Post],
    persons: list[Representative],
    owing: Owing,
    on: dt.date,
) -> Letter:
    ordered = sorted(persons, key=lambda p: (-owing[p.pk][State.OVERDUE], p.pk))
    lines = [_line(person, owing[person.pk]) for person in ordered[:MOST_LINES]]
    if more := len(ordered) - MOST_LINES:
        lines += [f"其余 {more} 位代表，请点“去看”。"] if more > 0 else []
    total = sum((owing[person.pk] for person in persons), Counter[str]())
    late = total[State.OVERDUE]
    due = total.total() - late
    year, week, _ = on.isocalendar()
    return Letter(
        to=tuple(keepers),
        kind=WEEKLY,
        title=f"这一周：待走访 {due} 户，超期 {late} 户",
        body="\n".join(lines),
        url=f"{reverse('visits:overdue')}?state={TO_SEE}&by=rep",
        region=village,
        unique_key=f"{WEEKLY}:{village}:{year}-{week}",
    )


def _line(person: Representative, counted: Counter[str]) -> str:
    late = counted[State.OVERDUE]
    return f"{person.name}：待走访 {counted.total() - late} 户，超期 {late} 户"
