"""What a matter can be about: the city's list."""

from typing import Self

from django.db import models
from django.db.models import Q


class TopicQuerySet(models.QuerySet["Topic"]):
    """Reads over categories of matters."""

    def offered(self, *kept: str) -> Self:
        """Return those to choose from, in order, and `kept` ones even if retired."""
        return self.filter(Q(retired_on=None) | Q(name__in=kept)).order_by("order")

    def said(self) -> dict[str, str]:
        """Return the words of the phone's button by name: what was tapped is read again."""
        return dict(self.values_list("name", "words"))


class Topic(models.Model):
    """民情类别: what a matter can be about, on the phone, at the desk, in every list.

    The city's editable list, the same for all: outside row-level security. The name is
    stored in each visit and issue and therefore never changes; `words` are the plain
    ones of the phone's button. A retired one is no longer offered.
    """

    name = models.CharField("类别", max_length=20, primary_key=True)
    words = models.CharField("手机上的说法", max_length=10)
    order = models.PositiveSmallIntegerField("排序", default=0)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "民情类别"

    def __str__(self) -> str:
        return self.name
