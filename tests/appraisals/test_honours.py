"""Honours: who may be honoured, what is given, who took it; 培养; 示范村."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from appraisals.forms.honours import AwardForm
from appraisals.models import (
    AppraisalResult,
    Commendation,
    Demonstration,
    Growth,
    Honour,
)
from appraisals.models.honours import Given, GrowthKind
from appraisals.services import honours as services
from appraisals.services.honours import Award
from regions.models import Region
from tests.appraisals.appraising import confirmed, filed
from tests.cast import TOWNSHIP, Cast, at, signed_in
from tests.days import this_year, today, tomorrow, yesterday
from tests.rolls import Rolls, changes, statements, text_of
from tests.sentiment.meetings import as_representative
from tests.trainings.stage import held
from trainings.models import Kind

BONUS = Award("长优-01", Given.BONUS, Decimal("300.00"))


@pytest.fixture
def best(cast: Cast, rolls: Rolls) -> AppraisalResult:
    """Return the one 优秀代表 of the village, filed."""
    row = filed(cast.secretary, cast.township_staff, "张顺民")
    with at(cast.secretary):
        return row.results.select_related("representative", "region").get(
            grade="excellent"
        )


def awarded(cast: Cast, best: AppraisalResult, award: Award = BONUS) -> Honour:
    """Honour the one."""
    with at(cast.secretary):
        [made] = services.award(
            awards={best.pk: award},
            year=this_year(),
            awarded_on=today(),
            by=cast.secretary,
        )
        return made


def test_an_honour_has_a_plaque_a_bonus_and_a_receipt(
    cast: Cast, best: AppraisalResult
) -> None:
    row = awarded(cast, best)
    assert (row.plaque, row.amount) == ("长优-01", Decimal("300.00"))
    with at(cast.secretary):
        assert changes(row, "insert")
        row = Honour.objects.get(pk=row.pk)
        services.receive(
            honour=row, received_on=today(), receiver="张顺民", version=1, on=today()
        )
        assert not Honour.objects.filter(received_on=None).exists()
        with pytest.raises(EditedMeanwhile):
            services.receive(
                honour=row, received_on=today(), receiver="别人", version=1, on=today()
            )


def outstanding(pk: int, on: dt.date | None) -> Any:
    """Return a result as the form reads it, honoured on a day or not yet."""
    person = SimpleNamespace(name=f"代表{pk}")
    row = SimpleNamespace(pk=pk, representative=person, region_id=1)
    if on:
        row.honour = Honour(plaque=f"0{pk}", awarded_on=on)
    return row


def test_whoever_was_honoured_on_a_day_of_his_own_keeps_it() -> None:
    usual, other = dt.date(2026, 1, 20), dt.date(2026, 3, 8)
    rows = [outstanding(n, on) for n, on in enumerate((usual, other, usual, None))]
    sent = {f"plaque_{n}": f"0{n}" for n in range(4)}

    form = AwardForm({**sent, "awarded_on": "2026-01-21"}, results=rows)

    assert form.fields["awarded_on"].initial == usual
    assert "各自不变" in form.fields["awarded_on"].help_text
    assert form.is_valid(), form.errors
    days = {pk: one.awarded_on for pk, one in form.awards().items()}
    assert days == {0: None, 1: other, 2: None, 3: None}


def test_whoever_has_no_plaque_yet_is_left_empty() -> None:
    rows = [outstanding(0, None), outstanding(1, None), outstanding(2, today())]
    day = {"awarded_on": today()}

    form = AwardForm(day | {"plaque_1": "01", "plaque_2": "02"}, results=rows)
    assert form.is_valid(), form.errors
    assert set(form.awards()) == {1, 2}

    form = AwardForm(day | {"given_0": "gift", "gift_0": "茶具"}, results=rows)
    assert form.errors == {
        "plaque_0": ["请填号牌编号。"], "plaque_2": ["请填号牌编号。"],
    }  # fmt: skip
    form = AwardForm(day, results=rows[:2])
    assert form.errors["__all__"] == ["一位都没有填。请至少填一位的号牌编号。"]


def test_a_correction_on_the_page_leaves_the_day_as_it_is(
    cast: Cast, best: AppraisalResult
) -> None:
    row = awarded(cast, best)
    with at(cast.secretary):
        Honour.objects.filter(pk=row.pk).update(awarded_on=yesterday())
    url = f"{reverse('appraisals:honour-award')}?year={this_year()}"
    client = signed_in(cast.secretary)

    assert f'value="{yesterday()}"' in client.get(url).content.decode()


def test_registering_again_corrects_and_adds_nobody(
    cast: Cast, best: AppraisalResult
) -> None:
    awarded(cast, best)
    awarded(cast, best, Award("长优-01", Given.GIFT, gift="保温壶"))
    with at(cast.secretary):
        row = Honour.objects.get()
        assert (row.given_words, row.amount) == ("保温壶", None)


def test_a_correction_makes_an_older_receipt_page_old(
    cast: Cast, best: AppraisalResult
) -> None:
    row = awarded(cast, best)
    assert awarded(cast, best).version == row.version, "nothing was changed"
    assert awarded(cast, best, Award("长优-02")).version == row.version + 1
    with at(cast.secretary), pytest.raises(EditedMeanwhile):
        services.receive(
            honour=row, received_on=today(), receiver="张顺民", version=1, on=today()
        )


def test_of_two_who_correct_an_honour_the_second_is_told(
    cast: Cast, best: AppraisalResult
) -> None:
    row = awarded(cast, best)
    browser, url = signed_in(cast.secretary), f"/honours/award/?year={this_year()}"
    drawn = browser.get(url).context["form"]
    old = {name: drawn[name].value() or "" for name in drawn.fields}
    assert f'name="version_{best.pk}" value="1"' in browser.get(url).content.decode()
    awarded(cast, best, Award("长优-02"))

    late = browser.post(url, old)
    assert (late.status_code, "张顺民的表彰别人刚改过" in text_of(late)) == (409, True)
    sent = {"result": best.pk, "plaque": "长优-03", "version": row.version}
    body = {"year": this_year(), "awarded_on": f"{today()}", "awards": [sent]}
    told = browser.post("/api/v1/honours/", body, "application/json")
    assert (told.status_code, told.json()["code"]) == (409, "conflict")
    with at(cast.secretary):
        assert Honour.objects.get().plaque == "长优-02"


@pytest.mark.parametrize(
    ("award", "words"),
    [
        (Award(" "), "号牌编号"),
        (Award("1", Given.BONUS), "请填金额"),
        (Award("1", Given.GIFT), "写是什么"),
    ],
)
def test_an_incomplete_honour_is_refused_in_words(
    cast: Cast, best: AppraisalResult, award: Award, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        awarded(cast, best, award)


@pytest.mark.parametrize(
    ("day", "receiver", "words"),
    [
        (tomorrow, "张顺民", "不能晚于今天"),
        (yesterday, "张顺民", "不能早于表彰日期"),
        (today, " ", "谁领的"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(
    cast: Cast,
    best: AppraisalResult,
    day: Callable[[], dt.date],
    receiver: str,
    words: str,
) -> None:
    row = awarded(cast, best)
    with at(cast.secretary), pytest.raises(Refused, match=words):
        services.receive(
            honour=row, received_on=day(), receiver=receiver, version=1, on=today()
        )


def test_only_who_is_filed_as_excellent_is_honoured(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = confirmed(cast.secretary, "张顺民")
        one = row.results.get(grade="excellent")
        with pytest.raises(Refused, match="不是已备案"):
            services.award(
                awards={one.pk: BONUS},
                year=this_year(),
                awarded_on=today(),
                by=cast.secretary,
            )
        earned = pytest.raises(IntegrityError, match="filed as excellent")
        with earned, transaction.atomic():
            Honour.objects.create(
                    region_id=one.region_id, result=one, year=this_year(), plaque="1",
                    representative_id=one.representative_id, awarded_on=today(),
                    entered_by=cast.secretary.user,
                )  # fmt: skip


def test_the_pages_of_honours(cast: Cast, best: AppraisalResult) -> None:
    browser = signed_in(cast.secretary)
    assert "还没登记表彰" in text_of(browser.get("/honours/"))
    before = statements(browser, "/honours/")
    cells = {
        "awarded_on": today(), f"plaque_{best.pk}": "01", f"given_{best.pk}": "bonus",
        f"amount_{best.pk}": "", f"gift_{best.pk}": "",
    }  # fmt: skip
    wrong = browser.post("/honours/award/", cells)
    assert (wrong.status_code, "请填金额" in text_of(wrong)) == (422, True)
    right = cells | {f"amount_{best.pk}": "300"}
    assert browser.post("/honours/award/", right).status_code == 302
    with at(cast.secretary):
        row = Honour.objects.get()
    receipt = {"received_on": today(), "receiver": "张顺民", "version": row.version}
    assert browser.post(f"/honours/{row.pk}/receive/", receipt).status_code == 302
    page = text_of(browser.get("/honours/"))
    assert "奖金 300.00 元" in page
    assert statements(browser, "/honours/") <= before + 2
    assert browser.get("/honours/paper/?format=docx").content.startswith(b"PK")
    post = as_representative(cast.representative, set_of(best))
    assert "号牌 01" in text_of(signed_in(post).get("/appraisals/own/"))


def set_of(best: AppraisalResult) -> Rolls:
    """Return rolls that hold the person of a result."""
    return Rolls(best.region, {}, {}, {}, {"张顺民": best.representative}, {}, {})


def test_a_commendation_is_noted_once_a_year(cast: Cast, best: AppraisalResult) -> None:
    browser = signed_in(cast.township_staff)
    given = {"held_on": today(), "place": "镇政府礼堂", "words": ""}
    assert browser.post("/honours/commendation/", given).status_code == 302
    again = given | {"place": "镇文化站"}
    assert browser.post("/honours/commendation/", again).status_code == 302
    with at(cast.township_staff):
        row = Commendation.objects.get()
    assert (row.place, row.region_id) == ("镇文化站", TOWNSHIP)
    assert "镇文化站" in text_of(browser.get("/honours/"))


# --- 培养 -----------------------------------------------------------------------------


def test_the_partys_list_is_dated_and_says_who_set_it(cast: Cast, rolls: Rolls) -> None:
    person = rolls.people["李红英"]
    with at(cast.secretary):
        given = {
            "representative": person, "kind": GrowthKind.ACTIVIST, "started_on": today(),
            "decided": "支部大会", "on": today(), "by": cast.secretary,
        }  # fmt: skip
        row = services.bring_on(**given)
        assert (row.set_by, changes(row, "insert") != []) == (cast.secretary.user, True)
        with pytest.raises(Refused, match="已经是入党积极分子"):
            services.bring_on(**given)
        with pytest.raises(Refused, match="为什么结束"):
            services.end_growth(
                growth=row, ended_on=today(), outcome=" ", on=today(), by=cast.secretary
            )
        services.end_growth(
            growth=row, ended_on=today(), outcome="发展为预备党员", on=today(),
            by=cast.secretary,
        )  # fmt: skip
        assert not Growth.objects.standing().exists()
        services.bring_on(**given)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("secretary", 200),
        ("township_lead", 200),
        ("clerk", 403),
        ("township_staff", 403),
        ("city_lead", 403),
        ("representative", 403),
    ],
)
def test_the_partys_list_is_seen_by_those_who_keep_it(
    cast: Cast, part: str, status: int
) -> None:
    assert signed_in(getattr(cast, part)).get("/growth/").status_code == status


# --- 示范村 ---------------------------------------------------------------------------


def test_a_township_chooses_two_villages_at_most(cast: Cast) -> None:
    browser = signed_in(cast.township_staff)
    villages = list(Region.objects.filter(parent_id=TOWNSHIP).order_by("code")[:3])
    answers = [
        browser.post("/demonstrations/", {"village": one.code, "lessons": "包片修渠"})
        for one in villages
    ]
    assert [one.status_code for one in answers] == [302, 302, 422]
    assert "每镇最多 2 个" in text_of(answers[2])
    with at(cast.township_staff):
        rows = list(Demonstration.objects.order_by("region_id"))
        assert [row.region_id for row in rows] == [one.code for one in villages[:2]]
        with pytest.raises(IntegrityError, match="plan allows"), transaction.atomic():
            Demonstration.objects.create(
                region=villages[2], year=this_year(), chosen_on=today(), lessons="x",
                chosen_by=cast.township_staff.user,
            )  # fmt: skip
    assert browser.post(f"/demonstrations/{rows[0].pk}/drop/").status_code == 302
    with at(cast.township_staff):
        assert Demonstration.objects.count() == 1


def test_a_village_reads_the_list_and_chooses_nothing(cast: Cast) -> None:
    browser = signed_in(cast.secretary)
    assert browser.get("/demonstrations/").context["form"] is None


def test_a_demonstration_village_shows_the_tours_that_came_and_offers_another(
    cast: Cast, rolls: Rolls
) -> None:
    village = rolls.village
    tour = held(
        cast.township_staff, rolls, "张顺民", "李红英",
        topic="看院落自治", kind=Kind.TOUR, host_village=village.code,
        lessons="恳谈会开到院子里",
    )  # fmt: skip
    browser = signed_in(cast.township_staff)
    browser.post("/demonstrations/", {"village": village.code, "lessons": "包片修渠"})
    page = browser.get("/demonstrations/")
    words = text_of(page)
    assert "看院落自治" in words
    assert "来了 2 人" in words
    assert "恳谈会开到院子里" in words
    assert tour.get_absolute_url() in page.content.decode()
    [shown] = page.context["rows"]
    form = browser.get(shown.new_tour).context["form"]
    assert form.initial["host_village"] == village
    assert form.initial["kind"] == Kind.TOUR
    before = statements(browser, "/demonstrations/")
    held(
        cast.township_staff, rolls, "周静霞", topic="再看一次", kind=Kind.TOUR,
        host_village=village.code,
    )  # fmt: skip
    assert statements(browser, "/demonstrations/") == before
    assert "再看一次" not in text_of(signed_in(cast.secretary).get("/demonstrations/"))
