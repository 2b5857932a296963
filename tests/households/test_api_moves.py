"""Households that leave, move and are handed over, for other programs."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from households.models import ContactLink, Household, LinkEnd, Status, Transfer
from representatives.models import Mandate
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, changes, holder, set_up_other, statements

JSON = "application/json"
TRANSFERS, LINKS = "/api/v1/transfers/", "/api/v1/links/"
MOVES = f"/api/v1/villages/{VILLAGE}/moves/"
PROPOSAL = f"/api/v1/villages/{VILLAGE}/proposal/"


@pytest.fixture(scope="module")
def other(rolls: Rolls) -> Rolls:
    """Return the rolls of a village of the other township."""
    return set_up_other()


def post(client: Client, url: str, **body: Any) -> Any:
    """Send a body; return the answer."""
    return client.post(url, body, content_type=JSON)


def home(rolls: Rolls, head: str, part: str) -> str:
    """Return an address of a household."""
    return f"/api/v1/households/{rolls.households[head].pk}/{part}/"


# --- off the roll, and to another village -----------------------------------------------


def test_a_household_is_merged_and_kept_to_be_read(cast: Cast, rolls: Rolls) -> None:
    client, into = signed_in(cast.clerk), rolls.households["无联系乙"]
    day = today().isoformat()
    silent = post(client, home(rolls, "赵家周3", "off-roll"), way="merged", on=day)
    assert "请选并入哪一户" in str(silent.json()["fields"]["merged_into"])
    done = post(
        client, home(rolls, "赵家周3", "off-roll"), way="merged", on=day, merged_into=into.pk
    )  # fmt: skip
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    assert (done.json()["status"], done.json()["merged_into"]) == ("merged", into.pk)
    again = post(client, home(rolls, "赵家周3", "off-roll"), way="dissolved", on=day)
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    with at(cast.clerk):
        row = Household.objects.get(head="赵家周3")
        [link] = ContactLink.objects.filter(household=row)
        assert link.end_reason == LinkEnd.HOUSEHOLD_LEFT
        assert changes(row)[0].user == cast.clerk.user_id


def test_a_household_moves_to_another_village(
    cast: Cast, rolls: Rolls, other: Rolls
) -> None:
    ours, theirs = signed_in(cast.clerk), signed_in(cast.other_secretary)
    made = post(ours, home(rolls, "无联系甲", "offer"), to=other.village.code)
    assert made.status_code == HTTPStatus.CREATED, made.content.decode()
    twice = post(ours, home(rolls, "无联系甲", "offer"), to=other.village.code)
    assert (twice.status_code, twice.json()["code"]) == (422, "refused")
    [incoming] = theirs.get(TRANSFERS, {"state": "offered"}).json()["results"]
    assert (incoming["head"], incoming["is_outgoing"]) == ("无联系甲", False)
    url = f"{TRANSFERS}{incoming['id']}/"
    assert post(ours, f"{url}accept/", group_number=1).status_code == 404
    arrived = post(theirs, f"{url}accept/", group_number=8)
    assert arrived.status_code == HTTPStatus.CREATED, arrived.content.decode()
    assert arrived.json()["region"] == other.village.code
    late = post(theirs, f"{url}decline/", reason="没有搬来")
    assert (late.status_code, late.json()["code"]) == (422, "refused")
    with at(cast.clerk):
        assert Household.objects.get(head="无联系甲").status == Status.MOVED


def test_an_offer_is_declined_or_taken_back(
    cast: Cast, rolls: Rolls, other: Rolls
) -> None:
    ours, theirs = signed_in(cast.clerk), signed_in(cast.other_secretary)
    post(ours, home(rolls, "无联系甲", "offer"), to=other.village.code)
    with at(cast.other_secretary):
        incoming = Transfer.objects.get(head="无联系甲")
    declined = post(theirs, f"{TRANSFERS}{incoming.pk}/decline/", reason="没有搬来本村")
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
    offer = post(ours, home(rolls, "无联系乙", "offer"), to=other.village.code).json()
    gone = post(ours, f"{TRANSFERS}{offer['id']}/withdraw/")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    before = statements(ours, TRANSFERS)
    post(ours, home(rolls, "无联系乙", "offer"), to=other.village.code)
    assert statements(ours, TRANSFERS) == before


# --- who looks after whom ---------------------------------------------------------------


def test_links_are_listed_by_representative_household_and_end(
    cast: Cast, rolls: Rolls
) -> None:
    client, person = signed_in(cast.clerk), rolls.people["周静霞"].pk
    listed = client.get(LINKS, {"representative": person}).json()
    assert listed["count"] == 3
    one = client.get(LINKS, {"household": rolls.households["赵家周3"].pk}).json()
    assert [row["representative"] for row in one["results"]] == [person]
    assert client.get(LINKS, {"ended": "yes"}).json()["count"] == 0
    assert client.get(LINKS, {"ended": "all"}).json()["count"] == 34
    assert statements(client, LINKS) == statements(
        client, f"{LINKS}?representative={person}"
    )


def test_moves_are_made_and_those_out_of_date_are_named(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    person, others = rolls.people["周静霞"].pk, rolls.people["李红英"].pk
    free, held = rolls.households["无联系甲"], rolls.households["赵家张1"]
    moves = [
        {"household": free.pk, "to": person},
        {"household": held.pk, "held_by": others, "to": person},
    ]
    done = post(client, MOVES, moves=moves)
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    assert done.json()["moved"] == 1
    [left] = done.json()["outdated"]
    assert (left["head"], "没有变动" in left["words"]) == ("赵家张1", True)
    with at(cast.clerk):
        assert (holder(free), holder(held)) == ("周静霞", "张顺民")
        link = ContactLink.objects.get(household=free)
        assert link.entered_by == cast.clerk.user
        assert changes(link, "insert")[0].user == cast.clerk.user_id
    nobody = [{"household": free.pk, "held_by": person, "to": None}]
    assert post(client, MOVES, moves=nobody).json() == {"moved": 1, "outdated": []}
    with at(cast.clerk):
        assert holder(free) is None


def test_a_proposal_is_read_and_its_lines_are_accepted(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.clerk)
    found = client.get(PROPOSAL).json()
    free = {rolls.households[head].pk for head in ("无联系甲", "无联系乙")}
    lines = [one for one in found["changes"] if one["household"] in free]
    assert {one["held_by"] for one in lines} == {None}
    assert all(one["reason"] for one in found["changes"])
    moves = [
        {name: one[name] for name in ("household", "held_by", "to")}
        for one in found["changes"]
    ]
    done = post(client, MOVES, moves=moves).json()
    assert done == {"moved": len(moves), "outdated": []}
    after = {one["representative"]: one["after"] for one in found["loads"]}
    listed = client.get(LINKS, {"representative": rolls.people["周静霞"].pk}).json()
    assert listed["count"] == after[rolls.people["周静霞"].pk]


# --- leaving office ---------------------------------------------------------------------


def leave_url(rolls: Rolls) -> str:
    """Return the address at which 周静霞 leaves office."""
    return f"/api/v1/representatives/{rolls.people['周静霞'].pk}/leave/"


def test_a_mandate_ends_and_its_households_go_as_proposed(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), leave_url(rolls)
    proposed = client.get(url).json()["heirs"]
    assert len(proposed) == 3
    body = {"cause": "resigned", "on": today().isoformat()}
    silent = post(client, url, **body)
    assert "evidence" in silent.json()["fields"]
    done = post(client, url, **body, evidence="书面辞职")
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    alone = [one["household"] for one in proposed if one["representative"] is None]
    assert sorted(done.json()["alone"]) == sorted(alone)
    with at(cast.clerk):
        mandate = Mandate.objects.get(pk=rolls.mandates["周静霞"].pk)
        assert (mandate.ended_on, mandate.end_cause) == (today(), "resigned")
        assert changes(mandate)[0].user == cast.clerk.user_id
    assert post(client, url, **body, evidence="书面辞职").status_code == 404


def test_heirs_are_chosen_one_by_one_and_the_rest_has_nobody(
    cast: Cast, rolls: Rolls
) -> None:
    client, url = signed_in(cast.clerk), leave_url(rolls)
    first, *others = rolls.held_by("周静霞")
    body = {"cause": "moved", "on": today().isoformat(), "evidence": "迁出证明"}
    foreign = {"household": rolls.households["赵家张1"].pk, "representative": None}
    wrong = post(client, url, **body, heirs=[foreign])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
    heir = {"household": first.pk, "representative": rolls.people["申秋云"].pk}
    stranger = heir | {"representative": rolls.people["周静霞"].pk}
    assert post(client, url, **body, heirs=[stranger]).status_code == 400
    done = post(client, url, **body, heirs=[heir])
    assert sorted(done.json()["alone"]) == sorted(row.pk for row in others)
    with at(cast.clerk):
        assert holder(first) == "申秋云"


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, rolls: Rolls, other: Rolls
) -> None:
    city, foreign = signed_in(cast.city_staff), signed_in(cast.other_staff)
    move = {"household": rolls.households["无联系甲"].pk, "to": None}
    for url in (MOVES, leave_url(rolls)):
        assert post(city, url, moves=[move]).status_code == HTTPStatus.FORBIDDEN
        assert post(foreign, url, moves=[move]).status_code == HTTPStatus.NOT_FOUND
    assert city.get(PROPOSAL).status_code == HTTPStatus.FORBIDDEN
    assert foreign.get(PROPOSAL).status_code == HTTPStatus.NOT_FOUND
    theirs = signed_in(cast.other_staff).get(LINKS).json()["results"]
    assert {one["region"] for one in theirs} == {other.village.code}
