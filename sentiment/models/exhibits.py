"""Photos and voice notes that came with an issue or with a talk meeting."""

from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from regions.models import ScopedForeignKey, ScopedModel
from sentiment.models.issues import Issue
from sentiment.models.meetings import TalkMeeting


class Exhibit(ScopedModel):
    """A photo or voice note of an issue or of a talk meeting; nobody has to take one.

    What came with a visit hangs on the visit (`visits.models.Enclosure`), and the page
    of its issue shows it from there.
    """

    issue = ScopedForeignKey(
        Issue, verbose_name="民情", null=True, blank=True, related_name="exhibits"
    )
    talk = ScopedForeignKey(
        TalkMeeting,
        verbose_name="恳谈会",
        null=True,
        blank=True,
        related_name="exhibits",
    )
    attachment = ScopedForeignKey(Attachment, verbose_name="附件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "民情附件"
        indexes = [
            models.Index(fields=("region", "issue"), name="sent_exhibit_region"),
            models.Index(fields=("talk",), name="sent_exhibit_talk"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("attachment",), name="sent_exhibit_attachment_once"
            ),
            models.CheckConstraint(
                name="sent_exhibit_belongs_to_one",
                condition=Q(issue=None, talk__isnull=False)
                | Q(issue__isnull=False, talk=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.attachment)
