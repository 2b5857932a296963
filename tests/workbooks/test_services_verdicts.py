"""Rows are written as they were shown; what is refused can be mended."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounts.models import AccessEntry, Action
from households.models import ContactLink, Household
from regions.scoping import scope
from representatives.models import Mandate, Representative
from tests.cast import Cast, at
from tests.days import today, yesterday
from tests.workbooks import desk
from tests.workbooks.desk import (
    OTHER_VILLAGE,
    REPRESENTATIVES,
    THREE,
    bring_in,
    confirm,
    counts,
    hand_in,
    heads,
    household,
    households,
    listed,
    people,
    refusals,
    representative,
    work_on,
)
from workbooks import importing, services
from workbooks.services import applying

uploads = desk.uploads


def test_case_36_one_number_twice_in_a_file_refuses_both_rows(cast: Cast) -> None:
    twice = households(
        household("刘桂英", 1), household("刘桂莲", 1), household("张三", 2)
    )
    upload = hand_in("households", twice, cast.clerk)
    assert refusals(upload) == {2: {"duplicate_in_file"}, 3: {"duplicate_in_file"}}
    assert upload.created == 1


def test_case_36_a_number_that_the_village_knows_is_an_update(cast: Cast) -> None:
    bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    upload = bring_in("households", households(household("刘桂莲", 1)), cast.clerk)
    assert counts(upload) == (0, 1, 0, 0)
    assert heads(cast.clerk) == {"刘桂莲"}


def test_case_36_a_number_of_another_township_is_refused_in_neutral_words(
    cast: Cast,
) -> None:
    village = cast.other_secretary.region.name
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    upload = hand_in(
        "representatives",
        people(
            representative("张顺民", 50, 村=village),
            representative("李四", 51, 村=village),
        ),
        cast.other_staff,
    )
    assert refusals(upload) == {2: {"conflict"}}
    assert upload.created == 1
    (row,) = [r for r in listed(upload, cast.other_staff) if r.verdict == "refused"]
    assert "魏家桥" not in str(row.problems)
    assert "长冲口" not in str(row.problems)
    with at(cast.other_staff):
        assert AccessEntry.objects.filter(action=Action.REFUSED).count() == 1
        assert Representative.objects.count() == 0, "a rehearsal leaves nothing behind"


def test_a_row_that_clashes_only_when_written_is_refused_and_the_others_stay(
    cast: Cast,
) -> None:
    village = cast.other_secretary.region.name
    rows = [
        representative(f"王{n}", 50 + i, 村=village) for i, n in enumerate("一二三四五")
    ]
    upload = hand_in("representatives", people(*rows), cast.other_staff)
    assert upload.created == 5
    bring_in("representatives", people(representative("张顺民", 52)), cast.clerk)
    done = work_on(confirm(upload, cast.other_staff))
    assert counts(done) == (4, 0, 0, 1)
    assert refusals(done) == {4: {"conflict"}}
    with at(cast.other_staff):
        assert Mandate.objects.unended().count() == 4


def test_a_household_that_was_edited_meanwhile_is_not_overwritten(cast: Cast) -> None:
    bring_in("households", households(household("刘桂英", 1)), cast.clerk)
    upload = hand_in(
        "households",
        households(household("刘桂英", 1, 人口="5"), household("张志文", 2)),
        cast.clerk,
    )
    with at(cast.secretary):
        Household.objects.update(members=7)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (1, 0, 0, 1)
    assert refusals(done) == {2: {"changed_meanwhile"}}
    assert done.facts["applied"]["drift"] == 1
    with at(cast.clerk):
        assert Household.objects.get(head="刘桂英").members == 7


def test_an_edit_between_two_chunks_is_not_overwritten(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in("households", households(*THREE), cast.clerk)
    rows = [household("刘桂英", 1, 人口="5"), household("张志文", 2, 人口="5")]
    upload = confirm(hand_in("households", households(*rows), cast.clerk), cast.clerk)
    monkeypatch.setattr(importing, "CHUNK", 1)
    original = applying._Applying.written

    def edited(self: Any, chunk: Any) -> None:
        original(self, chunk)
        if self.done == 1:
            with scope(cast.secretary.scope(request="somebody else")):
                Household.objects.filter(head="张志文").update(members=9)

    monkeypatch.setattr(applying._Applying, "written", edited)
    done = work_on(upload)
    assert (counts(done), refusals(done)) == ((0, 1, 0, 1), {3: {"changed_meanwhile"}})
    with at(cast.clerk):
        assert Household.objects.get(head="张志文").members == 9


def test_a_row_that_somebody_entered_meanwhile_is_unchanged(cast: Cast) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    bring_in("households", households(THREE[0]), cast.secretary)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (2, 0, 1, 0)


def test_a_refused_row_stays_refused_though_its_cause_is_gone(cast: Cast) -> None:
    rows = [household("刘桂英", 1, 联系代表="张顺民"), household("张志文", 2)]
    upload = hand_in("households", households(*rows), cast.clerk)
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    done = work_on(confirm(upload, cast.clerk))
    assert counts(done) == (1, 0, 0, 1)
    assert refusals(done) == {2: {"unknown_representative"}}


def test_checking_again_sees_what_has_come_meanwhile(cast: Cast) -> None:
    rows = [household("刘桂英", 1, 联系代表="张顺民"), household("张志文", 2)]
    upload = hand_in("households", households(*rows), cast.clerk)
    assert counts(upload) == (1, 0, 0, 1)
    bring_in("representatives", people(representative("张顺民", 50)), cast.clerk)
    with at(cast.clerk):
        services.check_again(upload_id=upload.pk, by=cast.clerk, on=today())
    again = work_on(upload)
    assert counts(again) == (2, 0, 0, 0)
    assert counts(work_on(confirm(again, cast.clerk))) == (2, 0, 0, 0)
    with at(cast.clerk):
        assert ContactLink.objects.count() == 1


def test_checking_again_is_of_the_day_on_which_it_is_done(cast: Cast) -> None:
    """A file may wait for days: who was elected since is in office now."""
    upload = hand_in(
        "households",
        households(household("刘桂英", 1, 联系代表="张顺民")),
        cast.clerk,
        business_date=yesterday(),
    )
    elected = representative("张顺民", 50)
    elected[REPRESENTATIVES.index("当选时间")] = today().isoformat()
    bring_in("representatives", people(elected), cast.clerk, business_date=today())
    with at(cast.clerk):
        services.check_again(upload_id=upload.pk, by=cast.clerk, on=today())
    again = work_on(upload)
    assert (counts(again), again.business_date) == ((1, 0, 0, 0), today())


def test_the_refused_rows_come_back_mended_and_are_created(
    cast: Cast, uploads: Path
) -> None:
    wrong = [
        household("刘桂英", 1, **OTHER_VILLAGE),
        household("张志文", 2, 人口="很多"),
        household("李小红", 3, 组别="不是组"),
    ]
    done = bring_in("households", households(household("陈一", 9), *wrong), cast.clerk)
    assert counts(done) == (1, 0, 0, 3)
    refused = uploads / f"{done.pk.hex}.refused"
    mended = mend(refused, {"不存在村": "长冲口村", "很多": "4", "不是组": "2组"})
    again = bring_in("households", mended, cast.clerk, name="退回的行.xlsx")
    assert counts(again) == (3, 0, 0, 0)
    assert heads(cast.clerk) == {"陈一", "刘桂英", "张志文", "李小红"}


def mend(path: Path, words: dict[str, Any]) -> bytes:
    """Write over cells of an error workbook as a person would; return the file."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in words:
                cell.value = words[cell.value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_without_refusals_has_no_error_workbook(
    cast: Cast, uploads: Path
) -> None:
    upload = hand_in("households", households(*THREE), cast.clerk)
    assert not (uploads / f"{upload.pk.hex}.refused").exists()
