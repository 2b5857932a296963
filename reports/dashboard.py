"""The dashboards: a division or a representative, with the figures of all domains.

The number of statements is the same for a village and for the whole city, and what
stands above is the sum of what stands below.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from accounts.models import Post
from regions.models import Level, Region
from reports.figures.domain import (
    Asked,
    Cell,
    Column,
    Counts,
    Domain,
    Owner,
    Panel,
    View,
    total,
)
from reports.figures.domains import DOMAINS
from reports.first_steps import FirstStep, first_steps
from reports.lights import Light, LightRule, Worry, light_of, worst_first
from representatives.models import Representative
from ui.parts import Kpi, Todo

Tallies = Mapping[str, Mapping[Owner, Counts]]
"""What the domains counted, by their keys and then by owner."""


@dataclass(frozen=True)
class Line:
    """A line of the table: a division below, a representative, or the total."""

    name: str
    url: str
    light: Light
    cells: tuple[tuple[str, Cell], ...]
    """With the words before each where a phone folds the table."""
    place: Region | None = None
    person: Representative | None = None


@dataclass(frozen=True)
class Board:
    """What a dashboard shows of a division; its lines begin with the exceptions."""

    asked: Asked
    kpis: tuple[Kpi, ...]
    columns: tuple[Column, ...]
    total: Line
    lines: tuple[Line, ...]
    todos: tuple[Todo, ...]
    panels: tuple[Panel, ...]
    rule: str
    steps: tuple[FirstStep, ...] = ()
    """What a place without rolls does first."""

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing yet to show figures of."""
        return bool(self.steps) and not any(step.is_done for step in self.steps)

    @property
    def lights(self) -> list[tuple[str, int]]:
        """How many lines show each light, the worst first."""
        tones = Counter(line.light.tone for line in self.lines)
        return [(tone, tones[tone]) for tone in ("bad", "warn", "ok") if tones[tone]]


@dataclass(frozen=True)
class Head:
    """What stands around the list of a representative's households."""

    kpis: tuple[Kpi, ...]
    panels: tuple[Panel, ...]


class Drawing:
    """Draws the lines of one dashboard from what the domains counted."""

    def __init__(self, asked: Asked, post: Post | None, rule: LightRule) -> None:
        self.asked, self.post, self.rule = asked, post, rule
        self.domains = tuple(
            domain for domain in DOMAINS if domain.knows_past or not asked.seen.is_over
        )
        self.tallies = {domain.key: domain.counts(asked) for domain in self.domains}
        self.columns = tuple(
            (domain, column)
            for domain in self.domains
            for column in domain.columns(asked)
        )

    def whole(self) -> View:
        """Return the view of everything that was asked for, without its figures."""
        place = None if self.asked.person else self.asked.place
        person = self.asked.person
        return View(self.asked, Counts(), self.post, self.rule, place, person)

    def view(self, domain: Domain, line: View) -> View:
        """Return a line with the figures that a domain counted for the whole."""
        return replace(line, counts=total(self.tallies[domain.key].values()))

    def views(self, line: View, owner: Owner) -> dict[str, View]:
        """Return a line with its own figures of each domain."""
        none: Counts = Counter()
        return {
            key: replace(line, counts=counts.get(owner, none))
            for key, counts in self.tallies.items()
        }

    def worries(self, views: Mapping[str, View]) -> Iterable[Worry]:
        """Yield what makes a line an exception."""
        for domain in self.domains:
            yield from domain.worries(views[domain.key])

    def light(self, views: Mapping[str, View]) -> Light:
        """Return the light of a line: off where there is neither a worry nor a roll.

        A village without households owes an appraisal too, but nothing there is in order.
        """
        worries = list(self.worries(views))
        rolls = (views[domain.key] for domain in self.domains if domain.is_roll)
        has_roll = any(any(view.counts.values()) for view in rolls)
        return light_of(worries, is_empty=not worries and not has_roll)

    def line(self, name: str, views: Mapping[str, View], url: str = "") -> Line:
        """Draw a line: its cells and its light."""
        one = next(iter(views.values()))
        return Line(
            name,
            url,
            self.light(views),
            tuple(
                (column.label, column.cell(views[domain.key]))
                for domain, column in self.columns
            ),
            one.place,
            one.person,
        )


def board_of(asked: Asked, post: Post | None, rule: LightRule) -> Board:
    """Return the dashboard of a division; must run in a scope over it."""
    drawing = Drawing(asked, post, rule)
    whole = drawing.whole()
    views = {d.key: drawing.view(d, whole) for d in drawing.domains}
    is_village = asked.place.level == Level.VILLAGE
    lines = _of_people(drawing) if is_village else _of_places(drawing)
    return Board(
        asked,
        tuple(kpi for d in drawing.domains for kpi in d.kpis(views[d.key])),
        tuple(column for _, column in drawing.columns),
        drawing.line(f"{asked.place.name}合计", views),
        tuple(sorted(lines, key=lambda line: worst_first(line.light.tone))),
        () if asked.seen.is_over else _todos(views),
        tuple(panel for d in drawing.domains for panel in d.panels(views[d.key])),
        "".join(domain.rule(asked, rule) for domain in drawing.domains),
        () if asked.seen.is_over else first_steps(views),
    )


def head_of(asked: Asked, post: Post | None, rule: LightRule) -> Head:
    """Return the figures of one representative."""
    drawing = Drawing(asked, post, rule)
    whole = drawing.whole()
    views = {d.key: drawing.view(d, whole) for d in drawing.domains}
    return Head(
        tuple(kpi for d in drawing.domains for kpi in d.kpis(views[d.key])),
        tuple(panel for d in drawing.domains for panel in d.panels(views[d.key])),
    )


def _todos(views: Mapping[str, View]) -> tuple[Todo, ...]:
    """Return the piles that are not empty; the first one's action is the primary."""
    piles = [pile for d in DOMAINS for pile in d.piles(views[d.key])]
    waiting = [pile for pile in piles if pile.count and pile.url]
    return tuple(replace(pile, primary=i == 0) for i, pile in enumerate(waiting))


def _of_places(drawing: Drawing) -> Iterable[Line]:
    below = Region.objects.current().filter(parent=drawing.asked.place)
    for child in below.select_related("parent").order_by("code"):
        line = replace(drawing.whole(), place=child)
        url = reverse("reports:region", args=[child.code]) + drawing.asked.seen.query
        yield drawing.line(child.name, drawing.views(line, child.code), url)


def _of_people(drawing: Drawing) -> Iterable[Line]:
    place, whole = drawing.asked.place, replace(drawing.whole(), place=None)
    owners = {owner for counts in drawing.tallies.values() for owner in counts}
    ids = [owner for owner in owners if owner is not None]
    found = Representative.objects.filter(region=place, pk__in=ids)
    for person in sorted(found.select_related("group"), key=_by_group):
        views = drawing.views(replace(whole, person=person), person.pk)
        url = reverse("reports:person", args=[place.code, person.pk])
        yield drawing.line(person.name, views, url + drawing.asked.seen.query)
    if None in owners:
        views = drawing.views(replace(whole, is_nobodys=True), None)
        yield drawing.line("没有联系人的户", views)


def _by_group(person: Representative) -> tuple[int, str, int]:
    number = person.group.number if person.group else 0
    return (number, person.initials, person.pk)
