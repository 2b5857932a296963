"""Our village, its sibling and another township with something in every column."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from regions.models import Region
from reports.closing import close
from reports.periods import Span, Window, window
from reports.summary.keeping import keep
from representatives.models import Constituency, Mandate, Representative, Seat
from sentiment.models import Issue, Review, TalkMeeting
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, everywhere, sibling_code
from tests.days import days_ago, in_days, today
from tests.visits.stage import Walker, make_walker, seen
from trainings.models import Attendance, Sign, Training

EMPTY = 430582105000  # a township where nothing was set


def running(span: Span) -> Window:
    """Return the period of a span in which we are."""
    return window(span, today())


def last_month() -> Window:
    """Return the month before this one."""
    return running(Span.MONTH).before


def last_quarter() -> Window:
    """Return the quarter before this one."""
    return running(Span.QUARTER).before


def last_year() -> Window:
    """Return the year before this one."""
    return running(Span.YEAR).before


def long_over() -> dt.date:
    """Return a day on which all three are closed."""
    return last_month().last + dt.timedelta(days=40)


@dataclass(frozen=True)
class Stage:
    """The walker of our village, and who serves there."""

    walker: Walker
    serving: Representative
    cast: Cast


def set_stage(cast: Cast) -> Stage:
    """Let last month and this one have visits, meetings, issues and vacancies."""
    month, quarter, on = last_month(), last_quarter(), today()
    walker = make_walker("walker", key=4, since=days_ago(800))
    for head, day in (
        ("刘桂英", month.first),
        ("张志文", month.first + dt.timedelta(days=3)),
        ("刘铁生", quarter.last),
        ("周玉兰", last_year().last),
        ("刘桂英", on),
    ):
        seen(walker, head, day)
    stage = Stage(walker, walker.person, cast)
    serve(walker.person)
    talk(stage, quarter.last)
    talk(stage, on)
    review(stage, month.first, month.last + dt.timedelta(days=1))  # late, and its own
    for heard, resolved, answer in (
        (month.first, month.last, "good"),
        (month.first, month.last, "bad"),
        (month.last, None, ""),
        (on, None, ""),
    ):
        issue(stage, heard, resolved, answer)
    for day, sign in (
        (month.first, Sign.PRESENT),
        (month.last, Sign.ABSENT),
        (on, Sign.PRESENT),
    ):
        training(stage, day, sign)
    return stage


def serve(person: Representative) -> None:
    """Seat somebody by a by-election of last month in one of two seats."""
    unit = Constituency.objects.create(
        region_id=VILLAGE, name="九十一组片", mode="households"
    )
    seats = [
        Seat.objects.create(
            region_id=VILLAGE, constituency=unit, number=number, opened_on=days_ago(800)
        )
        for number in (1, 2)
    ]
    # Long ago he served, and again from last month on, after a by-election.
    for first, last, is_by_election in (
        (days_ago(800), last_month().first, False),
        (last_month().first, None, True),
    ):
        Mandate.objects.create(
            region_id=VILLAGE,
            representative=person,
            seat=seats[0],
            mode="households",
            started_on=first,
            until=in_days(900),
            ended_on=last,
            end_cause="resigned" if last else "",
            is_by_election=is_by_election,
        )


def talk(stage: Stage, day: dt.date) -> TalkMeeting:
    """Hold a 恳谈会."""
    return TalkMeeting.objects.create(
        id=uuid.uuid4(),
        region_id=VILLAGE,
        representative=stage.serving,
        held_on=day,
        place="村部",
        topics="用水",
        entered_by=stage.walker.user,
        entered_at=timezone.now(),
    )


def review(stage: Stage, month: dt.date, day: dt.date) -> Review:
    """Hold a 民情分析会."""
    return Review.objects.create(
        region_id=VILLAGE,
        month=month,
        state="submitted",
        held_on=day,
        submitted_at=timezone.now(),
        submitted_by=stage.walker.user,
    )


def training(stage: Stage, day: dt.date, sign: Sign) -> None:
    """Hold a training of the village with one on its roster."""
    now, user = timezone.now(), stage.walker.user
    entered = {"region_id": VILLAGE, "entered_by": user, "entered_at": now}
    held = Training.objects.create(
        id=uuid.uuid4(), topic="走访怎么走", level="village_catchall", held_on=day,
        place="村部", hours=2, state="held", signed_by=user, signed_at=now, **entered,
    )  # fmt: skip
    Attendance.objects.create(
        training=held.pk, representative=stage.serving, sign=sign, **entered
    )


def issue(
    stage: Stage, heard: dt.date, resolved: dt.date | None, answer: str, **more: Any
) -> Issue:
    """Store an issue as it stands after its steps."""
    told = {"told_on": resolved, "answer": answer} if answer else {}
    return Issue.objects.create(
        region_id=VILLAGE,
        source="caller",
        household=stage.walker.homes["刘桂英"],
        representative=stage.serving,
        heard_on=heard,
        topic="其他",
        words="路灯坏了",
        entered_at=timezone.now(),
        due_on=heard + dt.timedelta(days=1),
        state="told" if answer else "collected",
        resolved_on=resolved,
        **told,
        **more,
    )


def shut() -> None:
    """Close whatever is over, as the night does."""
    with everywhere():
        township = Region.objects.get(code=TOWNSHIP)
        close(township, long_over())
        keep(township, long_over())


def places() -> dict[int, Region]:
    """Return the places that the tests look at."""
    codes = (CITY, TOWNSHIP, VILLAGE, EMPTY, sibling_code())
    return Region.objects.select_related("parent__parent").in_bulk(codes)
