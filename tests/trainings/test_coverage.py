"""Coverage (L36): people, each once; never above 100 %; the same at every level."""

import datetime as dt
from collections import defaultdict
from random import Random

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from regions.models import Region
from reports.figures.domain import Asked
from reports.figures.serving import serving_in
from reports.periods import Span, window
from representatives.models import MandateEnd
from representatives.services import end_mandate
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.days import today
from tests.rolls import Rolls, set_up_other, set_up_sibling
from tests.trainings.stage import AWAY, held, listed, planned, signed
from trainings import services
from trainings.coverage import Line, board_of, coverage_of
from trainings.listing import matching
from trainings.models import Attendance, ServiceTally, Training
from trainings.tallying import SERVICE


def line(cast: Cast, code: int = VILLAGE) -> Line:
    """Return the coverage of a place as the city sees it."""
    with at(cast.city_staff):
        place = Region.objects.select_related("parent").get(pk=code)
        return coverage_of(place, today().year, today())


def missing(cast: Cast, **wanted: object) -> list[str]:
    """Return the names of the main table, as the township sees them."""
    with at(cast.township_staff):
        return [person.name for person in matching(wanted, today())]


def test_l36_a_person_at_three_trainings_is_one_person(
    cast: Cast, rolls: Rolls
) -> None:
    held(cast.city_staff, rolls, "张顺民")
    held(cast.township_staff, rolls, "张顺民", "李红英")
    held(cast.clerk, rolls, "张顺民")
    found = line(cast)
    assert (found.all.serving, found.all.trained, found.all.rate) == (4, 2, 50.0)
    assert [number for _, number in found.by_level] == [1, 2, 1]
    assert (found.women.serving, found.women.trained) == (3, 1)
    assert found.trainings == 1, "the village held one of the three"
    assert line(cast, TOWNSHIP).trainings == 2


def test_l36_only_who_was_there_counts(cast: Cast, rolls: Rolls) -> None:
    by = cast.township_staff
    listed(by, planned(by), rolls.people["申秋云"])
    training = listed(by, planned(by, topic="另一期"), *rolls.people.values())
    signed(by, training, 李红英=AWAY)
    assert missing(cast) == ["李红英"]
    with at(by):
        services.cancel(
            training=training, reason="重了", version=training.version, by=by
        )
    assert line(cast).all.trained == 0


def test_l36_last_years_training_is_not_this_years(cast: Cast, rolls: Rolls) -> None:
    last_year = dt.date(today().year - 1, 12, 31)
    with everywhere():
        for mandate in rolls.mandates.values():
            mandate.started_on = last_year - dt.timedelta(days=30)
            mandate.save()
    held(cast.township_staff, rolls, "张顺民", held_on=last_year)
    assert (line(cast).all.trained, line(cast).never) == (0, 3)
    assert missing(cast)[-1] == "张顺民", "never trained come first"
    assert "张顺民" not in missing(cast, state="never")
    with at(cast.city_staff):
        place = Region.objects.get(pk=VILLAGE)
        before = coverage_of(place, last_year.year, today())
    assert (before.all.serving, before.all.trained) == (4, 1)


def test_a_new_mandate_asks_for_a_training_and_one_that_ends_does_not(
    cast: Cast, rolls: Rolls
) -> None:
    held(cast.township_staff, rolls, "张顺民", "李红英", "申秋云")
    assert missing(cast) == ["周静霞"]
    with at(cast.township_staff):
        for name in ("周静霞", "张顺民"):
            end_mandate(
                mandate=rolls.mandates[name],
                on=today(),
                cause=MandateEnd.RESIGNED,
                evidence="辞职书",
                by=cast.township_staff,
            )
    assert missing(cast) == []
    assert (line(cast).all.serving, line(cast).all.trained) == (2, 2)
    set_up_sibling()
    assert len(missing(cast)) == 4, "who comes into office appears by himself"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"李红英", "申秋云", "周静霞"}),
        ({"state": "trained"}, {"张顺民"}),
        ({"state": "all"}, {"张顺民", "李红英", "申秋云", "周静霞"}),
        ({"state": "all", "sex": "m"}, {"张顺民"}),
        ({"politics": "yes"}, {"申秋云"}),
        ({"politics": "no"}, {"李红英", "周静霞"}),
        ({"fresh": "yes"}, {"李红英", "申秋云", "周静霞"}),
    ],
)
def test_the_roster_is_chosen_by_filter(
    cast: Cast, rolls: Rolls, wanted: dict[str, str], names: set[str]
) -> None:
    with everywhere():
        rolls.people["申秋云"].politics = "member"
        rolls.people["申秋云"].save()
        for mandate in rolls.mandates.values():
            mandate.started_on = max(mandate.started_on, dt.date(today().year, 1, 1))
            mandate.save()
    held(cast.township_staff, rolls, "张顺民")
    assert set(missing(cast, **wanted)) == names


def test_above_is_the_sum_of_below_at_every_level(cast: Cast, rolls: Rolls) -> None:
    other, sibling = set_up_other(), set_up_sibling()
    held(cast.city_staff, rolls, "张顺民")
    held(cast.other_staff, other, "李红英")
    held(cast.township_staff, sibling, "李红英", "申秋云")
    with at(cast.city_staff):
        city = board_of(Region.objects.get(pk=CITY), today().year, today())
        township = board_of(Region.objects.get(pk=TOWNSHIP), today().year, today())
    assert city.total.all.trained == sum(one.all.trained for one in city.lines) == 4
    assert city.total.all.serving == 12
    ours = next(one for one in city.lines if one.code == TOWNSHIP)
    assert ours.counts == township.total.counts
    assert [one.code for one in city.lines[:2]] == [other.village.parent_id, TOWNSHIP]


def test_the_statements_do_not_grow_with_the_villages(cast: Cast, rolls: Rolls) -> None:
    def cost() -> int:
        with at(cast.city_staff), CaptureQueriesContext(connection) as seen:
            board_of(Region.objects.get(pk=CITY), today().year, today())
        return len(seen)

    before = cost()
    held(cast.other_staff, set_up_other(), "李红英")
    set_up_sibling()
    assert cost() == before


@pytest.mark.parametrize("seed", range(6))
def test_l36_whatever_happens_coverage_is_what_a_count_by_hand_gives(
    cast: Cast, rolls: Rolls, seed: int
) -> None:
    """Trainings, sign-ins, cancellations and ends of mandates in any order."""
    dice = Random(seed)  # noqa: S311 - a test's dice
    came: dict[Training, set[str]] = defaultdict(set)
    serving, by = set(rolls.people), cast.township_staff
    for _ in range(8):
        step = dice.choice(("hold", "hold", "hold", "cancel", "leave"))
        if step == "hold" and serving:
            names = dice.sample(sorted(serving), dice.randint(1, len(serving)))
            training = held(dice.choice((by, cast.city_staff)), rolls, *names)
            came[training] |= set(names)
        elif step == "cancel" and came:
            training = dice.choice(sorted(came, key=str))
            with at(cast.city_staff):
                services.cancel(
                    training=training, reason="重了", version=training.version, by=by
                )
            del came[training]
        elif step == "leave" and len(serving) > 1:
            gone = dice.choice(sorted(serving))
            serving.discard(gone)
            with at(by):
                end_mandate(
                    mandate=rolls.mandates[gone],
                    on=today(),
                    cause=MandateEnd.MOVED,
                    evidence="户口迁移证",
                    by=by,
                )
    trained = set().union(*came.values()) & serving if came else set()
    found = line(cast)
    assert (found.all.serving, found.all.trained) == (len(serving), len(trained))
    assert found.all.rate is not None
    assert found.all.rate <= 100
    assert set(missing(cast)) == serving - trained
    with at(cast.city_staff):
        assert SERVICE.sum_up() == 0
        asked = Asked(Region.objects.get(pk=CITY), window(Span.MONTH, today()))
        [village] = serving_in(asked)
    assert (village.people, village.untrained) == (len(serving), len(serving - trained))
    assert village.never == village.untrained


def test_the_app_writes_no_counts(cast: Cast, rolls: Rolls) -> None:
    with (
        at(cast.township_lead),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        ServiceTally.objects.update(mandates=0)


def test_the_database_itself_keeps_a_person_once_in_a_training(
    cast: Cast, rolls: Rolls
) -> None:
    training = held(cast.township_staff, rolls, "张顺民")
    with at(cast.township_staff):
        [row] = Attendance.objects.of(training.pk)
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
