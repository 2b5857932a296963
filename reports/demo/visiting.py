"""Generates the visits of a household, period by period, as its representative is."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from reports.demo.plans import DAY, Calendar, Home, Member, Visited

WAYS = ("door", "phone", "field", "meeting")
WAY_WEIGHTS = (970, 15, 10, 5)
MATTERS = (
    "咨询医保缴费", "希望加装路灯", "灌溉水渠堵塞", "饮水管道漏水，三天没来水",
    "孩子上学路远", "与邻居因宅基地有争议", "进组公路塌方未修", "想申请临时救助",
    "咨询高龄补贴怎么领", "门前垃圾清运不及时", "手机没有信号", "想学电工，问培训班",
    "山塘漏水，明年春耕缺水", "危房改造什么时候批", "路边树枝挡住电线",
)  # fmt: skip


MATTER_SHARE = 0.03
"""Of visits, those with a matter: 50,000 in 2 million a year (domain 5, inferred)."""


class Visiting:
    """Lets representatives visit; the same `random` makes the same visits."""

    def __init__(self, random: Random, calendar: Calendar) -> None:
        self._random = random
        self._calendar = calendar

    def visit(self, home: Home) -> None:
        """Fill in the household's visits: each month or quarter one, or none."""
        if not home.cares:
            return
        key = home.is_key(self._calendar.today)
        for first, last in _periods(self._calendar, 1 if key else 3):
            if visited := self._in_period(home, first, last):
                home.visits.append(visited)

    def _in_period(self, home: Home, first: dt.date, last: dt.date) -> Visited | None:
        random = self._random
        until = min(last, self._calendar.today, (home.ended_on or dt.date.max) - DAY)
        if until < first:
            return None
        day = first + dt.timedelta(random.randrange((last - first).days + 1))
        member = _keeper(home, day)
        if day > until or member is None or random.random() > member.diligence:
            return None
        if home.excused and home.excused.first <= day <= home.excused.last:
            return None
        way = random.choices(WAYS, WAY_WEIGHTS)[0]
        words = random.choice(MATTERS) if random.random() < MATTER_SHARE else ""
        return Visited(member, day, way, words)


def _keeper(home: Home, day: dt.date) -> Member | None:
    """Return who looked after the household on the day, or None."""
    for care in home.cares:
        if care.started_on <= day and (care.ended_on is None or day < care.ended_on):
            return care.member
    return None


def _periods(calendar: Calendar, months: int) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield first and last day of the periods since the links began."""
    first = calendar.linked_on
    while first <= calendar.today:
        following = first
        for _ in range(months):
            following = (following.replace(day=28) + 4 * DAY).replace(day=1)
        yield first, following - DAY
        first = following
