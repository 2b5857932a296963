"""Whole numbers: asked for with a reason, shown once, and always in the log."""

import pytest
from django.urls import reverse

from accounts.models import AccessEntry, Action
from tests.cast import Cast, at, signed_in
from tests.rolls import Rolls, text_of


def address(rolls: Rolls, field: str = "phone") -> str:
    """Return where somebody's number is asked for."""
    return reverse("representatives:reveal", args=[rolls.people["李红英"].pk, field])


def reveals(cast: Cast) -> list[AccessEntry]:
    """Return the lines of the log on numbers that were shown."""
    with at(cast.secretary):
        return list(AccessEntry.objects.filter(action=Action.REVEALED))


def test_a_number_is_shown_for_a_reason_and_logged(cast: Cast, rolls: Rolls) -> None:
    response = signed_in(cast.clerk).post(address(rolls), {"reason": "打电话联系本人"})

    assert "13800001111" in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]
    [line] = reveals(cast)
    assert line.user == cast.clerk.user
    assert (line.subject, line.reason) == ("李红英 联系电话", "打电话联系本人")
    assert line.region_id == rolls.village.code
    assert "13800001111" not in f"{line.subject}{line.reason}{line.path}"


@pytest.mark.parametrize("reason", ["", "  ", "查"])
def test_without_a_reason_nothing_is_shown_and_what_was_typed_stays(
    cast: Cast, rolls: Rolls, reason: str
) -> None:
    response = signed_in(cast.clerk).post(address(rolls), {"reason": reason})

    assert response.status_code == 422
    assert "13800001111" not in response.content.decode()
    assert reveals(cast) == []


def test_asking_is_not_showing(cast: Cast, rolls: Rolls) -> None:
    response = signed_in(cast.clerk).get(address(rolls))
    assert "13800001111" not in response.content.decode()
    assert "为什么要看完整号码" in text_of(response)
    assert reveals(cast) == []


def test_htmx_gets_the_part_of_the_page_alone(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    part = browser.get(address(rolls), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<span")
    assert "<html" not in part


@pytest.mark.parametrize("field", ["id_number", "remark", "user", "name"])
def test_only_a_sealed_value_that_is_there_is_asked_for(
    cast: Cast, rolls: Rolls, field: str
) -> None:
    response = signed_in(cast.clerk).post(address(rolls, field), {"reason": "核对身份"})
    assert response.status_code == 404
    assert reveals(cast) == []


@pytest.mark.parametrize(
    ("part", "status"), [("city_staff", 403), ("other_lead", 404), ("auditor", 403)]
)
def test_nobody_else_is_shown_a_number(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    browser = signed_in(getattr(cast, part))
    response = browser.post(address(rolls), {"reason": "核对身份"})
    assert response.status_code == status
    assert reveals(cast) == []
