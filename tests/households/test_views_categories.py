"""The city's categories: one list for all, changed by the city alone."""

import pytest
from django.urls import reverse

from households.models import Category
from households.services import set_categories
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, text_of

LIST = reverse("households:category-list")
NEW = reverse("households:category-new")


def edit_url(code: str) -> str:
    """Return the address of a category's form."""
    return reverse("households:category-edit", args=[code])


def test_the_list_says_how_many_households_have_each(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        for household in rolls.held_by("李红英")[:3]:
            set_categories(household=household, codes=["dibao"], on=today())
    rows = signed_in(cast.city_staff).get(LIST).context["rows"]
    assert {row.code: households for row, households in rows}["dibao"] == 3
    assert len(rows) == 12


def test_a_category_is_added_and_offered_to_villages(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.city_staff)
    done = browser.post(NEW, {"name": "高龄户", "is_key": "on"}, follow=True)
    assert "已增加“高龄户”" in text_of(done)
    form = reverse("households:categories", args=[rolls.households["无联系甲"].pk])
    assert "高龄户" in text_of(signed_in(cast.clerk).get(form))


def test_a_name_that_is_taken_is_refused_in_place(cast: Cast) -> None:
    browser = signed_in(cast.city_staff)
    for address in (NEW, edit_url("tekun")):
        typed = {"name": "低保户", "order": "2"}
        response = browser.post(address, typed)
        assert response.status_code == 422
        assert "已经有叫“低保户”的类别" in text_of(response)
    assert Category.objects.get(pk="tekun").name != "低保户"


def test_a_retired_category_is_kept_but_no_longer_offered(
    cast: Cast, rolls: Rolls
) -> None:
    having, other = rolls.held_by("李红英")[:2]
    with at(cast.clerk):
        set_categories(household=having, codes=["accident"], on=today())
    typed = {"name": "突发变故户", "order": "11", "is_key": "on", "retired": "on"}
    signed_in(cast.city_lead).post(edit_url("accident"), typed)

    def offered(household: object) -> bool:
        form = reverse("households:categories", args=[household.pk])  # type: ignore[attr-defined]
        return "突发变故户" in text_of(signed_in(cast.clerk).get(form))

    assert Category.objects.get(pk="accident").retired_on == today()
    assert offered(having)
    assert not offered(other)


def test_a_retired_category_comes_back(cast: Cast) -> None:
    Category.objects.filter(pk="accident").update(retired_on=today())
    browser = signed_in(cast.city_lead)
    assert browser.get(edit_url("accident")).context["form"].initial["retired"] is True
    browser.post(edit_url("accident"), {"name": "突发变故户", "order": "3"})
    back = Category.objects.get(pk="accident")
    assert (back.retired_on, back.is_key, back.order) == (None, False, 3)


def test_a_category_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert signed_in(cast.city_lead).get(edit_url("nothing")).status_code == 404


@pytest.mark.parametrize("part", ["township_lead", "secretary", "auditor"])
def test_categories_are_the_citys(cast: Cast, part: str) -> None:
    browser = signed_in(getattr(cast, part))
    for address in (LIST, NEW, edit_url("dibao")):
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"name": "x"}).status_code == 403
