"""What the demo shows of villages: this year is scored, the last came in from a workbook."""

from random import Random

from evaluations.models import VillageRating
from evaluations.rules.schemes import Scope
from evaluations.services import schemes
from regions.models import Region
from reports.demo.ratings import Desk, rate_villages
from tests.cast import TOWNSHIP, Cast, at, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.rolls import Rolls, text_of


def test_last_years_villages_are_there_with_a_fifth_of_them_praised(
    cast: Cast, rolls: Rolls
) -> None:
    stage.in_force(cast, Scope.VILLAGE)
    last = today().year - 1
    with at(cast.city_staff):
        draft = schemes.use_recommended(
            year=last, scope=Scope.VILLAGE, on=today(), by=cast.city_staff
        )
        schemes.put_in_force(scheme=draft, version=1, on=today(), by=cast.city_staff)
    with at(cast.township_staff):
        dice = Random(219)  # noqa: S311 - a demo's dice
        desk = Desk(cast.secretary, cast.township_staff, today(), dice)
        rate_villages(desk)
        past = VillageRating.objects.filter(year=last, is_imported=True)
        villages = Region.objects.villages().current().filter(parent=TOWNSHIP).count()
        assert past.count() == villages
        assert past.filter(tier__is_public=True).count() == villages // 5
        one = past.first()
        assert one is not None
    browser = signed_in(cast.township_staff)
    assert "表格导入" in text_of(browser.get(f"/village-ratings/?year={last}"))
    assert "照往年的表" in text_of(browser.get(one.get_absolute_url()))
