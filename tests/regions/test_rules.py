"""Reading a list of divisions, and comparing it with the one in force."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regions.models import Kind, Level
from regions.rules import KINDS, LEVELS, Division, differences, read_divisions

COLUMNS = ("code", "name", "level", "kind", "parent_code")
CITY = ("430582000000", "邵东市", "city", "county_level_city", "")
TOWN = ("430582113000", "魏家桥镇", "township", "town", "430582000000")
VILLAGE = ("430582113219", "长冲口村", "village", "village", "430582113000")
SHIPPED = Path(__file__).resolve().parents[2] / "regions" / "data" / "430582.csv"


def rows(*lines: tuple[str, ...]) -> list[Mapping[str, str]]:
    return [dict(zip(COLUMNS, line, strict=False)) for line in lines]


def changed(line: tuple[str, ...], **changes: str) -> tuple[str, ...]:
    return tuple({**dict(zip(COLUMNS, line, strict=True)), **changes}.values())


def test_the_shipped_list_is_sound_and_complete() -> None:
    with SHIPPED.open(encoding="utf-8-sig", newline="") as lines:
        reading = read_divisions(csv.DictReader(lines))
    levels = [division.level for division in reading.divisions.values()]
    assert reading.faults == []
    assert [levels.count(level) for level in LEVELS] == [1, 25, 580]


def test_good_lines_are_read_as_they_are() -> None:
    reading = read_divisions(rows(CITY, TOWN, VILLAGE))
    assert reading.faults == []
    assert list(reading.divisions.values()) == [
        Division(430582000000, "邵东市", "city", "county_level_city", None),
        Division(430582113000, "魏家桥镇", "township", "town", 430582000000),
        Division(430582113219, "长冲口村", "village", "village", 430582113000),
    ]


def test_blanks_around_values_are_dropped() -> None:
    reading = read_divisions(rows(CITY, tuple(f" {value} " for value in TOWN)))
    assert reading.faults == []
    assert reading.divisions[430582113000].name == "魏家桥镇"


FAULTS = [
    ({"code": "43058211321"}, "应为 12 位数字，现为“43058211321”"),
    ({"code": "4305821132199"}, "应为 12 位数字"),
    ({"code": "43058211321x"}, "应为 12 位数字"),
    ({"code": "４３０５８２１１３２１９"}, "应为 12 位数字"),
    ({"code": ""}, "应为 12 位数字，现为“”"),
    ({"code": "4.30582E+11"}, "应为 12 位数字"),
    ({"code": "430582113000"}, "区划代码 430582113000 重复"),
    ({"name": ""}, "区划 430582113219 没有名称"),
    ({"name": "　 "}, "区划 430582113219 没有名称"),
    ({"name": "长" * 41}, "名称太长"),
    ({"level": "hamlet"}, "层级“hamlet”不认识"),
    ({"level": ""}, "层级“”不认识"),
    ({"kind": "town"}, "类型“town”"),
    ({"kind": ""}, "类型“”"),
    ({"parent_code": ""}, "上级 （空） 不在它前面"),
    ({"parent_code": "430582999000"}, "上级 430582999000 不在它前面"),
    ({"parent_code": "430582000000"}, "层级不对"),
    ({"parent_code": "²"}, "上级 ² 不在它前面"),
    ({"code": "430582114219"}, "代码不在上级 魏家桥镇 的代码之内"),
    ({"level": "township", "kind": "town", "parent_code": "430582000000"}, "末三位"),
    (
        {
            "code": "430583000000",
            "level": "city",
            "kind": "county",
            "parent_code": "",
        },
        "最上一级只能有一个",
    ),
    ({"code": "430583000000", "level": "city", "kind": "county"}, "不应有上级"),
    ({"level": "city", "kind": "county", "parent_code": ""}, "末六位应为 0"),
]


@pytest.mark.parametrize(
    ("changes", "sentence"), FAULTS, ids=lambda value: str(value)[:40]
)
def test_an_unsound_line_is_named_and_left_out(
    changes: dict[str, str], sentence: str
) -> None:
    reading = read_divisions(rows(CITY, TOWN, changed(VILLAGE, **changes)))
    (fault,) = reading.faults
    assert fault.line == 4
    assert sentence in fault.message
    assert list(reading.divisions) == [430582000000, 430582113000]


@pytest.mark.parametrize(
    ("code", "level", "kind", "parent"),
    [
        ("430582113219", "city", "county", ""),
        ("430582113000", "city", "county", ""),
        ("430582000000", "township", "town", "430582000000"),
    ],
)
def test_a_code_that_is_wider_or_narrower_than_its_level_is_a_fault(
    code: str, level: str, kind: str, parent: str
) -> None:
    """The scope of a division is read from its code alone."""
    reading = read_divisions(rows((code, "某地", level, kind, parent)))
    assert len(reading.faults) == 1
    assert reading.divisions == {}


def test_a_short_line_is_a_fault_and_not_a_crash() -> None:
    reading = read_divisions([dict.fromkeys(COLUMNS), *rows(CITY, TOWN[:2])])  # type: ignore[list-item]
    assert [fault.line for fault in reading.faults] == [2, 4]
    assert list(reading.divisions) == [430582000000]


def test_the_last_column_of_the_city_may_be_missing() -> None:
    """Spreadsheets drop empty cells at the end of a line."""
    city = {**rows(CITY)[0], "parent_code": None}
    assert list(read_divisions([city]).divisions) == [430582000000]  # type: ignore[list-item]


def test_every_fault_is_told_not_only_the_first() -> None:
    broken = [changed(VILLAGE, code=f"43058211{n}") for n in range(3)]
    reading = read_divisions(rows(CITY, *broken, TOWN))
    assert [fault.line for fault in reading.faults] == [3, 4, 5]
    assert len(reading.divisions) == 2


@given(
    st.lists(
        st.fixed_dictionaries(
            {column: st.none() | st.text(max_size=14) for column in COLUMNS}
        ),
        max_size=6,
    )
)
@settings(deadline=None)
def test_no_line_is_dropped_and_nothing_crashes(lines: list[dict[str, str]]) -> None:
    reading = read_divisions(lines)
    assert len(reading.divisions) + len(reading.faults) == len(lines)


def test_kinds_and_levels_are_those_of_the_model() -> None:
    assert list(LEVELS) == Level.values
    assert sorted(kind for kinds in KINDS.values() for kind in kinds) == sorted(
        Kind.values
    )


# --- differences ----------------------------------------------------------------------

READ = read_divisions(rows(CITY, TOWN, VILLAGE)).divisions
RENAMED = Division(430582113219, "新长冲口村", "village", "village", 430582113000)
COMMUNITY = Division(430582113219, "长冲口社区", "village", "community", 430582113000)
NEW = Division(430582113300, "新村", "village", "village", 430582113000)


def test_the_same_list_differs_in_nothing() -> None:
    found = differences(READ, READ)
    assert (found.any, found.same) == (False, 3)


@pytest.mark.parametrize("new", [RENAMED, COMMUNITY], ids=["name", "name and kind"])
def test_a_new_name_is_told_with_the_old_one(new: Division) -> None:
    found = differences({**READ, new.code: new}, READ)
    assert found.renamed == ((READ[new.code], new),)
    assert (found.any, found.same, found.added, found.missing) == (True, 2, (), ())


def test_what_is_new_and_what_is_missing_is_told() -> None:
    listed = {code: READ[code] for code in list(READ)[:2]} | {NEW.code: NEW}
    found = differences(listed, READ)
    assert (found.added, found.missing) == ((NEW,), (READ[430582113219],))
    assert found.same == 2


def test_what_has_ended_here_is_not_new() -> None:
    """An old list still names it; adding it again would be a second life."""
    in_force = {code: READ[code] for code in list(READ)[:2]}
    found = differences(READ, in_force, ended={430582113219})
    assert (found.added, found.ended) == ((), (READ[430582113219],))
    assert found.any


codes = st.dictionaries(
    st.sampled_from(range(8)),
    st.sampled_from("甲乙丙").map(
        lambda name: Division(0, name, "village", "village", 1)
    ),
)


@given(codes, codes, st.sets(st.sampled_from(range(8))))
@settings(deadline=None)
def test_every_division_of_both_lists_is_accounted_for_once(
    listed: dict[int, Division], in_force: dict[int, Division], ended: set[int]
) -> None:
    ended -= in_force.keys()
    found = differences(listed, in_force, ended=ended)
    assert len(listed) == (
        len(found.added) + len(found.renamed) + len(found.ended) + found.same
    )
    assert len(in_force) == len(found.missing) + len(found.renamed) + found.same
