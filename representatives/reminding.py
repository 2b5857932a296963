"""Reminders in the inbox: seats near their limit, and by-elections whose turn it is.

Each is sent once, on the first morning that it is time: a vacancy as its limit comes
near and again when it has passed, a by-election for each of its steps. A township gets
its late seats in one letter a week.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from accounts.desks import TOWNSHIP, VILLAGE, Desks, desks
from inbox.services import Letter, send_all
from representatives.assembly import Place
from representatives.by_elections import Course, idle_vacancies, limit_days, listed
from representatives.next_steps import next_of
from representatives.rules.by_elections import Actor, vacancy_stage

VACANT, LATE_OF_WEEK = "representatives.vacant", "representatives.late_of_week"
TURN = "representatives.turn"
MOST_LINES = 30


@transaction.atomic
def remind(on: dt.date) -> int:
    """Send what is to be sent in the open scope on the day `on`; return how many."""
    villages, townships = desks(on, *VILLAGE), desks(on, *TOWNSHIP)
    waiting = [place for place in idle_vacancies(on) if _stage(place, on)]
    letters = [
        *_vacancies(waiting, villages, on),
        *_weeks(waiting, townships, on),
        *_turns(villages, townships, on),
    ]
    return send_all(letters, on=on)


def _stage(place: Place, on: dt.date) -> str:
    return vacancy_stage(place.days, limit_days(on))


# --- vacancies --------------------------------------------------------------------


def _vacancies(waiting: list[Place], villages: Desks, on: dt.date) -> Iterator[Letter]:
    """Yield a letter to the village for each seat that nobody has taken up."""
    limit = limit_days(on)
    for place in waiting:
        seat, stage = place.seat, _stage(place, on)
        if not (posts := villages.get(seat.region_id)):
            continue
        left = limit - place.days
        when = (
            f"还有 {left} 天到 {limit} 天期限" if left >= 0 else f"超过 {limit} 天期限"
        )
        yield Letter(
            to=tuple(posts),
            kind=VACANT,
            title=f"{seat.constituency}第 {seat.number} 席出缺 {place.days} 天，{when}",
            body=f"{place.cause}。请启动补选；不再设的席位请撤销。",
            url=seat.get_absolute_url(),
            region=seat.region_id,
            unique_key=f"{VACANT}:{seat.pk}:{place.vacant_since}:{stage}",
        )


def _weeks(waiting: list[Place], townships: Desks, on: dt.date) -> Iterator[Letter]:
    """Yield to each township its seats near or beyond the limit, once a week."""
    below: dict[int, list[Place]] = defaultdict(list)
    for place in waiting:
        below[place.seat.region.parent_id or 0].append(place)
    year, week, _ = on.isocalendar()
    for township, places in below.items():
        if posts := townships.get(township):
            late = sum(place.is_late for place in places)
            yield Letter(
                to=tuple(posts),
                kind=LATE_OF_WEEK,
                title=f"出缺没有启动补选：超过期限 {late} 席，快到期限 {len(places) - late} 席",
                body=_lines(places),
                url=reverse("representatives:by-elections"),
                region=township,
                unique_key=f"{LATE_OF_WEEK}:{township}:{year}-{week}",
            )


def _lines(places: list[Place]) -> str:
    lines = [
        f"{place.seat.region.name}{place.seat}：{place.days} 天"
        for place in places[:MOST_LINES]
    ]
    if len(places) > MOST_LINES:
        lines.append(f"其余 {len(places) - MOST_LINES} 席，请点“去看”。")
    return "\n".join(lines)


# --- by-elections -----------------------------------------------------------------


def _turns(villages: Desks, townships: Desks, on: dt.date) -> Iterator[Letter]:
    """Yield a letter to whose turn it is; what waits for its day reminds nobody."""
    for row in listed(on).running().order_by("pk"):
        course = Course(row, on)
        by_township = course.actor is Actor.TOWNSHIP
        posts = (
            townships.get(row.region.parent_id or 0)
            if by_township
            else villages.get(row.region_id)
        )
        if not posts or (step := next_of(course, posts[0])).waits:
            continue
        yield Letter(
            to=tuple(posts),
            kind=TURN,
            title=f"{row.region.name}{row.constituency}补选，轮到您：{step.title}",
            body=step.words,
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{TURN}:{row.pk}:{row.version}:{course.stage}",
        )
