"""A village's yearly appraisal from the meeting to the confirmation, step by step."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from accounts.editing import save_next
from accounts.models import Post
from accounts.services import Refused
from appraisals import telling
from appraisals.board import Board
from appraisals.models import (
    Appraisal,
    AppraisalBallot,
    AppraisalResult,
    AppraisalScan,
    AppraisalVote,
)
from appraisals.rules.appraisals import (
    Ballot,
    Grade,
    Part,
    Votes,
    ballot_faults,
    days_fault,
    grade_fault,
    over_limit,
    votes_fault,
)
from appraisals.rules.steps import Act, Stage, after, may, missing
from attachments import services as attachments
from attachments.examining import Examined
from notices import services as notices
from notices.models import PublicNotice
from representatives.services import ActedMeanwhile


@dataclass(frozen=True)
class Meeting:
    """评议会: when, where, who of the 村务监督委员会 chairs, up to when facts count."""

    met_on: dt.date
    place: str
    chair: str
    counts_until: dt.date
    recorder: str = ""


@dataclass(frozen=True)
class Judged:
    """The grade of one person, and a word where it is lower than the score's."""

    grade: Grade
    words: str = ""


@transaction.atomic
def arrange(
    *,
    appraisal: Appraisal,
    meeting: Meeting,
    unrated: Mapping[int, str],
    version: int,
    on: dt.date,
) -> None:
    """Write down the meeting, and who does not take part and why; then it is convened.

    One that was convened may be put off, until it is closed. `unrated` by result.
    Raises Refused for days that cannot be, a missing name, or another list than the
    one that was voted on.
    """
    now = _convened(appraisal, version)
    faults = days_fault(now.year, meeting.met_on, meeting.counts_until, on)
    if faults:
        raise Refused("".join(faults.values()))
    if not meeting.chair.strip():
        raise Refused("请填主持人。评议由村务监督委员会主持。")
    results = list(now.results.all())
    before = [bool(one.unrated) for one in results]
    for one in results:
        one.unrated = unrated.get(one.pk, "").strip()
    if before != [bool(one.unrated) for one in results] and now.ballots.exists():
        raise Refused("票数已经录了，谁参评不能再改；日期、地点和主持人可以改。")
    if all(one.unrated for one in results):
        raise Refused("名单里没有参评的代表，请至少留一人。")
    AppraisalResult.objects.bulk_update(results, ["unrated"])
    save_step(now, **asdict(meeting))


def _convened(appraisal: Appraisal, version: int) -> Appraisal:
    """Return the appraisal, locked, at its meeting; raise Refused once that is over."""
    now = locked(appraisal, version)
    at_it = now.at is Stage.MEETING
    return now if at_it else stepped(appraisal, Act.CONVENE, version)


@transaction.atomic
def enter_ballot(
    *,
    appraisal: Appraisal,
    body: Part,
    ballot: Ballot,
    votes: Mapping[int, Votes],
    version: int,
    on: dt.date,
) -> None:
    """Enter the tickets of one body, or correct them; `votes` by result.

    Raises Refused with a sentence where numbers do not add up.
    """
    now = locked(appraisal, version)
    only_at(now, Stage.MEETING)
    if now.met_on and now.met_on > on:
        raise Refused(f"评议会定在 {now.met_on}，开完会再录票数。")
    rated = list(now.results.rated().select_related("representative"))
    _refuse_tickets(ballot, {one.representative.name: votes.get(one.pk, Votes()) for one in rated})  # fmt: skip
    row, _ = AppraisalBallot.objects.update_or_create(
        region_id=now.region_id, appraisal=now, body=body, defaults=asdict(ballot)
    )
    row.votes.all().delete()
    AppraisalVote.objects.bulk_create(
        AppraisalVote(
            region_id=now.region_id,
            ballot=row,
            result=one,
            **asdict(votes.get(one.pk, Votes())),
        )
        for one in rated
    )
    save_step(now)


def _refuse_tickets(ballot: Ballot, votes: Mapping[str, Votes]) -> None:
    found = list(ballot_faults(ballot).values())
    for name, cast in votes.items():
        if fault := votes_fault(cast, ballot.returned):
            found.append(f"{name}：{fault}")
    if found:
        raise Refused("".join(found))


@transaction.atomic
def enter_self(
    *, appraisal: Appraisal, grades: Mapping[int, Grade], version: int
) -> None:
    """Enter what each thinks of himself (自评), by result."""
    now = locked(appraisal, version)
    only_at(now, Stage.MEETING)
    rows = list(now.results.rated().filter(pk__in=grades))
    for one in rows:
        one.self_grade = grades[one.pk]
    AppraisalResult.objects.bulk_update(rows, ["self_grade"])
    save_step(now)


@transaction.atomic
def submit(
    *,
    appraisal: Appraisal,
    minutes: str,
    version: int,
    on: dt.date,
    by: Post,
    scans: Iterable[Examined] = (),
) -> None:
    """Close the meeting with its minutes; the 村务监督委员会 goes on from here.

    `scans` are of tally sheets and signed minutes. Raises Refused while tickets, 自评 or
    minutes are missing.
    """
    now = stepped(appraisal, Act.SUBMIT, version)
    now.minutes = minutes.strip()
    if found := missing(Stage.MEETING, Board(now, on).facts, on):
        raise Refused("".join(found))
    save_step(now, minutes=now.minutes, reopened_words="")
    _attach(now, scans, by)
    telling.tell_of_step(now, "评议会开完了，请村务监督委员会定等次", on=on, by=by)


@transaction.atomic
def recount(*, appraisal: Appraisal, version: int) -> None:
    """Go back to the tickets: something was typed wrong. Grades are taken away."""
    now = stepped(appraisal, Act.RECOUNT, version)
    now.results.update(grade="", words="")
    save_step(now)


@transaction.atomic
def judge(
    *,
    appraisal: Appraisal,
    grades: Mapping[int, Judged],
    version: int,
    on: dt.date,
) -> None:
    """Give the grades, by result, within the ratio (L35).

    Raises Refused above the score, without a reason below it, or above the ratio; the
    database holds the ratio too.
    """
    now = locked(appraisal, version)
    only_at(now, Stage.CONFIRM)
    board = Board(now, on)
    _refuse_grades(board, grades)
    _write_grades(board, grades)
    save_step(now)


def grade_faults(board: Board, grades: Mapping[int, Judged]) -> dict[int, str]:
    """Return what speaks against grades, by result; 0 is the whole."""
    found = {}
    for line in board.rated:
        given = grades.get(line.result.pk)
        if given and (
            fault := grade_fault(line.total, given.grade, given.words, board.scheme)
        ):
            found[line.result.pk] = fault
    best = sum(one.grade is Grade.EXCELLENT for one in grades.values())
    if words := over_limit(best, len(board.rated), board.scheme):
        found[0] = words
    return found


def _refuse_grades(board: Board, grades: Mapping[int, Judged]) -> None:
    names = {one.pk: f"{one.representative.name}：" for one in board.results}
    if found := grade_faults(board, grades):
        words = (names.get(pk, "") + fault for pk, fault in found.items())
        raise Refused("".join(words))


def _write_grades(board: Board, grades: Mapping[int, Judged]) -> None:
    rows = [line.result for line in board.rated if line.result.pk in grades]
    for one in rows:
        one.grade, one.words = grades[one.pk].grade, grades[one.pk].words.strip()
    AppraisalResult.objects.bulk_update(rows, ["grade", "words"])


@transaction.atomic
def confirm(*, appraisal: Appraisal, version: int, on: dt.date, by: Post) -> Appraisal:
    """村监委确认: freeze inputs, parts, totals and grades; then the 优秀 go on view.

    Where nobody is 优秀 there is nothing to put on view. Raises Refused while somebody
    has no grade or no score.
    """
    now = locked(appraisal, version)
    only_at(now, Stage.CONFIRM)
    board = Board(now, on)
    if board.missing:
        raise Refused("".join(board.missing))
    again = {
        line.result.pk: Judged(Grade(line.result.grade), line.result.words)
        for line in board.rated
    }
    _refuse_grades(board, again)  # facts may have changed since
    _freeze(board)
    now.stage = after(now.at, Act.CONFIRM if board.excellent else Act.CONFIRM_NONE)
    save_step(now, confirmed_on=on, confirmed_by=by.user)
    telling.tell_of_step(now, f"结果确认了，下一步{now.at.label}", on=on, by=by)
    telling.tell_of_results(now, on=on)
    return now


def _freeze(board: Board) -> None:
    for line in board.lines:
        one = line.result
        one.inputs, one.rows = line.known.as_kept()
        one.parts = {} if one.unrated else line.kept_parts()
        one.total = None if one.unrated else line.total
    columns = ["inputs", "rows", "parts", "total"]
    AppraisalResult.objects.bulk_update(board.results, columns, batch_size=200)


@transaction.atomic
def reopen(
    *, appraisal: Appraisal, reason: str, version: int, on: dt.date, by: Post
) -> None:
    """Take a confirmed appraisal back to the grades, with a reason.

    For the village because an objection was right, for the township instead of filing.
    What is confirmed next is put on view anew. Raises Refused while the notice is on
    view: it is withdrawn first.
    """
    if not reason.strip():
        raise Refused("退回要写明原因，村里才知道要改哪里。")
    now = stepped(appraisal, Act.REOPEN, version)
    held: PublicNotice | None = now.notice
    if held and held.stands(on):
        raise Refused("优秀代表正在公示，请先撤下公示再退回。")
    again = {"confirmed_on": None, "confirmed_by": None, "notice": None}
    save_step(now, reopened_words=reason.strip(), **again)
    notices.discard(held)
    telling.tell_of_step(now, "退回定等次", on=on, by=by, words=f"原因：{reason}")


def _attach(now: Appraisal, files: Iterable[Examined], by: Post) -> None:
    kept = attachments.keep_all(files=files, region=now.region_id, by=by.user)
    AppraisalScan.objects.bulk_create(
        AppraisalScan(region_id=now.region_id, appraisal=now, attachment=one)
        for one in kept
    )


def only_at(now: Appraisal, stage: Stage) -> None:
    """Raise Refused at any other step than this one."""
    if now.at is not stage:
        raise Refused(f"现在是“{now.at.label}”这一步，不能改“{stage.label}”的内容。")


def locked(appraisal: Appraisal, version: int) -> Appraisal:
    """Return the appraisal as it is now; of two who act at once the second waits.

    Raises ActedMeanwhile if it is not the one that the page was opened with.
    """
    rows = Appraisal.objects.select_for_update(no_key=True, of=("self",))
    now = rows.select_related("plan", "notice", "region").get(pk=appraisal.pk)
    if now.version != version:
        raise ActedMeanwhile(now)
    return now


def stepped(appraisal: Appraisal, act: Act, version: int) -> Appraisal:
    """Return the appraisal, locked, at the stage that `act` leads to; not saved yet.

    Raises Refused where the act cannot be done.
    """
    now = locked(appraisal, version)
    if not may(now.at, act):
        raise Refused(f"现在是“{now.at.label}”这一步，不能这样办。")
    now.stage = after(now.at, act)
    return now


def save_step(now: Appraisal, **changes: Any) -> None:
    """Save the stage and what was learnt on the way to it."""
    save_next(now, stage=now.stage, **changes)
