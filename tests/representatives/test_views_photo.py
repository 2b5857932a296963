"""A representative's photo: optional, one at a time, nothing but the picture, in scope."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from attachments.models import Attachment
from representatives.models import Representative
from tests.attachments import making
from tests.cast import Cast, at, everywhere, signed_in
from tests.rolls import Rolls, text_of


@pytest.fixture
def person(rolls: Rolls) -> Representative:
    """Return the person whose photo it is."""
    return rolls.people["李红英"]


def address(person: Representative, name: str = "photo-change") -> str:
    """Return the address of the photo, or of the page that changes it."""
    return reverse(f"representatives:{name}", args=[person.pk])


def choose(browser: Client, person: Representative, content: bytes) -> Any:
    """Send a file as the photo."""
    sent = SimpleUploadedFile("我.jpg", content, content_type="image/jpeg")
    return browser.post(address(person), {"photo": sent}, follow=True)


def photo_of(person: Representative) -> Attachment | None:
    """Return what is kept as the photo now."""
    with everywhere():
        return Representative.objects.select_related("photo").get(pk=person.pk).photo


def test_a_photo_is_shown_on_the_persons_page_without_place_or_time(
    cast: Cast, person: Representative
) -> None:
    browser = signed_in(cast.clerk)
    page = choose(browser, person, making.camera_picture())

    assert "李红英的照片已换上" in text_of(page)
    assert f'src="{address(person, "photo")}?preview"' in page.content.decode()
    kept = browser.get(address(person, "photo"))
    assert kept.headers["Content-Type"] == "image/jpeg"
    assert not dict(Image.open(io.BytesIO(kept.content)).getexif())
    with at(cast.clerk):
        assert Representative.objects.get(pk=person.pk).version == 1, "it is no edit"


def test_another_photo_withdraws_the_one_before_and_none_withdraws_it_too(
    cast: Cast, person: Representative
) -> None:
    browser = signed_in(cast.clerk)
    choose(browser, person, making.picture((300, 400)))
    first = photo_of(person)
    choose(browser, person, making.picture((400, 300)))
    second = photo_of(person)
    page = browser.post(address(person), {"drop": "on"}, follow=True)

    assert first
    assert second
    assert first != second
    assert "李红英的照片已去掉" in text_of(page)
    assert photo_of(person) is None
    assert browser.get(address(person, "photo")).status_code == 404
    with everywhere():
        first.refresh_from_db()
        second.refresh_from_db()
    assert {first.withdrawn_by, second.withdrawn_by} == {cast.clerk.user}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "是空的，请重新选"), (b"<svg/>", "请交照片（JPG、PNG、WebP）")],
)
def test_a_wrong_file_is_refused_in_place(
    cast: Cast, person: Representative, content: bytes, words: str
) -> None:
    page = choose(signed_in(cast.clerk), person, content)
    assert page.status_code == 422
    assert words in text_of(page)
    assert photo_of(person) is None


def test_whoever_may_not_edit_sees_the_photo_and_no_way_to_change_it(
    cast: Cast, person: Representative
) -> None:
    choose(signed_in(cast.clerk), person, making.picture())
    browser = signed_in(cast.city_lead)
    page = browser.get(person.get_absolute_url()).content.decode()
    assert address(person, "photo") in page
    assert address(person) not in page
    assert browser.get(address(person)).status_code == 403
    assert signed_in(cast.other_lead).get(address(person, "photo")).status_code == 404
