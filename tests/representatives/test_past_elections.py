"""补选登记表 (ledger 6): by-elections on paper come in, and go out as they came."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regions.models import Region
from representatives.election_ledgers import ByElectionRegister
from representatives.models import ByElection, Mandate, MandateEnd, Vacancy, Vote
from tests.cast import VILLAGE, Cast, at, everywhere
from tests.rolls import Rolls, set_up
from tests.workbooks import desk
from tests.workbooks.desk import counts, refusals, roll
from workbooks.models import Upload

uploads = desk.uploads
DAY = desk.TODAY - dt.timedelta(days=100)
TITLES = (
    "村", "推选单元", "姓名", "接替", "出缺原因", "推选日期", "应到", "实到", "发出票",
    "收回票", "有效票", "得票", "公示起止", "备案日期", "档案号",
)  # fmt: skip


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the village's rolls: 周静霞 and 申秋云 began some days after the vote."""
    rolls = set_up()
    with everywhere():
        Mandate.objects.update(started_on=DAY + dt.timedelta(days=7))
    return rolls


def row(name: str = "周静霞", **cells: object) -> list[object]:
    """Return a row of TITLES: 30 of 34 valid votes."""
    given = {
        "村": "长冲口村", "姓名": name, "推选日期": DAY.isoformat(), "应到": 40,
        "实到": 36, "发出票": 36, "收回票": 35, "有效票": 34, "得票": 30,
        "公示起止": "7月1日至5日", "备案日期": "", "档案号": "补-7",
    }  # fmt: skip
    return [(given | cells).get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("by_elections", roll(TITLES, *rows), cast.township_staff)


def previewed(cast: Cast, *rows: list[object]) -> Upload:
    return desk.hand_in("by_elections", roll(TITLES, *rows), cast.township_staff)


def test_a_row_tells_how_somebody_on_the_roll_was_elected(
    cast: Cast, rolls: Rolls
) -> None:
    assert counts(bring(cast, row(), row("申秋云", 得票=20))) == (2, 0, 0, 0)
    with at(cast.clerk):
        vacancy = Vacancy.objects.get(mandate=rolls.mandates["周静霞"])
        election = vacancy.by_election
        assert (election.stage, election.archive_number) == ("done", "补-7")
        assert election.filed_on == DAY + dt.timedelta(days=7)
        assert Mandate.objects.filter(is_by_election=True).count() == 2
        [vote] = Vote.objects.filter(round__by_election=election)
        assert (vote.votes_for, vote.votes_against) == (30, 4)
        assert Mandate.objects.count() == len(rolls.mandates)


def test_the_same_file_again_adds_nothing(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row())
    assert counts(previewed(cast, row())) == (0, 0, 1, 0)


def test_two_of_one_meeting_are_one_by_election(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row("张顺民"), row("李红英", 得票=25))
    with at(cast.clerk):
        [election] = ByElection.objects.all()
        assert election.rounds.get().seats == 2
        assert election.candidates.count() == 2


def test_whose_place_it_was_comes_from_the_roll(cast: Cast, rolls: Rolls) -> None:
    seat = rolls.mandates["周静霞"].seat
    with everywhere():
        Mandate.objects.create(
            region=rolls.village, representative=rolls.people["申秋云"], seat=seat,
            mode="households", started_on=DAY - dt.timedelta(days=400),
            until=DAY + dt.timedelta(days=900), ended_on=DAY - dt.timedelta(days=30),
            end_cause=MandateEnd.MOVED, end_evidence="迁出",
        )  # fmt: skip
    bring(cast, row())
    with at(cast.clerk):
        vacancy = Vacancy.objects.get()
        assert (vacancy.former, vacancy.cause) == (rolls.people["申秋云"], "moved")
        assert vacancy.since == DAY - dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有村"}, "unknown_village"),
        ({"姓名": "查无此人"}, "no_mandate"),
        ({"推选单元": "1 组片"}, "no_mandate"),
        ({"推选日期": (DAY + dt.timedelta(days=8)).isoformat()}, "no_mandate"),
        ({"收回票": 37}, "ballots"),
        ({"有效票": 36}, "ballots"),
        ({"得票": 18}, "not_elected"),
    ],
)
def test_l12_l13_what_cannot_be_is_refused(
    cast: Cast, rolls: Rolls, cells: dict[str, object], code: str
) -> None:
    upload = previewed(cast, row(**cells))
    assert counts(upload) == (0, 0, 0, 1)
    assert code in {one for codes in refusals(upload).values() for one in codes}


def test_what_goes_out_comes_in_unchanged(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row(), row("申秋云"))
    with at(cast.clerk):
        made = ByElectionRegister(Region.objects.get(pk=VILLAGE))
        lines = made.rows(made.keys({}, "", desk.TODAY), desk.TODAY, Counter(), full=False)  # fmt: skip
    titles = [column.title for column in made.columns]
    content = roll(titles, *lines)
    upload = desk.hand_in("by_elections", content, cast.township_staff)
    assert counts(upload) == (0, 0, 2, 0)


def test_the_statements_do_not_grow_with_the_rows(cast: Cast, rolls: Rolls) -> None:
    names, taken = list(rolls.people), []
    for some in (names[:1], names[1:4]):
        content = roll(TITLES, *(row(name) for name in some))
        upload = desk.hand_in("by_elections", content, cast.township_staff)
        with CaptureQueriesContext(connection) as seen:
            desk.work_on(upload)
        taken.append(len(seen))
    assert taken[0] == taken[1]


def test_an_import_is_taken_back_whole(cast: Cast, rolls: Rolls) -> None:
    upload = bring(cast, row())
    desk.take_back(upload, cast.township_staff)
    with at(cast.clerk):
        assert not ByElection.objects.exists()
        assert not Mandate.objects.filter(is_by_election=True).exists()
