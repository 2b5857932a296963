"""The strip of figures, the table's cells and the piles of work on dashboards.

Every number is a link to the list that makes it, and the list has that many rows.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Region
from reports.dashboard import Board, Row, Sums
from reports.periods import Span, Window
from representatives.models import Representative
from ui.figures import count_words, rate_words
from ui.parts import Delta, Kpi, Number, Pair
from visits.standings import (
    EVERY,
    OVER_30,
    SEEN_IN_YEAR,
    TO_SEE,
    UNSEEN_IN_YEAR,
    Age,
    State,
)


@dataclass(frozen=True)
class Cell:
    """A number of the table and the list behind it; `tone` colours it."""

    value: int
    url: str = ""
    tone: str = ""
    label: str = ""


@dataclass(frozen=True)
class TableRow:
    """A line of the table as it is drawn."""

    row: Row
    url: str
    rate: float | None
    cells: tuple[Cell, ...]


class Lists:
    """Addresses of the lists behind the numbers of a place or a representative."""

    def __init__(
        self,
        post: Post | None,
        place: Region | None = None,
        person: Representative | None = None,
    ) -> None:
        self.narrow: dict[str, str] = {}
        if person is not None:
            self.narrow["representative"] = str(person.pk)
        elif place is not None and post is not None and post.region_id != place.code:
            self.narrow["place"] = place.full_name
        self.place, self.person = place, person
        self.sees_visits = bool(post and post.may(Permission.VISIT_VIEW))
        self.sees_seats = bool(post and post.may(Permission.REPRESENTATIVE_VIEW))

    def of(self, state: str, **more: str) -> str:
        """Return the list of households in a state, narrowed further by `more`."""
        if not self.sees_visits:
            return ""
        return f"{reverse('visits:overdue')}?{urlencode({'state': state} | more | self.narrow)}"

    def seen(self, span: Span) -> str:
        """Return the list of those seen in the period."""
        if span is Span.YEAR:
            return self.of(SEEN_IN_YEAR)
        return self.of(State.SEEN, cadence=span.value)

    def to_see(self, span: Span) -> str:
        """Return the list of those still to be seen in the period."""
        if span is Span.YEAR:
            return self.of(UNSEEN_IN_YEAR)
        return self.of(TO_SEE, cadence=span.value)

    def seats(self) -> str:
        """Return the page of seats and vacancies."""
        if not (self.sees_seats and self.place):
            return ""
        return reverse("representatives:seats", args=[self.place.code])


# --- the strip ----------------------------------------------------------------


def kpis(
    sums: Sums,
    lists: Lists,
    windows: dict[Span, Window],
    ahead: tuple[Span, Number | None],
) -> tuple[Kpi, ...]:
    """Return the strip; `ahead` is the period shown and its points against the last."""
    rates = [
        _rate_kpi(label, sums, lists, windows[span], ahead)
        for label, span in (
            ("重点户本月走访率", Span.MONTH),
            ("普通户本季走访率", Span.QUARTER),
            ("联系户今年走访率", Span.YEAR),
        )
    ]
    first = _coverage(sums, lists) if lists.person is None else _load(sums, lists)
    return (
        first,
        *rates,
        _overdue(sums, lists),
        *_vacancies(sums, lists),
    )


def _coverage(sums: Sums, lists: Lists) -> Kpi:
    note = f"共 {count_words(sums.households)} 户"
    missing = f"{count_words(sums.nobody)} 户没有联系人"
    return Kpi(
        "户户有人联",
        None if sums.coverage is None else rate_words(sums.coverage),
        "%",
        lists.of(State.NOBODY),
        "bad" if sums.nobody else "",
        notes=(note, missing),
    )


def _load(sums: Sums, lists: Lists) -> Kpi:
    return Kpi("联系户", count_words(sums.households), "户", lists.of(EVERY))


def _rate_kpi(
    label: str,
    sums: Sums,
    lists: Lists,
    seen: Window,
    ahead: tuple[Span, Number | None],
) -> Kpi:
    rate, span = sums.rate(seen.span), seen.span
    deltas: tuple[Delta, ...] = ()
    if ahead[0] is span and ahead[1] is not None:
        against = f"比{span.before}同期"
        deltas = (Delta(ahead[1], "个百分点", against=against, decimals=1),)
    done, owing = count_words(sums.seen(span)), count_words(sums.owing(span))
    return Kpi(
        label,
        None if rate is None else rate_words(rate),
        "%",
        lists.to_see(span),
        share=rate,
        elapsed=seen.elapsed if rate is not None else None,
        deltas=deltas,
        notes=(
            f"已走访 {done} / {owing} 户",
            f"还有 {count_words(sums.to_see(span))} 户",
        ),
    )


def _overdue(sums: Sums, lists: Lists) -> Kpi:
    return Kpi(
        "超期未走访",
        count_words(sums.overdue),
        "户",
        lists.of(State.OVERDUE),
        "bad" if sums.overdue else "ok",
        notes=(f"其中超过 30 天 {count_words(sums.long_overdue)} 户",),
    )


def _vacancies(sums: Sums, lists: Lists) -> tuple[Kpi, ...]:
    if not sums.seats:
        return ()
    filled = (sums.seats - sums.vacant) * 100 / sums.seats
    return (
        Kpi(
            "代表出缺",
            count_words(sums.vacant),
            "席",
            lists.seats(),
            notes=(f"共 {count_words(sums.seats)} 席，到位率 {rate_words(filled)}%",),
        ),
    )


def ages(sums: Sums, lists: Lists) -> tuple[Pair, ...]:
    """Return the overdue households by age, each a link to its list."""
    return tuple(
        Pair(
            f"{age.label}（户）",
            count_words(sums.by_age[age]),
            "bad" if sums.by_age[age] and age is not Age.SHORT else "",
            lists.of(State.OVERDUE, age=age.value),
        )
        for age in Age
    )


def others(sums: Sums, lists: Lists) -> tuple[Pair, ...]:
    """Return the households that no rate counts: excused, and not yet owing."""
    return tuple(
        Pair(f"{state.label}（户）", count_words(sums.of(state)), url=lists.of(state))
        for state in (State.EXCUSED, State.FREE)
    )


# --- the table ------------------------------------------------------------------


def heads(board: Board) -> tuple[str, ...]:
    """Return the heads of the columns after the name and the rate."""
    span = board.window.span
    counts = (f"{span.label}已走访", "还没走访", "超期", "超 30 天")
    return (
        ("联系户", "没人联系", *counts, "出缺")
        if _has_places(board)
        else ("联系户", *counts)
    )


def table(board: Board, post: Post | None) -> tuple[TableRow, list[TableRow]]:
    """Return the total and the lines as they are drawn."""
    has_places = _has_places(board)
    drawn = [_drawn(row, board, post, has_places=has_places) for row in board.rows]
    return _drawn(board.total, board, post, has_places=has_places), drawn


def _has_places(board: Board) -> bool:
    return board.place.level != "village"


def _drawn(row: Row, board: Board, post: Post | None, *, has_places: bool) -> TableRow:
    place = row.place or (board.place if row.is_nobodys else None)
    lists = Lists(post, place, row.person)
    return TableRow(
        row,
        _page_of(row, board, lists),
        row.sums.rate(board.window.span),
        _cells(row, lists, board.window.span, has_places=has_places),
    )


def _page_of(row: Row, board: Board, lists: Lists) -> str:
    """Return where a line's name leads: the level below, or the list itself."""
    span = board.window.span
    query = "" if span is Span.MONTH else f"?p={span.value}"
    if row.person is not None:
        own = reverse("reports:person", args=[board.place.code, row.person.pk])
        return own + query
    if row.place is not None:
        return reverse("reports:region", args=[row.place.code]) + query
    return lists.of(State.NOBODY)


def _cells(row: Row, lists: Lists, span: Span, *, has_places: bool) -> tuple[Cell, ...]:
    sums = row.sums
    every = lists.of(State.NOBODY if row.is_nobodys else EVERY)
    late = "bad" if sums.overdue else ""
    if row.is_nobodys:  # nothing is owed: noughts, and no list of theirs to show
        lists = Lists(None)
    home = Cell(sums.households, every, label="联系户")
    nobody = Cell(
        sums.nobody, lists.of(State.NOBODY), "bad" if sums.nobody else "", "没人联系"
    )
    counts = (
        Cell(sums.seen(span), lists.seen(span), label="已走访"),
        Cell(sums.to_see(span), lists.to_see(span), label="还没走访"),
        Cell(sums.overdue, lists.of(State.OVERDUE), late, "超期"),
        Cell(
            sums.long_overdue,
            lists.of(State.OVERDUE, age=OVER_30),
            "bad" if sums.long_overdue else "",
            "超 30 天",
        ),
    )
    if not has_places:
        return (home, *counts)
    return (home, nobody, *counts, Cell(sums.vacant, lists.seats(), label="出缺"))
