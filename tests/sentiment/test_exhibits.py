"""Photos and voice notes of issues and talk meetings: kept, refused, taken back."""

from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse

from accounts.services import Refused
from attachments.examining import examine
from attachments.rules import MB
from sentiment import services
from sentiment.models import Exhibit, Issue, TalkMeeting
from sentiment.services.exhibits import KINDS, MOST
from tests.attachments.making import pdf, picture, upload, webm
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, text_of
from tests.sentiment.meetings import as_representative, heard
from tests.sentiment.test_views_talks import sent

NEW = reverse("sentiment:issue-new")
SAID = {"source": "caller", "topic": "基础设施", "words": "桥栏杆断了一截"}


def said(**more: Any) -> dict[str, Any]:
    """Return the form of somebody who came."""
    return SAID | {"heard_on": today().isoformat(), "exhibits": upload(picture(), "桥.jpg")} | more  # fmt: skip


def test_a_photo_comes_with_an_issue_and_is_served_in_its_range_only(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    made = browser.post(NEW, said())
    assert made.status_code == HTTPStatus.FOUND
    page = browser.get(made["Location"]).content.decode()
    with at(cast.clerk):
        tie = Exhibit.objects.get(issue__words=SAID["words"])
    address = reverse("sentiment:issue-file", args=[tie.issue_id, tie.attachment_id])
    assert f"{address}?preview" in page
    assert browser.get(address)["Content-Type"] == "image/jpeg"
    above = signed_in(cast.township_staff)
    assert above.get(address).status_code == HTTPStatus.OK
    foreign = signed_in(cast.other_staff).get(address)
    assert foreign.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("大.jpg", picture()[:3] + bytes(10 * MB), "超过 10 MB"),
        ("表.pdf", pdf(), "不能收，请交照片（JPG、PNG、WebP）或手机录音"),
        ("录音.webm", webm()[:-20], "不完整，可能没有录完"),
        ("空.jpg", b"", "是空的"),
    ],
    ids=["10 MB", "wrong type", "cut off", "empty"],
)
def test_a_file_that_may_not_be_kept_is_refused_in_words_and_nothing_typed_is_lost(
    cast: Cast, rolls: Rolls, name: str, content: bytes, words: str
) -> None:
    browser = signed_in(cast.clerk)
    page = browser.post(NEW, said(exhibits=upload(content, name)))
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text_of(page)
    assert SAID["words"] in page.content.decode()
    assert "请重新选一次" in text_of(page)
    with at(cast.clerk):
        assert not Issue.objects.exists()


def test_more_is_added_to_an_issue_later_and_taken_back(
    cast: Cast, rolls: Rolls
) -> None:
    issue = heard(rolls, cast.clerk, "路灯坏了")
    browser, add = signed_in(cast.clerk), reverse("sentiment:issue-files", args=[issue.pk])  # fmt: skip
    nothing = browser.post(add)
    assert nothing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请先选照片或录音" in text_of(nothing)
    for _ in "twice":
        browser.post(add, {"exhibits": upload(webm(), "录音.webm")})
    with at(cast.clerk):
        [tie] = Exhibit.objects.filter(issue=issue)
    gone = reverse("sentiment:issue-file-remove", args=[issue.pk, tie.attachment_id])
    assert signed_in(cast.township_staff).post(gone).status_code == HTTPStatus.FORBIDDEN
    assert browser.post(gone).status_code == HTTPStatus.FOUND
    served = reverse("sentiment:issue-file", args=[issue.pk, tie.attachment_id])
    assert browser.get(served).status_code == HTTPStatus.NOT_FOUND


def test_a_meeting_has_photos_and_a_form_sent_twice_keeps_them_once(
    cast: Cast, rolls: Rolls
) -> None:
    phone = signed_in(as_representative(cast.representative, rolls))
    number = sent(rolls)["id"]
    for _ in "twice":
        form = sent(rolls, id=number, exhibits=upload(picture(), "会.jpg"))
        made = phone.post("/talks/new/", form)
    page = phone.get(made["Location"]).content.decode()
    with at(cast.clerk):
        talk = TalkMeeting.objects.get()
        [tie] = Exhibit.objects.all()
        assert tie.talk == talk
    address = reverse("sentiment:talk-file", args=[talk.pk, tie.attachment_id])
    assert address in page
    assert phone.get(address).status_code == HTTPStatus.OK
    gone = reverse("sentiment:talk-file-remove", args=[talk.pk, tie.attachment_id])
    assert phone.post(gone).status_code == HTTPStatus.FOUND
    assert address not in phone.get(made["Location"]).content.decode()


def test_a_voice_note_cut_off_on_the_phone_keeps_the_meeting_that_was_typed(
    cast: Cast, rolls: Rolls
) -> None:
    phone = signed_in(as_representative(cast.representative, rolls))
    page = phone.post("/talks/new/", sent(rolls, exhibits=upload(webm()[:-9], "录音.webm")))  # fmt: skip
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "没有录完或没有传完" in text_of(page)
    assert "水管漏水" in page.content.decode()
    with at(cast.clerk):
        assert not TalkMeeting.objects.exists()


def test_a_representative_sees_what_belongs_to_his_own_only(
    cast: Cast, rolls: Rolls
) -> None:
    issue = heard(rolls, cast.clerk, "路灯坏了")
    file = examine(upload(picture()), KINDS)
    with at(cast.clerk):
        assert services.exhibit(owner=issue, files=[file], by=cast.clerk) == 1
        assert services.exhibit(owner=issue, files=[file], by=cast.clerk) == 0
        assert Exhibit.objects.count() == 1
    with at(as_representative(cast.representative, rolls)):
        assert not Exhibit.objects.exists()


def test_there_is_an_end_to_photos(cast: Cast, rolls: Rolls) -> None:
    issue = heard(rolls, cast.clerk, "路灯坏了")
    files = [examine(upload(picture((64 + n, 64))), KINDS) for n in range(MOST + 1)]
    with at(cast.clerk), pytest.raises(Refused, match="最多 9 个"):
        services.exhibit(owner=issue, files=files, by=cast.clerk)
