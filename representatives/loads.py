"""How many households each representative looks after, and whether that is right.

The links are rows of an app above this one. Here only the name of their reverse
relation is known (`links`: from one day until another), nothing is imported.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from representatives.models import Representative
from representatives.models.people import RepresentativeQuerySet
from representatives.rules import RULES, Rulebook
from ui.parts import Tone

# Drawn as a share of this many households; whoever has more has a full bar.
BAR_END = 20


@dataclass(frozen=True)
class Bounds:
    """How many households a representative should look after (L30), with its source."""

    least: int
    most: int
    basis: str

    @property
    def words(self) -> str:
        """The bounds as pages write them."""
        return f"{self.least} 至 {self.most} 户"


@dataclass(frozen=True)
class Load:
    """A number of households held against the bounds: colour, shape and word."""

    households: int
    bounds: Bounds

    @property
    def is_under(self) -> bool:
        """Whether there could be more."""
        return self.households < self.bounds.least

    @property
    def is_over(self) -> bool:
        """Whether there should be fewer."""
        return self.households > self.bounds.most

    @property
    def tone(self) -> Tone:
        """The colour of the bar and of the word."""
        if self.is_over:
            return "bad"
        return "warn" if self.is_under else "ok"

    @property
    def words(self) -> str:
        """偏少, 偏多, or 合适."""
        if self.is_over:
            return "偏多"
        return "偏少" if self.is_under else "合适"

    @property
    def width(self) -> float:
        """The length of the bar, 0–100."""
        return min(self.households, BAR_END) * 100 / BAR_END

    @property
    def band(self) -> tuple[float, float]:
        """Where the right range begins on the bar and how long it is, 0–100."""
        start = self.bounds.least * 100 / BAR_END
        return start, self.bounds.most * 100 / BAR_END - start


def bounds_on(on: dt.date, book: Rulebook = RULES) -> Bounds:
    """Return the bounds in force on the day `on`.

    Before the rule there was none: anything from nothing on is right.
    "一般就近就便联系5至15户" (report).
    """
    rule = book.at("L30", on)
    if rule is None:
        return Bounds(0, BAR_END * 1000, "")
    return Bounds(rule.numbers["least"], rule.numbers["most"], rule.basis)


def with_load(people: RepresentativeQuerySet, on: dt.date) -> RepresentativeQuerySet:
    """Annotate `load`: the households that each looks after on the day `on`.

    One look into the index for each person, and no join: under the policies the
    planner expects next to no rows and would join in nested loops.
    """
    # The model of the app above, by the name of its relation.
    links: Any = Representative._meta.get_field("links").related_model
    held = links._default_manager.active(on).filter(
        region=OuterRef("region"), representative=OuterRef("pk")
    )
    counted = held.order_by().values("representative").annotate(n=Count("pk"))
    return people.annotate(load=Coalesce(Subquery(counted.values("n")), 0))


def loads_of(people: Iterable[int], on: dt.date) -> dict[int, int]:
    """Return the number of households by representative, for the ids of a page."""
    counted = with_load(Representative.objects.filter(pk__in=list(people)), on)
    return dict(counted.order_by().values_list("pk", "load"))  # type: ignore[misc] # annotated
