"""The proposal who looks after whom, for a large village."""

from collections.abc import Iterator
from random import Random

from bench.clock import timed
from bench.jobs import Figure, job
from bench.stage import Stage, connected
from households.proposal import Household, Representative, propose

HOUSEHOLDS, PEOPLE, GROUPS = 600, 50, 15
MOST_SECONDS = 1.0
STATES = {"谁都没有联系人": 0.0, "一半有联系人，有的太多有的太少": 0.5}


@job("proposal")
def proposals(stage: Stage) -> Iterator[Figure]:
    """Propose for a village of 600 households: all of them new, and half of them."""
    with connected(stage.template):
        proposed(*village_of(1.0))  # the first one also loads the solver's library
        for title, linked in STATES.items():
            households, people = village_of(linked)
            runs = [proposed(households, people) for _ in range(5)]
            slowest = max(seconds for seconds, _ in runs)
            yield Figure(
                f"联系分工的建议：{title}", f"{HOUSEHOLDS} 户、{PEOPLE} 名代表",
                f"最慢 {slowest:.2f} s，改 {runs[0][1]} 户",
                bar=f"< {MOST_SECONDS:g} s", met=slowest < MOST_SECONDS,
            )  # fmt: skip


def proposed(
    households: list[Household], people: list[Representative]
) -> tuple[float, int]:
    """Return the seconds that a proposal took, and how many households it moves."""
    with timed() as taken:
        found = propose(households, people)
    return taken.wall, len(found.changes)


def village_of(linked: float) -> tuple[list[Household], list[Representative]]:
    """Return a village in which so large a share of the households has somebody."""
    dice = Random(600)  # noqa: S311 - a village to measure, not a secret
    people = [
        Representative(n, group=n % GROUPS + 1, constituency=n // 2)
        for n in range(1, PEOPLE + 1)
    ]
    return [
        Household(
            id=n,
            group=dice.randint(1, GROUPS),
            constituency=dice.randrange(PEOPLE // 2),
            representative=dice.randint(1, PEOPLE) if dice.random() < linked else None,
            pinned=False,
        )
        for n in range(HOUSEHOLDS)
    ], people
