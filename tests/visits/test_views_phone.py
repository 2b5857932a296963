"""The representative's phone, page by page, as plain forms."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry, Action
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today, yesterday
from tests.visits.stage import HEADS, Walker, hand_to, make_home, make_walker, seen
from visits.models import HandedVisit, Visit
from visits.rounds import Round, round_of

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return the cast's representative: four key households and four others."""
    with everywhere():
        return make_walker("walker", post=cast.representative, key=4)


@pytest.fixture
def phone(walker: Walker) -> Client:
    """Return his phone, signed in."""
    return signed_in(walker.post)


def heads(doors: Any) -> list[str]:
    """Return the heads of some doors in their order."""
    return [door.duty.household.head for door in doors]


def round_on(walker: Walker, on: dt.date) -> Round:
    """Return the round as he would see it on a day."""
    with at(walker.post):
        return round_of(walker.person.pk, on)


def form_of(walker: Walker, head: str, **more: Any) -> dict[str, Any]:
    """Return a filled form of 有情况."""
    return {
        "id": str(uuid.uuid4()),
        "household": walker.homes[head].pk,
        "topics": ["医疗健康"],
        "satisfaction": "fair",
        "words": "",
        "for_village": "yes",
        "visited_on": str(today()),
    } | more


# --- the list ---------------------------------------------------------------------


def test_overdue_come_first_then_what_ends_with_the_month(walker: Walker) -> None:
    with everywhere():
        seen(walker, "刘桂英", dt.date(2026, 10, 20))
        seen(walker, "张志文", dt.date(2026, 11, 2))
        for head in HEADS[4:]:
            seen(walker, head, dt.date(2026, 9, 1))

    found = round_on(walker, MONDAY)

    late = {"李小红", "欧阳海棠"}
    assert set(heads(found.to_see)[:2]) == late
    assert heads(found.to_see)[2] == "刘桂英"
    assert set(heads(found.to_see)[3:]) == set(HEADS[4:])
    assert heads(found.seen) == ["张志文"]
    assert (found.done, found.total) == (1, 4)


def test_card_says_why_in_few_words(walker: Walker) -> None:
    with everywhere():
        seen(walker, "刘桂英", dt.date(2026, 10, 20))
        seen(walker, "张志文", dt.date(2026, 9, 3))
        seen(walker, "刘铁生", dt.date(2025 + 1, 9, 3))

    doors = {d.duty.household.head: d for d in round_on(walker, MONDAY).to_see}

    assert (doors["刘桂英"].why, doors["刘桂英"].tone) == ("本月还剩 7 天", "soon")
    assert (doors["张志文"].why, doors["张志文"].tone) == ("已超期 23 天", "late")
    assert (doors["刘铁生"].why, doors["刘铁生"].tone) == ("本季度还剩 38 天", "plain")
    assert doors["刘桂英"].last == "上次 10 月 20 日"


def test_list_takes_as_many_statements_for_forty_doors_as_for_eight(
    phone: Client, walker: Walker
) -> None:
    phone.get("/visits/")  # the day's line in the log
    with CaptureQueriesContext(connection) as few:
        phone.get("/visits/")
    with everywhere():
        for number in range(32):
            make_home(walker.person, f"多{number}", number, dt.date(2026, 1, 1))
    with CaptureQueriesContext(connection) as many:
        page = phone.get("/visits/")

    assert "多31" in page.content.decode()
    assert len(many) == len(few) <= 16


def test_numbers_stand_in_the_link_and_are_logged_once_a_day(
    phone: Client, walker: Walker
) -> None:
    for _ in range(3):
        page = phone.get("/visits/").content.decode()

    assert 'href="tel:13800000000"' in page
    with everywhere():
        lines = AccessEntry.objects.filter(action=Action.REVEALED)
        assert [line.user_id for line in lines] == [walker.user.pk]


def test_list_belongs_to_one_person_by_its_mark(phone: Client, walker: Walker) -> None:
    mine = phone.get("/visits/").headers["X-Visits-Who"]
    with everywhere():
        other = make_walker("other", ("别人家",))

    page = signed_in(other.post).get("/visits/")

    assert page.headers["X-Visits-Who"] != mine
    assert "刘桂英" not in page.content.decode()


def test_representative_without_households_is_told_whom_to_ask(cast: Cast) -> None:
    with everywhere():
        newly_elected = make_walker("newly", ()).post
    page = signed_in(newly_elected).get("/", follow=True)

    assert "还没有分给您联系户" in page.content.decode()


@pytest.mark.parametrize(("part", "status"), [("clerk", 302), ("township_staff", 403)])
def test_list_is_the_representatives_own_page(
    cast: Cast, part: str, status: int
) -> None:
    assert signed_in(getattr(cast, part)).get("/visits/").status_code == status


# --- recording ----------------------------------------------------------------------


def test_one_tap_records_once_however_often_it_is_sent(
    phone: Client, walker: Walker
) -> None:
    address = f"/visits/doors/{walker.homes['刘桂英'].pk}/quick/"
    sent = {"id": str(uuid.uuid4())}

    for _ in range(2):
        page = phone.post(address, sent, follow=True).content.decode()

    assert "已记：刘桂英，平安" in page
    assert "撤销" in page
    with at(walker.post):
        assert Visit.objects.get().household.head == "刘桂英"


def test_undone_visit_no_longer_stands(phone: Client, walker: Walker) -> None:
    phone.post(f"/visits/doors/{walker.homes['刘桂英'].pk}/quick/")
    with at(walker.post):
        visit = Visit.objects.get()

    page = phone.post(f"/visits/{visit.pk}/undo/", follow=True).content.decode()

    assert "刘桂英家的走访已撤回" in page
    with at(walker.post):
        assert not Visit.objects.standing().exists()


def test_matter_is_recorded_with_what_was_said(phone: Client, walker: Walker) -> None:
    sent = form_of(walker, "张志文", topics=["医疗健康", "其他"], words="要买药")

    page = phone.post("/visits/matter/", sent, follow=True).content.decode()

    assert "已记：张志文，有情况" in page
    with at(walker.post):
        visit = Visit.objects.get()
    assert (visit.topics, visit.words) == (["医疗健康", "其他"], "要买药")
    assert (visit.has_matter, visit.for_village) == (True, True)


def test_the_page_for_any_household_asks_which(phone: Client) -> None:
    page = phone.get("/visits/matter/").content.decode()
    assert "请选</option>" in page
    assert "-----" not in page


def test_a_matter_is_read_again_in_the_words_of_its_button(
    phone: Client, walker: Walker
) -> None:
    sent = form_of(walker, "张志文", topics=["医疗健康", "其他"])
    page = phone.post("/visits/matter/", sent, follow=True).content.decode()
    door = phone.get(f"/visits/doors/{walker.homes['张志文'].pk}/").content.decode()

    assert "有情况：看病吃药、其他" in page
    assert "有情况：看病吃药、其他" in door


WRONG = {
    "nothing chosen": ({"topics": []}, "请至少选一样"),
    "tomorrow": ({"visited_on": "2099-01-01"}, "晚于今天"),
    "before the link": ({"visited_on": "2025-12-31"}, "不在联系期内"),
    "no such household": ({"household": "0"}, "没有这一项"),
}


@pytest.mark.parametrize(("changed", "words"), WRONG.values(), ids=WRONG)
def test_wrong_form_says_what_is_wrong_and_stores_nothing(
    phone: Client, walker: Walker, changed: Any, words: str
) -> None:
    page = phone.post("/visits/matter/", form_of(walker, "张志文", **changed))

    assert page.status_code == 422
    assert words in page.content.decode()
    with at(walker.post):
        assert not Visit.objects.exists()


def test_household_of_a_colleague_is_absent_everywhere(
    phone: Client, walker: Walker
) -> None:
    with everywhere():
        other = make_walker("other", ("别人家",))
    pk = other.homes["别人家"].pk

    assert phone.get(f"/visits/doors/{pk}/").status_code == 404
    assert phone.get(f"/visits/matter/?household={pk}").status_code == 404
    assert phone.post(f"/visits/doors/{pk}/quick/").status_code == 404


def test_change_makes_a_new_version_and_keeps_the_old(
    phone: Client, walker: Walker
) -> None:
    with everywhere():
        first = seen(walker, "刘桂英", today())
    sent = form_of(walker, "刘桂英", reason="补充情况")

    assert phone.get(f"/visits/{first.pk}/change/").status_code == 200
    phone.post(f"/visits/{first.pk}/change/", sent)

    with at(walker.post):
        second = Visit.objects.standing().get()
        first.refresh_from_db()
    assert second.corrects_id == first.pk
    assert first.withdrawal == "补充情况"


def test_a_change_keeps_what_the_phone_does_not_ask(
    phone: Client, walker: Walker
) -> None:
    """A call stays a call that does not count, and words alone are a matter."""
    with everywhere():
        first = seen(walker, "刘桂英", today())
        Visit.objects.filter(pk=first.pk).update(
            way="phone",
            counts=False,
            has_matter=True,
            words="渠道漏水",
            answer="答应去看",
        )
    sent = form_of(walker, "刘桂英", reason="内容记错了", topics=[], words="渠道还漏水")

    phone.post(f"/visits/{first.pk}/change/", sent)

    with at(walker.post):
        second = Visit.objects.standing().get()
    assert (second.way, second.counts, second.answer) == ("phone", False, "答应去看")
    assert (second.has_matter, second.words) == (True, "渠道还漏水")


def test_his_visit_of_today_stays_when_somebody_else_takes_the_household_over(
    phone: Client, walker: Walker
) -> None:
    day = today()
    with everywhere():
        seen(walker, "刘桂英", day)
        hand_to(walker.homes["刘桂英"], make_walker("heir", ()).person, day)

    listed = phone.get("/visits/").content.decode()
    records = phone.get("/visits/records/").content.decode()

    assert "已由别人联系" in listed
    assert "（已由别人联系）" in records
    assert "刘桂英" not in listed + records


def test_what_comes_in_a_day_late_can_still_be_changed(
    phone: Client, walker: Walker
) -> None:
    """Noted without network, sent the next morning: the phone says it is there."""
    with everywhere():
        late = seen(walker, "刘桂英", yesterday())

    listed = phone.get("/visits/").content.decode()

    assert f"/visits/{late.pk}/change/" in listed
    assert f"{yesterday().day} 日的走访" in listed


def test_door_explains_itself(phone: Client, walker: Walker) -> None:
    page = phone.get(f"/visits/doors/{walker.homes['刘桂英'].pk}/").content.decode()

    assert "重点联系户" in page
    assert "还没有走访记录" in page


@pytest.mark.parametrize(
    "page",
    [
        "accounts:me",
        "appraisals:own",
        "evaluations:mine",
        "funding:mine",
        "trainings:mine",
        "visits:outbox",
    ],
)
def test_what_is_opened_from_mine_leads_back(phone: Client, page: str) -> None:
    mine = phone.get(reverse("visits:mine")).content.decode()
    opened = phone.get(reverse(page)).content.decode()

    assert f'href="{reverse(page)}"' in mine
    assert re.search(r'<a class="bk" href="/visits/(mine/)?"', opened)


# --- handed to the village -------------------------------------------------------------


@pytest.fixture
def handed(walker: Walker) -> HandedVisit:
    """Return a record of yesterday whose household has gone to somebody else."""
    day = today()
    with everywhere():
        hand_to(walker.homes["刘桂英"], make_walker("heir", ()).person, day)
        return HandedVisit.objects.create(
            id=uuid.uuid4(),
            region_id=walker.post.region_id,
            household=walker.homes["刘桂英"],
            head="刘桂英",
            representative=walker.person,
            visited_on=day - dt.timedelta(days=1),
            refusal="这一户现在不归您联系",
            captured_at=timezone.now(),
            handed_at=timezone.now(),
            handed_by=walker.user,
        )


def test_village_takes_a_record_up_for_whoever_walked(
    cast: Cast, walker: Walker, handed: HandedVisit
) -> None:
    village = signed_in(cast.clerk)
    assert "刘桂英" in village.get("/visits/handed/").content.decode()

    page = village.post(f"/visits/handed/{handed.pk}/take/", follow=True)

    assert "已收下" in page.content.decode()
    with at(cast.clerk):
        visit = Visit.objects.get()
        handed.refresh_from_db()
    assert visit.representative_id == walker.person.pk
    assert (visit.on_behalf, visit.entered_by_id) == (True, cast.clerk.user_id)
    assert (handed.state, handed.settled_by_id) == ("taken", cast.clerk.user_id)


def test_record_that_nobody_may_hold_is_declined_with_a_reason(
    cast: Cast, walker: Walker, handed: HandedVisit
) -> None:
    with everywhere():
        HandedVisit.objects.update(household=None)
    village = signed_in(cast.clerk)
    address = f"/visits/handed/{handed.pk}/"

    refused = village.post(f"{address}take/", follow=True).content.decode()
    village.post(f"{address}decline/", {"answer": "已由李强走访"})

    assert "没有对得上的户" in refused
    assert (
        "已由李强走访" in signed_in(walker.post).get("/visits/outbox/").content.decode()
    )


def test_record_is_settled_once(cast: Cast, handed: HandedVisit) -> None:
    village = signed_in(cast.clerk)
    village.post(f"/visits/handed/{handed.pk}/take/")

    page = village.post(f"/visits/handed/{handed.pk}/take/", follow=True)

    assert "已经处理过" in page.content.decode()
    with at(cast.clerk):
        assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "status"),
    [("township_staff", 403), ("representative", 302), ("sibling_secretary", 404)],
)
def test_only_the_village_settles(
    cast: Cast, handed: HandedVisit, part: str, status: int
) -> None:
    address = f"/visits/handed/{handed.pk}/take/"

    assert signed_in(getattr(cast, part)).post(address).status_code == status
    with everywhere():
        handed.refresh_from_db()
    assert handed.state == "waiting"


# --- the service worker -------------------------------------------------------------------


def test_service_worker_is_served_from_the_root_and_asked_for_anew(
    client: Client, db: None
) -> None:
    answer = client.get("/sw.js")

    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "addEventListener('fetch'" in answer.content.decode()


def test_copies_that_the_phone_keeps_hold_no_number(phone: Client) -> None:
    """What the worker strips is read from it, and tried on the pages that it keeps."""
    worker = phone.get("/sw.js").content.decode()
    [pages] = re.findall(r"PAGES = \[([^\]]+)\]", worker)
    [private] = re.findall(r"var PRIVATE = /(.+)/g;", worker)
    kept = [
        phone.get(page).content.decode() for page in re.findall(r"'([^']+)'", pages)
    ]

    numbers = kept[0].count("tel:")
    copies = [re.sub(private, "", page) for page in kept]

    assert numbers == len(HEADS)
    assert "text.replace(PRIVATE, '')" in worker
    assert len(re.findall(private, kept[0])) == numbers
    assert not any("tel:" in copy or "13800000000" in copy for copy in copies)
    assert all(f">{head}</a>" in copies[0] for head in HEADS)
