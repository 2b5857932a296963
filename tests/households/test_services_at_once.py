"""Two people at the same moment: the second waits and then sees what the first did."""

import pytest

from households import services
from households.models import ContactLink, Household
from representatives.models import MandateEnd
from tests.at_once import Act, one_after_the_other
from tests.cast import Cast, assemble, everywhere
from tests.days import today
from tests.rolls import Rolls, set_up


@pytest.fixture
def committed(own_database: str) -> tuple[Cast, Rolls]:
    """Return cast and rolls in a database whose commits are real."""
    return assemble(), set_up()


def give(cast: Cast, rolls: Rolls, name: str) -> Act:
    """Return the act of giving one household to somebody."""
    return lambda: services.assign(
        households=[rolls.households["无联系甲"]],
        representative=rolls.people[name],
        on=today(),
        by=cast.clerk,
    )


def holders(household: Household) -> list[str]:
    """Return who looks after a household."""
    with everywhere():
        links = ContactLink.objects.filter(household=household, ended_on=None)
        return [link.representative.name for link in links]


def test_a_household_given_to_two_at_once_ends_up_with_the_second(
    committed: tuple[Cast, Rolls],
) -> None:
    cast, rolls = committed
    refusals = one_after_the_other(
        cast, give(cast, rolls, "李红英"), give(cast, rolls, "周静霞")
    )
    assert refusals == []
    assert holders(rolls.households["无联系甲"]) == ["周静霞"]


def test_nobody_is_given_a_household_while_he_leaves_office(
    committed: tuple[Cast, Rolls],
) -> None:
    cast, rolls = committed

    def leave() -> None:
        services.leave_office(
            mandate=rolls.mandates["周静霞"],
            on=today(),
            cause=MandateEnd.DEATH,
            evidence="死亡证明",
            heirs={},
            by=cast.clerk,
        )

    [refused] = one_after_the_other(cast, leave, give(cast, rolls, "周静霞"))
    assert "不是在任代表" in str(refused)
    assert holders(rolls.households["无联系甲"]) == []


def test_a_household_given_while_he_leaves_office_is_handed_over_too(
    committed: tuple[Cast, Rolls],
) -> None:
    cast, rolls = committed
    orphans: list[Household] = []

    def leave() -> None:
        orphans.extend(
            services.leave_office(
                mandate=rolls.mandates["周静霞"],
                on=today(),
                cause=MandateEnd.DEATH,
                evidence="死亡证明",
                heirs={},
                by=cast.secretary,
            )
        )

    assert one_after_the_other(cast, give(cast, rolls, "周静霞"), leave) == []
    assert rolls.households["无联系甲"] in orphans
    assert holders(rolls.households["无联系甲"]) == []
