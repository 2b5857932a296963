"""恳谈会 and 主题党日: who met, when, what was said; and when the next one is due."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse

from accounts.models import User
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative
from sentiment.models.states import State
from visits.models import Visit


class MeetingKind(models.TextChoices):
    """What people call a talk meeting (domain 3.5)."""

    TALK = "talk", "恳谈会"
    YARD = "yard", "屋场会"
    COURT = "court", "院落会"
    BENCH = "bench", "板凳会"
    EVENING = "evening", "夜谈会"


class TalkMeetingQuerySet(models.QuerySet["TalkMeeting"]):
    """Reads over talk meetings."""

    def standing(self) -> Self:
        """Return meetings that are not withdrawn."""
        return self.filter(withdrawn_at=None)

    def counted(self) -> models.QuerySet[Any]:
        """Annotate `homes`, how many came, and `heard`, how many opinions stand."""
        stands = ~Q(issues__state=State.WITHDRAWN)
        return self.annotate(
            homes=Count("presences", distinct=True),
            heard=Count("issues", filter=stands, distinct=True),
        )


class TalkMeeting(ScopedModel):
    """村（居）民恳谈会: a representative called his households together (L33).

    Each opinion becomes an issue whose `talk` is this meeting. `id` is made by the
    form, so that sending it twice stores it once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    representative = ScopedForeignKey(
        Representative, verbose_name="召集代表", related_name="talk_meetings"
    )
    kind = models.CharField(
        "形式", max_length=8, choices=MeetingKind.choices, default=MeetingKind.TALK
    )
    held_on = models.DateField("时间")
    place = models.CharField("地点", max_length=60)
    recorder = models.CharField("记录人", max_length=30, blank=True)
    topics = models.CharField("议题", max_length=300)
    replies = models.CharField("现场答复", max_length=1000, blank=True)
    others_present = models.PositiveSmallIntegerField("其他到会人数", default=0)
    entered_by = models.ForeignKey(
        User, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    on_behalf = models.BooleanField("代录", default=False)
    entered_at = models.DateTimeField("录入时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal = models.CharField("撤回原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TalkMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "恳谈会"
        indexes = [
            models.Index(fields=("region", "-held_on"), name="sent_talk_region_day"),
            models.Index(
                fields=("representative", "-held_on"), name="sent_talk_rep_day"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="sent_talk_not_in_the_future",
                condition=Q(held_on__lte=TruncDate("entered_at")),
            ),
            models.CheckConstraint(
                name="sent_talk_withdrawal_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Return the meeting's page."""
        return reverse("sentiment:talk", args=[self.pk])


class TalkPresence(ScopedModel):
    """A household was present at a talk meeting."""

    meeting = ScopedForeignKey(
        TalkMeeting, verbose_name="恳谈会", related_name="presences"
    )
    household = ScopedForeignKey(
        Household, verbose_name="到会户", related_name="talk_presences"
    )

    class Meta:
        verbose_name = verbose_name_plural = "到会户"
        indexes = [models.Index(fields=("region", "meeting"), name="sent_presence")]
        constraints = [
            models.UniqueConstraint(
                fields=("meeting", "household"), name="sent_presence_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.household}"


class PartyDay(ScopedModel):
    """主题党日: 一课一片一实践, and the 集中走访 of its afternoon (domain 3.6)."""

    held_on = models.DateField("时间")
    place = models.CharField("地点", max_length=60, blank=True)
    lesson = models.CharField("一课", max_length=200, blank=True)
    film = models.CharField("一片", max_length=200, blank=True)
    practice = models.CharField("一实践", max_length=200, blank=True)
    present = models.PositiveSmallIntegerField("到会党员", default=0)
    representatives = models.PositiveSmallIntegerField("参加的代表", default=0)
    words = models.CharField("记录", max_length=1000, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("录入时间")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "主题党日"
        indexes = [
            models.Index(fields=("region", "-held_on"), name="sent_partyday_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "held_on"), name="sent_partyday_once_a_day"
            ),
            models.CheckConstraint(
                name="sent_partyday_not_in_the_future",
                condition=Q(held_on__lte=TruncDate("entered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} 主题党日"

    def get_absolute_url(self) -> str:
        """Return the day's page."""
        return reverse("sentiment:party-day", args=[self.pk])


class PartyDayVisit(ScopedModel):
    """A visit that was made on the 集中走访 of a party day."""

    party_day = ScopedForeignKey(
        PartyDay, verbose_name="主题党日", related_name="group_visits"
    )
    visit = ScopedForeignKey(Visit, verbose_name="走访", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "集中走访"
        indexes = [
            models.Index(fields=("region", "party_day"), name="sent_groupvisit_region")
        ]
        constraints = [
            models.UniqueConstraint(fields=("visit",), name="sent_groupvisit_once")
        ]

    def __str__(self) -> str:
        return f"{self.party_day} {self.visit}"


class MeetingDutyQuerySet(models.QuerySet["MeetingDuty"]):
    """Reads over duties to meet; each standing compares `due_on` with a day."""

    def overdue(self, on: dt.date) -> Self:
        """Return duties whose day is past on `on`."""
        return self.filter(due_on__lt=on)

    def talks(self) -> Self:
        """Return the 恳谈会 that representatives owe each quarter (L33)."""
        return self.filter(representative__isnull=False)

    def reviews(self) -> Self:
        """Return the 民情分析会 that villages owe each month (L34)."""
        return self.filter(representative=None)


class MeetingDuty(ScopedModel):
    """When the next meeting is due: the stored answer of `visits.rules`.

    Of a representative the 恳谈会 of the quarter, of a village (no representative) the
    民情分析会 of the month. Written by database triggers alone, in the transaction of
    whatever changes its facts: meetings, reviews, mandates.
    """

    representative = ScopedForeignKey(
        Representative,
        verbose_name="召集代表",
        null=True,
        blank=True,
        related_name="meeting_duties",
    )
    due_on = models.DateField("应召开截止", null=True)
    last_on = models.DateField("上次召开", null=True)

    objects = MeetingDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会议任务"
        indexes = [
            models.Index(
                fields=("region", "due_on"),
                include=("id", "representative", "last_on"),
                name="sent_duty_days",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "representative"),
                nulls_distinct=False,
                name="sent_duty_once",
            ),
            models.CheckConstraint(
                name="sent_duty_due_after_last",
                condition=Q(last_on=None) | Q(due_on=None) | Q(due_on__gt=F("last_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative or self.region} {self.due_on}"


class MeetingTally(ScopedModel):
    """Duties to meet of a village that are alike: a sum, or what changed since.

    Written by the triggers of `sentiment_meetingduty` alone (`sentiment.tallying`), as
    `visits.DutyTally` is. `met_in` is the first day of the month of the last meeting.
    """

    is_talk = models.BooleanField("恳谈会")
    due_on = models.DateField("应召开截止", null=True)
    met_in = models.DateField("上次召开的月份", null=True)
    meetings = models.IntegerField("次数")

    class Meta:
        verbose_name = verbose_name_plural = "会议任务计数"
        indexes = [
            models.Index(
                fields=("region",),
                include=("is_talk", "due_on", "met_in", "meetings"),
                name="sent_tally_region",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.due_on} {self.meetings:+}"
