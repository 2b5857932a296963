"""What a proposal is made from, and what it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Household:
    """A household to be looked after.

    `group` is the number of its 村民小组; `representative` the one it is linked to now.
    A `pinned` link is not touched, whatever the loads.
    """

    id: int
    group: int | None = None
    constituency: int | None = None
    representative: int | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Representative:
    """Somebody who can look after households, `least` to `most` of them."""

    id: int
    group: int | None = None
    constituency: int | None = None
    least: int = 5
    most: int = 15


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the proposal; `from_` is None for a household without anyone."""

    household: int
    from_: int | None
    to: int
    reason: str


@dataclass(frozen=True, slots=True)
class Load:
    """How many households a representative has before and after."""

    representative: int
    before: int
    after: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that could not be satisfied, and why, in Chinese.

    `representative` is set where the sentence is about one of them; the page puts the
    name before it.
    """

    message: str
    representative: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The diff to accept, whole or line by line, and what it leads to.

    `unplaced` are the households that would still be without anyone.
    """

    changes: tuple[Change, ...]
    unplaced: tuple[int, ...]
    loads: tuple[Load, ...]
    unmet: tuple[Unmet, ...]
