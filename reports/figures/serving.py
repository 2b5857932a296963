"""Who serves: the mandates in force, counted once for all figures of a page."""

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from reports.figures.domain import Asked
from trainings.coverage import mandates


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
    """Return the mandates by village, in a village by person; read once for a page.

    Nobody has two mandates without an end: where none is leaving, mandates are people.
    Elsewhere they are told apart, which takes sorting: twice the time, for few.
    """
    return asked.once("mandates", lambda: _serving_in(asked))


def _serving_in(asked: Asked) -> list[Serving]:
    held: QuerySet[Any] = asked.by_village(
        mandates(asked.seen.on), person="representative_id"
    )
    found = [Serving(*row) for row in _counted(held, distinct=False)]
    leaving = [one.owner for one in found if one.leaving]
    if not leaving:
        return found
    few = [Serving(*row) for row in _counted(held.filter(owner__in=leaving))]
    return [one for one in found if not one.leaving] + few


def _counted(held: QuerySet[Any], *, distinct: bool = True) -> Any:
    """Count mandates and their people by owner; people each once if `distinct`."""

    def people(which: Q) -> Count:
        return Count("representative", filter=which, distinct=distinct)

    everybody = Count("representative", distinct=True) if distinct else Count("*")
    return held.values_list("owner").annotate(
        mandates=Count("*"),
        leaving=Count("pk", filter=Q(ended_on__isnull=False)),
        people=everybody,
        untrained=people(Q(is_trained=False)),
        never=people(Q(was_trained=False)),
    )
