"""The pages of 恳谈会: the phone's, the village's, those above."""

import uuid
from http import HTTPStatus
from typing import Any

from accounts.models import AccessEntry
from sentiment.models import Issue, TalkMeeting
from sentiment.services.talks import hold
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import Rolls, set_up_sibling, statements, text_of
from tests.sentiment.meetings import as_representative, new_id, talk_of


def sent(rolls: Rolls, **more: Any) -> dict[str, Any]:
    """Return the form of a meeting as a browser sends it."""
    homes = rolls.held_by("张顺民")
    return {
        "id": str(uuid.uuid4()),
        "kind": "yard",
        "held_on": today().isoformat(),
        "place": "申家院子",
        "present": [homes[0].pk, homes[1].pk],
        "others_present": "2",
        "topics": "冬季用水",
        "replies": "报村里",
        "recorder": "",
        "o-TOTAL_FORMS": "2",
        "o-INITIAL_FORMS": "0",
        "o-0-words": "水管漏水",
        "o-0-topic": "基础设施",
        "o-0-household": homes[0].pk,
        "o-0-satisfaction": "bad",
        "o-1-words": "",
        "o-1-topic": "其他",
    } | more


def test_a_representative_notes_a_meeting_on_the_phone_once(
    cast: Cast, rolls: Rolls
) -> None:
    phone = signed_in(as_representative(cast.representative, rolls))
    assert "上个季度没有开" in text_of(phone.get("/talks/"))
    form = sent(rolls)
    first, again = phone.post("/talks/new/", form), phone.post("/talks/new/", form)

    assert first.status_code == again.status_code == HTTPStatus.FOUND
    assert first["Location"] == again["Location"]
    page = text_of(phone.get(first["Location"]))
    assert "2 户，另有其他群众 2 人" in page
    assert "水管漏水" in page
    assert "这个季度已开过" in text_of(phone.get("/talks/"))
    with at(cast.secretary):
        assert TalkMeeting.objects.count() == 1
        assert Issue.objects.get().words == "水管漏水"


def test_one_more_opinion_without_a_script_keeps_what_was_typed(
    cast: Cast, rolls: Rolls
) -> None:
    phone = signed_in(as_representative(cast.representative, rolls))
    page = phone.post("/talks/new/", sent(rolls, more="1", topics=""))
    html = page.content.decode()

    assert page.status_code == HTTPStatus.OK
    assert "第 3 条意见" in html
    assert page.context["opinions"][2]["topic"].value() == "其他"
    assert "水管漏水" in html
    assert "有几处需要改" not in html
    with at(cast.secretary):
        assert not TalkMeeting.objects.exists()


def test_what_is_wrong_is_said_and_nothing_is_lost(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    url = f"/talks/new/?representative={rolls.people['张顺民'].pk}"
    page = browser.post(url, sent(rolls, place="", present=[], others_present=""))
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "水管漏水" in page.content.decode()
    assert "在哪里开的：请填写" in text_of(page)
    nobody = browser.post(url, sent(rolls, present=[], others_present=""))
    assert nobody.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请点一下来了的户" in text_of(nobody)


def test_the_village_notes_it_for_a_representative_and_corrects_it(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.clerk)
    assert "张顺民" in text_of(browser.get("/talks/new/"))
    url = f"/talks/new/?representative={rolls.people['张顺民'].pk}"
    made = browser.post(url, sent(rolls))["Location"]
    assert "代录" in text_of(browser.get(made))
    number = made.rstrip("/").split("/")[-1]
    again = sent(rolls, id=number, version="1", place="村部", **{"o-0-words": ""})
    assert browser.post(f"{made}edit/", again)["Location"] == made
    late = browser.post(f"{made}edit/", again | {"place": "别处"})
    assert late.status_code == HTTPStatus.CONFLICT
    assert "别人刚改过" in text_of(late)
    gone = browser.post(f"{made}withdraw/", {"reason": "日期记错"})
    assert gone.status_code == HTTPStatus.FOUND
    assert "日期记错" in text_of(browser.get(made))


def test_the_record_is_a_page_and_a_document(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
    browser = signed_in(cast.clerk)
    page = text_of(browser.get(f"/talks/{talk.pk}/paper/"))
    assert "恳谈会记录" in page
    assert "水管漏水" in page
    file = browser.get(f"/talks/{talk.pk}/paper/?format=docx")
    assert file.content[:2] == b"PK"
    sheet = text_of(browser.get(f"/talks/sheet/{rolls.people['张顺民'].pk}/"))
    assert "签到和意见表" in sheet


def test_each_level_sees_the_same_figures_and_exceptions_first(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
    pages = {
        role: text_of(signed_in(getattr(cast, role)).get("/talks/"))
        for role in ("secretary", "township_staff", "city_staff")
    }
    assert all("应开 4 次 · 已开 1 次" in page for page in pages.values()), pages
    below = signed_in(cast.city_staff).get("/talks/in/430582113219/")
    names = [row.name for row in below.context["rows"]]
    assert names[-1] == "张顺民", "who has met comes last"
    with everywhere():
        assert not AccessEntry.objects.filter(action="refused").exists()


def test_the_boards_take_the_same_statements_however_many_there_are(
    cast: Cast, rolls: Rolls
) -> None:
    boss, clerk = signed_in(cast.township_staff), signed_in(cast.clerk)
    with at(cast.clerk):
        hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
    few = statements(boss, "/talks/"), statements(clerk, "/talks/")
    set_up_sibling()
    for name in ("张顺民", "李红英", "申秋云"):
        with at(cast.clerk):
            hold(talk_id=new_id(), content=talk_of(rolls, name), by=cast.clerk)
    assert (statements(boss, "/talks/"), statements(clerk, "/talks/")) == few
