"""The pages of 评家庭: a quarter from its beginning to its notice, and who sees what."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessEntry
from evaluations.models import Entry, HouseholdRating, RatingRound, Scheme
from evaluations.rules.rounds import Act
from evaluations.services import entries
from households.models import Household
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.evaluations.stage import praise, scold, take
from tests.rolls import Rolls, statements, text_of

OK, BAD = HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY
NOTICE = {"contact_name": "申主任", "contact_phone": "0739-2721234"}


@pytest.fixture(scope="module")
def running(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a round that records; no scope is left open."""
    with at(cast.secretary):
        return stage.begun(cast, rolls, scheme)


def deed(round_: RatingRound, item: str, **more: Any) -> dict[str, Any]:
    """Return what the form of an entry sends."""
    return {"item": stage.item(round_, item).pk, "on": f"{today()}"} | more


def step(browser: Client, url: str, act: str, words: str = "") -> Any:
    """Open a step's page and send it."""
    page = browser.get(f"{url}step/{act}/")
    version = page.context["form"]["version"].value()
    return browser.post(f"{url}step/{act}/", {"words": words, "version": version})


def test_a_quarter_runs_from_its_beginning_to_a_published_notice(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    clerk, secretary = signed_in(cast.clerk), signed_in(cast.secretary)
    [(number, title, _), *_] = clerk.get("/ratings/").context["offers"]
    url = clerk.post("/ratings/begin/", {"number": number})["Location"]
    assert title in text_of(clerk.get(url))
    with at(cast.clerk):
        round_ = RatingRound.objects.get()
        homes = rolls.held_by("李红英")[:2]
        sent = deed(round_, stage.VOLUNTEERING) | {"ids": [home.pk for home in homes]}
        given = deed(round_, stage.DONATION) | {"ids": [home.pk for home in homes]}
    for data in (sent, sent, sent, given):
        assert clerk.post(f"{url}batch/", data).status_code == HTTPStatus.FOUND
    assert step(clerk, url, "strike")["Location"] == url
    assert step(clerk, url, "agree", "评议小组 7 人").status_code == HTTPStatus.FOUND
    assert step(secretary, url, "confirm", "两委会议").status_code == HTTPStatus.FOUND
    made = clerk.post(
        f"{url}notice/",
        NOTICE | {"first_day": f"{today()}", "last_day": f"{stage.terms().last_day}"},
    )
    assert clerk.post(f"{made['Location']}publish/").status_code == HTTPStatus.FOUND
    with at(cast.clerk):
        notice = RatingRound.objects.get().notice
        assert notice is not None
        path = notice.public_path
    public = Client().get(path)
    assert all(home.head in public.content.decode() for home in homes)
    assert "文明模范家庭" in public.content.decode()
    assert "有待进步" not in public.content.decode()


def test_an_entry_with_a_wrong_range_keeps_what_was_typed(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    home = rolls.held_by("李红英")[0]
    url = f"/ratings/{running.pk}/homes/{home.pk}/"
    with everywhere():
        sent = deed(running, "违反公约条款，有记录", points="-9", words="焚烧秸秆")
    page = signed_in(cast.clerk).post(url, sent)
    assert page.status_code == BAD
    assert "−5 至 −2" in text_of(page)
    assert page.context["form"]["words"].value() == "焚烧秸秆"


def test_a_batch_without_a_tick_says_so(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    with everywhere():
        sent = deed(running, stage.MESS)
    page = signed_in(cast.clerk).post(f"/ratings/{running.pk}/batch/", sent)
    assert page.status_code == BAD
    assert "请至少勾选一户" in text_of(page)


def test_an_entry_is_taken_back_from_its_page(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    with at(cast.clerk):
        home = rolls.held_by("李红英")[0]
        (entry,) = stage.write(running, [home], stage.DONATION, cast.clerk)
    browser = signed_in(cast.clerk)
    url = f"/ratings/entries/{entry.pk}/withdraw/"
    assert browser.post(url, {"reason": ""}).status_code == BAD
    assert browser.post(url, {"reason": "记错了户"}).status_code == HTTPStatus.FOUND
    with at(cast.clerk):
        assert Entry.objects.get().withdrawal == "记错了户"


@pytest.fixture
def representative(cast: Cast, rolls: Rolls) -> Client:
    """Return the browser of 李红英, who looks after six households."""
    with everywhere():
        cast.representative.narrowed_to = rolls.people["李红英"].pk
        cast.representative.save()
    return signed_in(cast.representative)


def test_a_representative_writes_for_his_own_households_on_the_phone(
    cast: Cast, rolls: Rolls, running: RatingRound, representative: Client
) -> None:
    own, other = rolls.held_by("李红英")[0], rolls.held_by("张顺民")[0]
    page = representative.get("/ratings/mine/")
    assert own.head in text_of(page)
    assert other.head not in text_of(page)
    with everywhere():
        sent = deed(running, stage.HONEST)
    url = f"/ratings/{running.pk}/homes/{own.pk}/"
    assert representative.post(url, sent).status_code == HTTPStatus.FOUND
    assert "+3" in text_of(representative.get(url))
    foreign = f"/ratings/{running.pk}/homes/{other.pk}/"
    assert representative.get(foreign).status_code == HTTPStatus.NOT_FOUND
    assert representative.get(f"/ratings/{running.pk}/").status_code == 403


@pytest.fixture
def struck(cast: Cast, rolls: Rolls, running: RatingRound) -> Iterator[RatingRound]:
    """Return a round at the panel: one praised, one to mend."""
    with at(cast.secretary):
        good, bad = rolls.held_by("李红英")[:2]
        praise(running, [good], cast.clerk)
        scold(running, [bad], cast.clerk)
        take(running, Act.STRIKE, cast.clerk)
    return running


def test_outside_the_village_nobody_sees_the_last_grade(
    cast: Cast, rolls: Rolls, struck: RatingRound
) -> None:
    good, bad = rolls.held_by("李红英")[:2]
    inside = text_of(signed_in(cast.clerk).get(f"/ratings/{struck.pk}/"))
    assert bad.head in inside
    for post in (cast.township_staff, cast.city_staff):
        browser = signed_in(post)
        page = text_of(browser.get(f"/ratings/{struck.pk}/"))
        assert good.head in page
        assert bad.head not in page
        paper = browser.get(f"/ratings/{struck.pk}/paper/result/").content.decode()
        assert good.head in paper
        assert bad.head not in paper


def test_the_last_grade_is_printed_by_number_only_where_the_village_decided(
    cast: Cast, rolls: Rolls, struck: RatingRound
) -> None:
    with at(cast.secretary):
        take(struck, Act.AGREE, cast.clerk)
        take(struck, Act.CONFIRM, cast.secretary)
    bad, browser = rolls.held_by("李红英")[1], signed_in(cast.clerk)
    url = f"/ratings/{struck.pk}/paper/last/"
    assert browser.get(url).status_code == HTTPStatus.NOT_FOUND
    browser.post("/ratings/setting/", {"prints_last": "on", "basis": "村民代表会议"})
    paper = browser.get(url).content.decode()
    assert f"{bad.pk:06d} 号" in paper
    assert bad.head not in paper
    elsewhere = signed_in(cast.township_staff).get(url)
    assert elsewhere.status_code == HTTPStatus.NOT_FOUND


def test_a_household_is_told_by_a_letter_and_nobody_else(
    cast: Cast, rolls: Rolls, struck: RatingRound
) -> None:
    with at(cast.secretary):
        take(struck, Act.AGREE, cast.clerk)
        take(struck, Act.CONFIRM, cast.secretary)
        good, bad = (
            stage.rating(struck, home).pk for home in rolls.held_by("李红英")[:2]
        )
    browser = signed_in(cast.clerk)
    letter = browser.get(f"/ratings/results/{bad}/letter/").content.decode()
    assert "不公开张贴" in letter
    assert "不影响低保" in letter
    assert browser.get(f"/ratings/results/{good}/letter/").status_code == 404
    told = {"mend": "清走柴堆", "on": f"{today()}"}
    browser.post(f"/ratings/results/{bad}/tell/", told)
    with at(cast.clerk):
        assert HouseholdRating.objects.get(pk=bad).told_by == cast.clerk.user


def test_the_panel_places_equals_on_a_page(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    with at(cast.secretary):
        praise(running, homes := rolls.held_by("张顺民")[:9], cast.clerk)
        take(running, Act.STRIKE, cast.clerk)
        row = stage.rating(running, homes[0])
        model = stage.tier(running, stage.MODEL).pk
    browser = signed_in(cast.clerk)
    assert "同分待定 9" in text_of(browser.get(f"/ratings/{running.pk}/"))
    url = f"/ratings/results/{row.pk}/place/"
    sent = {"tier": model, "reason": "小组表决", "version": running.version}
    assert browser.post(url, sent | {"reason": ""}).status_code == BAD
    assert browser.post(url, sent).status_code == HTTPStatus.FOUND
    assert "同分待定 8" in text_of(browser.get(f"/ratings/{running.pk}/"))


def test_a_step_of_another_post_is_forbidden_and_noted(
    cast: Cast, struck: RatingRound
) -> None:
    with at(cast.secretary):
        take(struck, Act.AGREE, cast.clerk)
    url = f"/ratings/{struck.pk}/step/confirm/"
    page = signed_in(cast.clerk).post(url, {"words": "会议", "version": struck.version})
    assert page.status_code == HTTPStatus.FORBIDDEN
    with everywhere():
        assert AccessEntry.objects.filter(action="refused", path=url).exists()


def test_a_stale_page_is_told_and_keeps_its_words(
    cast: Cast, struck: RatingRound
) -> None:
    url = f"/ratings/{struck.pk}/step/agree/"
    page = signed_in(cast.clerk).post(url, {"words": "七人到会", "version": 1})
    assert page.status_code == HTTPStatus.CONFLICT
    assert page.context["form"]["words"].value() == "七人到会"


def test_missing_covenant_dates_are_shown_with_their_source(
    cast: Cast, running: RatingRound
) -> None:
    browser = signed_in(cast.clerk)
    browser.post("/covenants/new/1/", {"title": "村规民约", "text": "一条"})
    browser.post(f"/ratings/{running.pk}/step/cancel/", {"words": "重来", "version": 1})
    [(number, _, _), *_] = browser.get("/ratings/").context["offers"]
    url = browser.post("/ratings/begin/", {"number": number})["Location"]
    page = text_of(browser.get(url))
    assert "《村规民约》没有备案日期" in page
    assert "第二十七条" in page


def test_a_township_sees_who_is_behind_and_files(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    with at(cast.secretary):
        stage.to_notice(cast, running)
    browser = signed_in(cast.township_staff)
    assert "长冲口村" in text_of(browser.get("/ratings/"))
    done = step(browser, f"/ratings/{running.pk}/", "file")
    assert done.status_code == HTTPStatus.FOUND
    assert "已备案" in text_of(browser.get(f"/ratings/{running.pk}/"))


@pytest.mark.parametrize("who", ["clerk", "township_staff"])
def test_the_number_of_statements_does_not_grow_with_households(
    cast: Cast, rolls: Rolls, running: RatingRound, who: str
) -> None:
    browser, url = signed_in(getattr(cast, who)), f"/ratings/{running.pk}/"
    before = statements(browser, url), statements(browser, "/ratings/")
    with at(cast.secretary):
        more = Household.objects.bulk_create(
            Household(
                region=rolls.village,
                group=rolls.groups[1],
                head=f"新户{n}",
                registered_on=today(),
            )
            for n in range(20)
        )
        stage.write(running, more, stage.DONATION, cast.clerk)
    assert (statements(browser, url), statements(browser, "/ratings/")) == before


def test_papers_print_and_come_as_word(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    browser = signed_in(cast.clerk)
    for slug in ("sheet", "self"):
        assert browser.get(f"/ratings/{running.pk}/paper/{slug}/").status_code == OK
    with at(cast.secretary):
        entries.assess(
            round_=running,
            household=rolls.held_by("李红英")[0],
            words="院子天天扫",
            points=None,
            by=cast.clerk,
        )
        take(running, Act.STRIKE, cast.clerk)
    paper = browser.get(f"/ratings/{running.pk}/paper/result/?format=docx")
    assert paper.content.startswith(b"PK")
    assert browser.get(f"/ratings/{running.pk}/paper/sheet/").status_code == 404
