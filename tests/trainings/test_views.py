"""The pages of trainings, as township, village and city use them."""

import re
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.attachments.making import pdf
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import days_ago, today
from tests.rolls import (
    Rolls,
    set_up_other,
    set_up_sibling,
    statements,
    text_of,
)
from tests.trainings.stage import (
    AWAY,
    ILL,
    held,
    listed,
    planned,
    signed,
    signs,
)
from trainings.models import State, Training


def sent(**more: Any) -> dict[str, Any]:
    """Return the form of a training as a browser sends it."""
    return {
        "id": str(uuid.uuid4()),
        "topic": "走访怎么走",
        "kind": "lesson",
        "host": "魏家桥镇",
        "held_on": today().isoformat(),
        "place": "镇政府三楼",
        "hours": "4",
        "speakers": "刘老师",
        "sender": "",
        "host_village": "",
        "lessons": "",
    } | more


def link(page: Any, words: str) -> str:
    """Return where the one link with these words on it leads."""
    html = page.content.decode()
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)
    urls = {url for url, inner in found if words in re.sub(r"<[^>]+>", "", inner)}
    assert len(urls) == 1, (words, urls)
    return urls.pop()


def test_forty_people_with_three_absent_take_eight_clicks(
    cast: Cast, rolls: Rolls
) -> None:
    """From the page of trainings to a signed training: under two minutes."""
    browser, clicks = signed_in(cast.township_staff), 0
    page = browser.get("/trainings/")
    new, clicks = link(page, "办一期培训"), clicks + 1
    roster = browser.post(new, sent())["Location"]
    clicks += 1  # 保存，选名单
    assert "符合条件的 4 人都加入" in text_of(browser.get(roster))
    sign = browser.post(roster, {"all": "1"})["Location"]
    clicks += 1
    page = browser.get(sign)
    data = taps(page) | {f"sign_{rolls.people[n].pk}": "absent" for n in ABSENT}
    clicks += len(ABSENT)
    done = browser.post(sign, data)
    clicks += 1  # 保存签到
    assert clicks <= 8
    page = text_of(browser.get(done["Location"]))
    assert "应到 4 人 · 实到 1 人 · 请假 0 人 · 缺席 3 人" in page


ABSENT = ("李红英", "申秋云", "周静霞")


def taps(page: Any) -> dict[str, str]:
    """Return the sign-in as the page has it before anybody is tapped."""
    html = page.content.decode()
    found = re.findall(r'name="(sign_\d+)" value="(\w+)" checked', html)
    [version] = re.findall(r'name="version" value="(\d+)"', html)
    assert {sign for _, sign in found} == {"present"}, "all are there by default"
    return dict(found) | {"version": version}


def test_a_leave_without_a_reason_is_asked_for_and_nothing_is_lost(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values())
    browser, url = signed_in(by), f"/trainings/{training.pk}/sign-in/"
    data = taps(browser.get(url))
    ill, away = rolls.people["李红英"].pk, rolls.people["申秋云"].pk
    data |= {
        f"sign_{ill}": "leave",
        f"sign_{away}": "absent",
        f"reason_{away}": "没接电话",
    }
    page = browser.post(url, data)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "李红英：请写请假的原因" in text_of(page)
    assert f'name="sign_{ill}" value="leave" checked' in page.content.decode()
    assert "没接电话" in page.content.decode()
    assert browser.post(url, data | {f"reason_{ill}": "生病"}).status_code == 302
    assert signs(training)["李红英"] == ("leave", "生病")
    assert signs(training)["申秋云"] == ("absent", "没接电话")


def test_of_two_clerks_at_once_the_second_sees_what_the_first_noted(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values())
    url = f"/trainings/{training.pk}/sign-in/"
    first, second = signed_in(by), signed_in(cast.township_lead)
    data = taps(second.get(url))
    ill = f"sign_{rolls.people['李红英'].pk}"
    mine = data | {ill: "leave", f"reason_{rolls.people['李红英'].pk}": "生病"}
    assert first.post(url, mine).status_code == HTTPStatus.FOUND
    late = second.post(url, data)
    assert late.status_code == HTTPStatus.CONFLICT
    assert "李红英：别人记的是请假（生病），您点的是到" in text_of(late)
    assert signs(training)["李红英"] == ("leave", "生病")
    [version] = re.findall(r'name="version" value="(\d+)"', late.content.decode())
    assert second.post(url, data | {"version": version}).status_code == 302
    assert signs(training)["李红英"] == ("present", "")
    same = second.post(url, data)
    assert same.status_code == HTTPStatus.FOUND, "no difference is no clash"


def test_what_is_wrong_with_a_training_is_said_beside_its_field(cast: Cast) -> None:
    browser = signed_in(cast.township_staff)
    for changed, words in (
        ({"topic": ""}, "培训名称：请填写"),
        ({"host": "界岭镇"}, "您管理的范围内没有“界岭镇”"),
        ({"hours": "0"}, "不能小于 1"),
        ({"kind": "tour"}, "请写到哪个村观摩"),
        ({"kind": "tour", "host_village": "三联村"}, "请写上乡镇"),
        ({"sender": "township"}, "请把“主办单位”改成那个村"),
    ):
        page = browser.post("/trainings/new/", sent(place="中学礼堂", **changed))
        assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert words in text_of(page)
        assert "中学礼堂" in page.content.decode(), "nothing typed is lost"
    with at(cast.township_staff):
        assert not Training.objects.exists()


def test_a_tour_has_its_village_and_its_lessons(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    form = sent(kind="tour", host_village="魏家桥镇 长冲口村")
    browser.post("/trainings/new/", form)
    with at(cast.township_staff):
        training = Training.objects.get()
    assert training.host_village_id == VILLAGE
    signed(
        cast.township_staff,
        listed(cast.township_staff, training, *rolls.people.values()),
    )
    page = browser.get(training.get_absolute_url())
    assert "还没写学到的经验" in text_of(page)
    edit = link(page, "去写")
    again = form | {"version": "2", "lessons": "院落长包干，月月评比"}
    assert browser.post(edit, again).status_code == HTTPStatus.FOUND
    assert "院落长包干" in text_of(browser.get(training.get_absolute_url()))
    assert "院落长包干" in text_of(browser.get(f"/trainings/{training.pk}/record/"))
    assert training.topic in text_of(browser.get("/trainings/all/?level=tour"))


def test_a_township_sends_a_speaker_to_a_village(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    browser.post("/trainings/new/", sent(host="长冲口村", sender="township"))
    with at(cast.clerk):
        training = Training.objects.get()
    assert training.sent_by_id == TOWNSHIP
    signed(cast.clerk, listed(cast.clerk, training, *rolls.people.values()))
    page = browser.get("/trainings/coverage/")
    assert page.context["total"].sent == 1
    assert "魏家桥镇派员授课" in text_of(signed_in(cast.clerk).get("/trainings/all/"))


def test_of_two_editors_the_second_is_told(cast: Cast) -> None:
    training = planned(cast.township_staff)
    browser = signed_in(cast.township_staff)
    url = f"/trainings/{training.pk}/edit/"
    assert browser.post(url, sent(version="1", place="中学礼堂")).status_code == 302
    late = browser.post(url, sent(version="1", place="影剧院"))
    assert late.status_code == HTTPStatus.CONFLICT
    assert "地点：中学礼堂" in text_of(late)
    assert "影剧院" in late.content.decode()


def test_calling_off_asks_why(cast: Cast) -> None:
    training = planned(cast.township_staff)
    browser = signed_in(cast.township_staff)
    url = f"/trainings/{training.pk}/cancel/"
    refused = browser.post(url, {"version": "1", "reason": ""})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    browser.post(url, {"version": "1", "reason": "下大雪"})
    page = text_of(browser.get(training.get_absolute_url()))
    assert "这期培训已取消" in page
    assert "下大雪" in page
    with at(cast.township_staff):
        assert Training.objects.get().state == State.CANCELLED


def test_the_roster_says_so_where_nobody_is_ticked(cast: Cast, rolls: Rolls) -> None:
    training = planned(cast.township_staff, held_on=days_ago(-3))
    url = f"/trainings/{training.pk}/roster/"
    page = signed_in(cast.township_staff).post(url, {})
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "一个人也没有勾" in text_of(page)


def test_the_roster_takes_those_who_are_ticked_and_gives_them_back(
    cast: Cast, rolls: Rolls
) -> None:
    training = planned(cast.township_staff, held_on=days_ago(-3))
    browser = signed_in(cast.township_staff)
    url = f"/trainings/{training.pk}/roster/"
    ids = [rolls.people["张顺民"].pk, rolls.people["李红英"].pk]
    assert browser.post(url, {"ids": ids})["Location"] == training.get_absolute_url()
    names = [row.name for row in browser.get(url).context["rows"]]
    assert "张顺民" not in names, "who is on it is not offered again"
    browser.post(f"/trainings/{training.pk}/roster/remove/", {"ids": ids[:1]})
    assert set(signs(training)) == {"李红英"}
    early = text_of(browser.get(f"/trainings/{training.pk}/sign-in/"))
    assert "还没到培训那天" in early
    foreign = set_up_other().people["张顺民"].pk
    refused = browser.post(url, {"ids": [foreign]})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "不归这期培训" in text_of(refused)


def test_a_village_sees_the_townships_training_as_far_as_it_is_its_own(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values(), *sibling.people.values())
    signed(by, training)
    clerk = signed_in(cast.clerk)
    assert "走访怎么走" in text_of(clerk.get("/trainings/all/"))
    page = text_of(clerk.get(training.get_absolute_url()))
    assert "应到 4 人 · 实到 4 人" in page
    assert "魏家桥镇" in page
    for part in ("edit", "sign-in", "roster", "cancel", "sheet"):
        answer = clerk.get(f"/trainings/{training.pk}/{part}/")
        assert answer.status_code == HTTPStatus.NOT_FOUND, part
    stranger = signed_in(cast.other_secretary).get(training.get_absolute_url())
    assert stranger.status_code == HTTPStatus.NOT_FOUND


def test_a_township_sees_the_citys_training_of_its_people(
    cast: Cast, rolls: Rolls
) -> None:
    training = held(cast.city_staff, rolls, "张顺民")
    browser = signed_in(cast.township_staff)
    assert [one.pk for one in browser.get("/trainings/all/").context["above"]] == [
        training.pk
    ]
    page = text_of(browser.get(training.get_absolute_url()))
    assert "魏家桥镇 长冲口村" in page, "villages of several townships share names"
    assert "主办单位 邵东市" in page


def test_the_sheet_has_a_code_and_the_papers_are_documents(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values())
    browser = signed_in(by)
    sheet = browser.get(f"/trainings/{training.pk}/sheet/")
    assert "走访怎么走签到表" in text_of(sheet)
    assert "data:image/svg+xml" in sheet.content.decode()
    assert "138****1111" in text_of(sheet), "phones are masked on paper too"
    signed(by, training, 李红英=ILL, 申秋云=AWAY)
    record = text_of(browser.get(f"/trainings/{training.pk}/record/"))
    assert "生病" in record
    assert "没有说明" in record
    pk = rolls.people["张顺民"].pk
    own = text_of(browser.get(f"/trainings/people/{pk}/record/"))
    assert "村民代表培训证明" in own
    for url in ("sheet", "record"):
        file = browser.get(f"/trainings/{training.pk}/{url}/?format=docx")
        assert file.content[:2] == b"PK"


def test_a_persons_page_carries_his_trainings(cast: Cast, rolls: Rolls) -> None:
    held(cast.township_staff, rolls, "张顺民")
    browser, person = signed_in(cast.clerk), rolls.people["张顺民"]
    page = browser.get(person.get_absolute_url())
    url = f"/trainings/people/{person.pk}/"
    assert f'hx-get="{url}"' in page.content.decode()
    part = browser.get(url, headers={"HX-Request": "true"})
    assert "走访怎么走" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "<html" in browser.get(url).content.decode()


def test_material_is_shown_and_taken_back(cast: Cast) -> None:
    browser = signed_in(cast.township_staff)
    file = SimpleUploadedFile("课件.pdf", pdf(), "application/pdf")
    browser.post("/trainings/new/", sent(handouts=file))
    with at(cast.township_staff):
        training = Training.objects.get()
        [tie] = training.materials.all()
    url = f"/trainings/{training.pk}/files/{tie.attachment_id}/"
    assert browser.get(url).status_code == HTTPStatus.OK
    assert "课件.pdf" in text_of(browser.get(training.get_absolute_url()))
    assert signed_in(cast.other_staff).get(url).status_code == HTTPStatus.NOT_FOUND
    assert browser.post(f"{url}remove/").status_code == HTTPStatus.FOUND
    assert browser.get(url).status_code == HTTPStatus.NOT_FOUND


def test_coverage_leads_from_the_city_to_the_person(cast: Cast, rolls: Rolls) -> None:
    held(cast.township_staff, rolls, "张顺民")
    browser = signed_in(cast.city_staff)
    page = browser.get("/trainings/coverage/")
    assert page.context["total"].all.rate == 25.0
    township = browser.get(link(page, "魏家桥镇"))
    village = browser.get(link(township, "长冲口村"))
    names = [person.name for person in village.context["people"]]
    assert names[-1] == "张顺民", "who still waits comes first"
    assert browser.get(link(village, "张顺民")).status_code == HTTPStatus.OK
    below = signed_in(cast.clerk).get(f"/trainings/coverage/{TOWNSHIP}/")
    assert below.status_code == HTTPStatus.NOT_FOUND


def test_the_strips_numbers_are_lists_with_that_many_rows(
    cast: Cast, rolls: Rolls
) -> None:
    held(cast.township_staff, rolls, "张顺民")
    for post in (cast.city_staff, cast.township_staff, cast.clerk):
        browser = signed_in(post)
        for path in ("/trainings/", f"/trainings/coverage/{VILLAGE}/"):
            kpis = [kpi for kpi in browser.get(path).context["kpis"] if kpi.url]
            assert len(kpis) == 2
            first = browser.get(kpis[0].url).context["page"].paginator.count
            assert first == int(kpis[0].value) == 3


@pytest.mark.parametrize(
    "url", ["/trainings/", "/trainings/all/", "/trainings/coverage/"]
)
def test_the_lists_take_the_same_statements_however_many_there_are(
    cast: Cast, rolls: Rolls, url: str
) -> None:
    def costs() -> list[int]:
        posts = (cast.city_staff, cast.township_staff, cast.clerk)
        return [statements(signed_in(post), url) for post in posts]

    for post in (cast.city_staff, cast.township_staff):
        held(post, rolls, "张顺民")
        planned(post)
    planned(cast.clerk)
    before = costs()
    held(cast.city_staff, rolls, "李红英", "申秋云")
    held(cast.township_staff, set_up_sibling(), "李红英")
    planned(cast.clerk, topic="又一期")
    assert costs() == before


def test_roster_and_sign_in_take_the_same_statements(cast: Cast, rolls: Rolls) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), rolls.people["张顺民"])
    browser: Client = signed_in(by)
    urls = [f"/trainings/{training.pk}/{part}" for part in ("", "roster/", "sign-in/")]
    before = [statements(browser, url) for url in urls]
    listed(by, training, rolls.people["李红英"])
    set_up_sibling()
    assert [statements(browser, url) for url in urls] == before


def test_trainings_of_one_moment_are_each_on_one_page(cast: Cast, rolls: Rolls) -> None:
    """A workbook brings many in at once."""
    training = planned(cast.township_lead)
    facts = {
        field.attname: getattr(training, field.attname)
        for field in Training._meta.concrete_fields
    }
    with at(cast.township_lead):
        Training.objects.bulk_create(
            Training(**facts | {"id": uuid.uuid4()}) for _ in range(239)
        )
    client = signed_in(cast.city_lead)
    pages = (client.get(f"/trainings/all/?page={n}").context for n in range(1, 6))
    assert len({row.pk for page in pages for row in page["rows"]}) == 240
