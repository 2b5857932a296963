"""The roll, its categories and who looks after whom: each write, and each refusal."""

import datetime as dt
from typing import Any

import pytest

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from households import services
from households.models import Category, Household
from representatives.models import Mandate
from representatives.services import sealed_identity
from tests.cast import Cast, at, everywhere
from tests.days import today, yesterday
from tests.rolls import ID_NUMBERS, Rolls, changes, holder, long_ago

ONE_DAY = dt.timedelta(days=1)


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
        Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(until=yesterday())
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
