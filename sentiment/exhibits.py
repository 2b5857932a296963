"""What came with an issue or a talk meeting, as pages show it."""

from collections.abc import Callable

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from attachments import views as attachments
from attachments.models import Attachment
from sentiment import services
from sentiment.models import Issue, TalkMeeting
from ui.parts import Attached
from visits.views.enclosures import files_of


def files_of_issue(row: Issue, post: Post) -> tuple[Attached, ...]:
    """Return what came with the visit it was heard on, then what was added to it.

    Those who handle issues may take back what was added; a visit keeps its own.
    """
    heard = files_of([row.visit]).get(row.visit.pk, ()) if row.visit else ()
    own = _shown(
        row, "sentiment:issue-file", may_take_back=post.may(Permission.ISSUE_HANDLE)
    )
    return (*heard, *own)


def files_of_talk(row: TalkMeeting, post: Post) -> tuple[Attached, ...]:
    """Return what came with a meeting, with the way to take each back."""
    may = post.may(Permission.TALK_RECORD) and not row.withdrawn_at
    return _shown(row, "sentiment:talk-file", may_take_back=may)


def _shown(
    row: Issue | TalkMeeting, name: str, *, may_take_back: bool
) -> tuple[Attached, ...]:
    def to(url_name: str) -> Callable[[Attachment], str]:
        return lambda one: reverse(url_name, args=[row.pk, one.pk])

    remove = to(f"{name}-remove") if may_take_back else None
    return attachments.shown(services.exhibited(row), to(name), remove)
