"""An appraisal by program: each step as on its page, with the same refusals."""

from typing import Any

import pytest
from django.test import Client

from appraisals.models import Demonstration, Growth
from tests.appraisals.appraising import filed, new_year
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import in_days, this_year, today
from tests.rolls import Rolls

APPRAISALS, JSON = "/api/v1/appraisals/", "application/json"
TICKETS = {"present": 12, "issued": 10, "returned": 10}


class Program:
    """A program that goes on with the version it was answered with."""

    def __init__(self, client: Client, found: dict[str, Any]) -> None:
        self.client, self.found = client, found
        self.address = f"{APPRAISALS}{found['id']}/"

    def take(self, step: str, how: str = "post", **sent: Any) -> Any:
        """Take a step; remember the answer if it was taken."""
        body = sent | {"version": self.found["version"]}
        answer = getattr(self.client, how)(f"{self.address}{step}/", body, JSON)
        if answer.status_code == 200:
            self.found |= self.client.get(self.address).json()
        return answer

    @property
    def results(self) -> list[int]:
        """The ids of all results."""
        return [one["id"] for one in self.found["results"]]


@pytest.fixture
def begun(cast: Cast, rolls: Rolls) -> Program:
    """Return an appraisal that a program has begun."""
    client = signed_in(cast.secretary)
    made = client.post(APPRAISALS, {"year": this_year()}, JSON)
    assert made.status_code == 201, made.json()
    return Program(client, client.get(f"{APPRAISALS}{made.json()['id']}/").json())


def meeting(**more: Any) -> dict[str, Any]:
    """Return a meeting of today."""
    return {
        "met_on": f"{today()}", "place": "村部", "chair": "申主任",
        "counts_until": f"{new_year()}", **more,
    }  # fmt: skip


def test_a_program_takes_an_appraisal_from_its_beginning_to_its_notice(
    cast: Cast, begun: Program
) -> None:
    assert begun.take("relist").json()["stage"] == "draft"
    assert begun.take("meeting", "put", **meeting()).json()["stage"] == "meeting"
    votes = [{"result": one, "excellent": 9, "competent": 1} for one in begun.results]
    huge: dict[str, Any] = dict.fromkeys(TICKETS, 40_000)
    huge["votes"] = [{"result": one, "excellent": 40_000} for one in begun.results]
    assert begun.take("tickets/peers", "put", **huge).status_code == 400
    wrong = begun.take("tickets/peers", "put", **TICKETS | {"issued": 20}, votes=votes)
    assert (wrong.status_code, "还多" in wrong.json()["message"]) == (422, True)
    for body in ("peers", "villagers", "party"):
        entered = begun.take(f"tickets/{body}", "put", **TICKETS, votes=votes)
        assert entered.status_code == 200, entered.json()
    selves = [{"result": one, "grade": "excellent"} for one in begun.results]
    begun.take("self", "put", grades=selves)
    closed = begun.take("close", minutes="书记述职，逐人评议。")
    assert (closed.status_code, closed.json()["stage"]) == (200, "confirm")
    everybody = begun.take("grades", "put", grades=selves)
    assert (everybody.status_code, everybody.json()["code"]) == (422, "refused")
    first, *others = begun.results
    grades = [{"result": first, "grade": "excellent"}] + [
        {"result": one, "grade": "competent", "words": "名额有限"} for one in others
    ]
    assert begun.take("grades", "put", grades=grades).status_code == 200
    assert begun.take("confirm").json()["stage"] == "notice"
    days = {
        "first_day": f"{today()}", "last_day": f"{in_days(4)}",
        "contact_name": "申主任", "contact_phone": "0739-2721234",
    }  # fmt: skip
    noticed = begun.take("notice", **days)
    assert (noticed.status_code, noticed.json()["state"]) == (200, "draft")
    assert begun.found["excellent"] == 1


def test_a_step_on_an_old_version_conflicts_and_another_office_may_not(
    cast: Cast, begun: Program
) -> None:
    begun.take("meeting", "put", **meeting())
    begun.found["version"] -= 1
    assert begun.take("recount").status_code == 409
    assert begun.take("tickets/secret", "put", **TICKETS, votes=[]).status_code == 404
    township = Program(signed_in(cast.township_staff), dict(begun.found))
    assert township.take("relist").status_code == 403
    sibling = Program(signed_in(cast.sibling_secretary), dict(begun.found))
    assert sibling.take("relist").status_code == 404


def test_a_program_honours_whom_the_township_filed(cast: Cast, rolls: Rolls) -> None:
    row = filed(cast.secretary, cast.township_staff, "张顺民")
    client = signed_in(cast.secretary)
    results = client.get(f"{APPRAISALS}{row.pk}/").json()["results"]
    [best] = [one["id"] for one in results if one["grade"] == "excellent"]
    sent = {"year": this_year(), "awarded_on": f"{today()}"}
    award = {"result": best, "plaque": "001", "given": "bonus"}
    nothing = client.post("/api/v1/honours/", sent | {"awards": [award]}, JSON)
    assert (nothing.status_code, "请填金额" in nothing.json()["message"]) == (422, True)
    award["amount"] = "200.00"
    [made] = client.post("/api/v1/honours/", sent | {"awards": [award]}, JSON).json()
    receive = f"/api/v1/honours/{made['id']}/receive/"
    taken = {
        "received_on": f"{today()}",
        "receiver": "张顺民",
        "version": made["version"],
    }
    assert client.post(receive, taken, JSON).json()["receiver"] == "张顺民"
    assert client.post(receive, taken, JSON).status_code == 409
    held = {"year": this_year(), "held_on": f"{today()}", "place": "村部"}
    assert client.post("/api/v1/commendations/", held, JSON).json()["place"] == "村部"


def test_growth_and_demonstration_villages_come_and_end(
    cast: Cast, rolls: Rolls
) -> None:
    client = signed_in(cast.secretary)
    person = rolls.people["张顺民"].pk
    sent = {
        "representative": person, "kind": "activist", "started_on": f"{today()}",
        "decided": "支部大会",
    }  # fmt: skip
    made = client.post("/api/v1/growth/", sent, JSON)
    assert made.status_code == 201, made.json()
    end = f"/api/v1/growth/{made.json()['id']}/end/"
    over = {"ended_on": f"{today()}", "outcome": "已发展为预备党员"}
    assert client.post(end, over, JSON).status_code == 200
    assert client.post(end, over, JSON).status_code == 422
    township = signed_in(cast.township_staff)
    chosen = {"village": VILLAGE, "year": this_year(), "lessons": "院落恳谈会"}
    shown = township.post("/api/v1/demonstrations/", chosen, JSON)
    assert shown.status_code == 200, shown.json()
    assert client.post("/api/v1/demonstrations/", chosen, JSON).status_code == 403
    address = f"/api/v1/demonstrations/{shown.json()['id']}/"
    assert township.delete(address).status_code == 204
    with at(cast.township_staff):
        assert not Demonstration.objects.exists()
        assert Growth.objects.get().outcome == "已发展为预备党员"


def test_the_city_sets_an_edition_of_the_plan(cast: Cast) -> None:
    client, address = signed_in(cast.city_staff), "/api/v1/appraisal-plans/"
    [held] = client.get(address).json()["results"]
    sent = held | {
        "year": this_year(),
        "effective_from": f"{today()}",
        "basis": "某号文",
    }
    wrong = client.post(address, sent | {"w_system": 60}, JSON)
    assert (wrong.status_code, "正好 100" in wrong.json()["message"]) == (422, True)
    short = client.post(address, sent | {"grades": held["grades"][:2]}, JSON)
    assert short.status_code == 400
    made = client.post(address, sent | {"share": "10.00"}, JSON)
    assert (made.status_code, made.json()["share"]) == (201, "10.00")
    assert signed_in(cast.township_staff).get(address).status_code == 403
