"""Rolls on their way out: what is in the file, who may have it, what the log says."""

import hashlib
import uuid
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AccessEntry, Action, Post
from accounts.services import Refused
from households.ledgers import HouseholdRoll, QuotaTable
from households.listing import matching
from households.models import Category, CategoryTag
from jobs.models import Job, State
from jobs.services import perform
from regions.models import Region
from reports import exports
from reports.centre import files
from representatives.ledgers import RepresentativeRoll
from representatives.models import Mandate, MandateEnd
from representatives.services import sealed_identity
from tests.cast import CITY, VILLAGE, Cast, at, everywhere
from tests.days import today
from tests.rolls import ID_NUMBERS, Rolls, households, long_ago, set_up
from workbooks.importing import LEDGERS, Import, Verdict
from workbooks.values import check_character

PHONE = "13800099728"
FORMULA = '=HYPERLINK("http://x.example/","点我")'


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)
    return tmp_path


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return our village with numbers, categories, and words that look like formulas."""
    stage = set_up()
    with everywhere():
        for row in stage.households.values():
            # The importer takes no digits in a name.
            row.head = row.head.translate(str.maketrans("123", "甲乙丙"))
            row.save()
        for number, row in zip(ID_NUMBERS, stage.households.values(), strict=False):
            for name, value in sealed_identity(id_number=number, phone=PHONE).items():
                setattr(row, name, value)
            row.remark = FORMULA
            row.save()
        tagged = stage.households["赵家张1"]
        for code in ("dibao", "elderly"):
            CategoryTag.objects.create(
                region=stage.village,
                household=tagged,
                category_id=code,
                started_on=long_ago(),
            )
    return stage


def export(post: Post, kind: str, *, full: bool = False, **filters: str) -> Job:
    """Ask for an export and do it."""
    reason = "办理补贴发放" if full else ""
    wanted = exports.Request(kind, filters, full, reason)
    with at(post):
        job = exports.ask(wanted, by=post, on=today(), token=str(uuid.uuid4()))
        assert perform(job.pk) is State.DONE
        job.refresh_from_db()
    return job


def cells(job: Job) -> list[tuple[Any, ...]]:
    """Return the rows of the file as Excel would show them."""
    book = load_workbook(files.path_of(job.pk))
    return list(book.worksheets[0].iter_rows(values_only=True))


def verdicts(post: Post, job: Job) -> Counter[Verdict]:
    """Return what an import of the exported file would do."""
    kind = job.arguments["kind"]
    with at(post):
        work = Import(LEDGERS[kind], files.path_of(job.pk), on=today())
        return Counter(row.verdict for row in work.check())


@pytest.mark.parametrize("full", [False, True], ids=["masked", "whole"])
@pytest.mark.parametrize(("kind", "rows"), [("households", 36), ("representatives", 4)])
def test_exported_roll_imports_as_unchanged(
    cast: Cast, rolls: Rolls, kind: str, rows: int, full: bool
) -> None:
    job = export(cast.township_lead, kind, full=full)

    assert verdicts(cast.township_lead, job) == {Verdict.SAME: rows}


def test_households_of_one_name_are_told_apart_by_their_masked_numbers(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        for digits in ("43059919600101001", "43059919600202002"):
            number = digits + check_character(digits)
            [row] = households(rolls, ["同名人"], 2)
            for name, value in sealed_identity(id_number=number).items():
                setattr(row, name, value)
            row.save()

    job = export(cast.secretary, "households", q="同名人")

    assert verdicts(cast.secretary, job) == {Verdict.SAME: 2}


def test_exported_row_changed_by_hand_is_an_update(cast: Cast, rolls: Rolls) -> None:
    job = export(cast.secretary, "households")
    path = files.path_of(job.pk)
    book = load_workbook(path)
    header = [cell.value for cell in book.worksheets[0][3]]
    book.worksheets[0].cell(5, header.index("家庭人口") + 1).value = 9
    book.save(path)

    assert verdicts(cast.secretary, job) == {Verdict.CHANGED: 1, Verdict.SAME: 35}


def test_numbers_are_masked_unless_whole_ones_were_asked_for(
    cast: Cast, rolls: Rolls
) -> None:
    masked = contents(export(cast.secretary, "households"))
    whole = contents(export(cast.secretary, "households", full=True))

    assert ID_NUMBERS[0] not in masked
    assert PHONE not in masked
    assert "430599********9784" in masked
    assert "138****9728" in masked
    assert ID_NUMBERS[0] in whole
    assert PHONE in whole


def contents(job: Job) -> str:
    """Return all text of the file."""
    with zipfile.ZipFile(files.path_of(job.pk)) as package:
        return "".join(package.read(name).decode() for name in package.namelist())


def test_whole_numbers_need_the_right_and_a_reason(cast: Cast, rolls: Rolls) -> None:
    without_reason = exports.Request("households", {}, full=True, reason=" ")
    with_reason = exports.Request("households", {}, full=True, reason="核对")

    with at(cast.secretary), pytest.raises(Refused, match="写明理由"):
        exports.ask(without_reason, by=cast.secretary, on=today(), token="1")
    with at(cast.township_staff), pytest.raises(Refused, match="只能导出隐去号码"):
        exports.ask(with_reason, by=cast.township_staff, on=today(), token="1")


def test_log_says_who_took_what_and_the_fingerprint_of_the_file(
    cast: Cast, rolls: Rolls
) -> None:
    job = export(cast.township_lead, "households", full=True, contact="no")

    with everywhere():
        line = AccessEntry.objects.get(action=Action.EXPORTED)
    sha256 = hashlib.sha256(files.path_of(job.pk).read_bytes()).hexdigest()
    assert line.user == cast.township_lead.user
    assert "完整号码" in line.subject
    assert "2 户" in line.subject
    assert "没有联系人" in line.subject
    assert line.reason == f"办理补贴发放；SHA-256 {sha256}"


def about(job: Job) -> dict[str, str]:
    """Return what the workbook says of itself."""
    book = load_workbook(files.path_of(job.pk))
    return dict(book["导出说明"].iter_rows(values_only=True))


@pytest.mark.parametrize("laid_out", [exports.LAID_OUT, 10], ids=["ledger", "plain"])
def test_a_workbook_says_who_took_it_out_when_and_which_rows(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch, laid_out: int
) -> None:
    monkeypatch.setattr(exports, "LAID_OUT", laid_out)

    said = about(export(cast.township_lead, "households", full=True, q="赵"))

    assert said["导出人"].startswith(cast.township_lead.user.name)
    assert said["导出时间"].startswith(today().isoformat())
    assert said["条件"] == "户主、首字母、电话、证件号：赵"
    assert said["行数"].endswith(" 户")
    assert (said["号码"], said["理由"]) == ("完整", "办理补贴发放")


def test_number_searched_for_is_not_kept_in_plain(cast: Cast, rolls: Rolls) -> None:
    job = export(cast.secretary, "households", q=PHONE)

    assert job.arguments["result"]["rows"] == len(ID_NUMBERS)
    assert PHONE not in str(job.arguments)
    assert "138****9728" in job.arguments["result"]["words"]
    assert PHONE not in contents(job)


def test_filters_of_the_list_decide_what_is_exported(cast: Cast, rolls: Rolls) -> None:
    for filters, rows in (
        ({"category": "dibao"}, 1),
        ({"contact": "no"}, 2),
        ({"group": "3"}, 5),
        ({"place": str(VILLAGE), "representative": "申秋云"}, 8),
    ):
        job = export(cast.township_lead, "households", **filters)
        assert job.arguments["result"]["rows"] == rows, filters


def test_place_outside_ones_range_cannot_be_exported(cast: Cast, rolls: Rolls) -> None:
    wanted = exports.Request("households", {"place": str(VILLAGE)})

    with at(cast.other_lead), pytest.raises(Refused, match="筛选条件没有看懂"):
        exports.ask(wanted, by=cast.other_lead, on=today(), token="1")


def test_nothing_to_export_is_said(cast: Cast, rolls: Rolls) -> None:
    wanted = exports.Request("households", {"q": "没有这个人"})

    with at(cast.secretary), pytest.raises(Refused, match="没有符合条件的内容"):
        exports.ask(wanted, by=cast.secretary, on=today(), token="1")


def test_formulas_in_the_data_stay_text(cast: Cast, rolls: Rolls) -> None:
    job = export(cast.secretary, "households")

    book = load_workbook(files.path_of(job.pk))
    typed = [
        cell.data_type
        for row in book.worksheets[0]
        for cell in row
        if cell.value == FORMULA
    ]
    assert typed == ["s"] * len(ID_NUMBERS)


def test_roll_is_laid_out_as_a_ledger(cast: Cast, rolls: Rolls) -> None:
    rows = cells(export(cast.secretary, "households"))

    assert rows[0][0] == "长冲口村村民代表联系户花名册（包户台账）"
    assert "填报单位（盖章）：魏家桥镇长冲口村村民委员会" in rows[1][0]
    total = next(row for row in rows if row[0] == "合计")
    assert "36 户" in total
    assert 36 * 4 in total
    assert "重点 1" in total
    assert rows[-2][0].startswith(f"注：本表由{cast.secretary.user.name}")
    assert rows[-1][0].startswith("审核人：")


def test_a_category_that_is_no_key_one_makes_no_key_household(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        assert CategoryTag.objects.key(today()).exists()
        Category.objects.update(is_key=False)
    with at(cast.secretary):
        key = matching({"category": "*"}, today()).count()

    rows = cells(export(cast.secretary, "households"))

    assert key == 0
    assert f"重点 {key}" in next(row for row in rows if row[0] == "合计")
    assert not any("重点" in row for row in rows)


def test_representatives_are_added_up(cast: Cast, rolls: Rolls) -> None:
    rows = cells(export(cast.secretary, "representatives"))

    titles = [low or up for up, low in zip(rows[2], rows[3], strict=True)]
    total = next(row for row in rows if row[0] == "合计")
    zhang = next(row for row in rows if "张顺民" in row)
    assert zhang[titles.index("联系户数")] == 17
    assert zhang[titles.index("其中重点户")] == 1
    assert total[titles.index("姓名")] == "4 人"
    assert total[titles.index("性别")] == "女 3"
    assert total[titles.index("联系户数")] == 34


def test_someone_who_left_is_not_elected_again_by_an_import(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(pk=rolls.mandates["周静霞"].pk).update(
            ended_on=today(), end_cause=MandateEnd.MOVED
        )

    job = export(cast.secretary, "representatives", state="left")

    assert any("离任（迁出）" in str(cell) for row in cells(job) for cell in row)
    assert verdicts(cast.secretary, job) == {Verdict.REFUSED: 1}


def test_quota_table_counts_households_seats_and_vacancies(
    cast: Cast, rolls: Rolls
) -> None:
    rows = cells(export(cast.secretary, "quotas"))

    by_group = {row[1]: row[2:] for row in rows if str(row[1]).endswith("组")}
    assert by_group["1组"] == (23, 92, 2, 1, 0, None)
    assert by_group["3组"] == (5, 20, 2, 1, 0, "空缺 1 名")
    assert next(row for row in rows if row[0] == "合计")[2:] == (
        *(36, 144, 5, 3, 0),
        "空缺 1 名",
    )


def test_quota_table_of_a_township_has_a_subtotal_for_each_village(
    cast: Cast, rolls: Rolls
) -> None:
    rows = cells(export(cast.township_staff, "quotas"))

    said = about(export(cast.township_staff, "quotas"))
    assert said["行数"] == "1 个村（社区）", "each has a row for every group"
    subtotal = next(row for row in rows if "小计" in row)
    assert subtotal[1:9] == ("魏家桥镇", "长冲口村", "小计", 36, 144, 5, 3, 0)


@pytest.mark.parametrize("roll_type", [HouseholdRoll, RepresentativeRoll, QuotaTable])
def test_statements_do_not_grow_with_the_rows(
    cast: Cast, rolls: Rolls, roll_type: Any
) -> None:
    with at(cast.township_lead):
        roll = roll_type(Region.objects.get(code=VILLAGE))
        keys = roll.keys({}, "", today())
        taken = []
        for count in (1, len(keys)):
            with CaptureQueriesContext(connection) as seen:
                roll.rows(keys[:count], today(), Counter(), full=False)
            taken.append(len(seen))

    assert taken[0] == taken[1]


def test_long_list_is_written_plain_and_imports_as_unchanged(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "LAID_OUT", 10)
    monkeypatch.setattr(exports, "CHUNK", 7)

    job = export(cast.township_lead, "households")

    assert cells(job)[0][0] == "乡镇(街道)"
    assert verdicts(cast.township_lead, job) == {Verdict.SAME: 36}
    assert (job.done, job.total) == (36, 36)


def test_export_done_again_after_a_crash_makes_the_same_file(
    cast: Cast, rolls: Rolls
) -> None:
    job = export(cast.secretary, "households")
    before = cells(job)
    with at(cast.secretary):
        Job.objects.filter(pk=job.pk).update(state=State.QUEUED, finished_at=None)
        assert perform(job.pk) is State.DONE

    assert cells(job) == before
    assert [path.name for path in files.folder().iterdir()] == [f"{job.pk.hex}.xlsx"]


def test_city_sees_what_its_townships_have(cast: Cast, rolls: Rolls) -> None:
    assert export(cast.city_staff, "households").arguments["result"]["rows"] == 36
    assert cast.city_staff.region_id == CITY
