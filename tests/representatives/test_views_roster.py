"""The roll of representatives and the page of one: who sees it, what it finds, its cost."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Post
from regions.models import Level
from representatives.listing import Listed, Person
from representatives.loads import Bounds, Load
from representatives.models import (
    Mandate,
    MandateEnd,
    Mode,
    Politics,
    Representative,
)
from representatives.services import (
    add_seats,
    end_mandate,
    enrol,
    give_seat,
    sealed_identity,
)
from representatives.templatetags.roster import roster_lines
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import (
    ID_NUMBERS,
    Rolls,
    set_up_other,
    set_up_sibling,
    statements,
    text_of,
)

LIST = reverse("representatives:list")


def names(response: Any) -> list[str]:
    """Return the names of a list's rows, in order."""
    return [row.person.name for row in response.context["rows"]]


def test_a_village_lists_its_own_and_a_township_all_of_its_villages(
    cast: Cast, rolls: Rolls
) -> None:
    set_up_sibling()
    set_up_other()
    own = signed_in(cast.secretary).get(LIST)
    township = signed_in(cast.township_staff).get(LIST)

    assert names(own) == ["李红英", "张顺民", "申秋云", "周静霞"]
    assert len(names(township)) == 8
    assert "魏家桥镇 长冲口村" in text_of(township)
    assert "镇、村" not in text_of(own)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=申秋", {"申秋云"}),
        ("q=zsm", {"张顺民"}),
        ("q=13800009999", {"周静霞"}),
        (f"q={ID_NUMBERS[0]}", {"周静霞"}),
        ("group=1", {"张顺民", "李红英"}),
        ("sex=f", {"李红英", "申秋云", "周静霞"}),
        ("politics=yes", {"申秋云"}),
        ("politics=no", {"张顺民", "李红英", "周静霞"}),
        ("office=yes", {"申秋云"}),
        ("office=paid", {"申秋云"}),
        ("office=no", {"张顺民", "李红英", "周静霞"}),
        ("load=over", {"张顺民"}),
        ("load=under", {"周静霞"}),
        ("load=right", {"李红英", "申秋云"}),
        ("state=all&load=under", {"周静霞", "任满的人"}),
        ("state=left&load=under", set()),
        ("state=left", {"离任的人"}),
        ("state=expired", {"任满的人"}),
        ("q=没有这个人", set()),
        ("sex=x", set()),
    ],
)
def test_filters_find_whom_they_describe(
    cast: Cast, rolls: Rolls, query: str, found: set[str]
) -> None:
    with at(cast.secretary):
        people = Representative.objects.filter(region=rolls.village)
        identity = sealed_identity(id_number=ID_NUMBERS[0], phone="13800009999")
        people.filter(name="周静霞").update(**identity)
        people.filter(name="申秋云").update(
            politics=Politics.MEMBER, offices=["护林员"], draws_allowance=True
        )
        add_people_out_of_office(cast, rolls)

    response = signed_in(cast.secretary).get(f"{LIST}?{query}")

    assert set(names(response)) == found


def add_people_out_of_office(cast: Cast, rolls: Rolls) -> None:
    """Enter one who left, and one whose term ran out without anybody ending it."""
    for seat, name in zip(
        add_seats(constituency=rolls.units[3], count=2, on=today()),
        ("离任的人", "任满的人"),
        strict=True,
    ):
        mandate = enrol(
            seat=seat,
            person={"name": name},
            mode=Mode.HOUSEHOLDS,
            started_on=today(),
            until=rolls.term_ends_on,
        )
        if name == "离任的人":
            end_mandate(
                mandate=mandate, on=today(), cause="job", evidence="", by=cast.clerk
            )
        else:
            over = rolls.mandates["张顺民"].started_on
            Mandate.objects.filter(pk=mandate.pk).update(started_on=over, until=over)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "李红英"),
        ("load", "周静霞"),
        ("-load", "张顺民"),
        ("nonsense", "李红英"),
    ],
)
def test_the_list_is_sorted_as_asked(
    cast: Cast, rolls: Rolls, sort: str, first: str
) -> None:
    response = signed_in(cast.secretary).get(f"{LIST}?sort={sort}")
    assert names(response)[0] == first


def test_the_list_costs_the_same_for_more_rows(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    browser.get(LIST)
    few = statements(browser, LIST)
    set_up_sibling()
    assert statements(browser, LIST) == few


def test_a_line_says_how_somebody_stands(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        add_people_out_of_office(cast, rolls)
        Mandate.objects.filter(pk=rolls.mandates["申秋云"].pk).delete()
    rows = signed_in(cast.secretary).get(f"{LIST}?state=all").context["rows"]
    assert {row.person.name: (row.tone, row.state, bool(row.load)) for row in rows} == {
        "李红英": ("ok", "在任", True),
        "张顺民": ("ok", "在任", True),
        "周静霞": ("ok", "在任", True),
        "申秋云": ("off", "没有任职", False),
        "离任的人": ("off", "已离任（工作变动）", False),
        "任满的人": ("bad", "任期已满", True),
    }


def test_what_people_typed_is_escaped_in_the_lines() -> None:
    typed = """<b>"'&"""
    person = Person(
        1, typed, "f", "", [typed], Level.VILLAGE, typed, typed, 1, typed, typed,
        today(), today(), None, "",
    )  # fmt: skip
    load = Load(1, Bounds(2, 3, ""))
    drawn = roster_lines([Listed(person, load, "ok", typed)], one_village=False)
    assert "<b>" not in drawn
    assert drawn.count(escape(typed)) == 7
    assert "1 户</span>" in drawn


def test_an_empty_roll_says_what_to_do(cast: Cast) -> None:
    response = signed_in(cast.sibling_secretary).get(LIST)
    assert "名册上还没有代表" in text_of(response)
    assert reverse("representatives:seats-home") in response.content.decode()


# --- one of them ------------------------------------------------------------------


def detail(rolls: Rolls, name: str = "李红英") -> str:
    """Return the address of somebody's page."""
    return reverse("representatives:detail", args=[rolls.people[name].pk])


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("secretary", 200),
        ("clerk", 200),
        ("township_lead", 200),
        ("city_staff", 200),
        ("sibling_secretary", 404),
        ("other_staff", 404),
        ("auditor", 403),
        ("representative", 403),
    ],
)
def test_a_page_is_shown_within_the_range_and_does_not_exist_outside(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    post: Post = getattr(cast, part)
    assert signed_in(post).get(detail(rolls)).status_code == status


def test_the_page_tells_households_mandates_and_history(
    cast: Cast, rolls: Rolls
) -> None:
    text = text_of(signed_in(cast.secretary).get(detail(rolls)))
    assert "138****1111" in text
    assert "13800001111" not in text
    assert "6 户" in text
    assert rolls.held_by("李红英")[0].head in text
    assert "1 组片 第 2 席" in text
    assert "登记入册" in text


def test_the_page_costs_the_same_for_more_households(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.secretary)
    browser.get(detail(rolls))
    assert statements(browser, detail(rolls, "周静霞")) == statements(
        browser, detail(rolls, "张顺民")
    )


def test_whoever_may_only_look_is_offered_nothing_to_change(
    cast: Cast, rolls: Rolls
) -> None:
    page = signed_in(cast.city_staff).get(detail(rolls)).content.decode()
    for name in ("edit", "account"):
        assert (
            reverse(f"representatives:{name}", args=[rolls.people["李红英"].pk])
            not in page
        )
    assert "显示" not in text_of(signed_in(cast.city_staff).get(detail(rolls)))


def test_a_term_that_ran_out_is_said(cast: Cast, rolls: Rolls) -> None:
    with everywhere():
        over = rolls.mandates["李红英"].started_on
        Mandate.objects.filter(pk=rolls.mandates["李红英"].pk).update(until=over)
    text = text_of(signed_in(cast.secretary).get(detail(rolls)))
    assert "任期已满，还没有办离任" in text


def test_what_was_entered_in_error_hides_no_mandate_in_force(
    cast: Cast, rolls: Rolls
) -> None:
    person, wrong = rolls.people["周静霞"], rolls.mandates["周静霞"]
    with at(cast.clerk):
        end_mandate(
            mandate=wrong,
            on=today(),
            cause=MandateEnd.ENTRY_ERROR,
            evidence="当选时间录错",
            by=cast.clerk,
        )
        give_seat(
            seat=wrong.seat,
            representative=person,
            mode=Mode.HOUSEHOLDS,
            started_on=wrong.started_on - dt.timedelta(days=60),
            until=wrong.until,
        )
    browser = signed_in(cast.clerk)
    page = browser.get(person.get_absolute_url()).context
    assert (page["state"], page["may_leave"]) == ("在任", True)
    [row] = [r for r in browser.get(LIST).context["rows"] if r.person.pk == person.pk]
    assert (row.state, row.person.ended_on) == ("在任", None)
