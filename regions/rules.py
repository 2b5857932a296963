"""Reading a list of divisions, and what changed against the one in force. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from regions.codes import CITY_WIDTH, TOWNSHIP_WIDTH


@dataclass(frozen=True)
class Division:
    """One line of the statistical bureau's list (统计用区划代码, 12 digits)."""

    code: int
    name: str
    level: str
    kind: str
    parent: int | None


@dataclass(frozen=True)
class Differences:
    """What a new list says against the divisions in force."""

    added: tuple[Division, ...] = ()
    renamed: tuple[tuple[Division, Division], ...] = ()
    missing: tuple[Division, ...] = ()
    ended: tuple[Division, ...] = ()
    same: int = 0

    @property
    def any(self) -> bool:
        """Whether the lists differ at all."""
        return bool(self.added or self.renamed or self.missing or self.ended)


@dataclass(frozen=True)
class Fault:
    """A line that cannot be taken, and why."""

    line: int
    message: str


@dataclass
class Reading:
    """What a csv held: good lines and faults, nothing silently dropped."""

    divisions: dict[int, Division] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


COLUMNS = ("code", "name", "level", "kind", "parent_code")
LEVELS = {"city": None, "township": "city", "village": "township"}
KINDS = {
    "city": ("county_level_city", "county", "district"),
    "township": ("subdistrict", "town", "township", "farm"),
    "village": ("village", "community"),
}
WIDTHS = {"city": CITY_WIDTH, "township": TOWNSHIP_WIDTH}
LONGEST_NAME = 40


def read_divisions(rows: Iterable[Mapping[str, str | None]]) -> Reading:
    """Return the divisions of a csv, with a fault for each line that is unsound."""
    reading = Reading()
    for line, row in enumerate(rows, start=2):
        problem = _problem(row, reading.divisions)
        if problem:
            reading.faults.append(Fault(line, problem))
            continue
        parent = _text(row, "parent_code")
        division = Division(
            int(_text(row, "code")),
            _text(row, "name"),
            _text(row, "level"),
            _text(row, "kind"),
            int(parent) if parent else None,
        )
        reading.divisions[division.code] = division
    return reading


def _text(row: Mapping[str, str | None], column: str) -> str:
    """Return a cell without blanks around it; a line may end before its last cells."""
    return (row.get(column) or "").strip()


def _problem(
    row: Mapping[str, str | None], known: Mapping[int, Division]
) -> str | None:
    code, name, level = _text(row, "code"), _text(row, "name"), _text(row, "level")
    if len(code) != 12 or not code.isascii() or not code.isdigit():
        return f"区划代码应为 12 位数字，现为“{code}”"
    if int(code) in known:
        return f"区划代码 {code} 重复"
    if not name:
        return f"区划 {code} 没有名称"
    if len(name) > LONGEST_NAME:
        return f"区划 {code} 的名称太长，最多 {LONGEST_NAME} 个字"
    if level not in LEVELS:
        return f"层级“{level}”不认识，应为 city、township 或 village"
    if _text(row, "kind") not in KINDS[level]:
        expected = "、".join(KINDS[level])
        return f"{name}的类型“{_text(row, 'kind')}”不认识，这一级应为 {expected}"
    return _code_problem(int(code), level) or _parent_problem(row, level, known)


def _code_problem(code: int, level: str) -> str | None:
    """The scope of a division is read from its code: its zeros must fit the level."""
    township, village = code % CITY_WIDTH // TOWNSHIP_WIDTH, code % TOWNSHIP_WIDTH
    if level == "city" and (township or village):
        return f"{code} 是最上一级，末六位应为 0"
    if level == "township" and (village or not township):
        return f"{code} 是乡镇一级，末三位应为 0，它前面三位不应为 0"
    if level == "village" and not village:
        return f"{code} 是村一级，末三位不应为 0"
    return None


def _parent_problem(
    row: Mapping[str, str | None], level: str, known: Mapping[int, Division]
) -> str | None:
    name, parent, above = _text(row, "name"), _text(row, "parent_code"), LEVELS[level]
    if above is None:
        if parent:
            return f"{name}是最上一级，不应有上级"
        return "最上一级只能有一个" if known else None
    found = known.get(int(parent)) if parent.isascii() and parent.isdigit() else None
    if found is None or found.level != above:
        return f"{name}的上级 {parent or '（空）'} 不在它前面，或层级不对"
    width = WIDTHS[above]
    if int(_text(row, "code")) // width != found.code // width:
        return f"{name}的代码不在上级 {found.name} 的代码之内"
    return None


def differences(
    listed: Mapping[int, Division],
    in_force: Mapping[int, Division],
    *,
    ended: Collection[int] = (),
) -> Differences:
    """Return what the new list adds, renames or no longer names.

    `ended` holds the codes that have ended here: a list that still names them is old,
    and they are not new.
    """
    both = listed.keys() & in_force.keys()
    changed = [code for code in sorted(both) if listed[code] != in_force[code]]
    unknown = sorted(listed.keys() - in_force.keys())
    return Differences(
        added=tuple(listed[code] for code in unknown if code not in ended),
        renamed=tuple((in_force[code], listed[code]) for code in changed),
        missing=tuple(in_force[c] for c in sorted(in_force.keys() - listed.keys())),
        ended=tuple(listed[code] for code in unknown if code in ended),
        same=len(both) - len(changed),
    )
