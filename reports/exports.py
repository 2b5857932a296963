"""The export centre: a roll becomes a file that its owner may take for a week.

An export is a job and nothing else: what was asked stands in its arguments, the file
lies under its id. Masked unless the post may hand out whole numbers and gives a reason;
every file is written to the access log with its filters, its rows and its fingerprint.
"""

import datetime as dt
import hashlib
import os
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.masking import mask_text
from accounts.models import Action, Post
from accounts.permissions import Permission
from accounts.sealing import Sealed
from accounts.services import Refused
from funding.ledgers import FundLedger, SubsidyLedger
from households.ledgers import HouseholdRoll, QuotaTable
from jobs import services as jobs
from jobs.models import Job, JobQuerySet
from jobs.tasks import run as run_task
from regions.models import Kind, Level, Region
from representatives.election_ledgers import ByElectionRegister, ByElectionTable
from representatives.ledgers import RepresentativeRoll
from sentiment.ledgers import IssueLedger
from visits.ledgers import OverdueRoll
from workbooks.declaration import Column
from workbooks.values.characters import compact
from workbooks.writing import Layout, write_ledger, write_table

KIND = "reports.export"
KEPT_DAYS = 7
AT_ONCE = 2_000
"""Rows up to which a file is made before the page answers."""
MANY = 1_000
"""Whole numbers of more people than this are marked in the log."""
LAID_OUT = 20_000
"""A longer list is for computing with, not for printing: plain, and fast."""
CHUNK = 2_000
LONGEST_REASON = 100


class Roll(Protocol):
    """A ledger that can be taken out of the system, for one place."""

    kind: str
    title: str
    unit: str
    has_numbers: bool
    """Whether it shows ID numbers and phones at all."""
    permission: Permission
    columns: tuple[Column, ...]

    def __init__(self, place: Region) -> None:
        """Choose the columns for the place."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> forms.Form:
        """Return the filters of the list page."""

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return what identifies the rows, in order."""

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows, in a fixed number of statements, and add them up."""

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""


ROLLS: dict[str, type[Roll]] = {
    roll.kind: roll
    for roll in (
        RepresentativeRoll,
        HouseholdRoll,
        QuotaTable,
        OverdueRoll,
        IssueLedger,
        ByElectionTable,
        ByElectionRegister,
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
        }

    @classmethod
    def of(cls, job: Job) -> "Request":
        """Return what a job was asked for."""
        kept = dict(job.arguments["data"])
        if token := kept.pop("sealed_q", ""):
            kept["q"] = Sealed(token, "id_number").reveal()
        given = job.arguments
        return cls(given["kind"], kept, given["full"], given["reason"])


@dataclass(frozen=True)
class Selection:
    """The rows a request means today, seen from a post; must be made in its scope."""

    roll: Roll
    place: Region
    keys: list[int]
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


def filter_words(filters: forms.Form) -> str:
    """Return the filters in words, numbers masked; empty where nothing is filtered."""
    parts = []
    for name, field in filters.fields.items():
        value = filters.cleaned_data.get(name)
        if value in field.empty_values:
            continue
        if isinstance(field, forms.ModelChoiceField):
            value = str(value)
        elif isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        if isinstance(value, Region):
            value = value.full_name
        parts.append(f"{field.label or name}：{mask_text(str(value))}")
    return "，".join(parts)


@transaction.atomic
def ask(request: Request, *, by: Post, on: dt.date, token: str) -> Job:
    """Ask for an export; `token` makes pressing twice the same as pressing once.

    A short one is made as soon as the request's transaction is over, whether or not a
    worker is there. Raises Refused without the right, or the reason, for whole numbers.
    """
    if request.full and not by.may(Permission.ROLL_EXPORT_FULL):
        raise Refused("您的职务只能导出隐去号码的名册。")
    if request.full and not request.reason.strip():
        raise Refused("导出完整号码要写明理由。")
    found = select(request, by, on)
    if not found.keys:
        raise Refused("没有符合条件的内容可以导出。")
    job = jobs.ask(
        kind=KIND,
        title=f"导出{found.roll.title}",
        region=by.region_id,
        on=on,
        unique_key=f"{KIND} {by.user_id} {token}",
        arguments=request.arguments(),
        by=by,
    )
    if len(found.keys) <= AT_ONCE:
        # Should this fail, the worker has been told as well.
        transaction.on_commit(lambda: do_now(job), robust=True)
    return job


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
        found = select(request, job.post, job.business_date)
    made = path_of(job.pk).with_suffix(".part")
    try:
        count = _write(made, job, request, found)
        with made.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        made.replace(path_of(job.pk))
    finally:
        made.unlink(missing_ok=True)
    _record(job, request, found, count, sha256)
    return f"共 {count:,} {found.roll.unit}。"


def _write(path: Path, job: Job, request: Request, found: Selection) -> int:
    """Write the workbook, private to this account; return how many rows it has."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    totals: Counter[str] = Counter()
    rows = _rows(job, found, totals, full=request.full)
    if len(found.keys) > LAID_OUT:
        name, count = found.roll.title, len(found.keys)
        write_table(path, found.roll.columns, rows, count=count, name=name)
        return count
    layout = _layout(job, request, found)
    return write_ledger(path, layout, rows, total=LateTotal(found.roll, totals))


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


class LateTotal(Mapping[str, object]):
    """The cells of the 合计 row, which are known once all rows have passed."""

    def __init__(self, roll: Roll, totals: Counter[str]) -> None:
        self._roll = roll
        self._totals = totals

    def __getitem__(self, key: str) -> object:
        return self._roll.total(self._totals)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._roll.total(self._totals))

    def __len__(self) -> int:
        return len(self._roll.total(self._totals))


def _layout(job: Job, request: Request, found: Selection) -> Layout:
    """Return what surrounds the rows; its note says who took what out, and when."""
    taken = timezone.localtime(job.asked_at)
    who = job.user.name if job.user else ""
    numbers = "号码完整，请妥善保管" if request.full else "号码已隐去中间几位"
    ending = f"；{numbers}。" if found.roll.has_numbers else "。"
    note = (
        f"本表由{who}（{job.post}）于 {taken:%Y-%m-%d %H:%M} 从系统导出；"
        f"范围：{found.place.full_name}"
        f"{f'，{found.words}' if found.words else ''}{ending}"
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
    )


def title_of(found: Selection) -> str:
    """Return the title of a ledger: a village elects 村民代表 or 居民代表, not both."""
    name = found.place.name
    if found.place.kind == Kind.VILLAGE:
        return name + found.roll.title.replace("村（居）民", "村民", 1)
    if found.place.kind == Kind.COMMUNITY:
        return name + found.roll.title.replace("村（居）民", "居民", 1)
    return name + found.roll.title


OFFICES = {
    Kind.CITY: "民政局",
    Kind.TOWN: "人民政府",
    Kind.TOWNSHIP: "人民政府",
    Kind.SUBDISTRICT: "办事处",
    Kind.VILLAGE: "村民委员会",
    Kind.COMMUNITY: "居民委员会",
}


def reporting_unit(place: Region) -> str:
    """Return the 填报单位 of a place, as its seal has it."""
    above = place.parent.name if place.level == Level.VILLAGE and place.parent else ""
    return f"{above}{place.name}{OFFICES.get(Kind(place.kind), '')}"


@transaction.atomic
def _record(
    job: Job, request: Request, found: Selection, count: int, sha256: str
) -> None:
    """Note the file with the job, and write the line of the access log."""
    title = title_of(found)
    name = f"{title}（{job.business_date}）.xlsx"
    result = {"name": name, "rows": count, "sha256": sha256, "words": found.words}
    job.arguments = {**job.arguments, "result": result}
    Job.objects.filter(pk=job.pk).update(arguments=job.arguments)
    numbers = ("完整号码 " if request.full else "号码隐去 ") * found.roll.has_numbers
    many = (
        f"（超过 {MANY:,} {found.roll.unit}）" if request.full and count > MANY else ""
    )
    words = f"，{found.words}" if found.words else ""
    why = f"{request.reason}；" if request.reason else ""
    audit.record(
        Action.EXPORTED,
        region=job.region_id,
        by=job.user,
        subject=f"{numbers}{many}{count:,} {found.roll.unit}，{title}{words}",
        reason=f"{why}SHA-256 {sha256}",
    )


def folder() -> Path:
    """Return where exported files lie, which nobody but this account can enter."""
    path = Path(settings.MEDIA_ROOT) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(job_id: uuid.UUID) -> Path:
    """Return where the file of an export lies; the name says nothing of its content."""
    return folder() / f"{job_id.hex}.xlsx"


def own(user_id: int) -> JobQuerySet:
    """Return a person's exports of the open scope, the latest first."""
    mine = Job.objects.filter(kind=KIND, user=user_id)
    return mine.order_by("-asked_at")


def kept_until(job: Job) -> dt.datetime:
    """Return when the file of an export is removed."""
    return (job.finished_at or job.asked_at) + dt.timedelta(days=KEPT_DAYS)


def is_there(job: Job, now: dt.datetime) -> bool:
    """Return whether the file of an export can be taken now."""
    return now < kept_until(job) and path_of(job.pk).is_file()


def remove_expired() -> int:
    """Remove files older than `KEPT_DAYS`, by age alone; return how many."""
    before = time.time() - dt.timedelta(days=KEPT_DAYS).total_seconds()
    removed = 0
    for path in folder().iterdir():
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
