"""Correcting the roll, filling a seat, opening an account: in place, nothing typed lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Post, User
from representatives.models import Mandate, Representative
from representatives.services import edit_representative, end_mandate, sealed_identity
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import dated, this_year, today
from tests.rolls import ID_NUMBERS, Rolls, set_up_other, text_of


def edit_url(rolls: Rolls, name: str = "李红英") -> str:
    """Return the address of the form for a person."""
    return reverse("representatives:edit", args=[rolls.people[name].pk])


def filled(browser: Client, url: str, **typed: Any) -> dict[str, Any]:
    """Return what a browser would send back of a form: as it came, but for `typed`."""
    form = browser.get(url).context["form"]
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.field.prepare_value(bound.value())
        if bound.field.show_hidden_initial:
            sent[bound.html_initial_name] = "" if value is None else str(value)
        if value not in (None, False, ""):
            sent[bound.html_name] = str(value)
    return sent | typed


def test_an_edit_saves_what_was_changed_and_only_that(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    sent = filled(
        browser, edit_url(rolls), name="李洪英", offices="护林员、村医，护林员"
    )
    response = browser.post(edit_url(rolls), sent, follow=True)

    assert "李洪英的资料已保存" in text_of(response)
    with at(cast.clerk):
        row = Representative.objects.get(pk=rolls.people["李红英"].pk)
        assert (row.name, row.offices) == ("李洪英", ["护林员", "村医"])
        assert row.phone
        assert row.phone.reveal() == "13800001111"
        assert row.version == 2


def test_saving_without_a_change_writes_nothing(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    response = browser.post(
        edit_url(rolls), filled(browser, edit_url(rolls)), follow=True
    )
    assert "没有改动" in text_of(response)
    with at(cast.clerk):
        assert Representative.objects.get(pk=rolls.people["李红英"].pk).version == 1


def test_a_number_is_replaced_or_cleared_but_never_put_into_the_page(
    cast: Cast, rolls: Rolls
) -> None:
    browser, url = signed_in(cast.clerk), edit_url(rolls)
    page = browser.get(url).content.decode()
    assert "138****1111" in page
    assert "13800001111" not in page

    browser.post(url, filled(browser, url, phone="139 1234 5678"))
    with at(cast.clerk):
        row = Representative.objects.get(pk=rolls.people["李红英"].pk)
        assert row.phone
        assert row.phone.reveal() == "13912345678"
    browser.post(url, filled(browser, url, drop_phone="on"))
    with at(cast.clerk):
        row.refresh_from_db()
        assert (row.phone, row.phone_index) == (None, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "姓名：请填写"),
        ({"id_number": "4305821950010112"}, "应为 18 位"),
        ({"id_number": ID_NUMBERS[0][:-1] + "0"}, "校验不对"),
        ({"id_number": "430599199913408741"}, "出生日期不存在"),
        ({"phone": "1381234"}, "不是电话号码"),
        ({"birth_year": "2100"}, "不能晚于今年"),
        ({"id_number": ID_NUMBERS[0], "birth_year": "1970"}, "身份证号里是 1956 年"),
        ({"offices": "特别长的兼任名称" * 4}, "最多 20 个字"),
    ],
)
def test_a_wrong_entry_is_explained_and_nothing_typed_is_lost(
    cast: Cast, rolls: Rolls, typed: dict[str, Any], words: str
) -> None:
    browser, url = signed_in(cast.clerk), edit_url(rolls)
    response = browser.post(url, filled(browser, url, remark="不要丢掉", **typed))

    assert response.status_code == 422
    assert words in text_of(response)
    assert "不要丢掉" in response.content.decode()
    with at(cast.clerk):
        assert Representative.objects.get(pk=rolls.people["李红英"].pk).version == 1


def test_a_refusal_of_the_domain_is_an_error_in_place(cast: Cast, rolls: Rolls) -> None:
    other = set_up_other()
    with at(cast.other_secretary):
        row = other.people["李红英"]
        edit_representative(
            representative=row,
            changes=sealed_identity(id_number=ID_NUMBERS[3]),
            version=1,
        )
    browser, url = signed_in(cast.clerk), edit_url(rolls)
    sent = filled(browser, url, id_number=ID_NUMBERS[3], birth_year="", remark="记得我")
    response = browser.post(url, sent)

    assert response.status_code == 422
    assert "已登记为在任代表" in text_of(response)
    assert "记得我" in response.content.decode()


# --- two at once --------------------------------------------------------------------


def test_the_second_editor_sees_both_versions_and_loses_nothing(
    cast: Cast, rolls: Rolls
) -> None:
    browser, url = signed_in(cast.clerk), edit_url(rolls)
    opened = filled(browser, url, remark="我写的", nation="苗族")
    with at(cast.secretary):
        row = Representative.objects.get(pk=rolls.people["李红英"].pk)
        changes = {"nation": "回族", "education": "senior"}
        edit_representative(representative=row, changes=changes, version=1)

    response = browser.post(url, opened)

    assert response.status_code == 409
    clashes = {clash.label: clash for clash in response.context["clashes"]}
    assert clashes.keys() == {"民族", "文化程度"}
    nation, education = clashes["民族"], clashes["文化程度"]
    assert (nation.opened, nation.theirs, nation.mine) == ("汉族", "回族", "苗族")
    assert (education.theirs, education.mine) == ("高中", None)
    assert "secretary先生" in text_of(response)
    assert "我写的" in response.content.decode()

    again = browser.post(url, resent(response))
    assert again.status_code == 302
    with at(cast.clerk):
        row.refresh_from_db()
        assert (row.nation, row.education) == ("苗族", "senior")
        assert (row.remark, row.version) == ("我写的", 3)


def resent(response: Any) -> dict[str, str]:
    """Return what the browser sends when 保存 is pressed again on an answer."""
    form = response.context["form"]
    return {name: value for name, value in form.data.items() if value}


def test_a_number_that_the_other_changed_is_told_by_its_mask(
    cast: Cast, rolls: Rolls
) -> None:
    browser, url = signed_in(cast.clerk), edit_url(rolls)
    opened = filled(browser, url, remark="我写的")
    with at(cast.secretary):
        row = Representative.objects.get(pk=rolls.people["李红英"].pk)
        edit_representative(
            representative=row, changes=sealed_identity(phone="13700002222"), version=1
        )
    response = browser.post(url, opened)

    [clash] = response.context["clashes"]
    assert (clash.opened, clash.theirs) == ("138****1111", "137****2222")
    browser.post(url, resent(response))
    with at(cast.clerk):
        row.refresh_from_db()
        assert row.phone
        assert row.phone.reveal() == "13700002222"
        assert row.remark == "我写的"


# --- filling a seat -------------------------------------------------------------------


def enrol_url(rolls: Rolls) -> str:
    """Return the address where somebody is entered for a seat."""
    return reverse("representatives:enrol", args=[rolls.village.code])


def entry(rolls: Rolls, **typed: Any) -> dict[str, Any]:
    """Return what is typed for a new representative."""
    given = {
        "seat": rolls.seats[3, 2].pk,
        "mode": "households",
        "started_on": today().isoformat(),
        "until": rolls.term_ends_on.isoformat(),
        "name": "彭德明",
        "nation": "汉族",
        "id_number": ID_NUMBERS[0],
    }
    return given | typed


def test_a_person_is_entered_for_a_vacant_seat(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.clerk)
    start = browser.get(enrol_url(rolls)).context["form"].initial
    assert start["seat"] == rolls.seats[3, 2]
    assert start["until"] == rolls.term_ends_on
    assert start["is_by_election"] is False

    response = browser.post(enrol_url(rolls), entry(rolls), follow=True)

    assert "彭德明已登记为代表" in text_of(response)
    with at(cast.clerk):
        mandate = Mandate.objects.get(representative__name="彭德明")
        assert (mandate.seat, mandate.until) == (rolls.seats[3, 2], rolls.term_ends_on)
        assert mandate.representative.birth_year == 1956


def test_a_seat_that_was_held_before_is_a_by_election(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        end_mandate(
            mandate=rolls.mandates["周静霞"],
            on=today(),
            cause="death",
            evidence="死亡证明",
            by=cast.clerk,
        )
    seat = rolls.seats[3, 1].pk
    form = signed_in(cast.clerk).get(f"{enrol_url(rolls)}?seat={seat}").context["form"]
    assert form.initial["is_by_election"] is True
    assert form.initial["seat"].pk == seat


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"until": "2099-12-31"}, "任期届满日"),
        ({"id_number": "", "birth_year": ""}, "至少填一样"),
        ({"id_number": "", "birth_year": lambda: this_year() - 10}, "未满18周岁"),
        ({"started_on": "2100-01-01"}, "不能晚于今天"),
        ({"seat": "0"}, "没有这一项"),
        ({"seat": ""}, "请选一项"),
    ],
)
def test_what_contradicts_the_rules_is_refused_in_place(
    cast: Cast, rolls: Rolls, typed: dict[str, Any], words: str
) -> None:
    response = signed_in(cast.clerk).post(
        enrol_url(rolls), entry(rolls, **dated(typed))
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert "彭德明" in response.content.decode()
    with at(cast.clerk):
        assert not Representative.objects.filter(name="彭德明").exists()


def test_somebody_who_serves_elsewhere_is_refused_in_place(
    cast: Cast, rolls: Rolls
) -> None:
    other = set_up_other()
    url = reverse("representatives:enrol", args=[other.village.code])
    signed_in(cast.other_secretary).post(url, entry(other))

    response = signed_in(cast.clerk).post(enrol_url(rolls), entry(rolls))
    assert response.status_code == 422
    assert "已登记为在任代表" in text_of(response)


def test_without_a_vacant_seat_the_page_says_where_to_make_one(
    cast: Cast, rolls: Rolls
) -> None:
    signed_in(cast.clerk).post(enrol_url(rolls), entry(rolls))
    assert "没有空着的席位" in text_of(signed_in(cast.clerk).get(enrol_url(rolls)))


@pytest.mark.parametrize(
    ("part", "status"), [("city_staff", 403), ("auditor", 403), ("other_lead", 404)]
)
def test_nobody_else_writes_to_the_roll(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    browser = signed_in(getattr(cast, part))
    for url in (enrol_url(rolls), edit_url(rolls)):
        assert browser.get(url).status_code == status
        assert browser.post(url, entry(rolls)).status_code == status


# --- signing in -------------------------------------------------------------------------


def account_url(rolls: Rolls) -> str:
    """Return the address where 李红英 is given an account."""
    return reverse("representatives:account", args=[rolls.people["李红英"].pk])


def test_an_account_is_opened_and_its_password_shown_once(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.secretary)
    assert browser.get(account_url(rolls)).context["form"]["username"].value() == (
        "lihongying"
    )
    response = browser.post(
        account_url(rolls), {"username": "lihongying", "with_phone": "on"}
    )

    user = User.objects.get(username="lihongying")
    password = response.context["password"]
    assert user.check_password(password)
    assert password in text_of(response)
    assert User.objects.by_login("13800001111") == user
    again = browser.post(account_url(rolls), {"username": "other"})
    assert password not in again.content.decode()
    assert not User.objects.filter(username="other").exists()


def test_a_user_name_that_is_taken_is_refused_in_place(
    cast: Cast, rolls: Rolls
) -> None:
    response = signed_in(cast.secretary).post(account_url(rolls), {"username": "clerk"})
    assert response.status_code == 422
    assert "已被使用" in text_of(response)
    with at(cast.secretary):
        assert Representative.objects.get(pk=rolls.people["李红英"].pk).user is None


def test_somebody_who_came_back_is_let_in_again(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.secretary)
    browser.post(account_url(rolls), {"username": "lihongying"})
    with everywhere():
        Post.objects.filter(narrowed_to=rolls.people["李红英"].pk).update(
            ended_on=today(), ended_by=cast.secretary.user
        )

    assert "恢复登录" in text_of(browser.get(account_url(rolls)))
    response = browser.post(account_url(rolls), follow=True)
    assert "又可以登录了" in text_of(response)
    assert "已经有登录账号" in text_of(browser.get(account_url(rolls)))


def test_an_account_that_was_closed_is_not_said_to_be_open(
    cast: Cast, rolls: Rolls
) -> None:
    browser, person = signed_in(cast.secretary), rolls.people["李红英"]
    browser.post(account_url(rolls), {"username": "lihongying"})
    user = User.objects.get(username="lihongying")
    browser.post(reverse("accounts:close", args=[user.pk]))

    page = browser.get(person.get_absolute_url())
    assert "账号 lihongying 已停用，登录不了" in text_of(page)
    assert "可以登录" not in text_of(page)
    assert f'href="{user.get_absolute_url()}"' in page.content.decode()
    assert "账号已停用" in text_of(browser.get(account_url(rolls)))
    api = browser.get(f"/api/v1/representatives/{person.pk}/").json()
    assert api["sign_in"] == "closed"


def test_a_closed_account_is_not_given_back_unopened(cast: Cast, rolls: Rolls) -> None:
    """He came back to office: his post alone would not let him in."""
    browser, person = signed_in(cast.secretary), rolls.people["李红英"]
    browser.post(account_url(rolls), {"username": "lihongying"})
    with everywhere():
        Post.objects.filter(narrowed_to=person.pk).update(
            ended_on=today(), ended_by=cast.secretary.user
        )
        User.objects.filter(username="lihongying").update(is_active=False)

    browser.post(account_url(rolls))
    url = f"/api/v1/representatives/{person.pk}/account/"
    told = browser.post(url, {}, content_type="application/json")
    assert (told.status_code, told.json()["message"]) == (
        422,
        "账号 lihongying 已停用，请先在账号页重新启用。",
    )
    with everywhere():
        assert not Post.objects.active(today()).filter(narrowed_to=person.pk)


@pytest.mark.parametrize(
    ("part", "status"), [("clerk", 403), ("township_staff", 403), ("other_lead", 404)]
)
def test_accounts_are_opened_by_leads_of_the_range_alone(
    cast: Cast, rolls: Rolls, part: str, status: int
) -> None:
    response = signed_in(getattr(cast, part)).post(
        account_url(rolls), {"username": "lihongying"}
    )
    assert response.status_code == status
    assert not User.objects.filter(username="lihongying").exists()
