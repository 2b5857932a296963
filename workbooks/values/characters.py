"""What happens to characters before a cell is understood, and how values are masked."""

from __future__ import annotations

import re
import unicodedata

# Characters that show nothing: zero-width, joiners, soft hyphen, bidi marks and
# overrides, the byte order mark (reliability 3.3 case 41).
_INVISIBLE = dict.fromkeys(
    (
        0xAD,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    )
)
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_ERROR_TEXT = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)",
    re.IGNORECASE,
)

# Full-width letters and digits. Punctuation stays: ，（）： are how Chinese
# is written, and ＝ at the start of a text must not turn into a formula.
_NARROW = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_LONG_NUMBER = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{5,8}([0-9]{3}[0-9Xx])(?![0-9])")
_PHONE_NUMBER = re.compile(r"(?<![0-9])(1[0-9]{2})[0-9]{4}([0-9]{4})(?![0-9])")

APOSTROPHES = "'‘’＇`´"

ESCAPED = frozenset("=+-@\t\r＝＋－＠'")
"""A text that begins with one of these is exported with ``'`` before it (case 62)."""

FORMULA_MARK = "【公式】"
MERGED_MARK = "【合并单元格】"
"""What the error workbook puts where a formula or a gap was, so that the cell is refused
again until a person has written over it."""


def has_control_characters(text: str) -> bool:
    """Whether ``text`` holds NUL, control characters or half a surrogate pair."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def is_error_text(text: str) -> bool:
    """Whether ``text`` is an error value that was pasted or saved as text."""
    return text[:1] == "#" and _ERROR_TEXT.fullmatch(text.strip()) is not None


def visible(text: str) -> str:
    """Drop the characters that show nothing."""
    return text.translate(_INVISIBLE)


def narrow(text: str) -> str:
    """Turn full-width letters and digits into ordinary ones, and nothing else."""
    return text.translate(_NARROW)


def compact(text: str) -> str:
    """Return the characters of a number, a date or a phone: narrow, without spaces.

    Only full-width forms become ordinary ones. Digits of other scripts and superscripts
    stay as they are, and are refused later: they are never what was meant (case 35).
    Enclosing apostrophes go too: they are how people make Excel keep digits.
    """
    return _SPACES.sub("", visible(text).translate(_FORMS)).strip(APOSTROPHES)


def fold(text: str) -> str:
    """Return ``text`` for comparing titles and choices: NFKC, no spaces, lower case."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", visible(text))).lower()


def single_spaced(text: str) -> str:
    """Trim ``text`` and turn runs of any kind of space into one space."""
    return _SPACES.sub(" ", text).strip()


def unescape(text: str) -> str:
    """Take away the one ``'`` that our own export puts before a dangerous start."""
    if text[:1] == "'" and text[1:2] in ESCAPED and len(text) > 1:
        return text[1:]
    return text


def escape(text: str) -> str:
    """Put ``'`` before a text that a spreadsheet would take for a formula (ASVS 1.2.10).

    :func:`unescape` is its inverse for every text.
    """
    return "'" + text if text[:1] in ESCAPED else text


def masked(text: str, *, longest: int = 60) -> str:
    """Return ``text`` for a message or a log: ID numbers and phones starred out."""
    text = _LONG_NUMBER.sub(r"\1********\2", text)
    text = _PHONE_NUMBER.sub(r"\1****\2", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
