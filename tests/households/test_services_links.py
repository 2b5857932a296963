"""Who looks after whom: assigning, a proposal line by line, leaving office."""

import datetime as dt
from typing import Any

import pytest

from accounts.services import Refused
from households import services
from households.models import ContactLink, Household, LinkEnd, Status
from households.services import Move
from representatives.models import MandateEnd, Mode
from representatives.services import enrol
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls, changes, holder, set_up_sibling

ONE_DAY = dt.timedelta(days=1)


# --- assigning --------------------------------------------------------------------


def test_assigning_ends_one_link_and_begins_another(cast: Cast, rolls: Rolls) -> None:
    moving = rolls.held_by("张顺民")[:3]
    with at(cast.clerk):
        moved = services.assign(
            households=moving,
            representative=rolls.people["周静霞"],
            on=today(),
            by=cast.clerk,
        )

        assert moved == 3
        assert {holder(household) for household in moving} == {"周静霞"}
        old = ContactLink.objects.get(
            household=moving[0], representative=rolls.people["张顺民"]
        )
        assert (old.ended_on, old.end_reason) == (today(), LinkEnd.REASSIGNED)
        new = ContactLink.objects.get(household=moving[0], ended_on=None)
        assert new.entered_by == cast.clerk.user
        assert changes(new, "insert")


def test_assigning_to_the_same_person_moves_nothing(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        moved = services.assign(
            households=rolls.held_by("李红英"),
            representative=rolls.people["李红英"],
            on=today(),
            by=cast.clerk,
        )
        assert moved == 0


def test_a_slip_corrected_on_the_same_day_never_held(cast: Cast, rolls: Rolls) -> None:
    household = rolls.households["无联系甲"]
    with at(cast.clerk):
        for name in ("李红英", "周静霞"):
            services.assign(
                households=[household],
                representative=rolls.people[name],
                on=today(),
                by=cast.clerk,
            )

        assert holder(household) == "周静霞"
        slip = ContactLink.objects.get(
            household=household, representative=rolls.people["李红英"]
        )
        assert slip.started_on == slip.ended_on


def test_nobody_can_be_given_a_household_of_another_village(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    with at(cast.township_staff), pytest.raises(Refused, match="同一个村"):
        services.assign(
            households=[sibling.households["无联系甲"]],
            representative=rolls.people["李红英"],
            on=today(),
            by=cast.township_staff,
        )


def test_a_household_that_left_the_roll_is_not_assigned(
    cast: Cast, rolls: Rolls
) -> None:
    household = rolls.households["无联系甲"]
    with at(cast.clerk):
        seen_before = Household.objects.get(pk=household.pk)
        services.take_off_roll(household=household, status=Status.DISSOLVED, on=today())
        with pytest.raises(Refused, match="不在册"):
            services.assign(
                households=[seen_before],
                representative=rolls.people["李红英"],
                on=today(),
                by=cast.clerk,
            )


# --- a proposal, line by line -------------------------------------------------------


def test_moves_that_are_out_of_date_are_named_and_the_rest_is_made(
    cast: Cast, rolls: Rolls
) -> None:
    staying, taken, gone, freed, orphan = rolls.held_by("张顺民")[:5]
    zhang, li = rolls.people["张顺民"], rolls.people["李红英"]
    zhou = rolls.people["周静霞"]
    with at(cast.clerk):
        for household, to in ((taken, li), (freed, None)):
            services.assign(
                households=[household], representative=to, on=today(), by=cast.clerk
            )
        services.take_off_roll(household=gone, status=Status.DISSOLVED, on=today())

        moved, outdated = services.reassign(
            village=rolls.village,
            moves=[
                Move(staying.pk, zhang.pk, zhou.pk),
                Move(taken.pk, zhang.pk, zhou.pk),
                Move(gone.pk, zhang.pk, zhou.pk),
                Move(freed.pk, zhang.pk, zhou.pk),
                Move(orphan.pk, zhang.pk, 987654321),
                Move(987654321, None, zhou.pk),
            ],
            on=today(),
            by=cast.clerk,
        )

        assert moved == 1
        assert [holder(h) for h in (staying, taken, freed)] == [
            "周静霞",
            "李红英",
            None,
        ]
        words = {one.head: one.words for one in outdated}
        assert "李红英接手" in words[taken.head]
        assert "不在本村名册上" in words[gone.head]
        assert "没有联系人了" in words[freed.head]
        assert "不在任" in words[orphan.head]
        assert "不在本村名册上" in words["有一户"]


def test_a_move_to_nobody_leaves_a_household_without_anyone(
    cast: Cast, rolls: Rolls
) -> None:
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        moved, outdated = services.reassign(
            village=rolls.village,
            moves=[Move(household.pk, rolls.people["李红英"].pk, None)],
            on=today(),
            by=cast.clerk,
        )
        assert (moved, outdated) == (1, [])
        assert household in Household.objects.without_anyone(today())


# --- leaving office ---------------------------------------------------------------


def leave(cast: Cast, rolls: Rolls, heirs: dict[int, Any], **more: Any) -> Any:
    """Let 周静霞 leave office."""
    given: dict[str, Any] = {"on": today(), "mandate": rolls.mandates["周静霞"]}
    return services.leave_office(
        cause=MandateEnd.MOVED,
        evidence="户口迁出",
        heirs=heirs,
        by=cast.secretary,
        **(given | more),
    )


def test_leaving_office_hands_over_each_household_or_names_it(
    cast: Cast, rolls: Rolls
) -> None:
    first, second, third = rolls.held_by("周静霞")
    li, shen = rolls.people["李红英"], rolls.people["申秋云"]
    with at(cast.secretary):
        orphans = leave(cast, rolls, {first.pk: li, second.pk: shen})

        assert orphans == [third]
        assert [holder(h) for h in (first, second, third)] == ["李红英", "申秋云", None]
        assert not ContactLink.objects.filter(
            representative=rolls.people["周静霞"], ended_on=None
        ).exists()
        ended = ContactLink.objects.get(household=third)
        assert ended.end_reason == LinkEnd.MANDATE_ENDED
        assert changes(rolls.mandates["周静霞"])[0].after["end_cause"] == "moved"


def test_a_household_given_after_the_day_of_leaving_never_has_two(
    cast: Cast, rolls: Rolls
) -> None:
    """Until it was given to him somebody else had it: the heir begins on that day."""
    [household, *_] = rolls.held_by("张顺民")
    with at(cast.secretary):
        services.assign(
            households=[household],
            representative=rolls.people["周静霞"],
            on=today(),
            by=cast.secretary,
        )
        heirs = {household.pk: rolls.people["李红英"]}
        leave(cast, rolls, heirs, on=today() - 7 * ONE_DAY)

        before = ContactLink.objects.get(
            household=household, representative=rolls.people["张顺民"]
        )
        after = ContactLink.objects.get(household=household, ended_on=None)
        assert after.representative == rolls.people["李红英"]
        assert before.ended_on == after.started_on == today()


def test_an_heir_who_does_not_serve_stops_the_whole_hand_over(
    cast: Cast, rolls: Rolls
) -> None:
    [first, *_] = rolls.held_by("周静霞")
    with at(cast.secretary):
        with pytest.raises(Refused, match="不是在任代表"):
            leave(cast, rolls, {first.pk: rolls.people["周静霞"]})

        rolls.mandates["周静霞"].refresh_from_db()
        assert rolls.mandates["周静霞"].ended_on is None
        assert holder(first) == "周静霞"


def test_an_heir_elected_later_takes_over_from_the_day_he_came(
    cast: Cast, rolls: Rolls
) -> None:
    [first, *_] = rolls.held_by("周静霞")
    came = today() - 5 * ONE_DAY
    with at(cast.secretary):
        heir = enrol(
            seat=rolls.seats[3, 2],
            person={"name": "彭德明"},
            mode=Mode.HOUSEHOLDS,
            started_on=came,
            until=rolls.term_ends_on,
        ).representative
        leave(cast, rolls, {first.pk: heir}, on=today() - 40 * ONE_DAY)

        link = ContactLink.objects.get(household=first, ended_on=None)
        assert (link.representative, link.started_on) == (heir, came)
