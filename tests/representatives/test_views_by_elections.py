"""The pages of a by-election: what a clerk sees, types, and is told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import RowChange
from representatives.models import ByElection, Candidate, Round, SurveyConfirmation
from representatives.papers import PAPERS
from representatives.rules.by_elections import Stage
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import dated, days_ago, this_year, today
from tests.elections import (
    approved,
    elected,
    fresh,
    noticed,
    stand,
    started,
    submitted,
)
from tests.rolls import ID_NUMBERS, Rolls, set_up_sibling, statements, text_of


def url(row: ByElection, step: str = "") -> str:
    """Return the address of a by-election, or of one of its steps."""
    name = f"representatives:by-election{f'-{step}' if step else ''}"
    return reverse(name, args=[row.pk])


def page(browser: Client, row: ByElection) -> str:
    """Return what the page of a by-election says."""
    return text_of(browser.get(url(row)))


# --- whose turn ------------------------------------------------------------------


def test_the_page_says_what_is_next_and_whose_turn_it_is(
    cast: Cast, rolls: Rolls
) -> None:
    village, desk = signed_in(cast.clerk), signed_in(cast.township_staff)
    row = started(cast, rolls)
    assert "下一步：填写补选方案" in page(village, row)
    assert "登记入册" not in page(village, row), "it began; nobody was put on a roll"
    assert "您也可以代办" in page(desk, row)
    assert "等村（社区）办理" in page(signed_in(cast.city_staff), row)
    with at(cast.clerk):
        ByElection.objects.filter(pk=row.pk).update(stage=Stage.REVIEW)
    assert "等乡镇（街道）办理" in page(village, row)
    assert "下一步：审核方案" in page(desk, row)


def test_a_vote_to_come_waits_for_its_day(cast: Cast, rolls: Rolls) -> None:
    row = approved(cast, rolls)
    stand(cast, row)
    with at(cast.clerk):
        ByElection.objects.update(meets_on=days_ago(-3))
    text = page(signed_in(cast.clerk), row)
    assert "等待开会推选" in text
    assert "登记推选结果" not in text


def test_a_notice_that_ran_out_makes_the_filing_due_by_itself(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    assert "下一步：办理备案" in page(signed_in(cast.township_staff), row)
    assert row.at is Stage.NOTICE


def test_the_list_puts_ones_own_turn_first_and_late_vacancies_on_top(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    mine = submitted(cast, rolls)
    browser = signed_in(cast.township_staff)
    response = browser.get(reverse("representatives:by-elections"))
    assert [line.mine for line in response.context["lines"]] == [True]
    waiting = response.context["waiting"]
    assert [place.seat for place in waiting] == [sibling.seats[3, 2]]
    assert waiting[0].is_late
    text = text_of(response)
    assert "轮到您办" in text
    assert mine.get_absolute_url() in response.content.decode()


def test_the_statements_of_the_lists_do_not_grow(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    pages = (
        reverse("representatives:by-elections"),
        reverse("representatives:survey", args=[430582113000]),
        reverse("notices:list"),
        reverse("api:by-elections"),
    )
    noticed(cast, rolls)
    before = [statements(browser, one) for one in pages]
    sibling = set_up_sibling()
    for group in (1, 3):
        with everywhere():
            ByElection.objects.create(
                region=sibling.village,
                constituency=sibling.units[group],
                mode="households",
                started_on=today(),
                started_by=cast.township_staff.user,
            )
    assert [statements(browser, one) for one in pages] == before


# --- the forms ---------------------------------------------------------------------


def test_a_start_asks_for_what_proves_the_vacancy(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    where = reverse("representatives:by-election-start", args=[rolls.units[3].pk])
    seat = rolls.seats[3, 2].pk
    refused = browser.post(where, {f"seat_{seat}": "on", f"evidence_{seat}": ""})
    assert refused.status_code == 422
    assert "请写明出缺的依据" in text_of(refused)
    taken = browser.post(
        where, {f"seat_{seat}": "on", f"evidence_{seat}": "村民会议决定"}
    )
    with at(cast.clerk):
        assert taken.headers["Location"] == ByElection.objects.get().get_absolute_url()


def test_a_plan_is_sent_and_a_stale_page_is_told_with_all_that_was_typed(
    cast: Cast, rolls: Rolls
) -> None:
    row, browser = started(cast, rolls), signed_in(cast.clerk)
    typed = {
        "version": row.version,
        "meets_on": days_ago(-5).isoformat(),
        "place": "刘桂英家屋场",
        "presider": "李国平",
        "voters": "households",
        "entitled": 40,
    }
    assert browser.post(url(row, "plan"), typed).status_code == 302
    stale = browser.post(url(row, "plan"), typed)
    assert stale.status_code == 409
    assert "别人刚办过一步" in text_of(stale)
    assert "刘桂英家屋场" in stale.content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"verdict": "return"}, 422, "退回要写明"),
        ({"verdict": "return", "words": "应到人数不对"}, 302, ""),
        ({"verdict": "approve"}, 302, ""),
        ({}, 422, "请选一项"),
    ],
)
def test_the_township_answers(
    cast: Cast, rolls: Rolls, sent: dict[str, str], status: int, words: str
) -> None:
    row = submitted(cast, rolls)
    browser = signed_in(cast.township_staff)
    response = browser.post(url(row, "review"), sent | {"version": row.version})
    assert response.status_code == status
    if words:
        assert words in text_of(response)


CANDIDATE = {
    "name": "申桂英",
    "sex": "f",
    "nation": "汉族",
    "id_number": ID_NUMBERS[0],
    "birth_year": "",
    "politics": "member",
    "nominated_by": "households",
    "has_rights": "on",
    "offices": "护林员",
    "draws_allowance": "on",
}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"has_rights": ""}, "has_rights", "核实后勾选"),
        ({"on_committee": "on"}, "on_committee", "委员会成员"),
        (
            {"id_number": "", "birth_year": lambda: this_year() - 17},
            "birth_year",
            "未满18周岁",
        ),
        ({"id_number": "", "birth_year": ""}, "birth_year", "至少填一样"),
        ({"id_number": "430599195611059785"}, "id_number", "校验不对"),
    ],
)
def test_what_blocks_a_candidate_is_told_at_its_field(
    cast: Cast, rolls: Rolls, typed: dict[str, Any], field: str, words: str
) -> None:
    row = approved(cast, rolls)
    where = reverse("representatives:candidate-new", args=[row.pk])
    response = signed_in(cast.clerk).post(where, CANDIDATE | dated(typed))
    assert response.status_code == 422
    assert words in "".join(response.context["form"].errors[field])
    assert 'value="申桂英"' in response.content.decode()


def test_a_candidate_is_shown_with_priorities_and_the_effect_L17(
    cast: Cast, rolls: Rolls
) -> None:
    row, browser = approved(cast, rolls), signed_in(cast.clerk)
    where = reverse("representatives:candidate-new", args=[row.pk])
    assert "选女的：" in text_of(browser.get(where))
    assert browser.post(where, CANDIDATE).status_code == 302
    text = page(browser, row)
    assert "党员，优先" in text
    assert "领取固定补贴的护林员，优先" in text
    # 3 women of 4 representatives and 5 of the committee; then 4 of 5 and 5.
    assert "妇女代表 33.3% → 40.0%" in text


def test_a_candidates_numbers_never_reach_the_page(cast: Cast, rolls: Rolls) -> None:
    row, browser = approved(cast, rolls), signed_in(cast.clerk)
    candidate = stand(cast, row)
    where = reverse("representatives:candidate-edit", args=[candidate.pk])
    for address in (url(row), where):
        html = browser.get(address).content.decode()
        assert ID_NUMBERS[0] not in html
        assert "13800002222" not in html
    kept = browser.post(where, CANDIDATE | {"id_number": "", "name": "申桂英子"})
    assert kept.status_code == 302
    with at(cast.clerk):
        row_now = Candidate.objects.get(pk=candidate.pk)
        assert (row_now.name, row_now.id_index) == ("申桂英子", candidate.id_index)


def result(candidate: Candidate, row: ByElection, **typed: Any) -> dict[str, Any]:
    """Return what is typed from a report sheet in order."""
    held = {
        "version": row.version,
        "held_on": days_ago(10).isoformat(),
        "entitled": 40,
        "present": 36,
        "issued": 36,
        "returned": 35,
        "invalid": 1,
        f"for_{candidate.pk}": 30,
        f"against_{candidate.pk}": 3,
        f"abstain_{candidate.pk}": 1,
    }
    return held | typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"returned": 37}, "收回票（37）多于发出票（36）"),
        ({"present": 16, "issued": 16, "returned": 16, "invalid": 0}, "会议无效"),
        ({"invalid": 2}, "不等于收回票35"),
        ({"present": ""}, "请填写"),
    ],
)
def test_a_wrong_result_is_refused_in_words_and_nothing_typed_is_lost(
    cast: Cast, rolls: Rolls, typed: dict[str, Any], words: str
) -> None:
    row = approved(cast, rolls)
    candidate = stand(cast, row)
    sent = result(candidate, fresh_at(cast, row), tellers="尹德生", **typed)
    response = signed_in(cast.clerk).post(url(row, "result"), sent)
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="尹德生"' in response.content.decode()
    with at(cast.clerk):
        assert not Round.objects.exists()


def fresh_at(cast: Cast, row: ByElection) -> ByElection:
    """Return a by-election as it is now, in a scope of its own."""
    with at(cast.clerk):
        return fresh(row)


def test_a_result_is_checked_before_it_is_saved(cast: Cast, rolls: Rolls) -> None:
    row, browser = approved(cast, rolls), signed_in(cast.clerk)
    candidate = stand(cast, row)
    sent = result(candidate, fresh_at(cast, row))
    shown = browser.post(url(row, "result"), sent)
    assert shown.status_code == 200
    assert "核对推选结果" in text_of(shown)
    assert "妇女代表 33.3% → 40.0%" in text_of(shown)
    with at(cast.clerk):
        assert not Round.objects.exists()
    back = browser.post(url(row, "result"), sent | {"back": "1"})
    assert f'name="for_{candidate.pk}" value="30"' in back.content.decode()
    saved = browser.post(url(row, "result"), sent | {"confirm": "1"}, follow=True)
    assert "申桂英当选" in text_of(saved)
    with at(cast.clerk):
        assert Round.objects.get().votes.get().votes_for == 30
    again = browser.post(url(row, "result"), sent | {"confirm": "1"})
    assert again.status_code in {409, 422}


def test_a_notice_is_drafted_shown_and_published(cast: Cast, rolls: Rolls) -> None:
    row, browser = elected(cast, rolls), signed_in(cast.clerk)
    short = {
        "first_day": today().isoformat(),
        "last_day": today().isoformat(),
        "contact_name": "申主任",
        "contact_phone": "0739-2721234",
    }
    refused = browser.post(url(row, "notice"), short)
    assert refused.status_code == 422
    assert "至少要 3 天" in text_of(refused)
    drafted = browser.post(
        url(row, "notice"), short | {"last_day": days_ago(-4).isoformat()}, follow=True
    )
    assert "草稿，群众还看不到" in text_of(drafted)
    notice = drafted.context["notice"]
    published = browser.post(reverse("notices:publish", args=[notice.pk]), follow=True)
    assert "已经公示" in text_of(published)
    assert "公示中" in page(browser, row)


def test_setting_aside_and_calling_off_ask_for_a_reason(
    cast: Cast, rolls: Rolls
) -> None:
    row, browser = elected(cast, rolls), signed_in(cast.clerk)
    for step in ("repeat", "cancel"):
        refused = browser.post(url(row, step), {"version": row.version, "reason": ""})
        assert refused.status_code == 422
    sent = {"version": row.version, "reason": "有人重复投票"}
    assert browser.post(url(row, "repeat"), sent).status_code == 302
    sent = {"version": row.version + 1, "reason": "名额撤销了"}
    assert browser.post(url(row, "cancel"), sent).status_code == 302
    assert "已作废" in page(browser, row)


# --- papers and survey -----------------------------------------------------------------


@pytest.mark.parametrize("slug", PAPERS)
def test_every_paper_prints_and_downloads_without_numbers(
    cast: Cast, rolls: Rolls, slug: str
) -> None:
    row, browser = noticed(cast, rolls), signed_in(cast.clerk)
    where = reverse("representatives:by-election-paper", args=[row.pk, slug])
    shown = browser.get(where)
    html = shown.content.decode()
    assert shown.status_code == 200
    assert "申桂英" in html or slug == "plan"
    assert ID_NUMBERS[0] not in html
    file = browser.get(f"{where}?format=docx")
    assert file.headers["Content-Type"].endswith("wordprocessingml.document")


def test_a_paper_that_cannot_be_filled_in_yet_is_not_there(
    cast: Cast, rolls: Rolls
) -> None:
    row, browser = started(cast, rolls), signed_in(cast.clerk)
    for slug in [*PAPERS, "unknown"]:
        where = reverse("representatives:by-election-paper", args=[row.pk, slug])
        assert browser.get(where).status_code == 404
    assert "还没到这一步" in page(browser, row)


def test_the_township_confirms_all_its_villages_with_one_click(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.township_staff)
    where = reverse("representatives:survey", args=[430582113000])
    assert "还没有确认过" in text_of(browser.get(where))
    done = browser.post(
        reverse("representatives:survey-confirm", args=[430582113000]), follow=True
    )
    assert "已确认 21 个村（社区）" in text_of(done)
    with everywhere():
        assert SurveyConfirmation.objects.count() == 21
        changed = RowChange.objects.filter(table="representatives_surveyconfirmation")
        assert changed.count() == 21
    city = signed_in(cast.city_staff).get(
        reverse("representatives:survey", args=[430582000000])
    )
    [first, *_] = city.context["rows"]
    assert (first.place.code, first.late, first.confirmed) == (430582113000, 1, 21)
