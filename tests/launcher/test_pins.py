"""constraints.txt speaks for every Python we name."""

import re

from packaging.markers import Marker
from packaging.requirements import Requirement

from launcher import pins
from launcher.paths import ROOT


def test_lines_that_differ_carry_a_marker() -> None:
    merged = pins.merge(
        {
            11: ["attrs==1", "numpy==2.4", "tomli==2"],
            12: ["attrs==1", "numpy==2.5"],
            13: ["attrs==1", "numpy==2.5", "newer==9"],
        }
    )
    assert merged.splitlines() == [
        "attrs==1",
        'newer==9 ; python_version >= "3.13"',
        'numpy==2.4 ; python_version <= "3.11"',
        'numpy==2.5 ; python_version >= "3.12"',
        'tomli==2 ; python_version <= "3.11"',
    ]


def test_each_python_gets_one_version_of_everything_required() -> None:
    pinned = [line.partition(";") for line in lines_of("constraints.txt")]
    for minor in pins.MINORS:
        here = {"python_version": f"3.{minor}"}
        names = [
            plain(requirement)
            for requirement, _, marker in pinned
            if not marker or Marker(marker.strip()).evaluate(here)
        ]
        required = {
            plain(line)
            for file in ("requirements.txt", "requirements-dev.txt")
            for line in lines_of(file)
        }
        assert len(names) == len(set(names))
        assert required <= set(names)


def test_constraints_keep_to_what_the_requirements_allow() -> None:
    pinned = [Requirement(line) for line in lines_of("constraints.txt")]
    for line in lines_of("requirements.txt") + lines_of("requirements-dev.txt"):
        allowed = Requirement(line)
        versions = [
            str(one.specifier).removeprefix("==")
            for one in pinned
            if plain(one.name) == plain(allowed.name)
        ]
        assert versions
        assert all(allowed.specifier.contains(version) for version in versions)


def lines_of(name: str) -> list[str]:
    """Return the requirement lines of a file, without comments and includes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    stripped = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in stripped if line and not line.startswith("-")]


def plain(requirement: str) -> str:
    """Return the normalised name of a requirement."""
    name = re.split(r"[\[=;<>! ]", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
