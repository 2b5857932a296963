"""What a division's code says: the statistical bureau's 统计用区划代码."""

import pytest

from regions.codes import city_of, lineage, township_of, width_of

CITY, TOWNSHIP, VILLAGE = 430582000000, 430582104000, 430582104201


@pytest.mark.parametrize(
    ("code", "width", "path"),
    [
        (VILLAGE, 1, (VILLAGE, TOWNSHIP, CITY)),
        (TOWNSHIP, 1_000, (TOWNSHIP, CITY)),
        (CITY, 1_000_000, (CITY,)),
        (430582104200, 1, (430582104200, TOWNSHIP, CITY)),  # noughts of its own
        (430582100000, 1_000, (430582100000, CITY)),
    ],
)
def test_a_code_says_its_width_and_what_lies_above(
    code: int, width: int, path: tuple[int, ...]
) -> None:
    assert width_of(code) == width
    assert lineage(code) == path
    assert city_of(code) == path[-1]
    assert township_of(code) == path[-2:][0]
