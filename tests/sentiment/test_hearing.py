"""A visit with a matter becomes an issue, whoever writes the visit and however."""

import uuid
from collections.abc import Iterator

import pytest
from django.utils import timezone

from sentiment import services
from sentiment.hearing import BY_VISIT
from sentiment.models import Issue, IssueTerm
from sentiment.rules import Holder
from sentiment.standings import terms
from tests.cast import Cast, at
from tests.days import days_ago, in_days, today, tomorrow
from tests.sentiment.stage import WATER, lines, village_life, visit_of
from tests.visits.stage import Walker
from visits.models import Visit
from visits.services import Content, correct, record, withdraw


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


def matter(walker: Walker, **more: object) -> Content:
    """Return what a representative says of a household's matter."""
    says = {
        "household": walker.homes["刘桂英"].pk,
        "visited_on": today(),
        "has_matter": True,
        "topics": ("基础设施", "人居环境"),
        "words": WATER,
        "satisfaction": "bad",
        "for_village": True,
    }
    return Content(**(says | more))  # type: ignore[arg-type]


def recorded(walker: Walker, **more: object) -> Visit:
    """Record it on the representative's phone."""
    return record(
        visit_id=uuid.uuid4(),
        content=matter(walker, **more),
        captured_at=timezone.now(),
        by=walker.post,
    )[0]


def test_what_a_representative_records_is_an_issue_of_his_own(here: Walker) -> None:
    with at(here.post):
        visit = recorded(here)
        issue = Issue.objects.get()
    home = here.homes["刘桂英"]
    assert (issue.source, issue.visit, issue.household) == ("visit", visit, home)
    assert (issue.group, issue.representative) == (home.group, here.person)
    assert (issue.topic, issue.words, issue.satisfaction) == ("基础设施", WATER, "bad")
    assert (issue.heard_on, issue.entered_by) == (today(), here.user)
    assert issue.due_on == terms().due(Holder.VILLAGE, today())
    step = issue.steps.get()
    assert (step.action, step.words) == ("collect", "还说到：人居环境；要村里办")
    assert step.by_words == BY_VISIT


@pytest.mark.parametrize(
    ("says", "topic", "words"),
    [
        ({"words": " "}, "基础设施", "（没有写明）基础设施、人居环境"),
        ({"words": "", "topics": ()}, "其他", "（没有写明）有情况"),
        ({"topics": ()}, "其他", WATER),
    ],
)
def test_a_phone_that_sends_no_word_says_the_category(
    here: Walker, says: dict[str, object], topic: str, words: str
) -> None:
    recorded(here, **says)
    issue = Issue.objects.get()
    assert (issue.topic, issue.words) == (topic, words)


def test_a_quiet_visit_makes_none_and_many_at_once_make_as_many(
    here: Walker, cast: Cast
) -> None:
    recorded(here, has_matter=False, topics=(), words="")
    assert not Issue.objects.exists()
    visits = [visit_of(home, here.person, cast.clerk) for home in here.homes.values()]
    Visit.objects.bulk_create(visits)
    assert set(Issue.objects.values_list("visit", flat=True)) == {v.pk for v in visits}


def test_sending_again_makes_no_second_issue(here: Walker) -> None:
    one = uuid.uuid4()
    for _ in range(2):
        record(
            visit_id=one, content=matter(here), captured_at=timezone.now(), by=here.post
        )
    assert Issue.objects.count() == 1


def test_an_issue_nobody_dealt_with_follows_its_visit(here: Walker) -> None:
    with at(here.post):
        visit = recorded(here)
        again = correct(
            visit=visit, content=matter(here, words="水来了又停", topics=("其他",)),
            reason="补充情况", by=here.post,
        )  # fmt: skip
        issue = Issue.objects.get()
    assert (issue.visit, issue.words, issue.topic) == (again, "水来了又停", "其他")
    assert issue.state == "collected"
    assert lines(issue)[1:] == [
        ("withdraw", "withdrawn", "走访记录撤回：补充情况"),
        ("amend", "collected", "走访记录更正；要村里办"),
    ]
    assert issue.steps.get(version=3).original == WATER
    withdraw(visit=again, reason="走错门", by=here.user)
    assert Issue.objects.get().state == "withdrawn"


def test_a_visit_corrected_to_quiet_leaves_a_withdrawn_issue(here: Walker) -> None:
    correct(
        visit=recorded(here), content=matter(here, has_matter=False, topics=()),
        reason="没有事", by=here.post,
    )  # fmt: skip
    assert Issue.objects.get().state == "withdrawn"


def test_a_quiet_visit_corrected_to_a_matter_makes_an_issue(here: Walker) -> None:
    quiet = recorded(here, has_matter=False, topics=(), words="")
    correct(visit=quiet, content=matter(here), reason="补充情况", by=here.post)
    assert Issue.objects.get().state == "collected"


def test_an_issue_somebody_dealt_with_stays_and_says_what_became_of_the_visit(
    here: Walker, cast: Cast
) -> None:
    visit = recorded(here)
    issue = Issue.objects.get()
    services.accept(issue=issue, version=1, on=today(), by=cast.clerk)
    again = correct(
        visit=visit, content=matter(here, words="水来了"), reason="补充", by=cast.clerk
    )
    issue.refresh_from_db()
    assert (issue.state, issue.words, issue.visit) == ("accepted", WATER, again)
    withdraw(visit=again, reason="走错门", by=cast.clerk.user)
    issue.refresh_from_db()
    assert issue.state == "accepted"
    assert lines(issue)[2:] == [
        ("note", "accepted", "走访记录撤回：补充"),
        ("note", "accepted", "走访记录更正为：基础设施，水来了"),
        ("note", "accepted", "走访记录撤回：走错门"),
    ]


def test_the_database_counts_the_villages_days_as_the_rules_do(here: Walker) -> None:
    day = days_ago(3)
    IssueTerm.objects.create(holder="village", days=3, effective_from=day)
    IssueTerm.objects.create(holder="village", days=9, effective_from=tomorrow())
    recorded(here)
    assert Issue.objects.get().due_on == in_days(3)
