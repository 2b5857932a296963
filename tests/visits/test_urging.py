"""催办: villages are asked once a day, in words that were looked at before."""

import datetime as dt

import pytest

from accounts.models import AccessEntry, Action, Post
from accounts.services import Refused
from inbox.models import Message
from inbox.services import mark_read
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import in_days, today
from tests.rolls import text_of
from tests.visits.stage import Walker, make_walker, seen
from visits.models import Urging
from visits.models.urging import urged_times
from visits.services import urging

SEND = "/visits/urge/send/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Three overdue households and one that was seen."""
    with everywhere():
        walker = make_walker("walker", ("刘桂英", "张志文", "李小红", "曾满秀"))
        seen(walker, "曾满秀", today())
    return walker


def test_the_figures_are_those_of_the_overdue_list(cast: Cast, walker: Walker) -> None:
    with at(cast.township_staff):
        [one] = urging.asks(today(), every=True)
    page = signed_in(cast.township_staff).get("/visits/overdue/")
    listed = [line.household.pk for line in page.context["listed"].lines]
    assert sorted(one.households) == sorted(listed)
    assert f"已经超期 {one.longest} 天" in one.text(urging.TEMPLATE)
    assert "长冲口村还有 3 户" in one.text(urging.TEMPLATE)
    assert {post.role for post in one.keepers} == {"village_secretary", "village_clerk"}


def test_households_are_asked_for_by_their_village(cast: Cast, walker: Walker) -> None:
    homes = [walker.homes[head].pk for head in ("刘桂英", "曾满秀")]
    with at(cast.township_staff):
        [one] = urging.asks(today(), households=homes)
    assert one.households == (homes[0],)  # the other was seen meanwhile


def test_looking_sends_nothing_sending_tells_once_a_day(
    cast: Cast, walker: Walker
) -> None:
    browser = signed_in(cast.township_staff)
    assert "长冲口村" in text_of(browser.get("/visits/urge/"))
    chosen = {"villages": [VILLAGE]}
    looked = browser.post(
        SEND, chosen | {"text": "【村】有 【户数】 户，请今天去。", "look": 1}
    )
    assert "长冲口村有 3 户，请今天去。" in text_of(looked)
    with everywhere():
        assert not Message.objects.exists()
    sent = browser.post(
        SEND, chosen | {"text": "【村】有 【户数】 户，请今天去。", "send": 1}
    )
    assert (sent.status_code, sent["Location"]) == (302, "/inbox/sent/")
    with everywhere():
        told = {m.recipient: m.body for m in Message.objects.all()}
        line = AccessEntry.objects.get(action=Action.URGED)
    assert told == {
        post.user: "长冲口村有 3 户，请今天去。"
        for post in (cast.secretary, cast.clerk)
    }
    assert (line.user, line.region_id) == (cast.township_staff.user, VILLAGE)
    again = browser.post(SEND, chosen | {"text": "再催", "send": 1})
    assert again.status_code == 422
    assert "今天都已经催过" in text_of(again)
    assert "再催" in again.content.decode()
    with everywhere():
        assert Message.objects.count() == 2
        assert Urging.objects.count() == 1


def test_the_city_cannot_add_to_what_the_township_sent_today(
    cast: Cast, walker: Walker
) -> None:
    on = today()
    for post, told in ((cast.township_staff, 1), (cast.city_staff, 0)):
        with at(post):
            asked = urging.asks(on, every=True)
            if told:
                assert urging.urge(asked=asked, template="请去", by=post, on=on) == told
            else:
                with pytest.raises(Refused, match="今天都已经催过"):
                    urging.urge(asked=asked, template="请去", by=post, on=on)
    with at(cast.city_staff):
        next_day = on + dt.timedelta(days=1)
        asked = urging.asks(next_day, every=True)
        assert urging.urge(
            asked=asked, template="请去", by=cast.city_staff, on=next_day
        )


def test_who_has_seen_it_and_when(cast: Cast, walker: Walker) -> None:
    on = today()
    with at(cast.township_staff):
        asked = urging.asks(on, every=True)
        urging.urge(asked=asked, template="请去", by=cast.township_staff, on=on)
    mark_read(user=cast.clerk.user)
    words = text_of(signed_in(cast.township_lead).get("/inbox/sent/"))
    assert "clerk先生 魏家桥镇 长冲口村 催办：3 户超期没有走访" in words
    assert words.count("已看") == 1
    assert words.count("还没看") == 1


def test_the_overdue_list_says_how_often(cast: Cast, walker: Walker) -> None:
    home = walker.homes["刘桂英"].pk
    for days in (0, 1):
        on = in_days(days)
        with at(cast.township_staff):
            asked = urging.asks(on, households=[home])
            urging.urge(asked=asked, template="请去", by=cast.township_staff, on=on)
    with at(cast.township_staff):
        times = urged_times([one.pk for one in walker.homes.values()])
    assert times == {home: 2}
    page = signed_in(cast.township_staff).get("/visits/overdue/")
    assert "催过 2 次" in text_of(page)


def test_a_village_without_an_account_is_said_and_left_out(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        Post.objects.filter(region=VILLAGE).exclude(role="representative").update(
            ended_on=today(), ended_by=cast.township_lead.user
        )
    browser = signed_in(cast.township_staff)
    assert "还没有书记、文书账号" in text_of(browser.get("/visits/urge/"))
    refused = browser.post(SEND, {"villages": [VILLAGE], "text": "请去", "send": 1})
    assert refused.status_code == 422


def test_others_villages_are_not_there_and_villages_urge_nobody(
    cast: Cast, walker: Walker
) -> None:
    assert "没有超期的户" in text_of(signed_in(cast.other_lead).get("/visits/urge/"))
    refused = signed_in(cast.other_lead).post(
        SEND, {"villages": [VILLAGE]}, follow=True
    )
    assert "没有选中超期的村或户" in text_of(refused)
    assert signed_in(cast.secretary).get("/visits/urge/").status_code == 403
    assert signed_in(cast.secretary).post(SEND, {}).status_code == 403
