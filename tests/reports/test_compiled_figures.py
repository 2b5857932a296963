"""What dashboards ask by kept statements is what the statements say when made anew."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from regions.codes import township_of
from regions.models import Region
from regions.postgresql import compiled
from reports.figures.domain import Asked
from reports.figures.standings import standings
from reports.periods import Span, window
from reports.summary.villages import Villages
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, everywhere, signed_in
from tests.days import days_ago, today
from tests.visits.stage import Walker, make_walker, seen

STATEMENTS = {"city": 14, "township": 15, "village": 19, "person": 12}
"""How many of a page's statements are asked so, at the least."""


class Watching:
    """A statement that is asked anew each time as well, and must give the same."""

    asked = 0

    def __init__(
        self, kept: Any, build: compiled.Build, shape: tuple[Any, ...]
    ) -> None:
        self.kept, self.build, self.shape = kept, build, shape

    def rows(self, numbers: dict[str, int]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, compared with those of a statement that is not kept."""
        rows = list(self.kept.rows(numbers)) if self.kept else []
        anew = self.build(*self.shape, **numbers)
        assert sorted(map(repr, rows)) == sorted(map(repr, anew)), self.build
        Watching.asked += 1
        return iter(rows)


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every kept statement asked twice."""
    known = compiled._statement
    monkeypatch.setattr(
        compiled,
        "_statement",
        lambda build, shape, widths: Watching(
            known(build, shape, widths), build, shape
        ),
    )


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return our village with households, some of them seen."""
    with everywhere():
        walker = make_walker("walker", key=4, since=days_ago(400))
        seen(walker, "刘桂英", today())
    return walker


@pytest.mark.parametrize("period", ["", "?p=quarter", "?p=year"])
@pytest.mark.parametrize("page", STATEMENTS)
def test_kept_statements_give_what_new_ones_give(
    page: str, period: str, cast: Cast, walker: Walker, watching: None
) -> None:
    codes = {"city": CITY, "township": TOWNSHIP, "village": VILLAGE}
    person = reverse("reports:person", args=[VILLAGE, walker.person.pk])
    url = reverse("reports:region", args=[codes[page]]) if page in codes else person
    Watching.asked = 0

    post = cast.secretary if page == "village" else cast.city_lead
    response = signed_in(post).get(url + period)

    assert response.status_code == 200
    assert Watching.asked >= STATEMENTS[page]


def test_a_summary_asks_for_villages_where_a_dashboard_asks_for_townships(
    cast: Cast, walker: Walker
) -> None:
    seen = window(Span.MONTH, today())
    with everywhere():
        city = Region.objects.get(pk=CITY)
        by_township, by_village = (
            set(standings(kind(city, seen))) for kind in (Asked, Villages)
        )

    assert TOWNSHIP in by_township
    assert VILLAGE in by_village
    assert {township_of(village) for village in by_village} == by_township
