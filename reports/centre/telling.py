"""Messages of the centre: a file is ready, somebody asks for a word, the word is given."""

from django.utils import timezone

from accounts.models import Post
from inbox.services import send
from jobs.models import Job
from reports.centre.deciders import deciders
from reports.models import Approval, ApprovalState

READY, ASKED, DECIDED = (
    "reports.scheduled",
    "reports.approval_asked",
    "reports.approval_decided",
)


def tell_of_file(job: Job, *, is_long: bool) -> int:
    """Tell whoever waits elsewhere that his file is ready: of a schedule, or a long one."""
    is_scheduled = bool(job.arguments.get("schedule"))
    if job.user is None or not (is_scheduled or is_long):
        return 0
    return send(
        to=[job.user],
        kind=READY,
        title=f"{job.title.removeprefix('导出')}做好了",
        body=f"{'定时报表。' if is_scheduled else ''}文件保留 7 天，过期可以再导出一次。",
        url=f"/exports/{job.pk}/",
        region=job.region_id,
        unique_key=f"{READY}:{job.pk}",
        on=job.business_date,
    )


def tell_of_archive(job: Job) -> int:
    """Tell whoever asked for a township's archive that it is ready."""
    if job.user is None:
        return 0
    return send(
        to=[job.user],
        kind=READY,
        title=f"{job.title.removeprefix('导出')}做好了",
        body="只有您能下载，保留 7 天。里面有完整号码，请妥善保管。",
        url=f"/exports/{job.pk}/",
        region=job.region_id,
        unique_key=f"{READY}:{job.pk}",
        on=job.business_date,
    )


def tell_of_request(approval: Approval, *, by: Post) -> int:
    """Tell those who may decide that somebody asks."""
    able = deciders(approval.region_id, but=approval.asked_by_id, right=approval.right)
    return send(
        to=[post.user for post in able],
        kind=ASKED,
        title="有一份完整号码的导出等您批准",
        body=f"{by.user.name}：{approval.title}，{approval.rows:,} 行。理由：{approval.reason}",
        url=f"/centre/approvals/{approval.pk}/",
        region=approval.region_id,
        unique_key=f"{ASKED}:{approval.pk}",
        on=timezone.localdate(approval.asked_at),
    )


def tell_of_decision(approval: Approval) -> int:
    """Tell who asked what came of it."""
    is_given = approval.state == ApprovalState.APPROVED
    return send(
        to=[approval.asked_by],
        kind=DECIDED,
        title=f"{approval.title}：{approval.get_state_display()}",
        body=approval.answer or ("文件正在生成，只有您能下载。" if is_given else ""),
        url=f"/exports/{approval.job_id}/"
        if is_given
        else f"/centre/approvals/{approval.pk}/",
        region=approval.region_id,
        unique_key=f"{DECIDED}:{approval.pk}",
        on=timezone.localdate(approval.decided_at),
    )
