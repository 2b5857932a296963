"""The lines of the overdue list: of today from stored dates, of a past day by replay."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.services import Refused
from households.models import CategoryTag, ContactLink, Household
from regions.models import Region, inside
from regions.postgresql.compiled import ValuesList
from regions.postgresql.paging import KeptIds
from representatives.models import Representative
from visits import rules
from visits.facts import facts_of
from visits.homes import Home, Person, homes_of, people_of
from visits.models import DutyQuerySet
from visits.models.urging import urged_times
from visits.standings import (
    State,
    age_of,
    all_duties,
    in_order,
    is_aged,
    is_wanted,
    state_of,
    wanted,
)

MOST_REPLAYED = 20_000
"""Households judged anew for a past day in one request: the largest township's."""
CHUNK = 5000
NEAR = 15
"""Days before its end from which a period that is still open is shown in amber."""
NEVER = dt.date.max


@dataclass(frozen=True, slots=True)
class Line:
    """One household of the list: whose it is, how it stands and why.

    `urged` is how often the village was asked for it (催办). One of the `tags` need not
    make it a key household: the settings say which do.
    """

    household: Home
    representative: Person | None
    judged: rules.Judgement | None
    state: State
    last: dt.date | None
    why: str
    tags: tuple[str, ...]
    urged: int = 0
    is_key: bool = False

    @property
    def tone(self) -> str:
        """The edge of the line and its light."""
        if self.state in {State.OVERDUE, State.NOBODY}:
            return "bad"
        if self.state == State.DUE:
            left = self.judged.days_left if self.judged else None
            return "warn" if left is not None and left <= NEAR else "info"
        return "ok" if self.state == State.SEEN else "off"

    @property
    def words(self) -> str:
        """The state in a few words, with its days."""
        if self.judged is not None and self.judged.days_overdue is not None:
            return f"超期 {self.judged.days_overdue} 天"
        if self.judged is not None and self.judged.days_left is not None:
            left = self.judged.days_left
            return f"还剩 {left} 天" if left else "今天最后一天"
        return str(self.state.label)


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; `by` is its order (days, rep, place)."""

    on: dt.date
    state: str = State.OVERDUE.value
    cadence: str = ""
    age: str = ""
    place: Region | None = None
    representative: Representative | None = None
    head: str = ""
    category: str = ""
    by: str = "days"

    @classmethod
    def of(cls, given: Mapping[str, Any], today: dt.date, by: str) -> "Asked":
        """Return what a filter form (`visits.filters`) asks for."""
        return cls(
            on=given.get("on") or today,
            state=given.get("state") or State.OVERDUE.value,
            cadence=given.get("cadence") or "",
            age=given.get("age") or "",
            place=given.get("place"),
            representative=given.get("representative"),
            head=(given.get("q") or "").strip(),
            category=given.get("category") or "",
            by=by,
        )


# --- today ------------------------------------------------------------------


def duties(asked: Asked) -> DutyQuerySet:
    """Return the duties that were asked for, in order; for the present day only."""
    rows = all_duties()
    if asked.place is not None:
        rows = inside(rows, asked.place.scope)
    if asked.representative is not None:
        rows = rows.filter(representative=asked.representative)
    if asked.head:
        named = Household.objects.search(asked.head).filter(pk=OuterRef("household"))
        rows = rows.filter(Exists(named))
    if asked.category:
        held = CategoryTag.objects.active(asked.on).filter(category=asked.category)
        rows = rows.filter(Exists(held.filter(household=OuterRef("household"))))
    found = wanted(rows, asked.on, asked.state, cadence=asked.cadence, age=asked.age)
    return in_order(found, asked.by)


def ids(asked: Asked) -> Any:
    """Return the ids of the duties that were asked for, as a Paginator takes them."""
    if asked.place or asked.representative or asked.head:
        return _ids(asked).values_list("pk", flat=True)
    return KeptIds(_ids, asked)


def _ids(asked: Asked) -> ValuesList:
    return duties(asked).values_list("pk")


def lines(households: Sequence[int], on: dt.date) -> list[Line]:
    """Return the lines of these households today, in the order given.

    Four statements whatever their number; the judgement is the pure rule's.
    """
    homes = homes_of(households)
    held = {pk: home.holder for pk, home in homes.items()}
    return _drawn(homes, facts_of(households, latest_on=on), held, on)


def _drawn(
    homes: Mapping[int, Home],
    facts: Mapping[int, rules.Facts],
    held: Mapping[int, Person | None],
    on: dt.date,
) -> list[Line]:
    urged = urged_times(list(homes))
    return [
        _line(home, held.get(pk), facts[pk], urged[pk], on)
        for pk, home in homes.items()
    ]


def _line(
    household: Home,
    representative: Person | None,
    facts: rules.Facts,
    urged: int,
    on: dt.date,
) -> Line:
    judged = rules.assess(facts, on)
    last = rules.last_visit_on(facts, on)
    return Line(
        household=household,
        representative=representative,
        judged=judged,
        state=state_of(judged, rules.cadence_on(facts, on), last),
        last=last,
        why=rules.explain_judged(facts, judged, on),
        tags=tuple(c.name for c in facts.categories if on in c.span),
        urged=urged,
        is_key=bool(rules.key_categories(facts, on)),
    )


# --- a past day ---------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """One household of a past day, before its line is drawn."""

    household: int
    region: int
    representative: int
    facts: rules.Facts
    due_on: dt.date

    def place_in_line(self, by: str) -> tuple[Any, ...]:
        """Return the sorting key that `in_order` would use."""
        if by == "rep":
            return (self.region, self.representative, self.due_on, self.household)
        if by == "place":
            return (self.region, self.due_on, self.household)
        return (self.due_on, self.region, self.household)


def past(asked: Asked) -> list[Past]:
    """Judge the households linked on a past day as they truly stood, by replay.

    Late entries and corrections count, what began later does not
    (`rules.standing_as_of`). Raises Refused for more than MOST_REPLAYED households, and
    for those whom nobody looked after.
    """
    if asked.state == State.NOBODY:
        raise Refused(
            "回看以前的某一天，只列当天有人联系的户，查不出“没有联系人”的。"
            "请在“走访情况”里换一项，或者回到今天再查。"
        )
    linked = _links(asked)
    if len(linked) > MOST_REPLAYED:
        raise Refused(
            f"回看 {asked.on} 要逐户重算，范围里有 {len(linked):,} 户，太多了。"
            "请在“乡镇、村”里先选一个乡镇（街道）或村（社区）。"
        )
    found = list(_replayed(linked, asked))
    return sorted(found, key=lambda one: one.place_in_line(asked.by))


def _links(asked: Asked) -> dict[int, tuple[int, int]]:
    """Return region and representative of the households linked that day."""
    links: QuerySet[ContactLink] = ContactLink.objects.active(asked.on)
    if asked.place is not None:
        links = inside(links, asked.place.scope)
    if asked.representative is not None:
        links = links.filter(representative=asked.representative)
    if asked.head:
        named = Household.objects.search(asked.head).filter(pk=OuterRef("household"))
        links = links.filter(Exists(named))
    if asked.category:
        held = CategoryTag.objects.active(asked.on).filter(category=asked.category)
        links = links.filter(Exists(held.filter(household=OuterRef("household"))))
    rows = links.values_list("household_id", "region_id", "representative_id")
    return {home: (region, person) for home, region, person in rows}


def _replayed(linked: dict[int, tuple[int, int]], asked: Asked) -> Iterator[Past]:
    ids = list(linked)
    for start in range(0, len(ids), CHUNK):
        for home, known in facts_of(ids[start : start + CHUNK]).items():
            facts = known.seen_from(asked.on)
            judged = rules.assess(facts, asked.on)
            if judged is not None and _belongs(judged, facts, asked):
                region, person = linked[home]
                yield Past(home, region, person, facts, judged.due_on or NEVER)


def _belongs(judged: rules.Judgement, facts: rules.Facts, asked: Asked) -> bool:
    cadence = rules.cadence_on(facts, asked.on)
    last = rules.last_visit_on(facts, asked.on)
    if asked.cadence and asked.cadence != cadence.value:
        return False
    if asked.age and not is_aged(asked.age, age_of(judged)):
        return False
    return is_wanted(asked.state, state_of(judged, cadence, last), last, asked.on)


def past_lines(found: Sequence[Past], on: dt.date) -> list[Line]:
    """Return the lines of households of a past day, in the order given."""
    people = people_of(one.representative for one in found)
    held = {one.household: people.get(one.representative) for one in found}
    facts = {one.household: one.facts for one in found}
    return _drawn(homes_of(list(facts)), facts, held, on)
