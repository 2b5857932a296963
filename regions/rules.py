"""Reading a list of divisions, and what changed against the one in force. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


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
    same: int = 0

    @property
    def any(self) -> bool:
        """Whether the lists differ at all."""
        return bool(self.added or self.renamed or self.missing)


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


LEVELS = {"city": None, "township": "city", "village": "township"}


def read_divisions(rows: Iterable[Mapping[str, str]]) -> Reading:
    """Return the divisions of a csv, with a fault for each line that is unsound."""
    reading = Reading()
    for line, row in enumerate(rows, start=2):
        problem = _problem(row, reading.divisions)
        if problem:
            reading.faults.append(Fault(line, problem))
            continue
        parent = row["parent_code"].strip()
        division = Division(
            int(row["code"]),
            row["name"].strip(),
            row["level"].strip(),
            row["kind"].strip(),
            int(parent) if parent else None,
        )
        reading.divisions[division.code] = division
    return reading


def _problem(row: Mapping[str, str], known: Mapping[int, Division]) -> str | None:
    code, level = (row.get("code") or "").strip(), (row.get("level") or "").strip()
    if len(code) != 12 or not code.isascii() or not code.isdigit():
        return f"区划代码应为 12 位数字，现为“{code}”"
    if int(code) in known:
        return f"区划代码 {code} 重复"
    if not (row.get("name") or "").strip():
        return f"区划 {code} 没有名称"
    if level not in LEVELS:
        return f"层级“{level}”不认识，应为 city、township 或 village"
    return _parent_problem(row, level, known)


def _parent_problem(
    row: Mapping[str, str], level: str, known: Mapping[int, Division]
) -> str | None:
    parent, above = (row.get("parent_code") or "").strip(), LEVELS[level]
    if above is None:
        return f"{row['name']}是最上一级，不应有上级" if parent else None
    found = known.get(int(parent)) if parent.isdigit() else None
    if found is None or found.level != above:
        return f"{row['name']}的上级 {parent or '（空）'} 不在它前面，或层级不对"
    width = {"township": 10**6, "village": 10**3}[level]
    if int(row["code"]) // width != found.code // width:
        return f"{row['name']}的代码不在上级 {found.name} 的代码之内"
    return None


def differences(
    listed: Mapping[int, Division], in_force: Mapping[int, Division]
) -> Differences:
    """Return what the new list adds, renames or no longer names."""
    both = listed.keys() & in_force.keys()
    changed = [code for code in sorted(both) if listed[code] != in_force[code]]
    return Differences(
        added=tuple(listed[c] for c in sorted(listed.keys() - in_force.keys())),
        renamed=tuple((in_force[c], listed[c]) for c in changed),
        missing=tuple(in_force[c] for c in sorted(in_force.keys() - listed.keys())),
        same=len(both) - len(changed),
    )
