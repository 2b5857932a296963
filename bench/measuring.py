"""Measuring: the parts by name, each as a list of figures that others may join."""

import sys
import traceback
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.test import override_settings

from bench import (
    exporting,
    importing,
    issues,
    partitions,
    proposing,
    seeing,
    visiting,
)
from bench.jobs import JOBS, Figure
from bench.stage import Stage

PARTS = (exporting, importing, issues, partitions, proposing, seeing, visiting)
"""The modules whose jobs there are; importing them registers the jobs."""


def measure(names: Sequence[str] = ()) -> list[Figure]:
    """Measure the parts named, or all, on databases of their own; tell on stderr."""
    with plain_static(), Stage() as stage:
        return [figure for name in names or JOBS for figure in part(name, stage)]


def part(name: str, stage: Stage) -> list[Figure]:
    """Measure one part. One that breaks is a figure that says so, and the rest go on."""
    print(f"正在测量：{name}……", file=sys.stderr, flush=True)
    return list(_told(_whole(name, stage)))


def _whole(name: str, stage: Stage) -> Iterator[Figure]:
    try:
        yield from JOBS[name](stage)
    except Exception as error:
        traceback.print_exc()
        yield Figure(name, "", f"没有测成：{error}".strip(), met=False)


def _told(figures: Iterator[Figure]) -> Iterator[Figure]:
    for figure in figures:
        print("  ".join(figure.cells), file=sys.stderr, flush=True)
        yield figure


def plain_static() -> override_settings:
    """Let pages be drawn without collected files: their names cost the same."""
    plain = {"BACKEND": "shaodong.statics.Kept"}
    return override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain})
