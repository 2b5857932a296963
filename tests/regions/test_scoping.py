"""Ranges of codes: what a division spans, and what lies in what."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from regions.models import Level, Region, VillagerGroup
from regions.scoping import EVERYWHERE_HI, SETTINGS, Scope, current_scope, scope, span
from tests.cast import CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, everywhere


@pytest.mark.parametrize(
    ("code", "lo", "hi"),
    [
        (430582000000, 430582000000, 430583000000),
        (430582113000, 430582113000, 430582114000),
        (430582113219, 430582113219, 430582113220),
        (430582100000, 430582100000, 430582101000),
        (430582999999, 430582999999, 430583000000),
        (430582001001, 430582001001, 430582001002),
    ],
)
def test_a_division_spans_its_own_row_and_all_below_it(
    code: int, lo: int, hi: int
) -> None:
    assert span(code) == Scope(lo, hi)
    assert code in span(code)
    assert hi not in span(code)
    assert lo - 1 not in span(code)


def test_the_span_of_every_real_division_is_its_subtree(db: None) -> None:
    """Told once by the range of codes, once by the parents in the tree."""
    parents = dict(Region.objects.values_list("code", "parent_id"))
    below: dict[int, set[int]] = {code: {code} for code in parents}
    for code in parents:
        above = parents[code]
        while above:
            below[above].add(code)
            above = parents[above]
    for code, subtree in below.items():
        assert {other for other in parents if other in span(code)} == subtree


def test_the_level_of_every_real_division_is_that_of_its_code(db: None) -> None:
    widths = {10**6: Level.CITY, 10**3: Level.TOWNSHIP, 1: Level.VILLAGE}
    for region in Region.objects.all():
        assert widths[region.scope.hi - region.scope.lo] == region.level


digits = st.integers(0, 999)


@given(digits, digits)
@settings(deadline=None)
def test_spans_of_one_level_do_not_overlap_and_lie_in_the_one_above(
    township: int, village: int
) -> None:
    city = span(430582_000_000)
    middle = span(430582_000_000 + township * 1000)
    small = span(430582_000_000 + township * 1000 + village)
    assert city.covers(middle)
    assert middle.covers(small) or (township, village) == (0, 0)
    assert not small.covers(middle) or middle == small


def test_covering_is_a_matter_of_both_ends() -> None:
    ours = span(TOWNSHIP)
    assert ours.covers(ours)
    assert span(CITY).covers(ours)
    assert not ours.covers(span(CITY))
    assert not ours.covers(span(OTHER_TOWNSHIP))
    assert not ours.covers(Scope(TOWNSHIP, TOWNSHIP + 1001))
    assert Scope(0, EVERYWHERE_HI).covers(span(999999999999))


def test_settings_are_text_in_the_order_of_their_names() -> None:
    asked = Scope(
        1, 2, user=3, representative=4, request="r", why="w", merging=True
    ).settings()
    assert dict(zip(SETTINGS, asked, strict=True)) == {
        "app.lo": "1",
        "app.hi": "2",
        "app.user": "3",
        "app.representative": "4",
        "app.request": "r",
        "app.why": "w",
        "app.merging": "on",
    }
    assert Scope(0, 0).settings() == ("0", "0", "", "", "", "", "")


def test_scopes_nest_and_an_error_closes_them_too() -> None:
    outer, inner = span(TOWNSHIP), span(VILLAGE)
    with scope(outer):
        with suppress(KeyError), scope(inner):
            assert current_scope() == inner
            raise KeyError
        assert current_scope() == outer
    assert current_scope() is None


# --- divisions and groups ---------------------------------------------------------------


def test_a_village_is_called_by_its_township_too(db: None) -> None:
    named = {code: Region.objects.get(pk=code).full_name for code in (CITY, VILLAGE)}
    assert named == {CITY: "邵东市", VILLAGE: "魏家桥镇 长冲口村"}


def test_village_names_repeat_and_full_names_do_not(db: None) -> None:
    villages = list(Region.objects.villages().select_related("parent"))
    assert len({village.name for village in villages}) < len(villages) == 580
    assert len({village.full_name for village in villages}) == len(villages)


def test_the_tree_is_read_by_level_range_and_force(db: None) -> None:
    with everywhere():
        Region.objects.filter(pk=VILLAGE).update(ended_on="2026-01-01")
    ours = Region.objects.within(span(TOWNSHIP))
    assert ours.townships().get().pk == TOWNSHIP
    assert ours.count() == ours.villages().count() + 1
    assert VILLAGE not in ours.current().values_list("pk", flat=True)
    assert ours.current().count() == ours.count() - 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"parent": None}, "code_fits_level"),
        ({"parent_id": OTHER_TOWNSHIP}, "code_fits_level"),
        ({"successor_id": TOWNSHIP}, "successor_means_ended"),
        (
            {"successor_id": VILLAGE, "ended_on": "2026-01-01"},
            "not_its_own_successor",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_database_refuses_what_cannot_be(
    db: None, changes: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Region.objects.filter(pk=VILLAGE).update(**changes)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (430582113219, Level.TOWNSHIP),
        (430582113000, Level.VILLAGE),
        (430582113000, Level.CITY),
        (430582113219, Level.CITY),
    ],
)
def test_the_database_refuses_a_level_that_the_code_does_not_have(
    db: None, code: int, level: str
) -> None:
    """Scopes are read from codes: a code of another width would be another range."""
    with pytest.raises(IntegrityError, match="code_fits_level"), transaction.atomic():
        Region.objects.filter(pk=code).update(level=level)


def test_a_group_is_numbered_once_in_its_village(db: None) -> None:
    sibling = Region.objects.filter(parent_id=TOWNSHIP).earliest("code")
    with everywhere():
        VillagerGroup.objects.create(region_id=VILLAGE, number=3)
        VillagerGroup.objects.create(region=sibling, number=3)
        with pytest.raises(IntegrityError, match="number_once"), transaction.atomic():
            VillagerGroup.objects.create(region_id=VILLAGE, number=3)


def test_a_group_is_called_by_its_name_or_number() -> None:
    assert str(VillagerGroup(number=3)) == "3 组"
    assert str(VillagerGroup(number=3, name="大院组")) == "大院组"


def test_a_group_belongs_to_a_division_that_exists(db: None) -> None:
    refused = pytest.raises(IntegrityError, match="region_fk")
    with everywhere(), refused, transaction.atomic():
        VillagerGroup.objects.create(region_id=VILLAGE + 780, number=1)
