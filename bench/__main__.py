"""`python -m bench [names…]`: measure, and print a table."""

import os
import sys
import unicodedata
from collections.abc import Sequence

import django


def main(names: Sequence[str]) -> int:
    """Run the measurements named, or all; return 1 if a bar was missed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaodong.settings")
    django.setup()
    from bench.jobs import HEADER, JOBS
    from bench.measuring import measure
    from bench.proof import conclude

    unknown = [name for name in names if name not in JOBS]
    if unknown:
        print(f"没有这些测量：{'、'.join(unknown)}。可用的有：{'、'.join(JOBS)}。")
        return 2
    figures = measure(names)
    print(table([HEADER, *(figure.cells for figure in figures)]))
    part = f" ({', '.join(names)})" if names else ""
    size = "stated in each row"
    return conclude(f"make bench{part}", size, [figure.row for figure in figures])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as columns of equal width; a Chinese character is two wide."""
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell + " " * (width - wide(cell))
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def wide(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
