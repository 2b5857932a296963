"""A division as it is typed: found, or refused in a sentence."""

import pytest
from django import forms

from regions.forms import PlaceField, PlaceFilter
from regions.models import Region
from tests.cast import VILLAGE, Cast, at
from trainings.forms import AnyVillageField

UNSEEN = "地名里有看不见的字符，请重新填写。"


class Asked(forms.Form):
    """Asks for a place of one's range, and for any village."""

    place = PlaceField(required=False)
    village = AnyVillageField(required=False)


@pytest.mark.parametrize("name", ["place", "village"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("\0", UNSEEN),
        ("长冲口\0村", UNSEEN),
        ("村" * 41, "地名最多 40 个字，请写“镇 + 村”。"),
        ("9" * 5000, "地名最多 40 个字，请写“镇 + 村”。"),
        ("没有的村", None),
    ],
    ids=["nul", "nul inside", "long", "huge", "unknown"],
)
def test_what_is_no_place_is_refused_in_a_sentence(
    cast: Cast, name: str, typed: str, words: str | None
) -> None:
    with at(cast.city_lead):
        form = Asked({name: typed})
        errors = form.errors[name]

    assert len(errors) == 1
    assert words is None or errors == [words]


@pytest.mark.parametrize("name", ["place", "village"])
def test_a_place_is_found_by_its_name_and_shown_in_full(cast: Cast, name: str) -> None:
    with at(cast.secretary):
        form = Asked({name: " 魏家桥镇　长冲口村 "})
        assert form.is_valid(), form.errors
        again = form.fields[name].clean(form.cleaned_data[name])
        shown = form.fields[name].prepare_value(again)

    assert (again.code, shown) == (VILLAGE, "魏家桥镇 长冲口村")


@pytest.mark.parametrize("typed", ["", " ", "　"])
def test_nothing_typed_asks_for_no_place(cast: Cast, typed: str) -> None:
    with at(cast.secretary):
        filters = PlaceFilter({"place": typed})
        assert filters.is_valid()
        assert filters.cleaned_data == {"place": None}
        assert filters.narrow(Region.objects.all()).count() > 600
