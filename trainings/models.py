"""Trainings, who came to them, and what was handed out."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Mod, TruncDate
from django.urls import reverse

from accounts.models import User
from attachments.models import Attachment
from regions.codes import CITY_WIDTH, TOWNSHIP_WIDTH
from regions.models import Region, ScopedForeignKey, ScopedModel
from representatives.models import Representative
from trainings.rules import GRADES


class Level(models.TextChoices):
    """三级培训: the levels of `rules.GRADES`."""

    CITY_DEMO = GRADES[0].code, GRADES[0].label
    TOWNSHIP_GENERAL = GRADES[1].code, GRADES[1].label
    VILLAGE_CATCHALL = GRADES[2].code, GRADES[2].label


class Kind(models.TextChoices):
    """What kind of training it is."""

    LESSON = "lesson", "授课培训"
    TOUR = "tour", "观摩学习会"


class State(models.TextChoices):
    """How far a training is."""

    PLANNED = "planned", "还没办"
    HELD = "held", "已办"
    CANCELLED = "cancelled", "已取消"


class Sign(models.TextChoices):
    """Whether somebody on the roster came."""

    LISTED = "listed", "在名单上"
    PRESENT = "present", "到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


HOST = Cast("region", models.BigIntegerField())
CITY, TOWNSHIP = HOST - Mod(HOST, CITY_WIDTH), HOST - Mod(HOST, TOWNSHIP_WIDTH)
IN_CITY, IN_TOWNSHIP = Q(region=CITY), Q(region=TOWNSHIP)


class TrainingQuerySet(models.QuerySet["Training"]):
    """Reads over trainings."""

    def held(self) -> Self:
        """Return trainings that took place."""
        return self.filter(state=State.HELD)

    def planned(self) -> Self:
        """Return trainings that are still to be held, or to be signed in."""
        return self.filter(state=State.PLANNED)

    def of_year(self, year: int) -> Self:
        """Return the trainings of a calendar year."""
        return self.filter(held_on__year=year)


class Training(ScopedModel):
    """One training (一期培训). `region` is who holds it, and says its level.

    `sent_by` is the township or the city that sent the speaker to a village (授课下沉).
    A tour (观摩学习会) has the village that was visited and what was learnt there.
    `id` is made by the form, so that sending it twice stores it once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    topic = models.CharField("培训名称", max_length=80)
    level = models.CharField("级别", max_length=20, choices=Level.choices)
    kind = models.CharField(
        "形式", max_length=8, choices=Kind.choices, default=Kind.LESSON
    )
    held_on = models.DateField("时间")
    place = models.CharField("地点", max_length=60)
    speakers = models.CharField("主讲", max_length=120, blank=True)
    hours = models.PositiveSmallIntegerField("课时")
    sent_by = models.ForeignKey(
        Region,
        verbose_name="派员单位",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    host_village = models.ForeignKey(
        Region,
        verbose_name="观摩的村",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lessons = models.TextField("学到的经验", max_length=2000, blank=True)
    state = models.CharField(
        "办到哪一步", max_length=10, choices=State.choices, default=State.PLANNED
    )
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")
    signed_by = models.ForeignKey(
        User,
        verbose_name="签到登记人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    signed_at = models.DateTimeField("签到登记时间", null=True, blank=True)
    cancelled_on = models.DateField("取消日期", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User,
        verbose_name="取消人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    cancellation = models.CharField("取消原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训"
        indexes = [
            models.Index(fields=("region", "-held_on"), name="trainings_region_day")
        ]
        constraints = [
            models.CheckConstraint(
                name="trainings_level_is_the_hosts",
                condition=Q(level=Level.CITY_DEMO) & IN_CITY
                | Q(level=Level.TOWNSHIP_GENERAL) & IN_TOWNSHIP & ~IN_CITY
                | Q(level=Level.VILLAGE_CATCHALL) & ~IN_TOWNSHIP,
            ),
            models.CheckConstraint(
                name="trainings_held_is_signed_and_past",
                condition=~Q(state=State.HELD)
                | Q(
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    held_on__lte=TruncDate("signed_at"),
                ),
            ),
            models.CheckConstraint(
                name="trainings_cancelled_says_who_and_why",
                condition=~Q(state=State.CANCELLED)
                & Q(cancelled_on=None, cancelled_by=None, cancellation="")
                | Q(
                    state=State.CANCELLED,
                    cancelled_on__isnull=False,
                    cancelled_by__isnull=False,
                )
                & ~Q(cancellation=""),
            ),
            models.CheckConstraint(
                name="trainings_tour_has_a_village",
                condition=Q(kind=Kind.TOUR, host_village__isnull=False)
                | Q(kind=Kind.LESSON, host_village=None, lessons=""),
            ),
            models.CheckConstraint(
                name="trainings_sent_from_above_to_a_village",
                condition=Q(sent_by=None)
                | ~IN_TOWNSHIP & (Q(sent_by=TOWNSHIP) | Q(sent_by=CITY)),
            ),
            models.CheckConstraint(
                name="trainings_hours_plausible",
                condition=Q(hours__gte=1, hours__lte=80),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}（{self.held_on}）"

    def get_absolute_url(self) -> str:
        """Return the training's page."""
        return reverse("trainings:training", args=[self.pk])


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Reads over attendances. None needs the training's own row."""

    def of(self, training: object) -> Self:
        """Return who is on the roster of a training, by its id."""
        return self.filter(training=training)

    def counting(self) -> Self:
        """Return attendances that count as trained: present, at a training that was held."""
        return self.filter(sign=Sign.PRESENT, state=State.HELD)

    def of_year(self, year: int) -> Self:
        """Return attendances at trainings of a calendar year."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return self.filter(held_on__gte=first, held_on__lte=last)


class Attendance(ScopedModel):
    """A representative on the roster of a training, and whether he came.

    The row lies in the representative's village, the training where its host is, often
    above what the village may see. So it points at the training by id alone (a key and
    a trigger of the database make sure that it exists and that its host covers the
    village), and carries what a village may know of it: `topic` to `place` are the
    training's, written by the database and by nobody else.
    """

    training = models.UUIDField("培训编号")
    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="attendances"
    )
    sign = models.CharField(
        "签到", max_length=8, choices=Sign.choices, default=Sign.LISTED
    )
    reason = models.CharField("原因", max_length=60, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")
    topic = models.CharField("培训名称", max_length=80, blank=True)
    level = models.CharField("级别", max_length=20, choices=Level.choices, blank=True)
    kind = models.CharField("形式", max_length=8, choices=Kind.choices, blank=True)
    held_on = models.DateField("时间", null=True)
    hours = models.PositiveSmallIntegerField("课时", null=True)
    state = models.CharField(
        "办到哪一步", max_length=10, choices=State.choices, blank=True
    )
    place = models.CharField("地点", max_length=60, blank=True, default="")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参加培训"
        indexes = [
            models.Index(
                fields=("region", "representative", "held_on"),
                name="trainings_att_region_person",
            ),
            models.Index(fields=("training",), name="trainings_att_training"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("representative", "training"), name="trainings_att_once"
            ),
            models.CheckConstraint(
                name="trainings_att_leave_has_a_reason",
                condition=~Q(sign=Sign.LEAVE) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="trainings_att_who_came_has_no_excuse",
                condition=Q(sign__in=(Sign.LEAVE, Sign.ABSENT)) | Q(reason=""),
            ),
            models.CheckConstraint(
                name="trainings_att_nobody_came_before",
                condition=Q(sign=Sign.LISTED) | ~Q(state=State.PLANNED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.topic}"

    @property
    def place_name(self) -> str:
        """The village; 镇 + 村 where people of several townships come together."""
        is_citywide = self.level == Level.CITY_DEMO
        return self.region.full_name if is_citywide else self.region.name


class Material(ScopedModel):
    """课件、签到表照片: a file that belongs to a training."""

    training = ScopedForeignKey(Training, verbose_name="培训", related_name="materials")
    attachment = ScopedForeignKey(Attachment, verbose_name="附件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "培训资料"
        indexes = [
            models.Index(
                fields=("region", "training"), name="trainings_material_region"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("attachment",), name="trainings_material_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.attachment)


class ServiceTally(ScopedModel):
    """Mandates of a village that are alike: a sum, or what changed since.

    Written by the triggers of mandates and attendances alone (`trainings.tallying`).
    `trained_on` is the day of the holder's last training that counts.
    """

    started_on = models.DateField("当选时间")
    until = models.DateField("任期至")
    ended_on = models.DateField("离任日期", null=True)
    trained_on = models.DateField("上次培训", null=True)
    mandates = models.IntegerField("任职数")

    class Meta:
        verbose_name = verbose_name_plural = "任职和培训计数"
        indexes = [
            models.Index(
                fields=("region",),
                include=("started_on", "until", "ended_on", "trained_on", "mandates"),
                name="trainings_tally_region",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.trained_on} {self.mandates:+}"
