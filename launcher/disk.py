"""A full disk shows in many words, and sometimes in none: look at the disk itself."""

import shutil
from pathlib import Path

LEAST = 32  # MB; below this nothing of ours can go on


def is_full(path: Path, output: str = "") -> bool:
    """Whether the disk of `path` is full, by a step's `output` or by measure."""
    return "No space left on device" in output or free_megabytes(path) < LEAST


def free_megabytes(path: Path) -> int:
    """Return the free space, in MB, on the disk that `path` is on."""
    return shutil.disk_usage(path).free // 2**20


def sentence(what: str) -> str:
    """Return what to do when `what` failed for want of space."""
    return f"{what}时磁盘满了。请腾出至少 1 GB 空间后重来。"
