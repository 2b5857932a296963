"""Photos and voice notes of issues and talk meetings: adding them, taking one back."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from attachments.models import Attachment
from attachments.rules import Kind
from sentiment.models import Exhibit, Issue, TalkMeeting

MOST = 9
KINDS = (Kind.PHOTO, Kind.VOICE)
Owner = Issue | TalkMeeting


def exhibited(owner: Owner) -> list[Attachment]:
    """Return what came with an issue or a meeting and stands, in the order it came."""
    ties = owner.exhibits.filter(attachment__withdrawn_at=None)
    ordered = ties.select_related("attachment").order_by("attachment__added_at", "pk")
    return [tie.attachment for tie in ordered]


@transaction.atomic
def exhibit(*, owner: Owner, files: Collection[Examined], by: Post) -> int:
    """Keep what a form was given; return how many were new.

    The same file again is not kept twice, so that a form may be sent twice. Raises
    Refused beyond `MOST`.
    """
    if not files:
        return 0
    _lock(owner)
    known = {one.sent_sha256 for one in exhibited(owner)}
    new = {one.sent: one for one in files if one.sent not in known}
    if len(known) + len(new) > MOST:
        raise Refused(f"一共最多 {MOST} 个照片和录音，请少选几个。")
    kept = attachments.keep_all(files=new.values(), region=owner.region_id, by=by.user)
    side = "issue" if isinstance(owner, Issue) else "talk"
    Exhibit.objects.bulk_create(
        Exhibit(region_id=owner.region_id, attachment=one, **{side: owner})
        for one in kept
    )
    return len(kept)


@transaction.atomic
def take_back(*, tie: Exhibit, by: Post) -> None:
    """Take a file back; it is shown to nobody any more, and its history stays."""
    attachments.withdraw(attachment=tie.attachment, by=by.user)


def _lock(owner: Owner) -> None:
    """Let of two sendings of one form the second wait and find the files there."""
    kept = Issue.objects if isinstance(owner, Issue) else TalkMeeting.objects
    kept.select_for_update(no_key=True).get(pk=owner.pk)  # type: ignore[misc]
