"""What stood on a past day: the same rule over the facts as they were then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from visits.rules.due import Judgement, assess
from visits.rules.facts import Category, Facts, Policy, Waiver
from visits.rules.periods import Span

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Recorded(Generic[Fact]):
    """A fact, the day it was recorded, and the day it was withdrawn or replaced.

    A correction withdraws one and records another on the same day; what is recorded
    and withdrawn on one day was never known in the evening of any.
    """

    fact: Fact
    recorded_on: date
    withdrawn_on: date | None = None

    def is_known_on(self, day: date) -> bool:
        """Say whether this stood on the books in the evening of `day`."""
        is_withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.recorded_on <= day and not is_withdrawn


@dataclass(frozen=True)
class History:
    """All facts of one duty that were ever recorded; `visits` are counted days."""

    links: tuple[Recorded[Span], ...]
    policies: tuple[Recorded[Policy], ...]
    visits: tuple[Recorded[date], ...] = ()
    categories: tuple[Recorded[Category], ...] = ()
    waivers: tuple[Recorded[Waiver], ...] = ()

    def known_on(self, day: date) -> Facts:
        """Return the facts that stood on the books in the evening of `day`."""
        return Facts(
            links=_known(self.links, day),
            policies=_known(self.policies, day),
            visits=_known(self.visits, day),
            categories=_known(self.categories, day),
            waivers=_known(self.waivers, day),
        )


def _known(facts: Iterable[Recorded[Fact]], day: date) -> tuple[Fact, ...]:
    return tuple(recorded.fact for recorded in facts if recorded.is_known_on(day))


def standing_as_of(
    history: History, on: date, *, known_on: date | None = None
) -> Judgement | None:
    """Judge the duty as of the past day `on`; None when nobody was linked then.

    Two questions have two answers. With `known_on=None`: how things truly stood, by
    all that is known now, late entries and corrections included; what began after `on`
    is left out, and an end that still lay ahead is not an end. With `known_on=on`:
    what the pages showed that evening, whatever was entered later.
    """
    if known_on is None:
        return assess(history.known_on(date.max).seen_from(on), on)
    return assess(history.known_on(known_on), on)
