"""Trainings: who of those serving was trained this year (L36), and who never was."""

from collections.abc import Iterable, Mapping

from accounts.permissions import Permission
from reports.figures.domain import Asked, Counts, Domain, Owner, Panel, View, tallied
from reports.figures.serving import serving_in
from trainings.coverage import SERVING
from ui.figures import count_words
from ui.parts import Pair, Todo

MISSING, NEVER = "missing", "never"


class Trainings(Domain):
    """Counted live over mandates and attendances of the year of today."""

    key = "trainings"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return who serves, who waits, who was never trained; one statement."""
        return tallied(
            (asked.owner_of(held.owner), name, number)
            for held in serving_in(asked)
            for name, number in (
                (SERVING, held.people),
                (MISSING, held.untrained),
                (NEVER, held.never),
            )
        )

    def piles(self, view: View) -> Iterable[Todo]:
        """Return who still waits for a training this year."""
        if view.person is None and view.may(Permission.TRAINING_KEEP):
            yield Todo(
                view.counts[MISSING], "今年还没参加培训的代表", "每人每年至少一次",
                "info", "看名单", people_url(view),
            )  # fmt: skip

    def panels(self, view: View) -> Iterable[Panel]:
        """Return the year's trainings of a place; of a person, whether he was trained."""
        counts = view.counts
        if not counts[SERVING]:
            return
        if view.person is not None:
            words = "还没参加" if counts[MISSING] else "参加过"
            yield Panel("今年培训", (Pair("参训", words, "", people_url(view, "all")),))
            return
        trained = counts[SERVING] - counts[MISSING]
        told = f"{count_words(trained)} / {count_words(counts[SERVING])}"
        waiting, never = counts[MISSING], counts[NEVER]
        pairs = (
            Pair("已训 / 在任", told),
            Pair(
                "还没参加",
                count_words(waiting),
                "warn" if waiting else "",
                people_url(view),
            ),
            Pair(
                "从没参加",
                count_words(never),
                "bad" if never else "",
                people_url(view, NEVER),
            ),
        )
        yield Panel("今年培训", pairs, unit="单位：人")


def people_url(view: View, state: str = "") -> str:
    """Return the list of people of a line; empty without the right."""
    if not view.may(Permission.TRAINING_VIEW):
        return ""
    return view.link("trainings:people", **({"state": state} if state else {}))
