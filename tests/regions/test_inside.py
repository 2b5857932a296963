"""Rows inside a place: said in one way of every scoped table."""

from django.apps import apps

from regions.models import ScopedModel, inside
from regions.scoping import span


def test_rows_of_every_scoped_table_are_narrowed_to_a_place_by_their_code() -> None:
    for model in apps.get_models():
        if issubclass(model, ScopedModel):
            rows = inside(model._default_manager.all(), span(430582113219))
            asked = str(rows.order_by().query)
            assert '"region_code" >= 430582113219' in asked
            assert '"region_code" < 430582113220' in asked
