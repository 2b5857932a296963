"""A 民情分析会 that is submitted late: the quarter is that of its month."""

import datetime as dt

from sentiment import review_figures
from sentiment.services.talks import hold
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls
from tests.sentiment.meetings import new_id, talk_of
from visits.rules import Cadence


def test_talks_are_those_of_the_quarter_of_the_month(cast: Cast, rolls: Rolls) -> None:
    quarter = Cadence.QUARTER.period(today())
    earlier = quarter.start - dt.timedelta(days=10)
    with at(cast.clerk):
        hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
        late = talk_of(rolls, "李红英", held_on=earlier, opinions=())
        hold(talk_id=new_id(), content=late, by=cast.clerk)
        owed = talk_of(rolls, "申秋云", held_on=earlier, opinions=())
        hold(talk_id=new_id(), content=owed, by=cast.clerk)
        village = cast.clerk.region_id
        now = review_figures.figures_of(village, today().replace(day=1), today())
        past = review_figures.figures_of(village, earlier.replace(day=1), today())
    assert (now.talks, now.talks_owed) == (1, 4)
    assert (past.talks, past.talks_owed) == (2, 4)
