"""The gallery draws everything, and only in demo mode."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.http import Http404
from django.test import RequestFactory

from tests.ui.conftest import Elements
from ui import views
from ui.apps import check_settings


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("size", ["m", "l", "xl", "huge"])
@pytest.mark.parametrize("page", sorted(views.PAGES))
@pytest.mark.usefixtures("demo")
def test_page_draws_in_every_size(rf: RequestFactory, page: str, size: str) -> None:
    response = views.gallery(rf.get("/gallery/", {"size": size}), page)

    drawn = Elements(response.content.decode())
    assert response.status_code == 200
    assert drawn.one("html")["data-size"] == (size if size != "huge" else "m")
    assert len(drawn.all("h1")) == 1
    ids = [a["id"] for _, a in drawn.found if a.get("id")]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("page", sorted(views.PAGES))
@pytest.mark.usefixtures("demo")
def test_page_obeys_the_content_policy(rf: RequestFactory, page: str) -> None:
    drawn = Elements(views.gallery(rf.get("/gallery/"), page).content.decode())

    for tag, attributes in drawn.found:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if re.match(r"on[a-z]|hx-on", name)]
    assert all(script.get("src") for script in drawn.all("script"))
    assert drawn.all("style") == []


@pytest.mark.parametrize(
    "call",
    [
        lambda request: views.gallery(request),
        lambda request: views.job(request),
        lambda request: views.picker(request),
        lambda request: views.trouble(request, 404),
    ],
    ids=["gallery", "job", "picker", "trouble"],
)
def test_there_is_no_gallery_outside_demo_mode(
    rf: RequestFactory, settings: Any, call: Any
) -> None:
    settings.DEMO = False

    with pytest.raises(Http404):
        call(rf.get("/gallery/"))


@pytest.mark.usefixtures("demo")
def test_unknown_page_is_absent(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        views.gallery(rf.get("/gallery/"), "nothing")


@pytest.mark.usefixtures("demo")
def test_wrong_form_is_answered_with_422_and_its_errors(rf: RequestFactory) -> None:
    response = views.gallery(rf.post("/gallery/forms/", {}), "forms")

    assert response.status_code == 422
    assert "有几处需要改一下" in response.content.decode()


@pytest.mark.usefixtures("demo")
def test_picker_finds_a_place_by_its_name(rf: RequestFactory) -> None:
    found = views.picker(rf.get("/", {"q": "东塘"})).content.decode()
    nothing = views.picker(rf.get("/", {"q": "北京"})).content.decode()

    assert "东塘村" in found
    assert "石羊村" not in found
    assert "没有叫“北京”的地方" in nothing


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 500, 503])
def test_trouble_answers_with_the_page_of_its_status(
    rf: RequestFactory, status: int
) -> None:
    assert views.trouble(rf.get("/"), status).status_code == status


def test_missing_forms_app_is_named_by_the_system_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert check_settings(None) == []
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "django.forms")

    assert [error.id for error in check_settings(None)] == ["ui.E001"]
