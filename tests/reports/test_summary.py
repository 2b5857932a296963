"""汇总表 (ledger 13): page, workbook, paper and dashboard say the same, and keep saying it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from households.models import Category
from jobs.services import perform
from regions.models import Region
from reports import exports
from reports.centre import files
from reports.centre.entries import entry_of
from reports.dashboard import board_of
from reports.figures.domain import Asked
from reports.lights import LightRule
from reports.models import ClosedSummary
from reports.periods import Span, Window
from reports.summary.columns import FIGURES
from reports.summary.keeping import counts_of, keep
from reports.summary.ledger import paper_of
from reports.summary.parts import PARTS
from reports.summary.table import BY_RATE, Summary, summary_of
from reports.summary.trend import months_to
from reports.summary.villages import Villages
from sentiment.models import Issue
from tests.accounts.pages import statements, words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.reports.summary_stage import (
    EMPTY,
    Stage,
    issue,
    last_month,
    last_quarter,
    last_year,
    long_over,
    places,
    running,
    set_stage,
    shut,
    talk,
)
from tests.reports.test_dashboard import linked_numbers, rows_of
from tests.visits.stage import make_walker, seen

LEVELS = (CITY, TOWNSHIP, VILLAGE)
WINDOWS: dict[str, Callable[[], Window]] = {
    "this-month": lambda: running(Span.MONTH),
    "this-quarter": lambda: running(Span.QUARTER),
    "this-year": lambda: running(Span.YEAR),
    "last-month": last_month,
    "last-quarter": last_quarter,
    "last-year": last_year,
}


@pytest.fixture
def seen_in(request: pytest.FixtureRequest) -> Window:
    """Return the period that one of WINDOWS is today."""
    return WINDOWS[request.param]()


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


@pytest.fixture(scope="module")
def stage(cast: Cast) -> Stage:
    """Return our village with something in every column."""
    with everywhere():
        return set_stage(cast)


def summary(cast: Cast, code: int, seen_in: Window) -> Summary:
    """Return the summary of a place as the city sees it."""
    with at(cast.city_lead):
        return summary_of(places()[code], seen_in)


EXPECTED = {
    "representatives": 1, "households": 8, "key": 4, "owing": 4, "seen": 2,
    "reviews_met": 1, "heard": 3, "resolved": 2, "late": 0, "answered": 2,
    "content": 1, "vacant": 1, "elected": 1, "trained": 1,
}  # fmt: skip


def test_the_figures_of_last_month_are_what_happened_in_it(
    cast: Cast, stage: Stage
) -> None:
    month = last_month()
    counts = summary(cast, VILLAGE, month).total
    assert {name: counts[name] for name in EXPECTED} == EXPECTED
    assert counts["villages"] == 1
    assert counts["reviews_owed"] == 1
    assert counts["talks_met"] == (month.first <= last_quarter().last <= month.last)


@pytest.mark.parametrize("seen_in", ["this-month", "last-month"], indirect=True)
def test_domain_3_2_key_households_are_the_rolls_whatever_is_owed(
    cast: Cast, stage: Stage, seen_in: Window
) -> None:
    """The settings still ask for a monthly visit of a category that is not key."""
    assert summary(cast, VILLAGE, seen_in).total["key"] == 4
    with at(cast.city_lead):
        Category.objects.update(is_key=False)
    assert summary(cast, VILLAGE, seen_in).total["key"] == 0


@pytest.mark.parametrize("seen_in", WINDOWS, indirect=True)
def test_above_is_the_sum_of_below_at_every_level(
    cast: Cast, stage: Stage, seen_in: Window
) -> None:
    city, township, village = (summary(cast, code, seen_in) for code in LEVELS)
    assert city.total["seen"] == township.total["seen"] == village.total["seen"]
    for figure in FIGURES:
        if figure.share is None and figure.key not in {"villages", "reviews_owed"}:
            below = [row.counts[figure.key] for row in city.rows]
            assert sum(below) == city.total[figure.key] == village.total[figure.key]
    [ours] = [row for row in city.rows if row.place.code == TOWNSHIP]
    assert ours.counts == township.total


@pytest.mark.parametrize("code", LEVELS)
@pytest.mark.parametrize("seen_in", WINDOWS, indirect=True)
def test_every_number_is_the_dashboards(
    cast: Cast, stage: Stage, code: int, seen_in: Window
) -> None:
    """The table, the strip and the panels of the dashboard, figure by figure."""
    with at(cast.city_lead):
        place = places()[code]
        board = board_of(Asked(place, seen_in), cast.city_lead, LightRule())
        counts = summary_of(place, seen_in).total
    cells = {label: cell.words for label, cell in board.total.cells}
    rate = counts["seen"] * 100 / counts["owing"]
    assert cells["走访率 %"] == f"{rate:.1f}"
    assert cells["已走访"] == str(counts["seen"])
    if seen_in.is_over:
        assert cells["应走访"] == str(counts["owing"])
        assert cells["没走访"] == str(counts["owing"] - counts["seen"])
        return
    assert cells["联系户"] == str(counts["households"])
    assert cells["还没走访"] == str(counts["owing"] - counts["seen"])
    assert cells["民情超期"] == str(counts["late"]) != "0"
    assert cells.get("出缺", "1") == str(counts["vacant"]) == "1"
    met = {pair.label: pair.value for p in board.panels for pair in p.pairs}
    if seen_in.span is not Span.YEAR:
        talks = f"{counts['talks_met']} / {counts['talks_owed']}"
        assert met["恳谈会（本季）"] == talks
    if seen_in.span is Span.MONTH:
        reviews = f"{counts['reviews_met']} / {counts['reviews_owed']:,}"
        assert met["民情分析会（本月）"] == reviews


@pytest.mark.parametrize("code", LEVELS)
@pytest.mark.parametrize("asked", ["month", "quarter", "year", "{last_month}"])
def test_every_number_of_the_page_leads_to_a_list_with_that_many_rows(
    cast: Cast, stage: Stage, code: int, asked: str
) -> None:
    client = signed_in(cast.city_lead)
    asked = asked.format(last_month=last_month().key)
    page = client.get(f"/d/{code}/summary/?p={asked}")
    numbers = [
        (number, url)
        for number, url in linked_numbers(page)
        if number and "/talks/" not in url and "/reviews/" not in url
    ]
    assert numbers
    for url in {url for _, url in numbers}:
        said = {number for number, link in numbers if link == url}
        assert said == {rows_of(client, url)}, url


@pytest.mark.parametrize(("span", "led"), [
    (Span.MONTH, {"talks", "reviews"}), (Span.QUARTER, {"talks"}), (Span.YEAR, set()),
])  # fmt: skip
def test_meetings_lead_to_a_page_that_has_their_number(
    cast: Cast, stage: Stage, span: Span, led: set[str]
) -> None:
    """It tells of the running quarter or month: of a year four quarters are added up."""
    page = signed_in(cast.city_lead).get(f"/d/{CITY}/summary/?p={span.value}")
    urls = {url.strip("/").split("/")[0] for _, url in linked_numbers(page)}
    assert urls & {"talks", "reviews"} == led


@pytest.mark.parametrize("code", LEVELS)
def test_page_workbook_and_paper_have_the_same_lines(
    cast: Cast, stage: Stage, code: int
) -> None:
    place, post = places()[code], cast.city_lead
    found = summary(cast, code, last_month())
    wanted = exports.Request("summary", {"place": str(code), "p": last_month().key})
    with at(post):
        job = exports.ask(wanted, by=post, on=today(), token="1")
        perform(job.pk)
    book = load_workbook(files.path_of(job.pk)).worksheets[0]
    cells = list(book.iter_rows(values_only=True))
    total = next(row for row in cells if row[0] == "合计")
    width = len(found.figures)
    assert list(total[2 : 2 + width]) == [f.value(found.total) for f in found.figures]
    assert [row[1] for row in cells[4 : 4 + len(found.rows)]] == [
        row.place.name for row in found.rows
    ]
    page = signed_in(post).get(f"/d/{code}/summary/?p={last_month().key}")
    drawn = [cell.words for _, cell in page.context["total"].cells]
    assert drawn == [figure.words(found.total) for figure in found.figures]
    grid = paper_of(found, "民政局", today()).blocks[1]
    assert list(grid.rows[-1][1:]) == drawn  # type: ignore[union-attr]
    assert place.name in cells[0][0]


def test_a_closed_month_says_the_same_whatever_is_entered_later(
    cast: Cast, stage: Stage
) -> None:
    before = summary(cast, TOWNSHIP, last_month())
    assert not before.is_closed
    shut()
    with everywhere():
        talk(stage, last_month().last)
        issue(stage, last_month().first, last_month().last, "good")
        seen(stage.walker, "李小红", last_month().last)
        make_walker("late", ("补登户",), since=last_month().first)
        Issue.objects.filter(resolved_on=None).update(state="withdrawn")
    after = summary(cast, TOWNSHIP, last_month())
    assert after.is_closed
    assert [row.counts for row in after.rows] == [row.counts for row in before.rows]
    assert "已关账" in words(
        signed_in(cast.township_lead).get(
            f"/d/{TOWNSHIP}/summary/?p={last_month().key}"
        )
    )


def test_closing_twice_adds_nothing_and_what_is_kept_cannot_be_changed(
    cast: Cast, stage: Stage
) -> None:
    shut()
    with at(cast.township_lead):
        held = ClosedSummary.objects.count()
        assert held
        assert keep(Region.objects.get(code=TOWNSHIP), long_over()) == 0
        assert ClosedSummary.objects.count() == held
    for spoil in (
        lambda rows: rows.update(figures={}),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), at(cast.township_lead), transaction.atomic():
            spoil(ClosedSummary.objects.all())


def test_a_figure_that_was_not_counted_at_closing_is_counted_by_its_date(
    cast: Cast, stage: Stage
) -> None:
    """As when a column is added later: the old month shows what is known now."""
    township = places()[TOWNSHIP]
    with everywhere():
        ClosedSummary.objects.bulk_create(
            ClosedSummary(
                region=village,
                span="month",
                first=last_month().first,
                last=last_month().last,
                closed_at=dt.datetime.now(dt.UTC),
                figures={"heard": 7} if village.code == VILLAGE else {"heard": 0},
            )
            for village in Region.objects.current().filter(parent=township)
        )
    with at(cast.township_lead):
        counted, is_closed = counts_of(Villages(township, last_month()))
    assert is_closed
    assert counted[VILLAGE]["heard"] == 7
    assert counted[VILLAGE]["resolved"] == 2
    assert counted[VILLAGE]["households"] == 8


@pytest.mark.parametrize("seen_in", ["this-quarter", "last-month"], indirect=True)
def test_the_same_statements_for_a_village_and_for_the_city(
    cast: Cast, stage: Stage, seen_in: Window
) -> None:
    costs = []
    for code in LEVELS:
        with at(cast.city_lead), CaptureQueriesContext(connection) as taken:
            summary_of(places()[code], seen_in)
        costs.append(len(taken))
    assert costs[0] == costs[1]
    assert costs[2] <= costs[1], "a village has no divisions to list"
    with everywhere():
        make_walker("more", tuple(f"户{n}" for n in range(20)), since=seen_in.first)
    client = signed_in(cast.city_staff)
    assert statements(client, f"/d/{CITY}/summary/?p={seen_in.key}") <= 30


def test_places_stand_in_administrative_order_and_by_rate_in_the_bureaus_file_alone(
    cast: Cast, stage: Stage
) -> None:
    found = summary(cast, CITY, last_month())
    codes = [row.place.code for row in found.rows]
    assert codes == sorted(codes)
    assert found.ordered(BY_RATE)[0].place.code == TOWNSHIP
    for post, first in ((cast.city_lead, TOWNSHIP), (cast.township_lead, None)):
        data = {"p": last_month().key, "order": BY_RATE}
        with at(post):
            keys = exports.select(exports.Request("summary", data), post, today()).keys
        assert keys[0] == (first or min(keys))
    page = signed_in(cast.city_lead).get(f"/d/{CITY}/summary/?order=rate")
    assert [line.place.code for line in page.context["lines"]] == codes
    assert "完成率" in words(signed_in(cast.city_lead).get("/centre/summary-month/"))
    assert "按完成率" not in words(
        signed_in(cast.township_lead).get("/centre/summary-month/")
    )


def test_the_order_that_was_asked_for_is_that_of_the_paper_too(
    cast: Cast, stage: Stage
) -> None:
    month = last_month()
    found = summary(cast, CITY, month)
    names = [row.place.name for row in found.ordered(BY_RATE)]
    data = {"p": month.key, "order": BY_RATE}
    with at(cast.city_lead):
        chosen = exports.select(
            exports.Request("summary", data), cast.city_lead, today()
        )
        grid = chosen.roll.paper("民政局", today()).blocks[1]
    assert [row[0] for row in grid.rows][:-1] == names
    entry = entry_of("summary-month")
    assert entry is not None
    url = entry.print_url(found.place, month, BY_RATE)
    printed = signed_in(cast.city_lead).get(url).context["paper"].blocks[1]
    assert printed.rows == grid.rows
    below = signed_in(cast.township_lead).get(url.replace(str(CITY), str(TOWNSHIP)))
    own = [row.place.name for row in summary(cast, TOWNSHIP, month).rows]
    assert [row[0] for row in below.context["paper"].blocks[1].rows][:-1] == own


def test_lines_lead_down_to_the_village_and_its_dashboard(
    cast: Cast, stage: Stage
) -> None:
    client = signed_in(cast.city_lead)
    city = client.get("/summary/")
    assert city.context["seen"] == last_month()
    assert f"/d/{TOWNSHIP}/summary/?p={last_month().key}" in city.content.decode()
    village = client.get(f"/d/{VILLAGE}/summary/?p={last_month().key}")
    assert f"/d/{VILLAGE}/?p={last_month().key}" in village.content.decode()
    assert signed_in(cast.other_lead).get(f"/d/{VILLAGE}/summary/").status_code == 404
    assert signed_in(cast.representative).get("/summary/").status_code == 403


@pytest.mark.parametrize("name", WINDOWS)
def test_lines_lead_to_the_same_period(cast: Cast, stage: Stage, name: str) -> None:
    seen_in, browser = WINDOWS[name](), signed_in(cast.city_staff)
    asked = seen_in.key if seen_in.is_over else seen_in.span.value
    page = browser.get(f"/d/{CITY}/summary/?p={asked}")
    urls = {line.place.code: line.url for line in page.context["lines"]}
    assert browser.get(urls[TOWNSHIP]).context["seen"].key == seen_in.key


def test_an_empty_place_has_noughts_and_no_rates(cast: Cast) -> None:
    found = summary(cast, EMPTY, last_month())
    assert found.total["owing"] == 0
    rates = [figure for figure in found.figures if figure.share]
    assert {figure.value(found.total) for figure in rates} == {None}
    assert {figure.words(found.total) for figure in rates} == {"—"}


def test_every_part_names_what_it_counts(cast: Cast, stage: Stage) -> None:
    """A figure that is counted and not named would not be kept."""
    for seen_in in (running(Span.MONTH), last_month()):
        for part in PARTS:
            with at(cast.city_lead):
                found = part.counts(Villages(places()[CITY], seen_in))
            assert {name for line in found.values() for name in line} <= set(part.names)
    named = Counter(name for part in PARTS for name in part.names)
    assert set(named.values()) == {1}
    shown = {name for f in FIGURES for name in (f.share or (f.key,))}
    assert shown == set(named)


def test_twelve_months_are_those_that_were_closed(cast: Cast, stage: Stage) -> None:
    shut()
    with at(cast.city_lead), CaptureQueriesContext(connection) as taken:
        months = months_to(places()[CITY], last_month().last)
    assert len(taken) <= 4, "the scope, the place, visits, the rest"
    assert (len(months), months[-1].seen) == (12, last_month())
    assert months[-1].share("seen", "owing") == 50.0
    assert months[-1].get("heard") == 3
    with at(cast.city_lead):
        assert months_to(places()[CITY], last_year().first)[0].get("heard") is None
