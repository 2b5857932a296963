"""Files are kept once, apart from their rows, in scope, and served so that they only show."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import RowChange
from accounts.services import Refused
from attachments import services, views
from attachments.forms import AttachmentsField
from attachments.models import Attachment, AttachmentContent
from attachments.rules import Kind
from tests.attachments import making
from tests.cast import VILLAGE, Cast, at


@pytest.fixture
def kept(cast: Cast) -> Attachment:
    """Return a voice note that our village keeps."""
    with at(cast.clerk):
        return store(cast, making.wav(), Kind.VOICE)


def store(
    cast: Cast, content: bytes, kind: Kind = Kind.PHOTO, pk: uuid.UUID | None = None
) -> Attachment:
    """Keep a file for our village."""
    return services.store(
        attachment_id=pk or uuid.uuid4(),
        kind=kind,
        upload=making.upload(content, "井.jpg"),
        region=VILLAGE,
        by=cast.clerk.user,
    )[0]


def test_same_file_under_the_same_id_is_kept_once(cast: Cast) -> None:
    pk, photo = uuid.uuid4(), making.picture()
    with at(cast.clerk):
        store(cast, photo, pk=pk)
        store(cast, photo, pk=pk)
        with pytest.raises(services.OtherContent):
            store(cast, making.picture((500, 500)), pk=pk)

        assert Attachment.objects.count() == AttachmentContent.objects.count() == 1


def test_refused_file_leaves_nothing(cast: Cast) -> None:
    with at(cast.clerk):
        with pytest.raises(Refused):
            store(cast, b"<svg/>")

        assert not Attachment.objects.exists()
        assert not AttachmentContent.objects.exists()


def test_neighbour_village_sees_neither_row_nor_bytes(
    cast: Cast, kept: Attachment
) -> None:
    with at(cast.sibling_secretary):
        assert not Attachment.objects.exists()
        assert not AttachmentContent.objects.exists()


def test_bytes_are_written_once(cast: Cast, kept: Attachment) -> None:
    for change in (
        "UPDATE attachments_attachmentcontent SET content = ''",
        "DELETE FROM attachments_attachmentcontent",
    ):
        with at(cast.clerk), pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(change)


def test_list_of_attachments_never_reads_the_bytes(
    cast: Cast, kept: Attachment, django_assert_num_queries: Any
) -> None:
    with at(cast.clerk), django_assert_num_queries(1) as asked:
        assert list(Attachment.objects.standing()) == [kept]

    assert "attachmentcontent" not in asked.captured_queries[-1]["sql"]


def test_withdrawn_file_is_shown_to_nobody_and_its_history_says_who(
    cast: Cast, kept: Attachment, rf: RequestFactory
) -> None:
    with at(cast.clerk):
        services.withdraw(attachment=kept, by=cast.clerk.user)
        with pytest.raises(Refused):
            services.withdraw(attachment=kept, by=cast.clerk.user)

        assert not Attachment.objects.standing().exists()
        with pytest.raises(Http404):
            views.answer(rf.get("/"), kept)
        [change] = RowChange.objects.filter(
            table="attachments_attachment", operation="update"
        )
    assert change.user == cast.clerk.user.pk
    assert change.row == str(kept.pk)


# --- serving ------------------------------------------------------------------------


def test_file_is_served_so_that_it_can_only_be_shown(
    cast: Cast, kept: Attachment, rf: RequestFactory
) -> None:
    with at(cast.clerk):
        answer = views.answer(rf.get("/"), kept)

    assert answer.content == making.wav()
    assert answer["Content-Type"] == "audio/wav"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("inline")
    assert "\n" not in answer["Content-Disposition"]


def test_scan_is_downloaded_and_never_opened_in_the_page(
    cast: Cast, rf: RequestFactory
) -> None:
    with at(cast.clerk):
        scan = store(cast, making.pdf(b"<< >>"), Kind.SCAN)
        answer = views.answer(rf.get("/"), scan)

    assert answer["Content-Disposition"].startswith("attachment")


def test_photo_has_a_small_picture(cast: Cast, rf: RequestFactory) -> None:
    with at(cast.clerk):
        photo = store(cast, making.picture((1200, 900)))
        small = views.answer(rf.get("/"), photo, preview=True)
        [shown] = views.shown([photo], lambda one: f"/of/{one.pk}/")

    assert 0 < len(small.content) < photo.size
    assert shown.preview_url == f"/of/{photo.pk}/?preview"


SIZE = len(making.wav())
RANGES = {
    "bytes=0-9": (206, 10, f"bytes 0-9/{SIZE}"),
    "bytes=100-": (206, SIZE - 100, f"bytes 100-{SIZE - 1}/{SIZE}"),
    "bytes=10-999999999": (206, SIZE - 10, f"bytes 10-{SIZE - 1}/{SIZE}"),
    f"bytes={SIZE}-": (416, 0, f"bytes */{SIZE}"),
    "bytes=9-2": (416, 0, f"bytes */{SIZE}"),
    "bytes=-5": (200, SIZE, None),
    "bytes=0-1,5-6": (200, SIZE, None),
    "lines=1-2": (200, SIZE, None),
}


@pytest.mark.parametrize(("asked", "expected"), RANGES.items())
def test_player_gets_the_part_it_asks_for(
    cast: Cast,
    kept: Attachment,
    rf: RequestFactory,
    asked: str,
    expected: tuple[int, int, str | None],
) -> None:
    with at(cast.clerk):
        answer = views.answer(rf.get("/", headers={"Range": asked}), kept)

    length, told = len(answer.content), answer.headers.get("Content-Range")
    assert (answer.status_code, length, told) == expected


def test_part_is_the_right_part(cast: Cast, kept: Attachment) -> None:
    with at(cast.clerk):
        assert kept.read(4, 8) == making.wav()[4:12]


# --- the form field -------------------------------------------------------------------


def test_field_gives_what_was_examined_and_says_what_was_refused() -> None:
    field = AttachmentsField(kinds=(Kind.PHOTO,), most=2)
    good, bad = making.picture(), b"<svg/>"

    [found] = field.clean([making.upload(good, "井.png")])
    refused = refusals(
        field, [making.upload(bad, "甲.svg"), making.upload(bad, "乙.svg")]
    )
    many = refusals(field, [making.upload(good)] * 3)

    assert (found.kind, found.name) == (Kind.PHOTO, "井.jpg")
    assert [words[:7] for words in refused] == ["“甲.svg”", "“乙.svg”"]
    assert many == ["一次最多 2 个文件，请分几次交。"]
    assert field.clean([]) == []


def test_required_field_asks_for_a_file() -> None:
    assert len(refusals(AttachmentsField(required=True), [])) == 1


def refusals(field: AttachmentsField, uploads: list[Any]) -> list[str]:
    """Return the sentences that a field refuses with."""
    with pytest.raises(ValidationError) as refused:
        field.clean(uploads)
    return list(refused.value.messages)


def test_files_of_a_form_are_kept_under_new_ids(cast: Cast) -> None:
    uploads = [making.upload(making.picture()) for _ in range(2)]
    files = AttachmentsField().clean(uploads)
    with at(cast.clerk):
        made = services.keep_all(files=files, region=VILLAGE, by=cast.clerk.user)

        assert len({one.pk for one in made}) == 2
        assert made[0].added_at <= timezone.now()
