"""Statements put together once: the same rows as ever, and an error for what is more."""

from typing import Any

import pytest
from django.db.models import F, QuerySet

from regions.codes import township_of
from regions.models import Region
from regions.postgresql import compiled
from regions.postgresql.compiled import NotPutIn, rows_of
from regions.scoping import span
from tests.cast import CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE


def below(level: str, *, code: int) -> QuerySet[Any, Any]:
    rows = Region.objects.within(span(code)).filter(level=level)
    return rows.order_by("code").values_list("code", "name")


def beside(*, mine: int, other: int) -> QuerySet[Any, Any]:
    rows = Region.objects.filter(parent_id=other).exclude(pk=mine)
    return rows.order_by("code").values_list("code", "parent_id", F("code") + 0)


@pytest.mark.parametrize("code", [CITY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE])
@pytest.mark.parametrize("level", ["township", "village"])
def test_rows_are_those_of_the_place_asked_about(
    db: None, level: str, code: int
) -> None:
    assert rows_of(below, level, code=code) == list(below(level, code=code))


def test_each_number_goes_where_it_belongs(db: None) -> None:
    for mine, other in ((VILLAGE, TOWNSHIP), (VILLAGE, OTHER_TOWNSHIP)):
        found = rows_of(beside, mine=mine, other=other)

        assert found == list(beside(mine=mine, other=other))
        assert len(found) > 10


def test_a_statement_is_put_together_once_for_a_shape(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_of(below, "village", code=TOWNSHIP)
    monkeypatch.setattr(compiled, "_compiled", None)  # calling it would fail

    assert rows_of(below, "village", code=OTHER_TOWNSHIP)


def above(*, code: int) -> QuerySet[Any, Any]:
    return Region.objects.filter(pk=township_of(code)).values_list("name")


def by_its_digits(*, code: int) -> QuerySet[Any, Any]:
    column = "pk" if str(code).startswith("93") else "parent_id"
    return Region.objects.filter(**{column: code}).values_list("name")


def after_a_look(*, code: int) -> QuerySet[Any, Any]:
    names = [one.name for one in Region.objects.all()[:1]]
    return Region.objects.filter(pk=code, name__in=names).values_list("name")


@pytest.mark.parametrize("build", [above, by_its_digits, after_a_look])
def test_what_a_statement_does_besides_comparing_a_code_is_an_error(
    db: None, build: compiled.Build
) -> None:
    with pytest.raises(NotPutIn, match=build.__name__):
        rows_of(build, code=VILLAGE)


def nothing(*, code: int) -> QuerySet[Any, Any]:
    return Region.objects.none().values_list("code")


def test_a_statement_that_can_have_no_rows_has_none(db: None) -> None:
    assert rows_of(nothing, code=VILLAGE) == []


def test_any_of_asks_what_in_asks(db: None) -> None:
    codes = [VILLAGE, TOWNSHIP, 1]

    found = Region.objects.filter(pk__any_of=codes)
    assert set(found) == set(Region.objects.filter(pk__in=codes))
    assert not Region.objects.filter(parent__any_of=[])
    assert set(Region.objects.filter(parent__any_of=[TOWNSHIP])) == set(
        Region.objects.filter(parent__in=[TOWNSHIP])
    )
