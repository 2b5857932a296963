"""Periods that are over: kept as they were closed, every number with its list."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from jobs.models import Job
from regions.models import Level, Region
from reports import tasks
from reports.closing import closable, close
from reports.models import ClosedPeriod, ClosedSum, Measure
from reports.past import ON_TIME
from reports.periods import Span, Window, asked_window, over
from tests.accounts.pages import statements, words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import days_ago, today
from tests.reports.summary_stage import last_month, last_quarter, last_year, long_over
from tests.reports.test_dashboard import linked_numbers
from tests.visits.stage import Walker, make_walker, seen
from visits.models import Visit

PERIODS = (last_month, last_quarter, last_year)


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return our village: four monthly households, four quarterly, some seen."""
    with everywhere():
        walker = make_walker("walker", key=4, since=days_ago(800))
        for head, day in (
            ("刘桂英", last_month().first),
            ("张志文", last_month().first + dt.timedelta(days=3)),
            ("刘铁生", last_quarter().last),
            ("周玉兰", last_year().last),
        ):
            seen(walker, head, day)
    return walker


@pytest.fixture(scope="module")
def closed(cast: Cast, walker: Walker) -> Walker:
    """Close everything that is over, and let one household be visited afterwards."""
    with everywhere():
        close(Region.objects.get(code=TOWNSHIP), long_over())
        seen(walker, "李小红", today())
    return walker


def period(seen_in: Any) -> ClosedPeriod:
    """Return our village's closed period."""
    return ClosedPeriod.objects.get(
        region_id=VILLAGE, span=seen_in.span.value, first=seen_in.first
    )


def test_a_period_is_closed_as_it_was(cast: Cast, closed: Walker) -> None:
    with at(cast.township_lead):
        month, quarter, year = (period(last()) for last in PERIODS)
    assert (month.seen, month.unseen) == (2, 2)
    assert month.by_day[:4] == [1, 0, 0, 1]
    assert len(month.by_day) == last_month().days
    assert (quarter.seen, quarter.unseen) == (1, 3)
    assert year.seen + year.unseen == 8
    assert sorted(month.households) == sorted(
        closed.homes[head].pk for head in ("刘桂英", "张志文", "李小红", "欧阳海棠")
    )


@pytest.mark.parametrize("last", PERIODS)
def test_a_township_has_the_sum_of_its_villages(
    cast: Cast, closed: Walker, last: Callable[[], Window]
) -> None:
    """Written with them, and with one that closes later than the others."""
    seen_in = last()
    which = {"span": seen_in.span.value, "first": seen_in.first}
    with at(cast.township_lead):
        assert_summed(which)
        new = ClosedPeriod.objects.get(region=VILLAGE, **which)
        new.pk, new.region = None, found_village()
        new.save(force_insert=True)
        assert_summed(which)
    with pytest.raises(DatabaseError), at(cast.township_lead), transaction.atomic():
        ClosedSum.objects.update(seen=0)


def assert_summed(which: dict[str, Any]) -> None:
    """Compare what is kept of our township with the sum of its villages' rows."""
    kept, rows = ClosedSum.objects.get(**which), ClosedPeriod.objects.filter(**which)
    days = zip(*rows.values_list("by_day", flat=True), strict=True)
    assert kept.region_id == TOWNSHIP
    assert kept.by_day == [sum(day) for day in days]
    assert kept.seen == sum(rows.values_list("seen", flat=True)) > 0
    assert kept.unseen == sum(rows.values_list("unseen", flat=True))


def found_village() -> Region:
    """Found a village that has closed nothing yet."""
    with everywhere():
        return Region.objects.create(
            code=TOWNSHIP + 999,
            name="新立村",
            level=Level.VILLAGE,
            kind=Region.objects.get(code=VILLAGE).kind,
            parent_id=TOWNSHIP,
        )


def test_closing_twice_changes_nothing_and_what_comes_later_neither(
    cast: Cast, closed: Walker
) -> None:
    with at(cast.township_lead):
        before = list(ClosedPeriod.objects.order_by("pk").values())
        assert close(Region.objects.get(code=TOWNSHIP), long_over()) == 0
    with everywhere():
        seen(closed, "欧阳海棠", last_month().last)
    with at(cast.township_lead):
        close(Region.objects.get(code=TOWNSHIP), long_over())
        assert list(ClosedPeriod.objects.order_by("pk").values()) == before


def test_a_closed_period_cannot_be_changed_or_removed(
    cast: Cast, closed: Walker
) -> None:
    for spoil in (
        lambda rows: rows.update(seen=99),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), at(cast.township_lead), transaction.atomic():
            spoil(ClosedPeriod.objects.all())


def test_a_period_is_closed_the_set_days_after_its_end_and_missed_nights_are_caught_up(
    cast: Cast,
) -> None:
    end = dt.date(2026, 3, 31)
    with at(cast.city_lead):
        early = {seen_in.key for seen_in in closable(end + dt.timedelta(days=4))}
        due = [seen_in.key for seen_in in closable(end + dt.timedelta(days=5))]
        Measure.objects.create(
            effective_from=dt.date(2026, 3, 1), behind_warn=10, behind_bad=20,
            overdue_warn=2, overdue_bad=5, person_bad=33, few=10, closing_days=1,
        )  # fmt: skip
        sooner = {seen_in.key for seen_in in closable(end + dt.timedelta(days=1))}
    assert {"2026-03", "2026-Q1"}.isdisjoint(early)
    assert due[:2] == ["2026-03", "2026-02"]
    assert {"2026-Q1", "2025", "2025-03"} <= set(due)
    assert "2026-03" in sooner


def test_the_night_asks_each_township_once(cast: Cast, walker: Walker) -> None:
    asked = tasks.ask(today())
    assert {job.pk for job in tasks.ask(today())} == {job.pk for job in asked}
    assert len(asked) == Region.objects.current().townships().count()
    job = next(job for job in asked if job.region_id == TOWNSHIP)
    with at(cast.township_lead):
        assert "关账" in tasks.close_township(Job.objects.get(pk=job.pk))
        assert ClosedPeriod.objects.filter(region_id=VILLAGE).exists()


# --- the pages ------------------------------------------------------------------


def rows_of(client: Client, url: str) -> int:
    """Return how many rows the list behind a link has."""
    page = client.get(url)
    assert page.status_code == 200, url
    return int(page.context["listed"].paginator.count)


def the_first_month() -> Window:
    """Return the month in which the first household was linked."""
    return over(Span.MONTH, days_ago(800))


def past_links(page: Any) -> list[tuple[int, str]]:
    """Return the numbers of a page that lead to past lists, and where."""
    return [(n, url) for n, url in linked_numbers(page) if "/past/" in url]


@pytest.mark.parametrize("code", [CITY, TOWNSHIP, VILLAGE])
@pytest.mark.parametrize("period_of", [*PERIODS, the_first_month])
def test_every_number_of_a_past_period_has_that_many_rows(
    cast: Cast, closed: Walker, code: int, period_of: Callable[[], Window]
) -> None:
    asked = period_of()
    client = signed_in(cast.city_lead)
    page = client.get(f"/d/{code}/{asked.query}")
    assert page.status_code == 200
    assert asked.words in words(page)
    links = past_links(page)
    assert links
    for number, url in set(links):
        if number or code == VILLAGE:
            assert number == rows_of(client, url), url
    for kpi in page.context["board"].kpis:
        if "/past/" in kpi.url and kpi.unit == "户":
            assert int(kpi.value) == rows_of(client, kpi.url), kpi.label


def test_the_representatives_page_has_his_past_households(
    cast: Cast, closed: Walker
) -> None:
    client = signed_in(cast.secretary)
    page = client.get(f"/d/{VILLAGE}/people/{closed.person.pk}/{last_month().query}")
    figures = {kpi.label: kpi for kpi in page.context["head"].kpis}
    assert figures["没走访"].value == "2"
    for kpi in figures.values():
        if kpi.unit == "户":
            assert int(kpi.value) == rows_of(client, kpi.url), kpi.label


def never_closed() -> Window:
    """Return a month that lies before the look-back."""
    month = last_month()
    for _ in range(14):
        month = month.before
    return month


def test_a_list_says_whether_its_period_is_closed(cast: Cast, closed: Walker) -> None:
    client, url = signed_in(cast.secretary), f"/d/{VILLAGE}/past/"
    assert "关账时的名单" in words(client.get(f"{url}?p={last_month().key}"))
    shown = words(client.get(f"{url}?p={never_closed().key}"))
    assert "关账时的名单" not in shown
    assert "没有关账" in shown


def test_late_visits_are_counted_before_a_period_is_closed_too(
    cast: Cast, closed: Walker
) -> None:
    """In the first days of a month, and for what lies before the look-back."""
    before = never_closed()
    with at(cast.secretary):
        assert not ClosedPeriod.objects.filter(first=before.first, span="month")
    client = signed_in(cast.township_lead)
    for page in (f"/d/{VILLAGE}/", f"/d/{TOWNSHIP}/"):
        board = client.get(f"{page}?p={before.key}").context["board"]
        kpis = {kpi.label: kpi for kpi in board.kpis}
        listed = client.get(kpis["后来补访"].url).context["listed"].paginator.count
        assert (kpis["后来补访"].value, listed) == ("3", 3)


def test_late_visits_stand_beside_the_closed_figure(cast: Cast, closed: Walker) -> None:
    client = signed_in(cast.secretary)
    page = client.get(f"/d/{VILLAGE}/{last_month().query}")
    kpis = {kpi.label: kpi for kpi in page.context["board"].kpis}
    assert (kpis["没走访"].value, kpis["后来补访"].value) == ("2", "1")
    late = client.get(kpis["后来补访"].url)
    assert [line.household.head for line in late.context["lines"]] == ["李小红"]
    with at(cast.secretary):
        visit = Visit.objects.get(household=closed.homes["李小红"])
    assert f"{visit.visited_on} 补访" in words(late)


def test_an_open_past_period_is_shown_as_it_is(cast: Cast, walker: Walker) -> None:
    client = signed_in(cast.secretary)
    board = client.get(f"/d/{VILLAGE}/{last_month().query}").context["board"]
    assert [kpi.value for kpi in board.kpis][:2] == ["50.0", "2"]


def test_the_rate_is_compared_with_closed_periods_in_points(
    cast: Cast, closed: Walker
) -> None:
    html = words(signed_in(cast.city_lead).get(f"/d/{CITY}/"))
    assert "环比" in html
    assert "近一年各月各季" in html


def test_on_time_counts_every_closed_period_and_leads_to_the_missed_ones(
    cast: Cast, closed: Walker
) -> None:
    client = signed_in(cast.township_lead)
    page = client.get("/")
    kpi = next(k for k in page.context["board"].kpis if k.label == "走访按期率")
    missed = int(re.sub(r"\D", "", kpi.notes[-1]))
    assert missed > 0
    assert missed == rows_of(client, unescape(kpi.url))
    assert ON_TIME in kpi.url


def test_a_representative_sees_no_closed_figures(cast: Cast, closed: Walker) -> None:
    page = signed_in(closed.post).get(
        f"/d/{VILLAGE}/past/{last_month().query}&outcome=all"
    )
    assert list(page.context["lines"]) == [] or all(
        line.household.pk in {home.pk for home in closed.homes.values()}
        for line in page.context["lines"]
    )


@pytest.mark.parametrize("where", [
    f"/d/{CITY}/{{month}}", f"/d/{VILLAGE}/{{quarter}}",
    f"/d/{TOWNSHIP}/past/{{month}}&outcome=all",
])  # fmt: skip
def test_the_statements_do_not_grow_with_the_households(
    cast: Cast, closed: Walker, where: str
) -> None:
    client = signed_in(cast.city_lead)
    where = where.format(month=last_month().query, quarter=last_quarter().query)
    few = statements(client, where)
    with everywhere():
        make_walker(
            "more", tuple(f"户{n}" for n in range(25)), key=12, since=days_ago(800)
        )
    assert statements(client, where) == few


@pytest.mark.parametrize(("asked", "key", "is_over"), [
    ("", "2026-11", False), ("month", "2026-11", False), ("quarter", "2026-Q4", False),
    ("year", "2026", False), ("2026-10", "2026-10", True), ("2026-Q3", "2026-Q3", True),
    ("2025", "2025", True), ("2026-11", "2026-11", False), ("2027-01", "2026-11", False),
    ("2026-13", "2026-11", False), ("2026-Q5", "2026-11", False), ("x", "2026-11", False),
])  # fmt: skip
def test_an_address_says_which_period(asked: str, key: str, is_over: bool) -> None:
    found = asked_window(asked, dt.date(2026, 11, 28))
    assert (found.key, found.is_over) == (key, is_over)
    assert asked_window(found.query.removeprefix("?p="), dt.date(2026, 11, 28)) == found


# --- the measures ---------------------------------------------------------------

NUMBERS = {
    "behind_warn": 12, "behind_bad": 25, "overdue_warn": 3, "overdue_bad": 8,
    "person_bad": 40, "few": 5, "closing_days": 7,
    "approval_rows": 500,
}  # fmt: skip


def test_the_city_sets_the_lights_from_a_day_on(cast: Cast) -> None:
    client = signed_in(cast.city_lead)
    sent = NUMBERS | {"effective_from": today().isoformat()}
    assert client.post("/measures/", sent).status_code == 302
    assert Measure.objects.get(effective_from=today()).set_by == cast.city_lead.user
    assert "慢 25 个百分点" in words(client.get(f"/d/{TOWNSHIP}/"))


@pytest.mark.parametrize(("change", "said"), [
    ({"effective_from": "2022-05-01"}, "已经过去"),
    ({"behind_bad": 3}, "预警不能比关注"),
    ({"closing_days": 0}, ""),
])  # fmt: skip
def test_measures_that_cannot_be_are_refused_with_a_sentence(
    cast: Cast, change: dict[str, Any], said: str
) -> None:
    sent = NUMBERS | {"effective_from": today().isoformat()} | change
    page = signed_in(cast.city_lead).post("/measures/", sent)
    assert page.status_code == 422
    assert said in words(page)
    assert Measure.objects.count() == 1
    assert signed_in(cast.township_lead).get("/measures/").status_code == 403


def test_a_representatives_on_time_rate_counts_his_own_and_leads_to_them(
    cast: Cast, closed: Walker
) -> None:
    client = signed_in(cast.township_lead)
    page = client.get(f"/d/{VILLAGE}/people/{closed.person.pk}/")
    kpi = next(k for k in page.context["head"].kpis if k.label == "走访按期率")
    missed = int(re.sub(r"\D", "", kpi.notes[-1]))
    assert missed == rows_of(client, unescape(kpi.url)) > 0
    assert f"representative={closed.person.pk}" in kpi.url
    with everywhere():
        nobodys = make_walker("other", ("他人户",), key=0, since=days_ago(800))
    page = client.get(f"/d/{VILLAGE}/people/{nobodys.person.pk}/")
    kpi = next(k for k in page.context["head"].kpis if k.label == "走访按期率")
    assert kpi.value is None, "nothing of his was closed"
