"""Preparing a 民情分析会 and merging issues for other programs: by the pages' services."""

from http import HTTPStatus
from typing import Any

from django.test import Client

from sentiment.models import Issue, Review, ReviewItem
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, changes
from tests.sentiment.meetings import begun, heard, submitted

JSON = "application/json"


def post(client: Client, url: str, **body: Any) -> Any:
    """Send a body; return the answer."""
    return client.post(f"/api/v1/{url}", body, content_type=JSON)


def test_the_texts_of_a_review_are_kept_and_the_rest_stays(
    cast: Cast, rolls: Rolls
) -> None:
    client, review = signed_in(cast.clerk), begun(cast.secretary)
    url, people = f"reviews/{review.pk}/texts/", ["张顺民", "李红英"]
    done = post(
        client, url, version=1, held_on=today().isoformat(), people=people, members=3
    )
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    said = done.json()
    assert (said["present"], said["attendees"]) == (5, "代表：张顺民、李红英；党员3人")
    stale = post(client, url, version=1, conclusion="抓紧办。")
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    more = post(client, url, conclusion="抓紧办。", covenants_say="都说好。").json()
    assert (more["conclusion"], more["covenants_say"]) == ("抓紧办。", "都说好。")
    assert (more["held_on"], more["attendees"]) == (said["held_on"], said["attendees"])
    stranger = post(client, url, people=["没有这个人"])
    assert "people" in stranger.json()["fields"]
    with at(cast.clerk):
        assert changes(Review.objects.get(pk=review.pk))[0].user == cast.clerk.user_id


def test_an_issue_is_decided_and_its_blanks_are_filled_in(
    cast: Cast, rolls: Rolls
) -> None:
    issue = heard(rolls, cast.clerk, "水管漏水")
    client, review = signed_in(cast.clerk), begun(cast.secretary)
    url = f"reviews/{review.pk}/items/{issue.pk}/"
    done = post(client, url, decision="village")
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    [item] = done.json()["items"]
    assert (item["issue"], item["decision"]) == (issue.pk, "village")
    assert item["due_on"]
    stale = post(client, url, decision="village", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    unknown = post(client, f"reviews/{review.pk}/items/987654321/", decision="village")
    assert unknown.status_code == HTTPStatus.NOT_FOUND
    with at(cast.clerk):
        assert ReviewItem.objects.get(review=review).decision == "village"


def test_a_submitted_review_is_corrected_by_a_new_version(
    cast: Cast, rolls: Rolls
) -> None:
    heard(rolls, cast.clerk, "水管漏水")
    client, review = signed_in(cast.secretary), begun(cast.secretary)
    early = post(client, f"reviews/{review.pk}/correct/")
    assert (early.status_code, early.json()["code"]) == (422, "refused")
    submitted(cast.secretary, review)
    closed = post(client, f"reviews/{review.pk}/texts/", conclusion="不能再改")
    assert (closed.status_code, "不能再改" in closed.json()["message"]) == (422, True)
    fresh = post(client, f"reviews/{review.pk}/correct/")
    assert (fresh.status_code, fresh.json()["corrects"]) == (201, review.pk)
    clerk = signed_in(cast.clerk)
    assert post(clerk, f"reviews/{review.pk}/correct/").status_code == 403


def test_issues_that_say_the_same_become_one(cast: Cast, rolls: Rolls) -> None:
    first = heard(rolls, cast.clerk, "水管漏水")
    second = heard(rolls, cast.clerk, "水管又漏水了")
    client, url = signed_in(cast.clerk), f"issues/{first.pk}/merge/"
    other = {"issue": second.pk, "version": second.version}
    stale = post(client, url, version=99, issues=[other])
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    done = post(client, url, version=first.version, issues=[other])
    assert done.status_code == HTTPStatus.OK, done.content.decode()
    with at(cast.clerk):
        merged = Issue.objects.get(pk=second.pk)
        assert merged.merged_into_id == first.pk
        assert changes(merged)[0].user == cast.clerk.user_id
    gone = post(client, url, version=1, issues=[{"issue": 987_654_321, "version": 1}])
    assert gone.status_code == HTTPStatus.NOT_FOUND


def test_without_the_right_403_and_outside_the_range_404(
    cast: Cast, rolls: Rolls
) -> None:
    issue, review = heard(rolls, cast.clerk, "水管漏水"), begun(cast.secretary)
    township, other = signed_in(cast.township_staff), signed_in(cast.other_secretary)
    urls = (
        f"reviews/{review.pk}/texts/",
        f"reviews/{review.pk}/items/{issue.pk}/",
        f"issues/{issue.pk}/merge/",
    )
    for url in urls:
        assert post(township, url).status_code == HTTPStatus.FORBIDDEN
        assert post(other, url).status_code == HTTPStatus.NOT_FOUND
