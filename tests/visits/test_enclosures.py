"""Photos and voice notes of a visit: sent after it, kept once, shown where it is."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import RowChange
from accounts.services import Refused
from attachments.examining import examine
from attachments.models import Attachment
from tests.attachments import making
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.visits.stage import Walker, body, hand_to, make_walker, seen
from visits import services
from visits.models import Enclosure, HandedVisit, Visit
from visits.services import handing
from visits.services.enclosing import KINDS, MOST

Sent = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return the cast's representative with two households."""
    with everywhere():
        return make_walker("walker", ("刘桂英", "张志文"), post=cast.representative)


@pytest.fixture
def phone(walker: Walker) -> Client:
    """Return his browser."""
    return signed_in(walker.post)


@pytest.fixture
def visit(walker: Walker) -> Visit:
    """Return his visit of today."""
    with everywhere():
        return seen(walker, "刘桂英", today())


def send(
    phone: Client,
    visit: uuid.UUID,
    content: bytes,
    pk: uuid.UUID | None = None,
    **more: Any,
) -> Sent:
    """PUT a file as the phone does; return the status and the answer."""
    answer = phone.put(
        f"/api/v1/visits/{visit}/attachments/{pk or uuid.uuid4()}/?name=录音.webm",
        content,
        content_type="application/octet-stream",
        **more,
    )
    is_json = answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json() if is_json else {}


def test_same_file_sent_again_is_kept_once(
    phone: Client, walker: Walker, visit: Visit
) -> None:
    pk = uuid.uuid4()

    answers = [send(phone, visit.pk, making.webm(), pk) for _ in range(3)]

    assert [status for status, _ in answers] == [201, 200, 200]
    assert answers[0][1]["mime"] == "audio/webm"
    with at(walker.post):
        tie = Enclosure.objects.get()
        changed = RowChange.objects.filter(table="visits_enclosure").count()
    assert (tie.visit_id, tie.attachment_id, changed) == (visit.pk, pk, 1)


REFUSED = {
    "nothing": (b"", 422, "是空的"),
    "no sound": (b"<svg/>", 422, "请交照片"),
    "cut off": (making.webm()[:-5], 422, "不完整"),
    "a scan": (making.pdf(b"<< >>"), 422, "请交照片"),
}


@pytest.mark.parametrize(("content", "status", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_file_has_its_reason_and_leaves_nothing(
    phone: Client, walker: Walker, visit: Visit, content: bytes, status: int, words: str
) -> None:
    told, answer = send(phone, visit.pk, content)

    assert (told, answer["code"]) == (status, "refused")
    assert words in answer["message"]
    with at(walker.post):
        assert not Attachment.objects.exists()


def test_body_shorter_than_announced_was_cut_off() -> None:
    short = making.upload(making.amr())
    short.size = 90_000

    with pytest.raises(Refused, match="不完整"):
        examine(short, KINDS)


def test_other_file_under_the_same_id_is_a_conflict(
    phone: Client, visit: Visit
) -> None:
    pk = uuid.uuid4()
    send(phone, visit.pk, making.amr(), pk)

    status, answer = send(phone, visit.pk, making.amr(2), pk)

    assert (status, answer["code"]) == (409, "other_content")


def test_more_than_nine_files_are_too_many(phone: Client, visit: Visit) -> None:
    statuses = [send(phone, visit.pk, making.amr())[0] for _ in range(MOST + 1)]

    assert statuses == [201] * MOST + [422]


def test_visit_of_a_colleague_takes_nothing_from_him(
    phone: Client, walker: Walker
) -> None:
    with everywhere():
        taken = seen(make_walker("other", ("别人家",)), "别人家", today())

    foreign = send(phone, taken.pk, making.amr())
    absent = send(phone, uuid.uuid4(), making.amr())

    assert foreign == absent
    assert foreign[1]["code"] == "no_visit"
    with everywhere():
        assert not Enclosure.objects.exists()


def test_township_sees_and_does_not_add(
    cast: Cast, phone: Client, visit: Visit
) -> None:
    pk = uuid.uuid4()
    send(phone, visit.pk, making.amr(), pk)
    office = signed_in(cast.township_staff)
    address = f"/visits/{visit.pk}/attachments/{pk}/"

    assert send(office, visit.pk, making.amr())[0] == 403
    assert office.get(address)["Content-Type"] == "audio/amr"
    assert signed_in(cast.other_staff).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_photo_is_seen_by_its_visit_and_by_no_other(
    phone: Client, walker: Walker, visit: Visit
) -> None:
    pk = uuid.uuid4()
    send(phone, visit.pk, making.picture((900, 700)), pk)
    with everywhere():
        other = seen(walker, "张志文", today())

    small = phone.get(f"/visits/{visit.pk}/attachments/{pk}/?preview")
    page = phone.get(f"/visits/doors/{visit.household_id}/").content.decode()

    assert small["Content-Type"] == "image/jpeg"
    assert f"/visits/{visit.pk}/attachments/{pk}/?preview" in page
    assert phone.get(f"/visits/{other.pk}/attachments/{pk}/").status_code == 404


def test_correction_keeps_what_came_with_the_visit_and_what_comes_later(
    phone: Client, walker: Walker, visit: Visit
) -> None:
    early, late = uuid.uuid4(), uuid.uuid4()
    send(phone, visit.pk, making.amr(), early)
    content = services.Content(visit.household_id, today(), words="改了")
    with at(walker.post):
        new = services.correct(
            visit=visit, content=content, reason="记错", by=walker.post
        )
    send(phone, visit.pk, making.amr(2), late)

    with at(walker.post):
        kept = new.enclosures.values_list("attachment_id", flat=True)
        assert set(kept) == {early, late}


def test_files_of_a_refused_visit_go_with_it_to_the_village(
    cast: Cast, phone: Client, walker: Walker
) -> None:
    home, pk, voice = walker.homes["刘桂英"], uuid.uuid4(), uuid.uuid4()
    with everywhere():
        hand_to(home, make_walker("heir", ()).person, today())
    refused = body(home, head="刘桂英", refusal="不归您联系")
    assert send(phone, pk, making.amr(), voice)[1]["code"] == "no_visit"
    phone.post(
        f"/api/v1/visits/{pk}/hand-over/", refused, content_type="application/json"
    )

    assert send(phone, pk, making.amr(), voice)[0] == 201
    village = signed_in(cast.clerk)
    address = f"/visits/{pk}/attachments/{voice}/"
    assert address in village.get("/visits/handed/").content.decode()
    with at(cast.clerk):
        row = HandedVisit.objects.get()
        taken = handing.take_up(handed=row, by=cast.clerk)
        assert taken.enclosures.get().attachment_id == voice


def test_form_without_script_keeps_its_files_once(
    phone: Client, walker: Walker
) -> None:
    pk = uuid.uuid4()

    def filled() -> dict[str, Any]:
        return {
            "id": str(pk),
            "household": walker.homes["刘桂英"].pk,
            "topics": "医疗健康",
            "satisfaction": "fair",
            "for_village": "yes",
            "visited_on": str(today()),
            "enclosed": [making.upload(making.picture(), "药.jpg")],
        }

    answers = [phone.post("/visits/matter/", filled()).status_code for _ in range(2)]

    assert answers == [302, 302]
    with at(walker.post):
        assert [tie.attachment.name for tie in Enclosure.objects.all()] == ["药.jpg"]


def test_wrong_file_in_the_form_is_told_beside_it_and_records_nothing(
    phone: Client, walker: Walker
) -> None:
    answer = phone.post(
        "/visits/matter/",
        {
            "id": str(uuid.uuid4()),
            "household": walker.homes["刘桂英"].pk,
            "topics": "医疗健康",
            "satisfaction": "fair",
            "for_village": "yes",
            "visited_on": str(today()),
            "words": "要买药",
            "enclosed": [making.upload(b"<svg/>", "药.svg")],
        },
    )

    assert answer.status_code == 422
    assert "“药.svg”不能收" in answer.content.decode()
    assert "要买药" in answer.content.decode()
    with at(walker.post):
        assert not Visit.objects.exists()
