"""The same matter from three households within 14 days is seen that day."""

from collections.abc import Iterator

import pytest

from inbox.models import Message
from jobs.models import Job
from regions.models import Region
from sentiment import early, services, signalling
from sentiment.rules import Way
from sentiment.tasks import SIGNS, ask_for_signs
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import days_ago, today
from tests.sentiment.stage import say, village_life
from tests.visits.stage import Walker

SAME = (
    "冬季缺水，三天来一次水",
    "一到冬季就缺水，三天才来水",
    "缺水，三天来一次水，老人提不动",
)


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


def found(code: int = VILLAGE) -> list[int]:
    """Return how many households each early sign of a place has."""
    return [len(one.homes) for one in early.found(Region.objects.get(pk=code), today())]


def test_three_households_within_a_fortnight_are_a_sign(
    here: Walker, cast: Cast
) -> None:
    homes = list(here.homes.values())
    for words, home in zip(SAME[:2], homes, strict=False):
        say(cast.clerk, words, home)
    say(cast.clerk, SAME[2], homes[1])
    assert found() == []
    say(cast.clerk, SAME[2], homes[2], day=days_ago(13))
    assert found() == [3]
    for post in (cast.secretary, cast.township_staff):
        page = signed_in(post).get("/issues/").content.decode()
        assert "14 天内 3 户反映" in page
    with at(cast.township_lead):
        assert found(TOWNSHIP) == [3]
    assert "14 天内" not in signed_in(cast.other_staff).get("/issues/").content.decode()


@pytest.mark.parametrize(
    ("words", "topic", "day"),
    [
        ("路灯坏了三盏，晚上看不见", "基础设施", 0),
        (SAME[2], "人居环境", 0),
        (SAME[2], "基础设施", 14),
    ],
    ids=["other words", "other category", "too long ago"],
)
def test_what_is_not_the_same_or_not_lately_is_no_sign(
    here: Walker, cast: Cast, words: str, topic: str, day: int
) -> None:
    homes = list(here.homes.values())
    for said, home in zip(SAME[:2], homes, strict=False):
        say(cast.clerk, said, home)
    say(cast.clerk, words, homes[2], topic=topic, day=days_ago(day))
    assert found() == []


def test_the_city_is_shown_none(here: Walker, cast: Cast) -> None:
    for words, home in zip(SAME, here.homes.values(), strict=True):
        say(cast.clerk, words, home)
    with at(cast.city_lead):
        assert found(CITY) == []
        assert found(TOWNSHIP) == [3]


def test_merged_ones_count_and_what_is_resolved_does_not(
    here: Walker, cast: Cast
) -> None:
    first, second, third = (
        say(cast.clerk, words, home)
        for words, home in zip(SAME, here.homes.values(), strict=True)
    )
    services.merge(
        issues=[(second, 1), (third, 1)], into=first, version=1, on=today(),
        by=cast.clerk,
    )  # fmt: skip
    assert found() == [3]
    services.decide(
        issue=first, version=2, way=Way.ON_SPOT, words="好", on=today(), by=cast.clerk
    )
    assert found() == []


def test_a_sign_is_told_once_to_the_village_and_its_township(
    here: Walker, cast: Cast
) -> None:
    township = Region.objects.get(pk=TOWNSHIP)
    homes = list(here.homes.values())
    for words, home in zip(SAME, homes, strict=True):
        say(cast.clerk, f"{words}，打 13800036893", home)
    with at(cast.township_staff):
        told = signalling.tell(township, today())
        say(cast.clerk, SAME[0], homes[0])  # it goes on: nobody is told again
        assert signalling.tell(township, today()) == 0
    with everywhere():
        rows = Message.objects.filter(kind=signalling.SIGN)
        names = sorted(rows.values_list("recipient__username", flat=True))
        assert len(names) == told
        assert names == ["clerk", "secretary", "township_lead", "township_staff"]
        assert "13800036893" not in rows[0].body
        assert "3 户反映同一件事" in rows[0].title


def test_only_townships_where_something_was_said_today_are_looked_at(
    here: Walker, cast: Cast
) -> None:
    say(cast.clerk, SAME[0])
    assert ask_for_signs() == ask_for_signs() == 1
    with everywhere():
        assert Job.objects.get(kind=SIGNS).region_id == TOWNSHIP
