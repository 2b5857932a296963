"""评村: grades whose places are given away, and two who begin at once."""

from typing import Any

from django.db import transaction

from evaluations.models import SchemeTier, VillageRating
from evaluations.rules.schemes import Scope
from evaluations.services import schemes
from evaluations.services import villages as services
from regions.models import Region
from tests.at_once import one_after_the_other
from tests.cast import TOWNSHIP, VILLAGE, Cast, assemble, at
from tests.days import today
from tests.evaluations import stage
from tests.rolls import Rolls


def test_where_two_grades_are_full_the_next_village_has_the_third(
    cast: Cast, rolls: Rolls
) -> None:
    facts: dict[str, Any] = {"on": today(), "by": cast.city_staff}
    with at(cast.city_staff):
        draft = schemes.use_recommended(year=today().year, scope=Scope.VILLAGE, **facts)
        for name, line in (("示范村", 10), ("达标村", 5)):
            tiers = SchemeTier.objects.filter(scheme=draft, name=name)
            tiers.update(threshold=line, quota=1)
        schemes.put_in_force(scheme=draft, version=draft.version, **facts)
    with at(cast.township_staff):
        places = Region.objects.villages().filter(parent_id=TOWNSHIP)[:3]
        by: dict[str, Any] = {"on": today(), "by": cast.township_staff}
        services.begin(year=today().year, villages=list(places), **by)
        rows = VillageRating.objects.order_by("region")
        given = [services.confirm(rating=one, remark="", **by) for one in rows]
        assert [one.tier.name for one in given] == ["示范村", "达标村", "进步村"]


def test_two_who_begin_a_year_at_once_begin_it_once(own_database: str) -> None:
    with transaction.atomic():
        cast = assemble()
    stage.in_force(cast, Scope.VILLAGE)
    facts: dict[str, Any] = {
        "year": today().year, "on": today(), "by": cast.township_staff,
    }  # fmt: skip
    village = Region(pk=VILLAGE)

    def begin() -> None:
        services.begin(villages=[village], **facts)

    [refused] = one_after_the_other(cast, begin, begin)
    assert "别人刚启动了评村" in str(refused)
