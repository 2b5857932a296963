"""A representative's own trainings on his phone, and nobody else's."""

from http import HTTPStatus

from tests.cast import Cast, signed_in
from tests.days import in_days, today
from tests.rolls import set_up, text_of
from tests.sentiment.meetings import as_representative
from tests.trainings.stage import held, listed, planned


def test_he_sees_where_to_go_and_what_he_has_done(cast: Cast) -> None:
    rolls = set_up()
    held(cast.township_staff, rolls, "张顺民", topic="办过的", hours=6)
    held(cast.township_staff, rolls, "周静霞", topic="别人的")
    soon = planned(
        cast.city_staff, held_on=in_days(3), topic="要去的",
        place="市委党校",
    )  # fmt: skip
    listed(cast.city_staff, soon, rolls.people["张顺民"])
    phone = signed_in(as_representative(cast.representative, rolls))

    page = text_of(phone.get("/trainings/mine/"))
    assert "要去的" in page
    assert "市委党校" in page
    assert f"{today().year} 年 1 期， 6 课时" in page
    assert "别人的" not in page
    paper = phone.get("/trainings/mine/record/")
    assert paper.status_code == HTTPStatus.OK
    assert "办过的" in text_of(paper)


def test_without_trainings_or_a_person_the_page_says_what_comes(cast: Cast) -> None:
    rolls = set_up()
    nobody = signed_in(cast.representative)
    assert "还没有登记您的代表身份" in text_of(nobody.get("/trainings/mine/"))
    assert nobody.get("/trainings/mine/record/").status_code == HTTPStatus.NOT_FOUND
    own = signed_in(as_representative(cast.representative, rolls))
    assert "还没有您的培训" in text_of(own.get("/trainings/mine/"))
