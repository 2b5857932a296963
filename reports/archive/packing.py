"""The file itself: a zip with a page to read first and a manifest of checksums."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils import timezone

from attachments.rules import SUFFIXES
from regions.models import Region
from reports.archive import sheets, tables
from reports.archive.parts import Part

README, MANIFEST, FILES = "请先看这里.txt", "manifest.json", "附件"
PACKED = frozenset({".xlsx", ".jpg", ".png", ".webp", ".pdf", ".mp3", ".m4a", ".ogg"})
NUMBERS = (
    "身份证号、电话、银行账号在“表格”和 data 里是完整号码；导入时用新系统的密钥重新加密，"
    "查重用的指纹重新计算。操作日志里的号码只有头尾几位。登录密码不在归档里。"
)
WORDS = """邵东联户 · {township} 全部资料

这个文件是 {taken_by} 于 {at} 从系统里导出的，里面是 {township}（区划代码 {code}）的全部资料。
里面有完整的身份证号、电话和账号，请按单位的保密规定保管，不要放在公用电脑上，不要用微信传。

怎么看
  “表格”文件夹：每类资料一个 Excel 表格，用 WPS 或 Excel 打开就能看，不需要本系统。
  “附件”文件夹：照片、录音和扫描件。哪个文件属于谁，看“表格”里的“附件.xlsx”（编号就是文件名）。
  “data”文件夹：同样的内容，一行一条（JSON），给程序读；字段的中文名称在 manifest.json 里。
  manifest.json：清单。每个文件多大、指纹（SHA-256）是多少，用来核对有没有被改过。

表格里的“编号”是这个归档里自己排的号，几个表之间用它对应。
“人员”“登记人”这样的栏写的是用户名，姓名在“账号.xlsx”里查。
{numbers}

怎么导入另一套系统
  在新系统的服务器上，由系统管理员运行：
      MIGRATING=1 python manage.py import_township 这个文件.zip
  新系统里这个乡镇必须是空的，程序版本要和导出时一样（数据结构 {schema}）。
  导入以后，本镇的人要由负责人重设密码才能登录；市里的规则（走访规则、补贴标准等）用新系统的。

不在里面的
  消息、导入过程、后台任务、常用报表和定时报表，这些只对原来的系统有用。

本归档共 {tables} 类、{rows} 条。
"""


def file_of(attachment: str, mime: str) -> str:
    """Return where the file of an attachment stands in the archive."""
    return f"{FILES}/{attachment}.{SUFFIXES.get(mime, 'bin')}"


def preview_of(attachment: str) -> str:
    """Return where the small picture of an attachment stands."""
    return f"{FILES}/{attachment}.preview.jpg"


@dataclass(frozen=True)
class Taken:
    """Which township was taken out, by whom, when."""

    township: Region
    taken_by: str
    at: dt.datetime

    @property
    def made_at(self) -> dt.datetime:
        """The moment by the clock on the wall."""
        return timezone.localtime(self.at)


def pack(path: Path, spool: Path, taken: Taken, parts: Sequence[Part]) -> None:
    """Write the zip from what lies in `spool`, the page to read first at its head."""
    readme = _readme(taken, parts)
    (spool / README).write_text(readme, encoding="utf-8-sig", newline="\r\n")
    held = sorted(one for one in spool.rglob("*") if one.is_file())
    manifest = _manifest(taken, parts, [_fingerprint(spool, one) for one in held])
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.write(spool / README, README)
        package.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        for one in held:
            name = one.relative_to(spool).as_posix()
            if name != README:
                is_packed = one.suffix in PACKED
                package.write(one, name, ZIP_STORED if is_packed else ZIP_DEFLATED)


def _readme(taken: Taken, parts: Sequence[Part]) -> str:
    return WORDS.format(
        township=taken.township.full_name,
        code=taken.township.pk,
        taken_by=taken.taken_by,
        at=f"{taken.made_at:%Y-%m-%d %H:%M}",
        numbers=NUMBERS,
        schema=tables.schema(),
        tables=sum(1 for part in parts if part.rows),
        rows=f"{sum(part.rows for part in parts):,}",
    )


def _manifest(
    taken: Taken, parts: Sequence[Part], files: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "format": tables.FORMAT,
        "version": tables.FORMAT_VERSION,
        "schema": tables.schema(),
        "township": {"code": taken.township.pk, "name": taken.township.name},
        "taken_by": taken.taken_by,
        "taken_at": taken.made_at.isoformat(timespec="seconds"),
        "numbers": NUMBERS,
        "tables": [_described(part) for part in parts],
        "files": files,
    }


def _described(part: Part) -> dict[str, Any]:
    fields = list(tables.columns(part.model))
    names = dict(zip(map(tables.name_of, fields), sheets.titles(fields), strict=True))
    return {
        "table": part.model._meta.db_table,
        "title": part.title,
        "file": part.file,
        "sheet": sheets.file_of(part.title) if part.rows else "",
        "rows": part.rows,
        "columns": names,
    }


def _fingerprint(spool: Path, one: Path) -> dict[str, Any]:
    with one.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "path": one.relative_to(spool).as_posix(),
        "bytes": one.stat().st_size,
        "sha256": digest,
    }
