"""The overdue list: who is on it, why, in which order, and as of a past day."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from households.models import CategoryTag
from regions.models import VillagerGroup
from regions.postgresql.paging import KeptIds
from tests.accounts.pages import statements, words
from tests.cast import Cast, everywhere, signed_in
from tests.days import days_ago, today, tomorrow
from tests.visits.stage import HEADS, Walker, make_walker, seen
from visits import overdue, rules
from visits.facts import facts_of
from visits.rules import Cadence, Standing
from visits.standings import AGES, WANTED

LIST = "/visits/overdue/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with four 重点户 and four others, linked for long."""
    with everywhere():
        return make_walker("walker", key=4, since=days_ago(400))


def heads(client: Client, query: str = "") -> list[str]:
    """Return whom the list shows, in its order."""
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [line.household.head for line in page.context["listed"].lines]


def count(client: Client, query: str = "") -> int:
    """Return how many the list says there are."""
    return int(client.get(LIST + query).context["listed"].page.paginator.count)


@pytest.mark.parametrize("by", ["days", "rep", "place"])
@pytest.mark.parametrize(
    "more",
    [
        *({"state": state} for state, _ in WANTED),
        *({"age": age} for age, _ in AGES),
        {"cadence": "month"},
        {"category": "the first key one"},
    ],
)
def test_statements_that_are_kept_list_whom_the_others_list(
    cast: Cast, walker: Walker, more: dict[str, str], by: str
) -> None:
    """What a filter form asks for goes by kept statements, a place by none (ADR 0022)."""
    with everywhere():
        seen(walker, "刘桂英", today())
        if "category" in more:
            more = {"category": CategoryTag.objects.first().category_id}
        kept = overdue.ids(overdue.Asked(on=today(), by=by, **more))
        asked = overdue.Asked(on=today(), by=by, place=cast.city_staff.region, **more)
        others = overdue.ids(asked)

        assert isinstance(kept, KeptIds)
        assert kept[0:5] == list(others[0:5])
        assert kept[5:500] == list(others[5:500])
        assert kept.count() == others.count()


def test_whoever_was_never_seen_is_overdue_and_a_visit_takes_him_off(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.secretary)
    assert sorted(heads(client)) == sorted(HEADS)
    with everywhere():
        seen(walker, "刘桂英", today())
    assert "刘桂英" not in heads(client)
    assert heads(client, "?state=seen") == ["刘桂英"]


def test_every_line_explains_itself_in_the_rules_own_sentence(
    cast: Cast, walker: Walker
) -> None:
    page = signed_in(cast.secretary).get(LIST)
    for line in page.context["listed"].lines:
        assert line.judged.standing is Standing.OVERDUE
        assert f"已逾期{line.judged.days_overdue}天" in line.why
        assert line.why in words(page)


def test_the_longest_overdue_comes_first(cast: Cast, walker: Walker) -> None:
    lines = signed_in(cast.secretary).get(LIST).context["listed"].lines
    days = [line.judged.days_overdue for line in lines]
    assert days == sorted(days, reverse=True)
    assert days[0] > days[-1]


def test_filters_narrow_by_cadence_name_and_representative(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.township_lead)
    assert sorted(heads(client, "?cadence=month")) == sorted(HEADS[:4])
    assert heads(client, "?q=刘桂英") == ["刘桂英"]
    assert count(client, f"?representative={walker.person.pk}") == 8
    with everywhere():
        other = make_walker("other", ("新户",), since=days_ago(400))
    assert heads(client, f"?representative={other.person.pk}") == ["新户"]
    assert count(client) == 9


@pytest.mark.parametrize(
    "query",
    [
        "state=overdue", "state=seen", "state=to_see&cadence=month",
        "state=overdue&age=30%2B", "state=overdue&age=30", "state=overdue&q=李小红",
        "state=all&category={category}", "state=all&place=魏家桥镇 长冲口村",
        "state=all&representative={other}", "state=all&on={past}",
        "state=overdue&on={past}&q=刘",
    ],
)  # fmt: skip
def test_programs_narrow_the_list_as_the_page_does(
    cast: Cast, walker: Walker, query: str
) -> None:
    with everywhere():
        seen(walker, "刘桂英", today())
        other = make_walker("other", ("刘新户",), since=days_ago(45))
        first = CategoryTag.objects.values_list("category", flat=True)[0]
    asked = query.format(category=first, other=other.person.pk, past=days_ago(120))
    client = signed_in(cast.township_lead)
    page = client.get(f"{LIST}?{asked}").context["listed"].lines
    answer = client.get(f"/api/v1/standings/?{asked}").json()["results"]
    said = [(one["household"], one["state"], one["why"]) for one in answer]
    assert said == [(line.household.pk, line.state, line.why) for line in page]
    every = client.get("/api/v1/standings/").json()
    assert every["count"] == 9, "without any filter programs are told of everybody"


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("on={tomorrow}", "on", "还没有到"), ("state=x", "state", "没有这一项"),
        ("age=5", "age", "没有这一项"), ("place=界岭镇", "place", "界岭镇"),
    ],
)  # fmt: skip
def test_programs_are_told_which_filter_makes_no_sense(
    cast: Cast, walker: Walker, query: str, field: str, words: str
) -> None:
    asked = query.format(tomorrow=tomorrow())
    answer = signed_in(cast.township_lead).get(f"/api/v1/standings/?{asked}")
    assert answer.status_code == 400
    assert words in answer.json()["fields"][field][0]


def test_programs_are_told_of_too_many_households_as_well(
    cast: Cast, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visits.overdue.MOST_REPLAYED", 7)
    answer = signed_in(cast.city_lead).get(f"/api/v1/standings/?on={days_ago(40)}")
    assert answer.status_code == 422
    assert "先选一个乡镇" in answer.json()["message"]


def test_the_list_can_be_ordered_by_representative_and_by_village(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.township_lead)
    by_rep = client.get(LIST + "?by=rep")
    assert "walker代表" in words(by_rep)
    assert by_rep.context["asked"].by == "rep"
    assert "魏家桥镇 长冲口村" in words(client.get(LIST + "?by=place"))
    village = signed_in(cast.secretary).get(LIST + "?by=place")
    assert village.context["asked"].by == "days"


def test_a_past_day_is_judged_as_it_truly_stood(cast: Cast, walker: Walker) -> None:
    client = signed_in(cast.secretary)
    before = Cadence.QUARTER.period(today()).start - dt.timedelta(days=1)
    with everywhere():
        seen(walker, "刘桂英", today())
        seen(walker, "张志文", before)
    past = heads(client, f"?on={before}")
    assert "刘桂英" in past, "a later visit does not change the past"
    assert "张志文" not in past, "a visit counts from its own day, whenever entered"
    assert "按现在掌握的走访记录重算" in words(client.get(f"{LIST}?on={before}"))


def test_a_past_day_shows_what_the_pure_rule_says(cast: Cast, walker: Walker) -> None:
    on = days_ago(120)
    with everywhere():
        seen(walker, "周玉兰", on - dt.timedelta(days=3))
    lines = signed_in(cast.secretary).get(f"{LIST}?on={on}&state=all").context["listed"]
    assert len(lines.lines) == 8
    for line in lines.lines:
        assert line.judged == rules.assess(facts_on(line, on), on)


def facts_on(line: Any, on: dt.date) -> rules.Facts:
    """Return a household's facts as far as they had happened by a day."""
    with everywhere():
        return facts_of([line.household.pk])[line.household.pk].seen_from(on)


def test_a_day_before_anybody_was_linked_has_no_list(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.secretary)
    linked_on = walker.homes["刘桂英"].registered_on
    day = linked_on - dt.timedelta(days=1)
    assert heads(client, f"?on={day}&state=all") == []


def test_a_day_to_come_is_refused_in_words(cast: Cast, walker: Walker) -> None:
    day = tomorrow()
    page = signed_in(cast.secretary).get(f"{LIST}?on={day}")
    assert f"{day} 还没有到" in words(page)
    assert page.context["listed"].lines == []


def test_too_many_households_are_not_replayed_but_explained(
    cast: Cast, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visits.overdue.MOST_REPLAYED", 7)
    past = days_ago(40)
    page = signed_in(cast.city_lead).get(f"{LIST}?on={past}")
    assert "请在“乡镇、村”里先选一个乡镇" in words(page)


def test_others_see_nothing_of_our_households(cast: Cast, walker: Walker) -> None:
    for part in ("other_lead", "sibling_secretary"):
        client = signed_in(getattr(cast, part))
        assert count(client, "?state=all") == 0
        foreign = f"?state=all&representative={walker.person.pk}"
        assert client.get(LIST + foreign).context["filters"].errors
    assert count(signed_in(cast.township_lead), "?state=all") == 8


def test_the_number_of_statements_does_not_grow_with_the_rows(
    cast: Cast, walker: Walker
) -> None:
    client = signed_in(cast.township_lead)
    past = f"{LIST}?on={days_ago(40)}"
    few = [statements(client, url) for url in (LIST, past)]
    with everywhere():
        make_walker("more", tuple(f"户{n}" for n in range(30)), since=days_ago(400))
    assert [statements(client, url) for url in (LIST, past)] == few


def test_all_rows_can_be_listed_for_print(cast: Cast, walker: Walker) -> None:
    with everywhere():
        make_walker("more", tuple(f"户{n}" for n in range(60)), since=days_ago(400))
    client = signed_in(cast.township_lead)
    assert len(heads(client)) == 50
    assert "全部列出" in words(client.get(LIST))
    assert len(heads(client, "?whole=1")) == 68


@pytest.mark.parametrize("query", ["", "?by=rep", "?by=place", "?state=all&whole=1"])
def test_what_people_wrote_is_text_and_never_markup(
    cast: Cast, walker: Walker, query: str
) -> None:
    with everywhere():
        other = make_walker("<i>&", ("<b>\"户'",), since=days_ago(400))
        VillagerGroup.objects.filter(
            households__in=[home.pk for home in other.homes.values()]
        ).update(name="<u>组")
    page = signed_in(cast.township_lead).get(LIST + query).content.decode()
    for written in ("&lt;b&gt;&quot;户&#x27;", "&lt;i&gt;&amp;代表", "&lt;u&gt;组"):
        assert written in page
    assert not any(raw in page for raw in ('<b>"', "<i>&", "<u>组"))


def test_whom_nobody_looked_after_on_a_past_day_is_not_said_to_be_nobody(
    cast: Cast, walker: Walker
) -> None:
    """Only households that somebody looked after are replayed: 0 would be untrue."""
    past = signed_in(cast.secretary).get(f"{LIST}?state=nobody&on={days_ago(40)}")

    assert "只列当天有人联系的户，查不出“没有联系人”的" in words(past)
    assert "没有列出来" in words(past)
