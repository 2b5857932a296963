"""The page of proof: each command replaces its own section, and a miss is a failure."""

from pathlib import Path

import pytest

from bench.jobs import Figure
from bench.proof import HEAD, Row, conclude, replaced, section

KEPT = Row("pages | answered", "12 ms", "≤ 20 ms", kept=True)
MISSED = Row("errors", "3", "0", kept=False)


@pytest.mark.parametrize(
    ("rows", "code"),
    [([KEPT], 0), ([KEPT, Row("size", "9 MB")], 0), ([KEPT, MISSED], 1), ([], 1)],
)
def test_missed_bar_and_an_empty_measurement_fail(
    tmp_path: Path, rows: list[Row], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "PROOF.md"

    assert conclude("make load", "10 people", rows, page) == code

    assert page.read_text(encoding="utf-8").startswith(HEAD)
    assert ("没有达到：errors：3" in capsys.readouterr().err) is (MISSED in rows)


def test_section_says_when_where_and_how_large() -> None:
    text = section("make load", "10 people", [KEPT, MISSED])

    assert text.startswith("## make load\n\n20")
    assert "cores" in text
    assert "Django 5" in text
    assert "Size: 10 people" in text
    assert "| pages \\| answered | 12 ms | ≤ 20 ms | yes |" in text
    assert "| errors | 3 | 0 | **no** |" in text


def test_command_replaces_its_own_section_alone() -> None:
    first = replaced(HEAD, "make load", "## make load\n\nold\n")
    both = replaced(first, "make chaos", "## make chaos\n\nkept\n")

    again = replaced(both, "make load", "## make load\n\nnew\n")

    assert again == HEAD.rstrip() + "\n\n## make chaos\n\nkept\n\n## make load\n\nnew\n"


def test_figure_of_the_bench_is_a_row() -> None:
    figure = Figure("导入", "2 万行", "0.6 s", "COPY 0.3 s", "2 倍", "≤ 3 倍", met=True)

    assert figure.row == Row(
        "导入, 2 万行", "0.6 s (COPY 0.3 s; 2 倍)", "≤ 3 倍", kept=True
    )


def test_a_whole_run_replaces_what_its_parts_wrote() -> None:
    page = HEAD
    for command in ("make bench (import)", "make benchmark", "make bench"):
        page = replaced(page, command, f"## {command}\n\n{command}\n")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## make bench", "## make benchmark"]
    page = replaced(page, "make bench (page)", "## make bench (page)\n\nnew\n")
    assert "## make bench\n" in page
    assert "## make bench (page)" in page
