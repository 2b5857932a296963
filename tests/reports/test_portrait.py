"""一页画像: one sheet of a village or a township, its lines those of closed months."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import CategoryTag, Household, Status
from regions.models import Region
from reports.periods import Span
from reports.portrait.facts import portrait_of
from reports.summary.table import summary_of
from tests.accounts.pages import words
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, everywhere, sibling_code, signed_in
from tests.days import today
from tests.reports.summary_stage import (
    Stage,
    last_month,
    places,
    running,
    set_stage,
    shut,
)
from tests.visits.stage import make_walker


@pytest.fixture(scope="module")
def stage(cast: Cast) -> Stage:
    """Return our village with something in every column."""
    with everywhere():
        return set_stage(cast)


@pytest.mark.parametrize("code", [TOWNSHIP, VILLAGE])
def test_the_sheet_says_what_summary_and_closed_months_say(
    cast: Cast, stage: Stage, code: int
) -> None:
    shut()
    with at(cast.township_lead):
        place = places()[code]
        found = portrait_of(place, today())
        year = summary_of(place, running(Span.YEAR)).total
        month = summary_of(place, last_month()).total
    facts = dict(pair for row in found.facts for pair in row)
    assert facts["联系户"] == f"{year['households']} 户" == "8 户"
    assert facts["代表"] == "1 名"
    assert facts["缺额"] == f"{year['vacant']} 名"
    assert facts["人口"] == "24 人"
    lines = {line.label: line for line in found.lines}
    assert lines["收集民情"].last == str(month["heard"]) == "3"
    assert lines["重点户走访率"].last == "50.0"
    assert len(lines["收集民情"].values) == 12
    assert found.topics == (("其他", 4),)
    assert sum(number for _, number in found.categories) == year["key"]


def test_who_has_left_is_of_no_category(cast: Cast, stage: Stage) -> None:
    with everywhere():
        tagged = CategoryTag.objects.key(today()).filter(region_id=VILLAGE)
        gone = Household.objects.filter(pk=tagged[0].household_id)
        gone.update(status=Status.MOVED, ended_on=today())
    with at(cast.township_lead):
        found = portrait_of(places()[VILLAGE], today())
    assert sum(number for _, number in found.categories) == 3
    facts = dict(pair for row in found.facts for pair in row)
    assert facts["重点户"] == "3 户"


def test_the_sheet_prints_lines_and_names_no_household(
    cast: Cast, stage: Stage
) -> None:
    shut()
    page = signed_in(cast.secretary).get(f"/d/{VILLAGE}/portrait/")
    html = page.content.decode()
    assert "一页画像" in words(page)
    assert html.count('class="spark"') == 5, "one month alone draws no line"
    assert not any(head in html for head in stage.walker.homes)


def test_without_closed_months_there_are_no_lines(cast: Cast) -> None:
    page = signed_in(cast.city_staff).get(f"/d/{sibling_code()}/portrait/")
    assert page.status_code == 200
    assert 'class="spark"' not in page.content.decode()
    assert "名册上没有重点户" in words(page)


def test_the_same_statements_for_a_village_and_a_township(
    cast: Cast, stage: Stage
) -> None:
    costs = []
    for code in (TOWNSHIP, VILLAGE, TOWNSHIP):
        with at(cast.township_lead):
            place = Region.objects.select_related("parent").get(pk=code)
            with CaptureQueriesContext(connection) as taken:
                portrait_of(place, today())
        costs.append(len(taken))
        with everywhere():
            make_walker(f"more{len(costs)}", tuple(f"户{n}" for n in range(9)))
    assert costs[0] == costs[2]
    assert costs[1] <= costs[0]
