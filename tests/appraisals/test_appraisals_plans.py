"""The city's plan of appraisals, and what other apps read of the results."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.services import Refused
from appraisals.models import AppraisalPlan, AppraisalResult
from appraisals.services.plans import set_plan
from tests.appraisals.appraising import begun, confirmed, filed
from tests.cast import Cast, at, everywhere
from tests.days import this_year, today, yesterday
from tests.rolls import Rolls, changes


def test_the_plan_is_the_citys_and_does_not_change_once_used(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.city_lead):
        wrong = {
            "year": this_year(),
            "effective_from": today(),
            "w_self": 6,
            "basis": "x",
        }
        with pytest.raises(Refused, match="正好 100"):
            set_plan(given=wrong, on=today(), by=cast.city_lead)
        past = {"year": this_year(), "effective_from": yesterday()}
        with pytest.raises(Refused, match="不能早于今天"):
            set_plan(given=past | {"basis": "x"}, on=today(), by=cast.city_lead)
        right = {
            "year": this_year(),
            "effective_from": today(),
            "basis": "市里会议纪要",
        }
        plan = set_plan(given=right, on=today(), by=cast.city_lead)
        assert changes(plan, "insert")
    with at(cast.secretary):
        assert begun(cast.secretary).plan == plan
    with at(cast.city_lead):
        with pytest.raises(Refused, match="已经有村在用"):
            set_plan(given=right, on=today(), by=cast.city_lead)
        with (
            pytest.raises(IntegrityError, match="does not change"),
            transaction.atomic(),
        ):
            AppraisalPlan.objects.filter(pk=plan.pk).update(share=Decimal(90))


def test_L25_who_has_an_appraisal_of_the_last_twelve_months(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        assert not AppraisalResult.objects.within_a_year(today()).exists()
        confirmed(cast.secretary)
        assert AppraisalResult.objects.within_a_year(today()).count() == 4
        late = today().replace(day=1) + dt.timedelta(days=400)
        assert not AppraisalResult.objects.within_a_year(late).exists()


def test_own_households_of_outstanding_representatives_come_first(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        home = rolls.households["无联系甲"]
        home.head, home.group = "张顺民", rolls.groups[1]
        home.save()
    filed(cast.secretary, cast.township_staff, "张顺民")
    with at(cast.secretary):
        found = AppraisalResult.objects.excellent(this_year()).households()
        assert list(found) == [home]
        assert (
            not AppraisalResult.objects.excellent(this_year() - 1).households().exists()
        )
