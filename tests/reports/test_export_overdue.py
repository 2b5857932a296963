"""The overdue list as a workbook: the page's rows, of today and of a past day."""

import datetime as dt
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from households.models import Category, CategoryTag
from reports import exports
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import dated, days_ago, today
from tests.visits.stage import Walker, make_walker, seen
from visits.ledgers import COLUMNS
from visits.models import Duty, Visit

AT = {column.key: number for number, column in enumerate(COLUMNS)}


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with eight households; one was seen today."""
    with everywhere():
        walker = make_walker("walker", key=4, since=days_ago(400))
        seen(walker, "刘桂英", today())
    return walker


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"state": "all", "by": "rep"},
        {"on": lambda: str(days_ago(3)), "by": "rep"},
        {"cadence": "month"},
    ],
    ids=["today", "all", "three days ago", "monthly"],
)
def test_the_file_has_the_rows_of_the_page_in_its_order(
    cast: Cast, walker: Walker, data: dict[str, Any]
) -> None:
    data = dated(data)
    page = signed_in(cast.secretary).get(f"/visits/overdue/?{urlencode(data)}")
    lines = page.context["listed"].lines
    with at(cast.secretary):
        found = exports.select(
            exports.Request("overdue", data), cast.secretary, today()
        )
        totals: Counter[str] = Counter()
        rows = found.roll.rows(found.keys, today(), totals, full=False)
    wanted = [(line.household.head, line.why, line.last) for line in lines]
    assert [(r[AT["head"]], r[AT["why"]], r[AT["last"]]) for r in rows] == wanted
    assert totals["households"] == len(lines) > 0


def test_a_category_that_the_settings_do_not_name_makes_no_key_household(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        plain = Category.objects.create(
            code="plain", name="党员户", is_key=False, order=99
        )
        CategoryTag.objects.filter(household=walker.homes["刘桂英"]).update(
            category=plain
        )
    with at(cast.secretary):
        wanted = exports.Request("overdue", {"state": "all"})
        found = exports.select(wanted, cast.secretary, today())
        totals: Counter[str] = Counter()
        rows = found.roll.rows(found.keys, today(), totals, full=False)
        assert totals["key"] == Duty.objects.filter(is_key=True).count() == 3
    kinds = {row[AT["head"]]: (row[AT["kind"]], row[AT["categories"]]) for row in rows}
    assert kinds["刘桂英"] == ("普通", "党员户")


def test_yesterdays_list_knows_nothing_of_todays_visit(
    cast: Cast, walker: Walker
) -> None:
    home = walker.homes["刘桂英"]
    with at(cast.secretary):
        seen_on = Visit.objects.get(household=home).visited_on
        data = {"on": str(seen_on - dt.timedelta(days=1))}
        found = exports.select(
            exports.Request("overdue", data), cast.secretary, today()
        )
    assert home.pk in found.keys
    assert f"回看哪一天：{data['on']}" in found.words


def test_the_page_leads_to_the_export_with_its_filters(
    cast: Cast, walker: Walker
) -> None:
    client: Client = signed_in(cast.township_lead)
    page = client.get(f"/visits/overdue/?place={VILLAGE}&by=place").content.decode()
    assert "/exports/new/?place=430582113219&amp;by=place&amp;kind=overdue" in page
    answer: Any = client.get(f"/exports/new/?kind=overdue&place={VILLAGE}&by=place")
    assert (answer.status_code, answer.context["count"]) == (200, 7)
