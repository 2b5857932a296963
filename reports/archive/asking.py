"""Asking for an archive: a reason, a second person's word, then the worker makes it."""

from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Action, Post
from accounts.permissions import Permission
from accounts.services import Refused
from households.models import Household
from jobs import services as jobs
from jobs.models import Job
from regions.models import Level, Region, inside
from reports.archive import writing
from reports.archive.packing import Taken
from reports.centre import telling, waiting
from reports.centre.files import Format, folder, made, path_of
from reports.exports import ARCHIVE
from reports.models import Approval
from representatives.models import Representative


def places_of(post: Post) -> list[Region]:
    """Return the townships whose archive a post may ask for."""
    if not post.may(Permission.TENANT_EXPORT):
        return []
    if Level(post.region.level) is Level.TOWNSHIP:
        return [post.region]
    rows = Region.objects.current().townships().within(post.scope())
    return list(rows.order_by("code"))


@transaction.atomic
def ask(township: Region, *, reason: str, by: Post, token: str) -> Approval:
    """Ask for a township's archive; nothing is made before somebody else agrees.

    `token` makes pressing twice one request. Raises Refused without the right, outside
    the range, or without a reason.
    """
    arguments = {"kind": ARCHIVE, "township": township.pk, "reason": reason.strip()}
    check(arguments, by)
    title = f"导出{township.name}全部资料"
    return waiting.ask_for_approval(
        {**arguments, **HANDED_OUT},
        title=title,
        rows=people_of(township),
        words="一个乡镇的全部资料：名册、走访、民情、会议、经费、附件和操作日志",
        by=by,
        token=f"{token} {township.pk}",
    )


HANDED_OUT = {"data": {}, "full": True, "form": Format.ZIP.value}
"""What every export says of itself: whole numbers, no filter, a packed file."""


def people_of(township: Region) -> int:
    """Return of how many people whole numbers may leave."""
    households = inside(Household.objects.all(), township.scope).count()
    return households + inside(Representative.objects.all(), township.scope).count()


def check(arguments: dict[str, Any], by: Post) -> None:
    """Raise Refused where a post may not have what is asked for, or gives no reason."""
    if not by.may(Permission.TENANT_EXPORT):
        raise Refused("您的职务不能导出整个乡镇的资料。")
    if int(arguments["township"]) not in {place.pk for place in places_of(by)}:
        raise Refused("只能导出您管的乡镇，请重新选择。")
    if not arguments["reason"]:
        raise Refused("请写明为什么要整个乡镇的资料，批准的人会看到。")


def begin(arguments: dict[str, Any], *, by: Post, on: Any, key: str) -> Job:
    """Write the job of an archive that somebody else has agreed to."""
    check(arguments, by)
    township = Region.objects.get(pk=arguments["township"])
    return jobs.ask(
        kind=ARCHIVE,
        title=f"导出{township.name}全部资料",
        region=by.region_id,
        on=on,
        unique_key=f"{ARCHIVE} {by.user_id} {key}",
        arguments=arguments,
        by=by,
    )


@jobs.handles(ARCHIVE)
def run(job: Job) -> str:
    """Make the file of an archive, note its fingerprint and log it."""
    if job.post is None:
        raise jobs.Abandoned("这项导出没有写明由谁提出。")
    with transaction.atomic():
        try:
            check(job.arguments, job.post)
        except Refused as refused:
            raise jobs.Abandoned(str(refused)) from refused
        township = Region.objects.get(pk=job.arguments["township"])
    taken = Taken(township, f"{job.post.user.name}（{job.post}）", job.asked_at)
    rows, sha256 = made(
        path_of(job.pk, Format.ZIP),
        lambda part: writing.write(
            part,
            taken,
            folder=folder(),
            report=lambda done, total: jobs.report(job, done=done, total=total),
        ),
    )
    _record(job, township, rows, sha256)
    return f"共 {rows:,} 条。"


@transaction.atomic
def _record(job: Job, township: Region, rows: int, sha256: str) -> None:
    name = f"{township.name}全部资料（{job.business_date}）.zip"
    result = {"name": name, "rows": rows, "sha256": sha256, "words": ""}
    job.arguments = {**job.arguments, "result": result}
    Job.objects.filter(pk=job.pk).update(arguments=job.arguments)
    audit.record(
        Action.EXPORTED,
        region=job.region_id,
        by=job.user,
        subject=f"{township.name}全部资料，完整号码，{rows:,} 条",
        reason=f"{job.arguments['reason']}；SHA-256 {sha256}",
    )
    telling.tell_of_archive(job)
