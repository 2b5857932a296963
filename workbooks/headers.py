"""Finds the header of a table among title rows, however a township has laid it out.

One or two header rows (three at most), merged or not, aliases, other orders, extra
columns. A column's name is the path of its header cells from top to bottom: under 户主,
姓名 is 户主姓名 before it is 姓名.
"""

from __future__ import annotations

import difflib
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbooks.counting import column_index, column_letters
from workbooks.declaration import Column, Declaration
from workbooks.inventory import FileRefused, Merge
from workbooks.reading import Plain
from workbooks.values.characters import fold

ROWS_SEARCHED = 20
JOINT = " / "
"""Between the levels of a heading, where a person reads it."""
DEEPEST = 3
FEWEST = 2
"""Columns that must be recognised before a row counts as the header."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One header cell as a person sees it."""

    letters: str
    title: str

    def __str__(self) -> str:
        return f"{self.letters} 列“{self.title}”"


class HeaderRefused(FileRefused):
    """The header cannot be used; carries what a column chooser needs to go on."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        row: int,
        seen: tuple[Heading, ...],
        missing: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code, message)
        self.row = row
        """Last header row, from 1: the best guess when none was found."""
        self.seen = seen
        self.missing = missing
        """Keys of the required columns that no heading was recognised as."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and which column holds what."""

    first_row: int
    last_row: int
    """Header rows, from 1, both included; data begins below."""
    columns: Mapping[str, int]
    """Declared key -> column index from 0."""
    headings: Mapping[int, Heading]
    """Column index -> heading, for every column with a title."""
    unknown: tuple[Heading, ...]
    """Titled columns that nothing was recognised in: they are not imported."""
    ignored: frozenset[int]
    """Columns that are expected and carry nothing to import, such as 序号."""
    absent: tuple[str, ...]
    """Keys of optional columns that the file does not have."""

    @property
    def fingerprint(self) -> str:
        """A hash of the titles, under which a column choice can be remembered."""
        titles = "\n".join(
            f"{index} {heading.title}" for index, heading in self.headings.items()
        )
        return hashlib.sha256(titles.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A block of rows read as a header."""

    top: int
    depth: int
    paths: dict[int, tuple[str, ...]]
    found: dict[str, list[int]]
    joined: int
    """Columns recognised by their whole path: proof that the upper rows matter."""

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        twice = sum(len(columns) > 1 for columns in self.found.values())
        return (len(self.found), -twice, self.joined, -self.depth, -self.top)

    def headings(self) -> dict[int, Heading]:
        """Return the columns with a title, in the order of the sheet."""
        return {
            column: Heading(column_letters(column), JOINT.join(path))
            for column, path in sorted(self.paths.items())
        }


def find_header(
    rows: Sequence[Sequence[Plain]],
    merges: Sequence[Merge],
    declaration: Declaration,
    mapping: Mapping[str, str] | None = None,
) -> Header:
    """Return the header among the first ``rows`` of a sheet.

    ``mapping`` is a person's column choice: title, or column letters, -> declared key;
    an empty key leaves that column out. It goes before every alias.
    Raises :class:`HeaderRefused`.
    """
    names = _Names(declaration, mapping or {})
    grid = _grid(rows[:ROWS_SEARCHED], merges)
    candidates = [
        _read(grid, top, depth, names)
        for top in range(len(grid))
        for depth in range(1, min(DEEPEST, len(grid) - top) + 1)
    ]
    best = max(candidates, key=lambda candidate: candidate.rank, default=None)
    if best is None or len(best.found) < min(FEWEST, len(declaration.columns)):
        raise _nothing_found(grid, declaration)
    _refuse_twice(best, declaration)
    _refuse_missing(best, declaration)
    return _header(best, declaration, names)


def is_letters(name: str) -> bool:
    """Whether a choice under `name` is taken for that of the column with these letters."""
    return name.isascii() and name.isalpha() and name.isupper() and len(name) <= 2


class _Names:
    """What titles and letters stand for."""

    def __init__(self, declaration: Declaration, mapping: Mapping[str, str]) -> None:
        self._ignored = {_plain(title) for title in declaration.ignored}
        self._keys = {
            _plain(title): column.key
            for column in declaration.columns
            for title in column.titles
        }
        self._letters: dict[int, str] = {}
        self._titles: dict[str, str] = {}
        keys = {column.key for column in declaration.columns}
        for name, key in mapping.items():
            if key and key not in keys:
                raise ValueError(f"no column {key!r} in {declaration.title}")
            if is_letters(name):
                self._letters[column_index(name)] = key
            else:
                self._titles[_plain(name.replace(JOINT, ""))] = key

    def chosen(self, column: int, path: tuple[str, ...]) -> str | None:
        """Return what a person chose for the column: a key, ``""`` or nothing."""
        if column in self._letters:
            return self._letters[column]
        return self._titles.get(_plain("".join(path)))

    def is_by_letters(self, column: int) -> bool:
        """Whether a person chose the column by its letters, whatever stands in it."""
        return column in self._letters

    def by_path(self, path: tuple[str, ...]) -> str:
        """Return the key that the whole path stands for, or ``""``."""
        return self._keys.get(_plain("".join(path)), "")

    def by_leaf(self, path: tuple[str, ...]) -> str:
        """Return the key that the lowest title alone stands for, or ``""``."""
        return self._keys.get(_plain(path[-1]), "")

    def is_ignored(self, column: int, path: tuple[str, ...]) -> bool:
        """Whether the column is expected to carry nothing to import."""
        if self.chosen(column, path) == "":
            return True
        return not self._ignored.isdisjoint({_plain("".join(path)), _plain(path[-1])})


def _plain(title: str) -> str:
    return fold(title).strip("*:").removesuffix("(必填)")


def _grid(rows: Sequence[Sequence[Plain]], merges: Sequence[Merge]) -> list[list[str]]:
    """Return the texts of ``rows``, merged cells filled with what they show."""
    width = max((len(row) for row in rows), default=0)
    grid = [
        [_title(row[i]) if i < len(row) else "" for i in range(width)] for row in rows
    ]
    for merge in merges:
        if merge.bottom >= len(grid) or merge.left >= width:
            continue
        text = grid[merge.top][merge.left]
        for row in grid[merge.top : merge.bottom + 1]:
            for column in range(merge.left, min(merge.right + 1, width)):
                row[column] = text
    return grid


def _title(cell: Plain) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _read(grid: list[list[str]], top: int, depth: int, names: _Names) -> _Candidate:
    """Read ``depth`` rows from ``top`` as a header."""
    block = [list(row) for row in grid[top : top + depth]]
    for upper, lower in pairwise(block):
        _spread(upper, lower)
    paths: dict[int, tuple[str, ...]] = {}
    for column in range(len(block[0])):
        path = tuple(dict.fromkeys(row[column] for row in block if row[column]))
        if path:
            paths[column] = path
    found, joined = _recognise(paths, names)
    return _Candidate(top, depth, paths, found, joined)


def _spread(upper: list[str], lower: list[str]) -> None:
    """Carry an upper title over the columns to its right that have only a lower one."""
    for column in range(1, len(upper)):
        if not upper[column] and lower[column] and lower[column - 1]:
            upper[column] = upper[column - 1]


def _recognise(
    paths: dict[int, tuple[str, ...]], names: _Names
) -> tuple[dict[str, list[int]], int]:
    """Match columns by a person's choice, then whole paths, then lowest titles."""
    found: dict[str, list[int]] = defaultdict(list)
    open_columns: list[int] = []
    joined = 0
    for column, path in paths.items():
        chosen = names.chosen(column, path)
        key = names.by_path(path) if chosen is None else chosen
        if key:
            found[key].append(column)
            joined += len(path) > 1 and not names.is_by_letters(column)
        elif chosen is None:
            open_columns.append(column)
    by_path = frozenset(found)
    for column in open_columns:
        key = names.by_leaf(paths[column])
        if key and key not in by_path:
            found[key].append(column)
    return dict(found), joined


def _header(best: _Candidate, declaration: Declaration, names: _Names) -> Header:
    columns = {key: found[0] for key, found in best.found.items()}
    used = set(columns.values())
    headings = best.headings()
    others = [column for column in headings if column not in used]
    ignored = frozenset(c for c in others if names.is_ignored(c, best.paths[c]))
    return Header(
        first_row=best.top + 1,
        last_row=best.top + best.depth,
        columns=columns,
        headings=headings,
        unknown=tuple(headings[c] for c in others if c not in ignored),
        ignored=ignored,
        absent=tuple(c.key for c in declaration.columns if c.key not in columns),
    )


def _refuse_twice(best: _Candidate, declaration: Declaration) -> None:
    """Refuse two columns that mean the same: one of them would silently win."""
    headings = best.headings()
    for key, columns in best.found.items():
        if len(columns) < 2:
            continue
        both = "和".join(str(headings[column]) for column in columns)
        raise HeaderRefused(
            "duplicate_column",
            f"第 {best.top + best.depth} 行的表头里，{both}都是"
            f"“{declaration.column(key).title}”。请删去或改名其中一列后再上传。",
            row=best.top + best.depth,
            seen=tuple(headings.values()),
        )


def _refuse_missing(best: _Candidate, declaration: Declaration) -> None:
    missing = [c for c in declaration.columns if c.required and c.key not in best.found]
    if not missing:
        return
    seen = tuple(best.headings().values())
    row = best.top + best.depth
    wanted = "、".join(_names_of(column) for column in missing)
    listed = "、".join(f"{heading.letters} {heading.title}" for heading in seen)
    raise HeaderRefused(
        "missing_column",
        f"第 {row} 行的表头里没有找到：{wanted}。看到的列有：{listed}。"
        f"{_resemblance(missing, seen)}请改好表头，或指定每一列是什么。",
        row=row,
        seen=seen,
        missing=tuple(column.key for column in missing),
    )


def _names_of(column: Column) -> str:
    others = "、".join(f"“{title}”" for title in column.titles[1:5])
    return f"“{column.title}”" + (f"（也可以叫{others}）" if others else "")


def _resemblance(missing: Sequence[Column], seen: Sequence[Heading]) -> str:
    """Point out a heading that is nearly a missing title: usually a typing error."""
    titles = {heading.title: heading for heading in seen}
    for column in missing:
        for name in column.titles:
            near = difflib.get_close_matches(name, titles, n=1, cutoff=0.7)
            if near:
                return f"{titles[near[0]]}是不是“{name}”？"
    return ""


def _nothing_found(grid: list[list[str]], declaration: Declaration) -> HeaderRefused:
    """Refuse, and offer the row with the most different short texts as the guess."""
    guess = max(
        range(len(grid)),
        key=lambda row: len({text for text in grid[row] if 0 < len(text) <= 20}),
        default=0,
    )
    texts = grid[guess] if grid else []
    wanted = "、".join(f"“{c.title}”" for c in declaration.columns if c.required)
    return HeaderRefused(
        "no_header",
        f"前 {ROWS_SEARCHED} 行里没有找到表头，需要有：{wanted}。"
        "请对照模板补上表头，或指定每一列是什么。",
        row=guess + 1,
        seen=tuple(
            Heading(column_letters(i), text) for i, text in enumerate(texts) if text
        ),
        missing=tuple(c.key for c in declaration.columns if c.required),
    )
