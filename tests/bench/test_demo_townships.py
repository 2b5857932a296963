"""The generated townships: the same everywhere, with something wrong of each kind."""

import datetime as dt
from collections import Counter

import pytest

from accounts.models import Post, User
from accounts.services import Refused
from households.models import ContactLink, Household, Transfer
from regions.codes import township_of
from regions.models import Region, VillagerGroup
from regions.scoping import narrowed
from reports.demo import accounts, city, townships, workbooks
from reports.demo.plans import Calendar
from representatives.models import CommitteeTerm, Mandate, Representative, Seat
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, everywhere
from tests.days import today
from visits.models import Duty, Visit, waived

TODAY = dt.date(2026, 11, 23)
SMALL = townships.Size("界岭镇", OTHER_TOWNSHIP, 4_000, "430598")
COUNTIES = {f"4305{n:02}" for n in (2, 3, 11, 22, 23, 24, 25, 27, 28, 29, 81, 82)}
"""The divisions of 邵阳市 (GB/T 2260): an invented ID number begins with none of them."""


@pytest.fixture
def keeper(db: None) -> User:
    """Return the user under whom generated visits were entered."""
    with everywhere():
        return accounts.record_keeper()


def test_township_is_the_same_on_every_machine(db: None) -> None:
    def heads() -> list[str]:
        villages = townships.planned(SMALL, TODAY)
        return [home.head.id_number for village in villages for home in village.homes]

    first, second = heads(), heads()

    assert first == second
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(
    ("day", "linked_on"),
    [
        (dt.date(2026, 1, 1), dt.date(2025, 1, 1)),
        (dt.date(2026, 10, 1), dt.date(2025, 10, 1)),
        (dt.date(2028, 2, 29), dt.date(2027, 1, 1)),
        (TODAY, dt.date(2025, 10, 1)),
    ],
)
def test_links_began_in_the_quarter_of_a_year_ago_and_within_the_term(
    day: dt.date, linked_on: dt.date
) -> None:
    calendar = Calendar(day)

    assert calendar.linked_on == linked_on
    assert calendar.term_start <= linked_on < day <= calendar.term_end


def test_the_city_has_all_of_its_townships_to_compare(db: None) -> None:
    made = [size.code for size in townships.wanted(small=False)]
    areas = [size.area for size in townships.wanted(small=False)]

    everywhere_else = Region.objects.townships().exclude(code=workbooks.TOWNSHIP)
    assert sorted(made) == sorted(everywhere_else.values_list("code", flat=True))
    assert len(set(areas)) == len(areas)
    assert not set(areas) & COUNTIES


def test_a_small_demo_has_who_waits_between_villages(db: None) -> None:
    made = {size.code for size in townships.wanted(small=True)}

    moved = {
        place for origin, target, _ in townships.MOVES for place in (origin, target)
    }
    assert {township_of(place) for place in moved} <= {workbooks.TOWNSHIP, *made}


def test_each_list_of_exceptions_has_something_in_it(keeper: User) -> None:
    day = today()
    with everywhere(), narrowed(OTHER_TOWNSHIP):
        made = townships.generate(SMALL, keeper, day)

        assert made == Household.objects.count() > 3_800
        assert Household.objects.without_anyone(day).count() > 10
        assert Seat.objects.vacant(day).exists()
        assert Mandate.objects.active(day).filter(is_by_election=True).exists()
        assert set(Household.objects.values_list("status", flat=True)) == {
            *("living", "moved", "dissolved", "merged"),
        }
        loads = Counter(
            ContactLink.objects.active(day).values_list("representative", flat=True)
        )
        assert max(loads.values()) > 15
        assert min(loads.values()) < 5
        owed = Duty.objects.owed()
        assert owed.overdue(day).exists()
        assert owed.filter(waived(day)).exists()
        assert owed.filter(last_visit_on=None).exists()
        assert owed.filter(last_visit_on__isnull=False, due_on__gte=day).exists()


def test_generating_twice_adds_nothing(keeper: User) -> None:
    with everywhere():
        townships.generate(SMALL, keeper, today())
        counts = Household.objects.count(), Visit.objects.count()

        assert townships.generate(SMALL, keeper, today()) == 0
        assert (Household.objects.count(), Visit.objects.count()) == counts


def test_workbooks_come_in_with_their_refusals_and_the_account_gets_its_person(
    db: None,
) -> None:
    with everywhere():
        posts = accounts.open_accounts()
        counts = workbooks.import_workbooks(posts["township"], TODAY)
        with narrowed(TOWNSHIP):
            assert workbooks.complete_terms() == 21
            assert not CommitteeTerm.objects.filter(members=0).exists()
        accounts.bind_representative(posts)
        accounts.bind_representative(accounts.open_accounts())

        refused = {kind: verdicts["refused"] for kind, verdicts in counts.items()}
        assert refused == {"representatives": 4, "households": 37, "visits": 54}
        assert workbooks.import_workbooks(posts["township"], TODAY) == {}
        own = Post.objects.get(user__username="rep")
        person = Representative.objects.get(pk=own.narrowed_to)
        assert (person.name, person.region_id) == (own.user.name, VILLAGE)
        assert person.links.filter(ended_on=None).count() == 9


def test_households_wait_between_villages(keeper: User) -> None:
    with everywhere():
        for village in Region.objects.filter(
            code__in={origin for origin, _, _ in townships.MOVES}
        ):
            group = VillagerGroup.objects.create(region=village, number=1)
            Household.objects.bulk_create(
                Household(
                    region=village, group=group, head=f"户{n}", registered_on=TODAY
                )
                for n in range(8)
            )

        townships.offer_moves(TODAY)

        assert (
            Transfer.objects.filter(region_id=VILLAGE, is_outgoing=False).count() == 1
        )
        with pytest.raises(Refused):
            townships.offer_moves(TODAY)


def test_city_is_filled_with_households_links_and_visits(keeper: User) -> None:
    day = today()
    codes = list(
        Region.objects.filter(parent_id=OTHER_TOWNSHIP).values_list("code", flat=True)
    )[:2]
    size = city.Size(homes=72, visits=5, today=day, keeper=keeper.pk)

    with everywhere(), narrowed(OTHER_TOWNSHIP):
        made = city.fill_township(codes, size)

        assert (made.villages, made.households) == (2, 144)
        assert Household.objects.count() == Duty.objects.count() == 144
        assert made.visits == Visit.objects.count() > 600
        assert not Visit.objects.filter(visited_on__gt=day).exists()
        assert str(Household.objects.all()[0].id_number).startswith("430596****")
        assert Duty.objects.owed().filter(due_on__gte=day).count() > 100
