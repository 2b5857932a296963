"""No sequence of deaths, moves, resignations, by-elections and term ends breaks the rolls.

Hypothesis plays the village against the services: whatever comes in whatever order, no
household has two representatives, nobody has two mandates, and no seat is filled twice.
"""

import datetime as dt
from collections import Counter
from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.services import Refused
from households import services
from households.models import ContactLink, Household, Status
from notices.services import Terms, publish
from representatives import services as seats
from representatives.models import (
    ByElection,
    CommitteeTerm,
    Mandate,
    MandateEnd,
    Representative,
    Seat,
)
from representatives.rules.by_elections import Stage
from representatives.services import VacancyFacts
from tests.cast import Cast, everywhere
from tests.days import today
from tests.elections import CONTENT, fresh, person, plan, sheet
from tests.rolls import ID_NUMBERS, Rolls, set_up

ENDS = (MandateEnd.DEATH, MandateEnd.MOVED, MandateEnd.RESIGNED, MandateEnd.RECALLED)
PICK = st.integers(0, 1000)


class Village(RuleBasedStateMachine):
    """The village of `tests.rolls`; `on` is the day, which only goes forward."""

    cast: Cast
    rolls: Rolls

    @initialize()
    def begin(self) -> None:
        """Start today, with the rolls as they are."""
        self.on, self.born = today(), 0

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        """Let some days pass."""
        self.on += dt.timedelta(days=days)

    @rule(pick=PICK, cause=st.sampled_from(ENDS), back=st.integers(0, 30))
    def somebody_leaves(self, pick: int, cause: MandateEnd, back: int) -> None:
        """End a mandate, as of today or of some day before; heirs are whoever serves."""
        held = list(Mandate.objects.unended().order_by("pk"))
        if not held:
            return
        mandate = held[pick % len(held)]
        others = [m.representative for m in held if m.pk != mandate.pk]
        links = ContactLink.objects.filter(
            representative=mandate.representative, ended_on=None
        )
        heirs = (
            {link.household_id: others[pick % len(others)] for link in links}
            if others and pick % 2
            else {}
        )
        self.try_to(
            services.leave_office,
            mandate=mandate,
            on=self.on - dt.timedelta(days=back),
            cause=cause,
            evidence="证明",
            heirs=heirs,
            by=self.cast.clerk,
        )

    @rule(pick=PICK)
    def a_household_goes(self, pick: int) -> None:
        """Take a household off the roll."""
        homes = list(Household.objects.living().order_by("pk"))
        if len(homes) > 5:
            self.try_to(
                services.take_off_roll,
                household=homes[pick % len(homes)],
                status=Status.DISSOLVED,
                on=self.on,
            )

    @rule(pick=PICK)
    def a_household_is_given(self, pick: int) -> None:
        """Give a household to somebody who served once, whether or not he does now."""
        homes = list(Household.objects.order_by("pk"))
        people = list(Representative.objects.order_by("pk"))
        self.try_to(
            services.assign,
            households=[homes[pick % len(homes)]],
            representative=people[pick % len(people)],
            on=self.on,
            by=self.cast.clerk,
        )

    @rule(pick=PICK, known=st.booleans(), number=st.sampled_from(ID_NUMBERS))
    def a_seat_is_filled(self, pick: int, known: bool, number: str) -> None:
        """Hold a by-election from the start to the filing, wherever a seat looks empty."""
        empty = list(Seat.objects.open().order_by("pk"))
        seat = empty[pick % len(empty)]
        former = Representative.objects.order_by("pk")[pick % 4] if known else None
        self.try_to(self.hold, seat=seat, former=former, number=number, pick=pick)

    def hold(
        self, seat: Seat, former: Representative | None, number: str, pick: int
    ) -> None:
        """Take a by-election through all its steps; the services may refuse any of them."""
        clerk, desk = self.cast.clerk, self.cast.township_staff
        unit = seat.constituency
        row = seats.start(
            constituency=unit,
            vacancies=[VacancyFacts(seat, "", self.on, "证明")],
            on=self.on,
            by=clerk,
        )
        try:
            who = former.name if former else f"新人{self.born}"
            self.born += 1
            seats.submit_plan(
                by_election=row,
                plan=plan(meets_on=self.on),
                version=row.version,
                on=self.on,
            )
            row = fresh(row)
            seats.review(
                by_election=row, approve=True, words="", version=row.version,
                on=self.on, by=desk,
            )  # fmt: skip
            one = seats.add_candidate(
                by_election=fresh(row),
                person=person(who, number),
                on=self.on,
                former=former,
            )
            row = fresh(row)
            seats.record_round(
                by_election=row, sheet=sheet({one.pk: (30, 4, 0)}, held_on=self.on),
                version=row.version, on=self.on, by=clerk,
            )  # fmt: skip
            row = fresh(row)
            last = self.on + dt.timedelta(days=2)
            notice = seats.draft_notice(
                by_election=row, content=CONTENT, version=row.version, on=self.on,
                terms=Terms(self.on, last, "申主任", "0739-2721234", least=3),
            )  # fmt: skip
            publish(notice=notice, by=clerk, on=self.on)
            self.on = last + dt.timedelta(days=1)
            homes = Household.objects.order_by("pk").values_list("pk", flat=True)
            row = fresh(row)
            services.file_by_election(
                by_election=row, heirs=dict.fromkeys(list(homes)[pick % 7::7], one.pk),
                archive_number="", version=row.version, on=self.on, by=desk,
            )  # fmt: skip
        except Refused:
            now = fresh(row)
            if now.notice and now.notice.state == "published":
                now.notice.state = "ended"
                now.notice.save()
            if now.at.is_open:
                seats.cancel(
                    by_election=now, reason="办不下去", version=now.version, on=self.on
                )

    @rule()
    def the_term_ends(self) -> None:
        """Let the term run out; the mandates of it are ended as expired."""
        term = CommitteeTerm.objects.order_by("-ends_on")[0]
        self.on = max(self.on, term.ends_on + dt.timedelta(days=1))
        for mandate in list(Mandate.objects.unended().filter(until__lt=self.on)):
            self.try_to(
                services.leave_office,
                mandate=mandate,
                on=mandate.until + dt.timedelta(days=1),
                cause=MandateEnd.EXPIRED,
                evidence="",
                heirs={},
                by=self.cast.clerk,
            )
        self.try_to(
            seats.set_term,
            village=self.rolls.village,
            started_on=term.ends_on + dt.timedelta(days=1),
            ends_on=term.ends_on + dt.timedelta(days=1800),
            members=5,
            women=2,
        )

    def try_to(self, act: object, **given: object) -> None:
        """Act; a refusal is an answer and leaves everything as it was."""
        with suppress(Refused):
            act(**given)  # type: ignore[operator]

    @invariant()
    def no_household_has_two(self) -> None:
        """At most one link of a household is in force on any day."""
        links = ContactLink.objects.filter(ended_on=None).values_list("household_id")
        assert all(n == 1 for n in Counter(links).values())
        for household, spans in spans_by("household_id", ContactLink).items():
            assert_apart(spans, household)

    @invariant()
    def nobody_has_two_mandates(self) -> None:
        """Neither a person nor a number serves twice on any day."""
        for key in ("representative_id", "person_index"):
            for who, spans in spans_by(key, Mandate).items():
                if who is not None:
                    assert_apart(spans, who)

    @invariant()
    def no_seat_is_filled_twice(self) -> None:
        """No two mandates of a seat overlap; each filled vacancy has its own mandate."""
        for seat, spans in spans_by("seat_id", Mandate).items():
            assert_apart(spans, seat)
        filled = ByElection.objects.filter(stage=Stage.DONE, vacancies__mandate=None)
        assert not filled.exists()


def spans_by(
    key: str, model: type
) -> dict[object, list[tuple[dt.date, dt.date | None]]]:
    """Return the spans of the rows of a model by one of its columns."""
    found: dict[object, list[tuple[dt.date, dt.date | None]]] = {}
    rows = model.objects.values_list(key, "started_on", "ended_on")  # type: ignore[attr-defined]
    for value, start, end in rows:
        if end is None or end > start:  # corrected on its first day: it never held
            found.setdefault(value, []).append((start, end))
    return found


def assert_apart(spans: list[tuple[dt.date, dt.date | None]], whose: object) -> None:
    """Assert that half-open spans do not overlap."""
    ordered = sorted(spans, key=lambda span: (span[0], span[1] or dt.date.max))
    for before, after in pairwise(ordered):
        assert before[1] is not None, whose
        assert before[1] <= after[0], (whose, before, after)


@pytest.mark.django_db(transaction=False)
def test_no_sequence_of_events_breaks_the_rolls(cast: Cast) -> None:
    class Staged(Village):
        def __init__(self) -> None:
            super().__init__()
            self._scope = everywhere()
            self._scope.__enter__()
            self._sid = transaction.savepoint()
            self.cast, self.rolls = cast, set_up()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self._sid)
            self._scope.__exit__(None, None, None)

    run_state_machine_as_test(
        Staged,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
