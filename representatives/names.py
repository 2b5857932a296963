"""Chinese names: initials for searching, as people type them (张顺民 → zsm)."""

from functools import lru_cache

from pypinyin import Style, pinyin


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Return the first letter of each character's reading, lower case.

    Characters without a reading stay as they are; 30 characters at most.
    """
    letters = pinyin(name, style=Style.FIRST_LETTER, strict=False)
    return "".join(letter[0][:1] for letter in letters).lower()[:30]
