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
    """Return the mandates by village, in a village by person; read once for a page."""
    return asked.once("mandates", lambda: _serving_in(asked))


def _serving_in(asked: Asked) -> list[Serving]:
    held: QuerySet[Any] = asked.by_village(
        mandates(asked.seen.on), person="representative_id"
    )
    rows: Any = held.values_list("owner").annotate(
        mandates=Count("pk"),
        leaving=Count("pk", filter=Q(ended_on__isnull=False)),
        people=_people(),
        untrained=_people(Q(is_trained=False)),
        never=_people(Q(was_trained=False)),
    )
    return [Serving(*row) for row in rows]


def _people(which: Q | None = None) -> Count:
    """Count the people of mandates, each once."""
    return Count("representative", filter=which, distinct=True)
