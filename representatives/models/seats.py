"""Seats: what a village decided to elect, whoever fills it or does not."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.urls import reverse

from regions.models import ScopedForeignKey, ScopedModel, VillagerGroup


class Mode(models.TextChoices):
    """How a constituency chooses (村民委员会组织法 art. 25)."""

    HOUSEHOLDS = "households", "按户推选"
    GROUP = "group", "按组推选"


class CommitteeTerm(ScopedModel):
    """One term of a village's committee (村〈居〉民委员会), five years by law.

    Representatives serve as long as it does (art. 25). `members` and `women` are the
    committee's own, for the composition of the assembly: 4/5 and 1/3 count them in.
    """

    started_on = models.DateField("届期开始")
    ends_on = models.DateField("届期到期")
    members = models.PositiveSmallIntegerField("村（居）委会成员数", default=0)
    women = models.PositiveSmallIntegerField("其中妇女", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "村（居）委会届期"
        indexes = [
            models.Index(fields=("region", "started_on"), name="reps_term_region_start")
        ]
        constraints = [
            models.CheckConstraint(
                name="reps_term_ends_after_start",
                condition=Q(ends_on__gt=F("started_on")),
            ),
            models.CheckConstraint(
                name="reps_term_women_among_members",
                condition=Q(women__lte=F("members")),
            ),
            ExclusionConstraint(
                name="reps_term_one_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    (
                        Func(
                            "started_on",
                            "ends_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_on:%Y}—{self.ends_on:%Y} 届"


class ConstituencyQuerySet(models.QuerySet["Constituency"]):
    """Reads over constituencies."""

    def current(self) -> Self:
        """Return constituencies that still elect."""
        return self.filter(ended_on=None)

    def with_seats(self, on: dt.date) -> Self:
        """Annotate `seat_count` and `filled_count` on the day `on`."""
        from representatives.models.people import Mandate

        held = Mandate.objects.active(on).filter(seat=OuterRef("seats"))
        open_seats = Q(seats__closed_on=None)
        return self.annotate(
            seat_count=Count("seats", filter=open_seats, distinct=True),
            filled_count=Count(
                "seats", filter=Q(open_seats, Exists(held)), distinct=True
            ),
        )


class Constituency(ScopedModel):
    """推选单元: the households, or the group, that elect one or more seats."""

    name = models.CharField("推选单元", max_length=40)
    mode = models.CharField("推选方式", max_length=10, choices=Mode.choices)
    group = ScopedForeignKey(
        VillagerGroup, verbose_name="所在小组", null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("名额决定日期", null=True, blank=True)
    decision = models.CharField("名额决定依据", max_length=100, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    objects = ConstituencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推选单元"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "name"),
                condition=Q(ended_on=None),
                name="reps_constituency_name_once",
            ),
            models.CheckConstraint(
                name="reps_constituency_by_group_has_group",
                condition=~Q(mode="group") | Q(group__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=("region", "group"), name="reps_constituency_region")
        ]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet["Seat"]):
    """Reads over seats."""

    def open(self) -> Self:
        """Return seats that have not been abolished."""
        return self.filter(closed_on=None)

    def there(self, on: dt.date) -> Self:
        """Return seats that there were on a day, past ones too.

        A seat that somebody held was there, also where it was set up here only later.
        """
        from representatives.models.people import Mandate

        held = Mandate.objects.filter(seat=OuterRef("pk"), started_on__lte=on)
        return self.filter(
            Q(closed_on=None) | Q(closed_on__gt=on),
            Q(opened_on__lte=on) | Exists(held),
        )

    def vacant(self, on: dt.date) -> Self:
        """Return open seats without an active mandate on the day `on`."""
        from representatives.models.people import Mandate

        held = Mandate.objects.active(on).filter(seat=OuterRef("pk"))
        return self.open().filter(~Exists(held))


class Seat(ScopedModel):
    """One place of a constituency. Without an active mandate it is vacant.

    The seat is permanent, the person passes: vacancy, by-election and the hand-over
    of households all hang on it.
    """

    constituency = ScopedForeignKey(
        Constituency, verbose_name="推选单元", related_name="seats"
    )
    number = models.PositiveSmallIntegerField("席位号")
    opened_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "席位"
        indexes = [
            models.Index(fields=("region", "constituency"), name="reps_seat_region"),
            # A city counts its open seats from the index alone.
            models.Index(
                fields=("region",),
                include=("id", "constituency", "opened_on"),
                condition=Q(closed_on=None),
                name="reps_seat_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("constituency", "number"), name="reps_seat_number_once"
            ),
            models.CheckConstraint(
                name="reps_seat_closes_after_opening",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.constituency} 第 {self.number} 席"

    def get_absolute_url(self) -> str:
        """Return the village's page of seats, at this seat."""
        return (
            f"{reverse('representatives:seats', args=[self.region_id])}#seat-{self.pk}"
        )


class SeatTally(ScopedModel):
    """How many seats a village has, open or abolished: a sum, or what changed since.

    Written by the triggers of `representatives_seat` alone (`representatives.tallying`).
    """

    is_open = models.BooleanField("没有撤销")
    seats = models.IntegerField("席位数")

    class Meta:
        verbose_name = verbose_name_plural = "席位计数"
        indexes = [
            models.Index(
                fields=("region",),
                include=("is_open", "seats"),
                name="reps_seat_tally_region",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.seats:+}"
