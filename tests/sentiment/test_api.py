"""Issues for other programs: the same services, the same refusals."""

from collections.abc import Iterator

import pytest

from sentiment.models import Issue
from tests.cast import Cast, signed_in
from tests.days import today
from tests.sentiment.stage import say, village_life
from tests.visits.stage import Walker

ISSUES = "/api/v1/issues/"
JSON = "application/json"


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


def test_a_program_enters_an_issue_and_takes_its_steps(
    here: Walker, cast: Cast
) -> None:
    api = signed_in(cast.clerk)
    sent = {
        "source": "phone",
        "heard_on": f"{today()}",
        "topic": "其他",
        "words": "缺水",
    }
    made = api.post(f"{ISSUES}new/", sent | {"head": "刘桂英"}, JSON)
    assert (made.status_code, made.json()["state"]) == (201, "collected")
    url = f"{ISSUES}{made.json()['id']}/"
    decided = {"version": 1, "way": "on_spot", "words": "已送水"}
    assert api.post(f"{url}decide/", decided, JSON).json()["state"] == "resolved"
    steps = api.get(url).json()["steps"]
    assert [step["action"] for step in steps] == ["collect", "decide"]
    assert api.get(f"{ISSUES}?state=resolved").json()["count"] == 1


ANSWERS = {
    ("note", "版本"): ({"version": 9, "words": "好"}, 409, "changed"),
    ("decide", "缺话"): ({"version": 1, "way": "on_spot"}, 422, "refused"),
    ("decide", "缺办法"): ({"version": 1}, 422, "refused"),
    ("dance", "没有"): ({"version": 1}, 404, "not_found"),
}


@pytest.mark.parametrize(("step", "answer"), ANSWERS.items())
def test_a_step_that_is_refused_says_why(
    here: Walker,
    cast: Cast,
    step: tuple[str, str],
    answer: tuple[dict[str, object], int, str],
) -> None:
    issue = say(cast.clerk)
    sent, status, code = answer
    found = signed_in(cast.clerk).post(f"{ISSUES}{issue.pk}/{step[0]}/", sent, JSON)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert Issue.objects.get().version == 1


@pytest.mark.parametrize("address", ["new", "{}/note"])
def test_what_is_no_day_is_told_and_is_no_error(
    here: Walker, cast: Cast, address: str
) -> None:
    said = {"source": "phone", "topic": "其他", "words": "缺水", "version": 1}
    sent = said | {"heard_on": 20261101, "on": 20261101}
    url = f"{ISSUES}{address.format(say(cast.clerk).pk)}/"
    answer = signed_in(cast.clerk).post(url, sent, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_numbers_are_masked_for_a_township_and_its_steps_are_its_own(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk, "回电13800036893")
    api = signed_in(cast.township_staff)
    assert api.get(f"{ISSUES}{issue.pk}/").json()["words"] == "回电138****6893"
    sent = {"version": 1, "words": "好"}
    assert api.post(f"{ISSUES}{issue.pk}/withdraw/", sent, JSON).status_code == 403
    assert api.post(f"{ISSUES}new/", {}, JSON).status_code == 403
