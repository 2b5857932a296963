"""Deciding on an export of many whole numbers; never by whoever asked for it."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Action, Post
from accounts.permissions import Permission
from accounts.services import NotYours, Refused
from jobs.models import Job
from reports import exports
from reports.archive import asking
from reports.centre import telling
from reports.models import Approval, ApprovalState

GONE = (
    "申请人已经不在这个职务上，做好的文件没有人能取。请不批准，由现在的经办人重新申请。"
)


def may_decide(approval: Approval, post: Post) -> bool:
    """Say whether a post may decide: another person of the office, or above it."""
    reaches = approval.region_id in post.scope()
    is_other = approval.asked_by_id != post.user_id
    return reaches and is_other and post.may(approval.right)


@transaction.atomic
def approve(*, approval: Approval, by: Post) -> Job:
    """Let the file be made, for the person who asked and as his post sees it now.

    Raises Refused for a request that is decided, or of somebody who has left his post,
    NotYours for whoever may not decide.
    """
    held = _held(approval, by)
    job = _begun(held)
    held.job, held.state = job, ApprovalState.APPROVED
    _decided(held, by, "")
    return job


def _begun(held: Approval) -> Job:
    """Begin what was asked for; what the rows are is asked when the file is made."""
    on, key = timezone.localdate(), held.token
    here = Post.objects.active(on).filter(pk=held.post_id, user__is_active=True)
    if not here.exists():
        raise Refused(GONE)
    if held.right is Permission.TENANT_EXPORT:
        return asking.begin(held.arguments, by=held.post, on=on, key=key)
    request = exports.Request.read(held.arguments)
    exports.check(request, held.post)
    return exports.begin(request, by=held.post, on=on, key=key)


@transaction.atomic
def refuse(*, approval: Approval, by: Post, answer: str) -> Approval:
    """Refuse with a reason, which the person who asked is told.

    Raises Refused without a reason or for a request that is decided, NotYours for
    whoever may not decide.
    """
    held = _held(approval, by)
    if not answer.strip():
        raise Refused("请写明为什么不批准，申请人会看到。")
    held.state = ApprovalState.REFUSED
    return _decided(held, by, answer.strip())


def _held(approval: Approval, by: Post) -> Approval:
    """Return the request, locked; a second decision waits and is refused."""
    rows = Approval.objects.select_for_update(of=("self",))
    held = rows.select_related("post__region__parent", "post__user", "asked_by").get(
        pk=approval.pk
    )
    if not may_decide(held, by):
        raise NotYours("这份导出要由本单位或上级的另一位负责人批准。")
    if held.state != ApprovalState.WAITING:
        raise Refused(f"这份导出已经由别人处理：{held.get_state_display()}。")
    return held


def _decided(held: Approval, by: Post, answer: str) -> Approval:
    held.decided_by, held.decided_at = by.user, timezone.now()
    held.answer = answer
    held.save()
    audit.record(
        Action.EXPORTED,
        region=held.region_id,
        by=by.user,
        subject=f"{held.get_state_display()}：{held.title}，完整号码 {held.rows:,} 行",
        reason=answer or held.reason,
    )
    telling.tell_of_decision(held)
    return held
