"""Judges an archive that comes in, before a single row of it is written."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zipfile import BadZipFile, ZipFile

from regions.models import Region
from reports.archive import tables
from reports.archive.packing import MANIFEST
from reports.archive.rows import Row, within

LARGEST_MANIFEST = 64 * 1024 * 1024


class Unfit(Exception):
    """An archive that cannot be loaded; the message is one sentence, in plain words."""


@dataclass
class Archive:
    """An archive whose checksums are right; `with` closes it."""

    package: ZipFile
    manifest: dict[str, Any]

    @property
    def township(self) -> int:
        """The code of the township."""
        return int(self.manifest["township"]["code"])

    @property
    def name(self) -> str:
        """The name of the township, as it was."""
        return str(self.manifest["township"]["name"])

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table; none where the archive has no such table."""
        yield from self.lines(f"data/{table}.jsonl")

    def lines(self, file: str) -> Iterator[Row]:
        """Yield the lines of a file."""
        if file not in self.package.NameToInfo:
            return
        with self.package.open(file) as held:
            for line in held:
                yield json.loads(line)

    def content(self, file: str) -> bytes:
        """Return a file of the archive, empty where there is none."""
        return self.package.read(file) if file in self.package.NameToInfo else b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.package.close()


def open_archive(path: Path) -> Archive:
    """Open an archive; raise Unfit for one that is broken, or of another version."""
    try:
        package = ZipFile(path)
        if package.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise KeyError
        manifest = json.loads(package.read(MANIFEST))
        if manifest["format"] != tables.FORMAT:
            raise KeyError
    except (BadZipFile, KeyError, TypeError, ValueError, OSError) as broken:
        raise Unfit(
            "这不是本系统导出的乡镇归档，或者文件没有传完整，请重新拷贝。"
        ) from broken
    _check_version(manifest)
    _check_files(package, manifest)
    return Archive(package, manifest)


def _check_version(manifest: dict[str, Any]) -> None:
    if (manifest["version"], manifest["schema"]) != (
        tables.FORMAT_VERSION,
        tables.schema(),
    ):
        raise Unfit(
            f"归档的数据结构是 {manifest['schema']}，这个系统是 {tables.schema()}："
            "请用导出时那一版程序导入，导入后再升级。"
        )


def _check_files(package: ZipFile, manifest: dict[str, Any]) -> None:
    """Raise Unfit unless the files are those of the manifest, unchanged."""
    listed = {one["path"]: one for one in manifest["files"]}
    held = set(package.namelist()) - {MANIFEST}
    if listed.keys() != held:
        odd = sorted(listed.keys() ^ held)[0]
        raise Unfit(f"归档里的文件和清单对不上（{odd}），文件被改过，请重新导出。")
    for name, one in listed.items():
        if _digest(package, name) != one["sha256"]:
            raise Unfit(
                f"归档里的“{name}”和清单里的指纹对不上，文件坏了或被改过，请重新导出。"
            )


def _digest(package: ZipFile, name: str) -> str:
    try:
        with package.open(name) as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
    except BadZipFile:
        return ""
    return digest.hexdigest()


def check_place(archive: Archive) -> Region:
    """Return the township here; raise Unfit where it is unknown or not empty."""
    found = Region.objects.current().townships().filter(pk=archive.township).first()
    if found is None:
        raise Unfit(
            f"这个系统里没有 {archive.name}（区划代码 {archive.township}），请先载入区划。"
        )
    codes = set(Region.objects.values_list("pk", flat=True))
    for model in tables.archived():
        for row in archive.rows(model._meta.db_table):
            if row["region_code"] not in codes:
                raise Unfit(
                    f"这个系统里没有区划代码 {row['region_code']}，"
                    f"它在 {archive.name} 的归档里，请先载入同一份区划。"
                )
    for model in tables.archived():
        if model._meta.db_table in tables.COMPUTED:
            continue
        if held := within(model, found.scope).count():
            raise Unfit(
                f"{found.name}已经有资料了（{tables.title(model)} {held:,} 条），"
                "归档只能导入到空的乡镇。"
            )
    return found
