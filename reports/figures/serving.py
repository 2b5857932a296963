"""Who serves: the mandates in force, counted once for all figures of a page."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from regions.models import Level
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import Asked
from representatives.models.people import in_force
from trainings.coverage import mandates
from trainings.models import ServiceTally


class Serving(NamedTuple):
    """Mandates in force of a village, in a village of a person; and who was trained."""

    owner: Any
    mandates: int
    leaving: int
    """Of them those whose end is written down already, on a day to come."""
    people: int
    untrained: int
    never: int

    def fill(self, seats: int) -> bool:
        """Say whether each of so many open seats is held, without asking for each.

        A seat has one mandate without an end at most, and cannot be closed under it.
        """
        return self.mandates == seats and not self.leaving


def serving_in(asked: Asked) -> list[Serving]:
    """Return the mandates by village, in a village by person; read once for a page."""
    return asked.once("mandates", lambda: _serving_in(asked))


def _serving_in(asked: Asked) -> list[Serving]:
    """Count along the tallies, and singly where somebody is leaving.

    Nobody has two mandates without an end: where none is leaving, mandates are people.
    """
    if asked.place.level == Level.VILLAGE:
        return _singly(asked)
    found = _by_tallies(asked)
    leaving = [one.owner for one in found if one.leaving]
    if not leaving:
        return found
    return [one for one in found if not one.leaving] + _singly(asked, leaving)


def _by_tallies(asked: Asked) -> list[Serving]:
    return [
        Serving(owner, mandates=n, leaving=gone, people=n, untrained=late, never=none)
        for owner, n, gone, late, none in asked.read(_tallies)
    ]


def _tallies(asked: Asked) -> ValuesList:
    on = asked.seen.on
    never = Q(trained_on=None)
    not_this_year = never | Q(trained_on__lt=on.replace(month=1, day=1))
    rows: Any = asked.by_village(ServiceTally.objects.filter(in_force(on)))
    return rows.values_list("owner").annotate(
        n=Sum("mandates"),
        leaving=Sum("mandates", filter=Q(ended_on__isnull=False), default=0),
        untrained=Sum("mandates", filter=not_this_year, default=0),
        never=Sum("mandates", filter=never, default=0),
    )


def _singly(asked: Asked, villages: Sequence[int] = ()) -> list[Serving]:
    """Count mandates and their people by owner, people each once."""
    rows = _mandates(asked, villages) if villages else asked.read(_mandates)
    return [Serving(*row) for row in rows]


def _mandates(asked: Asked, villages: Sequence[int] = ()) -> ValuesList:
    held: QuerySet[Any] = asked.by_village(
        mandates(asked.seen.on), person="representative_id"
    )
    if villages:
        held = held.filter(owner__any_of=villages)
    people = partial(Count, "representative", distinct=True)
    return held.values_list("owner").annotate(
        n=Count("*"),
        leaving=Count("pk", filter=Q(ended_on__isnull=False)),
        people=people(),
        untrained=people(filter=Q(is_trained=False)),
        never=people(filter=Q(was_trained=False)),
    )
