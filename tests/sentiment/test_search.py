"""Search finds exactly what a plain LIKE finds, long texts and wildcards included."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentiment.models import Issue
from sentiment.models.issues import SOUGHT
from tests.cast import Cast, at
from tests.sentiment.stage import say, village_life
from tests.visits.stage import Walker

SAID = st.text("水电路王伟芳家需要修%_\\a ，。", min_size=1, max_size=12)


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village with a representative and his homes."""
    with village_life(cast) as walker:
        yield walker


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(SAID.filter(str.strip), min_size=3, max_size=6), typed=SAID)
def test_recall_is_that_of_like(
    here: Walker, cast: Cast, texts: list[str], typed: str
) -> None:
    sought = [typed, texts[0][:2], texts[-1][-2:]]
    for n, words in enumerate(texts):
        # Some are long, so that what is sought lies behind the dense index.
        say(cast.clerk, "长" * (SOUGHT * (n % 2)) + words)
    for one in sought:
        like = {i.pk for i in Issue.objects.all() if one in i.words}
        assert set(Issue.objects.search(one).values_list("pk", flat=True)) == like


def test_a_name_is_found_by_its_household_and_a_word_across_the_cut(
    here: Walker, cast: Cast
) -> None:
    named = say(cast.clerk, "水坏了", here.homes["刘桂英"])
    across = say(cast.clerk, "长" * (SOUGHT - 1) + "缺水" + "长" * 50)
    assert list(Issue.objects.search("桂英")) == [named]
    assert list(Issue.objects.search("缺水")) == [across]


def test_what_others_said_is_not_found(here: Walker, cast: Cast) -> None:
    say(cast.clerk, "缺水")
    with at(cast.other_staff):
        assert not Issue.objects.search("缺水").exists()
    with at(here.post):
        assert not Issue.objects.search("缺水").exists()
