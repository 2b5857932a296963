"""The stamped paper of a covenant, sent by another program with its text."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import RowChange
from attachments.models import Attachment
from attachments.rules import MOST_BYTES
from evaluations.models import Covenant, CovenantVersion
from tests.attachments.making import pdf, picture, upload, wav
from tests.cast import Cast, at, signed_in

ADDRESS, JSON = "/api/v1/covenants/", "application/json"
SENT = {"slot": 1, "title": "村规民约", "text": "红白喜事从简。"}


def stamped() -> SimpleUploadedFile:
    return upload(pdf(), "村规民约.pdf")


def entered(cast: Cast, **more: Any) -> Any:
    return signed_in(cast.clerk).post(ADDRESS, SENT | more)


def scan_of(text: int) -> str:
    return f"/api/v1/covenant-texts/{text}/scan/"


def test_a_covenant_comes_with_the_stamped_paper(cast: Cast) -> None:
    made = entered(cast, scan=stamped())

    assert made.status_code == HTTPStatus.CREATED, made.json()
    assert made.json()["has_scan"] is True
    with at(cast.clerk):
        text = CovenantVersion.objects.select_related("scan").get()
        assert text.scan is not None
        assert (text.scan.name, text.scan.added_by) == ("村规民约.pdf", cast.clerk.user)
        logged = RowChange.objects.get(table="evaluations_covenantversion")
        assert (logged.user, logged.operation) == (cast.clerk.user_id, "insert")
    seen = signed_in(cast.township_staff).get(scan_of(text.pk))
    assert (seen["Content-Type"], seen.content) == ("application/pdf", pdf())


def test_the_next_text_comes_with_a_paper_of_its_own(cast: Cast) -> None:
    first = entered(cast, scan=stamped()).json()
    with at(cast.clerk):
        covenant = Covenant.objects.get()
    clerk, address = signed_in(cast.clerk), f"{ADDRESS}{covenant.pk}/texts/"
    photo = upload(picture(), "第二版.jpg")
    second = clerk.post(address, {"text": "二", "scan": photo}).json()
    third = clerk.post(address, {"text": "三"}, content_type=JSON).json()

    assert [one["has_scan"] for one in (first, second, third)] == [True, True, False]
    assert clerk.get(scan_of(second["id"]))["Content-Type"] == "image/jpeg"
    assert clerk.get(scan_of(third["id"])).status_code == HTTPStatus.NOT_FOUND


BAD: dict[str, tuple[Callable[[], SimpleUploadedFile], int, str]] = {
    "wrong type": (lambda: upload(wav(), "约.pdf"), 422, "“约.pdf”不能收，请交扫描件"),
    "empty": (lambda: upload(b"", "约.pdf"), 400, "空"),
    "too large": (lambda: upload(pdf() + bytes(MOST_BYTES), "约.pdf"), 422, "超过 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_paper_that_cannot_be_kept_leaves_no_covenant(cast: Cast, bad: str) -> None:
    paper, status, words = BAD[bad]
    told = entered(cast, scan=paper())
    assert told.status_code == status
    assert words in str(told.json())
    with at(cast.clerk):
        assert not Covenant.objects.exists()
        assert not Attachment.objects.exists()


def test_a_paper_is_kept_and_read_within_the_scope(cast: Cast) -> None:
    text = entered(cast, scan=stamped()).json()["id"]
    with at(cast.clerk):
        address = f"{ADDRESS}{Covenant.objects.get().pk}/texts/"
    for stranger in (cast.sibling_secretary, cast.other_staff):
        browser = signed_in(stranger)
        assert browser.get(scan_of(text)).status_code == HTTPStatus.NOT_FOUND
    sent = {"text": "别村的", "scan": stamped()}
    sibling = signed_in(cast.sibling_secretary).post(address, sent)
    assert sibling.status_code == HTTPStatus.NOT_FOUND
    above = signed_in(cast.township_staff).post(ADDRESS, SENT | {"scan": stamped()})
    assert above.status_code == HTTPStatus.FORBIDDEN
    with at(cast.clerk):
        assert CovenantVersion.objects.count() == 1
