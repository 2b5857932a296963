"""社情民意: what somebody said, who has it now, and every step until it is closed."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left, Length, StrIndex
from django.db.models.lookups import GreaterThan
from django.urls import reverse

from accounts.models import User
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel, VillagerGroup
from representatives.models import Representative
from sentiment.models.states import (
    OPEN,
    UNRESOLVED,
    Answer,
    Holder,
    Source,
    State,
    Way,
    answered,
    overdue,
    untold,
)
from visits.models import Satisfaction, Visit


class IssueTerm(models.Model):
    """The days within which a holder has to deal with an issue, from a day on.

    The city's settings, the same for all, never changed in place: outside row-level
    security. Defaults of domain 3.4: village 7, township 15, city 30 days.
    """

    holder = models.CharField("承办层级", max_length=8, choices=Holder.choices)
    days = models.PositiveSmallIntegerField("办理时限（天）")
    effective_from = models.DateField("生效日期")
    set_by = models.ForeignKey(
        User,
        verbose_name="设定人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "办理时限"
        constraints = [
            models.UniqueConstraint(
                fields=("holder", "effective_from"), name="sentiment_term_once_a_day"
            ),
            models.CheckConstraint(
                name="sentiment_term_has_days", condition=Q(days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_holder_display()} {self.days} 天"


SOUGHT = 300
"""Characters that the search's dense index holds: an index row has room for some 900."""


class IssueQuerySet(models.QuerySet["Issue"]):
    """Reads over issues."""

    def standing(self) -> Self:
        """Return issues that count: neither withdrawn nor merged into another."""
        return self.exclude(state__in=(State.MERGED, State.WITHDRAWN))

    def open(self) -> Self:
        """Return issues that are not closed yet."""
        return self.filter(state__in=OPEN)

    def unresolved(self) -> Self:
        """Return issues that somebody has to deal with."""
        return self.filter(state__in=UNRESOLVED)

    def held_by(self, holder: Holder) -> Self:
        """Return unresolved issues that this level has to deal with."""
        return self.unresolved().filter(holder=holder)

    def to_tell(self) -> Self:
        """Return issues whose result the household has not been told yet."""
        return self.filter(answered(), untold())

    def overdue(self, on: dt.date) -> Self:
        """Return unresolved issues whose day is past on `on`; due today is not."""
        return self.filter(overdue(on))

    def search(self, typed: str) -> Self:
        """Return issues whose words, or whose household's head, hold what was typed.

        Each text of one's range is looked through: names and pairs of characters are
        found by construction, as by LIKE, which compares byte by byte and is slower.
        `sought` lies in an index beside the region, so that the texts of a township are
        read as one dense run; the few longer ones have an index of their own. An index
        over pairs of characters would not be used: see docs/adr/0011.
        """
        long = Issue.objects.filter(_holds("words", typed), is_long=True)
        homes = Household.objects.filter(head__contains=typed)
        return self.filter(
            Q(_holds("sought", typed))
            | Q(is_long=True, pk__in=long.values("pk"))
            | Q(household__in=homes.values("pk"))
        )


def _holds(column: str, typed: str) -> GreaterThan:
    return GreaterThan(StrIndex(column, Value(typed)), 0)


class Issue(ScopedModel):
    """One opinion, request or problem. `words` are the ones that were said.

    Steps are written by services alone, one `IssueStep` for each; the columns here are
    the last step's. A merged issue keeps its words and follows the one it went into.
    """

    source = models.CharField("来源", max_length=8, choices=Source.choices)
    visit = ScopedForeignKey(
        Visit, verbose_name="走访", null=True, blank=True, related_name="issues"
    )
    talk = ScopedForeignKey(
        "sentiment.TalkMeeting",
        verbose_name="恳谈会",
        null=True,
        blank=True,
        related_name="issues",
    )
    household = ScopedForeignKey(
        Household,
        verbose_name="反映户",
        null=True,
        blank=True,
        related_name="issues",
    )
    group = ScopedForeignKey(
        VillagerGroup, verbose_name="所在组", null=True, blank=True, related_name="+"
    )
    representative = ScopedForeignKey(
        Representative,
        verbose_name="收集代表",
        null=True,
        blank=True,
        related_name="issues",
    )
    heard_on = models.DateField("收集时间")
    topic = models.CharField("类别", max_length=20)
    words = models.CharField("反映内容", max_length=1000)
    sought = models.GeneratedField(
        verbose_name="检索用",
        expression=Left("words", SOUGHT),
        output_field=models.CharField(max_length=SOUGHT),
        db_persist=True,
    )
    is_long = models.GeneratedField(
        verbose_name="是长文",
        expression=GreaterThan(Length("words"), SOUGHT),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    satisfaction = models.CharField(
        "当时满意吗", max_length=4, choices=Satisfaction.choices, blank=True
    )
    entered_by = models.ForeignKey(
        User,
        verbose_name="录入人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    entered_at = models.DateTimeField("录入时间")

    state = models.CharField(
        "状态", max_length=10, choices=State.choices, default=State.COLLECTED
    )
    holder = models.CharField(
        "现在由谁办", max_length=8, choices=Holder.choices, default=Holder.VILLAGE
    )
    way = models.CharField("办理方式", max_length=8, choices=Way.choices, blank=True)
    unit = models.CharField("承办单位", max_length=40, blank=True)
    person = models.CharField("责任人", max_length=30, blank=True)
    due_on = models.DateField("办理时限", null=True, blank=True)
    accepted_on = models.DateField("受理时间", null=True, blank=True)
    resolved_on = models.DateField("办结时间", null=True, blank=True)
    result = models.CharField("办理情况", max_length=500, blank=True)
    told_on = models.DateField("反馈时间", null=True, blank=True)
    answer = models.CharField(
        "群众评价", max_length=4, choices=Answer.choices, blank=True
    )
    closed_on = models.DateField("销号时间", null=True, blank=True)
    returns = models.PositiveSmallIntegerField("退回重办次数", default=0)
    merged_into = ScopedForeignKey(
        "self", verbose_name="并入", null=True, blank=True, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "社情民意"
        indexes = [
            models.Index(fields=("region", "-heard_on"), name="sent_issue_region_day"),
            # Who counts what waits reads these two alone.
            models.Index(
                fields=("region", "holder", "due_on"),
                include=("id", "representative"),
                condition=Q(state__in=UNRESOLVED),
                name="sent_issue_undone",
            ),
            models.Index(
                fields=("region", "representative"),
                include=("id", "state", "answer", "resolved_on", "told_on"),
                condition=answered(),
                name="sent_issue_answered",
            ),
            models.Index(
                fields=("household", "-heard_on"), name="sent_issue_household"
            ),
            models.Index(fields=("merged_into",), name="sent_issue_merged"),
            # All that a search compares, sorts by and is allowed by: it reads no row.
            models.Index(
                fields=("region",),
                include=(
                    "id",
                    "sought",
                    "is_long",
                    "household",
                    "representative",
                    "heard_on",
                    "state",
                    "due_on",
                    "answer",
                ),
                name="sent_issue_searched",
            ),
            models.Index(
                fields=("region",), condition=Q(is_long=True), name="sent_issue_long"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("visit",),
                condition=~Q(state="withdrawn"),
                name="sent_issue_once_a_visit",
            ),
            models.CheckConstraint(
                name="sent_issue_source_named",
                condition=(Q(source="visit") | Q(visit=None))
                & (Q(source="talk") | Q(talk=None)),
            ),
            models.CheckConstraint(
                name="sent_issue_merged_names_the_other",
                condition=Q(state="merged", merged_into__isnull=False)
                & ~Q(merged_into=F("id"))
                | ~Q(state="merged") & Q(merged_into=None),
            ),
            models.CheckConstraint(name="sent_issue_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="sent_issue_elsewhere_only_in_hand",
                condition=Q(holder="village") | Q(state="in_hand"),
            ),
            models.CheckConstraint(
                name="sent_issue_days_follow_states",
                condition=(
                    ~Q(state__in=("collected", "accepted", "in_hand"))
                    | Q(due_on__isnull=False)
                )
                & (
                    ~Q(state__in=("resolved", "told", "closed"))
                    | Q(resolved_on__isnull=False)
                )
                & (~Q(state__in=("told", "closed")) | Q(told_on__isnull=False))
                & (~Q(state="closed") | Q(closed_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heard_on} {self.topic}"

    def get_absolute_url(self) -> str:
        """Return the issue's page."""
        return reverse("sentiment:issue", args=[self.pk])


class Action(models.TextChoices):
    """What a step did."""

    COLLECT = "collect", "收集"
    ACCEPT = "accept", "受理"
    DECIDE = "decide", "研判决定"
    RAISE = "raise", "上报"
    SEND_BACK = "send_back", "退回"
    NOTE = "note", "记录进展"
    RESOLVE = "resolve", "办结"
    TELL = "tell", "反馈群众"
    CLOSE = "close", "销号"
    REOPEN = "reopen", "退回重办"
    MERGE = "merge", "并入"
    SPLIT = "split", "拆出"
    WITHDRAW = "withdraw", "撤回"
    AMEND = "amend", "更正"


class IssueStep(ScopedModel):
    """One step of an issue: who, when, what, in which words. Never changed or removed.

    `version` is the issue's after the step: a second step cannot be put on the same
    version, and whoever acted on an older one is shown the steps since. `was_topic` and
    `original` hold the category and the words that an 更正 replaced.
    """

    issue = ScopedForeignKey(Issue, verbose_name="民情", related_name="steps")
    action = models.CharField("步骤", max_length=10, choices=Action.choices)
    state = models.CharField("此后状态", max_length=10, choices=State.choices)
    holder = models.CharField("此后由谁办", max_length=8, choices=Holder.choices)
    way = models.CharField("办理方式", max_length=8, choices=Way.choices, blank=True)
    due_on = models.DateField("办理时限", null=True, blank=True)
    words = models.CharField("说明", max_length=1000, blank=True)
    was_topic = models.CharField("更正前的类别", max_length=20, blank=True)
    original = models.CharField("更正前的内容", max_length=1000, blank=True)
    version = models.PositiveIntegerField("第几步", default=1, editable=False)
    on = models.DateField("日期")
    at = models.DateTimeField("记录时间")
    by = models.ForeignKey(
        User,
        verbose_name="办理人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    by_words = models.CharField("以何职务", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理步骤"
        indexes = [
            models.Index(fields=("region", "issue", "id"), name="sent_step_issue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("issue", "version"), name="sent_step_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.on}"
