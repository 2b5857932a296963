"""What a clerk does at the desk: hand a file in, wait, look, confirm, take back.

The township that went through the wizard stands in `conftest`.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

import workbooks.tasks  # noqa: F401 - what the worker loads
from accounts.models import Post
from households.models import Household
from jobs.models import Job
from jobs.services import perform
from regions.scoping import scope, span
from tests.cast import Cast, at
from tests.conftest import use_database
from tests.workbooks.making import TODAY
from workbooks import services
from workbooks.models import RowVerdict, Upload
from workbooks.values import check_character

DATA = Path(__file__).parent.parent / "data/workbooks"
FILES = {
    "representatives": DATA / "430582113-代表花名册.xlsx",
    "households": DATA / "430582113-联系户花名册.xlsx",
    "visits": DATA / "430582113-走访记录表.xlsx",
}
KEY: dict[str, Any] = json.loads((DATA / "430582113-key.json").read_text())

REPRESENTATIVES = ("村", "小组", "姓名", "身份证号", "联系电话", "当选时间", "任期至")
HOUSEHOLDS = ("村", "组别", "户主姓名", "户主身份证号", "联系电话", "人口", "联系代表")
VISITS = ("村", "组别", "走访时间", "走访对象(户主)", "反映问题/诉求")
TERM = ("2026-01-10", "2030-12-31")


def number_of(sequence: int) -> str:
    """Return a valid ID number of a fictitious area, one for each sequence."""
    digits = f"430599{1950 + sequence // 1000}0101{sequence % 1000:03d}"
    return digits + check_character(digits)


def roll(titles: Sequence[str], *rows: Sequence[object]) -> bytes:
    """Return a .csv, which keeps everything as text."""
    out = io.StringIO()
    csv.writer(out).writerows([titles, *rows])
    return out.getvalue().encode("utf-8-sig")


def representative(name: str, sequence: int, **cells: object) -> list[object]:
    """Return a row of REPRESENTATIVES of our village."""
    given = {"村": "长冲口村", "小组": "1组", "联系电话": "", **cells}
    row = {"姓名": name, "身份证号": number_of(sequence), "当选时间": TERM[0]}
    return [({"任期至": TERM[1]} | row | given)[title] for title in REPRESENTATIVES]


def household(head: str, sequence: int, **cells: object) -> list[object]:
    """Return a row of HOUSEHOLDS of our village; sequence 0 has no ID number."""
    number = number_of(sequence) if sequence else ""
    row = {"户主姓名": head, "户主身份证号": number, "联系电话": "", "联系代表": ""}
    given = {"村": "长冲口村", "组别": "1组", "人口": "3", **cells}
    return [(row | given)[title] for title in HOUSEHOLDS]


THREE = (household("刘桂英", 1), household("张志文", 2), household("李小红", 3))
OTHER_VILLAGE = {"村": "不存在村"}
ONE_BAD = (*THREE, household("陈一", 4, **OTHER_VILLAGE))


def households(*rows: list[object]) -> bytes:
    """Return a roll of households."""
    return roll(HOUSEHOLDS, *rows)


def people(*rows: list[object]) -> bytes:
    """Return a roll of representatives."""
    return roll(REPRESENTATIVES, *rows)


def hand_in(
    kind: str, content: bytes, by: Post, name: str = "名册.csv", **chosen: Any
) -> Upload:
    """Upload a file and let it be checked."""
    with at(by):
        upload = services.receive(
            kind=kind, name=name, chunks=[content], by=by, on=TODAY
        )
        for field, value in chosen.items():
            setattr(upload, field, value)
        upload.save()
    return work_on(upload)


def work_on(upload: Upload) -> Upload:
    """Let the worker do the import's job, and return the import as it is then."""
    with scope(span(upload.region_id)):
        job = fresh(upload).job
        assert job is not None
        perform(job.pk)
        return fresh(upload)


def fresh(upload: Upload) -> Upload:
    """Return the import as the database has it."""
    with scope(span(upload.region_id)), transaction.atomic():
        return Upload.objects.select_related("job", "post", "user").get(pk=upload.pk)


def job_of(upload: Upload) -> Job:
    """Return the import's job as it is now."""
    job = fresh(upload).job
    assert job is not None
    return job


def confirm(upload: Upload, by: Post, **answers: Any) -> Upload:
    """Confirm a preview as it was seen; nothing is written yet."""
    given = {"without_refused": True, "seen_hidden": True, "seen_doubts": True}
    seen = {"sha256": upload.sha256, **given, **answers}
    with at(by):
        services.confirm(upload_id=upload.pk, by=by, **seen)
    return fresh(upload)


def bring_in(kind: str, content: bytes, by: Post, **more: Any) -> Upload:
    """Upload, confirm and apply."""
    upload = hand_in(kind, content, by, **more)
    assert upload.stage == "preview", upload.message
    return work_on(confirm(upload, by))


def take_back(upload: Upload, by: Post) -> Upload:
    """Undo an import, or try to."""
    with at(by):
        services.ask_undo(upload_id=upload.pk, by=by)
    return work_on(upload)


def refusals(upload: Upload) -> dict[int, set[str]]:
    """Return the codes of the refused rows by row number."""
    with scope(span(upload.region_id)), transaction.atomic():
        refused = RowVerdict.objects.filter(upload=upload, verdict="refused")
        return {row.number: {p["code"] for p in row.problems} for row in refused}


def listed(upload: Upload, by: Post) -> list[RowVerdict]:
    """Return the rows that the import's page lists, in order."""
    with at(by):
        return list(RowVerdict.objects.filter(upload=upload).order_by("number"))


def heads(by: Post) -> set[str]:
    """Return the heads of all households that the holder of a post sees."""
    with at(by):
        return set(Household.objects.values_list("head", flat=True))


def counts(upload: Upload) -> tuple[int, int, int, int]:
    """Return (created, updated, unchanged, refused)."""
    return upload.created, upload.updated, upload.unchanged, upload.refused


def page(client: Client, upload: Upload, name: str = "upload", query: str = "") -> Any:
    """Open a page of an import."""
    return client.get(reverse(f"workbooks:{name}", args=[upload.pk]) + query)


def post(client: Client, upload: Upload, name: str, **data: Any) -> Any:
    """Press a button of an import."""
    return client.post(reverse(f"workbooks:{name}", args=[upload.pk]), data)


def send(client: Client, kind: str, content: bytes, name: str = "名册.csv") -> Any:
    """Send the form with a file."""
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("workbooks:new"), {"kind": kind, "file": file})


def latest(by: Post) -> Upload:
    """Return the import that was uploaded last."""
    with at(by):
        return Upload.objects.latest("uploaded_at")


def said(response: Any) -> str:
    """Return what the page that a response leads to says in messages."""
    return "".join(str(message) for message in response.context["messages"])


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> Path:
    """Keep uploaded files of a test to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "uploads"


@dataclass(frozen=True)
class Township:
    """A database after the three workbooks were imported in order, and what came of it."""

    database: str
    cast: Cast
    imports: dict[str, Upload]


@contextmanager
def in_database(name: str, shared: str) -> Iterator[None]:
    """Use another database for the block."""
    use_database(name)
    try:
        yield
    finally:
        connections.close_all()
        use_database(shared)
