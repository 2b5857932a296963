"""By-elections for other programs: every step, by the services of the pages."""

from http import HTTPStatus
from typing import Any

from django.test import Client

from households.models import ContactLink
from representatives.models import ByElection, Candidate, Mandate
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import days_ago, today
from tests.elections import approved, elected, fresh, noticed, stand, started
from tests.rolls import ID_NUMBERS, Rolls

JSON = "application/json"
URL = "/api/v1/by-elections/"
PERSON = {
    "name": "申桂英",
    "sex": "f",
    "birth_year": int(ID_NUMBERS[0][6:10]),
    "id_number": ID_NUMBERS[0],
    "politics": "member",
    "nominated_by": "households",
    "has_rights": True,
}


def post(client: Client, url: str, **body: Any) -> Any:
    """Send a step; return the answer."""
    return client.post(f"{URL}{url}", body, content_type=JSON)


def test_a_by_election_goes_from_the_vacancy_to_the_vote(
    cast: Cast, rolls: Rolls
) -> None:
    village, township = signed_in(cast.clerk), signed_in(cast.township_staff)
    seat = {"seat": rolls.seats[3, 2].pk, "evidence": "增加名额的决定"}
    made = post(village, "", constituency=rolls.units[3].pk, seats=[seat])
    assert (made.status_code, made.json()["stage"]) == (HTTPStatus.CREATED, "plan")
    pk = made.json()["id"]

    plan = {"meets_on": today(), "place": "屋场", "presider": "组长", "entitled": 40}
    sent = post(village, f"{pk}/plan/", version=1, **plan)
    assert (sent.status_code, sent.json()["stage"]) == (200, "review")
    stale = post(village, f"{pk}/plan/", version=1, **plan)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    approved = post(township, f"{pk}/review/", version=2, approve=True)
    assert approved.json()["stage"] == "vote"
    person = post(village, f"{pk}/candidates/", **PERSON)
    assert [one["name"] for one in person.json()["candidates"]] == ["申桂英"]
    assert ID_NUMBERS[0] not in person.content.decode()


def test_what_the_page_refuses_the_api_refuses_in_the_same_words(
    cast: Cast, rolls: Rolls
) -> None:
    village = signed_in(cast.clerk)
    held = {"seat": rolls.seats[3, 1].pk, "evidence": "死亡证明"}
    refused = post(village, "", constituency=rolls.units[3].pk, seats=[held])
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert "没有空缺" in refused.json()["message"]
    row = started(cast, rolls)
    young = post(village, f"{row.pk}/candidates/", **PERSON | {"birth_year": today().year - 9, "id_number": ""})  # fmt: skip
    assert young.status_code == HTTPStatus.BAD_REQUEST
    assert "18" in young.content.decode()
    foreign = post(signed_in(cast.other_secretary), f"{row.pk}/cancel/", version=1, reason="不办了")  # fmt: skip
    assert foreign.status_code == HTTPStatus.NOT_FOUND
    with everywhere():
        assert not Candidate.objects.exists()


def test_a_candidate_is_corrected_and_taken_off(cast: Cast, rolls: Rolls) -> None:
    village, row = signed_in(cast.clerk), started(cast, rolls)
    made = post(village, f"{row.pk}/candidates/", **PERSON).json()
    url = f"/api/v1/candidates/{made['candidates'][0]['id']}/"
    now = village.put(url, PERSON | {"politics": "masses"}, content_type=JSON)
    assert now.json()["candidates"][0]["politics"] == "masses"
    assert village.delete(url).json()["candidates"] == []


def test_a_result_is_noticed_by_api_and_a_void_one_voted_anew(
    cast: Cast, rolls: Rolls
) -> None:
    village, row = signed_in(cast.clerk), elected(cast, rolls)
    terms = {
        "first_day": today(),
        "last_day": days_ago(-6),
        "contact_name": "申主任",
        "contact_phone": "0739-2721234",
    }
    short = post(village, f"{row.pk}/notice/", version=row.version, **terms | {"last_day": today()})  # fmt: skip
    assert short.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    drafted = post(village, f"{row.pk}/notice/", version=row.version, **terms).json()
    notice = f"/api/v1/notices/{drafted['notice']}/"
    assert village.post(f"{notice}publish/").json()["state"] == "published"
    gone = village.post(f"{notice}withdraw/", {"reason": "写错"}, content_type=JSON)
    assert gone.json()["state"] == "withdrawn"
    again = post(village, f"{row.pk}/repeat/", version=drafted["version"], reason="异议成立")  # fmt: skip
    assert again.json()["stage"] == "vote"


def test_a_filing_begins_the_mandate_and_hands_households_over(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    assert post(signed_in(cast.clerk), f"{row.pk}/file/", version=1).status_code == 403
    township = signed_in(cast.township_staff)
    home = rolls.households["无联系甲"].pk
    stranger = {"household": home, "candidate": 1}
    wrong = post(township, f"{row.pk}/file/", version=row.version, heirs=[stranger])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
    done = post(township, f"{row.pk}/file/", version=row.version)
    assert (done.status_code, done.json()["stage"]) == (200, "done")
    with at(cast.clerk):
        mandate = Mandate.objects.get(is_by_election=True)
        links = ContactLink.objects.filter(representative=mandate.representative)
        assert home in links.values_list("household", flat=True)


def test_a_by_election_is_called_off(cast: Cast, rolls: Rolls) -> None:
    row = started(cast, rolls)
    done = post(
        signed_in(cast.clerk), f"{row.pk}/cancel/", version=1, reason="席位撤销"
    )
    assert (done.status_code, done.json()["stage"]) == (200, "void")
    with at(cast.clerk):
        assert fresh(ByElection.objects.get(pk=row.pk)).cancel_reason == "席位撤销"


def test_numbers_that_no_village_has_are_refused_as_on_the_page(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    candidate = stand(cast, row)
    many = 5001
    numbers = dict.fromkeys(("entitled", "present", "issued", "returned"), many)
    votes = [
        {"candidate": candidate.pk, "votes_for": many, "votes_against": 0,
         "votes_abstaining": 0},
    ]  # fmt: skip
    with everywhere():
        version = fresh(row).version
    answer = post(
        signed_in(cast.clerk), f"{row.pk}/rounds/", version=version,
        held_on=days_ago(10), invalid=0, votes=votes, **numbers,
    )  # fmt: skip
    assert answer.status_code == HTTPStatus.BAD_REQUEST
