"""The villages' half of ledger 10: past years from a workbook, and back again."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import DatabaseError, transaction

from evaluations.models import Scheme, VillageRating
from evaluations.rules.schemes import Scope
from evaluations.services import schemes
from evaluations.village_trials import villages_tried
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import dated, this_year, today
from tests.evaluations import stage
from tests.rolls import Rolls, text_of
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from workbooks.models import Upload

uploads = desk.uploads
TITLES = ("村", "年份", "户户有人联系", "村容村貌", "得分", "等次", "备注")


@pytest.fixture(scope="module")
def edition(cast: Cast) -> Scheme:
    """Return the city's edition for villages, in force."""
    return stage.in_force(cast, Scope.VILLAGE)


def row(**cells: object) -> list[object]:
    """Return a row of TITLES: our village was praised last year."""
    given = {
        "村": "长冲口村",
        "年份": this_year() - 1,
        "户户有人联系": "9.5",
        "村容村貌": 6,
        "得分": "88.5",
        "等次": "示范村",
    } | cells
    return [given.get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    """Import rows as the township does."""
    return desk.bring_in("village_ratings", roll(TITLES, *rows), cast.township_staff)


def test_a_past_year_is_filed_as_it_was_on_paper(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    assert counts(bring(cast, row())) == (1, 0, 0, 0)
    with at(cast.township_staff):
        found = VillageRating.objects.select_related("tier").get()
        assert (found.region_id, found.state, found.is_imported) == (
            VILLAGE, "filed", True,
        )  # fmt: skip
        assert (found.total, str(found.tier)) == (Decimal("88.5"), "示范村")
        points = {line["words"]: line["points"] for line in found.lines}
        assert points == {"户户有人联系": "9.5", "村容村貌": "6.0"}
        browser = signed_in(cast.township_staff)
    assert "往年结果" in text_of(browser.get(found.get_absolute_url()))
    listed = text_of(browser.get(f"/village-ratings/?year={this_year() - 1}"))
    assert "表格导入" in listed


def test_the_same_table_again_adds_nothing_and_the_import_can_be_taken_back(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    first = bring(cast, row(得分="88.46"))
    again = hand_in(
        "village_ratings", roll(TITLES, row(得分="88.46")), cast.township_staff
    )
    assert counts(again) == (0, 0, 1, 0)
    desk.take_back(first, cast.township_staff)
    with at(cast.township_staff):
        assert not VillageRating.objects.exists()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"年份": this_year}, "not_past"),
        ({"年份": 2021}, "not_past"),
        ({"等次": "五星村"}, "unknown_tier"),
        ({"得分": "120"}, "out_of_range"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    cast: Cast, rolls: Rolls, edition: Scheme, cells: dict[str, object], code: str
) -> None:
    table = roll(TITLES, row(**dated(cells)))
    assert code in str(refusals(hand_in("village_ratings", table, cast.township_staff)))


def test_another_result_of_the_year_is_refused(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    bring(cast, row())
    table = roll(TITLES, row(等次="达标村"))
    again = hand_in("village_ratings", table, cast.township_staff)
    assert "other_grade" in str(refusals(again))


def test_a_year_that_was_rated_here_takes_no_row(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    with at(cast.township_staff):
        VillageRating.objects.create(
            region_id=VILLAGE, scheme=edition, year=this_year() - 1
        )
    upload = hand_in("village_ratings", roll(TITLES, row()), cast.township_staff)
    assert "rated_here" in str(refusals(upload))


def test_past_praise_is_beyond_the_quota_and_no_draft_is_tried_on_it(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    """More villages than a fifth were praised on paper: so it was."""
    with at(cast.township_staff):
        names = list(
            rolls.village.parent.children.values_list("name", flat=True)  # type: ignore[union-attr]
        )
    everybody = [row(村=name) for name in names]
    assert counts(bring(cast, *everybody)) == (len(names), 0, 0, 0)
    with at(cast.township_staff):
        draft = schemes.adapt(source=edition, on=today(), by=cast.township_staff)
        assert villages_tried(draft, cast.township_staff.region) == []
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            VillageRating.objects.filter(region=VILLAGE).update(total=1)


def test_years_long_over_come_from_a_workbook_only(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    browser = signed_in(cast.township_staff)
    sent = {"year": str(today().year - 2)}
    answer = browser.post("/village-ratings/begin/", sent, follow=True)
    assert answer.status_code == HTTPStatus.OK
    assert "导入结果" in text_of(answer)
    with at(cast.township_staff):
        assert not VillageRating.objects.exists()
