"""五必访、五必记, and what the village says of visits noted all at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative


class MarkKind(models.TextChoices):
    """The two lists of the city's slogan 五必访、五必记 (domain 3.6)."""

    MUST_VISIT = "visit", "五必访"
    MUST_RECORD = "record", "五必记"


class Mark(models.Model):
    """One item of 五必访 or 五必记, as the city words it; a visit keeps the words.

    The city's own lists, the same for all: outside row-level security. What the five
    are is not known (domain 3.6), so that all of them begin switched off.
    """

    kind = models.CharField("属于", max_length=8, choices=MarkKind.choices)
    name = models.CharField("名称", max_length=20)
    order = models.PositiveSmallIntegerField("顺序")
    is_on = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "五必访、五必记"
        constraints = [
            models.UniqueConstraint(fields=("kind", "name"), name="visits_mark_once")
        ]

    def __str__(self) -> str:
        return self.name


class BurstAnswer(ScopedModel):
    """What the village says of visits that were noted all at once: 属实, and why.

    `visits` are those that the question was about. A question is open as long as one of
    its visits stands in no answer (`visits.bursts`); nothing else follows from either.
    """

    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="+"
    )
    visits = ArrayField(models.UUIDField(), verbose_name="走访记录")
    note = models.CharField("说明", max_length=200)
    answered_at = models.DateTimeField("核实时间")
    answered_by = models.ForeignKey(
        User, verbose_name="核实人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "走访核实"
        indexes = [
            models.Index(fields=("region", "-answered_at"), name="visits_burst_region")
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.note}"
