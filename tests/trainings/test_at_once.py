"""Two clerks at the same moment: the second waits, then sees what the first did."""

import pytest

from accounts.editing import EditedMeanwhile
from tests.at_once import one_after_the_other
from tests.cast import Cast, assemble
from tests.rolls import Rolls, set_up
from tests.trainings.stage import ILL, listed, planned, signs
from trainings import services
from trainings.models import Training
from trainings.services import Mark


@pytest.fixture
def committed(own_database: str) -> tuple[Cast, Rolls, Training]:
    """Return a village's training with two on its roster, in a database of its own."""
    cast, rolls = assemble(), set_up()
    people = rolls.people["张顺民"], rolls.people["李红英"]
    return cast, rolls, listed(cast.clerk, planned(cast.clerk), *people)


def test_two_who_add_the_same_people_add_them_once(
    committed: tuple[Cast, Rolls, Training],
) -> None:
    cast, rolls, training = committed
    people, added = [person.pk for person in rolls.people.values()], []

    def add() -> None:
        mine = Training(pk=training.pk, region_id=training.region_id)
        mine.held_on = training.held_on
        added.append(services.enrol(training=mine, people=people, by=cast.clerk))

    assert one_after_the_other(cast, add, add) == []
    assert added == [2, 0]
    assert len(signs(training)) == 4


def test_of_two_sign_ins_the_second_is_told_and_changes_nothing(
    committed: tuple[Cast, Rolls, Training],
) -> None:
    cast, rolls, training = committed
    told: list[EditedMeanwhile] = []

    def sign(marks: dict[int, Mark]) -> None:
        mine = Training(pk=training.pk, version=training.version)
        mine.held_on = training.held_on
        try:
            services.sign_in(
                training=mine,
                marks=marks,
                version=training.version,
                by=cast.clerk,
            )
        except EditedMeanwhile as meanwhile:
            told.append(meanwhile)

    ill = {rolls.people["李红英"].pk: ILL}
    one_after_the_other(cast, lambda: sign(ill), lambda: sign({}))
    assert len(told) == 1
    assert signs(training) == {"张顺民": ("present", ""), "李红英": ("leave", "生病")}


def test_who_is_added_during_the_sign_in_counts_as_there(
    committed: tuple[Cast, Rolls, Training],
) -> None:
    cast, rolls, training = committed

    def sign() -> None:
        mine = Training(pk=training.pk, held_on=training.held_on)
        services.sign_in(
            training=mine, marks={}, version=training.version, by=cast.clerk
        )

    def add() -> None:
        mine = Training(
            pk=training.pk, region_id=training.region_id, held_on=training.held_on
        )
        people = [rolls.people["申秋云"].pk]
        services.enrol(training=mine, people=people, by=cast.secretary)

    assert one_after_the_other(cast, sign, add) == []
    assert signs(training)["申秋云"] == ("present", "")
