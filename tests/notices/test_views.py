"""The page for everybody: what it shows, to whom, how long; and the staff's pages."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from notices import services
from notices.models import Objection, PublicNotice
from notices.public import on_view
from notices.views import public
from regions.scoping import NoScope
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import in_days, today
from tests.notices.test_services import drafted, objection, published
from tests.rolls import text_of


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """Forget what other tests asked for."""
    cache.clear()


def read(notice: PublicNotice, **headers: str) -> object:
    """Open the public page without signing in."""
    return Client().get(notice.public_path, headers=headers or None)


def test_everybody_reads_a_notice_without_signing_in_or_script(cast: Cast) -> None:
    response = read(published(cast))
    html = response.content.decode()
    assert response.status_code == 200
    assert "补选结果公示" in html
    assert "申主任" in html
    assert "<script" not in html
    assert "data:image/svg+xml" in html
    assert response.headers["X-Robots-Tag"].startswith("noindex")
    assert not response.cookies


def test_the_page_may_be_kept_for_minutes_and_never_past_the_last_day(
    cast: Cast,
) -> None:
    notice = published(cast)
    response = read(notice)
    kept = response.headers["Cache-Control"]
    assert kept.startswith("public, max-age=")
    assert int(kept.removeprefix("public, max-age=")) <= 300
    again = read(notice, if_none_match=response.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    found = on_view(notice.token, today())
    assert found
    midnight = dt.datetime.combine(notice.last_day, dt.time(23, 59, 30), dt.UTC)
    assert public.seconds_left(found, midnight) == 30


def test_everybody_reads_the_same_whoever_is_signed_in(cast: Cast) -> None:
    notice = published(cast)
    mine = signed_in(cast.clerk).get(notice.public_path)
    assert mine.content == read(notice).content
    assert mine.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("how", ["over", "ended", "withdrawn"])
def test_a_notice_whose_time_is_over_is_gone_and_says_nothing(
    cast: Cast, how: str
) -> None:
    notice = published(cast, -8, -1) if how != "withdrawn" else published(cast)
    with at(cast.clerk):
        if how == "ended":
            services.end_due(today())
        if how == "withdrawn":
            services.withdraw(
                notice=notice, by=cast.clerk, reason="票数写错", on=today()
            )
    response = read(notice)
    assert response.status_code == 410
    assert "这份公示已经结束" in text_of(response)
    assert "补选" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_drafts_days_to_come_and_wrong_addresses_are_not_there(cast: Cast) -> None:
    with at(cast.clerk):
        draft = drafted()
        early = drafted(first=1, last=5)
        services.publish(notice=early, by=cast.clerk, on=today())
    for notice in (draft, early):
        assert read(notice).status_code == 404
    for token in ("0" * 32, early.token[:-1], "x"):
        assert Client().get(f"/g/{token}/").status_code == 404


def test_the_door_opens_for_one_row_and_closes_behind_it(cast: Cast) -> None:
    notice = published(cast)
    found = on_view(notice.token, today())
    assert found
    assert found.content
    with pytest.raises(NoScope), transaction.atomic():
        PublicNotice.objects.count()
    with at(cast.sibling_secretary):
        assert on_view(notice.token, today()) == found
        assert not PublicNotice.objects.exists()


def test_the_page_tells_nothing_but_the_notice(cast: Cast) -> None:
    notice = published(cast)
    with at(cast.clerk):
        objection(cast, notice, who="张国平")
    html = read(notice).content.decode()
    for secret in ("张国平", "年龄不够", cast.clerk.user.name, str(notice.region_id)):
        assert secret not in html


def test_an_address_that_asks_too_often_waits_a_minute(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = published(cast)
    monkeypatch.setattr(public, "PER_MINUTE", 2)
    statuses = [read(notice).status_code for _ in range(3)]
    assert statuses in ([200, 200, 429], [200, 200, 200])
    assert public.is_too_much("203.0.113.9") is False
    assert [public.is_too_much("203.0.113.9") for _ in range(2)][-1] is True


# --- the staff's pages ------------------------------------------------------------


def test_the_list_puts_open_objections_first(cast: Cast) -> None:
    quiet, asked = published(cast), published(cast, 0, 6)
    with at(cast.clerk):
        objection(cast, asked)
    page = signed_in(cast.secretary).get(reverse("notices:list")).context["page"]
    assert [row.pk for row in page] == [asked.pk, quiet.pk]


@pytest.mark.parametrize("night", [True, False], ids=["ended", "before-the-night"])
def test_an_objection_to_what_is_over_stays_in_sight_until_it_is_settled(
    cast: Cast, night: bool
) -> None:
    over, quiet = published(cast, -8, -1), published(cast, -8, -1)
    with at(cast.clerk):
        held = objection(cast, over, days=-1)
        if night:
            services.end_due(today())
    browser, where = signed_in(cast.secretary), reverse("notices:list")
    assert [row.pk for row in browser.get(where).context["page"]] == [over.pk]
    with at(cast.clerk):
        services.settle_objection(
            objection=held, outcome="已答复", by=cast.clerk, on=today()
        )
    assert list(browser.get(where).context["page"]) == []
    ended = browser.get(f"{where}?state=ended").context["page"]
    assert {row.pk for row in ended} == {over.pk, quiet.pk}


def test_a_draft_is_edited_and_a_number_is_refused_at_its_paragraph(cast: Cast) -> None:
    with at(cast.clerk):
        notice = drafted()
    browser = signed_in(cast.clerk)
    where = reverse("notices:edit", args=[notice.pk])
    sent = {
        "version": 1,
        "title": "补选结果公示",
        "words": "第一段\n找我13800138000",
        "first_day": today().isoformat(),
        "last_day": in_days(3).isoformat(),
        "contact_name": "申主任",
        "contact_phone": "0739-2721234",
    }
    refused = browser.post(where, sent)
    assert refused.status_code == 422
    assert "第 2 段里有电话号码" in text_of(refused)
    assert "找我13800138000" in refused.content.decode()
    assert browser.post(where, sent | {"words": "第一段"}).status_code == 302
    assert browser.post(where, sent | {"words": "第二段"}).status_code == 409


def test_an_objection_is_entered_and_settled_on_the_page(cast: Cast) -> None:
    notice, browser = published(cast), signed_in(cast.clerk)
    where = reverse("notices:objection-new", args=[notice.pk])
    empty = browser.post(where, {"received_on": today().isoformat()})
    assert empty.status_code == 422
    sent = {"received_on": today().isoformat(), "way": "phone", "words": "年龄不够"}
    page = browser.post(where, sent, follow=True)
    assert "还没有处理" in text_of(page)
    with at(cast.clerk):
        made = Objection.objects.get()
    settle = reverse("notices:objection-settle", args=[made.pk])
    assert browser.post(settle, {"outcome": "好"}).status_code == 422
    done = browser.post(settle, {"outcome": "核对户口簿，年龄够。"}, follow=True)
    assert "处理结果已登记" in text_of(done)


def test_the_sheet_for_the_wall_has_its_code_only_while_it_is_on_view(
    cast: Cast,
) -> None:
    with at(cast.clerk):
        draft = drafted()
    browser = signed_in(cast.clerk)
    shown = browser.get(reverse("notices:sheet", args=[published(cast).pk]))
    assert "扫码查看" in text_of(shown)
    assert "草稿，还没有公示" in text_of(
        browser.get(reverse("notices:sheet", args=[draft.pk]))
    )


def test_a_notice_that_has_yet_to_begin_is_not_said_to_be_on_view(cast: Cast) -> None:
    """Nobody can open its public page yet; it can still be taken back."""
    with at(cast.clerk):
        early = drafted(first=1, last=5)
    browser = signed_in(cast.clerk)
    shown = browser.post(reverse("notices:publish", args=[early.pk]), follow=True)
    assert f"从 {in_days(1)} 起公示" in text_of(shown)
    assert "还没开始" in text_of(shown)
    assert "公示中" not in text_of(shown)
    assert early.public_path not in shown.content.decode()
    assert reverse("notices:withdraw", args=[early.pk]) in shown.content.decode()
    assert "还没开始" in text_of(browser.get(reverse("notices:list")))


def test_programs_read_notices_and_settle_objections(cast: Cast) -> None:
    notice, browser = published(cast), signed_in(cast.clerk)
    listed = browser.get(reverse("api:notices")).json()["results"]
    assert [one["id"] for one in listed] == [notice.pk]
    late = {"received_on": "2020-01-01", "way": "phone", "words": "年龄不够"}
    where = reverse("api:notice-objections", args=[notice.pk])
    refused = browser.post(where, late, content_type="application/json")
    assert refused.status_code == 422
    assert "公示期" in refused.json()["message"]
    sent = late | {"received_on": today().isoformat(), "who": "张国平"}
    made = browser.post(where, sent, content_type="application/json")
    assert made.status_code == 201
    assert "张国平" not in made.content.decode()
    settle = reverse("api:objection-settle", args=[made.json()["id"]])
    done = browser.post(settle, {"outcome": "已答复"}, content_type="application/json")
    assert done.json()["outcome"] == "已答复"
    with everywhere():
        assert Objection.objects.get().settled_on == today()


def test_programs_change_a_draft_in_the_words_of_the_page(cast: Cast) -> None:
    with at(cast.clerk):
        notice = drafted()
    client, url = signed_in(cast.clerk), f"/api/v1/notices/{notice.pk}/"
    body = {
        "version": notice.version,
        "title": "补选结果公示",
        "paragraphs": ["申桂英当选。", "有异议请提出。"],
        "first_day": notice.first_day.isoformat(),
        "last_day": notice.last_day.isoformat(),
        "contact_name": "申主任",
        "contact_phone": "0739-2721234",
    }
    done = client.put(url, body, content_type="application/json")
    assert done.status_code == 200, done.content.decode()
    assert done.json()["paragraphs"] == body["paragraphs"]
    stale = client.put(url, body, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    number = body | {"version": 2, "paragraphs": ["电话 13812345678。"]}
    leaking = client.put(url, number, content_type="application/json")
    assert "第 1 段里有" in str(leaking.json()["fields"]["words"])
    boss, other = signed_in(cast.city_staff), signed_in(cast.other_secretary)
    assert boss.put(url, body, content_type="application/json").status_code == 403
    assert other.put(url, body, content_type="application/json").status_code == 404
