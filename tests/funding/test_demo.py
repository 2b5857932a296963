"""The demo's money: by the services, and with something to look at on every page."""

from decimal import Decimal as D

from funding import services
from funding.models import LineKind, Overdraw, SubsidyLine, SubsidySheet, WorkFund
from reports.demo import money
from tests.cast import TOWNSHIP, Cast, at
from tests.days import today
from tests.funding.stage import months_ago
from tests.rolls import set_up


def test_the_demo_has_books_a_signed_month_and_exceptions(cast: Cast) -> None:
    set_up()
    written = money.keep(cast.city_lead, cast.secretary, [TOWNSHIP], today())
    again = money.keep(cast.city_lead, cast.secretary, [TOWNSHIP], today())

    assert (written > 60, again) == (True, 0)
    with at(cast.secretary):
        sheet = SubsidySheet.objects.get()
        assert (sheet.state, sheet.total > 0) == ("signed", True)
        after = services.make(
            village=cast.secretary.region,
            month=months_ago(1),
            on=today(),
            by=cast.secretary,
        )
        assert after.lines.filter(kind=LineKind.ADJUSTMENT).count() == 1
    with at(cast.township_staff):
        assert Overdraw.objects.count() == 1
        assert SubsidyLine.objects.filter(kind=LineKind.PAST).count() == 0
        assert WorkFund.objects.filter(spent__gt=D(0)).count() > 10
