"""An export that waits for a second person: whole numbers of many people."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Action, Post
from accounts.services import Refused
from reports.centre import telling
from reports.centre.deciders import second_for
from reports.models import Approval


@transaction.atomic
def ask_for_approval(
    arguments: dict[str, Any],
    *,
    title: str,
    rows: int,
    words: str,
    by: Post,
    token: str,
) -> Approval:
    """Write the request, or return the one under this token; tell those who decide.

    Raises Refused where nobody could: nothing waits for a word that cannot come.
    """
    approval, created = Approval.objects.get_or_create(
        region_id=by.region_id,
        asked_by=by.user,
        token=token[:64],
        defaults={
            "title": title[:120],
            "rows": rows,
            "words": words[:300],
            "reason": arguments["reason"],
            "arguments": arguments,
            "post": by,
            "asked_at": timezone.now(),
        },
    )
    if created:
        second = second_for(by, approval.right)
        if not second.names:
            raise Refused(second.remedy)
        audit.record(
            Action.EXPORTED,
            region=by.region_id,
            by=by.user,
            subject=f"申请{title}，完整号码 {rows:,} 行",
            reason=approval.reason,
        )
        telling.tell_of_request(approval, by=by)
    return approval
