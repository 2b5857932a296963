"""An appraisal of our village taken to a stage by the services, on the stage of the rolls."""

import datetime as dt
from collections.abc import Mapping

from accounts.models import Post
from appraisals.board import Board
from appraisals.models import Appraisal
from appraisals.rules.appraisals import VOTED, Ballot, Grade, Votes
from appraisals.rules.steps import Stage
from appraisals.services import appraisals as services
from appraisals.services import drafts, filing
from appraisals.services.appraisals import Judged, Meeting
from notices import services as notices
from notices.rules import Content
from notices.services import Terms
from tests.cast import at
from tests.days import in_days, this_year, today

GOOD = Votes(9, 1, 0, 0)
FAIR = Votes(0, 10, 0, 0)
BAD = Votes(0, 0, 0, 10)
BALLOT = Ballot(present=12, issued=10, returned=10)


def new_year() -> dt.date:
    """Return the day up to which nothing was due: the tickets alone make the score."""
    return dt.date(this_year(), 1, 1)


def fresh(row: Appraisal) -> Appraisal:
    """Return the appraisal as it is now."""
    rows = Appraisal.objects.select_related("plan", "notice", "region__parent")
    return rows.get(pk=row.pk)


def begun(by: Post, year: int | None = None) -> Appraisal:
    """Begin the appraisal of somebody's village, of this year where none is named."""
    year = this_year() if year is None else year
    return drafts.begin(village=by.region, year=year, on=today(), by=by)


def convened(by: Post, until: dt.date | None = None, **unrated: str) -> Appraisal:
    """Begin it, convene the meeting for today; count up to `until` or new year."""
    until = until or new_year()
    row = begun(by, until.year)
    named = {
        one.pk: unrated[one.representative.name]
        for one in row.results.select_related("representative")
        if one.representative.name in unrated
    }
    meeting = Meeting(today(), "村部会议室", "申主任", until)
    services.arrange(
        appraisal=row, meeting=meeting, unrated=named, version=row.version, on=today()
    )
    return fresh(row)


def voted(
    by: Post,
    votes: Mapping[str, Votes] | None = None,
    until: dt.date | None = None,
) -> Appraisal:
    """Convene it and enter everybody's tickets and 自评; GOOD where nothing is said."""
    row = convened(by, until)
    people = {one.pk: one for one in row.results.select_related("representative")}
    given = {
        pk: (votes or {}).get(one.representative.name, GOOD)
        for pk, one in people.items()
    }
    for body in VOTED:
        services.enter_ballot(
            appraisal=row, body=body, ballot=BALLOT, votes=given,
            version=fresh(row).version, on=today(),
        )  # fmt: skip
    services.enter_self(
        appraisal=row,
        grades=dict.fromkeys(people, Grade.EXCELLENT),
        version=fresh(row).version,
    )
    return fresh(row)


def submitted(
    by: Post,
    votes: Mapping[str, Votes] | None = None,
    until: dt.date | None = None,
) -> Appraisal:
    """Enter everything and close the meeting."""
    row = voted(by, votes, until)
    services.submit(
        appraisal=row,
        minutes="书记述职，逐人评议。",
        version=row.version,
        on=today(),
        by=by,
    )
    return fresh(row)


def grades_of(row: Appraisal, *best: str) -> dict[int, Judged]:
    """Return the grades that scores suggest, with these as the only 优秀."""
    found = {}
    for line in Board(row, today()).rated:
        grade = line.suggested or Grade.POOR
        if grade is Grade.EXCELLENT and line.result.representative.name not in best:
            grade = Grade.COMPETENT
        found[line.result.pk] = Judged(grade)
    return found


def confirmed(by: Post, *best: str) -> Appraisal:
    """Grade and confirm it, with these as 优秀."""
    row = submitted(by)
    services.judge(
        appraisal=row, grades=grades_of(row, *best), version=row.version, on=today()
    )
    row = fresh(row)
    services.confirm(appraisal=row, version=row.version, on=today(), by=by)
    return fresh(row)


def noticed(by: Post, *best: str, publish: bool = True) -> Appraisal:
    """Put the 优秀 on view from today on."""
    row = confirmed(by, *best)
    last = in_days(4)
    made = filing.draft_notice(
        appraisal=row,
        content=Content("优秀代表公示", "长冲口村", ("现将优秀代表公示如下。",)),
        terms=Terms(today(), last, "申主任", "0739-2721234", least=5),
        version=row.version,
        on=today(),
    )
    if publish:
        notices.publish(notice=made, by=by, on=today())
    return fresh(row)


def filed(village: Post, township: Post, *best: str) -> Appraisal:
    """Take an appraisal all the way to the township's filing, after its notice."""
    with at(village):
        row = noticed(village, *best) if best else confirmed(village)
    with at(township):
        row = fresh(row)
        later = in_days(5)
        filing.file(appraisal=row, version=row.version, on=later, by=township)
        row = fresh(row)
    assert row.at is Stage.DONE
    return row
