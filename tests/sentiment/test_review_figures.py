"""The figures of a 民情分析会 are those of dashboards and lists."""

import datetime as dt

import pytest

from regions.models import Region
from reports.periods import Span, over, window
from reports.summary.table import summary_of
from sentiment import review_figures
from sentiment.models import Review
from sentiment.review_desk import Desk
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import in_days, today
from tests.visits.stage import Walker, make_home, make_key, make_walker, seen
from visits.models import Waiver

HEADS = ("刘桂英", "张志文", "李小红", "欧阳海棠")


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return four key households, one of them seen, one waived; and one of last month."""
    with everywhere():
        walker = make_walker("walker", HEADS, key=4)
        seen(walker, "刘桂英", today())
        seen(walker, "李小红", before_month(20))
        Waiver.objects.create(
            region_id=VILLAGE,
            household=walker.homes["张志文"],
            first=today(),
            last=in_days(300),
            reason="away",
            entered_by=cast.clerk.user,
        )
        fresh = make_home(walker.person, "新来户", 7, before_month(10))
        make_key(fresh, before_month(10))
    return walker


def before_month(days: int) -> dt.date:
    """Return a day of the month before."""
    return today().replace(day=1) - dt.timedelta(days=days)


@pytest.mark.parametrize("ended", [False, True])
def test_key_households_are_those_of_the_summary_and_of_the_list(
    cast: Cast, walker: Walker, ended: bool
) -> None:
    month = before_month(1).replace(day=1) if ended else today().replace(day=1)
    period = over(Span.MONTH, month) if ended else window(Span.MONTH, today())
    with at(cast.secretary):
        found = review_figures.figures_of(VILLAGE, month, today())
        total = summary_of(Region.objects.get(code=VILLAGE), period).total
    assert (found.key_visited, found.key) == (1, 4)
    assert (found.key_visited, found.key) == (total["seen"], total["owing"])

    desk = Desk(Review(region_id=VILLAGE, month=month), today())
    client = signed_in(cast.secretary)
    waiting = client.get(desk.key_url).context["listed"].page.paginator.count
    assert waiting == found.key - found.key_visited
    visits = client.get(desk.visits_url).context["page"].paginator.count
    assert visits == found.visits == 1
