"""Chinese names: initials for searching, as people type them (张顺民 → zsm)."""

from functools import lru_cache

from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Return the first letter of each character's reading, lower case.

    Characters without a reading stay as they are; 30 characters at most.
    """
    if not _is_plain(name):
        return _read(name)
    return "".join(map(_letter, name))[:30]


def _read(text: str) -> str:
    """Return the first letters of a text in which characters may depend on others."""
    letters = pinyin(text, style=Style.FIRST_LETTER, strict=False)
    return "".join(letter[0][:1] for letter in letters).lower()[:30]


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    return _read(character)


def _is_plain(name: str) -> bool:
    """Return whether each character is read by itself: nearly all names.

    Cutting a name into phrases takes thirty times as long as this look for one.
    """
    length = len(name)
    return all(ord(character) in PINYIN_DICT for character in name) and not any(
        name[start:end] in PHRASES_DICT
        for start in range(length - 1)
        for end in range(start + 2, length + 1)
    )
