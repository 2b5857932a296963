"""The dashboard: its numbers are its lists, above is the sum of below, at every level."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from households.models import Household
from regions.models import Region, VillagerGroup
from reports.dashboard import Board, Sums, board_of
from reports.lights import light_of, light_of_person
from reports.pace import firsts_of, pace_of
from reports.periods import Span, window
from representatives.models import Constituency, Seat
from tests.accounts.pages import statements, words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.visits.stage import Walker, make_key, make_walker, seen
from visits.models import Waiver
from visits.standings import Age, State

TODAY = timezone.localdate()
LONG_AGO = TODAY - dt.timedelta(days=400)
LEVELS = (CITY, TOWNSHIP, VILLAGE)


@pytest.fixture
def walker(cast: Cast) -> Walker:
    """Return our village with households in every state, and a vacant seat."""
    with everywhere():
        walker = make_walker("walker", key=4, since=LONG_AGO)
        seen(walker, "刘桂英", TODAY)
        seen(walker, "欧阳海棠", TODAY)
        seen(walker, "刘铁生", TODAY)
        seen(walker, "张志文", TODAY.replace(day=1) - dt.timedelta(days=1))
        Waiver.objects.create(
            region_id=VILLAGE,
            household=walker.homes["曾满秀"],
            first=TODAY - dt.timedelta(days=3),
            last=TODAY + dt.timedelta(days=300),
            reason="away",
            entered_by=cast.clerk.user,
        )
        fresh = make_walker("fresh", ("新来户",), key=0, since=TODAY)
        make_key(fresh.homes["新来户"], TODAY)
        nobodys(2)
        vacancy()
    return walker


def nobodys(number: int) -> None:
    """Put households on our village's roll that nobody looks after."""
    group, _ = VillagerGroup.objects.get_or_create(region_id=VILLAGE, number=91)
    for n in range(number):
        Household.objects.create(
            region_id=VILLAGE, group=group, head=f"无人户{n}", registered_on=LONG_AGO
        )


def vacancy() -> None:
    """Set up a seat that nobody holds."""
    unit = Constituency.objects.create(
        region_id=VILLAGE, name="九十一组片", mode="households"
    )
    Seat.objects.create(
        region_id=VILLAGE, constituency=unit, number=1, opened_on=LONG_AGO
    )


def board(cast: Cast, code: int, span: Span = Span.MONTH) -> Board:
    """Return the dashboard of a division as the city sees it."""
    with at(cast.city_lead):
        return board_of(Region.objects.get(code=code), TODAY, span)


def rows_of(client: Client, url: str) -> int:
    """Return how many rows the list behind a link has."""
    page = client.get(url)
    assert page.status_code == 200, url
    if url.startswith("/seats/"):
        return vacancies_on(page)
    return int(page.context["listed"].page.paginator.count)


def vacancies_on(page: Any) -> int:
    """Return how many vacant seats a page of seats tells of."""
    if "vacancies" in page.context:
        return len(page.context["vacancies"])
    return int(page.context["all"].vacant)


def linked_numbers(page: Any) -> list[tuple[int, str]]:
    """Return every number of a page that is a link, with where it leads."""
    html = page.content.decode()
    found = re.findall(r'<a[^>]* href="([^"]+)"[^>]*>([\d,]+)</a>', html)
    return [(int(text.replace(",", "")), unescape(url)) for url, text in found]


@pytest.mark.parametrize("code", LEVELS)
@pytest.mark.parametrize("span", list(Span))
def test_every_number_is_a_link_to_a_list_with_that_many_rows(
    cast: Cast, walker: Walker, code: int, span: Span
) -> None:
    client = signed_in(cast.city_lead)
    numbers = linked_numbers(client.get(f"/d/{code}/?p={span.value}"))
    assert any(number for number, _ in numbers)
    clicked = {url: None for n, url in numbers if n or span is Span.MONTH}
    for url in clicked:
        said = {number for number, link in numbers if link == url}
        assert said == {rows_of(client, url)}, url


def test_the_strips_figures_lead_to_their_lists(cast: Cast, walker: Walker) -> None:
    for post, code in ((cast.city_lead, CITY), (cast.secretary, VILLAGE)):
        client = signed_in(post)
        for kpi in client.get(f"/d/{code}/").context["kpis"]:
            shown = kpi.value if kpi.unit in {"户", "席"} else kpi.notes[-1]
            number = int(re.sub(r"\D", "", shown))
            assert number == rows_of(client, kpi.url), kpi.label


def test_what_waits_counts_what_its_list_shows(cast: Cast, walker: Walker) -> None:
    client = signed_in(cast.township_staff)
    todos = client.get("/").context["todos"]
    assert {todo.title for todo in todos} >= {"没有联系人的户", "出缺的席位"}
    for todo in todos:
        assert todo.count == rows_of(client, todo.url), todo.title


def test_the_representatives_page_has_his_households_and_links_to_them(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.township_lead)
    page = client.get(f"/d/{VILLAGE}/people/{walker.person.pk}/")
    assert sorted(line.household.head for line in page.context["lines"]) == sorted(
        walker.homes
    )
    for number, url in linked_numbers(page):
        assert number == rows_of(client, url)
    assert signed_in(cast.other_lead).get(page.request["PATH_INFO"]).status_code == 404


def test_above_is_the_sum_of_below_at_every_level(cast: Cast, walker: Walker) -> None:
    for code in LEVELS:
        seen_board = board(cast, code)
        for state in State:
            below = sum(row.sums.of(state) for row in seen_board.rows)
            assert below == seen_board.total.sums.of(state), (code, state)
    city, village = board(cast, CITY).total.sums, board(cast, VILLAGE).total.sums
    assert city == village, "only our village has households"


def test_the_figures_are_those_of_the_households(cast: Cast, walker: Walker) -> None:
    sums = board(cast, VILLAGE).total.sums
    assert (sums.households, sums.nobody, sums.looked_after) == (11, 2, 9)
    assert (sums.seats, sums.vacant) == (1, 1)
    assert sums.of(State.EXCUSED) == 1
    assert sums.of(State.FREE) == 1, "who was linked today first owes the next period"
    assert sums.of(State.SEEN, cadence="month") == 2
    assert sums.of(State.SEEN, cadence="quarter") == 1
    assert sums.owing(Span.MONTH) == 4
    assert sums.rate(Span.MONTH) == 50.0
    assert sums.owing(Span.YEAR) == sums.looked_after


def test_exceptions_come_first_then_the_administrative_order(
    cast: Cast, walker: Walker
) -> None:
    for code in (CITY, TOWNSHIP):
        rows = board(cast, code).rows
        assert rows[0].sums.households == 11
        rest = [row.place.code for row in rows[1:] if row.place]
        assert rest == sorted(rest)


def test_the_lights_follow_the_rule_that_is_printed(cast: Cast, walker: Walker) -> None:
    on = dt.date(2026, 11, 15)
    half = window(Span.MONTH, on)
    assert half.elapsed == 50.0
    assert light_of(month(10, 0), half).tone == "ok"
    assert light_of(month(9, 11), half).tone == "warn", "five points and more behind"
    assert light_of(month(5, 15), half).tone == "bad", "twenty points and more behind"
    assert light_of(month(0, 9), half).tone == "ok", "too few for a rate"
    assert light_of(month(10, 0, nobody=1), half).tone == "warn"
    assert light_of(Sums(), half).tone == "off"
    late = Sums(month(1, 0).by_state, by_age=ages(Age.MIDDLE, 1))
    assert light_of_person(late).tone == "bad"
    for code, rule in (
        (TOWNSHIP, "比时序进度慢 20 个百分点"),
        (VILLAGE, "有超期超过 30 天"),
    ):
        assert rule in words(signed_in(cast.city_lead).get(f"/d/{code}/"))


def month(done: int, due: int, nobody: int = 0) -> Sums:
    """Return figures of monthly households."""
    sums = Sums()
    sums.by_state["month", State.SEEN] = done
    sums.by_state["month", State.DUE] = due
    sums.by_state["quarter", State.NOBODY] = nobody
    return sums


def ages(age: Age, number: int) -> Any:
    """Return a count of overdue households of one age."""
    found = Sums().by_age
    found[age] = number
    return found


@pytest.mark.parametrize("span", [Span.MONTH, Span.QUARTER])
def test_the_pace_line_ends_at_the_rate_of_the_strip(
    cast: Cast, walker: Walker, span: Span
) -> None:
    seen_board = board(cast, CITY, span)
    sums, period = seen_board.total.sums, seen_board.window
    with at(cast.city_lead):
        pace = pace_of(firsts_of(seen_board.place, period), sums, period)
    assert pace is not None
    assert pace.current[-1] == pytest.approx(sums.rate(span))
    assert len(pace.current) == period.gone
    assert pace.span == period.days
    assert "走访进度" in words(signed_in(cast.city_lead).get(f"/?p={span.value}"))


def test_the_year_draws_months_that_are_over(cast: Cast, walker: Walker) -> None:
    on = dt.date(2026, 11, 23)
    period = window(Span.YEAR, on)
    sums = board(cast, CITY).total.sums
    with at(cast.city_lead):
        place = Region.objects.get(code=CITY)
        pace = pace_of(firsts_of(place, period), sums, period)
        empty = pace_of(firsts_of(place, period), Sums(), period)
    assert empty is None, "nobody owes anything"
    assert pace is not None
    assert (len(pace.current), pace.span, pace.each) == (10, 12, "月")


def test_a_visit_moves_the_figures_at_once(cast: Cast, walker: Walker) -> None:
    before = board(cast, VILLAGE).total.sums
    with everywhere():
        seen(walker, "李小红", TODAY)
    after = board(cast, VILLAGE).total.sums
    assert after.seen(Span.MONTH) == before.seen(Span.MONTH) + 1
    assert after.overdue == before.overdue - 1


def test_the_same_statements_for_any_number_of_households_and_villages(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.city_staff)
    costs = [statements(client, f"/d/{code}/") for code in LEVELS]
    with everywhere():
        make_walker("more", tuple(f"户{n}" for n in range(25)), since=LONG_AGO)
    assert [statements(client, f"/d/{code}/") for code in LEVELS] == costs
    assert max(costs) <= 25


@pytest.mark.parametrize(("span", "first", "last"), [
    (Span.MONTH, dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
    (Span.QUARTER, dt.date(2028, 1, 1), dt.date(2028, 3, 31)),
    (Span.YEAR, dt.date(2028, 1, 1), dt.date(2028, 12, 31)),
])  # fmt: skip
def test_periods_are_calendar_periods(
    span: Span, first: dt.date, last: dt.date
) -> None:
    period = window(span, dt.date(2028, 2, 29))
    assert (period.first, period.last) == (first, last)
    assert period.before.last == first - dt.timedelta(days=1)
    assert window(span, last).elapsed == 100.0
