"""Seats and vacancies: figures by place, the page of a village, and its forms."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from representatives.models import CommitteeTerm, Constituency, Mandate, Mode, Seat
from representatives.services import end_mandate, enrol
from representatives.survey import empty_seats
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    sibling_code,
    signed_in,
)
from tests.days import days_ago, today, yesterday
from tests.rolls import (
    Rolls,
    set_up_other,
    set_up_sibling,
    statements,
    text_of,
)


def seats_url(code: int = VILLAGE) -> str:
    """Return the address of a place's seats."""
    return reverse("representatives:seats", args=[code])


def end(cast: Cast, mandate: Mandate, on: dt.date, cause: str = "death") -> None:
    """End a mandate."""
    end_mandate(mandate=mandate, on=on, cause=cause, evidence="证明", by=cast.clerk)


def test_everybody_begins_at_his_own_place(cast: Cast, rolls: Rolls) -> None:
    home = reverse("representatives:seats-home")
    assert signed_in(cast.clerk).get(home).headers["Location"] == seats_url()
    response = signed_in(cast.township_staff).get(home)
    assert response.headers["Location"] == seats_url(TOWNSHIP)


def test_vacant_seats_come_first_the_longest_vacant_on_top(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        end(cast, rolls.mandates["李红英"], days_ago(70))
        end(cast, rolls.mandates["申秋云"], days_ago(3), "job")
    response = signed_in(cast.clerk).get(seats_url())

    vacancies = [place for _, place in response.context["vacancies"]]
    assert [place.days for place in vacancies] == [300, 70, 3]
    assert [place.is_late for place in vacancies] == [True, True, False]
    text = text_of(response)
    assert "李红英死亡" in text
    assert "申秋云工作变动" in text
    assert "新设席位，还没有推选" in text


def test_a_term_that_ran_out_is_a_vacancy_that_still_has_to_be_ended(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(until=yesterday())
    response = signed_in(cast.clerk).get(seats_url())
    assert "李红英任期已满，还没有办离任" in text_of(response)
    leave = reverse("households:leave", args=[rolls.people["李红英"].pk])
    assert leave in response.content.decode()


def checks(cast: Cast) -> dict[str, Any]:
    """Return the checks of our village's page by rule."""
    response = signed_in(cast.clerk).get(seats_url())
    return {check.rule.id: check for check in response.context["checks"]}


def test_the_make_up_of_the_assembly_is_held_against_the_rules(
    cast: Cast, rolls: Rolls
) -> None:
    found = checks(cast)

    # 4 representatives and 5 of the committee; 3 of the 4 are women.
    assert found["L01"].actual == "4 / 9 人，占 44.4%"
    assert (found["L01"].tone, found["L02"].tone) == ("warn", "ok")
    assert found["L16"].tone == "warn"
    assert found["L04"].word == "还不能算"


def test_without_the_committees_members_the_shares_are_not_known(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        CommitteeTerm.objects.update(members=0, women=0)
    assert checks(cast)["L01"].word == "还不能算"


def test_every_rule_says_where_it_comes_from_on_hover_and_as_text(
    cast: Cast, rolls: Rolls
) -> None:
    page = signed_in(cast.clerk).get(seats_url()).content.decode()
    basis = "《村民委员会组织法》（2018年修正）第二十五条"
    assert f'title="{basis}' in page
    assert f"<summary>依据</summary><p>{basis}" in page


def test_seats_by_village_and_by_township_with_vacancies_first(
    cast: Cast, rolls: Rolls
) -> None:
    set_up_sibling()
    set_up_other()
    with at(cast.township_staff):
        own = Seat.objects.filter(region=VILLAGE, constituency__name="3 组片", number=2)
        own.update(closed_on=today())

    township = signed_in(cast.township_staff).get(seats_url(TOWNSHIP))
    rows = township.context["rows"]
    assert [row.vacant for row in rows][:2] == [1, 0]
    assert rows[0].place.code != VILLAGE
    assert (township.context["all"].seats, township.context["all"].vacant) == (9, 1)

    city = signed_in(cast.city_staff).get(seats_url(CITY))
    assert city.context["all"].seats == 14
    figures = {row.place.code: row.seats for row in city.context["rows"]}
    assert (figures[TOWNSHIP], figures[OTHER_TOWNSHIP]) == (9, 5)


def enrolled(cast: Cast, seat: Seat, rolls: Rolls, began: dt.date) -> Mandate:
    """Enter somebody for a seat of the stage from a day on."""
    with at(cast.clerk):
        return enrol(
            seat=seat,
            person={"name": "彭德明", "birth_year": 1970},
            mode=Mode.HOUSEHOLDS,
            started_on=began,
            until=rolls.term_ends_on,
        )


def test_the_longest_vacancy_above_is_that_of_the_village(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        Seat.objects.filter(pk=rolls.seats[3, 2].pk).update(closed_on=today())
        end(cast, rolls.mandates["李红英"], days_ago(200))
    successor = enrolled(cast, rolls.seats[1, 2], rolls, days_ago(190))
    with at(cast.clerk):
        end(cast, successor, days_ago(9))

    above = signed_in(cast.township_staff).get(seats_url(TOWNSHIP))
    assert above.context["all"].longest == 9


def test_what_was_entered_in_error_leaves_a_vacancy_as_it_was(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        end(cast, rolls.mandates["李红英"], days_ago(70))
    wrong = enrolled(cast, rolls.seats[1, 2], rolls, days_ago(20))
    with at(cast.clerk):
        end(cast, wrong, days_ago(5), "entry_error")

    page = signed_in(cast.clerk).get(seats_url())
    found = {p.seat.pk: p for _, p in page.context["vacancies"]}
    place = found[rolls.seats[1, 2].pk]
    assert (place.days, place.is_late, place.cause) == (70, True, "李红英死亡")
    with at(cast.clerk):
        seats = empty_seats(Seat.objects.filter(pk=rolls.seats[1, 2].pk))
        assert [seat.since for seat in seats] == [days_ago(70)]


def test_pages_of_seats_cost_the_same_for_more_of_them(
    cast: Cast, rolls: Rolls
) -> None:
    first, *others = rolls.mandates.values()
    with at(cast.clerk):
        end(cast, first, today())
    browser = signed_in(cast.township_staff)
    browser.get(seats_url(TOWNSHIP))
    village, township = (
        statements(browser, seats_url()),
        statements(browser, seats_url(TOWNSHIP)),
    )
    set_up_sibling()
    with at(cast.clerk):
        for mandate in others:
            end(cast, mandate, today())
    assert statements(browser, seats_url()) <= village
    assert statements(browser, seats_url(TOWNSHIP)) == township


@pytest.mark.parametrize(
    ("part", "status"),
    [("city_staff", 200), ("auditor", 403), ("other_staff", 404), ("clerk", 200)],
)
def test_seats_are_seen_within_the_range(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    assert signed_in(getattr(cast, part)).get(seats_url()).status_code == status


def test_a_village_without_seats_is_told_how_to_begin(cast: Cast) -> None:
    page = signed_in(cast.sibling_secretary).get(seats_url(sibling_code()))
    assert "还没有推选单元和席位" in text_of(page)


# --- forms --------------------------------------------------------------------------


def test_a_term_to_come_is_corrected_too(cast: Cast, rolls: Rolls) -> None:
    url = reverse("representatives:term", args=[VILLAGE])
    browser = signed_in(cast.clerk)
    begins = rolls.term_ends_on + dt.timedelta(days=5)
    term = {
        "started_on": begins,
        "ends_on": begins + dt.timedelta(days=1800),
        "members": 5,
        "women": 2,
    }
    browser.post(f"{url}?new=1", term)
    with at(cast.clerk):
        coming = CommitteeTerm.objects.get(started_on=begins)
    assert f"?term={coming.pk}" in browser.get(url).content.decode()
    mend = f"{url}?term={coming.pk}"
    assert browser.get(mend).context["form"].initial["started_on"] == begins
    earlier = begins - dt.timedelta(days=4)
    browser.post(mend, term | {"started_on": earlier})
    with at(cast.clerk):
        coming.refresh_from_db()
    assert coming.started_on == earlier
    assert browser.get(f"{url}?term=999999").status_code == 404


def test_the_present_term_is_corrected_and_differing_mandates_are_told(
    cast: Cast, rolls: Rolls
) -> None:
    url = reverse("representatives:term", args=[VILLAGE])
    browser = signed_in(cast.clerk)
    initial = browser.get(url).context["form"].initial
    later = rolls.term_ends_on + dt.timedelta(days=1)
    response = browser.post(url, {**initial, "ends_on": later.isoformat()}, follow=True)

    assert "有 4 位代表的任期与它不一致" in text_of(response)
    with at(cast.clerk):
        assert CommitteeTerm.objects.get().ends_on == later


def test_a_new_term_begins_after_the_last_and_does_not_overlap(
    cast: Cast, rolls: Rolls
) -> None:
    url = reverse("representatives:term", args=[VILLAGE]) + "?new=1"
    browser = signed_in(cast.clerk)
    initial = browser.get(url).context["form"].initial
    assert initial["started_on"] == rolls.term_ends_on + dt.timedelta(days=1)

    numbers = {"members": "5", "women": "2"}
    overlap = {**initial, **numbers, "started_on": today().isoformat()}
    response = browser.post(url, overlap)
    assert response.status_code == 422
    assert "重叠" in text_of(response)
    assert browser.post(url, {**initial, **numbers}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"women": "9"}, "妇女不能多于成员数"),
        ({"ends_on": "2020-01-01"}, "要晚于届期开始"),
    ],
)
def test_a_term_that_contradicts_itself_is_refused(
    cast: Cast, rolls: Rolls, typed: dict[str, str], words: str
) -> None:
    url = reverse("representatives:term", args=[VILLAGE])
    browser = signed_in(cast.clerk)
    initial = browser.get(url).context["form"].initial
    response = browser.post(url, {**initial, **typed})
    assert response.status_code == 422
    assert words in text_of(response)


def unit_entry(rolls: Rolls, **typed: Any) -> dict[str, Any]:
    """Return what is typed for a constituency."""
    group = rolls.groups[2].pk
    return {"name": "2 组", "mode": "group", "group": group, "seats": "2"} | typed


def test_a_constituency_is_set_up_with_its_seats(cast: Cast, rolls: Rolls) -> None:
    url = reverse("representatives:constituency-new", args=[VILLAGE])
    signed_in(cast.clerk).post(url, unit_entry(rolls))
    with at(cast.clerk):
        unit = Constituency.objects.get(name="2 组")
        assert unit.group == rolls.groups[2]
        assert unit.seats.count() == 2


def test_a_new_group_can_be_named_on_the_way(cast: Cast, rolls: Rolls) -> None:
    url = reverse("representatives:constituency-new", args=[VILLAGE])
    typed = unit_entry(rolls, group="", new_group="8")
    signed_in(cast.clerk).post(url, typed)
    with at(cast.clerk):
        unit = Constituency.objects.get(name="2 组")
        assert unit.group
        assert unit.group.number == 8


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "1 组片"}, "已有推选单元"),
        ({"group": ""}, "按组推选的，请选是哪个小组"),
        ({"new_group": "9"}, "已经选了小组"),
        ({"decided_on": "2100-01-01"}, "不能晚于今天"),
    ],
)
def test_a_constituency_that_contradicts_is_explained(
    cast: Cast, rolls: Rolls, typed: dict[str, str], words: str
) -> None:
    url = reverse("representatives:constituency-new", args=[VILLAGE])
    response = signed_in(cast.clerk).post(url, unit_entry(rolls, **typed))
    assert response.status_code == 422
    assert words in text_of(response)


def test_the_decision_is_added_later_and_mends_the_check(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        Constituency.objects.filter(pk=rolls.units[2].pk).update(mode="group")
    assert checks(cast)["L05"].tone == "warn"
    url = reverse("representatives:constituency-edit", args=[rolls.units[2].pk])
    typed = {"name": "2 组片", "decided_on": "2026-01-05", "decision": "村民会议"}
    signed_in(cast.clerk).post(url, typed)
    assert checks(cast)["L05"].tone == "ok"


def test_seats_are_added_and_abolished(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    more = reverse("representatives:seats-add", args=[rolls.units[2].pk])
    browser.post(more, {"count": "1"})
    with at(cast.clerk):
        seat = Seat.objects.get(constituency=rolls.units[2], number=2)
    close = reverse("representatives:seat-close", args=[seat.pk])
    assert "撤销2 组片 第 2 席？" in text_of(browser.get(close))
    browser.post(close)
    with at(cast.clerk):
        assert seat not in Seat.objects.open()


def test_a_held_seat_is_not_abolished_and_the_page_says_why(
    cast: Cast, rolls: Rolls
) -> None:
    close = reverse("representatives:seat-close", args=[rolls.seats[1, 1].pk])
    response = signed_in(cast.clerk).post(close, follow=True)
    assert "请先办理离任" in text_of(response)


def test_a_constituency_without_seats_is_abolished(cast: Cast, rolls: Rolls) -> None:
    url = reverse("representatives:constituency-end", args=[rolls.units[2].pk])
    browser = signed_in(cast.clerk)
    assert "还有席位" in text_of(browser.post(url, follow=True))
    with at(cast.clerk):
        end(cast, rolls.mandates["申秋云"], today())
        Seat.objects.filter(constituency=rolls.units[2]).update(closed_on=today())
    browser.post(url)
    with at(cast.clerk):
        assert rolls.units[2] not in Constituency.objects.current()


@pytest.mark.parametrize(("part", "status"), [("city_staff", 403), ("other_lead", 404)])
@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("term", "village"),
        ("constituency-new", "village"),
        ("constituency-edit", "unit"),
        ("constituency-end", "unit"),
        ("seats-add", "unit"),
        ("seat-close", "seat"),
    ],
)
def test_seats_are_changed_by_nobody_else(
    cast: Cast, rolls: Rolls, part: str, status: int, name: str, of: str
) -> None:
    ids = {
        "village": VILLAGE,
        "unit": rolls.units[2].pk,
        "seat": rolls.seats[3, 2].pk,
    }
    url = reverse(f"representatives:{name}", args=[ids[of]])
    assert signed_in(getattr(cast, part)).post(url).status_code == status
