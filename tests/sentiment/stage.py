"""A village whose people say something, written as the services would have."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from accounts.models import Post
from households.models import Household
from representatives.models import Representative
from sentiment import services
from sentiment.models import Issue, Source
from sentiment.services import Heard
from tests.cast import TOWNSHIP, Cast, at
from tests.days import today
from tests.visits.stage import Walker, make_walker
from visits.models import Visit

WATER = "冬季缺水，三天来一次水"


@contextmanager
def village_life(cast: Cast) -> Iterator[Walker]:
    """Open our village as its secretary does, with a representative of three homes."""
    with at(cast.secretary):
        yield make_walker("walker", ("刘桂英", "张志文", "曾满秀"))


def say(
    by: Post, words: str = WATER, home: Household | None = None, **more: Any
) -> Issue:
    """Enter what somebody of the village came to say."""
    day = more.pop("day", today())
    heard = Heard(
        source=more.pop("source", Source.CALLER),
        heard_on=day,
        topic=more.pop("topic", "基础设施"),
        words=words,
        household=home,
        **more,
    )
    return services.collect(heard=heard, on=day, by=by)


def visited(*args: Any, **more: Any) -> Visit:
    """Store a visit on which there was a matter."""
    visit = visit_of(*args, **more)
    visit.save(force_insert=True)
    return visit


def visit_of(
    home: Household,
    person: Representative,
    by: Post,
    words: str = WATER,
    *,
    on: dt.date | None = None,
    **more: Any,
) -> Visit:
    """Return an unsaved visit, of today or `on`, on which there was a matter."""
    now = timezone.now()
    columns = {
        "has_matter": True,
        "topics": ["基础设施", "人居环境"],
        "satisfaction": "bad",
        "for_village": True,
    }
    return Visit(
        id=uuid.uuid4(),
        region_id=home.region_id,
        household=home,
        representative=person,
        visited_on=on or today(),
        counts=True,
        words=words,
        entered_by=by.user,
        captured_at=now,
        received_at=now,
        fingerprint="",
        **(columns | more),
    )


def lines(issue: Issue) -> list[tuple[str, str, str]]:
    """Return the timeline: step, state after it, words."""
    steps = issue.steps.order_by("version")
    return [(step.action, step.state, step.words) for step in steps]


__all__ = [
    "TOWNSHIP",
    "WATER",
    "lines",
    "say",
    "village_life",
    "visit_of",
    "visited",
]
