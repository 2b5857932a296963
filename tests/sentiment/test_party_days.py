"""主题党日 and the 集中走访 of its afternoon: many visits in one go, each once."""

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest

from accounts.services import Refused
from sentiment.models import Issue, PartyDay
from sentiment.services.party_days import Seen, amend, hold, visit_together
from tests.cast import Cast, at, signed_in
from tests.days import today, yesterday
from tests.rolls import Rolls, text_of
from tests.visits.stage import make_key
from visits.models import Duty, Visit


def facts(**more: Any) -> dict[str, Any]:
    """Return what is noted of a party day."""
    return {
        "held_on": today(),
        "place": "村部",
        "lesson": "学习代表工作制度",
        "film": "",
        "practice": "清理渠道",
        "present": 18,
        "representatives": 6,
        "words": "",
    } | more


def party_day(cast: Cast) -> PartyDay:
    with at(cast.clerk):
        return hold(facts=facts(), by=cast.clerk)


def test_group_visits_count_for_whoever_looks_after_the_household_and_once(
    cast: Cast, rolls: Rolls
) -> None:
    homes = [rolls.held_by("张顺民")[0], rolls.held_by("申秋云")[0]]
    day = party_day(cast)
    seen = [Seen(homes[0].pk), Seen(homes[1].pk, "水管漏水", "基础设施")]
    with at(cast.clerk):
        assert visit_together(day=day, seen=seen, by=cast.clerk) == 2
        assert visit_together(day=day, seen=seen, by=cast.clerk) == 0
        visits = Visit.objects.order_by("representative__name")
        assert [one.representative.name for one in visits] == ["张顺民", "申秋云"]
        assert all(one.counts and one.way == "door" for one in visits)
        assert Duty.objects.get(household=homes[0]).last_visit_on == today()
        assert Issue.objects.get().words == "水管漏水"


def test_one_household_that_cannot_be_visited_keeps_all_back_and_is_named(
    cast: Cast, rolls: Rolls
) -> None:
    day, home = party_day(cast), rolls.held_by("张顺民")[0]
    nobodys = rolls.households["无联系甲"]
    with at(cast.clerk):
        with pytest.raises(Refused, match="无联系甲家没有记上"):
            visit_together(
                day=day, seen=[Seen(home.pk), Seen(nobodys.pk)], by=cast.clerk
            )
        assert not Visit.objects.exists()
        with pytest.raises(Refused, match="不在本村名册"):
            visit_together(day=day, seen=[Seen(987_654_321)], by=cast.clerk)


def test_a_day_has_one_record_and_keeps_its_date_once_there_are_visits(
    cast: Cast, rolls: Rolls
) -> None:
    day = party_day(cast)
    assert party_day(cast) == day
    with at(cast.clerk):
        with pytest.raises(Refused, match="已经记过"):
            hold(facts=facts(lesson="别的课"), by=cast.clerk)
        with pytest.raises(Refused, match="还没有到"):
            hold(facts=facts(held_on=dt.date(2100, 1, 1)), by=cast.clerk)
        home = rolls.held_by("张顺民")[0]
        visit_together(day=day, seen=[Seen(home.pk)], by=cast.clerk)
        before = yesterday()
        with pytest.raises(Refused, match="日期不能再改"):
            amend(day=day, facts=facts(held_on=before), version=1)


def test_from_the_record_to_the_visits_in_two_pages(cast: Cast, rolls: Rolls) -> None:
    browser, home = signed_in(cast.clerk), rolls.held_by("张顺民")[0]
    with at(cast.clerk):
        make_key(home, dt.date(2026, 1, 1))
    sent = {name: value or "" for name, value in facts().items()}
    made = browser.post("/party-days/new/", sent)
    together = made["Location"]
    assert home.head in text_of(browser.get(together)).split("其他联系户")[0]
    empty = {"o-TOTAL_FORMS": "1", "o-INITIAL_FORMS": "0", "o-0-words": ""}
    nobody = browser.post(together, empty)
    assert nobody.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请点一下走访了的户" in text_of(nobody)
    done = browser.post(together, empty | {"key": [home.pk]}, follow=True)
    assert "集中走访已记 1 户" in text_of(done)
    assert "2026" in text_of(signed_in(cast.township_staff).get("/party-days/"))
    assert "一课、一片、一实践至少填一样" in text_of(
        browser.post("/party-days/new/", sent | {"lesson": "", "practice": ""})
    )
