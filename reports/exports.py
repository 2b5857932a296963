"""Exports: a ledger becomes a file that its owner may take for a week.

An export is a job and nothing else: what was asked stands in its arguments, the file
lies under its id. Masked unless the post may hand out whole numbers and gives a reason;
those of many people wait for a second person. Every file is written to the access log
with its filters, its rows and its fingerprint.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import audit
from accounts.models import Action, Post
from accounts.permissions import Permission
from accounts.sealing import Sealed
from accounts.services import Refused
from appraisals.ledgers import AppraisalTable, HonourRoll, OutstandingSummary
from evaluations.ledgers import RatingLedger, VillageLedger
from funding.ledgers import FundLedger, SubsidyLedger
from households.ledgers import HouseholdRoll, QuotaTable
from jobs import services as jobs
from jobs.models import Job, JobQuerySet
from jobs.tasks import run as run_task
from papers.docx import to_docx
from regions.models import Level, Region
from reports.bulletin.ledger import BulletinLedger
from reports.centre import telling, waiting
from reports.centre.files import KEPT_DAYS, RAW, Format, made, path_of
from reports.centre.naming import filter_words, reporting_unit, title_for
from reports.centre.plain import write_plain
from reports.centre.rolls import LateTotal, Printed, Roll, offered_by, unit_of
from reports.measures import measure_on
from reports.models import Approval
from reports.summary.ledger import SummaryLedger
from representatives.election_ledgers import ByElectionRegister, ByElectionTable
from representatives.ledgers import RepresentativeRoll
from representatives.public_roster import PublicRoster
from sentiment.ledgers import IssueLedger
from sentiment.meeting_ledgers import ReviewLedger, TalkLedger
from trainings.coverage_ledgers import CoverageTable, UntrainedRoll
from trainings.ledgers import SignInSheet, TrainingRegister
from ui.asked import asked_words
from visits.ledgers import OverdueRoll
from visits.record_ledger import VisitRecords
from workbooks.values.characters import compact
from workbooks.writing import (
    About,
    Layout,
    write_ledger,
)

KIND = "reports.export"
ARCHIVE = "reports.archive"
"""A whole township (`reports.archive`): shown, taken and kept like any other file."""
AT_ONCE = 2_000
"""Rows up to which a file is made before the page answers."""
LAID_OUT = 20_000
"""A longer list is for computing with, not for printing: plain, and fast."""
CHUNK = 2_000
LONGEST_REASON = 100


ROLLS: dict[str, type[Roll]] = {
    roll.kind: roll
    for roll in (
        RepresentativeRoll,
        HouseholdRoll,
        QuotaTable,
        OverdueRoll,
        IssueLedger,
        RatingLedger,
        VillageLedger,
        ByElectionTable,
        ByElectionRegister,
        UntrainedRoll,
        TrainingRegister,
        SignInSheet,
        CoverageTable,
        VisitRecords,
        TalkLedger,
        ReviewLedger,
        PublicRoster,
        SummaryLedger,
        BulletinLedger,
        AppraisalTable,
        OutstandingSummary,
        HonourRoll,
        SubsidyLedger,
        FundLedger,
    )
}


@dataclass(frozen=True)
class Request:
    """What is to be exported: a roll, the filters as the address has them, in what form."""

    kind: str
    data: Mapping[str, str]
    full: bool = False
    reason: str = ""
    form: Format = Format.XLSX

    def arguments(self) -> dict[str, Any]:
        """Return the form in which a job keeps it; a number searched for is sealed."""
        kept = {name: text for name, text in self.data.items() if text}
        typed = compact(kept.get("q", ""))
        if typed.isascii() and len(typed) >= 7:
            del kept["q"]
            kept["sealed_q"] = Sealed.of(typed, "id_number").token
        return {
            "kind": self.kind,
            "data": kept,
            "full": self.full,
            "reason": self.reason,
            "form": self.form.value,
        }

    @property
    def mark(self) -> str:
        """What makes two requests the same: under one token others are others."""
        data = sorted((name, text) for name, text in self.data.items() if text)
        said = [self.kind, data, self.full, self.reason, self.form.value]
        return salted_hmac("reports.export", json.dumps(said)).hexdigest()[:16]

    @classmethod
    def of(cls, job: Job) -> "Request":
        """Return what a job was asked for."""
        return cls.read(job.arguments)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Request":
        """Return what `arguments` once wrote down."""
        kept = dict(given["data"])
        if token := kept.pop("sealed_q", ""):
            kept["q"] = Sealed(token, "id_number").reveal()
        form = Format(given.get("form", Format.XLSX))
        return cls(given["kind"], kept, given["full"], given["reason"], form)


def known(kind: str, given: Mapping[str, str], place: Region) -> dict[str, str]:
    """Return what an address tells of a roll's filters and order, nothing else."""
    one_village = place.level == Level.VILLAGE
    filters = ROLLS[kind](place).filters(given, one_village=one_village)
    asked = {name: given.get(name, "") for name in filters.fields}
    asked |= {name: asked_words(given.get(name, ""), 40) for name in ("sort", "by")}
    return {name: text for name, text in asked.items() if text}


@dataclass(frozen=True)
class Selection:
    """The rows a request means today, seen from a post; must be made in its scope."""

    roll: Roll
    place: Region
    keys: list[Any]
    words: str
    """The filters as a person reads them."""


def select(request: Request, post: Post, on: dt.date) -> Selection:
    """Return what a request means; raise Refused if its filters cannot be understood."""
    roll_type = ROLLS[request.kind]
    own = post.region
    one_village = own.level == Level.VILLAGE
    filters = roll_type(own).filters(request.data, one_village=one_village)
    if not filters.is_valid():
        raise Refused("筛选条件没有看懂，请回到名册改好再导出。")
    wanted = filters.cleaned_data
    place = wanted.get("place")
    place = place if isinstance(place, Region) else own
    roll = roll_type(place)
    order = request.data.get("sort") or request.data.get("by", "")
    keys = roll.keys(wanted, order, on)
    return Selection(roll, place, keys, filter_words(filters))


@transaction.atomic
def ask(request: Request, *, by: Post, on: dt.date, token: str) -> Job | Approval:
    """Ask for an export; `token` makes pressing twice the same as pressing once.

    A short one is made when the request's transaction is over, worker or not. Whole
    numbers of more people than the city has set (`Measure`) wait for somebody else's
    word: an `Approval`. Raises Refused without the right, or reason, for whole numbers.
    """
    check(request, by)
    found = select(request, by, on)
    if not found.keys:
        raise Refused("没有符合条件的内容可以导出。")
    token = f"{token} {request.mark}"
    if request.full and len(found.keys) > measure_on(on).approval_rows:
        return waiting.ask_for_approval(
            request.arguments(),
            title=f"导出{title_of(found)}",
            rows=len(found.keys),
            words=found.words,
            by=by,
            token=token,
        )
    job = begin(request, by=by, on=on, key=token, title=found.roll.title)
    if len(found.keys) <= AT_ONCE:
        # Should this fail, the worker has been told as well.
        transaction.on_commit(lambda: do_now(job), robust=True)
    return job


def check(request: Request, by: Post) -> None:
    """Raise Refused where a post may not have what is asked for, or gives no reason."""
    roll = ROLLS[request.kind]
    if not by.may(roll.permission):
        raise Refused("您的职务不能导出这份台账。")
    if request.form not in offered_by(roll):
        raise Refused("这份报表没有这种文件，请在报表中心里选。")
    if request.full and not by.may(Permission.ROLL_EXPORT_FULL):
        raise Refused("您的职务只能导出隐去号码的名册。")
    if request.full and not request.reason.strip():
        raise Refused("导出完整号码要写明理由。")


def begin(request: Request, *, by: Post, on: dt.date, key: str, title: str = "") -> Job:
    """Write the job of an export that may be made; once for each key of a person."""
    return jobs.ask(
        kind=KIND,
        title=f"导出{title or ROLLS[request.kind].title}",
        region=by.region_id,
        on=on,
        unique_key=f"{KIND} {by.user_id} {key}",
        arguments=request.arguments(),
        by=by,
    )


def do_now(job: Job) -> None:
    """Do a job here; of this and the worker, whoever is first does it."""
    run_task(str(job.pk), region=job.region_id)


@jobs.handles(KIND)
def run(job: Job) -> str:
    """Write the file of an export, note its fingerprint and log it."""
    with transaction.atomic():
        if job.post is None:
            raise jobs.Abandoned("这项导出没有写明由谁提出。")
        request = Request.of(job)
        try:
            found = select(request, job.post, job.business_date)
        except Refused as refused:
            raise jobs.Abandoned(str(refused)) from refused
    count, sha256 = made(
        path_of(job.pk, request.form),
        lambda part: _write(part, job, request, found),
    )
    _record(job, request, found, count, sha256)
    return f"共 {count:,} {found.roll.unit}。"


def _write(path: Path, job: Job, request: Request, found: Selection) -> int:
    """Write the file; return how many rows it has."""
    if request.form is Format.DOCX:
        return _write_paper(path, job, found)
    totals: Counter[str] = Counter()
    rows = _rows(job, found, totals, full=request.full)
    about = _about(job, request, found)
    keys = len(found.keys)
    if request.form in RAW or keys > LAID_OUT:
        form = request.form
        return write_plain(path, found.roll, rows, form=form, keys=keys, about=about)
    layout = _layout(job, request, found, about)
    return write_ledger(path, layout, rows, total=LateTotal(found.roll, totals))


def _write_paper(path: Path, job: Job, found: Selection) -> int:
    printed: Printed = found.roll  # type: ignore[assignment]
    with transaction.atomic():
        paper = printed.paper(reporting_unit(found.place), job.business_date)
    path.write_bytes(to_docx(paper))
    return len(found.keys)


def _rows(
    job: Job, found: Selection, totals: Counter[str], *, full: bool
) -> Iterator[Sequence[object]]:
    """Yield the rows, a transaction for each chunk, and report how far it is."""
    keys = found.keys
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        with transaction.atomic():
            rows = found.roll.rows(chunk, job.business_date, totals, full=full)
        yield from rows
        jobs.report(job, done=min(start + CHUNK, len(keys)), total=len(keys))


def _about(job: Job, request: Request, found: Selection) -> About:
    """Return what the workbook says of itself: who took what out, when, of how much."""
    taken = timezone.localtime(job.asked_at)
    who = job.user.name if job.user else ""
    about = [
        ("台账", title_of(found)),
        ("导出人", f"{who}（{job.post}）"),
        ("导出时间", f"{taken:%Y-%m-%d %H:%M}"),
        ("范围", found.place.full_name),
        ("条件", found.words or "没有筛选，全部"),
        ("行数", f"{len(found.keys):,} {unit_of(found.roll)}"),
    ]
    if found.roll.has_numbers:
        about.append(("号码", "完整" if request.full else "隐去中间几位"))
    if request.reason:
        about.append(("理由", request.reason))
    about.append(("编号", job.pk.hex))
    return tuple(about)


def _layout(job: Job, request: Request, found: Selection, about: About) -> Layout:
    """Return what surrounds the rows; its note says who took what out, and when."""
    taken = timezone.localtime(job.asked_at)
    who = job.user.name if job.user else ""
    numbers = "号码完整，请妥善保管" if request.full else "号码已隐去中间几位"
    ending = f"；{numbers}。" if found.roll.has_numbers else "。"
    note = (
        f"本表由{who}（{job.post}）于 {taken:%Y-%m-%d %H:%M} 从系统导出；"
        f"范围：{found.place.full_name}"
        f"{f'，{found.words}' if found.words else ''}{ending}"
        f"{getattr(found.roll, 'note', '')}"
    )
    return Layout(
        title=title_of(found),
        columns=found.roll.columns,
        unit=reporting_unit(found.place),
        reported_on=job.business_date,
        measure="人/户",
        note=note,
        mark=f"{who} {taken:%Y-%m-%d %H:%M} 导出",
        sheet=found.roll.title,
        about=about,
    )


def title_of(found: Selection) -> str:
    """Return the title of a ledger with its place, as it stands on top of it."""
    return title_for(found.place, found.roll.title)


@transaction.atomic
def _record(
    job: Job, request: Request, found: Selection, count: int, sha256: str
) -> None:
    """Note the file with the job, and write the line of the access log."""
    title = title_of(found)
    name = f"{title}（{job.business_date}）.{request.form.ending}"
    result = {"name": name, "rows": count, "sha256": sha256, "words": found.words}
    job.arguments = {**job.arguments, "result": result}
    Job.objects.filter(pk=job.pk).update(arguments=job.arguments)
    numbers = ("完整号码 " if request.full else "号码隐去 ") * found.roll.has_numbers
    limit = measure_on(job.business_date).approval_rows
    is_many = request.full and count > limit
    many = f"（超过 {limit:,} {found.roll.unit}）" if is_many else ""
    words = f"，{found.words}" if found.words else ""
    why = f"{request.reason}；" if request.reason else ""
    audit.record(
        Action.EXPORTED,
        region=job.region_id,
        by=job.user,
        subject=f"{numbers}{many}{count:,} {found.roll.unit}，{title}{words}",
        reason=f"{why}SHA-256 {sha256}",
    )
    telling.tell_of_file(job, is_long=count > AT_ONCE)


def own(user_id: int) -> JobQuerySet:
    """Return a person's exports of the open scope, the latest first."""
    mine = Job.objects.filter(kind__in=(KIND, ARCHIVE), user=user_id)
    return mine.order_by("-asked_at")


def kept_until(job: Job) -> dt.datetime:
    """Return when the file of an export is removed."""
    return (job.finished_at or job.asked_at) + dt.timedelta(days=KEPT_DAYS)


def is_there(job: Job, now: dt.datetime) -> bool:
    """Return whether the file of an export can be taken now."""
    path = path_of(job.pk, Request.of(job).form)
    return now < kept_until(job) and path.is_file()
