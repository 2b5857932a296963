"""Records that a phone handed to the village, and what came with a visit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from attachments.models import Attachment
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative
from visits.models.visits import Satisfaction, Visit, Way


class HandedState(models.TextChoices):
    """Where a record that was handed to the village stands."""

    WAITING = "waiting", "等村里处理"
    TAKEN = "taken", "村里已收"
    DECLINED = "declined", "村里没有收"


class HandedVisit(ScopedModel):
    """A visit that could not be stored as its representative's, handed to the village.

    It comes from the outbox of a phone: the household went to somebody else meanwhile,
    or the day lies outside the link. Nothing that was recorded at a door is lost
    (reliability 4.2, rule 7): the village takes it up or says why not. `id` is the
    phone's id of the visit; `head` is the household as the phone knew it, for it may
    no longer be his to see.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    household = ScopedForeignKey(
        Household, verbose_name="走访对象", null=True, related_name="+"
    )
    head = models.CharField("户主", max_length=30)
    representative = ScopedForeignKey(
        Representative, verbose_name="走访代表", related_name="+"
    )
    visited_on = models.DateField("走访时间")
    way = models.CharField(
        "走访方式", max_length=8, choices=Way.choices, default="door", db_default="door"
    )
    has_matter = models.BooleanField("有情况", default=False)
    topics = ArrayField(
        models.CharField(max_length=20), verbose_name="反映类别", default=list
    )
    words = models.CharField("反映问题/诉求", max_length=500, blank=True)
    answered = models.CharField(
        "现场答复或处理", max_length=300, blank=True, default="", db_default=""
    )
    satisfaction = models.CharField(
        "满意吗", max_length=4, choices=Satisfaction.choices, blank=True
    )
    for_village = models.BooleanField("要村里办", default=False)
    marks = ArrayField(
        models.CharField(max_length=20),
        verbose_name="五必访、五必记",
        default=list,
        db_default=[],
        blank=True,
    )
    refusal = models.CharField("没有记上的原因", max_length=200)
    captured_at = models.DateTimeField("记录时间")
    handed_at = models.DateTimeField("交来时间")
    handed_by = models.ForeignKey(
        User, verbose_name="交来人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "状态", max_length=8, choices=HandedState.choices, default="waiting"
    )
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name="处理人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answer = models.CharField("处理说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代表交来的走访"
        indexes = [
            models.Index(
                fields=("region", "state", "-handed_at"), name="visits_handed_region"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="visits_handed_settled_by_somebody",
                condition=Q(state="waiting", settled_at=None, settled_by=None)
                | ~Q(state="waiting")
                & Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.head}"


class Enclosure(ScopedModel):
    """A photo or voice note that came with a visit, or with one that was handed over.

    A corrected visit and its correction both have it.
    """

    visit = ScopedForeignKey(
        Visit, verbose_name="走访", null=True, related_name="enclosures"
    )
    handed = ScopedForeignKey(
        HandedVisit, verbose_name="交来的走访", null=True, related_name="enclosures"
    )
    attachment = ScopedForeignKey(Attachment, verbose_name="附件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "走访附件"
        indexes = [
            models.Index(fields=("region", "visit"), name="visits_enclosure_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("visit", "attachment"), name="visits_enclosed_once"
            ),
            models.UniqueConstraint(
                fields=("handed", "attachment"), name="visits_enclosed_handed_once"
            ),
            models.CheckConstraint(
                name="visits_enclosure_belongs_to_one",
                condition=Q(visit=None, handed__isnull=False)
                | Q(visit__isnull=False, handed=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.attachment)
