"""A draft of a scheme by program: its parts, terms and trial, refused as on the page."""

from typing import Any

import pytest
from django.test import Client

from evaluations.models import Scheme, SchemeItem
from evaluations.rules.schemes import Scope
from evaluations.services import schemes
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.evaluations.stage import praise
from tests.rolls import Rolls

SCHEMES, JSON = "/api/v1/schemes/", "application/json"


@pytest.fixture
def draft(cast: Cast) -> dict[str, Any]:
    """Return the city's draft of next year, as the API shows it."""
    api, year = signed_in(cast.city_staff), today().year + 1
    made = api.post(SCHEMES, {"year": year, "scope": "household"}, JSON)
    assert made.status_code == 201
    found: dict[str, Any] = made.json()
    return found


def seen(api: Client, draft: dict[str, Any]) -> dict[str, Any]:
    """Return the draft as it is now."""
    found: dict[str, Any] = api.get(f"{SCHEMES}{draft['id']}/").json()
    return found


def test_parts_of_a_draft_are_added_changed_and_taken_out(
    cast: Cast, draft: dict[str, Any]
) -> None:
    api, address = signed_in(cast.city_staff), f"{SCHEMES}{draft['id']}/"
    sent = {"name": "文明养犬", "base": 5, "cap": 10}
    made = api.post(f"{address}categories/", sent, JSON)
    assert (made.status_code, made.json()["floor"]) == (201, 0)
    part = made.json()["id"]
    item = {"category": part, "words": "拴绳养犬", "least": 1, "most": 1}
    added = api.post(f"{address}items/", item, JSON)
    assert added.status_code == 201
    changed = api.patch(f"{address}items/{added.json()['id']}/", {"most": 2}, JSON)
    assert (changed.status_code, changed.json()["least"]) == (200, 1)
    tier = draft["tiers"][0]["id"]
    assert api.patch(f"{address}tiers/{tier}/", {"quota": 15}, JSON).status_code == 200
    now = seen(api, draft)
    assert now["tiers"][0]["quota"] == 15
    assert now["categories"][-1]["items"][0]["most"] == 2
    assert api.delete(f"{address}categories/{part}/").status_code == 204
    assert len(seen(api, draft)["categories"]) == 6


@pytest.mark.parametrize(
    ("what", "sent", "code"),
    [
        ("categories", {"name": "倒挂", "base": 20, "cap": 10}, 400),
        ("categories", {"name": "遵纪守法", "base": 1, "cap": 2}, 422),
        ("items", {"category": 1, "words": "别的方案里的类别", "most": 1}, 400),
        ("tiers", {"name": "末等", "is_public": True}, 400),
    ],
)
def test_what_the_page_refuses_is_refused(
    cast: Cast, draft: dict[str, Any], what: str, sent: dict[str, Any], code: int
) -> None:
    api = signed_in(cast.city_staff)
    refused = api.post(f"{SCHEMES}{draft['id']}/{what}/", sent, JSON)
    assert refused.status_code == code, refused.json()
    assert "。" in str(refused.json())


def test_terms_change_by_the_version_that_was_read_and_a_draft_can_be_dropped(
    cast: Cast, draft: dict[str, Any]
) -> None:
    api, address = signed_in(cast.city_staff), f"{SCHEMES}{draft['id']}/"
    sent = {"rounds": 2, "notice_days": 5, "version": draft["version"]}
    assert api.patch(address, sent, JSON).json()["rounds"] == 2
    assert api.patch(address, sent, JSON).status_code == 409
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_a_draft_is_its_owners_and_below_nobody_sees_it(
    cast: Cast, draft: dict[str, Any]
) -> None:
    """It holds for nobody yet; only once in force is it read below."""
    api, address = signed_in(cast.township_lead), f"{SCHEMES}{draft['id']}/"
    assert api.get(address).status_code == 404
    part = f"{address}categories/{draft['categories'][0]['id']}/"
    assert api.patch(part, {"base": 1}, JSON).status_code == 404
    assert draft["id"] not in {row["id"] for row in api.get(SCHEMES).json()["results"]}


def test_an_edition_in_force_keeps_its_parts(cast: Cast, scheme: Scheme) -> None:
    api = signed_in(cast.city_staff)
    whole = api.get(f"{SCHEMES}{scheme.pk}/").json()
    part = f"{SCHEMES}{scheme.pk}/categories/{whole['categories'][0]['id']}/"
    refused = api.patch(part, {"cap": 90}, JSON)
    assert (refused.status_code, "不能再改" in refused.json()["message"]) == (422, True)
    assert api.delete(part).status_code == 422
    assert api.get(f"{SCHEMES}{scheme.pk}/trial/").status_code == 422


def test_a_draft_is_tried_on_entries_and_nothing_is_written(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
        good = rolls.held_by("李红英")[0]
        praise(round_, [good], cast.clerk)
        made = schemes.adapt(source=scheme, on=today(), by=cast.secretary)
        SchemeItem.objects.filter(category__scheme=made, words=stage.DONATION).update(
            least=1, most=1
        )
    api = signed_in(cast.secretary)
    found = api.get(f"{SCHEMES}{made.pk}/trial/").json()
    assert (found["round"], found["rated"]) == (round_.pk, 36)
    assert [one["id"] for one in found["moved"]] == [good.pk]
    assert found["moved"][0]["was"] == stage.MODEL
    shifts = {one["tier"]: one["now"] - one["was"] for one in found["tiers"]}
    assert shifts == {stage.MODEL: -1, stage.COMPLIANT: 1}
    other = api.get(f"{SCHEMES}{made.pk}/trial/?round=987654321")
    assert other.status_code == 404


def test_a_draft_for_villages_is_tried_on_their_ratings(cast: Cast) -> None:
    with at(cast.city_staff):
        made = schemes.use_recommended(
            year=today().year, scope=Scope.VILLAGE, on=today(), by=cast.city_staff
        )
    found = signed_in(cast.city_staff).get(f"{SCHEMES}{made.pk}/trial/").json()
    assert (found["rated"], found["moved"], found["round"]) == (0, [], None)
