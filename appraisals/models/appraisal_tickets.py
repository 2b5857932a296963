"""The paper of an appraisal: each body's tickets, what they say, scans of the sheets."""

from django.db import models
from django.db.models import F, Q

from appraisals.models.appraisals import Appraisal, AppraisalResult
from appraisals.rules.appraisals import VOTED, Votes
from attachments.models import Attachment
from regions.models import ScopedForeignKey, ScopedModel

BODIES = [(part.value, part.label) for part in VOTED]


class AppraisalBallot(ScopedModel):
    """One body's paper tickets: who was present, how many went out and came back."""

    appraisal = ScopedForeignKey(
        Appraisal, verbose_name="履职评议", related_name="ballots"
    )
    body = models.CharField("哪一组", max_length=10, choices=BODIES)
    present = models.PositiveSmallIntegerField("到会人数")
    issued = models.PositiveSmallIntegerField("发出票")
    returned = models.PositiveSmallIntegerField("收回票")

    class Meta:
        verbose_name = verbose_name_plural = "评议票"
        indexes = [
            models.Index(fields=("region", "appraisal"), name="eval_ballot_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("appraisal", "body"), name="eval_ballot_once"
            ),
            models.CheckConstraint(
                name="eval_ballot_back_out_present",
                condition=Q(returned__gt=0)
                & Q(returned__lte=F("issued"))
                & Q(issued__lte=F("present")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.get_body_display()}"


class AppraisalVote(ScopedModel):
    """What one body's tickets say of one representative."""

    ballot = ScopedForeignKey(
        AppraisalBallot, verbose_name="评议票", related_name="votes"
    )
    result = ScopedForeignKey(
        AppraisalResult, verbose_name="评议结果", related_name="votes"
    )
    excellent = models.PositiveSmallIntegerField("优秀票", default=0)
    competent = models.PositiveSmallIntegerField("称职票", default=0)
    basic = models.PositiveSmallIntegerField("基本称职票", default=0)
    poor = models.PositiveSmallIntegerField("不称职票", default=0)
    invalid = models.PositiveSmallIntegerField("作废票", default=0, db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = "得票"
        indexes = [models.Index(fields=("region", "ballot"), name="eval_vote_region")]
        constraints = [
            models.UniqueConstraint(fields=("ballot", "result"), name="eval_vote_once")
        ]

    def __str__(self) -> str:
        return f"{self.ballot} {self.result_id}"

    @property
    def votes(self) -> Votes:
        """The tickets as the rules want them."""
        return Votes(
            self.excellent, self.competent, self.basic, self.poor, self.invalid
        )


class AppraisalScan(ScopedModel):
    """A scan of the tally sheets or of the signed minutes."""

    appraisal = ScopedForeignKey(
        Appraisal, verbose_name="履职评议", related_name="scans"
    )
    attachment = ScopedForeignKey(Attachment, verbose_name="扫描件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "计票表扫描件"
        indexes = [
            models.Index(fields=("region", "appraisal"), name="eval_scan_region")
        ]
        constraints = [
            models.UniqueConstraint(fields=("attachment",), name="eval_scan_once")
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.attachment}"
