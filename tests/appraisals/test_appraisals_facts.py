"""The system part is counted from the same facts as lists and dashboards."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisals.facts import known_of
from appraisals.rules.appraisals import Input, Measured
from households.models import CategoryTag, ContactLink
from sentiment.models import Issue, Review, TalkMeeting
from tests.cast import Cast, at, everywhere
from tests.rolls import Rolls, set_up, set_up_sibling
from trainings.models import Attendance, Sign, Training
from visits.models import Visit

YEAR = 2025
LAST = dt.date(YEAR, 12, 31)


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the rolls; 张顺民 looks after two more households since the start of 2025.

    One of them is 重点. He saw the ordinary one in three quarters, the key one in ten
    months, held three 恳谈会, told one of two results, and came to one of two meetings.
    """
    rolls = set_up()
    with everywhere():
        furnish(rolls, cast)
    return rolls


def furnish(rolls: Rolls, cast: Cast) -> None:
    """Write the year of 张顺民."""
    person, by = rolls.people["张顺民"], cast.clerk.user
    mandate = rolls.mandates["张顺民"]
    mandate.started_on = dt.date(YEAR - 1, 12, 1)
    mandate.save()
    new_year = dt.date(YEAR, 1, 1)
    plain, key = rolls.households["无联系甲"], rolls.households["无联系乙"]
    for home in (plain, key):
        home.registered_on = new_year
        home.save()
        ContactLink.objects.create(
            region=rolls.village, household=home, representative=person,
            started_on=new_year,
        )  # fmt: skip
    CategoryTag.objects.create(
        region=rolls.village, household=key, category_id="dibao", started_on=new_year
    )
    seen = {plain: (2, 5, 11), key: (1, 2, 3, 4, 5, 6, 8, 9, 10, 12)}
    for home, months in seen.items():
        for month in months:
            visit(rolls, home, dt.date(YEAR, month, 9), by)
    for month in (2, 6, 8):
        talk(rolls, dt.date(YEAR, month, 20), by)
    issue(rolls, "told", told=dt.date(YEAR, 7, 1))
    issue(rolls, "resolved", told=None)
    issue(rolls, "collected", told=None, resolved=None)
    review(rolls, 3, "代表：张顺民、李红英；党员9人", by)
    review(rolls, 4, "代表：李红英；党员9人", by)
    review(rolls, 5, "党员9人", by)  # nobody is named: says nothing of anybody
    for month, sign in ((4, Sign.PRESENT), (5, Sign.LEAVE), (9, Sign.ABSENT)):
        training(rolls, dt.date(YEAR, month, 15), sign, by)


def visit(rolls: Rolls, home: object, day: dt.date, by: object) -> None:
    """Visit a household."""
    now = timezone.now()
    Visit.objects.create(
        id=uuid.uuid4(), region=rolls.village, household=home,
        representative=rolls.people["张顺民"], visited_on=day, counts=True,
        entered_by=by, captured_at=now, received_at=now, fingerprint="",
    )  # fmt: skip


def talk(rolls: Rolls, day: dt.date, by: object) -> None:
    """Hold a 恳谈会."""
    TalkMeeting.objects.create(
        id=uuid.uuid4(), region=rolls.village, representative=rolls.people["张顺民"],
        held_on=day, place="村部", topics="用水", entered_by=by,
        entered_at=timezone.now(),
    )  # fmt: skip


def issue(
    rolls: Rolls,
    state: str,
    told: dt.date | None,
    resolved: dt.date | None = dt.date(YEAR, 6, 1),
) -> None:
    """Let something be heard."""
    day = dt.date(YEAR, 5, 1)
    Issue.objects.create(
        region=rolls.village, source="caller", representative=rolls.people["张顺民"],
        heard_on=day, topic="其他", words="路灯坏了", entered_at=timezone.now(),
        due_on=day, state=state, resolved_on=resolved, told_on=told,
    )  # fmt: skip


def training(rolls: Rolls, day: dt.date, sign: Sign, by: object) -> None:
    """Hold a training in the village, and note whether he came."""
    now = timezone.now()
    row = Training.objects.create(
        id=uuid.uuid4(), region=rolls.village, topic="走访怎么走", level="village_catchall",
        held_on=day, place="村部", hours=2, state="held", entered_by=by, entered_at=now,
        signed_by=by, signed_at=now,
    )  # fmt: skip
    Attendance.objects.create(
        region=rolls.village, training=row.pk, representative=rolls.people["张顺民"],
        sign=sign, reason="生病" if sign == Sign.LEAVE else "", entered_by=by,
        entered_at=now,
    )  # fmt: skip


def review(rolls: Rolls, month: int, attendees: str, by: object) -> None:
    """Hold a 民情分析会."""
    Review.objects.create(
        region=rolls.village, month=dt.date(YEAR, month, 1), state="submitted",
        held_on=dt.date(YEAR, month, 25), attendees=attendees,
        submitted_at=timezone.now(), submitted_by=by,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (
            LAST,
            {
                Input.KEY: Measured(10, 12),
                Input.ORDINARY: Measured(3, 4),
                Input.TALKS: Measured(3, 4),
                Input.ISSUES: Measured(1, 2),
                Input.MEETINGS: Measured(1, 2),
                Input.TRAININGS: Measured(1, 2),
            },
        ),
        (
            dt.date(YEAR, 6, 30),
            {
                Input.KEY: Measured(6, 6),
                Input.ORDINARY: Measured(2, 2),
                Input.TALKS: Measured(2, 2),
                Input.ISSUES: Measured(0, 2),
                Input.MEETINGS: Measured(1, 2),
                Input.TRAININGS: Measured(1, 1),
            },
        ),
    ],
)
def test_L31_L32_L33_of_a_year_as_of_a_day(
    cast: Cast, rolls: Rolls, until: dt.date, expected: dict[Input, Measured]
) -> None:
    person = rolls.people["张顺民"].pk
    with at(cast.secretary):
        known = known_of([person], YEAR, until)[person]
    assert known.measured == expected
    assert known.extras["visits"] == (13 if until == LAST else 8)
    assert known.extras["collected"] == 3


def test_each_input_names_exactly_the_rows_it_was_counted_from(
    cast: Cast, rolls: Rolls
) -> None:
    person = rolls.people["张顺民"].pk
    with at(cast.secretary):
        known = known_of([person], YEAR, LAST)[person]
    home = rolls.households["无联系甲"].pk
    assert known.rows[Input.ORDINARY] == [
        [home, "2025-03-31", "2025-02-09"],
        [home, "2025-06-30", "2025-05-09"],
        [home, "2025-09-30", None],
        [home, "2025-12-31", "2025-11-09"],
    ]
    inputs, rows = known.as_kept()
    assert inputs["ordinary"] == [3, 4]
    assert known.of_kept(inputs, rows).measured == known.measured
    assert known.of_kept(inputs).measured == known.measured


def test_the_statements_do_not_grow_with_the_people_or_the_villages(
    cast: Cast, rolls: Rolls
) -> None:
    own = [person.pk for person in rolls.people.values()]
    others = [person.pk for person in set_up_sibling().people.values()]
    taken = []
    with at(cast.township_staff):
        for people in (own[:1], own, own + others):
            with CaptureQueriesContext(connection) as seen:
                assert set(known_of(people, YEAR, LAST)) == set(people)
            taken.append(len(seen))
    assert taken[0] == taken[1] == taken[2] <= 16
