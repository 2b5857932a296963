"""The city's list of categories: what is offered, to whom, and what it keeps."""

import pytest
from django.urls import reverse

from accounts.models import RowChange
from accounts.services import Refused
from tests.cast import Cast, at, signed_in
from visits.models import Topic
from visits.rules import TOPICS
from visits.topics import add_topic

LIST = reverse("visits:topics")


def test_the_list_begins_with_the_categories_of_domain_3_4(db: None) -> None:
    offered = Topic.objects.offered().values_list("name", "words")
    assert dict(offered) == TOPICS


def test_the_city_adds_a_category_and_phones_have_it(cast: Cast) -> None:
    browser = signed_in(cast.city_staff)
    sent = {"name": "移风易俗", "words": "红白喜事"}
    answer = browser.post(reverse("visits:topic-new"), sent, follow=True)
    assert "红白喜事" in answer.content.decode()
    assert Topic.objects.get(pk="移风易俗").order == len(TOPICS) + 1
    again = browser.post(reverse("visits:topic-new"), sent)
    assert again.status_code == 422
    assert "已经有“移风易俗”这个类别" in again.content.decode()
    with pytest.raises(Refused), at(cast.city_staff):
        add_topic(name="其他", words="")


def test_a_retired_category_is_kept_and_no_longer_offered(cast: Cast) -> None:
    url = reverse("visits:topic-edit", args=["教育"])
    sent = {"words": "读书", "order": "3", "retired": "on"}
    assert signed_in(cast.city_lead).post(url, sent).status_code == 302
    assert not Topic.objects.offered().filter(pk="教育").exists()
    assert Topic.objects.offered("教育").get(pk="教育").words == "读书"
    with at(cast.city_lead):
        change = RowChange.objects.get(table="visits_topic", operation="update")
    assert change.after["words"] == "读书"


def test_a_mistake_is_named_and_what_was_typed_stays(cast: Cast) -> None:
    url = reverse("visits:topic-edit", args=["教育"])
    answer = signed_in(cast.city_staff).post(url, {"words": "上学", "order": "百"})
    assert answer.status_code == 422
    assert "只能填整数" in answer.content.decode()
    assert "上学" in answer.content.decode()


@pytest.mark.parametrize("url", [f"{LIST}%00/edit/", "/api/v1/topics/%00/"])
def test_a_name_that_no_category_can_have_is_not_found(cast: Cast, url: str) -> None:
    assert signed_in(cast.city_lead).get(url).status_code == 404
