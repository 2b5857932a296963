"""What a month tells: figures with their lists, words that rise, nobody's name."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.models import Region
from sentiment import trends
from sentiment.rules.keyness import CRITICAL, log_likelihood, rising
from sentiment.trends import Month
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, signed_in
from tests.days import today
from tests.sentiment.stage import say, village_life
from tests.visits.stage import Walker


@pytest.fixture
def here(cast: Cast) -> Iterator[Walker]:
    """Open our village, where the month before other things were said."""
    with village_life(cast) as walker:
        before = Month.of(today()).ago(1).first
        for n in range(12):
            say(cast.clerk, f"村里的路灯坏了第{n}盏", day=before)
        for n in range(5):
            say(cast.clerk, f"冬季缺水，刘桂英家等了{n}天", satisfaction="bad")
        say(cast.clerk, "路灯又坏了", topic="人居环境")
        yield walker


@pytest.mark.parametrize(
    ("now", "before", "texts_now", "texts_before", "score"),
    [
        (10, 10, 100, 100, 0.0),
        (20, 10, 100, 100, 3.398),
        (30, 10, 100, 300, 43.944),
        (5, 0, 100, 100, 6.931),
    ],
)
def test_keyness_is_the_log_likelihood_of_dunning_1993(
    now: int, before: int, texts_now: int, texts_before: int, score: float
) -> None:
    found = log_likelihood(now, before, texts_now, texts_before)
    assert found == pytest.approx(score, abs=0.01)


COUNTS = st.dictionaries(
    st.sampled_from(["缺水", "路灯", "垃圾", "医保"]), st.integers(0, 50)
)


@given(now=COUNTS, before=COUNTS)
def test_what_rises_is_said_more_and_not_by_chance(
    now: dict[str, int], before: dict[str, int]
) -> None:
    for one in rising(Counter(now), Counter(before), 50, 100):
        assert one.now >= 3
        assert one.now * 100 > one.before * 50
        assert one.score >= CRITICAL
    assert rising(Counter(now), Counter(before), 50, 0) == []


def test_words_that_rise_leave_names_and_numbers_out(here: Walker) -> None:
    found = trends.words(Region.objects.get(pk=VILLAGE), Month.of(today()))
    words = {one.word: one.now for one in found.lately}
    assert words["缺水"] == 5
    assert not {"桂英", "刘桂英", "路灯"} & words.keys()
    assert found.yearly == []


@pytest.mark.parametrize("day", [dt.date(2026, 1, 31), dt.date(2026, 12, 1)])
def test_months_are_those_of_the_calendar(day: dt.date) -> None:
    month = Month.of(day)
    assert (month.first.day, month.ago(12).first.year) == (1, 2025)
    assert (month.last + dt.timedelta(days=1)).day == 1
    assert month.ago(1).last + dt.timedelta(days=1) == month.first


@pytest.mark.parametrize("code", [VILLAGE, TOWNSHIP, CITY])
def test_every_figure_leads_to_a_list_of_as_many(
    here: Walker, cast: Cast, code: int
) -> None:
    post = {VILLAGE: cast.secretary, TOWNSHIP: cast.township_lead, CITY: cast.city_lead}
    browser = signed_in(post[code])
    page = browser.get(f"/trends/{code}/").context
    links = {
        page["kpis"][0].url: 6,
        page["kpis"][1].url: 5,
        **{url: row.now for row, _, url in page["topics"]},
        **{url: number for _, number, url in page["ages"]},
        **{url: one.now for _, rows in page["words"] for one, url in rows},
        **{urls[0]: row.now for row, _, _, urls in page["places"][:2]},
        **{urls[1]: row.unfinished for row, _, _, urls in page["places"][:2]},
    }
    for url, number in links.items():
        assert browser.get(url).context["page"].paginator.count == number, url


def test_the_statements_do_not_grow_with_the_places(
    here: Walker, cast: Cast, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(cast.city_lead)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert browser.get(f"/trends/{CITY}/").status_code == 200


def test_a_place_where_more_is_said_stands_first(here: Walker, cast: Cast) -> None:
    page = signed_in(cast.township_lead).get(f"/trends/{TOWNSHIP}/?month=2020-01")
    codes = [row.code for row, *_ in page.context["places"]]
    assert codes == sorted(codes)
    again = signed_in(cast.township_lead).get(f"/trends/{TOWNSHIP}/")
    assert again.status_code == 200
