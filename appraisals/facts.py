"""What the system knows of representatives in a year: the inputs of the system part.

Read in a fixed number of statements for any number of people, and judged by the same
pure rules as lists and dashboards (`visits.rules`, L31 to L33). Each input keeps the rows
it was counted from, so that a page can show exactly these, and so that a confirmed
figure can be counted again by hand.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count

from appraisals.rules.appraisals import Input, Measured
from households.models import ContactLink
from representatives.models import Mandate, Representative
from sentiment.duties import counting, talk_facts
from sentiment.models import Issue, Review
from sentiment.models import State as IssueState
from sentiment.rules.reviews import Attendance as Presence
from trainings.models import Attendance, Sign
from trainings.models import State as Held
from visits import rules
from visits.facts import facts_of
from visits.models import Visit
from visits.rules import Cadence

Row = list[Any]
"""One line of the basis: an id or a period's last day, then the day it was done or None."""

VISITING = {Cadence.MONTH: Input.KEY, Cadence.QUARTER: Input.ORDINARY}
EXTRAS = ("visits", "collected", "resolved")
"""Counted beside the inputs, shown in ledger 9, and worth no points: more is not better."""


@dataclass
class Known:
    """What the system knows of one person; `rows` by input, `extras` by name.

    `kept` are the counts of a confirmed result; without them the rows are counted.
    """

    rows: dict[Input, list[Row]] = field(default_factory=lambda: defaultdict(list))
    extras: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EXTRAS, 0))
    kept: Mapping[str, Any] | None = None

    @property
    def measured(self) -> dict[Input, Measured]:
        """How much of what was due was done; the last cell of a row says on which day."""
        if self.kept is not None:
            return {one: Measured(*self.kept.get(one.value, (0, 0))) for one in Input}
        return {
            one: Measured(sum(bool(row[-1]) for row in held), len(held))
            for one in Input
            for held in (self.rows[one],)
        }

    def as_kept(self) -> tuple[dict[str, Any], dict[str, list[Row]]]:
        """Return counts and rows as a confirmed result keeps them."""
        counts = {one.value: [m.done, m.due] for one, m in self.measured.items()}
        return counts | self.extras, {k.value: rows for k, rows in self.rows.items()}

    @classmethod
    def of_kept(
        cls, inputs: Mapping[str, Any], rows: Mapping[str, list[Row]] | None = None
    ) -> "Known":
        """Return what a confirmed result kept; its rows only where they are shown."""
        held = {Input(name): kept for name, kept in (rows or {}).items()}
        extras = {name: inputs.get(name, 0) for name in EXTRAS}
        return cls(defaultdict(list, held), extras, inputs)


def known_of(people: Sequence[int], year: int, until: dt.date) -> dict[int, Known]:
    """Return what is known of each person of a year, up to and with the day `until`.

    Periods count when their last day lies in the year and is not after `until`.
    """
    found = {person: Known() for person in people}
    first = dt.date(year, 1, 1)
    _add_visiting(found, first, until)
    _add_talks(found, first, until)
    _add_issues(found, first, until)
    _add_meetings(found, first, until)
    _add_trainings(found, first, until)
    return found


def _add_trainings(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    """A training counts for those who were on its roster; 请假 with a reason does not."""
    called = Attendance.objects.filter(
        representative__in=list(found), held_on__range=(first, until)
    ).filter(state=Held.HELD)
    columns = ("representative_id", "topic", "held_on", "sign")
    for person, topic, day, sign in called.order_by("held_on").values_list(*columns):
        if sign != Sign.LEAVE:
            came = iso(day) if sign == Sign.PRESENT else None
            found[person].rows[Input.TRAININGS].append([topic, iso(day), came])


def _add_visiting(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    """Judge each household for the days on which a person looked after it."""
    spans: dict[tuple[int, int], list[rules.Span]] = defaultdict(list)
    links = ContactLink.objects.filter(
        representative__in=list(found), started_on__lte=until
    ).exclude(ended_on__lte=first)
    columns = ("representative_id", "household_id", "started_on", "ended_on")
    for person, home, began, ended in links.values_list(*columns):
        if span := rules.span_until(began, ended):
            spans[person, home].append(span)
    facts = facts_of(sorted({home for _, home in spans}))
    for (person, home), held in sorted(spans.items()):
        own = replace(facts[home], links=tuple(held))
        for owed in rules.owed_periods(own, first, until):
            row = [home, iso(owed.period.end), iso(owed.visited_on)]
            found[person].rows[VISITING[owed.cadence]].append(row)
    _add_visits(found, first, until)


def _add_visits(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    made = Visit.objects.standing().filter(
        representative__in=list(found), visited_on__range=(first, until)
    )
    counts = made.order_by().values_list("representative").annotate(n=Count("pk"))
    for person, number in counts:
        found[person].extras["visits"] = number


def _add_talks(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    for person, facts in talk_facts(list(found)).items():
        found[person].rows[Input.TALKS] = [
            [iso(owed.period.end), iso(owed.visited_on)]
            for owed in rules.owed_periods(facts, first, until)
        ]


def _add_issues(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    """What was heard is only counted; a result is owed to whoever spoke."""
    heard = Issue.objects.filter(
        representative__in=list(found), heard_on__range=(first, until)
    ).exclude(state=IssueState.WITHDRAWN)
    columns = ("representative_id", "pk", "resolved_on", "told_on")
    for person, issue, resolved, told in heard.order_by("pk").values_list(*columns):
        known = found[person]
        known.extras["collected"] += 1
        if resolved and resolved <= until:
            known.extras["resolved"] += 1
            is_told = told is not None and told <= until
            known.rows[Input.ISSUES].append([issue, iso(told) if is_told else None])


def _add_meetings(found: dict[int, Known], first: dt.date, until: dt.date) -> None:
    """A meeting counts for those in office that day, where its record names who came."""
    people = dict(
        Representative.objects.filter(pk__in=list(found)).values_list("pk", "name")
    )
    served = _served(people)
    villages = Representative.objects.filter(pk__in=list(found)).values("region_id")
    held = counting(
        Review.objects.filter(region__in=villages, held_on__range=(first, until))
    )
    columns = ("pk", "region_id", "held_on", "attendees")
    for review, village, day, words in held.order_by("held_on").values_list(*columns):
        came = Presence.read(words).people
        for person in served[village] if came else ():
            if any(day in span for span in served[village][person]):
                is_there = people[person] in came
                row = [review, iso(day) if is_there else None]
                found[person].rows[Input.MEETINGS].append(row)


def _served(people: Iterable[int]) -> dict[int, dict[int, list[rules.Span]]]:
    """Return by village and person the days in office."""
    found: dict[int, dict[int, list[rules.Span]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for mandate in Mandate.objects.filter(representative__in=list(people)):
        if span := rules.span_until(mandate.started_on, mandate.ended_on):
            found[mandate.region_id][mandate.representative_id].append(span)
    return found


def iso(day: dt.date | None) -> str | None:
    """Return a day as rows keep it."""
    return day.isoformat() if day else None
