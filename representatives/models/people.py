"""People: who serves, in which seat, from when until when, and why it ended."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from accounts.sealing import SealedField, blind_index
from attachments.models import Attachment
from regions.models import ScopedForeignKey, ScopedModel, VillagerGroup
from representatives.models.seats import Mode, Seat


class Sex(models.TextChoices):
    """As on the ID card."""

    MALE = "m", "男"
    FEMALE = "f", "女"


class Education(models.TextChoices):
    """文化程度."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "研究生"
    NONE = "none", "文盲或半文盲"


class Politics(models.TextChoices):
    """政治面貌."""

    MEMBER = "member", "中共党员"
    PROBATIONARY = "probationary", "预备党员"
    LEAGUE = "league", "共青团员"
    DEMOCRATIC = "democratic", "民主党派"
    MASSES = "masses", "群众"


class MandateEnd(models.TextChoices):
    """Why a mandate ended (L18). "Dismissed by the township" does not exist (L19)."""

    DEATH = "death", "死亡"
    MOVED = "moved", "迁出"
    JOB = "job", "工作变动"
    RESIGNED = "resigned", "辞职"
    RECALLED = "recalled", "罢免"
    INCAPACITY = "incapacity", "丧失行为能力"
    SENTENCED = "sentenced", "被判处刑罚"
    EXPIRED = "expired", "届满"
    ENTRY_ERROR = "entry_error", "录入有误"


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    """Reads over representatives."""

    def serving(self, on: dt.date) -> Self:
        """Return those with an active mandate on the day `on`."""
        return self.filter(mandates__in=Mandate.objects.active(on))

    def search(self, typed: str) -> Self:
        """Return those found by name, by pinyin initials, or by exact phone or ID."""
        typed = typed.strip()
        wanted = Q(name__contains=typed)
        if typed.isascii() and typed.isalpha():
            wanted |= Q(initials__startswith=typed.lower())
        elif typed.isascii() and len(typed) >= 7:
            found = blind_index(typed.upper())
            wanted |= Q(phone_index=found) | Q(id_index=found)
        return self.filter(wanted)


class Representative(ScopedModel):
    """A person of the village who is or was a representative.

    Known by village and ID number (`id_index`); without one by name. `version` counts
    edits, so that of two editors the second sees what the first changed. `photo` is
    changed by itself and is no edit.
    """

    name = models.CharField("姓名", max_length=30)
    initials = models.CharField("拼音首字母", max_length=30, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, blank=True)
    nation = models.CharField("民族", max_length=20, default="汉族")
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    id_number = SealedField("身份证号", kind="id_number", null=True, blank=True)
    id_index = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULL is "not known" for the unique key
    phone = SealedField("联系电话", kind="phone", null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    education = models.CharField(
        "文化程度", max_length=12, choices=Education.choices, blank=True
    )
    politics = models.CharField(
        "政治面貌", max_length=12, choices=Politics.choices, blank=True
    )
    group = ScopedForeignKey(
        VillagerGroup,
        verbose_name="村（居）民小组",
        null=True,
        blank=True,
        related_name="+",
    )
    offices = ArrayField(
        models.CharField(max_length=20), verbose_name="兼任", default=list, blank=True
    )
    draws_allowance = models.BooleanField("领取固定补贴", default=False)
    user = models.OneToOneField(
        User,
        verbose_name="登录账号",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="representative",
    )
    photo = ScopedForeignKey(
        Attachment, verbose_name="照片", null=True, blank=True, related_name="+"
    )
    remark = models.CharField("备注", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村（居）民代表"
        indexes = [
            models.Index(fields=("region", "name"), name="reps_rep_region_name"),
            models.Index(
                fields=("region", "initials"), name="reps_rep_region_initials"
            ),
            models.Index(fields=("phone_index",), name="reps_rep_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "id_index"), name="reps_rep_id_once_in_village"
            ),
            models.CheckConstraint(
                name="reps_rep_birth_year_plausible",
                condition=Q(birth_year=None)
                | Q(birth_year__gte=1900, birth_year__lte=2100),
            ),
            models.CheckConstraint(
                name="reps_rep_id_sealed_and_indexed",
                condition=Q(id_number=None, id_index=None)
                | Q(id_number__isnull=False, id_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the person's page."""
        return reverse("representatives:detail", args=[self.pk])

    @property
    def is_party_member(self) -> bool:
        """Whether the person is a party member, probationary ones included."""
        return self.politics in (Politics.MEMBER, Politics.PROBATIONARY)


def in_force(on: dt.date) -> Q:
    """Return when a mandate, or a heap of them, is in force on the day `on`."""
    not_ended = Q(ended_on=None) | Q(ended_on__gt=on)
    return Q(not_ended, started_on__lte=on, until__gte=on)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Reads over mandates."""

    def active(self, on: dt.date) -> Self:
        """Return mandates in force on the day `on`."""
        return self.filter(in_force(on))

    def unended(self) -> Self:
        """Return mandates nobody has ended, whether or not their term has run out."""
        return self.filter(ended_on=None)


class Mandate(ScopedModel):
    """One person in one seat: from `started_on`, to `until` unless it ends before.

    `until` is the end of the committee's term, for by-elected ones too (L06).
    `ended_on` is the first day without the mandate.
    """

    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="mandates"
    )
    seat = ScopedForeignKey(Seat, verbose_name="席位", related_name="mandates")
    mode = models.CharField("推选方式", max_length=10, choices=Mode.choices)
    is_by_election = models.BooleanField("是否补选", default=False)
    started_on = models.DateField("当选时间")
    until = models.DateField("任期至")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    end_cause = models.CharField(
        "离任原因", max_length=12, choices=MandateEnd.choices, blank=True
    )
    end_evidence = models.CharField("离任依据", max_length=200, blank=True)
    # Copied from the person: one active mandate per person in the whole city (L08) is
    # a unique key, which row-level security does not hide rows from.
    person_index = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - as id_index

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代表任职"
        indexes = [
            # Who serves, and in which seat, is read of a whole city from this alone.
            models.Index(
                fields=("region", "until"),
                include=("id", "seat", "representative", "started_on", "ended_on"),
                name="reps_mandate_days",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("seat",),
                condition=Q(ended_on=None),
                name="reps_mandate_seat_filled_once",
            ),
            models.UniqueConstraint(
                fields=("representative",),
                condition=Q(ended_on=None),
                name="reps_mandate_one_per_person",
            ),
            models.UniqueConstraint(
                fields=("person_index",),
                condition=Q(ended_on=None),
                name="reps_mandate_one_in_city",
            ),
            models.CheckConstraint(
                name="reps_mandate_until_after_start",
                condition=Q(until__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="reps_mandate_end_has_cause",
                condition=Q(ended_on=None, end_cause="")
                | Q(ended_on__isnull=False) & ~Q(end_cause=""),
            ),
            models.CheckConstraint(
                name="reps_mandate_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.seat}"
