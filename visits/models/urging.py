"""催办: when a village was asked to see to overdue households, and to which."""

from collections import Counter
from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from regions.models import ScopedModel
from regions.postgresql.paging import array_of


def urged_times(households: Sequence[int]) -> Counter[int]:
    """Return how often each of these households was asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT home, count(*) FROM visits_urging u, unnest(u.households) home "
            "WHERE u.households && %(ids)s::bigint[] AND home = ANY (%(ids)s::bigint[]) "
            "GROUP BY 1",
            {"ids": array_of(households)},
        )
        return Counter(dict(cursor.fetchall()))


class Urging(ScopedModel):
    """One 催办 to one village on one day; who was told and read it is in the inbox."""

    on = models.DateField("日期")
    households = ArrayField(models.BigIntegerField(), verbose_name="催办的户")
    longest = models.PositiveIntegerField("最长超期天数")
    text = models.CharField("内容", max_length=1000)
    urged_by = models.ForeignKey(
        User, verbose_name="催办人", on_delete=models.PROTECT, related_name="+"
    )
    urged_at = models.DateTimeField("催办时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        indexes = [GinIndex(fields=("households",), name="visits_urging_households")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "on"), name="visits_urging_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.region}"
