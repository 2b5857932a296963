"""Reading a division's code. Pure.

统计用区划代码 has twelve digits and is a path: six say the county, three the township,
three the village. A division's code ends in as many noughts as its level leaves free, so
that whatever lies in it has a code of a range: from its own to one width further.
"""

CITY_WIDTH, TOWNSHIP_WIDTH = 1_000_000, 1_000


def width_of(code: int) -> int:
    """Return how many codes lie in the division: a village's is one."""
    wider = (width for width in (CITY_WIDTH, TOWNSHIP_WIDTH) if code % width == 0)
    return next(wider, 1)


def township_of(code: int) -> int:
    """Return the code of the township that a village lies in; a township's own."""
    return code - code % TOWNSHIP_WIDTH


def city_of(code: int) -> int:
    """Return the code of the city that a division lies in; a city's own."""
    return code - code % CITY_WIDTH


def lineage(code: int) -> tuple[int, ...]:
    """Return the codes of a division and of those above it, its own first."""
    return tuple(dict.fromkeys((code, township_of(code), city_of(code))))
