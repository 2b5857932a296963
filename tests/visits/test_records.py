"""Visits as they are kept: listed, corrected by a new version, withdrawn, never gone."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from accounts.models import RowChange
from tests.accounts.pages import statements, words
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import days_ago, today, yesterday
from tests.visits.stage import Walker, make_walker, seen
from visits.models import Duty, OverdueFlag, Visit


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with eight households, one of which was seen yesterday."""
    with everywhere():
        walker = make_walker("walker", since=days_ago(400))
        seen(walker, "刘桂英", yesterday())
    return walker


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


def the_visit(walker: Walker) -> Visit:
    with everywhere():
        return Visit.objects.get(household=walker.homes["刘桂英"], corrects=None)


def correction(**more: str) -> dict[str, str]:
    given = {"visited_on": str(today()), "way": "door", "words": "屋顶漏雨"}
    return {**given, "reason": "日期记错了", **more}


def test_a_correction_is_a_new_version_and_the_old_one_stays(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    old = the_visit(walker)
    answer = clerk.post(f"/visits/records/{old.pk}/correct/", correction())
    assert answer.status_code == 302
    with everywhere():
        new = Visit.objects.get(corrects=old)
        old.refresh_from_db()
        duty = Duty.objects.get(household=old.household_id)
    assert (new.visited_on, new.words, new.entered_by) == (
        today(),
        "屋顶漏雨",
        cast.clerk.user,
    )
    assert (old.withdrawal, old.withdrawn_by) == ("日期记错了", cast.clerk.user)
    assert duty.last_visit_on == today()
    page = words(clerk.get(f"/visits/records/{new.pk}/"))
    assert "原因：日期记错了" in page
    assert str(old.visited_on) in page
    assert "看现在的一版" in words(clerk.get(f"/visits/records/{old.pk}/"))


def test_a_withdrawn_visit_is_listed_when_asked_for_and_owed_again(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    visit = the_visit(walker)
    url = f"/visits/records/{visit.pk}/withdraw/"
    assert clerk.post(url, {"reason": ""}).status_code == 422
    assert clerk.post(url, {"reason": "没有去"}).status_code == 302
    assert "已经撤回" in words(clerk.post(url, {"reason": "没有去"}))
    assert "刘桂英" not in words(clerk.get("/visits/records/"))
    assert "刘桂英" in words(clerk.get("/visits/records/?state=gone"))
    with everywhere():
        assert Duty.objects.get(household=visit.household_id).last_visit_on is None
        change = RowChange.objects.filter(table="visits_visit").get()
    assert change.after
    assert change.after["withdrawal"] == "没有去"


def test_withdrawing_lets_the_flag_stand_open_again(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    visit = the_visit(walker)
    with everywhere():
        flag = OverdueFlag.objects.create(
            region_id=VILLAGE,
            household=walker.homes["刘桂英"],
            cadence="quarter",
            period_start=days_ago(400),
            period_end=days_ago(310),
            flagged_on=days_ago(309),
            resolved_on=yesterday(),
        )
        later = seen(walker, "刘桂英", today())
    clerk.post(f"/visits/records/{visit.pk}/withdraw/", {"reason": "没有去"})
    with everywhere():
        flag.refresh_from_db()
    assert flag.resolved_on == today()
    clerk.post(f"/visits/records/{later.pk}/withdraw/", {"reason": "没有去"})
    with everywhere():
        flag.refresh_from_db()
    assert flag.resolved_on is None


def test_the_list_is_filtered_by_its_address(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        other = make_walker("other", ("阿一",), since=days_ago(400))
        Visit.objects.filter(pk=seen(other, "阿一", today()).pk).update(
            has_matter=True, words="修路", on_behalf=True
        )
        seen(other, "阿一", days_ago(400))
    for query, found in {
        "": {"刘桂英", "阿一"},
        f"?representative={other.person.pk}": {"阿一"},
        f"?household={walker.homes['刘桂英'].pk}": {"刘桂英"},
        "?about=matter": {"阿一"},
        "?about=quiet": {"刘桂英"},
        "?by=desk": {"阿一"},
        "?by=own": {"刘桂英"},
        f"?since={today()}": {"阿一"},
        f"?until={yesterday()}": {"刘桂英"},
        "?q=刘": {"刘桂英"},
    }.items():
        page = clerk.get(f"/visits/records/{query}").context["page"]
        assert {visit.household.head for visit in page} == found, query


def test_the_list_costs_the_same_however_many(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    few = statements(clerk, "/visits/records/")
    with everywhere():
        for head in walker.homes:
            seen(walker, head, today())
    assert statements(clerk, "/visits/records/") == few


def test_what_people_wrote_is_text_and_never_markup(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    with everywhere():
        other = make_walker("<i>&", ("<b>\"户'",), since=days_ago(400))
        Visit.objects.filter(pk=seen(other, "<b>\"户'", today()).pk).update(
            has_matter=True, topics=["<u>事"], words="<s>路", for_village=True
        )
    page = clerk.get("/visits/records/").content.decode()
    for written in ("&lt;b&gt;&quot;户&#x27;", "&lt;i&gt;&amp;代表"):
        assert written in page
    assert "&lt;u&gt;事：&lt;s&gt;路 <span" in page
    assert not any(raw in page for raw in ('<b>"', "<i>&", "<u>事", "<s>路"))


def test_the_whole_city_is_asked_for_a_place_first(cast: Cast, walker: Walker) -> None:
    city = signed_in(cast.city_lead)
    assert "请先选一个地方" in words(city.get("/visits/records/"))
    found = city.get(f"/visits/records/?place={VILLAGE}").context["page"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("took", "is_late"),
    [(-40, False), (40, False), (86_399, False), (86_400, True), (200_000, True)],
)
def test_only_what_took_a_day_to_arrive_says_when_it_was_noted(
    walker: Walker, clerk: Client, took: int, is_late: bool
) -> None:
    visit = the_visit(walker)
    with everywhere():
        visit.captured_at = visit.received_at - dt.timedelta(seconds=took)
        visit.save(update_fields=["captured_at"])
    page = words(clerk.get(f"/visits/records/{visit.pk}/"))
    assert ("网络通了才传到" in page) is is_late


def test_the_household_shows_its_visits_with_their_versions(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    old = the_visit(walker)
    clerk.post(f"/visits/records/{old.pk}/correct/", correction())
    page = words(clerk.get(f"/visits/homes/{old.household_id}/"))
    assert "已更正：日期记错了" in page
    assert "更正后的记录" in page
    assert "屋顶漏雨" in page


def test_the_phone_corrects_and_withdraws_the_same_visit(
    cast: Cast, walker: Walker
) -> None:
    phone, visit = signed_in(walker.post), the_visit(walker)
    page = phone.get(f"/visits/{visit.pk}/change/").context["form"]
    kept = {name: page[name].value() for name in page.fields}
    sent = {name: value for name, value in kept.items() if value}
    answer = phone.post(
        f"/visits/{visit.pk}/change/", {**sent, "id": uuid.uuid4(), "words": "有事"}
    )
    assert answer.status_code == 302
    with at(cast.clerk):
        new = Visit.objects.get(corrects=visit)
    assert (new.on_behalf, new.words) == (False, "有事")
    assert phone.post(f"/visits/{new.pk}/undo/").status_code == 302
    with at(cast.clerk):
        assert not Visit.objects.standing().exists()
