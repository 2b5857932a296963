"""The dashboard: its numbers are its lists, above is the sum of below, at every level."""

import datetime as dt
import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Post
from households.models import Household
from regions.models import Region, VillagerGroup
from reports.dashboard import Board, Drawing, board_of
from reports.figures.domain import Asked, Counts, View
from reports.figures.standings import Sums
from reports.figures.visiting import Visiting
from reports.lights import LightRule, light_of
from reports.pace import firsts_of, keep, pace_of
from reports.periods import Span, window
from representatives.models import Constituency, Representative, Seat
from tests.accounts.pages import statements, words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import days_ago, in_days, today, yesterday
from tests.visits.stage import Walker, make_key, make_walker, seen
from visits.models import Waiver
from visits.standings import State

LEVELS = (CITY, TOWNSHIP, VILLAGE)
PLACE = re.compile(r"place=[^&]*|\d{12}")
"""How an address says which division it is about."""


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return our village with households in every state, and a vacant seat."""
    with everywhere():
        walker = make_walker("walker", key=4, since=days_ago(400))
        seen(walker, "刘桂英", today())
        seen(walker, "欧阳海棠", today())
        seen(walker, "刘铁生", today())
        seen(walker, "张志文", today().replace(day=1) - dt.timedelta(days=1))
        Waiver.objects.create(
            region_id=VILLAGE,
            household=walker.homes["曾满秀"],
            first=days_ago(3),
            last=in_days(300),
            reason="away",
            entered_by=cast.clerk.user,
        )
        fresh = make_walker("fresh", ("新来户",), key=0, since=today())
        make_key(fresh.homes["新来户"], today())
        nobodys(2)
        vacancy()
    return walker


def nobodys(number: int) -> None:
    """Put households on our village's roll that nobody looks after."""
    group, _ = VillagerGroup.objects.get_or_create(region_id=VILLAGE, number=91)
    for n in range(number):
        Household.objects.create(
            region_id=VILLAGE,
            group=group,
            head=f"无人户{n}",
            registered_on=days_ago(400),
        )


def vacancy() -> None:
    """Set up a seat that nobody holds."""
    unit = Constituency.objects.create(
        region_id=VILLAGE, name="九十一组片", mode="households"
    )
    Seat.objects.create(
        region_id=VILLAGE, constituency=unit, number=1, opened_on=days_ago(400)
    )


def board(cast: Cast, code: int, span: Span = Span.MONTH) -> Board:
    """Return the dashboard of a division as the city sees it."""
    with at(cast.city_lead):
        place = Region.objects.select_related("parent__parent").get(code=code)
        return board_of(
            Asked(place, window(span, today())), cast.city_lead, LightRule()
        )


def drawn(cast: Cast, code: int, span: Span = Span.MONTH) -> Drawing:
    """Return what the domains counted for a division."""
    with at(cast.city_lead):
        asked = Asked(Region.objects.get(code=code), window(span, today()))
        return Drawing(asked, cast.city_lead, LightRule())


def sums_of(cast: Cast, code: int, key: str = "visiting") -> Sums:
    """Return all households of a division by how they stand."""
    drawing = drawn(cast, code)
    return Sums(sum(drawing.tallies[key].values(), Counts()))


def rows_of(client: Client, url: str) -> int:
    """Return how many rows the list behind a link has."""
    page = client.get(url)
    assert page.status_code == 200, url
    if url.startswith("/seats/"):
        return vacancies_on(page)
    if url.startswith("/by-elections/"):
        waiting = page.context["waiting"]
        return len(waiting) if waiting else int(page.context["page"].paginator.count)
    if url.startswith("/trainings/"):
        return int(page.context["page"].paginator.count)
    if url.startswith("/appraisals/"):
        return len(page.context["rows"])
    if "/past/" in url:
        return int(page.context["listed"].paginator.count)
    if url.startswith(("/issues/", "/ratings/", "/households/")):
        return int(page.context["page"].paginator.count)
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
    click_all(cast.city_lead, f"/d/{code}/?p={span.value}", span)


@pytest.mark.parametrize("name", ["township_lead", "secretary"])
def test_every_number_leads_there_for_whoever_stands_there_too(
    cast: Cast, walker: Walker, name: str
) -> None:
    """His own range is narrowed by the database, and not by the address."""
    click_all(getattr(cast, name), "/")


LISTED: dict[tuple[int, str], int] = {}
"""How many rows the lists have that were opened already, by whom: the stage is one."""


def click_all(post: Post, page: str, span: Span = Span.MONTH) -> None:
    """Click every number of a page and count the rows it leads to.

    The noughts of a column lead to one list about another place each: by the month one
    of them is clicked. The pages of other places and periods share most of their lists.
    """
    client = signed_in(post)
    numbers = linked_numbers(client.get(page))
    assert any(number for number, _ in numbers)
    noughts = {PLACE.sub("", url): url for n, url in numbers if not n}
    clicked = {url for n, url in numbers if n}
    for url in clicked | set(noughts.values() if span is Span.MONTH else ()):
        if (post.pk, url) not in LISTED:
            LISTED[post.pk, url] = rows_of(client, url)
        said = {number for number, link in numbers if link == url}
        assert said == {LISTED[post.pk, url]}, url


def test_the_strips_figures_lead_to_their_lists(cast: Cast, walker: Walker) -> None:
    for post, code in ((cast.city_lead, CITY), (cast.secretary, VILLAGE)):
        client = signed_in(post)
        for kpi in client.get(f"/d/{code}/").context["board"].kpis:
            if kpi.label == "户户有人联":
                assert kpi.notes[0] == "共 11 户"
            if kpi.label == "代表出缺":
                assert kpi.notes[-1].startswith("最长 400 天，超过 60 天的 1 席")
            shown = kpi.value if kpi.unit in {"户", "席", "件"} else kpi.notes[-1]
            number = int(re.sub(r"\D", "", shown))
            assert number == rows_of(client, kpi.url), kpi.label


def test_what_waits_counts_what_its_list_shows(cast: Cast, walker: Walker) -> None:
    client = signed_in(cast.township_staff)
    todos = client.get("/").context["board"].todos
    titles = {todo.title for todo in todos}
    assert titles >= {"没有联系人的户", "出缺的席位", "出缺超过期限的席位"}
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
        page = board(cast, code)
        for number, (label, cell) in enumerate(page.total.cells):
            if cell.share is None:
                below = [int(line.cells[number][1].words) for line in page.lines]
                assert sum(below) == int(cell.words), (code, label)
    assert sums_of(cast, CITY) == sums_of(cast, VILLAGE), "only ours has households"
    assert sums_of(cast, CITY, "seats") == sums_of(cast, VILLAGE, "seats")


def test_the_figures_are_those_of_the_households(cast: Cast, walker: Walker) -> None:
    sums = sums_of(cast, VILLAGE)
    assert (sums.households, sums.nobody, sums.looked_after) == (11, 2, 9)
    assert sums_of(cast, VILLAGE, "seats").counts == {
        "seats": 1,
        "vacant": 1,
        "vacant.long": 1,
    }
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
        lines = board(cast, code).lines
        assert lines[0].place is not None
        assert VILLAGE in lines[0].place.scope
        rest = [line.place.code for line in lines[1:] if line.place]
        assert rest == sorted(rest)


HALF = window(Span.MONTH, dt.date(2026, 11, 15))
LIGHTS = [
    ({"month.seen": 10}, "ok", "all seen"),
    ({"month.seen": 9, "month.due": 14}, "warn", "ten points and more behind"),
    ({"month.seen": 6, "month.due": 14}, "bad", "twenty points and more behind"),
    ({"month.due": 9}, "ok", "too few for a rate"),
    ({"month.seen": 10, "quarter.nobody": 1}, "warn", "somebody whom nobody sees"),
    ({"month.seen": 98, "month.overdue": 2}, "warn", "two in a hundred overdue"),
    ({"month.seen": 95, "month.overdue": 5}, "bad", "five in a hundred overdue"),
    ({}, "off", "nothing known"),
]


@pytest.mark.parametrize(("counts", "tone", "why"), LIGHTS)
def test_the_lights_follow_the_rule_that_is_printed(
    counts: dict[str, int], tone: str, why: str
) -> None:
    assert HALF.elapsed == 50.0
    place = Region(code=TOWNSHIP, level="township")
    view = View(Asked(place, HALF), Counts(counts), None, LightRule(), place)
    light = light_of(Visiting().worries(view), is_empty=not counts)
    assert light.tone == tone, why


def test_a_place_without_rolls_is_not_called_in_order(
    cast: Cast, walker: Walker
) -> None:
    """Its villages owe appraisals and meetings; that alone says nothing of it."""
    for code in (CITY, TOWNSHIP):
        for line in board(cast, code).lines:
            assert line.place is not None
            has_rolls = VILLAGE in line.place.scope
            assert (line.light.tone != "off") is has_rolls, line.name
            assert has_rolls or line.light.words == "无数据"


@pytest.mark.parametrize(("counts", "tone"), [
    ({"month.overdue": 1, "month.seen": 2}, "bad"),
    ({"month.overdue": 1, "month.seen": 3}, "warn"),
    ({"month.due": 8}, "ok"),
])  # fmt: skip
def test_a_representatives_light_asks_how_many_of_his_are_overdue(
    counts: dict[str, int], tone: str
) -> None:
    place = Region(code=VILLAGE, level="village")
    person = Representative(pk=1)
    view = View(
        Asked(place, HALF), Counts(counts), None, LightRule(), None, person=person
    )
    assert light_of(Visiting().worries(view)).tone == tone


def test_the_rule_is_printed_under_the_table(cast: Cast, walker: Walker) -> None:
    for code, rule in (
        (TOWNSHIP, "比时序进度慢 20 个百分点"),
        (VILLAGE, "超期户占他联系户的 33%"),
    ):
        assert rule in words(signed_in(cast.city_lead).get(f"/d/{code}/"))


@pytest.mark.parametrize("span", [Span.MONTH, Span.QUARTER])
def test_the_pace_line_ends_at_the_rate_of_the_strip(
    cast: Cast, walker: Walker, span: Span
) -> None:
    sums, period = sums_of(cast, CITY), window(span, today())
    with at(cast.city_lead):
        firsts = firsts_of(Region.objects.get(code=CITY), period, 0)
        pace = pace_of(firsts, None, sums, period)
    assert pace is not None
    assert pace.current[-1] == pytest.approx(sums.rate(span))
    assert len(pace.current) == period.gone
    assert pace.span == period.days
    assert "走访进度" in words(signed_in(cast.city_lead).get(f"/?p={span.value}"))


@pytest.mark.parametrize("span", Span)
def test_what_the_night_kept_of_the_pace_is_what_the_visits_say(
    cast: Cast, walker: Walker, span: Span
) -> None:
    """The city's line is drawn from it, once every township has been counted."""
    period, so_far = window(span, today()), sums_of(cast, CITY).seen(span)
    with at(cast.city_lead):
        city = Region.objects.get(code=CITY)
        live = firsts_of(city, period, so_far)
        townships = list(Region.objects.current().townships().within(city.scope))
        for township in townships[1:]:
            keep(township, today())
        unkept = firsts_of(city, period, so_far + 5)
        keep(townships[0], today())
        kept = firsts_of(city, period, so_far + 5)
    assert unkept == live, "one township is missing"
    before = yesterday()
    assert +Counter({day: n for day, n in kept.items() if day <= before}) == +Counter(
        {day: n for day, n in live.items() if day <= before}
    )
    assert kept.total() == so_far + 5, "what is new today"


def test_the_year_draws_months_that_are_over(cast: Cast, walker: Walker) -> None:
    on = dt.date(2026, 11, 23)
    period = window(Span.YEAR, on)
    sums = sums_of(cast, CITY)
    with at(cast.city_lead):
        place = Region.objects.get(code=CITY)
        pace = pace_of(firsts_of(place, period, 0), None, sums, period)
        empty = pace_of(firsts_of(place, period, 0), None, Sums(), period)
    assert empty is None, "nobody owes anything"
    assert pace is not None
    assert (len(pace.current), pace.span, pace.each) == (10, 12, "月")


def test_a_visit_moves_the_figures_at_once(cast: Cast, walker: Walker) -> None:
    before = sums_of(cast, VILLAGE)
    with everywhere():
        seen(walker, "李小红", today())
    after = sums_of(cast, VILLAGE)
    assert after.seen(Span.MONTH) == before.seen(Span.MONTH) + 1
    assert after.overdue == before.overdue - 1


def test_the_same_statements_for_any_number_of_households_and_villages(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.city_staff)
    costs = [statements(client, f"/d/{code}/") for code in LEVELS]
    with everywhere():
        make_walker("more", tuple(f"户{n}" for n in range(25)), since=days_ago(400))
    assert [statements(client, f"/d/{code}/") for code in LEVELS] == costs
    assert max(costs) <= 46


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
