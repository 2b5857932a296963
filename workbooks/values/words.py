"""Checks texts, names, codes, choices and yes/no cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from workbooks.declaration import Column
from workbooks.values.characters import (
    APOSTROPHES,
    FORMULA_MARK,
    MERGED_MARK,
    compact,
    fold,
    has_control_characters,
    is_error_text,
    narrow,
    single_spaced,
    unescape,
    visible,
)
from workbooks.values.outcomes import Mended, Outcome, Problem

LONGEST_NAME = 30

_HAN_GAP = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]) +(?=\S)")
_NAME_PARTS = frozenset({"·", "•", "・", "‧", "．", "-", "'", "’", " "})
_BRACKETS = re.compile(r"[()（）\[\]【】〔〕<>《》]")
_DIVIDERS = re.compile(r"[、,，;；/|\n]+")
_WHOLE_NUMBER = re.compile(r"-?[0-9]+\.0")

_YES = frozenset(
    {"是", "√", "✓", "✔", "☑", "y", "yes", "1", "1.0", "true", "t", "对", "有"}
)
_NO = frozenset(
    {"否", "×", "✗", "✘", "x", "n", "no", "0", "0.0", "false", "f", "错", "无"}
)
_UNSAID = frozenset({"", "空", "-", "—", "/"})


def missing_outcome(column: Column) -> Outcome:
    """Return what a blank cell of ``column`` comes to: None, or the refusal."""
    if column.required:
        return Problem(f"missing_{column.key}", f"{column.title}没有填写", "请补填")
    return None


def unusable_text(text: str) -> Problem | None:
    """Return why ``text`` cannot be the content of any cell, or None."""
    if text.startswith((FORMULA_MARK, MERGED_MARK)):
        return Problem(
            "not_mended", "这一格还没有改", "请删去方括号里的提示，填上真实内容"
        )
    if is_error_text(text):
        return Problem("error_cell", f"单元格是错误值 {text.strip()}", "请改为真实内容")
    if has_control_characters(text):
        return Problem(
            "control_character", "单元格里有看不见的控制字符", "请清空这一格，重新输入"
        )
    return None


def text_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of free text: kept as written, but for what nobody can see."""
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        if raw is None:
            return missing
        text = raw if isinstance(raw, str) else _shown(raw)
        problem = unusable_text(text)
        if problem:
            return problem
        clean = visible(narrow(unescape(text))).replace("\r\n", "\n").strip()
        if not clean:
            return missing
        if len(clean) > column.longest:
            return Problem(
                "too_long",
                f"{column.title}有 {len(clean)} 个字，最多 {column.longest} 个",
                "请删减，或分到备注里",
            )
        return clean if clean == text.strip() else _text_mended(clean, text)

    return check


def _text_mended(clean: str, text: str) -> Outcome:
    if clean == unescape(text).replace("\r\n", "\n").strip():
        return clean
    if narrow(visible(text)) != visible(text):
        return Mended(clean, "fixed_fullwidth_text", "全角字母、数字改为半角")
    return Mended(clean, "fixed_invisible", "去掉了看不见的字符")


def _shown(raw: object) -> str:
    """Return a non-text cell as a person sees it, whole numbers without ``.0``."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return f"{raw:.0f}" if raw.is_integer() else repr(raw)
    return str(getattr(raw, "text", raw))


def name_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a person's name (case 42): rare characters and · stay."""
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        if raw is None:
            return missing
        if not isinstance(raw, str):
            return _bad_name(column, "不是文字")
        if raw.isalpha() and raw.isprintable() and len(raw) <= LONGEST_NAME:
            return raw
        problem = unusable_text(raw)
        return problem or _check_odd_name(raw, column, missing)

    return check


def _check_odd_name(raw: str, column: Column, missing: Outcome) -> Outcome:
    trimmed = single_spaced(visible(narrow(raw))).strip(APOSTROPHES).strip()
    name = _HAN_GAP.sub("", trimmed)
    if not name:
        return missing
    problem = _name_problem(name, column)
    if problem:
        return problem
    if name != trimmed:
        return Mended(name, "fixed_space_in_name", "去掉了姓名中间的空格")
    if name != raw.strip():
        return Mended(name, "fixed_invisible", "去掉了看不见或多余的字符")
    return name


def _name_problem(name: str, column: Column) -> Problem | None:
    if _BRACKETS.search(name):
        return _bad_name(column, "里有括号")
    if any(character.isnumeric() and not character.isalpha() for character in name):
        return _bad_name(column, "里有数字")
    if len(name) > LONGEST_NAME:
        return _bad_name(column, f"超过 {LONGEST_NAME} 个字")
    if not all(map(_belongs_in_name, name)):
        return _bad_name(column, "里有不属于姓名的符号")
    return None


def _belongs_in_name(character: str) -> bool:
    # Co: private-use code points, where older systems keep rare characters.
    return (
        character in _NAME_PARTS
        or character.isalpha()
        or unicodedata.category(character) in {"Mn", "Mc", "Co"}
    )


def _bad_name(column: Column, what: str) -> Problem:
    return Problem(
        f"bad_{column.key}",
        f"{column.title}{what}",
        "一格只填一个人的姓名，说明写到备注",
    )


def code_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a code: digits stay text, a whole number loses its ``.0``."""
    check_text = text_check(column)

    def check(raw: object) -> Outcome:
        if isinstance(raw, float):
            return _code_from_number(raw, column)
        if isinstance(raw, str) and _WHOLE_NUMBER.fullmatch(raw.strip()):
            return Mended(raw.strip()[:-2], "fixed_float_code", "去掉了末尾的 .0")
        outcome = check_text(raw)
        if isinstance(outcome, str) and outcome != compact(outcome):
            return Mended(compact(outcome), "fixed_space_in_code", "去掉了空格")
        return outcome

    return check


def _code_from_number(raw: float, column: Column) -> Outcome:
    """A whole number up to 2**53 is still exact (case 44)."""
    if raw.is_integer() and abs(raw) < 2**53:
        return f"{raw:.0f}"
    return Problem(
        f"bad_{column.key}",
        f"{column.title}按数字保存，已不准确",
        "请把这一列设为“文本”格式，再重新输入",
    )


def choice_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a cell that holds one of the column's choices."""
    understand = _choices(column)
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        if raw is None:
            return missing
        text = _shown(raw)
        folded = fold(text)
        if not folded:
            return missing
        meant = understand.get(folded)
        if meant is None:
            return unusable_text(text) or _unknown_choice(column)
        return meant if meant == text.strip() else _choice_mended(meant, text)

    return check


def choices_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a cell that holds several choices; a tuple comes out."""
    understand = _choices(column)
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        text = "" if raw is None else _shown(raw)
        parts = [part for part in map(fold, _DIVIDERS.split(text)) if part]
        if not parts:
            return missing
        found = dict.fromkeys(understand.get(part) for part in parts)
        if None in found:
            return unusable_text(text) or _unknown_choice(column)
        return tuple(word for word in found if word)

    return check


def _choices(column: Column) -> dict[str, str]:
    words = {fold(choice): choice for choice in column.choices}
    words.update({fold(seen): meant for seen, meant in column.synonyms})
    return words


def _choice_mended(meant: str, text: str) -> Outcome:
    return Mended(meant, "fixed_choice", f"“{text.strip()[:20]}”统一为“{meant}”")


def _unknown_choice(column: Column) -> Problem:
    listed = "、".join(column.choices[:20])
    return Problem(
        f"unknown_{column.key}", f"{column.title}不在可选范围内", f"请填：{listed}"
    )


def boolean_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a yes/no cell (case 40); blank is None."""
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        if isinstance(raw, bool):
            return raw
        folded = "" if raw is None else fold(_shown(raw))
        if folded in _UNSAID:
            return missing
        if folded in _YES or folded in _NO:
            return folded in _YES
        return unusable_text(_shown(raw)) or Problem(
            f"bad_{column.key}", f"{column.title}看不懂", "请填 是 或 否"
        )

    return check
