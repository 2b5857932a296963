"""Ledgers 3, 4 and 5 and the public roster: their rows are those of the pages and figures."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import exports
from reports.centre.choosing import Choice
from reports.centre.entries import entry_of
from reports.summary.table import summary_of
from representatives.public_roster import PublicRoster
from sentiment.meeting_ledgers import ReviewLedger, TalkLedger
from sentiment.models import TalkMeeting
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.reports.summary_stage import (
    Stage,
    last_month,
    last_quarter,
    places,
    set_stage,
    talk,
)
from visits.models import Visit
from visits.record_ledger import VisitRecords


@pytest.fixture(scope="module")
def stage(cast: Cast) -> Stage:
    """Return our village with something in every column."""
    with everywhere():
        return set_stage(cast)


def selected(cast: Cast, key: str, period: str) -> exports.Selection:
    """Return the rows that an entry means for a township and a period."""
    entry = entry_of(key)
    assert entry is not None
    choice = Choice(place=str(TOWNSHIP), period=period)
    with at(cast.city_staff):
        return exports.select(choice.request(entry, today()), cast.city_staff, today())


@pytest.mark.parametrize(("key", "figure", "last"), [
    ("issues", "heard", last_month), ("reviews", "reviews_met", last_month),
    ("talks", "talks_met", last_quarter),
])  # fmt: skip
def test_a_ledger_has_as_many_rows_as_the_summary_counts(
    cast: Cast, stage: Stage, key: str, figure: str, last: Any
) -> None:
    seen_in = last()
    with at(cast.city_staff):
        counts = summary_of(places()[TOWNSHIP], seen_in).total
    found = selected(cast, key, seen_in.key)
    assert len(found.keys) == counts[figure] >= 1
    assert found.place.code == TOWNSHIP


def test_the_visits_of_a_period_are_those_of_its_page(cast: Cast, stage: Stage) -> None:
    days = f"since={last_month().first}&until={last_month().last}"
    page = signed_in(cast.township_staff).get(f"/visits/records/?{days}")
    found = selected(cast, "visits", last_month().key)
    assert [visit.pk for visit in page.context["page"]] == found.keys
    assert len(found.keys) >= 2


def test_withdrawn_talks_are_left_out(cast: Cast, stage: Stage) -> None:
    with everywhere():
        gone = talk(stage, last_quarter().last - dt.timedelta(days=1))
        before = len(selected(cast, "talks", last_quarter().key).keys)
        TalkMeeting.objects.filter(pk=gone.pk).update(
            withdrawn_at=gone.entered_at, withdrawn_by=stage.walker.user,
            withdrawal="记错了",
        )  # fmt: skip
    assert len(selected(cast, "talks", last_quarter().key).keys) == before - 1


@pytest.mark.parametrize(
    "roll_type", [VisitRecords, TalkLedger, ReviewLedger, PublicRoster]
)
def test_statements_do_not_grow_with_the_rows(
    cast: Cast, stage: Stage, roll_type: Any
) -> None:
    with at(cast.township_lead):
        roll = roll_type(places()[VILLAGE])
        keys = roll.keys({"since": dt.date(2000, 1, 1)}, "", today())
        costs = []
        for some in (keys[:1], keys):
            totals: Counter[str] = Counter()
            with CaptureQueriesContext(connection) as taken:
                rows = roll.rows(some, today(), totals, full=False)
            costs.append(len(taken))
            assert {len(row) for row in rows} == {len(roll.columns)}
            assert set(roll.total(totals)) <= {column.key for column in roll.columns}
    assert costs[0] == costs[1]


def test_the_public_roster_shows_no_numbers_whatever_is_asked(
    cast: Cast, stage: Stage
) -> None:
    keys = {column.key for column in PublicRoster.columns}
    assert not keys & {"id_number", "phone", "address"}
    with at(cast.township_lead):
        roll = PublicRoster(places()[VILLAGE])
        people = roll.keys({}, "", today())
        masked, full = (
            roll.rows(people, today(), Counter(), full=full) for full in (False, True)
        )
    assert masked == full
    assert [row[3] for row in masked] == [stage.serving.name]


def test_a_visit_tells_in_the_ledger_what_it_tells_on_its_page(
    cast: Cast, stage: Stage
) -> None:
    with everywhere():
        visit = Visit.objects.filter(region=VILLAGE).latest("visited_on")
        said = Visit.objects.filter(pk=visit.pk)
        said.update(has_matter=True, topics=["基础设施", "邻里纠纷"], words="")
    with at(cast.township_lead):
        roll = VisitRecords(places()[VILLAGE])
        at_words = [column.key for column in roll.columns].index("words")
        [silent] = roll.rows([visit.pk], today(), Counter(), full=False)
        said.update(words="路灯不亮")
        [told] = roll.rows([visit.pk], today(), Counter(), full=False)
    assert silent[at_words] == "基础设施、邻里纠纷"
    assert told[at_words] == "基础设施、邻里纠纷：路灯不亮"
