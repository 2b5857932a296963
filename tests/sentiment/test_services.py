"""Steps of an issue as they are written: row, timeline, refusals, two at once."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, transaction

from accounts.models import RowChange
from accounts.services import NotYours, Refused
from sentiment import services
from sentiment.models import Issue, IssueStep, Source
from sentiment.rules import Answer, Way
from sentiment.services import ChangedMeanwhile
from tests.cast import VILLAGE, Cast, at
from tests.days import in_days, today, tomorrow
from tests.sentiment.stage import WATER, lines, say, village_life
from tests.visits.stage import Walker


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


def test_an_issue_is_collected_for_the_one_who_looks_after_the_household(
    here: Walker, cast: Cast
) -> None:
    home = here.homes["刘桂英"]
    issue = say(cast.clerk, f"  {WATER}\x07", home)
    assert (issue.state, issue.holder, issue.words) == ("collected", "village", WATER)
    assert issue.due_on == in_days(7)
    assert (issue.representative, issue.group) == (here.person, home.group)
    step = issue.steps.get()
    assert (step.action, step.on, step.by) == ("collect", today(), cast.clerk.user)
    assert step.by_words == "长冲口村 村（社区）文书"
    changes = RowChange.objects.filter(table="sentiment_issue", row=str(issue.pk))
    assert changes.get().operation == "insert"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [(" \n", "请写明群众反映了什么"), ("水" * 1001, "最多写 1000 个字")],
)
def test_what_cannot_be_kept_is_refused_in_words(
    here: Walker, cast: Cast, words: str, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        say(cast.clerk, words)


def test_from_the_village_to_the_township_and_back_to_the_household(
    here: Walker, cast: Cast
) -> None:
    by, home = cast.secretary, here.homes["刘桂英"]
    issue = say(by, home=home)
    issue = services.decide(
        issue=issue, version=1, way=Way.TOWNSHIP, words="请接主管道", on=today(), by=by
    )
    assert (issue.holder, issue.way) == ("township", "township")
    with at(cast.township_staff):
        issue = services.resolve(
            issue=issue,
            version=2,
            words="已列入冬修",
            on=today(),
            by=cast.township_staff,
        )
    with at(here.post):
        issue = services.tell(
            issue=issue, version=3, answer=Answer.FAIR, on=today(), by=here.post
        )
    assert (issue.state, issue.closed_on, issue.answer) == ("closed", today(), "fair")
    assert lines(issue) == [
        ("collect", "collected", ""),
        ("raise", "in_hand", "请接主管道"),
        ("resolve", "resolved", "已列入冬修"),
        ("tell", "told", ""),
        ("close", "closed", "群众基本满意，销号。"),
    ]


def test_who_is_not_content_gets_it_done_again(here: Walker, cast: Cast) -> None:
    by = cast.secretary
    issue = say(by, home=here.homes["刘桂英"])
    issue = services.decide(
        issue=issue, version=1, way=Way.EXPLAIN, words="要等", on=today(), by=by
    )
    issue = services.tell(
        issue=issue, version=2, answer="bad", on=today(), by=here.post
    )
    assert (issue.state, issue.answer) == ("told", "bad")
    issue = services.reopen(issue=issue, version=3, words="再办", on=today(), by=by)
    assert (issue.state, issue.result, issue.told_on, issue.returns) == (
        "accepted", "", None, 1,
    )  # fmt: skip
    assert lines(issue)[1] == ("decide", "resolved", "要等")


def test_the_second_of_two_is_shown_what_the_first_did(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk)
    services.accept(issue=issue, version=1, on=today(), by=cast.clerk)
    with pytest.raises(ChangedMeanwhile) as clash:
        services.withdraw(
            issue=issue, version=1, words="记错", on=today(), by=cast.secretary
        )
    assert [step.action for step in clash.value.steps] == ["accept"]
    assert clash.value.issue.state == "accepted"
    assert Issue.objects.get(pk=issue.pk).version == 2


def test_a_step_that_the_rules_refuse_writes_nothing(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk)
    with pytest.raises(NotYours), at(cast.township_staff):
        services.accept(issue=issue, version=1, on=today(), by=cast.township_staff)
    with pytest.raises(Refused, match="还没有到"):
        services.accept(issue=issue, version=1, on=tomorrow(), by=cast.clerk)
    assert lines(issue) == [("collect", "collected", "")]


def test_a_correction_keeps_what_was_said_before(here: Walker, cast: Cast) -> None:
    issue = say(cast.clerk, "冬季却水")
    issue = services.amend(
        issue=issue, version=1, topic="人居环境", words="冬季缺水", reason="错字",
        on=today(), by=cast.clerk,
    )  # fmt: skip
    step = issue.steps.get(version=2)
    assert (issue.topic, issue.words) == ("人居环境", "冬季缺水")
    assert (step.was_topic, step.original, step.words) == (
        "基础设施",
        "冬季却水",
        "错字",
    )


def test_merged_issues_follow_and_each_household_is_told(
    here: Walker, cast: Cast
) -> None:
    by = cast.secretary
    first, second, third = (
        say(by, f"{WATER}，{head}", home) for head, home in here.homes.items()
    )
    services.merge(
        issues=[(second, 1), (third, 1)], into=first, version=1, on=today(), by=by
    )
    assert services.households_of(first) == 3
    services.decide(
        issue=first, version=2, way=Way.ON_SPOT, words="已修好", on=today(), by=by
    )
    assert [one.result for one in Issue.objects.order_by("pk")] == ["已修好"] * 3
    assert Issue.objects.to_tell().count() == 3
    with at(here.post):
        for issue, version in ((first, 3), (second, 2), (third, 2)):
            told = services.tell(
                issue=issue, version=version, answer="good", on=today(), by=here.post
            )
            assert told.told_on == today()
    assert Issue.objects.get(pk=first.pk).state == "closed"
    assert Issue.objects.get(pk=second.pk).words == f"{WATER}，张志文"


def test_a_merged_issue_can_be_split_off_again(here: Walker, cast: Cast) -> None:
    by = cast.secretary
    first, second = say(by), say(by, "门前垃圾没人收")
    services.merge(issues=[(second, 1)], into=first, version=1, on=today(), by=by)
    with pytest.raises(Refused, match="先拆出来"):
        services.withdraw(issue=first, version=2, words="错", on=today(), by=by)
    second = services.split(issue=second, version=2, on=today(), by=by)
    assert (second.state, second.merged_into) == ("accepted", None)
    assert lines(second)[1:] == [("merge", "merged", ""), ("split", "accepted", "")]


def test_what_is_closed_takes_no_others_in(here: Walker, cast: Cast) -> None:
    by = cast.secretary
    first, second = say(by), say(by)
    services.decide(
        issue=first, version=1, way=Way.ON_SPOT, words="好", on=today(), by=by
    )
    with pytest.raises(Refused, match="不能再并入"):
        services.merge(issues=[(second, 1)], into=first, version=2, on=today(), by=by)
    with pytest.raises(Refused, match="至少一件"):
        services.merge(issues=[(second, 1)], into=second, version=1, on=today(), by=by)


def test_a_representative_sees_and_tells_his_own_alone(
    here: Walker, cast: Cast
) -> None:
    issue = say(cast.clerk, home=here.homes["刘桂英"])
    say(cast.clerk, "别人的事")
    with at(here.post):
        assert list(Issue.objects.all()) == [issue]
        assert IssueStep.objects.count() == 1
        with pytest.raises(NotYours):
            services.accept(issue=issue, version=1, on=today(), by=here.post)
        own = say(here.post, source=Source.TALK)
    assert own.representative == here.person


def test_the_timeline_cannot_be_altered(here: Walker, cast: Cast) -> None:
    step = say(cast.clerk).steps.get()
    for change in (
        lambda: IssueStep.objects.filter(pk=step.pk).update(words="改"),
        lambda: IssueStep.objects.filter(pk=step.pk).delete(),
        lambda: Issue.objects.filter(pk=step.issue_id).update(due_on=None),
        lambda: Issue.objects.filter(pk=step.issue_id).update(holder="city"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert step.region_id == VILLAGE
