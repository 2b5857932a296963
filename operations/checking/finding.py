"""What a check says, and the registry of checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: what, and how to mend it. `urgent` fails the doctor."""

    what: str
    mend: str
    urgent: bool = True


Check = Callable[[], Iterator[Trouble]]
CHECKS: dict[str, Check] = {}
ALONE: set[str] = set()
"""The checks that ask the database nothing."""


def check(name: str, *, alone: bool = False) -> Callable[[Check], Check]:
    """Offer a function as the check `name`; `alone` if it needs no database."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        if alone:
            ALONE.add(name)
        return function

    return register


def examined(name: str) -> list[Trouble]:
    """Return what one check finds; a check that cannot be made is a trouble itself."""
    try:
        return list(CHECKS[name]())
    except Exception as error:
        return [
            Trouble(
                f"查不了：{type(error).__name__}：{str(error).strip()[:200]}",
                "先排除上面列出的问题，再运行一次 doctor。",
            )
        ]
