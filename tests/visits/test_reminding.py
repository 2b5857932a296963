"""Reminders and the week's list: when they go out, to whom, and their numbers."""

import datetime as dt
import re

import pytest

from inbox.models import Message
from jobs import services as jobs
from jobs.models import Job, State
from tests.cast import TOWNSHIP, Cast, everywhere, signed_in
from tests.days import today, yesterday
from tests.visits.stage import Walker, make_walker, seen
from visits import tasks
from visits.models import Policy
from visits.rounds import round_of
from visits.rules import Cadence
from visits.services import reminding

HEADS = ("刘桂英", "张志文", "李小红", "曾满秀")


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """A representative of four households, two of them 重点, all seen last period."""
    with everywhere():
        return make_walker("walker", HEADS, key=2, post=cast.representative)


@pytest.mark.parametrize(
    ("on", "ending"),
    [
        ("2026-11-22", []),
        ("2026-11-23", ["month"]),
        ("2026-11-30", ["month"]),
        ("2026-12-15", []),
        ("2026-12-16", ["quarter"]),
        ("2026-12-24", ["month", "quarter"]),
        ("2028-02-21", []),
        ("2028-02-22", ["month"]),
        ("2021-12-31", []),
    ],
)
def test_days_from_the_policy(cast: Cast, on: str, ending: list[str]) -> None:
    """Issue 4: 7 days before a month's end, 15 before a quarter's; none without rules."""
    assert [c.value for c in reminding.ending(dt.date.fromisoformat(on))] == ending


def test_other_days_when_the_policy_says_so(cast: Cast) -> None:
    with everywhere():
        Policy.objects.update(soon_days_month=10)
    assert reminding.ending(dt.date(2026, 11, 20)) == [Cadence.MONTH]


def last_days(cadence: Cadence = Cadence.MONTH) -> dt.date:
    """Return the last day of the running period."""
    return cadence.period(today()).end


def told(recipient: object = None) -> list[Message]:
    with everywhere():
        found = Message.objects.filter(sent_by=None).order_by("pk")
        return [m for m in found if recipient is None or m.recipient == recipient]


def remind(on: dt.date) -> int:
    with everywhere():
        return reminding.remind(on)


def figures(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def test_a_representative_is_told_once_a_period_and_by_the_pages_numbers(
    walker: Walker,
) -> None:
    with everywhere():
        before = Cadence.QUARTER.period(today()).start - dt.timedelta(9)
        for head in HEADS[2:]:
            seen(walker, head, before)
        found = round_of(walker.person.pk, today())
    end = last_days(Cadence.QUARTER)
    with everywhere():
        counted = reminding.owed_by_representative(today())
    assert counted[walker.person.pk].total() == len(found.to_see)
    assert remind(end) > 0
    mine = [m for m in told(walker.user) if m.unique_key.split(":")[1] == "quarter"]
    assert [m.title for m in mine] == ["本季度还有 2 户没走访"]
    assert mine[0].url == "/visits/"
    assert remind(end) == 0
    assert remind(end - dt.timedelta(days=1)) == 0


def test_nothing_is_said_where_nothing_is_due(walker: Walker) -> None:
    with everywhere():
        for head in HEADS:
            seen(walker, head, today())
    remind(today())
    assert told() == []


def test_the_villages_week_has_the_numbers_of_the_list_it_leads_to(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        seen(walker, "刘桂英", today())
    remind(today())
    [letter] = [m for m in told(cast.secretary.user) if m.kind == reminding.WEEKLY]
    assert [m.kind for m in told(cast.clerk.user)] == [reminding.WEEKLY]
    due, late = figures(letter.title)
    page = signed_in(cast.secretary).get(letter.url)
    assert page.context["listed"].page.paginator.count == due + late
    lines = [figures(line.split("：", 1)[1]) for line in letter.body.splitlines()]
    assert [sum(column) for column in zip(*lines, strict=True)] == [due, late]
    overdue = signed_in(cast.secretary).get("/visits/overdue/")
    assert overdue.context["listed"].page.paginator.count == late


def test_the_week_is_told_once_and_again_the_next(cast: Cast, walker: Walker) -> None:
    on = today()
    monday = on - dt.timedelta(days=on.weekday())
    for day in (monday, monday, monday + dt.timedelta(3), monday + dt.timedelta(7)):
        remind(day)
    weekly = [m for m in told(cast.clerk.user) if m.kind == reminding.WEEKLY]
    assert len(weekly) == 2


def test_a_job_of_a_day_that_is_over_reminds_nobody(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "publish", lambda job: True)
    for day, sent in ((yesterday(), False), (today(), True)):
        tasks.ask(day, tasks.REMIND, "走访提醒")
        with everywhere():
            job = Job.objects.get(kind=tasks.REMIND, business_date=day, region=TOWNSHIP)
            assert jobs.perform(job.pk) == State.DONE
        assert bool(told()) == sent


def test_statements_do_not_grow_with_the_people(
    cast: Cast, walker: Walker, django_assert_max_num_queries: object
) -> None:
    with everywhere():
        for n in range(4):
            make_walker(f"more{n}", (f"赵{n}",))
    with everywhere(), django_assert_max_num_queries(12):
        reminding.remind(today())
