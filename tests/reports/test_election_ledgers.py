"""Ledger 6 and the register: computed from what was entered once, the sums of what is below."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.services import file_by_election
from regions.models import Region
from representatives.election_ledgers import ByElectionRegister, ByElectionTable
from representatives.models import (
    ByElection,
    Mandate,
    MandateEnd,
    Representative,
    Seat,
)
from representatives.services import end_mandate
from tests.cast import TOWNSHIP, VILLAGE, Cast, at
from tests.days import days_ago, today
from tests.elections import noticed
from tests.rolls import Rolls, set_up, set_up_sibling


@pytest.fixture(scope="module")
def filed(cast: Cast) -> Rolls:
    """Fill one of two vacancies of our village; the other, by death, stays open."""
    rolls = set_up()
    row = noticed(cast, rolls)
    with at(cast.township_staff):
        file_by_election(
            by_election=row,
            heirs={},
            archive_number="2026-12",
            version=row.version,
            on=today(),
            by=cast.township_staff,
        )
        end_mandate(
            mandate=rolls.mandates["张顺民"],
            on=days_ago(1),
            cause=MandateEnd.DEATH,
            evidence="死亡证明",
            by=cast.township_staff,
        )
    return rolls


def filed_on(cast: Cast) -> dt.date:
    """Return the day on which the stage was set: its by-election was filed then."""
    with at(cast.township_staff):
        day = ByElection.objects.get(region=VILLAGE).filed_on
    assert day
    return day


def lines(roll: Any, cast: Cast, place: int = TOWNSHIP) -> list[dict[str, Any]]:
    """Return the lines of a ledger by the keys of its columns, as the township sees it."""
    with at(cast.township_staff):
        made = roll(Region.objects.get(pk=place))
        keys = made.keys({}, "", today())
        rows = made.rows(keys, today(), Counter(), full=False)
    return [
        dict(zip([column.key for column in made.columns], row, strict=True))
        for row in rows
    ]


def test_the_table_counts_each_vacancy_once_filled_or_not(
    cast: Cast, filed: Rolls
) -> None:
    [line] = lines(ByElectionTable, cast)
    assert (line["seats"], line["before"], line["vacant"]) == (5, 3, 2)
    assert (line["death"], line["other"], line["moved"]) == (1, 1, 0)
    assert (line["filled"], line["party"], line["women"], line["paid"]) == (1, 1, 1, 1)
    assert line["after"] == 4
    # 4 women of 4 representatives and 5 of the committee.
    assert line["share"] == "44.4%"
    first, last = (filed_on(cast) - dt.timedelta(days=days) for days in (8, 5))
    assert line["notice"] == f"{first:%m-%d}至{last:%m-%d}"


def test_the_total_is_the_sum_of_the_villages(cast: Cast, filed: Rolls) -> None:
    set_up_sibling()
    with at(cast.township_staff):
        roll = ByElectionTable(Region.objects.get(pk=TOWNSHIP))
        totals: Counter[str] = Counter()
        rows = roll.rows(roll.keys({}, "", today()), today(), totals, full=False)
        total = roll.total(totals)
    for key in ("seats", "before", "vacant", "death", "other", "filled", "after"):
        place = [column.key for column in roll.columns].index(key)
        assert total[key] == sum(row[place] for row in rows)
    assert len(rows) == 2


def test_the_register_has_the_votes_of_each_who_came_to_office(
    cast: Cast, filed: Rolls
) -> None:
    [line] = lines(ByElectionRegister, cast, VILLAGE)
    assert line["name"] == "申桂英"
    numbers = ("entitled", "present", "issued", "returned", "valid", "votes")
    assert [line[key] for key in numbers] == [40, 36, 36, 35, 34, 30]
    assert (line["filed_on"], line["archive"]) == (filed_on(cast), "2026-12")


@pytest.mark.parametrize("roll", [ByElectionTable, ByElectionRegister])
def test_the_statements_do_not_grow_with_the_villages(
    cast: Cast, filed: Rolls, roll: Any
) -> None:
    with CaptureQueriesContext(connection) as before:
        lines(roll, cast)
    set_up_sibling()
    with CaptureQueriesContext(connection) as after:
        lines(roll, cast)
    assert len(after) == len(before)


def test_the_register_knows_who_was_elected_whatever_the_roll_calls_them_now(
    cast: Cast, filed: Rolls
) -> None:
    with at(cast.township_staff):
        Representative.objects.filter(name="申桂英").update(name="申桂瑛")
        [line] = lines(ByElectionRegister, cast, VILLAGE)
    assert (line["name"], line["votes"], line["entitled"]) == ("申桂瑛", 30, 40)


def test_the_table_has_the_day_on_which_was_voted(cast: Cast, filed: Rolls) -> None:
    with at(cast.township_staff):
        ByElection.objects.update(meets_on=filed_on(cast) - dt.timedelta(days=12))
    held = filed_on(cast) - dt.timedelta(days=10)
    [line] = lines(ByElectionTable, cast)
    assert line["days"] == f"{held:%m-%d}"


def test_the_table_of_a_past_year_tells_how_it_was_at_its_end(cast: Cast) -> None:
    rolls, last = set_up_sibling(), today().year - 1
    with at(cast.township_staff):
        Seat.objects.filter(region=rolls.village).update(opened_on=dt.date(last, 1, 1))
        own = Mandate.objects.filter(region=rolls.village)
        own.update(started_on=dt.date(last, 1, 1))
        Mandate.objects.filter(pk=rolls.mandates["申秋云"].pk).update(
            is_by_election=True, ended_on=dt.date(last + 1, 2, 1), end_cause="job"
        )
        Seat.objects.filter(pk=rolls.seats[2, 1].pk).update(
            closed_on=dt.date(last + 1, 3, 1)
        )
        roll = ByElectionTable(rolls.village)
        wanted = {"year": last, "place": rolls.village}
        keys = roll.keys(wanted, "", today())
        [row] = roll.rows(keys, today(), Counter(), full=False)
    line = dict(zip([column.key for column in roll.columns], row, strict=True))
    assert (line["seats"], line["after"], line["filled"]) == (5, 4, 1)
    assert (line["before"], line["vacant"], line["job"], line["other"]) == (3, 2, 0, 2)
