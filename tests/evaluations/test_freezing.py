"""Freezing holds: whatever column of what is decided somebody writes, it stays (section 5)."""

from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.models import (
    HouseholdRating,
    RatingRound,
    Scheme,
    SchemeCategory,
    SchemeItem,
    SchemeTier,
)
from tests.cast import Cast, at
from tests.evaluations import stage
from tests.rolls import Rolls

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Scheme: ("year", "number", "rounds", "notice_days"),
    SchemeCategory: ("name", "order", "base", "cap", "floor"),
    SchemeItem: ("words", "order", "least", "most", "cap", "is_veto", "measure"),
    SchemeTier: ("name", "order", "threshold", "quota", "is_public"),
    HouseholdRating: ("total", "plus", "minus", "parts", "vetoes", "placing"),
}
PLACES = [(model, name) for model, names in COLUMNS.items() for name in names]


@pytest.fixture(scope="module")
def decided(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a confirmed round under the edition in force."""
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
        stage.to_notice(cast, round_)
        return round_


def rows_of(model: type[models.Model], round_: RatingRound) -> "models.QuerySet[Any]":
    """Return the rows of a model that were decided with a round."""
    paths: dict[type[models.Model], dict[str, Any]] = {
        Scheme: {"pk": round_.scheme_id},
        SchemeItem: {"category__scheme": round_.scheme_id},
        HouseholdRating: {"round": round_},
    }
    where = paths.get(model, {"scheme": round_.scheme_id})
    return model._default_manager.filter(**where)


def other(field: Any, number: int) -> Any:
    """Return a value that no decided row has."""
    if isinstance(field, models.BooleanField):
        return number % 2 == 0
    if isinstance(field, models.JSONField):
        return {"别的": number}
    return f"改{number}"[:12] if isinstance(field, models.CharField) else number


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.sampled_from(PLACES), number=st.integers(1000, 9000))
def test_no_column_of_what_is_decided_changes(
    cast: Cast, decided: RatingRound, place: tuple[type[models.Model], str], number: int
) -> None:
    model, name = place
    value = other(model._meta.get_field(name), number)
    with at(cast.city_staff):
        held = list(rows_of(model, decided).order_by("pk").values())
        wanted = rows_of(model, decided).exclude(**{name: value})
        with pytest.raises(DatabaseError), transaction.atomic():
            wanted.update(**{name: value})
        assert list(rows_of(model, decided).order_by("pk").values()) == held
