"""The roll, its categories and who looks after whom: each write, and each refusal."""

import datetime as dt
from typing import Any

import pytest

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from households import services
from households.models import (
    Category,
    CategoryTag,
    ContactLink,
    Household,
    LinkEnd,
    Status,
    TransferState,
)
from households.services import Move
from regions.models import Region
from representatives.models import Mandate, MandateEnd, Mode
from representatives.services import enrol, sealed_identity
from tests.cast import Cast, at, everywhere
from tests.rolls import (
    ID_NUMBERS,
    Rolls,
    changes,
    long_ago,
    set_up_sibling,
    term_end,
    today,
)

ONE_DAY = dt.timedelta(days=1)


def holder(household: Household) -> str | None:
    """Return the name of whoever looks after a household today."""
    link = ContactLink.objects.active(today()).filter(household=household).first()
    return link.representative.name if link else None


def facts(rolls: Rolls, **more: Any) -> dict[str, Any]:
    """Return what is entered of a household."""
    return {"group": rolls.groups[2], "head": "刘桂英", "members": 3, **more}


# --- the roll ---------------------------------------------------------------------


def test_a_household_is_entered_with_all_that_belongs_to_it(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        household = services.enter(
            village=rolls.village,
            facts=facts(rolls),
            on=long_ago() - 1000 * ONE_DAY,
            since=today(),
            by=cast.clerk,
            categories=["dibao", "elderly"],
            source="低保名单",
            representative=rolls.people["李红英"],
        )

        assert household.initials == "lgy"
        assert holder(household) == "李红英"
        tags = household.tags.values_list("category", "started_on", "source")
        assert set(tags) == {
            ("dibao", today(), "低保名单"),
            ("elderly", today(), "低保名单"),
        }
        [line] = changes(household, "insert")
        assert line.user == cast.clerk.user_id


def test_nothing_is_entered_when_the_representative_does_not_serve(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(
            until=today() - ONE_DAY
        )
    with at(cast.clerk):
        with pytest.raises(Refused, match="不是在任代表"):
            services.enter(
                village=rolls.village,
                facts=facts(rolls),
                on=today(),
                since=today(),
                by=cast.clerk,
                representative=rolls.people["李红英"],
            )
        assert not Household.objects.filter(head="刘桂英").exists()


def test_an_id_number_stands_once_on_a_villages_roll(cast: Cast, rolls: Rolls) -> None:
    identity = sealed_identity(id_number=ID_NUMBERS[0])
    with at(cast.clerk):
        services.register(
            village=rolls.village, facts=facts(rolls, **identity), on=today()
        )
        with pytest.raises(Refused, match="已经有了"):
            services.register(
                village=rolls.village,
                facts=facts(rolls, **sealed_identity(id_number=ID_NUMBERS[0])),
                on=today(),
            )


def test_the_second_editor_of_a_household_is_told(cast: Cast, rolls: Rolls) -> None:
    household = rolls.households["无联系甲"]
    with at(cast.clerk):
        services.edit(household=household, changes={"head": "吴莲希"}, version=1)
        household.refresh_from_db()
        assert (household.initials, household.version) == ("wlx", 2)
        assert changes(household)[0].after == {"head": "吴莲希"}

        with pytest.raises(EditedMeanwhile):
            services.edit(household=household, changes={"members": 9}, version=1)


def test_an_edit_cannot_take_over_an_id_number(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        for head, version in (("无联系甲", 1), ("无联系乙", 1)):
            identity = sealed_identity(id_number=ID_NUMBERS[0])
            household = rolls.households[head]
            if head == "无联系甲":
                services.edit(household=household, changes=identity, version=version)
                continue
            with pytest.raises(Refused, match="已经有了"):
                services.edit(household=household, changes=identity, version=version)


# --- categories -------------------------------------------------------------------


def test_categories_begin_and_end_without_losing_their_past(
    cast: Cast, rolls: Rolls
) -> None:
    household = rolls.households["无联系甲"]
    with at(cast.clerk):
        services.set_categories(
            household=household, codes=["dibao", "illness"], on=long_ago(), source="一"
        )
        services.set_categories(
            household=household, codes=["illness", "elderly"], on=today(), source="二"
        )

        held = household.tags.filter(ended_on=None).values_list("category", "source")
        assert set(held) == {("illness", "一"), ("elderly", "二")}
        ended = household.tags.get(category="dibao")
        assert (ended.started_on, ended.ended_on) == (long_ago(), today())
        assert changes(ended)[0].after == {"ended_on": today().isoformat()}


def test_the_city_adds_and_changes_a_category(cast: Cast) -> None:
    with at(cast.city_lead):
        added = services.add_category(name="高龄老人户", is_key=True)
        assert (added.code, added.order) == ("gaolinglaorenhu", 13)
        assert changes(added, "insert")

        services.edit_category(
            category=added, name="高龄户", is_key=False, order=5, retired_on=today()
        )
        kept = Category.objects.get(pk=added.pk)
        assert (kept.name, kept.is_key, kept.retired_on) == ("高龄户", False, today())


def test_two_categories_do_not_share_a_name_or_a_code(cast: Cast) -> None:
    with at(cast.city_lead):
        services.add_category(name="高龄户", is_key=True)
        assert services.add_category(name="高岭户", is_key=True).code == "gaolinghu2"
        with pytest.raises(Refused, match="已经有叫"):
            services.add_category(name="高龄户", is_key=True)


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
            until=term_end(),
        ).representative
        leave(cast, rolls, {first.pk: heir}, on=today() - 40 * ONE_DAY)

        link = ContactLink.objects.get(household=first, ended_on=None)
        assert (link.representative, link.started_on) == (heir, came)


# --- leaving the roll -------------------------------------------------------------


def test_a_dissolved_household_ends_with_link_categories_and_offer(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        services.set_categories(household=household, codes=["dibao"], on=long_ago())
        services.offer_transfer(
            household=household, to=sibling.village, on=today(), reason=""
        )
        services.take_off_roll(household=household, status=Status.DISSOLVED, on=today())

        household.refresh_from_db()
        assert (household.status, household.ended_on) == (Status.DISSOLVED, today())
        assert holder(household) is None
        assert not CategoryTag.objects.active(today()).filter(household=household)
        assert household.transfers.get().state == TransferState.WITHDRAWN
        assert changes(household)[0].after["status"] == Status.DISSOLVED
        with pytest.raises(Refused, match="已经不在册"):
            services.take_off_roll(
                household=household, status=Status.DISSOLVED, on=today()
            )


def test_a_household_is_not_merged_into_itself_or_into_one_that_left(
    cast: Cast, rolls: Rolls
) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with at(cast.clerk):
        with pytest.raises(Refused, match="不能并入自己"):
            merge(household, household)
        services.take_off_roll(household=other, status=Status.DISSOLVED, on=today())
        with pytest.raises(Refused, match="已经不在册"):
            merge(household, other)


def merge(household: Household, into: Household) -> None:
    """Merge one household into another."""
    services.take_off_roll(
        household=household, status=Status.MERGED, on=today(), merged_into=into
    )


def test_a_merged_household_names_the_other(cast: Cast, rolls: Rolls) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with at(cast.clerk):
        merge(household, other)
        household.refresh_from_db()
        assert household.merged_into == other
        assert list(other.absorbed.all()) == [household]


def test_an_offer_needs_another_village_that_exists(cast: Cast, rolls: Rolls) -> None:
    household = rolls.households["无联系甲"]
    township = Region.objects.get(pk=rolls.village.parent_id)
    with at(cast.clerk):
        for place, words in ((rolls.village, "就是本村"), (township, "现有的村")):
            with pytest.raises(Refused, match=words):
                services.offer_transfer(
                    household=household, to=place, on=today(), reason=""
                )
