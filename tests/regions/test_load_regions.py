"""Loading divisions: the first time, again, and when something changed."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import RowChange
from launcher import roles
from regions import services
from regions.management.commands.load_regions import SHIPPED
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope
from regions.services import Contradiction
from tests.cast import CITY, TOWNSHIP, VILLAGE, everywhere
from tests.databases import OWNER_URL
from tests.days import today, tomorrow
from tests.policy.database import database_of_its_own

HEADER = "code,name,level,kind,parent_code"
NEIGHBOUR = f"""{HEADER}
430524000000,隆回县,county_level,county,
430524101000,桃花坪街道,township,subdistrict,430524000000
430524101001,桃花坪社区,village,community,430524101000
""".replace("county_level,county", "city,county")
ON = dt.date(2026, 11, 1)
SIBLING = 430582113001
NEW_LINE = "430582113300,新长冲口村,village,village,430582113000"
Listed = Callable[..., Path]


@pytest.fixture(autouse=True)
def open_scope() -> Iterator[None]:
    """Divisions change under a scope over them: what follows from them is scoped."""
    with scope(Scope(0, EVERYWHERE_HI, why="test")):
        yield


def load(*arguments: Any, **options: Any) -> str:
    """Run the command and return what it prints."""
    out = io.StringIO()
    call_command("load_regions", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """Return a function that writes the shipped list with some changes."""

    def write(
        *, drop: int = 0, add: str = "", encoding: str = "utf-8", **renamed: str
    ) -> Path:
        lines = SHIPPED.read_text(encoding="utf-8-sig").splitlines()
        kept = [line for line in lines if not line.startswith(f"{drop},")]
        text = "\n".join([*kept, *filter(None, [add])]) + "\n"
        for old, new in renamed.items():
            text = text.replace(f",{old},", f",{new},")
        path = tmp_path / "divisions.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def tree() -> list[tuple[Any, ...]]:
    """Return every division as it stands."""
    return list(Region.objects.order_by("code").values_list())


# --- again ----------------------------------------------------------------------------


def test_the_same_list_again_changes_nothing_and_says_so(db: None) -> None:
    before = tree()
    assert load() == "相同 606 个。\n"
    assert load("--add", "--rename") == "相同 606 个。\n"
    assert tree() == before


def test_a_new_name_is_told_first_and_taken_over_when_asked(
    db: None, listed: Listed
) -> None:
    path, before = listed(长冲口村="新长冲口村"), tree()
    told = load(path)
    assert "改名 430582113219 长冲口村 → 新长冲口村（加 --rename 采用）" in told
    assert "相同 605 个" in told
    assert tree() == before
    assert load(path, "--rename") == "相同 606 个。\n"
    assert Region.objects.get(pk=VILLAGE).name == "新长冲口村"


def test_a_new_kind_is_told_as_such(db: None, listed: Listed) -> None:
    path = listed(
        drop=VILLAGE, add="430582113219,长冲口村,village,community,430582113000"
    )
    assert "改类型 430582113219 长冲口村：村 → 社区（加 --rename 采用）" in load(path)
    load(path, "--rename")
    assert Region.objects.get(pk=VILLAGE).kind == "community"


def test_a_new_division_is_told_first_and_added_when_asked(
    db: None, listed: Listed
) -> None:
    path, before = listed(add=NEW_LINE), tree()
    assert "新增 430582113300 新长冲口村（加 --add 采用）" in load(path)
    assert load(path, "--rename").startswith("新增")
    assert tree() == before
    assert load(path, "--add") == "相同 607 个。\n"
    assert Region.objects.get(pk=430582113300).parent_id == TOWNSHIP


def test_a_missing_division_is_told_and_never_ended_by_itself(
    db: None, listed: Listed
) -> None:
    path, before = listed(drop=VILLAGE), tree()
    told = load(path, "--add", "--rename")
    assert "表中没有 430582113219 长冲口村（加 --end 430582113219" in told
    assert tree() == before


def test_a_division_is_ended_with_its_successor(db: None, listed: Listed) -> None:
    path = listed(drop=VILLAGE)
    told = load(path, "--end", f"{VILLAGE}:{SIBLING}", "--on", "2026-11-01")
    assert told == "长冲口村（430582113219）自 2026-11-01 起撤销。\n相同 605 个。\n"
    ended = Region.objects.get(pk=VILLAGE)
    assert (ended.ended_on, ended.successor_id) == (ON, SIBLING)
    assert load(path) == "相同 605 个。\n"


def test_a_division_is_not_ended_ahead_of_its_day(db: None, listed: Listed) -> None:
    """It would be off every list from now on, though it is there until then."""
    path, before = listed(drop=VILLAGE), tree()
    with pytest.raises(CommandError, match=f"--on 不能晚于今天（{today()}）"):
        load(path, "--end", str(VILLAGE), "--on", str(tomorrow()))
    assert tree() == before


def test_a_division_is_merged_into_one_of_the_same_list(
    db: None, listed: Listed
) -> None:
    """Two villages that become a third, all in one step."""
    path = listed(drop=VILLAGE, add=NEW_LINE)
    told = load(path, "--add", "--end", f"{VILLAGE}:430582113300")
    assert told.endswith("相同 606 个。\n")
    assert Region.objects.get(pk=VILLAGE).successor_id == 430582113300


def test_an_old_list_does_not_bring_back_what_has_ended(db: None) -> None:
    services.end_division(code=VILLAGE, on=ON, successor=SIBLING)
    before = tree()
    told = load("--add", "--rename")
    assert "430582113219 长冲口村已经撤销，表中仍有" in told
    assert "新增" not in told
    assert tree() == before


def test_what_is_confirmed_is_done_as_a_whole_or_not_at_all(
    db: None, listed: Listed
) -> None:
    before = tree()
    with pytest.raises(CommandError, match="没有在用的区划 430582113999"):
        load(
            listed(长冲口村="新长冲口村", add=NEW_LINE),
            "--rename", "--add", "--end", str(SIBLING), "--end", "430582113999",
        )  # fmt: skip
    assert tree() == before


def test_changes_are_in_the_history_with_their_reason(db: None, listed: Listed) -> None:
    load(listed(长冲口村="新长冲口村"), "--rename")
    with everywhere():
        change = RowChange.objects.get(
            table="regions_region", row=str(VILLAGE), operation="update"
        )
    assert change.after == {"name": "新长冲口村"}
    assert change.why == "载入区划表 divisions.csv"


def test_another_countys_list_is_another_deployment(db: None, tmp_path: Path) -> None:
    path, before = tmp_path / "430524.csv", tree()
    path.write_text(NEIGHBOUR, encoding="utf-8")
    with pytest.raises(CommandError, match=r"隆回县.*另外部署一套"):
        load(path, "--add")
    assert tree() == before


# --- what cannot be read --------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有区划"),
        (f"{HEADER}\n".encode(), "没有区划"),
        (
            "编码,名称\n430582000000,邵东市\n".encode(),
            "缺少 code、name、level、kind、parent_code 列",
        ),
        (f"{HEADER}\n430582000000,邵东市\n".encode(), "第 2 行：层级“”不认识"),
        (f"{HEADER}\n123,某地,city,county,\n".encode(), "第 2 行：区划代码应为 12 位"),
        (NEIGHBOUR.encode("gb18030"), "不是 UTF-8 编码.*CSV UTF-8"),
        (b"\x00\x01\x02\xff", "不是 UTF-8 编码"),
    ],
    ids=[
        "empty",
        "header only",
        "other columns",
        "short line",
        "fault",
        "gbk",
        "binary",
    ],
)
def test_a_file_that_is_no_list_is_refused_in_plain_words(
    db: None, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path, before = tmp_path / "list.csv", tree()
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        load(path, "--add", "--rename")
    assert tree() == before


def test_a_file_that_is_not_there_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"没有这个文件：.*absent\.csv"):
        load(tmp_path / "absent.csv")


@pytest.mark.parametrize("code", ["abc", "430582113219:x", ":", ""])
def test_what_is_no_code_is_said_to_be_none(db: None, code: str) -> None:
    with pytest.raises(CommandError, match=r"不是区划代码.*代码:接收代码"):
        load("--end", code)


# --- ending ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "successor", "sentence"),
    [
        (430582113999, None, "没有在用的区划 430582113999"),
        (TOWNSHIP, None, "魏家桥镇下面还有在用的区划"),
        (CITY, None, "邵东市下面还有在用的区划"),
        (VILLAGE, 430582113999, "接收区划 430582113999 不存在、已撤销或层级不同"),
        (VILLAGE, VILLAGE, "接收区划 430582113219 不存在"),
        (VILLAGE, TOWNSHIP, "层级不同"),
    ],
)
def test_what_contradicts_the_tree_is_refused(
    db: None, code: int, successor: int | None, sentence: str
) -> None:
    before = tree()
    with pytest.raises(Contradiction, match=sentence):
        services.end_division(code=code, on=ON, successor=successor)
    assert tree() == before


def test_a_division_ends_once_and_is_no_successor_afterwards(db: None) -> None:
    services.end_division(code=VILLAGE, on=ON)
    with pytest.raises(Contradiction, match="没有在用的区划"):
        services.end_division(code=VILLAGE, on=ON)
    with pytest.raises(Contradiction, match="已撤销"):
        services.end_division(code=SIBLING, on=ON, successor=VILLAGE)


def test_a_township_ends_after_its_villages(db: None) -> None:
    for village in Region.objects.filter(parent_id=TOWNSHIP):
        services.end_division(code=village.code, on=ON)
    assert services.end_division(code=TOWNSHIP, on=ON).ended_on == ON


# --- the first time -------------------------------------------------------------------


@pytest.fixture(scope="module")
def _own(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    with database_of_its_own(template_database, "regions", django_db_blocker):
        yield


@pytest.fixture
def empty(_own: None) -> None:
    """Begin with a database in which nothing was ever loaded."""
    url = roles.at(OWNER_URL, connection.settings_dict["NAME"])
    with roles.connect(url) as owner, owner.cursor() as cursor:
        cursor.execute("TRUNCATE regions_region CASCADE")


def test_the_first_load_fills_the_tree_with_the_shipped_list(empty: None) -> None:
    assert load() == "已载入 606 个区划。\n"
    assert Region.objects.townships().count() == 25
    assert Region.objects.villages().count() == 580
    assert Region.objects.get(pk=VILLAGE).full_name == "魏家桥镇 长冲口村"
    with everywhere():
        changes = RowChange.objects.filter(table="regions_region", operation="insert")
        assert changes.count() == 606
        assert set(changes.values_list("region_id", "why")) == {
            (CITY, "载入区划表 430582.csv")
        }


def test_another_county_loads_its_own_list(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "430524.csv"
    path.write_text(NEIGHBOUR, encoding="utf-8-sig")
    assert load(path) == "已载入 3 个区划。\n"
    assert Region.objects.get(level="city").name == "隆回县"
    assert Region.objects.get(level="city").get_kind_display() == "县"


def test_a_first_list_with_one_bad_line_loads_nothing(
    empty: None, listed: Listed
) -> None:
    path = listed(add="430582113300,,village,village,430582113000")
    with pytest.raises(CommandError, match="第 608 行：区划 430582113300 没有名称"):
        load(path)
    assert not Region.objects.exists()
