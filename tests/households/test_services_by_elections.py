"""The filing: mandates begin and households are handed over in one transaction, or nothing."""

import pytest

from accounts.services import Refused
from households import services
from households.models import ContactLink
from representatives.models import ByElection, Mandate, MandateEnd
from representatives.services import ActedMeanwhile
from tests.at_once import one_after_the_other
from tests.cast import Cast, at, everywhere
from tests.days import days_ago, today
from tests.elections import fresh, noticed
from tests.rolls import Rolls, changes, holder, set_up_other


def file(cast: Cast, row: ByElection, heirs: dict[int, int]) -> None:
    """File from the township's desk, in the scope that is open."""
    services.file_by_election(
        by_election=row,
        heirs=heirs,
        archive_number="",
        version=row.version,
        on=today(),
        by=cast.township_staff,
    )


def test_the_new_representative_has_the_households_from_the_same_day(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    free, held = rolls.households["无联系甲"], rolls.held_by("周静霞")[0]
    with at(cast.township_staff):
        [candidate] = row.candidates.all()
        file(cast, row, {free.pk: candidate.pk, held.pk: candidate.pk})
        assert holder(free) == holder(held) == "申桂英"
        ended = ContactLink.objects.get(household=held, ended_on=today())
        assert (ended.representative.name, ended.end_reason) == ("周静霞", "reassigned")
        begun = ContactLink.objects.get(household=held, ended_on=None)
        assert begun.started_on == today()
        assert changes(begun, "insert")


def test_a_household_that_is_not_named_stays(cast: Cast, rolls: Rolls) -> None:
    row = noticed(cast, rolls)
    with at(cast.township_staff):
        file(cast, row, {})
        assert holder(rolls.held_by("周静霞")[0]) == "周静霞"
        assert Mandate.objects.filter(seat=rolls.seats[3, 2]).count() == 1


def test_a_household_of_another_village_is_never_moved(
    cast: Cast, rolls: Rolls
) -> None:
    row, other = noticed(cast, rolls), set_up_other()
    strange = other.households["无联系甲"]
    with everywhere():
        [candidate] = row.candidates.all()
        file(cast, row, {strange.pk: candidate.pk})
        assert holder(strange) is None


def test_if_the_hand_over_fails_nothing_is_filed(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = noticed(cast, rolls)

    def refuse(**_: object) -> int:
        raise Refused("选中的户里有已经不在册的")

    monkeypatch.setattr("households.services.by_elections.assign", refuse)
    with at(cast.township_staff):
        with pytest.raises(Refused):
            file(cast, row, {})
        assert not Mandate.objects.filter(seat=rolls.seats[3, 2]).exists()
        assert fresh(row).filed_on is None


@pytest.fixture
def committed(own_database: str) -> tuple[Cast, Rolls]:
    """Return cast and rolls in a database whose commits are real."""
    from tests.cast import assemble
    from tests.rolls import set_up

    return assemble(), set_up()


def test_two_who_file_at_once_fill_the_seat_once(
    committed: tuple[Cast, Rolls],
) -> None:
    cast, rolls = committed
    row = noticed(cast, rolls)
    refusals = one_after_the_other(
        cast, lambda: file(cast, row, {}), lambda: file(cast, row, {})
    )
    assert [type(one) for one in refusals] == [ActedMeanwhile]
    with everywhere():
        assert Mandate.objects.filter(seat=rolls.seats[3, 2]).count() == 1


def test_a_household_ends_with_one_of_two_when_it_is_given_away_while_filing(
    committed: tuple[Cast, Rolls],
) -> None:
    cast, rolls = committed
    row, free = noticed(cast, rolls), rolls.households["无联系甲"]
    with everywhere():
        [candidate] = row.candidates.all()

    def give() -> None:
        services.assign(
            households=[free],
            representative=rolls.people["李红英"],
            on=today(),
            by=cast.clerk,
        )

    refusals = one_after_the_other(
        cast, give, lambda: file(cast, row, {free.pk: candidate.pk})
    )
    assert refusals == []
    with everywhere():
        assert ContactLink.objects.filter(household=free, ended_on=None).count() == 1
        assert holder(free) == "申桂英"


def test_leaving_and_filling_keep_their_days_apart(cast: Cast, rolls: Rolls) -> None:
    """The seat of somebody who died is filled; both mandates stand, one after the other."""
    with at(cast.clerk):
        services.leave_office(
            mandate=rolls.mandates["周静霞"],
            on=days_ago(60),
            cause=MandateEnd.DEATH,
            evidence="死亡证明",
            heirs={},
            by=cast.clerk,
        )
    homes = rolls_of(rolls)
    row = noticed(cast, rolls, group=3, seat=1)
    with at(cast.township_staff):
        [candidate] = row.candidates.all()
        file(cast, row, dict.fromkeys(homes, candidate.pk))
        spans = Mandate.objects.filter(seat=rolls.seats[3, 1]).order_by("started_on")
        before, after = spans.values_list("started_on", "ended_on")
        assert before[1] is not None
        assert before[1] <= after[0]
        assert after[1] is None


def rolls_of(rolls: Rolls) -> list[int]:
    """Return the households that 周静霞 had."""
    with everywhere():
        links = ContactLink.objects.filter(representative=rolls.people["周静霞"])
        return list(links.values_list("household_id", flat=True))
